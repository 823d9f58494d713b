//! What do imports and we disagree on, and what is decided about it?

use crate::domain::import::Offer;

/// One conflict or suggestion of an import.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfferLine {
    pub offer: Offer,
    /// Its answer is on the way to the disk.
    pub saving: bool,
}

/// All of one field and source at once, counted before it is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    pub theirs: bool,
    pub field: String,
    pub source: String,
    pub count: usize,
}

impl Rule {
    /// Whether a line falls under it.
    pub fn holds(&self, line: &OfferLine) -> bool {
        !line.saving && line.offer.field == self.field && line.offer.source == self.source
    }
}

/// What imports and we disagree on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Offers {
    /// `None`: they are being read.
    pub lines: Option<Vec<OfferLine>>,
    pub cursor: usize,
    pub rule: Option<Rule>,
}

impl Offers {
    pub fn lines(&self) -> &[OfferLine] {
        self.lines.as_deref().unwrap_or_default()
    }

    /// The one under the cursor.
    pub fn here(&self) -> Option<&Offer> {
        self.lines().get(self.cursor).map(|line| &line.offer)
    }
}
