//! Which rows does a JSON text hold: a list of objects, an object around one, or an object a line?

use std::collections::HashMap;
use std::io::{BufRead, Read, Seek};

use serde_json::value::RawValue;

use crate::domain::text;
use crate::domain::trouble::Problem;

use super::encoding::Decoded;
use super::header::{self, COLUMNS_MAX, Found};
use super::json_value::{Cell, cells, members};
use super::split::ROW_MAX;
use super::{cannot_read, changed, problem};
use crate::intake::raw::RawRow;

/// The largest text that is held: a list has to be looked at whole before its first row is sure.
const HELD_MAX: usize = 64 << 20;
const SHAPES: &str = "a list of objects, or an object a line";

#[derive(Debug)]
pub struct JsonTable<R> {
    file: String,
    records: Records<R>,
    /// Where each key, flattened, has its column.
    places: HashMap<String, usize>,
    pub found: Found,
    pub len: usize,
    given: usize,
}

#[derive(Debug)]
enum Records<R> {
    /// Line, start and length of each record in the text.
    Held {
        text: String,
        places: Vec<(usize, usize, usize)>,
        at: usize,
    },
    Lines {
        source: Decoded<R>,
        line: usize,
        room: Vec<u8>,
    },
}

impl<R: Read + Seek> JsonTable<R> {
    pub fn open(file: &str, source: Decoded<R>, wanted: &[String], remarks: &mut Vec<String>) -> Result<JsonTable<R>, Vec<Problem>> {
        let records = records(file, source).map_err(|problem| vec![problem])?;
        let mut table = JsonTable { file: file.to_owned(), records, places: HashMap::new(), found: Found::default(), len: 0, given: 0 };
        table.look_over().map_err(|problem| vec![problem])?;
        let problems = header::check(file, &mut table.found, wanted, remarks);
        if !problems.is_empty() {
            return Err(problems);
        }
        if table.len == 0 {
            return Err(vec![problem(file, 0, "JSON without a record", "at least one object")]);
        }
        table.rewind().map_err(|problem| vec![problem])?;
        Ok(table)
    }

    /// The first pass: the columns are all keys, in the order in which they first come.
    fn look_over(&mut self) -> Result<(), Problem> {
        while let Some((line, record)) = self.records.next(&self.file)? {
            let mut blank = true;
            let (places, names) = (&mut self.places, &mut self.found.names);
            let object = cells(record, &mut |key, cell| {
                blank &= cell == Cell::Text(String::new());
                if names.len() <= COLUMNS_MAX && !places.contains_key(key) {
                    places.insert(key.to_owned(), names.len());
                    names.push(text::clean_line(key));
                }
            });
            object.map_err(|fault| problem(&self.file, line + fault.line, fault.read, fault.wanted))?;
            self.len += usize::from(!blank);
        }
        Ok(())
    }

    pub fn rewind(&mut self) -> Result<(), Problem> {
        self.given = 0;
        match &mut self.records {
            Records::Held { at, .. } => *at = 0,
            Records::Lines { source, line, .. } => {
                *line = 0;
                source.restart().map_err(|err| cannot_read(&self.file, &err))?;
            }
        }
        Ok(())
    }

    pub fn next_row(&mut self) -> Result<Option<RawRow>, Problem> {
        while self.given < self.len {
            let Some((line, record)) = self.records.next(&self.file)? else { return Err(changed(&self.file)) };
            let mut found: Vec<Cell> = vec![Cell::Text(String::new()); self.found.names.len()];
            let places = &self.places;
            let mut unknown = false;
            let read = cells(record, &mut |key, cell| match places.get(key) {
                Some(place) => found[*place] = cell,
                None => unknown = true,
            });
            if read.is_err() || unknown {
                return Err(changed(&self.file));
            }
            if found.iter().any(|cell| *cell != Cell::Text(String::new())) {
                self.given += 1;
                return Ok(Some(row(line, &found)));
            }
        }
        Ok(None)
    }
}

fn row(line: usize, cells: &[Cell]) -> RawRow {
    let mut row = RawRow::new(line);
    for cell in cells {
        match cell {
            Cell::Text(text) => row.push(text),
            Cell::Flaw(read) => row.push_flaw("", read.clone()),
        }
    }
    row
}

impl<R: Read + Seek> Records<R> {
    /// The next record with the line on which it begins.
    fn next(&mut self, file: &str) -> Result<Option<(usize, &str)>, Problem> {
        match self {
            Records::Held { text, places, at } => {
                let place = places.get(*at).copied();
                *at += 1;
                Ok(place.map(|(line, start, length)| (line, &text[start..start + length])))
            }
            Records::Lines { source, line, room } => {
                while next_line(source, room).map_err(|err| cannot_read(file, &err))? {
                    *line += 1;
                    if room.len() > ROW_MAX {
                        return Err(problem(file, *line, format!("a row of more than {ROW_MAX} bytes"), "rows of at most 1 MiB"));
                    }
                    if !room.trim_ascii().is_empty() {
                        let text = std::str::from_utf8(room);
                        return Ok(Some((*line, text.map_err(|err| not_utf8(file, *line, room, err.valid_up_to()))?)));
                    }
                }
                Ok(None)
            }
        }
    }
}

/// One line with its end; longer than `ROW_MAX` if it is cut. `false` at the end of the text.
fn next_line<B: BufRead>(source: &mut B, room: &mut Vec<u8>) -> std::io::Result<bool> {
    room.clear();
    source.by_ref().take(ROW_MAX as u64 + 2).read_until(b'\n', room)?;
    while room.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) && room.len() > 1 {
        room.pop();
    }
    Ok(!room.is_empty())
}

fn not_utf8(file: &str, line: usize, bytes: &[u8], at: usize) -> Problem {
    problem(file, line, format!("0x{:02X} at byte {}", bytes[at], at + 1), "JSON in UTF-8")
}

fn records<R: Read + Seek>(file: &str, mut source: Decoded<R>) -> Result<Records<R>, Problem> {
    let cannot = |err: std::io::Error| cannot_read(file, &err);
    let mut room = Vec::new();
    while next_line(&mut source, &mut room).map_err(cannot)? && room.trim_ascii().is_empty() {}
    let alone = is_object(&room);
    let mut after = Vec::new();
    let mut more = false;
    while alone && !more && next_line(&mut source, &mut after).map_err(cannot)? {
        more = !after.trim_ascii().is_empty();
    }
    source.restart().map_err(cannot)?;
    if more {
        return Ok(Records::Lines { source, line: 0, room });
    }
    let mut bytes = Vec::new();
    source.by_ref().take(HELD_MAX as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > HELD_MAX {
        return Err(problem(file, 0, "more than 64 MiB of JSON in one piece", "JSON lines: an object a line, as much as you like"));
    }
    let text = String::from_utf8(bytes).map_err(|err| {
        let (at, bytes) = (err.utf8_error().valid_up_to(), err.as_bytes());
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
        not_utf8(file, 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count(), &bytes[start..], at - start)
    })?;
    let syntax = |err: &serde_json::Error| problem(file, err.line(), super::json_value::said(err), "JSON");
    let whole: &RawValue = serde_json::from_str(&text).map_err(|err| syntax(&err))?;
    let places = if whole.get().starts_with('{') {
        match list_of(whole) {
            Ok(list) => places(file, &text, list)?,
            // One line, one object: JSON lines with a single record.
            Err(_) if alone => vec![(1 + lines(&text[..start_of(&text, whole)]), start_of(&text, whole), whole.get().len())],
            Err(read) => return Err(problem(file, 0, read, SHAPES)),
        }
    } else {
        places(file, &text, whole)?
    };
    Ok(Records::Held { places, text, at: 0 })
}

fn is_object(line: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(line).is_ok_and(|value| value.get().starts_with('{'))
}

/// The one member that is a list of objects. `Err`: what was read.
fn list_of(object: &RawValue) -> Result<&RawValue, String> {
    let members = members(object.get()).map_err(|fault| fault.read)?;
    let is_list = |value: &RawValue| value.get().strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'));
    let lists: Vec<(&str, &RawValue)> =
        members.iter().filter(|(_, value)| is_list(value)).map(|(key, value)| (key.as_str(), *value)).collect();
    match lists.as_slice() {
        [(_, list)] => Ok(list),
        [] => Err("one object without a list of objects".into()),
        several => {
            let names: Vec<&str> = several.iter().map(|(key, _)| *key).collect();
            Err(format!("several lists of objects: {}", crate::intake::cell::shown(&names.join(", "))))
        }
    }
}

/// Where each record of the list stands in the text.
fn places(file: &str, text: &str, list: &RawValue) -> Result<Vec<(usize, usize, usize)>, Problem> {
    let (mut line, mut at) = (1, 0);
    let mut places = Vec::new();
    let mut wrong = None;
    let each = super::json_value::each(list.get(), &mut |record| {
        let start = start_of(text, record);
        line += lines(&text[at..start]);
        at = start;
        if !record.get().starts_with('{') {
            wrong.get_or_insert(line);
        }
        // An empty object is no row, and a list of millions of them must not cost more than its text.
        if record.get().len() > 2 {
            places.push((line, start, record.get().len()));
        }
    });
    each.map_err(|err| problem(file, err.line(), super::json_value::said(&err), "JSON"))?;
    match wrong {
        Some(line) => Err(problem(file, line, "a list with something else than objects", SHAPES)),
        None => Ok(places),
    }
}

fn lines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}

/// A raw value is a slice of the text that it was read from.
fn start_of(text: &str, value: &RawValue) -> usize {
    (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}
