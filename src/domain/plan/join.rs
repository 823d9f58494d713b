//! Two records of one application become one, and part again.
//!
//! What the second one knew goes into the first: numbers, empty fields, notes, milestones, to-dos,
//! and the keys by which imports know it, so that both lists go on feeding the one record. Where the
//! two disagree the first one's value stays and the other is written down in a note. Undo parts them
//! as they were; `part` does so later, and leaves on each side what happened since.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::Builder;
use super::{Context, Line, Planned};
use crate::domain::application::Application;
use crate::domain::change::Change;
use crate::domain::event::{Kind, Of, Write};
use crate::domain::field::{self, FIELDS};
use crate::domain::id::SubjectId;
use crate::domain::import;
use crate::domain::playbook::Then;
use crate::domain::record::{OPENED, Record};
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;

/// On a record that went into another: which, and what its `opened` had been.
const JOINED: &str = "joined";

/// How the registers begin that a join put into a record, beside those of imports.
const EARLIER: &[&str] = &["joined.", "alias.joined.", "alias.number.", "alias.crm_number.", "alias.permit_number."];

/// Fields that say where the one record stands now; the other's are history.
const STANDING: &[&str] = &["status", "ended_reason", "ball", "hold", "legal_hold", "until_activity"];

/// `other` goes into `keep`.
pub fn join(keep: &Application, other: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    if keep.id == other.id {
        return Err(Refusal::new(format!("{} cannot be joined with itself", keep.reference())));
    }
    if other.flag("legal_hold") {
        return Err(Refusal::new(format!("{} is under legal hold", other.reference())).hint("release it first"));
    }
    one_file(keep, other, ctx)?;
    let mut plan = Builder::new(keep, *ctx, Kind::Set, None)?;
    let differs = fill(&mut plan, keep, other, ctx);
    carry_numbers(&mut plan, keep, other);
    carry_work(&mut plan, keep, other);
    let reference = other.reference();
    let said = match differs.as_slice() {
        [] => format!("joined with {reference}"),
        differs => format!("joined with {reference}, which said: {}", differs.join("; ")),
    };
    let mut notes: Vec<Value> = other.notes().map(dated).collect();
    notes.push(Value::text(said));
    let count = notes.len() - 1;
    plan.fields.insert("note".into(), Write { to: Value::List(notes), ..Write::default() });
    let milestones: Vec<Value> = other.entries("milestone").map(|entry| entry.value.clone()).collect();
    if !milestones.is_empty() {
        plan.say("milestones", format!("{} of {reference} come along", milestones.len()));
        plan.fields.insert("milestone".into(), Write { to: Value::List(milestones), ..Write::default() });
    }
    if count > 0 {
        plan.say("notes", format!("{count} of {reference} come along"));
    }
    for differs in &differs {
        plan.say("only in the note", differs.clone());
    }
    let mut planned = plan.finish(&format!("joined {reference} into it"), Then::Stay)?;
    planned.lines.insert(0, Line { label: "leaves", text: format!("{reference} {} leaves the queue; one undo parts them", other.who()) });
    planned.also.push(folded_away(keep, other));
    Ok(planned)
}

/// An application is the file at one utility, in one lane: two of those are two, whatever they share.
fn one_file(keep: &Application, other: &Application, ctx: &Context<'_>) -> Result<(), Refusal> {
    let named = |application: &Application| {
        let utility = application.text("utility").unwrap_or_default().to_owned();
        ctx.playbook.utility(&utility).map_or(utility, |known| known.name.clone())
    };
    let lane = |application: &Application| application.text("lane").unwrap_or_default().to_owned();
    for (what, ours, theirs) in [("utility", named(keep), named(other)), ("lane", lane(keep), lane(other))] {
        if !ours.is_empty() && !theirs.is_empty() && !ours.eq_ignore_ascii_case(&theirs) {
            let says = format!("{} is at {ours}, {} at {theirs}: those are two applications", keep.reference(), other.reference());
            return Err(Refusal::new(says).hint(format!("if one is wrong, set its {what} first")));
        }
    }
    Ok(())
}

/// Empty fields take the other's value; the answer is what differs, in words.
fn fill(plan: &mut Builder<'_>, keep: &Application, other: &Application, ctx: &Context<'_>) -> Vec<String> {
    let mut differs = Vec::new();
    for field in FIELDS {
        let (ours, theirs) = (keep.value(field.name), other.value(field.name));
        if theirs.is_nothing() || ours == theirs {
            continue;
        }
        let shown = match field.name {
            "status" => ctx.playbook.workflow.status_label(theirs.as_text().unwrap_or_default()).to_owned(),
            _ => field::show(field.kind, theirs),
        };
        if ours.is_nothing() && !STANDING.contains(&field.name) {
            plan.put(field.name, theirs.clone());
            plan.say(field.label, shown);
        } else if !STANDING.contains(&field.name) || matches!(field.name, "status" | "ended_reason" | "hold") {
            differs.push(format!("{} {shown}", field.label));
        }
    }
    differs
}

/// To-dos come along under numbers of their own; attempts are counted on from the one that stays.
fn carry_work(plan: &mut Builder<'_>, keep: &Application, other: &Application) {
    let number = |name: &str| name.strip_prefix("todo.").and_then(|number| number.parse::<u32>().ok());
    let mut next = keep.registers.keys().filter_map(|name| number(name)).max().unwrap_or(0) + 1;
    for (name, register) in &other.registers {
        if number(name).is_some() && !register.value.is_nothing() {
            plan.put(&format!("todo.{next}"), register.value.clone());
            let title = register.value.get("title").and_then(Value::as_text).unwrap_or_default();
            plan.say("to-do", title);
            next += 1;
        } else if name.starts_with("attempts.") && keep.value(name).is_nothing() {
            plan.put(name, register.value.clone());
        }
    }
}

/// The other's reference and numbers find the one record from now on, and so do imports.
fn carry_numbers(plan: &mut Builder<'_>, keep: &Application, other: &Application) {
    let reference = other.reference();
    plan.put(&format!("alias.joined.{reference}"), Value::text(reference));
    plan.put(&format!("joined.{reference}"), Value::text(other.id.to_string()));
    for name in ["number", "crm_number", "permit_number"] {
        let (ours, theirs) = (keep.value(name), other.value(name));
        if !ours.is_nothing() && !theirs.is_nothing() && ours != theirs {
            plan.put(&format!("alias.{name}.{reference}"), theirs.clone());
        }
    }
    let mut taken: BTreeSet<String> = keep.registers.keys().cloned().collect();
    for (name, register) in other.registers.iter().filter(|(_, register)| !register.value.is_nothing()) {
        let Some(source) = import::source_of(name) else {
            // An earlier join's numbers.
            if EARLIER.iter().any(|start| name.starts_with(start)) {
                plan.put(name, register.value.clone());
            }
            continue;
        };
        let places = std::iter::once(format!("import.{source}")).chain((2..).map(|n| format!("import.{source}:{n}")));
        let Some(place) = places.into_iter().find(|place| !taken.contains(place)) else { continue };
        plan.put(&place, register.value.clone());
        let alias = place.replacen("import.", "alias.", 1);
        plan.put(&alias, register.value.get("key").cloned().unwrap_or_default());
        taken.insert(place);
    }
}

fn dated(note: &crate::domain::record::Entry) -> Value {
    Value::map([("by", note.by.as_str().into()), ("on", note.on.to_string().into()), ("text", note.value.clone())])
}

/// The other record leaves the queue; its journal stays.
fn folded_away(keep: &Application, other: &Application) -> Change {
    let joined = Value::map([("into", keep.reference().into()), ("opened", other.value(OPENED).clone())]);
    let fields =
        BTreeMap::from([(OPENED.to_owned(), other.write(OPENED, Value::Nothing)), (JOINED.to_owned(), other.write(JOINED, joined))]);
    Change { subject: other.id, of: Of::Application, expects: Some(other.version), needs_reference: false, fields }
}

/// The records that went into `keep`: reference and subject.
pub fn parts(keep: &Application) -> Vec<(String, SubjectId)> {
    let joined = keep.registers.iter().filter_map(|(name, register)| {
        let subject = SubjectId::parse(register.value.as_text()?)?;
        Some((name.strip_prefix("joined.")?.to_owned(), subject))
    });
    joined.collect()
}

/// `other`, which went into `keep`, is a record of its own again: with its fields and the last values of
/// its imports as they were, so that the next list brings to it what came in meanwhile. Fields that it
/// filled and that nobody changed since are empty again; notes stay on both.
pub fn part(keep: &Application, other: &Record, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let reference = other.text("reference").unwrap_or_default().to_owned();
    let opened = other.value(JOINED).get("opened").cloned().unwrap_or_default();
    let Some(joining) = keep.registers.get(&format!("joined.{reference}")).filter(|register| !register.value.is_nothing()) else {
        return Err(Refusal::new(format!("{reference} was not joined with {}", keep.reference())));
    };
    // Joined in a chain: what it brought stands in the record between.
    let into = other.value(JOINED).get("into").and_then(Value::as_text).unwrap_or_default();
    if into != keep.reference() {
        return Err(Refusal::new(format!("{reference} went into {into} before that went into {}", keep.reference()))
            .hint(format!("part {into} first")));
    }
    let mut plan = Builder::new(keep, *ctx, Kind::Set, None)?;
    let back = BTreeMap::from([(OPENED.to_owned(), other.write(OPENED, opened)), (JOINED.to_owned(), other.write(JOINED, Value::Nothing))]);
    for (name, theirs) in other.registers.iter().filter(|(name, _)| import::source_of(name).is_some()) {
        let source = import::source_of(name).unwrap_or_default();
        let key = theirs.value.get("key").and_then(Value::as_text).unwrap_or_default();
        let held = import::register(Some(keep), source, key);
        if keep.value(&held).get("key").and_then(Value::as_text) != Some(key) {
            continue;
        }
        plan.put(&held, Value::Nothing);
        plan.put(&held.replacen("import.", "alias.", 1), Value::Nothing);
    }
    let untouched = keep.registers.iter().filter(|(_, register)| register.writer == joining.writer);
    for (name, _) in untouched.filter(|(name, _)| import::source_of(name).is_none()) {
        plan.put(name, Value::Nothing);
        if let Some(field) = field::find(name) {
            plan.say(field.label, "empty again");
        }
    }
    plan.note(&format!("parted from {reference}; what was joined from it stays among the notes"));
    let mut planned = plan.finish(&format!("parted {reference} from it"), Then::Stay)?;
    planned.lines.insert(0, Line { label: "part", text: format!("{reference} is an application of its own again") });
    let change = Change { subject: other.id, of: Of::Application, expects: Some(other.version), needs_reference: false, fields: back };
    planned.also.push(change);
    Ok(planned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Uuid;
    use crate::domain::message::Person;
    use crate::domain::playbook::Playbook;
    use crate::domain::testing;

    struct Desk(Playbook, Person, BTreeMap<String, String>);

    fn desk() -> Desk {
        let person = Person { login: "jdoe".into(), name: "J. Doe".into(), phone: String::new() };
        Desk(testing::playbook(), person, BTreeMap::new())
    }

    impl Desk {
        fn ctx(&self) -> Context<'_> {
            Context { playbook: &self.0, person: &self.1, company: &self.2, today: testing::today(), moment: None }
        }
    }

    /// A-`n`, with what imports left: source, key.
    fn application(n: u128, fields: &[(&str, &str)], imports: &[(&str, &str)]) -> Application {
        let reference = format!("A-{n}");
        let mut all = vec![("reference", reference.as_str()), ("status", "submitted")];
        all.extend(fields);
        all.extend(imports.iter().map(|(register, _)| (*register, "")));
        let mut app = testing::application(&all);
        app.0.id = SubjectId(Uuid::from_u128(n));
        for (name, key) in imports {
            let register = app.0.registers.get_mut(*name).expect("it was written");
            register.value = import::remembered(key, BTreeMap::from([("site".to_owned(), Value::text(*key))]), BTreeMap::new());
        }
        app
    }

    /// What the plan writes into the record that stays, beside the note and the ball's own fields.
    fn writes(plan: &Planned, names: &[&str]) -> Vec<String> {
        let one = |name: &&str| match plan.change.fields.get(*name).map(|write| &write.to) {
            None => format!("{name} -"),
            Some(Value::Map(map)) => format!("{name} {}", map["key"].as_text().unwrap_or_default()),
            Some(value) => format!("{name} {}", value.as_text().unwrap_or("nothing")),
        };
        names.iter().map(one).collect()
    }

    #[test]
    fn what_the_other_knows_goes_where_nothing_stands() {
        let desk = desk();
        let keep = application(1, &[("site", "1 Oak St"), ("number", "N-1")], &[("import.crm", "C-1")]);
        for (what, fields, imports, wanted) in [
            ("an empty field", &[("owner", "Lee")][..], &[][..], &["owner Lee", "site -"][..]),
            ("a field that has a value", &[("site", "2 Oak St")], &[], &["site -"]),
            ("where it stands", &[("ball", "customer")], &[], &["ball -", "status -"]),
            ("another number of the same kind", &[("number", "N-2")], &[], &["number -", "alias.number.A-2 N-2"]),
            ("another source", &[], &[("import.portal", "P-1")], &["import.portal P-1", "alias.portal P-1"]),
            ("the same source", &[], &[("import.crm", "C-2")], &["import.crm -", "import.crm:2 C-2", "alias.crm:2 C-2"]),
        ] {
            let other = application(2, fields, imports);
            let plan = join(&keep, &other, &desk.ctx()).expect(what);
            let names: Vec<&str> = wanted.iter().map(|line| line.split(' ').next().expect("a name")).collect();
            assert_eq!(writes(&plan, &names), wanted, "{what}");
            assert_eq!(writes(&plan, &["alias.joined.A-2"]), ["alias.joined.A-2 A-2"], "{what}");
            let [away] = plan.also.as_slice() else { panic!("{what}: the other changes too") };
            assert_eq!((away.subject, away.expects, &away.fields[OPENED].to), (other.id, Some(other.version), &Value::Nothing), "{what}");
        }
    }

    #[test]
    fn a_value_that_is_not_taken_stands_in_the_note() {
        let desk = desk();
        let keep = application(1, &[("site", "1 Oak St")], &[]);
        let other = application(2, &[("site", "2 Oak St"), ("status", "screening"), ("owner", "Lee")], &[]);
        let plan = join(&keep, &other, &desk.ctx()).expect("a plan");
        let Value::List(notes) = &plan.change.fields["note"].to else { panic!("a list of notes") };
        let said = notes.last().and_then(Value::as_text).unwrap_or_default();
        assert!(said.contains("joined with A-2") && said.contains("2 Oak St") && said.contains("initial review"), "{said}");
        assert!(!said.contains("Lee"), "what was taken is no difference: {said}");
    }

    #[test]
    fn two_applications_are_not_joined() {
        let desk = desk();
        let rmp = application(1, &[("utility", "Rocky Mountain Power"), ("lane", "utility")], &[]);
        for (other, says) in [
            (rmp.clone(), "A-1 cannot be joined with itself"),
            (application(2, &[("legal_hold", "yes")], &[]), "A-2 is under legal hold"),
            (application(2, &[("utility", "Portland General Electric")], &[]), "those are two applications"),
            (application(2, &[("lane", "ahj")], &[]), "A-1 is at utility, A-2 at ahj: those are two applications"),
        ] {
            let refusal = join(&rmp, &other, &desk.ctx()).expect_err(says).to_string();
            assert!(refusal.contains(says), "{refusal}");
        }
        let held = application(1, &[("legal_hold", "yes")], &[]);
        assert!(join(&held, &application(2, &[], &[]), &desk.ctx()).is_err(), "nor into one that is held");
        assert!(join(&rmp, &application(2, &[], &[]), &desk.ctx()).is_ok(), "one that says no utility may be the same");
        assert!(part(&rmp, &application(2, &[], &[]).0, &desk.ctx()).is_err(), "what was never joined is not parted");
    }
}
