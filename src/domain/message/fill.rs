//! How does one template become text?

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, UndefinedBehavior};

use super::PART_MAX;

/// Steps of the template engine for one part: far more than a part of 64 KiB needs, and an end.
const FUEL: u64 = 200_000;

/// Fills `template` with what `look_up` knows. A field without a value shows as `⟦field⟧` and is
/// added to `unfilled`, once. When the template itself is wrong, or its text too long, `unfilled`
/// gets the name of the part.
pub fn part(name: &str, template: &str, look_up: impl Fn(&str) -> Option<String>, unfilled: &mut Vec<String>) -> String {
    let mut miss = |field: &str| {
        if !unfilled.iter().any(|known| known == field) {
            unfilled.push(field.to_owned());
        }
    };
    let Ok(fields) = super::template::fields(template) else {
        miss(name);
        return template.to_owned();
    };
    let mut values: BTreeMap<&str, String> = BTreeMap::new();
    for field in fields {
        values.entry(field).or_insert_with(|| {
            look_up(field).unwrap_or_else(|| {
                miss(field);
                format!("⟦{field}⟧")
            })
        });
    }
    match render(template, values) {
        Ok(text) if text.len() <= PART_MAX => text,
        Ok(_) => {
            miss(name);
            format!("⟦{name} is longer than {} KiB⟧", PART_MAX / 1024)
        }
        Err(_) => {
            miss(name);
            template.to_owned()
        }
    }
}

fn render(template: &str, values: BTreeMap<&str, String>) -> Result<String, Error> {
    // An empty environment has no filters, functions or escaping: values come through as they are.
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    // The engine's default drops the last line end of a template.
    environment.set_syntax(SyntaxConfig::builder().keep_trailing_newline(true).build()?);
    environment.render_str(template, minijinja::Value::from_pairs(values))
}
