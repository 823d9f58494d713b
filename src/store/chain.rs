//! The hash chain: what proves that an event was not altered, removed or moved.
//!
//! It proves that to whoever holds a later hash. Who may write the file may rewrite all of it.

use sha2::{Digest, Sha256};

use crate::domain::event::Event;

pub(super) type Hash = [u8; 32];

/// Of the body's text, salt and all. It stays when the body is redacted.
pub(super) fn body_hash(body: &str) -> Hash {
    Sha256::digest(body.as_bytes()).into()
}

/// Of everything that stays when a body is redacted, linked to the event before it of the same
/// replica. `writer` is the schema version that wrote it.
pub(super) fn link(before: &Hash, event: &Event, writer: i64, body: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(event.id.replica.bytes());
    for number in [event.id.seq, event.hlc.0, writer] {
        hash.update(number.to_be_bytes());
    }
    hash.update(event.command.bytes());
    hash.update(event.subject.bytes());
    // Lengths before texts: "ab" and "c" are not "a" and "bc".
    for text in [event.actor.as_str(), event.of.name(), event.kind.name(), &event.on.to_string()] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    match &event.undoes {
        None => hash.update([0]),
        Some(command) => {
            hash.update([1]);
            hash.update(command.bytes());
        }
    }
    hash.update(body);
    hash.finalize().into()
}

/// Random text for the bodies of one commit, all from one seed.
#[derive(Debug)]
pub(super) struct Salts {
    seed: [u8; 16],
    drawn: u64,
}

impl Salts {
    pub(super) fn new(seed: [u8; 16]) -> Salts {
        Salts { seed, drawn: 0 }
    }

    /// 16 bytes in hexadecimal.
    pub(super) fn draw(&mut self) -> String {
        self.drawn += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.drawn.to_be_bytes());
        hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fixture;

    #[test]
    fn every_part_of_an_event_is_in_its_hash() {
        let event = fixture::event();
        let body = body_hash("{}");
        let plain = link(&[0; 32], &event, 1, &body);
        let mut others: Vec<Hash> =
            vec![link(&[1; 32], &event, 1, &body), link(&[0; 32], &event, 2, &body), link(&[0; 32], &event, 1, &[0; 32])];
        let alter: [fn(&mut Event); 9] = [
            |event| event.id.seq += 1,
            |event| event.hlc.0 += 1,
            |event| event.actor.push('x'),
            |event| event.on = event.on.succ_opt().expect("a constant"),
            |event| event.kind = crate::domain::event::Kind::Set,
            |event| event.of = crate::domain::event::Of::Company,
            |event| event.undoes = Some(event.command),
            |event| event.command = fixture::command(77),
            |event| event.subject = fixture::subject(77),
        ];
        for change in alter {
            let mut altered = event.clone();
            change(&mut altered);
            others.push(link(&[0; 32], &altered, 1, &body));
        }
        for (idx, other) in others.iter().enumerate() {
            assert_ne!(*other, plain, "part {idx}");
        }
    }

    #[test]
    fn salts_differ_within_and_between_seeds() {
        let (mut one, mut two) = (Salts::new([1; 16]), Salts::new([2; 16]));
        let drawn = [one.draw(), one.draw(), two.draw(), two.draw()];
        for (idx, salt) in drawn.iter().enumerate() {
            assert_eq!(salt.len(), 32);
            assert!(!drawn[..idx].contains(salt));
        }
        assert_eq!(Salts::new([1; 16]).draw(), drawn[0], "the same seed gives the same salts");
    }
}
