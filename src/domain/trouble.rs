//! The three kinds of error. Each prints as one sentence, its causes below, a hint last.

use std::fmt;

/// A rule said no. Nothing was changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub says: String,
    pub causes: Vec<String>,
    pub hint: Option<String>,
}

impl Refusal {
    pub fn new(says: impl Into<String>) -> Refusal {
        Refusal { says: says.into(), causes: Vec::new(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Refusal {
        self.hint = Some(hint.into());
        self
    }

    pub fn because(mut self, cause: impl Into<String>) -> Refusal {
        self.causes.push(cause.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

/// The data is wrong: where, what was read, what was wanted. Lines and columns count from 1;
/// 0 means that the fault is the file's, not a line's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub column: String,
    pub read: String,
    pub wanted: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, ": {}", self.column)?;
        }
        write!(f, ": read {}, wanted {}", self.read, self.wanted)
    }
}

/// How the world failed; decides the exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Not what it claims to be: exit 65.
    Data,
    /// Disk, terminal, permissions: exit 74.
    Io,
    /// Somebody else holds it: exit 75, try again.
    Busy,
    /// Settings, a newer schema, no database where one is needed: exit 78.
    Config,
}

/// The world failed. What was asked for did not happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    pub kind: Kind,
    pub says: String,
    pub causes: Vec<String>,
    pub hint: Option<String>,
}

impl Trouble {
    pub fn new(kind: Kind, says: impl Into<String>) -> Trouble {
        Trouble { kind, says: says.into(), causes: Vec::new(), hint: None }
    }

    pub fn data(says: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Data, says)
    }

    pub fn io(says: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Io, says)
    }

    pub fn config(says: impl Into<String>) -> Trouble {
        Trouble::new(Kind::Config, says)
    }

    pub fn because(mut self, cause: impl fmt::Display) -> Trouble {
        self.causes.push(cause.to_string());
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Trouble {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

/// Any of the three, for calls that can fail in more than one way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    Refusal(Refusal),
    Problems(Vec<Problem>),
    Trouble(Trouble),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refusal(refusal)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Problems(vec![problem])
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Failure {
        Failure::Problems(problems)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        Failure::Trouble(trouble)
    }
}

impl Failure {
    /// The one sentence.
    pub fn says(&self) -> String {
        match self {
            Failure::Refusal(refusal) => refusal.says.clone(),
            Failure::Problems(problems) => problems.first().map(ToString::to_string).unwrap_or_default(),
            Failure::Trouble(trouble) => trouble.says.clone(),
        }
    }

    /// What lies below the sentence, in order.
    pub fn causes(&self) -> Vec<String> {
        match self {
            Failure::Refusal(refusal) => refusal.causes.clone(),
            Failure::Problems(problems) => problems.iter().skip(1).map(ToString::to_string).collect(),
            Failure::Trouble(trouble) => trouble.causes.clone(),
        }
    }

    pub fn hint(&self) -> Option<&str> {
        match self {
            Failure::Refusal(refusal) => refusal.hint.as_deref(),
            Failure::Problems(_) => None,
            Failure::Trouble(trouble) => trouble.hint.as_deref(),
        }
    }

    /// The exit code of the command line: 1 refused, 65 data, 74 I/O, 75 busy, 78 configuration.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Refusal(_) => 1,
            Failure::Problems(_) => 65,
            Failure::Trouble(trouble) => match trouble.kind {
                Kind::Data => 65,
                Kind::Io => 74,
                Kind::Busy => 75,
                Kind::Config => 78,
            },
        }
    }
}
