//! Which messages did the team write or change in the program? Each is a subject of the journal; over
//! the messages of the files it wins by name.

use std::collections::BTreeMap;

use super::{Asked, AskedDay, Channel, Message, check_asked, template};
use crate::domain::change::Change;
use crate::domain::event::Of;
use crate::domain::playbook::Workflow;
use crate::domain::record::Record;
use crate::domain::text::{LINE_MAX, NOTE_MAX, clean, clean_line, cut};
use crate::domain::value::Value;

/// What is wrong with a message, by the part as the editor names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub part: &'static str,
    pub says: String,
}

fn fault(part: &'static str, says: impl Into<String>) -> Fault {
    Fault { part, says: says.into() }
}

impl Message {
    /// As its events left it; `None` when it was taken back.
    pub fn of_record(record: &Record) -> Option<Message> {
        let text = |name: &str| record.text(name).unwrap_or_default().to_owned();
        let name = record.text("name").filter(|name| !name.is_empty())?.to_owned();
        let list = |name: &str| match record.value(name) {
            Value::List(items) => items.clone(),
            _ => Vec::new(),
        };
        let asked = |item: &Value| {
            let text = |key: &str| item.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
            Asked { name: text("name"), label: text("label"), default: text("default"), day: AskedDay::parse(&text("day")) }
        };
        Some(Message {
            label: text("label"),
            channel: Channel::parse(&text("channel")).unwrap_or(Channel::Email),
            to: text("to"),
            recipient: text("recipient"),
            subject: text("subject"),
            body: text("body"),
            crm: text("crm"),
            each: text("each"),
            asked: list("asked").iter().map(asked).collect(),
            statuses: list("statuses").iter().filter_map(Value::as_text).map(str::to_owned).collect(),
            sent_by_copy: record.flag("sent_by_copy"),
            version: record.version,
            name,
        })
    }

    /// The fields under which it is kept, cleaned.
    fn values(&self) -> BTreeMap<&'static str, Value> {
        let line = |text: &str| match cut(&clean_line(text), LINE_MAX) {
            "" => Value::Nothing,
            text => text.into(),
        };
        let asked = |asked: &Asked| {
            Value::map([
                ("name", line(&asked.name)),
                ("label", line(&asked.label)),
                ("default", line(&asked.default)),
                ("day", asked.day.map(AskedDay::name).into()),
            ])
        };
        let list = |items: Vec<Value>| if items.is_empty() { Value::Nothing } else { Value::List(items) };
        BTreeMap::from([
            ("name", line(&self.name)),
            ("label", line(&self.label)),
            ("channel", self.channel.name().into()),
            ("to", line(&self.to)),
            ("recipient", line(&self.recipient)),
            ("subject", line(&self.subject)),
            ("body", cut(&clean(&self.body), NOTE_MAX).into()),
            ("crm", line(&self.crm)),
            ("each", line(&self.each)),
            ("asked", list(self.asked.iter().map(asked).collect())),
            ("statuses", list(self.statuses.iter().map(|status| line(status)).collect())),
            ("sent_by_copy", if self.sent_by_copy { Value::Flag(true) } else { Value::Nothing }),
        ])
    }

    /// What has to be written to keep it, over what stands in the journal and was edited; `None` when
    /// nothing differs.
    pub fn kept(&self, record: &Record) -> Option<Change> {
        let differs =
            |(name, value): (&'static str, Value)| (*record.value(name) != value).then(|| (name.to_owned(), record.write(name, value)));
        let fields: BTreeMap<_, _> = self.values().into_iter().filter_map(differs).collect();
        // One that was taken back stands no more, but has its events; one of another version is stale.
        let standing = Message::of_record(record).map_or(0, |known| known.version);
        let expects = if standing == self.version { Some(record.version).filter(|version| *version > 0) } else { Some(self.version) };
        (!fields.is_empty()).then_some(Change { subject: record.id, of: Of::Message, expects, needs_reference: false, fields })
    }

    /// Everything that is wrong with it, part by part; a message with a fault is never kept or used.
    pub fn faults(&self, workflow: &Workflow) -> Vec<Fault> {
        let mut faults = Vec::new();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) {
            faults.push(fault("name", "a name like customer-missing-documents is wanted"));
        }
        if self.label.trim().is_empty() {
            faults.push(fault("label", "the words for the list are missing"));
        }
        if workflow.party(&self.to).is_none() {
            let parties: Vec<&str> = workflow.parties.iter().map(|party| party.name.as_str()).collect();
            faults.push(fault("to", format!("one of {} is wanted", parties.join(", "))));
        }
        for (part, text) in [("body", &self.body), ("crm", &self.crm)] {
            if text.trim().is_empty() {
                faults.push(fault(part, "it is empty"));
            }
        }
        if self.subject.contains(['\n', '\r']) {
            faults.push(fault("subject", "it is one line"));
        }
        faults.extend(self.faults_of_templates());
        faults
    }

    fn faults_of_templates(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (idx, asked) in self.asked.iter().enumerate() {
            if let Err(why) = check_asked(asked, &self.asked[..idx]) {
                faults.push(fault("asks", why.trim_start_matches("asked: ")));
            }
        }
        let mut used: Vec<&str> = Vec::new();
        for (part, text) in super::PARTS.into_iter().zip(self.templates()) {
            match template::fields(text) {
                Err(why) => faults.push(fault(part, why)),
                Ok(names) => {
                    let unknown = names.iter().filter(|name| super::source(name, self).is_none());
                    faults.extend(unknown.map(|name| fault(part, unknown_field(name))));
                    used.extend(names);
                }
            }
        }
        if let Err(why) = super::line_fields(&self.each, &[]) {
            faults.push(fault("each", why));
        }
        let unused = self.asked.iter().find(|asked| !used.contains(&asked.name.as_str()));
        faults.extend(unused.map(|asked| fault("asks", format!("{} is asked and stands in no part", asked.name))));
        faults
    }
}

/// A slip of the fingers has a near field; anything else is something to ask for.
fn unknown_field(name: &str) -> String {
    let near = super::plain_names().into_iter().map(|known| (strsim::damerau_levenshtein(name, known), known)).min();
    match near {
        Some((distance, known)) if distance <= 1 + name.len() / 4 => format!("there is no field {name}; is it {known}?"),
        _ => format!("there is no field {name}; what is asked each time goes under \"asks\": {name}=the question"),
    }
}

/// The files' messages with the team's own over them, by name; new ones come last. The second part
/// names those that do not fit this desk's files any more and are left out.
pub fn overlay(files: &[Message], made: Vec<Message>, workflow: &Workflow) -> (Vec<Message>, Vec<String>) {
    let mut messages = files.to_vec();
    let mut unfit = Vec::new();
    for message in made {
        if let Some(fault) = message.faults(workflow).first() {
            unfit.push(format!("{} ({}: {})", message.name, fault.part, fault.says));
            continue;
        }
        match messages.iter_mut().find(|known| known.name == message.name) {
            Some(known) => *known = message,
            None => messages.push(message),
        }
    }
    (messages, unfit)
}

/// What a message asks, on one line: `item=what is missing; by:next=needed by={{promised}}`; `:next` and
/// `:past` make the answer a day. The signs that divide it stand with a `\` where they are text.
pub fn asks_line(asked: &[Asked]) -> String {
    let plain = |text: &str| text.replace('\\', "\\\\").replace(';', "\\;").replace('=', "\\=");
    let one = |asked: &Asked| {
        let day = asked.day.map(|day| format!(":{}", day.name())).unwrap_or_default();
        let default = if asked.default.is_empty() { String::new() } else { format!("={}", plain(&asked.default)) };
        format!("{}{day}={}{default}", plain(&asked.name), plain(&asked.label))
    };
    asked.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The reverse of `asks_line`. A question without words has its name for them.
pub fn read_asks(line: &str) -> Vec<Asked> {
    let mut asked: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = asked.last_mut().expect("there is a first question");
        match c {
            ';' => asked.push(vec![String::new()]),
            '=' if last.len() < 3 => last.push(String::new()),
            c => {
                let sign = if c == '\\' { chars.next().unwrap_or(c) } else { c };
                last.last_mut().expect("a question has a first part").push(sign);
            }
        }
    }
    let part = |parts: &[String], idx: usize| parts.get(idx).map(|text| text.trim().to_owned()).unwrap_or_default();
    let one = |parts: Vec<String>| {
        let (name, label) = (part(&parts, 0), part(&parts, 1));
        let (name, day) = match name.split_once(':') {
            Some((name, day)) if AskedDay::parse(day).is_some() => (name.to_owned(), AskedDay::parse(day)),
            _ => (name, None),
        };
        Asked { label: if label.is_empty() { name.clone() } else { label }, default: part(&parts, 2), day, name }
    };
    asked.into_iter().map(one).filter(|asked| !asked.name.is_empty() || !asked.label.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Event;
    use crate::domain::id::{SubjectId, Uuid};
    use crate::domain::testing;

    fn record(changes: &[Change]) -> Record {
        let id = SubjectId(Uuid::from_u128(1));
        let events: Vec<Event> = (1..).zip(changes).map(|(seq, change)| testing::event(seq, Of::Message, change.fields.clone())).collect();
        Record::fold(id, Of::Message, &events)
    }

    #[test]
    fn what_is_kept_comes_back_and_a_second_time_changes_nothing() {
        let first = testing::playbook().message("customer-missing-documents").expect("a message").clone();
        let written = first.kept(&record(&[])).expect("all of it is new");
        let known = record(std::slice::from_ref(&written));
        assert_eq!(Message::of_record(&known), Some(Message { version: 1, body: first.body.clone(), ..first.clone() }));
        assert_eq!(first.kept(&known), None);
        assert_eq!(
            first.kept(&record(&[Change { fields: Default::default(), ..written.clone() }])).and_then(|change| change.expects),
            Some(1)
        );
        let stale = Message { subject: "Still open".into(), ..first.clone() }.kept(&known).expect("the subject differs");
        assert_eq!(stale.expects, Some(0), "somebody wrote it since it was opened");
        let second = Message { subject: "Still open".into(), version: 1, ..first };
        let change = second.kept(&known).expect("the subject differs");
        assert_eq!(change.fields.keys().collect::<Vec<_>>(), ["subject"]);
        assert_eq!((change.expects, change.of), (Some(1), Of::Message));
        let both = record(&[written, change]);
        assert_eq!(Message::of_record(&both).map(|message| (message.version, message.subject)), Some((2, "Still open".into())));
        assert_eq!(Message::of_record(&record(&[])), None);
    }

    #[test]
    fn every_fault_names_its_part() {
        let playbook = testing::playbook();
        let sound = playbook.message("utility-status").expect("a message").clone();
        assert_eq!(sound.faults(&playbook.workflow), []);
        let asked = |name: &str| vec![Asked { name: name.into(), label: "x".into(), ..Asked::default() }];
        for (message, part, says) in [
            (Message { name: "No Name".into(), ..sound.clone() }, "name", "a name like"),
            (Message { label: " ".into(), ..sound.clone() }, "label", "missing"),
            (Message { to: "nobody".into(), ..sound.clone() }, "to", "one of us"),
            (Message { body: String::new(), ..sound.clone() }, "body", "empty"),
            (Message { body: "{% for x in y %}".into(), ..sound.clone() }, "body", "is not allowed"),
            (Message { body: "{% include 'x' %}".into(), ..sound.clone() }, "body", "is not allowed"),
            (Message { subject: "{{ no_such }}".into(), ..sound.clone() }, "subject", "there is no field no_such"),
            (Message { subject: "two\nlines".into(), ..sound.clone() }, "subject", "one line"),
            (Message { asked: asked("item"), ..sound.clone() }, "asks", "stands in no part"),
            (Message { asked: asked("site"), ..sound.clone() }, "asks", "already has a source"),
        ] {
            let faults = message.faults(&playbook.workflow);
            assert!(faults.iter().any(|fault| fault.part == part && fault.says.contains(says)), "{part} {says}: {faults:?}");
        }
    }

    #[test]
    fn the_teams_own_win_by_name_and_unfit_ones_are_named() {
        let playbook = testing::playbook();
        let changed = Message { label: "ours".into(), version: 3, ..playbook.messages[2].clone() };
        let new = Message { name: "new-one".into(), ..changed.clone() };
        let unfit = Message { name: "old-one".into(), to: "nobody".into(), ..changed.clone() };
        let (all, left_out) = overlay(&playbook.messages, vec![changed, new, unfit], &playbook.workflow);
        let names: Vec<(&str, i64)> = all.iter().map(|message| (message.name.as_str(), message.version)).collect();
        assert_eq!(names, [("customer-missing-documents", 0), ("customer-signature-sms", 0), ("utility-status", 3), ("new-one", 3)]);
        assert!(left_out.len() == 1 && left_out[0].starts_with("old-one (to: one of"), "{left_out:?}");
    }

    #[test]
    fn asks_are_one_line_there_and_back() {
        let line = "item=what is missing; by:next=needed by={{promised}}; bare=bare";
        assert_eq!(asks_line(&read_asks(line)), line);
        let strange = Asked {
            name: "place".into(),
            label: "place; at a site = the way in \\ gear".into(),
            default: "a=b".into(),
            day: Some(AskedDay::Past),
        };
        assert_eq!(read_asks(&asks_line(std::slice::from_ref(&strange))), [strange]);
        assert_eq!(read_asks(" bare ; ;").iter().map(|asked| asked.label.as_str()).collect::<Vec<_>>(), ["bare"]);
    }
}
