//! Which sheets does a workbook have, and which cells has one of them?

use std::io::{BufReader, Cursor, Read, Seek};
use std::panic::AssertUnwindSafe;

use calamine::{Data, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use crate::domain::trouble::Problem;

use super::grid::{Grid, Merged};
use super::guard::{self, Package, damaged};
use super::kind::{self, Kind};
use super::ods;
use super::workbook_cell;
use super::xls;
use super::{cannot_read, problem};

/// A workbook that is open; its sheets are read one at a time.
pub enum Book<'r, R: Read + Seek> {
    Xlsx(Box<Xlsx<BufReader<&'r mut R>>>),
    Ods(Box<Ods<BufReader<&'r mut R>>>),
    Xls(Box<Xls<Cursor<Vec<u8>>>>),
}

impl<'r, R: Read + Seek> Book<'r, R> {
    pub fn open(file: &str, source: &'r mut R, kind: Kind) -> Result<Book<'r, R>, Problem> {
        let locked = || problem(file, 0, "a workbook with a password", "one saved without");
        let rewound = |source: &mut R| source.rewind().map_err(|err| cannot_read(file, &err));
        if kind == Kind::Container {
            let bytes = held(file, source)?;
            kind::of_container(&bytes).map_err(|(read, wanted)| problem(file, 0, read, wanted))?;
            xls::check(&bytes).map_err(|read| problem(file, 0, read, "one that a spreadsheet saved again, as .xlsx"))?;
            return Xls::new(Cursor::new(bytes)).map(|book| Book::Xls(Box::new(book))).map_err(|err| match err {
                XlsError::Password => locked(),
                err => damaged(file, &err),
            });
        }
        match guard::check(file, source)? {
            Package::Xlsx => {
                rewound(source)?;
                Xlsx::new(BufReader::new(source)).map(|book| Book::Xlsx(Box::new(book))).map_err(|err| match err {
                    XlsxError::Password => locked(),
                    err => damaged(file, &err),
                })
            }
            Package::Ods => {
                ods::check(file, source)?;
                rewound(source)?;
                Ods::new(BufReader::new(source)).map(|book| Book::Ods(Box::new(book))).map_err(|err| match err {
                    OdsError::Password => locked(),
                    err => damaged(file, &err),
                })
            }
        }
    }

    /// The tables' names and whether they are hidden; charts and macros are no sheets.
    pub fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = match self {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
        };
        let tables = sheets.iter().filter(|sheet: &&Sheet| sheet.typ == SheetType::WorkSheet);
        tables.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect()
    }

    /// The cells of a sheet, sorted; with `rows` only the first so many that have any.
    pub fn grid(&mut self, file: &str, sheet: &str, rows: Option<usize>) -> Result<Grid, Problem> {
        let mut grid = match self {
            Book::Xlsx(book) => streamed(file, book, sheet, rows)?,
            Book::Ods(book) => copied(file, &book.worksheet_range(sheet).map_err(|err| damaged(file, &err))?, rows)?,
            Book::Xls(book) => copied(file, &book.worksheet_range(sheet).map_err(|err| damaged(file, &err))?, rows)?,
        };
        grid.sort();
        Ok(grid)
    }

    /// Merged cells; calamine knows none of an .ods.
    pub fn merged(&mut self, file: &str, sheet: &str) -> Result<Vec<Merged>, Problem> {
        let found = match self {
            Book::Xlsx(book) => book.merge_cells_by_sheet_name(sheet).map_err(|err| damaged(file, &err))?,
            Book::Xls(book) => book.merge_cells_by_sheet_name(sheet).map_err(|err| damaged(file, &err))?,
            Book::Ods(_) => Vec::new(),
        };
        Ok(found.iter().map(|area| Merged { rows: (area.start.0, area.end.0), columns: (area.start.1, area.end.1) }).collect())
    }

    pub fn is_xlsx(&self) -> bool {
        matches!(self, Book::Xlsx(_))
    }
}

/// calamine indexes into what a damaged .xls claims, and panics where that is not. What it was
/// working on is thrown away with the sentence, so nothing half done is seen.
pub fn survived<T>(file: &str, work: impl FnOnce() -> T) -> Result<T, Problem> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| damaged(file, &"its parts contradict each other"))
}

fn held<R: Read + Seek>(file: &str, source: &mut R) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = source.rewind().and_then(|()| source.by_ref().take(guard::FILE_MAX + 1).read_to_end(&mut bytes));
    read.map_err(|err| cannot_read(file, &err))?;
    if bytes.len() as u64 > guard::FILE_MAX {
        return Err(problem(file, 0, "a workbook of more than 128 MiB", "a smaller one, or CSV"));
    }
    Ok(bytes)
}

fn streamed<RS: Read + Seek>(file: &str, book: &mut Xlsx<RS>, sheet: &str, rows: Option<usize>) -> Result<Grid, Problem> {
    let mut grid = Grid::default();
    let (mut seen, mut last) = (0, None);
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|err| damaged(file, &err))?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|err| damaged(file, &err))? {
        let Some(value) = workbook_cell::value(&cell.value, cell.formula.is_some()) else { continue };
        let (row, column) = cell.pos;
        if last != Some(row) {
            (seen, last) = (seen + 1, Some(row));
            if rows.is_some_and(|most| seen > most) {
                break;
            }
        }
        grid.push(row, column, value).map_err(|(read, wanted)| problem(file, row as usize + 1, read, wanted))?;
    }
    Ok(grid)
}

fn copied(file: &str, range: &Range<Data>, rows: Option<usize>) -> Result<Grid, Problem> {
    let mut grid = Grid::default();
    let (top, left) = range.start().unwrap_or_default();
    let (mut seen, mut last) = (0, None);
    for (row, column, cell) in range.used_cells() {
        let Some(value) = workbook_cell::owned(cell) else { continue };
        let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else { continue };
        let row = top + row;
        if last != Some(row) {
            (seen, last) = (seen + 1, Some(row));
            if rows.is_some_and(|most| seen > most) {
                break;
            }
        }
        grid.push(row, left + column, value).map_err(|(read, wanted)| problem(file, row as usize + 1, read, wanted))?;
    }
    Ok(grid)
}
