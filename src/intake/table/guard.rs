//! May a ZIP be given to a reader of workbooks?
//!
//! A ZIP of some KiB can unfold to a petabyte, and what it declares about its sizes can be a lie.
//! So everything is unfolded once and counted, before anybody trusts it.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use memchr::memmem;
use zip::ZipArchive;

use crate::domain::trouble::Problem;

use super::{WANTED, cannot_read, problem};

/// The largest workbook, in bytes, as it lies on the disk.
pub const FILE_MAX: u64 = 128 << 20;
const ENTRIES_MAX: usize = 2_000;
const ENTRY_MAX: u64 = 256 << 20;
const ALL_MAX: u64 = 512 << 20;

/// A workbook whose parts have bearable sizes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Package {
    Xlsx,
    Ods,
}

/// Unfolds every part once. `Err` also when it is a ZIP of another kind.
pub fn check<R: Read + Seek>(file: &str, source: &mut R) -> Result<Package, Problem> {
    let size = source.seek(SeekFrom::End(0)).map_err(|err| cannot_read(file, &err))?;
    if size > FILE_MAX {
        return Err(problem(file, 0, "a workbook of more than 128 MiB", "a smaller one, or CSV"));
    }
    let many = |count: usize| problem(file, 0, format!("a ZIP of {count} parts"), format!("a workbook, which has at most {ENTRIES_MAX}"));
    let declared = declared(source, size).map_err(|err| cannot_read(file, &err))?;
    if declared > ENTRIES_MAX {
        return Err(many(declared));
    }
    let damaged = |err: &dyn std::fmt::Display| damaged(file, err);
    let mut zip = ZipArchive::new(BufReader::new(source)).map_err(|err| damaged(&err))?;
    if zip.len() > ENTRIES_MAX {
        return Err(many(zip.len()));
    }
    let names: Vec<String> = (0..zip.len()).map(|idx| name(&mut zip, idx)).collect();
    let mut all = 0;
    let mut kind = String::new();
    for (idx, name) in names.iter().enumerate() {
        // Whatever is behind a password is not looked into, and a workbook has no use for a part of it.
        if zip.by_index_raw(idx).map_err(|err| damaged(&err))?.encrypted() {
            return Err(problem(file, 0, "a workbook with a password", "one saved without"));
        }
        let mut part = zip.by_index(idx).map_err(|err| damaged(&err))?;
        let mut found = Found { xml: name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml"), ..Found::default() };
        found.unfold(&mut part, ALL_MAX - all).map_err(|err| damaged(&err))?;
        all += found.size;
        if found.size > ENTRY_MAX || all >= ALL_MAX {
            return Err(problem(
                file,
                0,
                format!("a part {} that unfolds to more than 256 MiB", crate::intake::cell::shown(name)),
                "a smaller workbook, or CSV",
            ));
        }
        if found.doctype {
            let read = format!("a document type or entity in {}", crate::intake::cell::shown(name));
            return Err(problem(file, 0, read, "a workbook as spreadsheets write them, without"));
        }
        if name == "mimetype" {
            kind = found.head;
        }
        if name == "meta-inf/manifest.xml" && found.encrypted {
            return Err(problem(file, 0, "a workbook with a password", "one saved without"));
        }
    }
    package(&names, &kind).map_err(|what| problem(file, 0, what, WANTED))
}

pub fn damaged(file: &str, err: &dyn std::fmt::Display) -> Problem {
    let read = format!("a damaged workbook ({})", crate::intake::cell::shown(&err.to_string()));
    problem(file, 0, read, "one that a spreadsheet opens; saved there again, or as CSV")
}

/// How many parts the ZIP's end record names. The list of parts is read whole by the crate, so it
/// must not be long; 0 when there is no such record, and the crate says what is wrong.
fn declared<R: Read + Seek>(source: &mut R, size: u64) -> io::Result<usize> {
    let tail_size = size.min(66_000);
    source.seek(SeekFrom::Start(size - tail_size))?;
    let mut tail = Vec::new();
    source.by_ref().take(tail_size).read_to_end(&mut tail)?;
    let ends = memmem::find_iter(&tail, b"PK\x05\x06").filter_map(|at| tail.get(at + 8..at + 12));
    // 65,535 stands for "see the record of the larger format", which no workbook needs.
    let counts = ends.map(|counts| usize::from(u16::from_le_bytes([counts[2], counts[3]]).max(u16::from_le_bytes([counts[0], counts[1]]))));
    Ok(counts.max().unwrap_or(0))
}

fn name<R: Read + Seek>(zip: &mut ZipArchive<R>, idx: usize) -> String {
    zip.by_index_raw(idx).ok().and_then(|part| part.name().ok().map(|name| name.to_ascii_lowercase())).unwrap_or_default()
}

/// Which of the formats, by its parts. `Err` is what else it is.
fn package(names: &[String], kind: &str) -> Result<Package, &'static str> {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    match () {
        () if has("xl/workbook.xml") => Ok(Package::Xlsx),
        () if has("xl/workbook.bin") => Err("a binary workbook (.xlsb)"),
        () if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") && has("content.xml") => Ok(Package::Ods),
        () if kind.starts_with("application/vnd.oasis.opendocument.text") => Err("an OpenDocument text"),
        () if has("word/document.xml") => Err("a Word document"),
        () if has("ppt/presentation.xml") => Err("a PowerPoint document"),
        () if names.iter().any(|name| name.ends_with(".iwa")) => Err("an Apple Numbers document"),
        () => Err("a ZIP archive that is no workbook"),
    }
}

#[derive(Default)]
struct Found {
    xml: bool,
    size: u64,
    doctype: bool,
    encrypted: bool,
    /// The first bytes, as text.
    head: String,
}

impl Found {
    /// Reads the part to its end, or until it is larger than a part, or all of them, may be.
    fn unfold<R: Read>(&mut self, part: &mut R, left: u64) -> io::Result<()> {
        // The UTF-16 of a document type too; an entity cannot be declared outside of one.
        let signs: [&[u8]; 4] = [b"<!DOCTYPE", b"<!ENTITY", b"<\0!\0D\0O\0C\0", b"<\0!\0E\0N\0T\0"];
        let finders = signs.map(memmem::Finder::new);
        let encryption = memmem::Finder::new(b"encryption-data");
        let mut room = vec![0; 64 * 1024];
        let mut kept = 0;
        loop {
            let read = part.read(&mut room[kept..])?;
            if read == 0 {
                return Ok(());
            }
            let chunk = &room[..kept + read];
            if self.size == 0 {
                self.head = String::from_utf8_lossy(&chunk[..chunk.len().min(100)]).into_owned();
            }
            self.size += read as u64;
            self.doctype |= self.xml && finders.iter().any(|finder| finder.find(chunk).is_some());
            self.encrypted |= self.xml && encryption.find(chunk).is_some();
            if self.size > ENTRY_MAX || self.size >= left || self.doctype {
                return Ok(());
            }
            // A sign may lie across two pieces.
            let keep = chunk.len().min(20);
            let from = chunk.len() - keep;
            room.copy_within(from..from + keep, 0);
            kept = keep;
        }
    }
}
