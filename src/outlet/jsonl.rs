//! How is a value written as exact JSON?

use serde_json::Value as Json;

use crate::domain::value::Value;

/// The same value in JSON; `Nothing` is null. There are no floats on either side.
pub fn json(value: &Value) -> Json {
    match value {
        Value::Nothing => Json::Null,
        Value::Flag(flag) => Json::Bool(*flag),
        Value::Number(number) => Json::from(*number),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(list) => list.iter().map(json).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
    }
}

/// Text, or null when it is empty.
pub fn text(text: &str) -> Json {
    if text.is_empty() { Json::Null } else { Json::String(text.to_owned()) }
}

/// One object on one line, with its line end.
pub fn line(object: &Json) -> String {
    format!("{object}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_exactly() {
        let value = Value::map([
            ("list", Value::List(vec![Value::Flag(true), Value::Nothing])),
            ("number", i64::MAX.into()),
            ("text", "two\nlines \"x\" \u{1b} Jörg".into()),
        ]);
        let written = line(&json(&value));
        assert_eq!(written, "{\"list\":[true,null],\"number\":9223372036854775807,\"text\":\"two\\nlines \\\"x\\\" \\u001b Jörg\"}\n");
        assert_eq!(text(""), Json::Null);
    }
}
