//! Are these bytes text that can be read?

use memchr::{memchr, memchr_iter};

use crate::domain::trouble::Problem;

/// The text of a file, without a byte order mark. UTF-8 is the one encoding; anything else is the
/// file's fault, found here, before anything is written.
pub fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    let whole =
        |read: &str, wanted: &str| Problem { file: file.to_owned(), read: read.into(), wanted: wanted.into(), ..Problem::default() };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(whole(
            "text in UTF-16",
            "text in UTF-8 (a spreadsheet saves it as \"CSV UTF-8\"); other encodings come in a later release",
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(whole("a workbook or a ZIP archive", "CSV text; save the sheet as \"CSV UTF-8\" first"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let at = |offset: usize, read: String, wanted: &str| Problem {
        file: file.to_owned(),
        line: 1 + memchr_iter(b'\n', &bytes[..offset]).count(),
        read: format!("{read} at byte {offset}"),
        wanted: wanted.into(),
        ..Problem::default()
    };
    // A NUL is valid UTF-8, and the commonest sign that the file is no text at all; it is named as what it is.
    let text = std::str::from_utf8(bytes);
    let sound = text.as_ref().map_or_else(|err| err.valid_up_to(), |text| text.len());
    if let Some(offset) = memchr(0, &bytes[..sound]) {
        return Err(at(offset, "a NUL".into(), "text in UTF-8"));
    }
    text.map_err(|_| at(sound, format!("0x{:02X}", bytes[sound]), "text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf8_text_is_named_with_its_place() {
        for (bytes, says) in [
            (&b"a\nb\xe9c"[..], "f.csv:2: read 0xE9 at byte 3, wanted text in UTF-8"),
            (b"\xef\xbb\xbfa\n\0", "f.csv:2: read a NUL at byte 2, wanted text in UTF-8"),
            (b"a\0\xff", "f.csv:1: read a NUL at byte 1, wanted text in UTF-8"),
            (b"a\xe2\x82", "f.csv:1: read 0xE2 at byte 1, wanted text in UTF-8"),
            (
                b"\xff\xfea\0",
                "f.csv: read text in UTF-16, wanted text in UTF-8 (a spreadsheet saves it as \"CSV UTF-8\"); other encodings come in a later release",
            ),
            (b"PK\x03\x04", "f.csv: read a workbook or a ZIP archive, wanted CSV text; save the sheet as \"CSV UTF-8\" first"),
        ] {
            assert_eq!(text("f.csv", bytes).map_err(|problem| problem.to_string()), Err(says.to_owned()));
        }
        assert_eq!(text("f.csv", b"\xef\xbb\xbfJ\xc3\xb6rg"), Ok("Jörg"));
        assert_eq!(text("f.csv", b""), Ok(""));
    }
}
