//! What does the XML of an .xlsx tell that a reader of values does not: hidden rows and fills?

use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::domain::trouble::Problem;

use super::guard::damaged;

/// Rows count from 0.
#[derive(Debug, Default)]
pub struct Looks {
    pub hidden: HashSet<u32>,
    /// The last row with a cell that has a colour behind it.
    pub filled: Option<u32>,
}

/// Looks through one sheet, once.
pub fn looks<R: Read + Seek>(file: &str, source: &mut R, sheet: &str) -> Result<Looks, Problem> {
    let mut zip = ZipArchive::new(BufReader::new(source)).map_err(|err| damaged(file, &err))?;
    let Some(path) = path(file, &mut zip, sheet)? else { return Ok(Looks::default()) };
    let mut styles: Vec<bool> = Vec::new();
    let mut in_cells = false;
    each(file, &mut zip, "xl/styles.xml", &mut |name, element, ends| {
        match (name, ends) {
            ("cellXfs", ends) => in_cells = !ends,
            // The first two fills are none and the grey that every workbook has.
            ("xf", false) if in_cells => styles.push(number(element, "fillId").is_some_and(|fill| fill > 1)),
            _ => {}
        }
    })?;
    let mut looks = Looks::default();
    let mut row = None::<u32>;
    each(file, &mut zip, &path, &mut |name, element, ends| match name {
        "row" if !ends => {
            row = Some(number(element, "r").map_or_else(|| row.map_or(0, |row| row.saturating_add(1)), |row| row.saturating_sub(1)));
            if text(element, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true") {
                looks.hidden.extend(row);
            }
        }
        "c" if !ends && !styles.is_empty() => {
            let style = number(element, "s").unwrap_or(0) as usize;
            if styles.get(style).copied().unwrap_or(false) {
                looks.filled = looks.filled.max(row);
            }
        }
        _ => {}
    })?;
    Ok(looks)
}

/// The part that holds the sheet of this name.
fn path<R: Read + Seek>(file: &str, zip: &mut ZipArchive<R>, sheet: &str) -> Result<Option<String>, Problem> {
    let mut id = None;
    each(file, zip, "xl/workbook.xml", &mut |name, element, _| {
        if name == "sheet" && text(element, "name").is_some_and(|name| name == sheet) {
            let own = |key: &str| key.rsplit(':').next() == Some("id") && key.contains(':');
            id = element.attributes().flatten().find(|found| own(found.key.as_ref())).map(|found| found.value.to_string());
        }
    })?;
    let Some(id) = id else { return Ok(None) };
    let mut targets: HashMap<String, String> = HashMap::new();
    each(file, zip, "xl/_rels/workbook.xml.rels", &mut |name, element, _| {
        if name == "Relationship"
            && let Some(id) = text(element, "Id")
        {
            targets.insert(id, text(element, "Target").unwrap_or_default());
        }
    })?;
    let target = targets.remove(&id);
    Ok(target.map(|target| target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), ToOwned::to_owned)))
}

/// Every element of a part, with `true` when it ends; a part that is not there has none.
fn each<R: Read + Seek>(
    file: &str,
    zip: &mut ZipArchive<R>,
    part: &str,
    give: &mut dyn FnMut(&str, &BytesStart<'_>, bool),
) -> Result<(), Problem> {
    let found = zip.file_names().flatten().find(|name| name.eq_ignore_ascii_case(part)).map(|name| name.into_owned());
    let Some(found) = found else { return Ok(()) };
    let part = zip.by_name(&found).map_err(|err| damaged(file, &err))?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, part));
    let mut room = Vec::new();
    let nothing = BytesStart::new("x");
    loop {
        room.clear();
        match reader.read_event_into(&mut room).map_err(|err| damaged(file, &err))? {
            Event::Start(element) | Event::Empty(element) => give(element.local_name().as_ref(), &element, false),
            Event::End(element) => give(element.local_name().as_ref(), &nothing, true),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn text(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let found = element.try_get_attribute(key).ok().flatten()?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}

fn number(element: &BytesStart<'_>, key: &str) -> Option<u32> {
    element.try_get_attribute(key).ok().flatten()?.value.parse().ok()
}
