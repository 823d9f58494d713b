//! Which candidates does a CSV file hold? The one door from bytes to checked rows.

use crate::domain::import::{Candidate, Profile};
use crate::domain::trouble::Problem;

use super::bytes;
use super::csv::Reader;
use super::row::{Fault, Shape};

/// A file that is sound as a whole; as an iterator its rows, each read or at fault.
#[derive(Debug)]
pub struct Sheet<'a> {
    reader: Reader<'a>,
    shape: Shape<'a>,
}

impl<'a> Sheet<'a> {
    /// Every fault of the file and of the profile, before the first row is handed out. `file` is the
    /// name that problems give.
    pub fn open(file: &str, bytes: &'a [u8], profile: &'a Profile) -> Result<Sheet<'a>, Vec<Problem>> {
        let text = bytes::text(file, bytes).map_err(|problem| vec![problem])?;
        let reader = Reader::open(file, text, profile.format.delimiter.unwrap_or(b','))?;
        let shape = Shape::new(file, reader.headers(), profile)?;
        Ok(Sheet { reader, shape })
    }
}

impl Iterator for Sheet<'_> {
    type Item = Result<Candidate, Fault>;

    fn next(&mut self) -> Option<Result<Candidate, Fault>> {
        self.reader.next().map(|row| self.shape.read(&row))
    }
}
