//! Says what an import did: for a script everything, for a person what needs a look.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::home::Globals;
use super::stop::Stop;
use crate::domain::field::{self, Kind};
use crate::domain::import::{Alike, Conflict, Profile, Report};
use crate::domain::plan::settle::label;
use crate::domain::text;
use crate::domain::value::Value;
use crate::outlet::jsonl;

/// How many of each kind a person gets to see.
const SHOWN: usize = 20;

pub fn print(report: &Report, profile: &Profile, dry_run: bool, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.json {
        writeln!(out, "{}", object(report, profile, dry_run))?;
        return Ok(());
    }
    for remark in &report.remarks {
        writeln!(out, "{}", text::clean_line(remark))?;
    }
    let would = if dry_run { "would be: " } else { "" };
    let Report { added, changed, same, .. } = report;
    write!(out, "{would}{added} added, {changed} changed, {same} same")?;
    for (count, words) in [(report.found, "found by a number"), (report.left_out, "left out by a filter")] {
        if count > 0 {
            write!(out, ", {count} {words}")?;
        }
    }
    writeln!(out, " (profile {})", profile.name)?;
    if dry_run {
        let change = |(key, field, before, after): &(String, String, Value, Value)| {
            format!("{key}: {} {} → {}", label(field), words(field, before), words(field, after))
        };
        list(out, "changes field by field", report.changes.iter().map(change), report.changes.len(), 0)?;
    }
    let unknown = report.unknown_statuses.iter().map(|(word, rows)| format!("{word} ({rows})"));
    list(out, "status words that no rule of the profile knows, kept as read", unknown, report.unknown_statuses.len(), 0)?;
    for (suggested, head) in [
        (false, "changed here and in the file; ours stays until intertie settle"),
        (true, "only suggested by the file; ours stays until intertie settle"),
    ] {
        let some: Vec<&Conflict> = report.conflicts.iter().filter(|conflict| conflict.suggested == suggested).collect();
        let conflict = |conflict: &&Conflict| {
            let field = &conflict.field;
            let (ours, theirs) = (words(field, &conflict.ours), words(field, &conflict.theirs));
            format!("line {}: {} {}: ours {ours}, theirs {theirs}", conflict.line, conflict.key, label(field))
        };
        list(out, head, some.iter().map(conflict), some.len(), 0)?;
    }
    let alike = |alike: &Alike| format!("line {}: {} and {}: {}", alike.line, alike.key, alike.reference, alike.because);
    list(
        out,
        "new rows that look like an application that was there (intertie join)",
        report.alike.iter().map(alike),
        report.alike.len(),
        0,
    )?;
    list(out, "no longer in the file; left alone", report.gone.iter().cloned(), report.gone.len(), 0)?;
    let problems = report.problems.iter().map(ToString::to_string);
    list(out, "faults in rows that were not read in", problems, report.problems.len(), report.more_problems)?;
    if report.without_follow_up > 0 {
        let count = report.without_follow_up;
        writeln!(out, "{count} new rows have no follow-up and are all due now; --spread DAYS spreads them over business days")?;
    }
    Ok(())
}

/// `more`: beyond those that there was room for.
fn list(out: &mut dyn Write, head: &str, items: impl Iterator<Item = String>, count: usize, more: usize) -> Result<(), Stop> {
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "{}: {}", head, count + more)?;
    for item in items.take(SHOWN) {
        writeln!(out, "  {}", text::clean_line(&item))?;
    }
    if count + more > SHOWN {
        let all = if more == 0 { "all".to_owned() } else { format!("the first {count}") };
        writeln!(out, "  and {} more (--json lists {all})", count + more - count.min(SHOWN))?;
    }
    Ok(())
}

pub fn words(name: &str, value: &Value) -> String {
    let kind = field::find(name).map_or(Kind::Text, |field| field.kind);
    let shown = field::show(kind, value);
    if shown.is_empty() { "nothing".to_owned() } else { shown }
}

fn object(report: &Report, profile: &Profile, dry_run: bool) -> Json {
    let conflicts: Vec<Json> = report
        .conflicts
        .iter()
        .map(|conflict| {
            json!({
                "line": conflict.line,
                "key": conflict.key,
                "field": conflict.field,
                "ours": jsonl::json(&conflict.ours),
                "theirs": jsonl::json(&conflict.theirs),
                "suggested": conflict.suggested,
            })
        })
        .collect();
    let problems: Vec<Json> = report
        .problems
        .iter()
        .map(|problem| json!({"line": problem.line, "column": problem.column, "read": problem.read, "wanted": problem.wanted}))
        .collect();
    let changes: Vec<Json> = report
        .changes
        .iter()
        .map(|(key, field, before, after)| json!({"key": key, "field": field, "before": jsonl::json(before), "after": jsonl::json(after)}))
        .collect();
    let alike: Vec<Json> = report
        .alike
        .iter()
        .map(|alike| json!({"line": alike.line, "key": alike.key, "id": alike.reference, "because": alike.because}))
        .collect();
    json!({
        "added": report.added,
        "changed": report.changed,
        "same": report.same,
        "gone": report.gone.len(),
        "conflicts": report.conflicts.len(),
        "problems": problems,
        "gone_keys": report.gone,
        "conflicts_listed": conflicts,
        "unknown_statuses": report.unknown_statuses,
        "changes": changes,
        "dry_run": dry_run,
        "profile": profile.name,
        "found": report.found,
        "left_out": report.left_out,
        "without_follow_up": report.without_follow_up,
        "more_problems": report.more_problems,
        "alike": alike,
        "remarks": report.remarks,
    })
}
