//! Why does a command end early, and how is it told?

use std::io::{self, Write};
use std::ops::Range;

use serde_json::json;
use unicode_width::UnicodeWidthChar;

use crate::domain::text;
use crate::domain::trouble::{Failure, Problem, Refusal, Trouble};

/// The exit code of a command that was not understood; clap's own.
const USAGE: u8 = 2;

/// The end of a command that did not do what was asked for.
#[derive(Debug)]
pub enum Stop {
    /// Whoever read our output has seen enough: `intertie list | head`. Not a failure.
    Closed,
    /// The command line makes no sense: exit 2.
    Usage {
        says: String,
        hint: Option<String>,
    },
    /// A query makes no sense, at this place of the part that is shown: exit 2.
    Query {
        says: String,
        excerpt: String,
        at: Range<usize>,
    },
    Failure(Failure),
    /// Settings files are wrong: exit 78, because no data is.
    Settings(Vec<Problem>),
    /// All has been said; only the code is left.
    Code(u8),
}

impl Stop {
    pub fn usage(says: impl Into<String>) -> Stop {
        Stop::Usage { says: says.into(), hint: None }
    }

    pub fn usage_hint(says: impl Into<String>, hint: impl Into<String>) -> Stop {
        Stop::Usage { says: says.into(), hint: Some(hint.into()) }
    }

    pub fn query(says: String, excerpt: String, at: Range<usize>) -> Stop {
        Stop::Query { says, excerpt, at }
    }

    pub fn code(&self) -> u8 {
        match self {
            Stop::Closed => 0,
            Stop::Usage { .. } | Stop::Query { .. } => USAGE,
            Stop::Failure(failure) => failure.exit_code(),
            Stop::Settings(_) => 78,
            Stop::Code(code) => *code,
        }
    }

    /// Writes the sentence, its causes below, the hint last; as JSON when the caller is a script.
    /// A standard error that cannot be written to changes nothing about the exit code.
    pub fn tell(&self, as_json: bool, err: &mut impl Write) -> io::Result<()> {
        let (says, causes, hint) = match self {
            Stop::Closed | Stop::Code(_) => return Ok(()),
            Stop::Usage { says, hint } => (says.clone(), Vec::new(), hint.clone()),
            Stop::Query { says, excerpt, at } => (says.clone(), marked(excerpt, at), None),
            Stop::Failure(failure) => (failure.says(), failure.causes(), failure.hint().map(str::to_owned)),
            Stop::Settings(problems) => {
                let failure = Failure::Problems(problems.clone());
                (failure.says(), failure.causes(), Some("intertie playbook check reads all of it again".to_owned()))
            }
        };
        if as_json {
            return writeln!(err, "{}", json!({ "error": says, "causes": causes, "hint": hint }));
        }
        writeln!(err, "intertie: {}", shown(&says))?;
        for cause in causes {
            writeln!(err, "  {}", shown(&cause))?;
        }
        match hint {
            Some(hint) => writeln!(err, "hint: {}", shown(&hint)),
            None => Ok(()),
        }
    }
}

/// The query, and a line below it that marks the place by cells.
fn marked(excerpt: &str, at: &Range<usize>) -> Vec<String> {
    let wide = |from: usize, count: usize| excerpt.chars().skip(from).take(count).map(|c| c.width().unwrap_or(0)).sum::<usize>();
    vec![excerpt.to_owned(), format!("{}{}", " ".repeat(wide(0, at.start)), "^".repeat(wide(at.start, at.len()).max(1)))]
}

/// Text for a raw terminal: arguments and file names come back in these sentences.
fn shown(says: &str) -> String {
    text::clean(says).trim_end().replace('\n', "\n  ")
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failure(failure)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Failure(refusal.into())
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Stop {
        Stop::Failure(trouble.into())
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Stop {
        Stop::Failure(problem.into())
    }
}

impl From<Vec<Problem>> for Stop {
    fn from(problems: Vec<Problem>) -> Stop {
        Stop::Failure(problems.into())
    }
}

/// Only standard output is written with `?` on an `io::Error`; files have words of their own.
impl From<io::Error> for Stop {
    fn from(err: io::Error) -> Stop {
        match err.kind() {
            io::ErrorKind::BrokenPipe => Stop::Closed,
            _ => Trouble::io("standard output could not be written").because(err).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stop: &Stop, as_json: bool) -> String {
        let mut out = Vec::new();
        stop.tell(as_json, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_sentence_its_causes_and_a_hint() {
        let stop: Stop = Refusal::new("no \u{1b}]52;c;aGk=\x07such").because("one").because("two").hint("try").into();
        assert_eq!(told(&stop, false), "intertie: no such\n  one\n  two\nhint: try\n");
        assert_eq!(told(&stop, true), "{\"causes\":[\"one\",\"two\"],\"error\":\"no \\u001b]52;c;aGk=\\u0007such\",\"hint\":\"try\"}\n");
    }

    #[test]
    fn codes() {
        for (stop, code) in [
            (Stop::Closed, 0),
            (Stop::usage("what?"), 2),
            (Stop::from(Refusal::new("no")), 1),
            (Stop::from(Problem::default()), 65),
            (Stop::from(Trouble::io("disk")), 74),
            (Stop::from(Trouble::config("none")), 78),
            (Stop::from(io::Error::from(io::ErrorKind::BrokenPipe)), 0),
            (Stop::from(io::Error::from(io::ErrorKind::StorageFull)), 74),
            (Stop::Code(65), 65),
        ] {
            assert_eq!(stop.code(), code, "{stop:?}");
        }
    }
}
