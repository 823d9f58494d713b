//! By what can rows be sorted and grouped, instead of by their priority?

use super::fields::{self, FIELDS, Kind};

/// One field, and its direction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SortKey {
    pub kind: Kind,
    /// The largest, the latest, the last of the alphabet first. Rows without a value come last in both directions.
    pub falling: bool,
}

/// The first decides, the next among its equals; among equals of all the working order stays.
pub type Sort = Vec<SortKey>;

/// `due,-kw`. `Err` says what was wanted.
pub fn read_sort(text: &str) -> Result<Sort, String> {
    let text = text.trim();
    if text.is_empty() || text == "priority" {
        return Ok(Vec::new());
    }
    text.split(',').map(one).collect()
}

fn one(text: &str) -> Result<SortKey, String> {
    let text = text.trim();
    let (falling, name) = text.strip_prefix(['-', '!']).map_or((false, text), |name| (true, name));
    let field = fields::find(&name.to_lowercase()).filter(|field| field.kind != Kind::Is);
    match field {
        Some(field) => Ok(SortKey { kind: field.kind, falling }),
        None => {
            let names: Vec<&str> = FIELDS.iter().filter(|field| field.kind != Kind::Is).map(|field| field.name).collect();
            let near =
                names.iter().min_by_key(|known| strsim::damerau_levenshtein(&name.to_lowercase(), known)).copied().unwrap_or_default();
            Err(format!("there is no field {name} to sort by; is it {near}? (there are {})", names.join(", ")))
        }
    }
}

/// As `read_sort` reads it.
pub fn sort_text(sort: &[SortKey]) -> String {
    let one = |key: &SortKey| {
        let name = fields::of_kind(key.kind).map_or("", |field| field.name);
        format!("{}{name}", if key.falling { "-" } else { "" })
    };
    sort.iter().map(one).collect::<Vec<_>>().join(",")
}

/// What stands together under one head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    Utility,
    Status,
    /// The customer by name.
    Contact,
    /// The portal of the utility's page.
    Portal,
    Owner,
}

impl Group {
    pub const ALL: [Group; 5] = [Group::Utility, Group::Status, Group::Contact, Group::Portal, Group::Owner];

    pub fn name(self) -> &'static str {
        match self {
            Group::Utility => "utility",
            Group::Status => "status",
            Group::Contact => "contact",
            Group::Portal => "portal",
            Group::Owner => "owner",
        }
    }

    /// The head of the rows that have none.
    pub fn none(self) -> &'static str {
        match self {
            Group::Utility => "no utility",
            Group::Status => "no status",
            Group::Contact => "no customer",
            Group::Portal => "no portal known",
            Group::Owner => "pool",
        }
    }

    pub fn parse(name: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.name() == name)
    }
}
