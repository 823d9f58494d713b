//! What an import left open is settled: theirs is taken, or ours stays. Either way the file's value
//! counts as imported from then on, so that the same file says nothing more about it.

use std::collections::BTreeMap;

use crate::domain::application::{Application, milestone};
use crate::domain::change::Change;
use crate::domain::day::parse_day;
use crate::domain::event::{Of, Write};
use crate::domain::import::{self, Offer};
use crate::domain::playbook::Workflow;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;

/// The change that settles `offers`, which are all of `app`. Refused when one of them does not stand
/// any more as it was seen.
pub fn change(app: &Application, offers: &[&Offer], theirs: bool, workflow: &Workflow) -> Result<Change, Refusal> {
    let mut fields: BTreeMap<String, Write> = BTreeMap::new();
    let mut milestones = Vec::new();
    for offer in offers {
        let register = import::register(Some(app), &offer.source, &offer.key);
        let pending = fields.get(&register).map_or_else(|| app.value(&register).clone(), |write| write.to.clone());
        let map = |name: &str| match pending.get(name) {
            Some(Value::Map(map)) => map.clone(),
            _ => BTreeMap::new(),
        };
        let (mut values, mut open) = (map("values"), map("offers"));
        let value = open.remove(&offer.field).filter(|value| *value == offer.theirs && import::ours(app, &offer.field) == offer.ours);
        let Some(value) = value else {
            let says =
                format!("{} of {} was changed or settled since it was shown: nothing was written", label(&offer.field), app.reference());
            return Err(Refusal::new(says));
        };
        // The reason belongs to its status and goes where that goes.
        let with = (offer.field == "status").then(|| open.remove("ended_reason")).flatten();
        for (field, value) in std::iter::once((offer.field.as_str(), value)).chain(with.map(|value| ("ended_reason", value))) {
            if theirs {
                take(app, field, &value, &offer.source, workflow, &mut fields, &mut milestones);
            }
            match value {
                Value::Nothing => values.remove(field),
                value => values.insert(field.to_owned(), value),
            };
        }
        fields.insert(register.clone(), app.write(&register, import::remembered(&offer.key, values, open)));
    }
    if !milestones.is_empty() {
        fields.insert("milestone".to_owned(), Write { to: Value::List(milestones), ..Write::default() });
    }
    Ok(Change { subject: app.id, of: Of::Application, expects: Some(app.version), needs_reference: false, fields })
}

fn take(
    app: &Application,
    field: &str,
    value: &Value,
    source: &str,
    workflow: &Workflow,
    fields: &mut BTreeMap<String, Write>,
    milestones: &mut Vec<Value>,
) {
    if let Some(code) = field.strip_prefix("milestone.") {
        milestones.extend(value.as_text().and_then(parse_day).map(|day| milestone(code, day, source)));
        return;
    }
    if field != "status" {
        fields.insert(field.to_owned(), app.write(field, value.clone()));
        return;
    }
    let moved = Value::map([("from", app.value("status").clone()), ("to", value.clone())]);
    fields.insert("status".to_owned(), app.write("status", moved));
    // The ball goes with the status, unless a person gave it to somebody else.
    let ball = |status: &str| workflow.status(status).map(|status| status.ball.clone());
    let held = Some(app.ball().to_owned());
    if let Some(next) = ball(value.as_text().unwrap_or_default())
        && held == ball(app.status())
        && held.as_ref() != Some(&next)
    {
        fields.insert("ball".to_owned(), app.write("ball", Value::text(next)));
    }
}

/// The words of the undo line.
pub fn words(offers: &[Offer], theirs: bool) -> String {
    let what = if theirs { "took theirs" } else { "kept ours" };
    match offers {
        [one] => format!("{}: {what} for {}", one.reference, label(&one.field)),
        [first, rest @ ..] if rest.iter().all(|offer| offer.field == first.field && offer.source == first.source) => {
            format!("{what} for {} of {} records from {}", label(&first.field), offers.len(), first.source)
        }
        offers => format!("{what} for {} differences", offers.len()),
    }
}

/// A field of an import in the words of the screen.
pub fn label(field: &str) -> String {
    match field.split_once('.') {
        Some(("milestone", code)) => code.to_owned(),
        Some(("note", column)) => format!("note: {column}"),
        _ => crate::domain::field::find(field).map_or(field, |field| field.label).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing;

    /// An application of which the last import of `crm` left these offers: field, their value.
    fn application(fields: &[(&str, &str)], offers: &[(&str, Value)]) -> Application {
        let mut all = fields.to_vec();
        all.push(("import.crm", ""));
        let mut app = testing::application(&all);
        let offers = offers.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
        let last = BTreeMap::from([("city".to_owned(), Value::text("Salem"))]);
        app.0.registers.get_mut("import.crm").expect("it was written").value = import::remembered("C-1", last, offers);
        app
    }

    fn offer(app: &Application, field: &str, theirs: Value) -> Offer {
        let ours = import::ours(app, field);
        Offer { subject: app.id, reference: "A-1".into(), source: "crm".into(), key: "C-1".into(), field: field.into(), ours, theirs }
    }

    /// The fields that are written, then what counts as imported, then what is left open.
    fn written(app: &Application, offers: &[Offer], theirs: bool) -> String {
        let offers: Vec<&Offer> = offers.iter().collect();
        let change = change(app, &offers, theirs, &testing::playbook().workflow).expect("nothing changed since");
        assert_eq!((change.subject, change.expects), (app.id, Some(app.version)));
        let show = |value: &Value| match value {
            Value::Nothing => "nothing".to_owned(),
            Value::Text(text) => text.clone(),
            Value::List(list) => list.iter().map(|one| format!("{} {}", text(one, "code"), text(one, "day"))).collect::<Vec<_>>().join(","),
            map => text(map, "to"),
        };
        let mut said: Vec<String> = change
            .fields
            .iter()
            .filter(|(name, _)| *name != "import.crm")
            .map(|(name, write)| format!("{name}={}", show(&write.to)))
            .collect();
        let left = &change.fields["import.crm"].to;
        for part in ["values", "offers"] {
            let Some(Value::Map(map)) = left.get(part) else { continue };
            let pairs: Vec<String> = map.iter().map(|(name, value)| format!("{name}={}", show(value))).collect();
            said.push(format!("{part}({})", pairs.join(" ")));
        }
        said.join(" ")
    }

    fn text(value: &Value, name: &str) -> String {
        value.get(name).and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    #[test]
    fn either_way_the_files_value_counts_as_imported() {
        let place = [("city", "West Salem"), ("status", "submitted"), ("ball", "utility")];
        let given = [
            ("city", "Orem".into()),
            ("ended_reason", "cancelled".into()),
            ("milestone.submitted", "2026-11-05".into()),
            ("status", "ended".into()),
        ];
        let app = application(&place, &given);
        let open = |but: &str| {
            let left = given.iter().filter(|(field, _)| !but.split(' ').any(|settled| settled == *field));
            left.map(|(field, value): &(&str, Value)| format!("{field}={}", value.as_text().unwrap_or_default()))
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (field, theirs, wanted, settled) in [
            ("city", false, "values(city=Orem)", "city"),
            ("city", true, "city=Orem values(city=Orem)", "city"),
            ("status", false, "values(city=Salem ended_reason=cancelled status=ended)", "status ended_reason"),
            (
                "status",
                true,
                "ball=us ended_reason=cancelled status=ended values(city=Salem ended_reason=cancelled status=ended)",
                "status ended_reason",
            ),
            ("milestone.submitted", false, "values(city=Salem milestone.submitted=2026-11-05)", "milestone.submitted"),
        ] {
            let value = given.iter().find(|(name, _)| *name == field).expect("one of them").1.clone();
            let said = written(&app, &[offer(&app, field, value)], theirs);
            assert_eq!(said, format!("{wanted} offers({})", open(settled)), "{field}, theirs: {theirs}");
        }
    }

    #[test]
    fn several_of_one_record_are_one_change_and_nothing_that_is_gone_stays_gone() {
        let app = application(&[("city", "West Salem"), ("owner", "Lee")], &[("city", Value::Nothing), ("owner", "Kim".into())]);
        let both = [offer(&app, "city", Value::Nothing), offer(&app, "owner", "Kim".into())];
        assert_eq!(written(&app, &both, true), "city=nothing owner=Kim values(owner=Kim)");
        assert_eq!(written(&app, &both, false), "values(owner=Kim)");
    }

    #[test]
    fn a_person_who_gave_the_ball_away_keeps_it_there() {
        let app = application(&[("status", "submitted"), ("ball", "customer")], &[("status", "approved-to-install".into())]);
        let said = written(&app, &[offer(&app, "status", "approved-to-install".into())], true);
        assert_eq!(said, "status=approved-to-install values(city=Salem status=approved-to-install)");
    }

    #[test]
    fn what_does_not_stand_as_it_was_seen_is_refused() {
        let app = application(&[("city", "West Salem")], &[("city", "Orem".into())]);
        let seen = offer(&app, "city", "Orem".into());
        let workflow = testing::playbook().workflow;
        assert!(change(&app, &[&seen], true, &workflow).is_ok());
        for (what, offer) in [
            ("the file says another by now", Offer { theirs: "Provo".into(), ..seen.clone() }),
            ("ours is another by now", Offer { ours: "Salem".into(), ..seen.clone() }),
            ("it was settled", Offer { field: "owner".into(), ours: Value::Nothing, ..seen.clone() }),
            ("another source", Offer { source: "portal".into(), ..seen.clone() }),
        ] {
            let refusal = change(&app, &[&offer], true, &workflow).expect_err(what).to_string();
            assert!(refusal.contains("of A-1 was changed or settled since it was shown: nothing was written"), "{what}: {refusal}");
        }
    }

    #[test]
    fn the_undo_line_says_what_and_how_many() {
        let app = application(&[("city", "West Salem")], &[]);
        let one = offer(&app, "city", "Orem".into());
        let owner = Offer { field: "owner".into(), ..one.clone() };
        for (offers, theirs, says) in [
            (&[one.clone()][..], true, "A-1: took theirs for city"),
            (&[one.clone(), one.clone()], false, "kept ours for city of 2 records from crm"),
            (&[one.clone(), owner], false, "kept ours for 2 differences"),
        ] {
            assert_eq!(words(offers, theirs), says);
        }
    }
}
