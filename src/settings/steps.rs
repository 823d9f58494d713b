//! Does `playbooks/steps.toml` name milestones that there are?

use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::playbook::Workflow;
use crate::domain::turnaround::Step;

/// The steps, and how many times one must have been seen before it tells anything.
pub struct Read {
    pub steps: Vec<Step>,
    pub least: usize,
}

/// The steps in the order of the file. It is one for all desks, so a code that this desk does not have
/// is another desk's; one that looks like one of ours is a slip.
pub fn read(table: &Table, file: &str, workflow: &Workflow, problems: &Problems) -> Read {
    let mut reader = Reader::root(table, file, problems);
    let steps = reader
        .tables("step")
        .into_iter()
        .map(|mut step| {
            let name = step.name().text;
            let label = step.need("label", "the words for the screen").text;
            let (from, to) = (codes(&mut step, "from", workflow), codes(&mut step, "to", workflow));
            step.finish();
            Step { name, label, from, to }
        })
        .collect();
    let least = reader.number("least", 1, 1_000).and_then(|least| usize::try_from(least).ok());
    if !reader.has("least") {
        reader.problem(&reader.at("least"), "nothing", "how many times a step must have been seen before it tells anything: 5");
    }
    reader.finish();
    Read { steps, least: least.unwrap_or(1) }
}

fn codes<'a>(reader: &mut Reader<'a>, key: &'a str, workflow: &Workflow) -> Vec<String> {
    let words: Vec<Word> = reader.words(key);
    if words.is_empty() {
        reader.problem(&reader.at(key), "nothing", "codes of milestones");
    }
    let known = || workflow.milestones.iter().map(|(code, _)| code.as_str());
    for word in words.iter().filter(|word| known().all(|code| code != word.text)) {
        let near = known().map(|code| (strsim::damerau_levenshtein(&word.text, code), code)).min();
        if let Some((_, code)) = near.filter(|(distance, _)| *distance <= 2) {
            reader.problem(&word.at, quote(&word.text), code);
        }
    }
    words.into_iter().map(|word| word.text).collect()
}
