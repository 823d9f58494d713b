//! Who signs, and with what? The person's and the company's own fields as the desk needs them, and
//! the change set that writes them.

use std::collections::BTreeMap;

use crate::domain::change::ChangeSet;
use crate::domain::day::Day;
use crate::domain::event::{Kind, Of};
use crate::domain::id::CommandId;
use crate::domain::message::{COMPANY, Person};
use crate::domain::plan::edit;
use crate::domain::trouble::Trouble;
use crate::store::Store;

/// The names of a person's fields.
const LOGIN: &str = "login";
const NAME: &str = "name";
const PHONE: &str = "phone";

/// Whose values they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signer<'a> {
    Person(&'a str),
    Company,
}

/// The person of that login, and the values that the company signs with.
pub fn signed(store: &Store, login: &str) -> Result<(Person, BTreeMap<String, String>), Trouble> {
    let record = store.person(login)?;
    let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
    let company = store.company()?;
    let values = COMPANY.iter().filter_map(|field| Some(((*field).to_owned(), company.text(field)?.to_owned()))).collect();
    Ok((Person { login: login.to_owned(), name: text(NAME), phone: text(PHONE) }, values))
}

/// Writes `values` into the person's own record (`name`, `phone`), or into the company's; an empty one
/// clears the field. No changes: all of it stands there already.
pub fn change_set(
    store: &Store,
    signer: Signer<'_>,
    values: &BTreeMap<String, String>,
    command: CommandId,
    on: Day,
    playbook: &str,
) -> Result<ChangeSet, Trouble> {
    let mut values = values.clone();
    let (record, of, did) = match signer {
        Signer::Person(login) => {
            values.insert(LOGIN.to_owned(), login.to_owned());
            (store.person(login)?, Of::Person, format!("{login}: how messages are signed"))
        }
        Signer::Company => (store.company()?, Of::Company, "the company's signature".to_owned()),
    };
    // The only refusal is that nothing would change.
    let changes = edit::sign(&values, &record, of).ok().into_iter().collect();
    Ok(ChangeSet { command, kind: Kind::Set, on, undoes: None, changes, did, playbook: playbook.to_owned() })
}
