//! One line of the journal, and its one written form: canonical JSON with sorted keys and no
//! floats. The only file of this room that knows serde, because what is written is a promise.

use std::collections::BTreeMap;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::day::{Day, parse_day};
use super::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId};
use super::value::Value;

/// What an event is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Of {
    Application,
    /// A person: name as signed, phone. The subject's id is made of the login.
    Person,
    /// The company values that messages are signed with.
    Company,
    /// A message template that the team wrote. The subject's id is made of its name.
    Message,
    /// What the team added to a utility's page. The subject's id is made of its name.
    Utility,
    /// A view that the team kept. The subject's id is made of its name.
    View,
}

impl Of {
    pub fn name(self) -> &'static str {
        match self {
            Of::Application => "application",
            Of::Person => "person",
            Of::Company => "company",
            Of::Message => "message",
            Of::Utility => "utility",
            Of::View => "view",
        }
    }

    pub fn parse(name: &str) -> Option<Of> {
        [Of::Application, Of::Person, Of::Company, Of::Message, Of::Utility, Of::View].into_iter().find(|of| of.name() == name)
    }
}

/// What kind of act the event belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// A subject was opened.
    Open,
    /// A contact or check: note, status, ball, follow-up, message.
    Touch,
    /// Fields were edited.
    Set,
    /// A file was read in.
    Import,
    /// Takes a whole command back; `undoes` names it.
    Undo,
    /// Brings an undone command again; `undoes` names the command that was undone.
    Redo,
}

impl Kind {
    pub const ALL: [Kind; 6] = [Kind::Open, Kind::Touch, Kind::Set, Kind::Import, Kind::Undo, Kind::Redo];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Open => "open",
            Kind::Touch => "touch",
            Kind::Set => "set",
            Kind::Import => "import",
            Kind::Undo => "undo",
            Kind::Redo => "redo",
        }
    }

    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One field of an event.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Write {
    pub to: Value,
    /// The event whose value the writer saw and replaces; `None` when the field was empty.
    pub base: Option<EventId>,
    /// Undo and redo only: the event whose value this is again, so that an earlier command can be
    /// undone in its turn.
    pub origin: Option<EventId>,
}

/// One event: one subject, one command. `fields` has every field that the command wrote there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    pub id: EventId,
    pub hlc: Hlc,
    /// The Unix user; the name is what the account database said when it was written.
    pub uid: u32,
    pub actor: String,
    pub session: SessionId,
    pub command: CommandId,
    pub subject: SubjectId,
    pub of: Of,
    pub kind: Kind,
    /// The day it happened, which is not always the day it was written.
    pub on: Day,
    pub fields: BTreeMap<String, Write>,
    pub undoes: Option<CommandId>,
    /// Name and digest of the playbook in force: `residential@1f2e3d4c`.
    pub playbook: String,
}

/// The part of an event that is stored as JSON text and may be redacted; ids, order and actor are
/// columns beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    fields: BTreeMap<String, Written>,
    on: String,
    playbook: String,
    /// Random text: without it a redacted phone number could be guessed from the hash that stays.
    #[serde(rename = "salt")]
    _salt: String,
    session: String,
    #[serde(default)]
    undoes: Option<String>,
    uid: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    base: Option<(String, i64)>,
    #[serde(default)]
    origin: Option<(String, i64)>,
    #[serde(default)]
    to: Value,
}

/// The body of an event as canonical JSON.
pub fn to_json(event: &Event, salt: &str) -> String {
    let body = Told {
        fields: Fields(&event.fields),
        on: event.on.to_string(),
        playbook: &event.playbook,
        salt,
        session: event.session.to_string(),
        undoes: event.undoes.map(|command| command.to_string()),
        uid: event.uid,
    };
    serde_json::to_string(&body).expect("maps with text keys, whole numbers and text always serialize")
}

/// `Body`, borrowed: an import writes a hundred thousand of them, and copying each value first costs
/// as much as writing it.
#[derive(Serialize)]
struct Told<'a> {
    fields: Fields<'a>,
    on: String,
    playbook: &'a str,
    salt: &'a str,
    session: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<String>,
    uid: u32,
}

struct Fields<'a>(&'a BTreeMap<String, Write>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, write)| (name, ToldWrite::of(write))))
    }
}

/// `Written`, borrowed.
#[derive(Serialize)]
struct ToldWrite<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<(String, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<(String, i64)>,
    #[serde(skip_serializing_if = "Value::is_nothing")]
    to: &'a Value,
}

impl ToldWrite<'_> {
    fn of(write: &Write) -> ToldWrite<'_> {
        let id = |id: &EventId| (id.replica.to_string(), id.seq);
        ToldWrite { base: write.base.as_ref().map(id), origin: write.origin.as_ref().map(id), to: &write.to }
    }
}

/// Fills the body's part of `event`, whose ids and order come from columns. `Err` is what is wrong.
pub fn read_json(text: &str, event: &mut Event) -> Result<(), String> {
    let body: Body = serde_json::from_str(text).map_err(|err| err.to_string())?;
    let id = |(replica, seq): (String, i64)| -> Result<EventId, String> {
        let replica = ReplicaId::parse(&replica).ok_or_else(|| format!("replica {replica} is not an id"))?;
        Ok(EventId { replica, seq })
    };
    event.on = parse_day(&body.on).ok_or_else(|| format!("{} is not a day", body.on))?;
    event.playbook = body.playbook;
    event.session = SessionId::parse(&body.session).ok_or("the session is not an id")?;
    event.undoes = match body.undoes {
        None => None,
        Some(command) => Some(CommandId::parse(&command).ok_or("the undone command is not an id")?),
    };
    event.uid = body.uid;
    event.fields.clear();
    for (name, written) in body.fields {
        let write = Write { to: written.to, base: written.base.map(id).transpose()?, origin: written.origin.map(id).transpose()? };
        event.fields.insert(name, write);
    }
    Ok(())
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Nothing => serializer.serialize_unit(),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Number(number) => serializer.serialize_i64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(list) => list.serialize(serializer),
            Value::Map(map) => map.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("text, a whole number, true or false, null, a list or a map")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Number).map_err(|_| E::custom("a number above 2^63-1"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry()? {
            map.insert(key, value);
        }
        Ok(Value::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Uuid;

    fn event() -> Event {
        Event {
            id: EventId { replica: ReplicaId(Uuid::from_u128(1)), seq: 7 },
            hlc: Hlc(99),
            uid: 1000,
            actor: "jdoe".into(),
            session: SessionId(Uuid::from_u128(2)),
            command: CommandId(Uuid::from_u128(3)),
            subject: SubjectId(Uuid::from_u128(4)),
            of: Of::Application,
            kind: Kind::Touch,
            on: Day::from_ymd_opt(2026, 11, 21).expect("a constant"),
            fields: BTreeMap::from([
                ("note".to_owned(), Write { to: "LVM \u{1b}\"x\"".into(), ..Write::default() }),
                (
                    "status".to_owned(),
                    Write {
                        to: Value::map([("from", "intake".into()), ("to", "submitted".into())]),
                        base: Some(EventId { replica: ReplicaId(Uuid::from_u128(1)), seq: 3 }),
                        origin: None,
                    },
                ),
                ("promised".to_owned(), Write::default()),
            ]),
            undoes: Some(CommandId(Uuid::from_u128(9))),
            playbook: "residential@12345678".into(),
        }
    }

    #[test]
    fn the_written_form_reads_back_and_is_stable() {
        let text = to_json(&event(), "salt");
        let mut back = event();
        back.fields.clear();
        back.undoes = None;
        back.playbook.clear();
        read_json(&text, &mut back).expect("what was written reads");
        assert_eq!(back, event());
        assert_eq!(to_json(&back, "salt"), text, "the same event is written the same way");
        assert!(!text.contains('\u{1b}'), "control characters are escaped");
    }

    #[test]
    fn a_foreign_body_is_refused_by_name() {
        let mut into = event();
        for (text, says) in [
            ("{}", "missing field"),
            (
                r#"{"fields":{},"on":"2026-02-31","playbook":"","salt":"","session":"00000000000000000000000000000002","uid":1}"#,
                "2026-02-31 is not a day",
            ),
            (
                r#"{"fields":{"a":{"to":1.5}},"on":"2026-02-01","playbook":"","salt":"","session":"00000000000000000000000000000002","uid":1}"#,
                "floating point",
            ),
            (
                r#"{"fields":{},"on":"2026-02-01","playbook":"","salt":"","session":"00000000000000000000000000000002","uid":1,"x":1}"#,
                "unknown field `x`",
            ),
        ] {
            let err = read_json(text, &mut into).expect_err("a foreign body");
            assert!(err.contains(says), "{err}");
        }
    }
}
