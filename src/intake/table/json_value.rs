//! What does one JSON record say, as cells?

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Objects in objects beyond this are kept as JSON text.
const DEEPEST: usize = 8;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    Text(String),
    /// What was read where no text could be.
    Flaw(String),
}

/// `line` counts from 0 at the record's first.
#[derive(Debug)]
pub struct Fault {
    pub line: usize,
    pub read: String,
    pub wanted: &'static str,
}

/// Gives each cell of a record under its key; those of an object in it under `site.address`.
pub fn cells(record: &str, give: &mut dyn FnMut(&str, Cell)) -> Result<(), Fault> {
    for (key, value) in members(record)? {
        flatten(&key, value, 1, give);
    }
    Ok(())
}

/// The members of an object in their order.
pub fn members(object: &str) -> Result<Vec<(String, &RawValue)>, Fault> {
    let fault = |err: &serde_json::Error| Fault { line: err.line().saturating_sub(1), read: said(err), wanted: "JSON, an object a line" };
    let mut reader = serde_json::Deserializer::from_str(object);
    let members = reader.deserialize_map(Members).map_err(|err| fault(&err))?;
    reader.end().map_err(|err| fault(&err))?;
    Ok(members)
}

/// Every element of a list, none of them kept.
pub fn each<'a>(list: &'a str, give: &mut dyn FnMut(&'a RawValue)) -> serde_json::Result<()> {
    serde_json::Deserializer::from_str(list).deserialize_seq(Each(give))
}

/// A syntax error without its place, which a problem names itself.
pub fn said(err: &serde_json::Error) -> String {
    let text = err.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let text = if text.contains("invalid type") { "something else than an object" } else { text };
    format!("{} at character {}", crate::domain::text::clean_line(text), err.column())
}

fn flatten(key: &str, value: &RawValue, depth: usize, give: &mut dyn FnMut(&str, Cell)) {
    if value.get().starts_with('{') && depth < DEEPEST {
        match members(value.get()) {
            Ok(members) => members.iter().for_each(|(inner, value)| flatten(&format!("{key}.{inner}"), value, depth + 1, give)),
            Err(fault) => give(key, Cell::Flaw(fault.read)),
        }
        return;
    }
    give(key, cell(value));
}

/// Numbers stay as they are written: an id of 13 digits and `0.10` are no floats.
fn cell(value: &RawValue) -> Cell {
    let raw = value.get();
    match raw.as_bytes().first() {
        Some(b'"') => match serde_json::from_str(raw) {
            Ok(text) => Cell::Text(text),
            Err(err) => Cell::Flaw(said(&err)),
        },
        Some(b'n') => Cell::Text(String::new()),
        Some(b't') => Cell::Text("TRUE".into()),
        Some(b'f') => Cell::Text("FALSE".into()),
        Some(b'[') => list(raw),
        Some(b'{') => Cell::Text(compact(raw)),
        _ => Cell::Text(raw.to_owned()),
    }
}

/// A list of plain values is a line each; a list of objects is JSON text.
fn list(raw: &str) -> Cell {
    let mut parts = Vec::new();
    let mut plain = true;
    let read = each(raw, &mut |value| match value.get().as_bytes().first() {
        Some(b'[' | b'{') => plain = false,
        Some(b'n') => {}
        _ => parts.push(cell(value)),
    });
    if let Err(err) = read {
        return Cell::Flaw(said(&err));
    }
    if !plain {
        return Cell::Text(compact(raw));
    }
    let mut lines = Vec::new();
    for part in parts {
        match part {
            Cell::Text(text) => lines.push(text),
            flaw @ Cell::Flaw(_) => return flaw,
        }
    }
    Cell::Text(lines.join("\n"))
}

/// JSON without the spaces between its signs, and not a letter changed.
fn compact(raw: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    raw.chars()
        .filter(|c| {
            let kept = inside || !c.is_ascii_whitespace();
            (inside, escaped) = match c {
                '"' if !escaped => (!inside, false),
                '\\' if inside => (inside, !escaped),
                _ => (inside, false),
            };
            kept
        })
        .collect()
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

struct Each<'f, 'de>(&'f mut dyn FnMut(&'de RawValue));

impl<'de> Visitor<'de> for Each<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<&'de RawValue>()? {
            (self.0)(value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str) -> String {
        let mut out = Vec::new();
        let read = cells(record, &mut |key, cell| {
            out.push(match cell {
                Cell::Text(text) => format!("{key}={text}"),
                Cell::Flaw(read) => format!("{key}!{read}"),
            });
        });
        read.map_or_else(|fault| format!("{}: {}", fault.line, fault.read), |()| out.join("|"))
    }

    #[test]
    fn a_record_is_flat_and_its_numbers_are_as_written() {
        for (record, says) in [
            (
                r#"{"id": 1234567890123, "kW": 0.10, "e": 1e3, "n": null, "ok": true, "no": false}"#,
                "id=1234567890123|kW=0.10|e=1e3|n=|ok=TRUE|no=FALSE",
            ),
            (r#"{"site": {"address": "1 Oak", "geo": {"lat": -1.50}}, "s": "a\u00e9\n"}"#, "site.address=1 Oak|site.geo.lat=-1.50|s=aé\n"),
            (
                r#"{"tags": ["a", 1, null, true], "list": [ {"a b": "x \" y" , "n": 0.10} ], "none": []}"#,
                "tags=a\n1\nTRUE|list=[{\"a b\":\"x \\\" y\",\"n\":0.10}]|none=",
            ),
            (r#"{"a": "\ud800", "b": 1}"#, "a!unexpected end of hex escape at character 8|b=1"),
            (r#"{"a": 1,}"#, "0: trailing comma at character 9"),
            ("{\"a\":\n 1 2}", "1: expected `,` or `}` at character 4"),
            ("[1]", "0: something else than an object at character 0"),
            (r#"{"a": 1} x"#, "0: trailing characters at character 10"),
        ] {
            assert_eq!(read(record), says, "{record}");
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert!(read(&deep).starts_with("a.a.a.a.a.a.a.a={\"a\":{"), "{}", &read(&deep)[..40]);
    }
}
