//! How are the fields and values of an import said in words?

use super::field;
use super::playbook::Workflow;
use super::value::Value;

/// The words for a field as an import names it: `owner`, `milestone.deemed-complete`, `note.Remarks`.
pub fn field_words(workflow: &Workflow, name: &str) -> String {
    match name.split_once('.') {
        Some(("milestone", code)) => format!("milestone: {}", workflow.milestone_label(code)),
        Some(("note", column)) => format!("note: {column}"),
        _ => field::find(name).map_or_else(|| name.to_owned(), |field| field.label.to_owned()),
    }
}

/// A value as a list shows it; empty when there is none.
pub fn value_words(workflow: &Workflow, name: &str, value: &Value) -> String {
    match (name, value.as_text()) {
        ("status", Some(status)) => workflow.status_label(status).to_owned(),
        ("ball", Some(party)) => workflow.party_label(party).to_owned(),
        _ => field::show(field::find(name).map_or(field::Kind::Text, |field| field.kind), value),
    }
}

/// `1 row`, `1,204 rows`.
pub fn count(number: usize, what: &str) -> String {
    format!("{} {what}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// `100,000`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::playbook;
    use super::*;

    #[test]
    fn an_import_is_said_in_plain_words() {
        let workflow = playbook().workflow;
        for (name, value, field, shown) in [
            ("owner", Value::text("jdoe"), "owner", "jdoe"),
            ("size_ac", Value::Number(7_600), "size AC nameplate", "7.6 kW"),
            ("status", Value::text("acknowledged"), "status", "completeness review"),
            ("note.Remarks", Value::text("call"), "note: Remarks", "call"),
            ("milestone.odd", Value::text("2026-11-20"), "milestone: odd", "2026-11-20"),
            ("ball", Value::Nothing, "waiting on", ""),
        ] {
            assert_eq!((field_words(&workflow, name).as_str(), value_words(&workflow, name, &value).as_str()), (field, shown));
        }
        for (number, words) in [(1, "1 row"), (0, "0 rows"), (999, "999 rows"), (1_000, "1,000 rows"), (1_234_567, "1,234,567 rows")] {
            assert_eq!(count(number, "row"), words);
        }
    }
}
