//! Which status of the workflow does a word of somebody else's status column mean?

use crate::domain::import::StatusRule;
use crate::domain::playbook::{UTILITY_LANE, Workflow};
use crate::domain::text;

/// Words of portals and CRMs, each after the status that it means here. Words that say different
/// things in different places (complete, active, pending, on hold, open) are not here.
const WORDS: &[(&str, &str)] = &[
    ("intake", "intake|new|new project|inquiry|handoff|ntp pending"),
    ("pre-application", "pre application|pre application report|feeder check|hosting capacity check"),
    (
        "package-build",
        "package build|collecting documents|docs needed|documents needed|missing documents|design|in design|waiting on utility bill",
    ),
    (
        "customer-signature",
        "out for signature|customer signature|awaiting signature|awaiting customer signature|pending signature|signatures out",
    ),
    ("ready-to-submit", "ready to submit|draft|unsubmitted|not submitted|qc|ready for submission"),
    (
        "submitted",
        "submitted|application submitted|ix submitted|sent|sent to utility|received|application received|pending acknowledgement",
    ),
    ("fee-due", "fee due|application fee due|awaiting payment|invoiced|payment due|pending payment"),
    ("acknowledged", "acknowledged|completeness review|admin review|administrative review|under completeness review|application review"),
    (
        "deficiency",
        "deficiency|deficient|incomplete|revisions requested|revision requested|revisions required|info needed|information needed|more information needed|rfi|corrections required|kicked back|returned|application rejected|rejected for corrections",
    ),
    ("resubmitted", "resubmitted|application resubmitted|re review|revised application received"),
    ("deemed-complete", "deemed complete|application complete|application deemed complete|accepted as complete"),
    (
        "screening",
        "engineering review|technical review|initial review|fast track|fast track review|screening|under review|in review|utility review|screens",
    ),
    ("screen-failed", "screens failed|screen failed|options meeting|failed screens"),
    ("supplemental-review", "supplemental|supplemental review"),
    ("study", "study|in study|system impact study|impact study|facilities study|feasibility study|phase 1|phase 2|phase 3"),
    (
        "approved-to-install",
        "approved to install|conditional approval|conditionally approved|application approved|approved|ix approved|interconnection approved|permission to install|pre install approval|part 1 approved",
    ),
    ("agreement", "agreement|awaiting agreement|agreement sent|ia sent|ia out for signature|gia"),
    ("utility-upgrades", "utility upgrades|upgrades|transformer upgrade|upgrade required|accepted to connect"),
    ("installing", "installing|installation|install scheduled|awaiting installation|under construction|construction|build"),
    ("ahj-inspection", "ahj inspection|awaiting inspection|inspection|inspection scheduled|final inspection|pending inspection"),
    (
        "completion-sent",
        "completion sent|completion package sent|pto requested|pto submitted|completion docs submitted|completion documents submitted|part 2 submitted|pending pto|awaiting pto|final documents submitted",
    ),
    ("completion-rejected", "pto rejected|completion rejected|photos rejected|final documents rejected"),
    ("witness-test", "witness test|witness test scheduled|commissioning test|commissioning"),
    ("meter", "meter|meter order|pending meter|meter swap|meter set|awaiting meter|meter exchange"),
    (
        "pto",
        "pto|pto issued|pto granted|pto received|permission to operate|permission to operate issued|approved to operate|authorized to operate|energized",
    ),
    ("post-pto", "post pto|enrolment|enrollment|rate change"),
    ("closed", "closed|in service|connected|archived"),
    ("ended", "cancelled|canceled|withdrawn|denied|expired|cancelled by customer|terminated|void"),
];

/// Why an application has ended, by a word that begins so.
const REASONS: [(&str, &str); 6] = [
    ("cancel", "cancelled"),
    ("withdr", "withdrawn"),
    ("den", "denied"),
    ("expir", "expired"),
    ("termin", "cancelled"),
    ("void", "cancelled"),
];
/// Shorter words must be the same, or `PTO` would be `PTA`.
const LETTERS_MIN: usize = 6;
const ALIKE: f64 = 0.86;

/// The rule for one word, if it is clear what it means.
pub fn rule(column: &str, word: &str, workflow: &Workflow) -> Option<StatusRule> {
    let said = plain(word);
    if said.is_empty() {
        return None;
    }
    let mut known: Vec<(String, &str)> = Vec::new();
    // A list of applications is one of a utility's until somebody says otherwise.
    for status in workflow.of_lane(UTILITY_LANE) {
        // The name and the words of the workflow itself come first: a team's own desk counts.
        known.extend([&status.name, &status.label, &status.short].map(|word| (plain(word), status.name.as_str())));
    }
    for (status, words) in WORDS.iter().filter(|(status, _)| workflow.status(status).is_some()) {
        known.extend(words.split('|').map(|word| (plain(word), *status)));
    }
    let exact = known.iter().find(|(word, _)| *word == said).map(|(_, status)| *status);
    let status = exact.or_else(|| alike(&said, &known))?;
    let reason = REASONS.iter().find(|(start, _)| said.starts_with(start)).map(|(_, reason)| (*reason).to_owned());
    let ended_reason = reason.filter(|reason| status == "ended" && workflow.ended_reasons.contains(reason));
    if status == "ended" && ended_reason.is_none() {
        return None;
    }
    Some(StatusRule { column: column.to_owned(), word: word.to_owned(), status: status.to_owned(), ended_reason })
}

/// The known word that differs by a slip of the keyboard. A word that begins otherwise is another one:
/// `incomplete` is not `complete`, `resubmitted` not `submitted`.
fn alike<'a>(said: &str, known: &[(String, &'a str)]) -> Option<&'a str> {
    let near = known.iter().filter(|(word, _)| said.len() >= LETTERS_MIN && word.len() >= LETTERS_MIN && word[..1] == said[..1]);
    let scored = near.map(|(word, status)| (strsim::normalized_damerau_levenshtein(said, word), *status));
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    Some(best.1)
}

/// ASCII letters and digits in lower case, one space between words.
fn plain(word: &str) -> String {
    let folded = text::fold(word);
    folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::playbook::Status;

    fn workflow() -> Workflow {
        let status = |name: &str| Status {
            lane: "utility".into(),
            name: name.into(),
            label: name.replace('-', " "),
            short: name.into(),
            task: String::new(),
            ball: "us".into(),
            follow_up: "1b".into(),
            target_days: None,
            ready: false,
            approved: false,
            portal: false,
            open: true,
        };
        Workflow {
            lanes: Vec::new(),
            statuses: WORDS.iter().map(|(name, _)| status(name)).filter(|status| status.name != "study").collect(),
            parties: Vec::new(),
            moves: HashSet::new(),
            ended_reasons: ["cancelled", "withdrawn", "denied"].map(String::from).to_vec(),
            milestones: Vec::new(),
        }
    }

    #[test]
    fn words_mean_a_status_only_if_that_is_clear() {
        let workflow = workflow();
        for (word, status) in [
            ("PTO Issued", Some("pto")),
            ("Deemed-Complete", Some("deemed-complete")),
            ("Revisions Requested", Some("deficiency")),
            ("Incomplete", Some("deficiency")),
            ("Resubmitted", Some("resubmitted")),
            ("Enginering Review", Some("screening")),
            ("Approved", Some("approved-to-install")),
            ("Withdrawn", Some("ended")),
            ("Canceled", Some("ended")),
            ("Expired", None),
            ("Complete", None),
            ("Not approved", None),
            ("Active", None),
            ("On Hold - Finance", None),
            ("Study", None),
            ("PTA", None),
            ("—", None),
        ] {
            let found = rule("s", word, &workflow);
            assert_eq!(found.as_ref().map(|rule| rule.status.as_str()), status, "{word}");
        }
        assert_eq!(rule("s", "Canceled", &workflow).and_then(|rule| rule.ended_reason).as_deref(), Some("cancelled"));
    }

    #[test]
    fn a_word_is_in_the_table_once() {
        let all: Vec<String> = WORDS.iter().flat_map(|(_, words)| words.split('|').map(plain)).collect();
        let unique: HashSet<&String> = all.iter().collect();
        assert_eq!(unique.len(), all.len());
    }
}
