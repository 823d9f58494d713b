//! Says what an import did: for a script everything, for a person what needs a look.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::home::Globals;
use super::stop::Stop;
use crate::domain::field::{self, Kind};
use crate::domain::import::Report;
use crate::domain::text;
use crate::domain::value::Value;
use crate::outlet::jsonl;

/// How many of each kind a person gets to see.
const SHOWN: usize = 20;

pub fn print(report: &Report, dry_run: bool, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.json {
        writeln!(out, "{}", object(report, dry_run))?;
        return Ok(());
    }
    let would = if dry_run { "would be: " } else { "" };
    let Report { added, changed, same, .. } = report;
    writeln!(out, "{would}{added} added, {changed} changed, {same} same")?;
    if dry_run {
        let change = |(key, field, before, after): &(String, String, Value, Value)| {
            format!("{key}: {field} {} → {}", words(field, before), words(field, after))
        };
        list(out, "changes field by field", report.changes.iter().map(change), report.changes.len())?;
    }
    let unknown = report.unknown_statuses.iter().map(|(word, rows)| format!("{word} ({rows})"));
    list(out, "status words that no rule of the profile knows, kept as read", unknown, report.unknown_statuses.len())?;
    let conflict = |conflict: &crate::domain::import::Conflict| {
        let field = &conflict.field;
        let (ours, theirs) = (words(field, &conflict.ours), words(field, &conflict.theirs));
        format!("line {}: {} {field}: ours {ours}, theirs {theirs}", conflict.line, conflict.key)
    };
    list(out, "changed here and in the file; ours stays", report.conflicts.iter().map(conflict), report.conflicts.len())?;
    list(out, "no longer in the file; left alone", report.gone.iter().cloned(), report.gone.len())?;
    list(out, "rows at fault, not read in", report.problems.iter().map(ToString::to_string), report.problems.len())
}

fn list(out: &mut dyn Write, head: &str, items: impl Iterator<Item = String>, count: usize) -> Result<(), Stop> {
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "{count} {head}")?;
    for item in items.take(SHOWN) {
        writeln!(out, "  {}", text::clean_line(&item))?;
    }
    if count > SHOWN {
        writeln!(out, "  and {} more (--json lists all)", count - SHOWN)?;
    }
    Ok(())
}

fn words(name: &str, value: &Value) -> String {
    let kind = field::find(name).map_or(Kind::Text, |field| field.kind);
    let shown = field::show(kind, value);
    if shown.is_empty() { "nothing".to_owned() } else { shown }
}

fn object(report: &Report, dry_run: bool) -> Json {
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
    })
}
