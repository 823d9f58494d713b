//! How much room would the sheets of an .xls take?
//!
//! Its reader makes a full rectangle around the cells of each sheet and believes what the sheet
//! declares, so that two cells in opposite corners, named by a hundred sheets, are gigabytes.
//! Layouts are those of [MS-CFB] and [MS-XLS].

use super::kind::name_in_directory;

/// Places in the rectangles of all sheets: 100,000 rows of 100 columns, about 250 MB.
pub const PLACES_MAX: usize = 10_000_000;
/// What a sheet may declare: a full one of 65,536 rows and 256 columns, asked for but not filled.
const DECLARED_MAX: usize = 20_000_000;
const RECORDS_MAX: usize = 20_000_000;

const END_OF_CHAIN: u32 = 0xFFFF_FFFA;

/// `Err` is what was read: too much, or what contradicts itself.
pub fn check(bytes: &[u8]) -> Result<(), String> {
    let stream = stream(bytes).ok_or("a damaged workbook (its parts cannot be found)")?;
    let mut left = RECORDS_MAX;
    let mut sheets = Vec::new();
    for (kind, data) in records(&stream) {
        if kind == 0x0085 {
            sheets.extend(u32_at(data, 0).map(|at| at as usize));
        }
        left = left.checked_sub(1).ok_or("a workbook of more than 20 million records")?;
    }
    let mut places = 0usize;
    for at in sheets {
        let sheet = stream.get(at..).ok_or("a damaged workbook (a sheet begins behind its end)")?;
        places = places.saturating_add(rectangle(sheet, &mut left)?);
        if places > PLACES_MAX {
            return Err(format!("sheets whose cells are spread over more than {PLACES_MAX} places"));
        }
    }
    Ok(())
}

/// The places of the rectangle around a sheet's cells.
fn rectangle(sheet: &[u8], left: &mut usize) -> Result<usize, String> {
    let mut found: Option<[usize; 4]> = None;
    let mut see = |row: usize, column: usize| {
        let [top, bottom, first, last] = found.unwrap_or([row, row, column, column]);
        found = Some([top.min(row), bottom.max(row), first.min(column), last.max(column)]);
    };
    let (mut depth, mut formula) = (0usize, (0, 0));
    for (kind, data) in records(sheet) {
        *left = left.checked_sub(1).ok_or("a workbook of more than 20 million records")?;
        let at = || Some((usize::from(u16_at(data, 0)?), usize::from(u16_at(data, 2)?)));
        match kind {
            0x0809 => depth += 1,
            0x000A if depth <= 1 => break,
            0x000A => depth -= 1,
            0x0200 if declared(data) > DECLARED_MAX => {
                return Err(format!("a sheet that declares {} places", declared(data)));
            }
            0x0203..=0x0205 | 0x00D6 | 0x027E | 0x00FD | 0x0006 => {
                if let Some((row, column)) = at() {
                    see(row, column);
                    formula = if kind == 0x0006 { (row, column) } else { formula };
                }
            }
            // The text of the formula before it.
            0x0207 => see(formula.0, formula.1),
            // Several numbers in a row; the last column stands at the end.
            0x00BD => {
                if let Some(((row, column), last)) = at().zip(u16_at(data, data.len().saturating_sub(2))) {
                    see(row, column);
                    see(row, usize::from(last).max(column + data.len() / 6));
                }
            }
            _ => {}
        }
    }
    Ok(found.map_or(0, |[top, bottom, first, last]| (bottom - top + 1).saturating_mul(last - first + 1)))
}

/// Rows times columns, of the record's two forms.
fn declared(data: &[u8]) -> usize {
    let ends = if data.len() >= 14 {
        [u32_at(data, 0), u32_at(data, 4), u16_at(data, 8).map(u32::from), u16_at(data, 10).map(u32::from)]
    } else {
        [0, 2, 4, 6].map(|at| u16_at(data, at).map(u32::from))
    };
    let [from, to, first, last] = ends.map(|end| end.unwrap_or(0) as usize);
    (to.saturating_sub(from) + 1).saturating_mul(last.saturating_sub(first) + 1)
}

/// The stream of the workbook, put together from its sectors. `None` when its chain is broken.
fn stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let sector = |id: u32| bytes.get((id as usize + 1).checked_mul(size)?..).map(|rest| &rest[..rest.len().min(size)]);
    let numbers = |sector: &[u8]| (0..sector.len() / 4).filter_map(|idx| u32_at(sector, idx * 4)).collect::<Vec<u32>>();
    // Sectors that hold the table of chains: 109 of them are named in the header, the others in a chain of their own.
    let mut tables: Vec<u32> = numbers(bytes.get(76..512)?);
    let mut next = u32_at(bytes, 68)?;
    for _ in 0..bytes.len() / size {
        if next >= END_OF_CHAIN {
            break;
        }
        tables.extend(numbers(sector(next)?));
        next = tables.pop()?;
    }
    let mut after: Vec<u32> = Vec::new();
    for table in tables.into_iter().filter(|id| *id < END_OF_CHAIN).take(bytes.len() / size + 1) {
        after.extend(numbers(sector(table)?));
    }
    let chain = |start: u32| {
        let (mut whole, mut id) = (Vec::new(), start);
        while id < END_OF_CHAIN {
            // A chain that goes in a circle would never end.
            if whole.len() > bytes.len() {
                return None;
            }
            whole.extend_from_slice(sector(id)?);
            id = *after.get(id as usize)?;
        }
        Some(whole)
    };
    let directory = chain(u32_at(bytes, 48)?)?;
    let entry = ["Workbook", "Book"].iter().find_map(|name| directory.chunks(128).find(|entry| name_in_directory(entry, name)))?;
    let (start, length) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
    // Anything shorter lies elsewhere, and programs fill a workbook up to this length.
    let mut whole = if length < 4096 { return None } else { chain(start)? };
    whole.truncate(length);
    Some(whole)
}

/// The records of a stream: their kinds and contents.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, usize::from(u16_at(rest, 2)?));
        let data = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, data))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let found = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes([found[0], found[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes([found[0], found[1], found[2], found[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &[u8] = include_bytes!("../../../tests/tables/queue.xls");

    /// The sound workbook with a record's bytes changed behind a mark.
    fn changed(mark: &[u8], at: usize, to: &[u8]) -> Vec<u8> {
        let mut bytes = SOUND.to_vec();
        let found = memchr::memmem::find(&bytes, mark).expect("the record is there");
        bytes[found + at..found + at + to.len()].copy_from_slice(to);
        bytes
    }

    #[test]
    fn two_cells_in_opposite_corners_are_refused() {
        assert_eq!(check(SOUND), Ok(()));
        let number = [0x03, 0x02, 14, 0];
        let far = changed(&number, 4, &[0xFF, 0xFF, 0xFF, 0x00]);
        assert_eq!(check(&far), Err("sheets whose cells are spread over more than 10000000 places".into()));
        let declared = changed(&[0x00, 0x02, 14, 0], 8, &[0xFF, 0xFF, 0xFF, 0x7F]);
        assert!(check(&declared).is_err_and(|read| read.starts_with("a sheet that declares ")));
        for cut in (0..SOUND.len()).step_by(97) {
            let _ = check(&SOUND[..cut]);
        }
        assert_eq!(check(&SOUND[..600]), Err("a damaged workbook (its parts cannot be found)".into()));
    }
}
