//! Writes the queue to a file: whole, or not at all.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::NamedTempFile;

use super::args::{self, Format};
use super::home::{Globals, Home};
use super::rows::{self, Ranked};
use super::stop::Stop;
use crate::domain::text;
use crate::domain::trouble::{Refusal, Trouble};
use crate::outlet::xlsx::Sheet;
use crate::outlet::{csv, jsonl, markdown, show};
use crate::store::Access;

/// Takes the file's bytes, piece by piece.
type Put<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Stop>;

pub fn export(args: &args::Export, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let to_standard_output = args.out.as_os_str() == "-";
    if to_standard_output && args.format == Format::Xlsx && io::stdout().is_terminal() {
        return Err(Refusal::new("a workbook is no text for a terminal").hint("--out queue.xlsx").into());
    }
    if !to_standard_output && !args.force {
        refuse_existing(&args.out)?;
    }
    let home = Home::open(globals, Access::Read)?;
    let wanted = rows::wanted(&args.which, None, &home)?;
    let (rows, _) = rows::ranked(&home, &wanted, usize::MAX)?;
    if to_standard_output {
        let cut = write(&rows, args.format, &home, &mut |bytes| Ok(out.write_all(bytes)?))?;
        if cut > 0 {
            // Standard output is the file; one that nobody reads any more takes the words with it.
            let _ = writeln!(io::stderr().lock(), "{}", cut_words(cut));
        }
        return Ok(());
    }
    let cut = to_file(args, &rows, &home)?;
    let path = args.out.to_string_lossy();
    if globals.json {
        writeln!(out, "{}", json!({"rows": rows.len(), "path": path, "cut": cut}))?;
    } else {
        writeln!(out, "{} rows in {}", rows.len(), text::clean_line(&path))?;
        if cut > 0 {
            writeln!(out, "{}", cut_words(cut))?;
        }
    }
    Ok(())
}

fn to_file(args: &args::Export, rows: &[Ranked], home: &Home) -> Result<usize, Stop> {
    let cannot = |err: io::Error| Stop::from(Trouble::io(format!("{} cannot be written", args.out.display())).because(err));
    let dir = args.out.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(dir).map_err(cannot)?;
    let mut buffer = BufWriter::new(file.as_file_mut());
    let cut = write(rows, args.format, home, &mut |bytes| buffer.write_all(bytes).map_err(cannot))?;
    buffer.into_inner().map_err(|err| cannot(err.into_error()))?.sync_all().map_err(cannot)?;
    let put = if args.force { file.persist(&args.out) } else { file.persist_noclobber(&args.out) };
    put.map_err(|err| match err.error.kind() {
        io::ErrorKind::AlreadyExists => exists(&args.out),
        _ => cannot(err.error),
    })?;
    Ok(cut)
}

fn refuse_existing(path: &Path) -> Result<(), Stop> {
    if std::fs::symlink_metadata(path).is_ok() { Err(exists(path)) } else { Ok(()) }
}

fn exists(path: &Path) -> Stop {
    Refusal::new(format!("{} is there already: nothing was written", path.display())).hint("--force replaces it").into()
}

fn cut_words(cut: usize) -> String {
    format!("{cut} texts were longer than a cell can hold: they are cut, and say so at their end")
}

/// The answer is how many cells were cut.
fn write(rows: &[Ranked], format: Format, home: &Home, put: Put<'_>) -> Result<usize, Stop> {
    let columns = show::columns();
    match format {
        Format::Csv => {
            put(csv::line(columns.iter().copied()).as_bytes())?;
            each(rows, home, &mut |object| put(csv::row(object, &columns).as_bytes()))?;
        }
        Format::Jsonl => each(rows, home, &mut |object| put(jsonl::line(object).as_bytes()))?,
        Format::Md => {
            put(markdown::header(show::LIST).as_bytes())?;
            for row in rows {
                let object = show::list_row(&row.facts, home.playbook(), row.score);
                put(markdown::row(&object, show::LIST).as_bytes())?;
            }
        }
        Format::Xlsx => {
            let mut sheet = Sheet::new(columns, rows.len())?;
            each(rows, home, &mut |object| Ok(sheet.row(object)?))?;
            let (bytes, cut) = sheet.finish(home.today())?;
            put(&bytes)?;
            return Ok(cut);
        }
    }
    Ok(0)
}

/// One row after the other: only a workbook holds all of them in memory.
fn each(rows: &[Ranked], home: &Home, take: &mut dyn FnMut(&Json) -> Result<(), Stop>) -> Result<(), Stop> {
    for row in rows {
        let Some(app) = home.store.application(row.facts.subject)? else { continue };
        take(&show::application(&app, home.playbook(), row.score))?;
    }
    Ok(())
}
