//! What is this file, by its first bytes?

/// How its rows can be had. A file's name says nothing: people rename files, and systems misname them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Text,
    Json,
    /// A ZIP: perhaps a workbook of today.
    Zip,
    /// Microsoft's container of before 2007: perhaps a workbook, perhaps an encrypted one.
    Container,
}

/// What is no table, by how it begins.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"II*\0", "an image (TIFF)"),
    (b"MM\0*", "an image (TIFF)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh91AY", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"\0\x01\0\0Standard Jet DB", "an Access database"),
    (b"\0\x01\0\0Standard ACE DB", "an Access database"),
    (b"\x7fELF", "a program"),
    (b"-----BEGIN PGP", "an encrypted message"),
];

/// `Err` names what it is instead of a table. `head` is the file's beginning, some KiB of it.
pub fn of(head: &[u8]) -> Result<Kind, &'static str> {
    if let Some((_, name)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(name);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Err("a tar archive");
    }
    // An empty ZIP begins with its end.
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Kind::Container);
    }
    // Signs are found in UTF-16 too: its NULs and marks fall out.
    let start: Vec<u8> = head.iter().take(512).copied().filter(|byte| !matches!(byte, 0 | 0xFE | 0xFF | 0xEF | 0xBB | 0xBF)).collect();
    let start = start.trim_ascii_start();
    let words = start.get(..14).unwrap_or(start).to_ascii_lowercase();
    if words.starts_with(b"<!doctype html") || words.starts_with(b"<html") || words.starts_with(b"<table") {
        return Err("a web page (HTML), which some systems call .xls");
    }
    if words.starts_with(b"<?xml") {
        return Err("an XML document");
    }
    let second = start.get(1..).unwrap_or_default().trim_ascii_start().first();
    match (start.first(), second) {
        (Some(b'['), None | Some(b'{' | b'[' | b']' | b'"' | b'-' | b'0'..=b'9' | b'n' | b't' | b'f')) if !bracketed(start) => {
            Ok(Kind::Json)
        }
        (Some(b'{'), None | Some(b'"' | b'}')) => Ok(Kind::Json),
        _ => Ok(Kind::Text),
    }
}

/// `[number],[name]`: how some databases write a header.
fn bracketed(start: &[u8]) -> bool {
    let word: Vec<u8> = start.iter().skip(1).copied().take_while(|byte| byte.is_ascii_alphanumeric() || b" _".contains(byte)).collect();
    start.get(word.len() + 1) == Some(&b']') && word.first().is_some_and(u8::is_ascii_alphabetic)
}

/// What a container of Microsoft's holds, by the names in its directory, which stand at every 128th
/// byte at most. `Err`: no workbook.
pub fn of_container(bytes: &[u8]) -> Result<(), (&'static str, &'static str)> {
    let has = |name: &str| bytes.chunks(128).any(|entry| name_in_directory(entry, name));
    match () {
        () if has("EncryptedPackage") => Err(("a workbook with a password", "one saved without")),
        () if has("Workbook") || has("Book") => Ok(()),
        () if has("WordDocument") => Err(("a Word document", super::WANTED)),
        () if has("PowerPoint Document") => Err(("a PowerPoint document", super::WANTED)),
        () if has("__properties_version1.0") => Err(("an Outlook message", super::WANTED)),
        () => Err(("an Office document of another kind", super::WANTED)),
    }
}

/// Is this the directory's entry for that name?
pub fn name_in_directory(entry: &[u8], name: &str) -> bool {
    let wide = name.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]);
    entry.len() > name.len() * 2 + 2 && wide.zip(entry).all(|(a, b)| a == *b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (head, is) in [
            (&b""[..], Ok(Kind::Text)),
            (b"a,b\n", Ok(Kind::Text)),
            (b"%PDF-1.7", Err("a PDF document")),
            (b"PK\x03\x04..", Ok(Kind::Zip)),
            (b"\xef\xbb\xbf [ {\"a\":1}]", Ok(Kind::Json)),
            (b"\xff\xfe{\0\"\0a\0", Ok(Kind::Json)),
            (b"[1,2]", Ok(Kind::Json)),
            (b"[]", Ok(Kind::Json)),
            (b"{}", Ok(Kind::Json)),
            (b"[number],[name]\n", Ok(Kind::Text)),
            (b"{number},b\n", Ok(Kind::Text)),
            (b"\r\n<HTML><body>", Err("a web page (HTML), which some systems call .xls")),
            (b"<?xml version=", Err("an XML document")),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Ok(Kind::Container)),
        ] {
            assert_eq!(of(head), is, "{head:?}");
        }
    }
}
