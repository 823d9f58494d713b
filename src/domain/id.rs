//! Names of things: subjects, replicas, commands, events. All drawn outside and passed in.

use std::fmt;

pub use uuid::Uuid;

macro_rules! uuid_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub struct $name(pub Uuid);

        impl $name {
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// `None` when the slice is not 16 bytes long.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }

            pub fn parse(text: &str) -> Option<Self> {
                Uuid::parse_str(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.simple())
            }
        }
    };
}

uuid_name!(
    /// What events are about: an application, a person, the company.
    SubjectId
);
uuid_name!(
    /// One database file's identity; a restored or copied file gets a new one.
    ReplicaId
);
uuid_name!(
    /// One act of one person: the unit of undo and of idempotency.
    CommandId
);
uuid_name!(
    /// One run of the program: `u` undoes this session's last command.
    SessionId
);

/// Replica and sequence: identifies one event everywhere, for ever.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct EventId {
    pub replica: ReplicaId,
    pub seq: i64,
}

/// A hybrid logical clock: 48 bits of milliseconds since 1970 and a 16-bit counter.
///
/// Ordering never uses the wall clock, so a server whose clock goes back cannot
/// put an edit before the edit it replaced.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Hlc(pub i64);

impl Hlc {
    /// The next reading after `self` when the wall clock shows `millis`.
    pub fn next(self, millis: i64) -> Hlc {
        Hlc((millis.clamp(0, (1 << 47) - 1) << 16).max(self.0.saturating_add(1)))
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0 >> 16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_never_goes_back() {
        let noon = Hlc::default().next(1_000_000);
        assert_eq!(noon.millis(), 1_000_000);
        let earlier_wall = noon.next(5);
        assert!(earlier_wall > noon);
        assert_eq!(earlier_wall.millis(), 1_000_000);
        assert!(earlier_wall.next(1_000_001) > earlier_wall);
        assert!(Hlc::default().next(-5) > Hlc::default());
    }
}
