//! In which order did everything happen? Many lives become one journal.

use std::collections::HashMap;

use crate::domain::event::Event;
use crate::domain::id::{Hlc, SubjectId};
use crate::store::Past;

/// Puts `past` in the order of its clocks and gives each event its number, from `seq` on. Within a
/// subject events must stand in their order. No clock shows a time after `latest` (milliseconds):
/// what the calendar of a demo puts into the future was still written by now.
pub fn put_in_order(past: &mut [Past], mut seq: i64, mut clock: Hlc, latest: i64) -> Hlc {
    past.sort_by_key(|past| (past.event.hlc, past.event.subject, past.event.id.seq));
    let mut numbers: HashMap<(SubjectId, i64), i64> = HashMap::with_capacity(past.len());
    for Past { event, .. } in past.iter_mut() {
        clock = clock.next(event.hlc.millis().min(latest));
        numbers.insert((event.subject, event.id.seq), seq);
        renumber(event, seq, &numbers);
        event.hlc = clock;
        seq += 1;
    }
    clock
}

/// A base is always an earlier event of the same subject, so its number is known already.
fn renumber(event: &mut Event, seq: i64, numbers: &HashMap<(SubjectId, i64), i64>) {
    event.id.seq = seq;
    for write in event.fields.values_mut() {
        if let Some(base) = &mut write.base {
            base.seq = numbers.get(&(event.subject, base.seq)).copied().unwrap_or(base.seq);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Write;
    use crate::domain::id::{EventId, Uuid};
    use crate::domain::testing;

    /// An event of a subject: its own number, the number it replaces, its clock.
    fn past(subject: u128, seq: i64, base: Option<i64>, millis: i64) -> Past {
        let app = testing::application(&[]);
        let writer = app.registers.values().next().map(|register| register.writer).expect("it was opened");
        let base = base.map(|seq| EventId { seq, ..writer });
        let mut event = Event {
            id: EventId { seq, ..writer },
            hlc: Hlc::default().next(millis),
            uid: 1,
            actor: "robin".to_owned(),
            session: crate::domain::id::SessionId(Uuid::from_u128(1)),
            command: crate::domain::id::CommandId(Uuid::from_u128(1)),
            subject: SubjectId(Uuid::from_u128(subject)),
            of: crate::domain::event::Of::Application,
            kind: crate::domain::event::Kind::Touch,
            on: testing::today(),
            fields: Default::default(),
            undoes: None,
            playbook: String::new(),
        };
        event.fields.insert("owner".to_owned(), Write { base, ..Write::default() });
        Past { event, did: String::new() }
    }

    #[test]
    fn numbers_clocks_and_bases_are_those_of_one_journal() {
        let mut all = vec![past(1, 1, None, 10), past(1, 2, Some(1), 30), past(2, 1, None, 20), past(2, 2, Some(1), 90)];
        put_in_order(&mut all, 5, Hlc::default().next(15), 40);
        let told: Vec<_> = all
            .iter()
            .map(|past| (past.event.id.seq, past.event.fields["owner"].base.map(|base| base.seq), past.event.hlc.millis()))
            .collect();
        assert_eq!(told, [(5, None, 15), (6, None, 20), (7, Some(5), 30), (8, Some(6), 40)]);
        assert!(all.windows(2).all(|pair| pair[0].event.hlc < pair[1].event.hlc));
    }
}
