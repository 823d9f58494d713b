//! Writes the queue to a file: whole, or not at all.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::NamedTempFile;

use super::args::{self, Format};
use super::home::{Globals, Home};
use super::rows::{self, Ranked};
use super::stop::Stop;
use crate::domain::text;
use crate::domain::trouble::{Refusal, Trouble};
use crate::outlet::{csv, jsonl, show};
use crate::store::Access;

pub fn export(args: &args::Export, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let query = rows::query(&args.query)?;
    let to_standard_output = args.out.as_os_str() == "-";
    if !to_standard_output && !args.force {
        refuse_existing(&args.out)?;
    }
    let home = Home::open(globals, Access::Read)?;
    let rows = rows::ranked(&home, &query, None)?;
    if to_standard_output {
        return write(&rows, args.format, &home, &mut |text| Ok(out.write_all(text.as_bytes())?));
    }
    let cannot = |err: io::Error| Stop::from(Trouble::io(format!("{} cannot be written", args.out.display())).because(err));
    let dir = args.out.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(dir).map_err(cannot)?;
    let mut buffer = BufWriter::new(file.as_file_mut());
    write(&rows, args.format, &home, &mut |text| buffer.write_all(text.as_bytes()).map_err(cannot))?;
    buffer.into_inner().map_err(|err| cannot(err.into_error()))?.sync_all().map_err(cannot)?;
    let put = if args.force { file.persist(&args.out) } else { file.persist_noclobber(&args.out) };
    put.map_err(|err| match err.error.kind() {
        io::ErrorKind::AlreadyExists => exists(&args.out),
        _ => cannot(err.error),
    })?;
    let path = args.out.to_string_lossy();
    if globals.json {
        writeln!(out, "{}", json!({"rows": rows.len(), "path": path}))?;
    } else {
        writeln!(out, "{} rows in {}", rows.len(), text::clean_line(&path))?;
    }
    Ok(())
}

fn refuse_existing(path: &Path) -> Result<(), Stop> {
    if std::fs::symlink_metadata(path).is_ok() { Err(exists(path)) } else { Ok(()) }
}

fn exists(path: &Path) -> Stop {
    Refusal::new(format!("{} is there already: nothing was written", path.display())).hint("--force replaces it").into()
}

/// One row after the other: an export of everything is not held in memory.
fn write(rows: &[Ranked], format: Format, home: &Home, put: &mut dyn FnMut(&str) -> Result<(), Stop>) -> Result<(), Stop> {
    let columns = show::columns();
    if format == Format::Csv {
        put(&csv::line(columns.iter().copied()))?;
    }
    for row in rows {
        let Some(app) = home.store.application(row.facts.subject)? else { continue };
        let object: Json = show::application(&app, home.playbook(), row.score);
        match format {
            Format::Csv => put(&csv::row(&object, &columns))?,
            Format::Jsonl => put(&jsonl::line(&object))?,
        }
    }
    Ok(())
}
