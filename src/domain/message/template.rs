//! Is this text a template of `{{ field }}` and nothing else, and which fields does it name?

/// The words of the template language itself, which no field can be named.
const RESERVED: [&str; 15] =
    ["true", "True", "false", "False", "none", "None", "loop", "self", "super", "not", "and", "or", "in", "is", "if"];

/// The fields of a template in order, with repetitions. `Err` names the first thing that is not
/// `{{ field }}`: filters, calls, attributes, blocks and comments are refused.
pub fn fields(template: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        no_end(&rest[..open])?;
        rest = &rest[open..];
        match rest.as_bytes().get(1) {
            Some(b'{') => {
                let inside = &rest[2..];
                let close = inside.find("}}").ok_or_else(|| format!("{} is never closed with }}}}", start(rest)))?;
                let name = inside[..close].trim();
                check_name(name)?;
                found.push(name);
                rest = &inside[close + 2..];
            }
            Some(b'%' | b'#') => return Err(format!("{} is not allowed; only {{{{ field }}}} is", start(rest))),
            _ => rest = &rest[1..],
        }
    }
    no_end(rest)?;
    Ok(found)
}

/// A forgotten beginning must not go out as text.
fn no_end(text: &str) -> Result<(), String> {
    match text.find("}}") {
        None => Ok(()),
        Some(at) => Err(format!("{} ends a field that does not begin with {{{{", start(&text[at..]))),
    }
}

/// A name is what Rust and TOML call a bare key without hyphens: `customer_name`.
pub fn check_name(name: &str) -> Result<(), String> {
    let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !letters || RESERVED.contains(&name) {
        return Err(format!("\"{}\" is not a field's name; only plain names like customer_name stand in {{{{ }}}}", start(name)));
    }
    Ok(())
}

fn start(text: &str) -> &str {
    super::super::text::cut(text, 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_fields_pass() {
        assert_eq!(fields("Hi {{first_name}}, {{ company }}: {{first_name}} {x} } } {"), Ok(vec!["first_name", "company", "first_name"]));
        for (template, says) in [
            ("{{ a|upper }}", "\"a|upper\" is not a field's name"),
            ("{{ a.b }}", "\"a.b\" is not"),
            ("{{ a() }}", "\"a()\" is not"),
            ("{{ a['b'] }}", "is not"),
            ("{{ a + b }}", "is not"),
            ("{{- a -}}", "\"- a -\" is not"),
            ("{{ 'text' }}", "is not"),
            ("{{ 1 }}", "is not"),
            ("{{ Name }}", "\"Name\" is not"),
            ("{{ true }}", "\"true\" is not"),
            ("{{ self }}", "\"self\" is not"),
            ("{{}}", "\"\" is not"),
            ("{{{a}}}", "is not"),
            ("{{ é }}", "is not"),
            ("a {{ b", "{{ b is never closed"),
            ("Hi {{a}}}}", "}} ends a field that does not begin"),
            ("Hi first_name}}, {x}", "}},  ends a field"),
            ("{% if a %}", "{% if a %} is not allowed"),
            ("{# a #}", "{# a #} is not allowed"),
        ] {
            assert!(fields(template).is_err_and(|err| err.contains(says)), "{template}");
        }
    }
}
