use std::collections::BTreeMap;
use intertie::domain::change::{Change, ChangeSet};
use intertie::domain::event::*;
use intertie::domain::id::*;
use intertie::run::now;
use intertie::store::*;
fn main() {
    let mut args = std::env::args().skip(1);
    let path: std::path::PathBuf = args.next().unwrap().into();
    let n: usize = args.next().unwrap().parse().unwrap();
    Store::create(&path, &NewDatabase { replica: ReplicaId(now::fresh()), letter: 'A', desk: intertie::domain::playbook::DeskKind::Residential, zone: "America/Denver".into(), demo: true, group: None }, now::millis()).unwrap();
    let mut store = Store::open(&path, Access::Write).unwrap();
    let who = Who { uid: 0, login: "root".into(), session: SessionId(now::fresh()) };
    let today = now::Clock::new(now::zone("America/Denver").unwrap(), None).today();
    let mut k = 0;
    while k < n {
        let mut changes = vec![];
        for _ in 0..500.min(n - k) {
            k += 1;
            let w = |s: String| Write { to: intertie::domain::value::Value::text(s), ..Write::default() };
            let mut fields = BTreeMap::new();
            fields.insert("opened".to_string(), Write { to: intertie::domain::value::Value::Flag(true), ..Write::default() });
            for (f, v) in [("site", format!("{k} Main St")), ("customer_name", format!("Customer {k}")), ("utility", "rocky-mountain-power".into()), ("status", "submitted".into()), ("ball", "utility".into()), ("owner", "root".into()), ("number", format!("RMP-{k}")), ("follow_up", today.to_string())] {
                fields.insert(f.to_string(), w(v));
            }
            changes.push(Change { subject: SubjectId(now::fresh()), of: Of::Application, expects: None, needs_reference: true, fields });
        }
        let set = ChangeSet { command: CommandId(now::fresh()), kind: Kind::Import, on: today, undoes: None, changes, did: "fill".into(), playbook: "x".into() };
        store.commit(&set, &who, now::millis(), now::seed()).unwrap();
    }
}
