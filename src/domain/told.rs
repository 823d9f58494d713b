//! Which words of an event can be looked for?

use super::event::{Event, Kind};
use super::field;
use super::value::Value;

/// Two answers, looked for one after the other: a list with a hundred thousand rows writes the name of a town into each
/// of them, and the one note that names it must not come behind those.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Notes, and the texts of messages.
    Said,
    /// Texts of fields: contacts, addresses, numbers, reasons of holds, to-dos, extensions; also those that others took the
    /// place of since.
    Written,
}

impl Told {
    pub const ALL: [Told; 2] = [Told::Said, Told::Written];

    /// The texts that an event tells, each with the field that it stands in. What undo and redo put back was told before.
    pub fn texts(self, event: &Event) -> Vec<(&str, String)> {
        if matches!(event.kind, Kind::Undo | Kind::Redo) {
            return Vec::new();
        }
        let texts = event.fields.iter().map(|(field, write)| (field.as_str(), self.text(field, &write.to)));
        texts.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// What a field's value tells; empty when nobody looks for it.
    pub fn text(self, field: &str, value: &Value) -> String {
        match (self, field.split_once('.').map_or(field, |(kind, _)| kind)) {
            (Told::Said, "note" | "message") => said(value),
            (Told::Written, "todo") => parts(value, &["title"]),
            (Told::Written, "extension") => parts(value, &["agreed_by", "authority"]),
            (Told::Written, name) if field::find(name).is_some_and(field::Field::is_in_own_words) => {
                value.as_text().unwrap_or_default().to_owned()
            }
            _ => String::new(),
        }
    }
}

/// The text of a note or of a message. A note may have its day and author with it, and one event several.
pub fn said(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::List(items) => items.iter().map(said).collect::<Vec<_>>().join("\n"),
        one => parts(one, &["text", "recipient", "subject", "body", "crm"]),
    }
}

fn parts(value: &Value, names: &[&str]) -> String {
    let texts = names.iter().filter_map(|name| value.get(name)?.as_text());
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The words for a field that tells something.
pub fn label(field: &str) -> String {
    match field.split_once('.') {
        Some(("todo", _)) => "to-do".to_owned(),
        Some(("extension", _)) => "extension".to_owned(),
        _ => super::lines::label(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::FIELDS;

    #[test]
    fn a_field_tells_what_somebody_wrote_in_words_of_their_own() {
        let told: Vec<&str> =
            FIELDS.iter().map(|field| field.name).filter(|name| !Told::Written.text(name, &"x".into()).is_empty()).collect();
        assert!(["number", "site", "customer_phone", "city", "hold", "deficiency"].iter().all(|name| told.contains(name)), "{told:?}");
        assert!(["lane", "status", "owner", "follow_up", "technology", "state"].iter().all(|name| !told.contains(name)), "{told:?}");
        let extension = Value::map([("until", "2026-12-24".into()), ("agreed_by", "Lee".into()), ("authority", "tariff 9".into())]);
        assert_eq!(Told::Written.text("extension.review", &extension), "Lee\ntariff 9");
        assert_eq!(Told::Written.text("todo.3", &Value::map([("title", "call".into()), ("party", "us".into())])), "call");
        assert_eq!((Told::Written.text("note", &"x".into()), Told::Said.text("site", &"x".into())), (String::new(), String::new()));
        assert_eq!(Told::Written.text("import.portal", &Value::map([("site", "x".into())])), "");
    }

    #[test]
    fn each_place_has_words() {
        for (field, label_) in
            [("todo.1", "to-do"), ("extension.review", "extension"), ("customer_phone", "customer phone"), ("hold", "on hold because")]
        {
            assert_eq!(label(field), label_);
        }
    }
}
