//! What does a preview or a report of an import say, line by line?

use super::import::{Ended, Import, Phase, wrote};
use super::pager::wrap;
use super::prompt::Tint;
use crate::domain::import::{Conflict, Report};
use crate::domain::import_words::{count, field_words, thousands, value_words};
use crate::domain::playbook::Workflow;
use crate::domain::trouble::{Failure, Problem};

/// How many of each kind are listed; the rest is counted.
const LISTED: usize = 200;
/// From this width on the counts have their full words.
const FULL: usize = 64;

/// Lines as they are gathered.
struct Lines<'a> {
    workflow: &'a Workflow,
    width: usize,
    lines: Vec<(Tint, String)>,
}

/// The lines of the phase it is in, none wider than `width`.
pub(super) fn lines(import: &Import, workflow: &Workflow, width: usize) -> Vec<(Tint, String)> {
    let mut lines = Lines { workflow, width: width.max(20), lines: Vec::new() };
    match &import.phase {
        Phase::Preview(report) => {
            lines.preview(import, report);
            lines.sections(report);
        }
        Phase::Refused(failure) => lines.refused(import, failure),
        Phase::Done(ended) => {
            lines.ended(ended);
            lines.sections(&ended.report);
        }
        Phase::Looking | Phase::Columns | Phase::Trying { .. } | Phase::Running { .. } => {}
    }
    lines.lines
}

impl Lines<'_> {
    fn say(&mut self, tint: Tint, text: &str) {
        self.lines.extend(wrap(text, self.width).into_iter().map(|line| (tint, line)));
    }

    fn preview(&mut self, import: &Import, report: &Report) {
        let rows = report.added + report.changed + report.same;
        let says = match (wrote(report), rows) {
            (true, _) => format!("{} can be read; nothing is written yet:", count(rows, "row")),
            (false, 0) => "no row can be read in:".to_owned(),
            (false, _) => format!("{} can be read, and none of them says anything new:", count(rows, "row")),
        };
        self.say(Tint::Title, &says);
        self.counts(report);
        if report.without_follow_up > 0 {
            let rows = count(report.without_follow_up, "new row");
            let verb = if report.without_follow_up == 1 { "has" } else { "have" };
            let spread = match import.spread {
                0 => "due at once; + or a number spreads such rows over business days".to_owned(),
                days => format!("spread over [{days}] business days (+ - or a number; 0: at once)"),
            };
            self.say(Tint::Warn, &format!("{rows} {verb} no day on which we look again: {spread}"));
        }
    }

    fn ended(&mut self, ended: &Ended) {
        let came = ended.report.added + ended.report.changed;
        if let Some(words) = &ended.taken_back {
            self.say(Tint::Title, &format!("{words}; what follows is what it had done:"));
        } else if let Some(failure) = &ended.stopped {
            self.say(Tint::Warn, &format!("stopped: {}", failure.says()));
            for cause in failure.causes().iter().take(5) {
                self.say(Tint::Plain, &format!("  {cause}"));
            }
            if let Some(hint) = failure.hint() {
                self.say(Tint::Plain, &format!("  {hint}"));
            }
            let says = match came {
                0 => "nothing had come in; the same file can be read in again:".to_owned(),
                _ => format!("{} had come in. Keep them, and the same file again does the rest; or take them back:", count(came, "row")),
            };
            self.say(Tint::Title, &says);
        } else {
            let says =
                if came == 0 { "nothing was new; nothing was written:".to_owned() } else { format!("{} came in:", count(came, "row")) };
            self.say(Tint::Title, &says);
        }
        self.counts(&ended.report);
    }

    fn refused(&mut self, import: &Import, failure: &Failure) {
        self.say(Tint::Warn, &format!("{} cannot be read in; nothing was written", import.name()));
        self.lines.push((Tint::Plain, String::new()));
        match failure {
            Failure::Problems(problems) => {
                for problem in problems.iter().take(LISTED) {
                    self.problem(problem);
                }
            }
            other => {
                self.say(Tint::Plain, &format!("  {}", other.says()));
                for cause in other.causes() {
                    self.say(Tint::Plain, &format!("  because {cause}"));
                }
                if let Some(hint) = other.hint() {
                    self.say(Tint::Plain, &format!("  {hint}"));
                }
            }
        }
    }

    /// All counts, those that are nothing in grey, in two columns.
    fn counts(&mut self, report: &Report) {
        let conflicts = report.conflicts.iter().filter(|conflict| !conflict.suggested).count();
        let full = self.width >= FULL;
        let pairs = [
            ((report.added, "new", "new"), (report.problems.len() + report.more_problems, "with a problem, left out", "with problem")),
            ((report.changed, "changed", "changed"), (conflicts, "in conflict, ours is kept", "in conflict")),
            ((report.same, "same as before", "same"), (report.conflicts.len() - conflicts, "suggested, kept beside ours", "suggested")),
            ((report.found, "of these found by a number", "by number"), (report.alike.len(), "look like another record", "look alike")),
            ((report.left_out, "left out by a filter", "left out"), (report.gone.len(), "no longer in the file", "gone")),
        ];
        for (left, right) in pairs {
            let one = |(number, long, short): (usize, &str, &str)| format!("{:>8} {}", thousands(number), if full { long } else { short });
            let tint = if left.0 + right.0 == 0 { Tint::Dim } else { Tint::Plain };
            let width = if full { 37 } else { self.width / 2 };
            self.lines.push((tint, format!("{:<width$}{}", one(left), one(right))));
        }
    }

    fn sections(&mut self, report: &Report) {
        self.section("about the file", &report.remarks, |lines, remark| lines.say(Tint::Plain, &format!("  {remark}")));
        self.section("problems: these rows stay out, the others come in", &report.problems, |lines, problem| lines.problem(problem));
        if report.more_problems > 0 {
            self.say(Tint::Dim, &format!("  and {} more", report.more_problems));
        }
        let (suggested, conflicts): (Vec<&Conflict>, Vec<&Conflict>) = report.conflicts.iter().partition(|conflict| conflict.suggested);
        self.section("conflicts: changed on both sides; ours is kept until somebody settles it", &conflicts, |lines, conflict| {
            lines.conflict(conflict);
        });
        self.section("suggested: kept beside ours, to be taken or not", &suggested, |lines, conflict| lines.conflict(conflict));
        let alike = "likely duplicates: they come in as new all the same, and can be joined";
        self.section(alike, &report.alike, |lines, alike| {
            lines.say(Tint::Plain, &format!("  {} (line {}) looks like {}: {}", alike.key, alike.line, alike.reference, alike.because));
        });
        let unknown: Vec<_> = report.unknown_statuses.iter().collect();
        self.section("status words that nobody knows: kept as read, and open", &unknown, |lines, (word, rows)| {
            lines.say(Tint::Plain, &format!("  {word}: {}", count(**rows, "row")));
        });
        self.section("changes, field by field", &report.changes, |lines, (key, field, before, after)| {
            let (before, after) = (value_words(lines.workflow, field, before), value_words(lines.workflow, field, after));
            let change = match (before.is_empty(), after.is_empty()) {
                (true, _) => after,
                (false, true) => format!("{before} → cleared"),
                (false, false) => format!("{before} → {after}"),
            };
            lines.say(Tint::Plain, &format!("  {key}  {}: {change}", field_words(lines.workflow, field)));
        });
        self.section("no longer in the file; left alone", &report.gone, |lines, key| lines.say(Tint::Plain, &format!("  {key}")));
    }

    /// A title with the items below it; nothing when there are none.
    fn section<T>(&mut self, title: &str, items: &[T], each: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        self.lines.push((Tint::Plain, String::new()));
        self.say(Tint::Title, title);
        for item in items.iter().take(LISTED) {
            each(self, item);
        }
        if items.len() > LISTED {
            self.say(Tint::Dim, &format!("  and {} more", items.len() - LISTED));
        }
    }

    fn problem(&mut self, problem: &Problem) {
        let line = if problem.line > 0 { format!("line {}  ", problem.line) } else { String::new() };
        let column = if problem.column.is_empty() { String::new() } else { format!("{}: ", problem.column) };
        self.say(Tint::Plain, &format!("  {line}{column}read {}, wanted {}", problem.read, problem.wanted));
    }

    fn conflict(&mut self, conflict: &Conflict) {
        let value = |value| match value_words(self.workflow, &conflict.field, value) {
            words if words.is_empty() => "nothing".to_owned(),
            words => words,
        };
        let (ours, theirs) = (value(&conflict.ours), value(&conflict.theirs));
        let field = field_words(self.workflow, &conflict.field);
        self.say(Tint::Plain, &format!("  {} (line {})  {field}: ours {ours}, theirs {theirs}", conflict.key, conflict.line));
    }
}
