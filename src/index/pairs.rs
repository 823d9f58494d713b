//! Which characters stand beside each other in a text, roughly? Sixteen bytes of a row tell most of the texts that cannot
//! have a word, without reading them: a pass over a million rows waits for memory, and texts are most of it.

/// A bit for each pair of neighbours within words, several pairs to a bit, cases alike. A text of a row sets about the half.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Pairs(u128);

impl Pairs {
    /// No word has a space or a separator in it, so their pairs would only fill the bits.
    pub fn of(text: &[u8]) -> Pairs {
        let within = text.windows(2).filter(|two| two[0] > b' ' && two[1] > b' ');
        Pairs(within.fold(0, |bits, two| bits | bit(caseless(two[0]), caseless(two[1]))))
    }

    /// Whether a text with these may have a word with those: never no when it does.
    pub fn may_have(self, word: Pairs) -> bool {
        self.0 & word.0 == word.0
    }
}

/// One byte for both cases of a letter (and, of no account, for a few signs).
pub(super) fn caseless(byte: u8) -> u8 {
    byte | 0x20
}

/// Knuth's multiplicative hash: the upper seven bits of the product are as good as random.
fn bit(one: u8, other: u8) -> u128 {
    let mixed = u32::from_be_bytes([0, 0, one, other]).wrapping_mul(0x9e37_79b1);
    1 << (mixed >> 25)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_there_are_never_denied_and_most_others_are() {
        let text = b"A-1042\x1fNM-2026-000417\x1fJorg Okafor\x1f417 Harbor View St, Bend, OR 97701\x1fcalled, no answer";
        let here = Pairs::of(text);
        for word in text.split(|byte| *byte <= b' ') {
            for end in 1..=word.len() {
                assert!(here.may_have(Pairs::of(&word[..end].to_ascii_lowercase())), "{word:?}");
            }
        }
        let absent = ["deficiency", "voicemail", "smith", "kowalski", "maple", "prd", "xqz", "utah", "fresno", "garcia"];
        let denied = absent.iter().filter(|word| !here.may_have(Pairs::of(word.as_bytes()))).count();
        assert!(denied >= 8, "{denied} of {}", absent.len());
        assert!(here.0.count_ones() < 80, "{} bits", here.0.count_ones());
    }
}
