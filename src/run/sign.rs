//! Who signs, and with what? The person's and the company's own fields as the desk needs them, and
//! the change set that writes the person's.

use std::collections::BTreeMap;

use crate::domain::change::{Change, ChangeSet};
use crate::domain::day::Day;
use crate::domain::event::{Kind, Of, Write};
use crate::domain::id::CommandId;
use crate::domain::message::{COMPANY, Person};
use crate::domain::text::clean_line;
use crate::domain::trouble::Trouble;
use crate::domain::value::Value;
use crate::store::Store;

/// The names of a person's fields.
const LOGIN: &str = "login";
const NAME: &str = "name";
const PHONE: &str = "phone";

/// The person of that login, and the values that the company signs with.
pub fn signed(store: &Store, login: &str) -> Result<(Person, BTreeMap<String, String>), Trouble> {
    let record = store.person(login)?;
    let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
    let company = store.company()?;
    let values = COMPANY.iter().filter_map(|field| Some(((*field).to_owned(), company.text(field)?.to_owned()))).collect();
    Ok((Person { login: login.to_owned(), name: text(NAME), phone: text(PHONE) }, values))
}

/// Writes `values` (`name`, `phone`) into the person's own record; an empty one clears the field.
pub fn change_set(
    store: &Store,
    login: &str,
    values: &BTreeMap<String, String>,
    command: CommandId,
    on: Day,
    playbook: &str,
) -> Result<ChangeSet, Trouble> {
    let record = store.person(login)?;
    let mut written = values.clone();
    written.insert(LOGIN.to_owned(), login.to_owned());
    let write = |(field, text): (String, String)| {
        let text = clean_line(&text);
        let to = if text.is_empty() { Value::Nothing } else { Value::Text(text) };
        let same = *record.value(&field) == to;
        let base = record.registers.get(&field).map(|register| register.writer);
        (!same).then_some((field, Write { to, base, origin: None }))
    };
    let change = Change {
        subject: store.person_subject(login),
        of: Of::Person,
        expects: (record.version > 0).then_some(record.version),
        needs_reference: false,
        fields: written.into_iter().filter_map(write).collect(),
    };
    Ok(ChangeSet {
        command,
        kind: Kind::Set,
        on,
        undoes: None,
        changes: if change.fields.is_empty() { Vec::new() } else { vec![change] },
        did: format!("{login}: how messages are signed"),
        playbook: playbook.to_owned(),
    })
}
