//! What is a view that somebody kept? A query with the rows it starts from, a sort and a group, under a name: the team's own
//! (a subject of the journal), or one person's (a file of their own directory).

use std::collections::BTreeMap;

use super::change::{Change, ChangeSet};
use super::day::Day;
use super::event::{Event, Kind, Of};
use super::id::CommandId;
use super::playbook::DeskKind;
use super::query::{Context, Group, Query, Sort, read_sort, sort_text};
use super::record::Record;
use super::text::{clean_line, fold};
use super::trouble::Refusal;
use super::value::Value;

/// Whose rows it starts from. "Mine" is whoever looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Rows {
    Mine,
    #[default]
    Team,
    Pool,
    Away,
}

impl Rows {
    pub const ALL: [Rows; 4] = [Rows::Mine, Rows::Team, Rows::Pool, Rows::Away];

    pub fn name(self) -> &'static str {
        match self {
            Rows::Mine => "mine",
            Rows::Team => "team",
            Rows::Pool => "pool",
            Rows::Away => "away",
        }
    }

    pub fn parse(name: &str) -> Option<Rows> {
        Rows::ALL.into_iter().find(|rows| rows.name() == name)
    }
}

/// A view that was kept.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Kept {
    /// Small letters, digits and hyphens: a name for the command line, and of a file.
    pub name: String,
    /// The query as it was typed: `today` in it is the day on which it is looked at.
    pub query: String,
    pub rows: Rows,
    pub sort: Sort,
    pub group: Option<Group>,
    /// The team's; else one's own.
    pub team: bool,
    /// How many events it has; a change names the version that its author saw. One's own has none.
    pub version: i64,
}

/// The longest name, in letters: a tab has to hold it.
const NAME_MAX: usize = 24;

/// A name as it is kept: what people type has capitals and spaces. `Err` says what is wanted.
pub fn name(text: &str) -> Result<String, String> {
    let folded = fold(&clean_line(text));
    let name = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    match name.as_str() {
        "" => Err("a name of letters and digits is wanted, as in rmp-deficient".to_owned()),
        name if name.len() > NAME_MAX => Err(format!("{name} is too long for a tab: at most {NAME_MAX} letters")),
        name if Rows::parse(name).is_some() => Err(format!("{name} is one of the views that are always there")),
        _ => Ok(name),
    }
}

impl Kept {
    /// As its events left it; `None` when it was removed, or its keeping taken back.
    pub fn of_record(record: &Record) -> Option<Kept> {
        let text = |name: &str| record.text(name).unwrap_or_default().to_owned();
        let name = record.text("name").filter(|name| !name.is_empty())?.to_owned();
        Some(Kept {
            query: text("query"),
            rows: Rows::parse(&text("rows")).unwrap_or_default(),
            // One that a later version wrote sorts by the priority.
            sort: read_sort(&text("sort")).unwrap_or_default(),
            group: Group::parse(&text("group")),
            team: true,
            version: record.version,
            name,
        })
    }

    fn values(&self) -> BTreeMap<&'static str, Value> {
        let line = |text: &str| if text.is_empty() { Value::Nothing } else { text.into() };
        BTreeMap::from([
            ("name", line(&self.name)),
            ("query", line(&clean_line(&self.query))),
            ("rows", line(self.rows.name())),
            ("sort", line(&sort_text(&self.sort))),
            ("group", self.group.map(Group::name).into()),
        ])
    }

    /// What has to be written to keep it over what stands in the journal; `None` when nothing differs.
    pub fn kept(&self, record: &Record) -> Option<Change> {
        let differs =
            |(name, value): (&'static str, Value)| (*record.value(name) != value).then(|| (name.to_owned(), record.write(name, value)));
        let fields: BTreeMap<_, _> = self.values().into_iter().filter_map(differs).collect();
        // One that was removed stands no more, but has its events; one of another version is stale.
        let standing = Kept::of_record(record).map_or(0, |known| known.version);
        let expects = if standing == self.version { Some(record.version).filter(|version| *version > 0) } else { Some(self.version) };
        (!fields.is_empty()).then_some(Change { subject: record.id, of: Of::View, expects, needs_reference: false, fields })
    }

    /// What has to be written so that it is no more; `seen` is the version that was looked at.
    pub fn removed(record: &Record, seen: i64) -> Change {
        let fields = BTreeMap::from([("name".to_owned(), record.write("name", Value::Nothing))]);
        Change { subject: record.id, of: Of::View, expects: Some(seen), needs_reference: false, fields }
    }

    /// Its query, read for today. One that does not fit the playbook any more says why.
    pub fn read(&self, context: &Context<'_>) -> Result<Query, String> {
        Query::read(&self.query, context).map_err(|fault| fault.says)
    }

    /// "mine, status:deficiency, by due, grouped by utility".
    pub fn about(&self) -> String {
        let sort = if self.sort.is_empty() { String::new() } else { format!("by {}", sort_text(&self.sort)) };
        let group = self.group.map(|group| format!("grouped by {}", group.name())).unwrap_or_default();
        [self.rows.name().to_owned(), self.query.clone(), sort, group]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// As a file of one's own directory has it: `settings` reads it back.
    pub fn toml(&self, desk: DeskKind) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let mut out = String::from("# A view of your own, made with v k. The name of the file is its name.\n");
        for (key, value) in [
            ("desk", desk.name().to_owned()),
            ("rows", self.rows.name().to_owned()),
            ("query", clean_line(&self.query)),
            ("sort", sort_text(&self.sort)),
            ("group", self.group.map(|group| group.name().to_owned()).unwrap_or_default()),
        ] {
            if !value.is_empty() {
                out.push_str(&format!("{key} = {}\n", quoted(&value)));
            }
        }
        out
    }
}

/// The one command that keeps a view, or removes it; a refusal when it stands like that already.
pub fn change_set(
    record: &Record,
    name: &str,
    seen: i64,
    view: Option<&Kept>,
    command: CommandId,
    on: Day,
    playbook: &str,
) -> Result<ChangeSet, Refusal> {
    let change = match view {
        Some(view) => {
            view.kept(record).ok_or_else(|| Refusal::new(format!("the view {name} stands like that already: nothing was written")))?
        }
        None => Kept::removed(record, seen),
    };
    let did = if view.is_some() { format!("view {name}") } else { format!("removed the view {name}") };
    Ok(ChangeSet { command, kind: Kind::Set, on, undoes: None, changes: vec![change], did, playbook: playbook.to_owned() })
}

/// One line of history.
pub fn told(event: &Event) -> String {
    let text = |name: &str| event.fields.get(name).and_then(|write| write.to.as_text());
    let did = match event.kind {
        Kind::Undo => "undo: ",
        Kind::Redo => "redo: ",
        _ => "",
    };
    if event.fields.get("name").is_some_and(|write| write.to.is_nothing()) {
        return format!("{did}removed");
    }
    let parts = ["rows", "query", "sort", "group"].into_iter().filter_map(|name| Some(format!("{name} {}", text(name)?)));
    let parts: Vec<String> = parts.collect();
    format!("{did}kept: {}", if parts.is_empty() { "as it was".to_owned() } else { parts.join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{SubjectId, Uuid};
    use crate::domain::testing;

    fn record(changes: &[Change]) -> Record {
        let events: Vec<Event> = (1..).zip(changes).map(|(seq, change)| testing::event(seq, Of::View, change.fields.clone())).collect();
        Record::fold(SubjectId(Uuid::from_u128(1)), Of::View, &events)
    }

    #[test]
    fn what_is_kept_comes_back_and_what_is_removed_can_be_kept_again() {
        let view = Kept {
            name: "rmp-late".into(),
            query: "utility:rmp due<today".into(),
            rows: Rows::Mine,
            sort: read_sort("due,-kw").expect("a sort"),
            group: Some(Group::Status),
            team: true,
            version: 0,
        };
        let kept = view.kept(&record(&[])).expect("all of it is new");
        assert_eq!(kept.expects, None);
        let known = record(std::slice::from_ref(&kept));
        assert_eq!(Kept::of_record(&known), Some(Kept { version: 1, ..view.clone() }));
        assert_eq!(Kept { version: 1, ..view.clone() }.kept(&known), None);
        let other = Kept { query: "utility:pge".into(), ..view.clone() };
        assert_eq!(other.kept(&known).and_then(|change| change.expects), Some(0), "somebody kept one of the name meanwhile");
        let removed = Kept::removed(&known, 1);
        assert_eq!(removed.expects, Some(1));
        let gone = record(&[kept, removed]);
        assert_eq!(Kept::of_record(&gone), None);
        let again = view.kept(&gone).expect("its name is new");
        assert_eq!((again.expects, again.fields.keys().map(String::as_str).collect::<Vec<_>>()), (Some(2), vec!["name"]));
    }

    #[test]
    fn names_are_for_tabs_files_and_the_command_line() {
        for (text, wanted) in [("RMP  late", "rmp-late"), ("../etc/Passwd", "etc-passwd"), ("Größe 25+", "grosse-25")] {
            assert_eq!(name(text).as_deref(), Ok(wanted));
        }
        for (text, says) in [("  ", "letters and digits"), ("東京…", "x"), ("Mine", "always there"), (&"a".repeat(25), "too long")] {
            let named = name(text);
            assert!(text == "東京…" || named.as_ref().is_err_and(|err| err.contains(says)), "{text}: {named:?}");
        }
    }

    #[test]
    fn its_file_escapes_what_is_typed() {
        let view = Kept { query: "note:\"a \\ b\" oak".into(), ..Kept::default() };
        assert!(
            view.toml(DeskKind::Residential).ends_with("desk = \"residential\"\nrows = \"team\"\nquery = \"note:\\\"a \\\\ b\\\" oak\"\n"),
            "{}",
            view.toml(DeskKind::Residential)
        );
    }
}
