//! In which encoding is this text, and how is it read as UTF-8 without holding it?

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr_iter, memchr2, memrchr2};

use super::split::ROW_MAX;

const ROOM: usize = 64 * 1024;

/// What the bytes of a text were found to be.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    pub mark: u64,
    /// Nothing in the bytes says so, it only fits best.
    pub guessed: bool,
}

/// `Err` is what it is instead of text.
#[derive(Debug)]
pub enum Not {
    Text,
    Io(io::Error),
    /// No encoding has this name.
    Known,
}

impl From<io::Error> for Not {
    fn from(err: io::Error) -> Not {
        Not::Io(err)
    }
}

/// Looks over the whole source. `forced` is the name a profile gives, or empty. `lines`: the text
/// is one of lines, and no line can be longer than a row may be; one that is ends the search, the
/// splitter will refuse it.
pub fn survey<R: Read + Seek>(source: &mut R, forced: &str, lines: bool) -> Result<Reading, Not> {
    source.rewind()?;
    let mut head = Vec::new();
    source.by_ref().take(ROOM as u64).read_to_end(&mut head)?;
    let marked = Encoding::for_bom(&head).map(|(encoding, mark)| Reading { encoding, mark: mark as u64, guessed: false });
    if !forced.is_empty() {
        let encoding = named(forced, &head)?;
        let mark = marked.filter(|found| found.encoding == encoding).map_or(0, |found| found.mark);
        return Ok(Reading { encoding, mark, guessed: false });
    }
    if let Some(found) = marked {
        return Ok(found);
    }
    // Control characters in a text are single slips; in a program or a picture they are everywhere.
    let plain = |byte: u8| byte >= 32 || matches!(byte, 0 | b'\t' | b'\n' | 11 | 12 | b'\r' | 26 | 27);
    if head.iter().filter(|byte| !plain(**byte)).count() > 8 + head.len() / 50 {
        return Err(Not::Text);
    }
    let nuls = memchr_iter(0, &head).count();
    if nuls > 0 {
        if let Some(encoding) = wide(&head) {
            return Ok(Reading { encoding, mark: 0, guessed: false });
        }
        if nuls > 8 + head.len() / 100 {
            return Err(Not::Text);
        }
    }
    let mut tally = Tally { lines, ..Tally::default() };
    source.rewind()?;
    tally.run(source)?;
    // A damaged UTF-8 text has more whole letters than broken ones; Windows-1252 has whole ones by chance only.
    let broken = tally.broken > 0 && tally.whole < tally.broken.max(1);
    Ok(Reading { encoding: if broken { WINDOWS_1252 } else { UTF_8 }, mark: 0, guessed: broken })
}

fn named(forced: &str, head: &[u8]) -> Result<&'static Encoding, Not> {
    if forced.eq_ignore_ascii_case("utf-16") {
        return Ok(Encoding::for_bom(head).map(|(found, _)| found).filter(|found| *found == UTF_16BE).or(wide(head)).unwrap_or(UTF_16LE));
    }
    Encoding::for_label(forced.as_bytes()).ok_or(Not::Known)
}

/// UTF-16 without a mark: of western text every second byte is NUL.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let at = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (at(0), at(1));
    match () {
        () if pairs < 2 => None,
        () if odd * 10 > pairs * 4 && even * 20 < pairs => Some(UTF_16LE),
        () if even * 10 > pairs * 4 && odd * 20 < pairs => Some(UTF_16BE),
        () => None,
    }
}

#[derive(Default)]
struct Tally {
    /// Letters of several bytes that are valid UTF-8, and sequences that are not.
    whole: usize,
    broken: usize,
    lines: bool,
    /// Bytes since the last line end.
    run: usize,
}

impl Tally {
    fn run<R: Read>(&mut self, source: &mut R) -> io::Result<()> {
        let mut room = vec![0; ROOM];
        let mut kept = 0;
        loop {
            let read = source.read(&mut room[kept..])?;
            let chunk = &room[..kept + read];
            let rest = self.see(chunk, read == 0);
            let (from, to) = (chunk.len() - rest, chunk.len());
            room.copy_within(from..to, 0);
            kept = rest;
            if read == 0 || self.lines && self.run > 2 * ROW_MAX {
                return Ok(());
            }
        }
    }

    /// How many bytes at the end belong to a letter that is not whole yet.
    fn see(&mut self, chunk: &[u8], last: bool) -> usize {
        match memrchr2(b'\n', b'\r', chunk) {
            Some(end) => self.run = chunk.len() - end,
            None => self.run += chunk.len(),
        }
        let mut rest = chunk;
        while !rest.is_ascii() {
            let (sound, broken) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), 0),
                Err(err) => match err.error_len() {
                    None if !last => {
                        self.letters(&rest[..err.valid_up_to()]);
                        return rest.len() - err.valid_up_to();
                    }
                    length => (err.valid_up_to(), length.unwrap_or(rest.len() - err.valid_up_to())),
                },
            };
            self.letters(&rest[..sound]);
            self.broken += usize::from(broken > 0);
            rest = &rest[sound + broken..];
        }
        0
    }

    fn letters(&mut self, sound: &[u8]) {
        if !sound.is_ascii() {
            self.whole += sound.iter().filter(|byte| **byte >= 0xC0).count();
        }
    }
}

/// A source as UTF-8, a piece at a time. What claims to be UTF-8 is passed on as it is, so that
/// a broken letter is found in its cell; of other encodings a broken one is U+FFFD.
pub struct Decoded<R> {
    source: R,
    reading: Reading,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// What of `raw` was not taken yet.
    left: std::ops::Range<usize>,
    text: Vec<u8>,
    given: std::ops::Range<usize>,
    over: bool,
}

impl<R> std::fmt::Debug for Decoded<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded").field("reading", &self.reading).finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Decoded<R> {
    pub fn new(source: R, reading: Reading) -> io::Result<Decoded<R>> {
        let mut decoded =
            Decoded { source, reading, decoder: None, raw: vec![0; ROOM], left: 0..0, text: Vec::new(), given: 0..0, over: false };
        decoded.restart()?;
        Ok(decoded)
    }

    /// Back to the first letter.
    pub fn restart(&mut self) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(self.reading.mark))?;
        if self.reading.encoding != UTF_8 {
            self.decoder = Some(self.reading.encoding.new_decoder_without_bom_handling());
            // The decoder wants room for three bytes for each one in the worst case.
            self.text.resize(ROOM * 3 + 16, 0);
        }
        (self.left, self.given, self.over) = (0..0, 0..0, false);
        Ok(())
    }
}

impl<R: Read + Seek> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Some(decoder) = &mut self.decoder else {
            while self.left.is_empty() && !self.over {
                self.left = 0..read(&mut self.source, &mut self.raw)?;
                self.over = self.left.is_empty();
            }
            return Ok(&self.raw[self.left.clone()]);
        };
        while self.given.is_empty() && !self.over {
            if self.left.is_empty() {
                self.left = 0..read(&mut self.source, &mut self.raw)?;
                self.over = self.left.is_empty();
            }
            let (_, taken, made, _) = decoder.decode_to_utf8(&self.raw[self.left.clone()], &mut self.text, self.over);
            self.left.start += taken;
            self.given = 0..made;
        }
        Ok(&self.text[self.given.clone()])
    }

    fn consume(&mut self, amount: usize) {
        let range = if self.decoder.is_some() { &mut self.given } else { &mut self.left };
        range.start += amount;
    }
}

impl<R: Read + Seek> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let chunk = self.fill_buf()?;
        let length = chunk.len().min(into.len());
        into[..length].copy_from_slice(&chunk[..length]);
        self.consume(length);
        Ok(length)
    }
}

fn read<R: Read>(source: &mut R, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(into) {
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// The separator that Excel's own first line names: `sep=;`.
pub fn separator(head: &[u8]) -> Option<u8> {
    let line = &head[..memchr2(b'\r', b'\n', head)?];
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', sign] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => Some(*sign),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(bytes: &[u8], forced: &str) -> String {
        let mut source = Cursor::new(bytes);
        match survey(&mut source, forced, true) {
            Ok(reading) => {
                let mut text = String::new();
                let mut decoded = Decoded::new(source, reading).expect("memory");
                for _ in 0..2 {
                    text.clear();
                    let mut bytes = Vec::new();
                    decoded.read_to_end(&mut bytes).expect("memory");
                    text = format!(
                        "{}{}: {}",
                        reading.encoding.name(),
                        if reading.guessed { "?" } else { "" },
                        String::from_utf8_lossy(&bytes)
                    );
                    decoded.restart().expect("memory");
                }
                text
            }
            Err(Not::Text) => "no text".into(),
            Err(err) => format!("{err:?}"),
        }
    }

    fn wide(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn an_encoding_is_told_from_the_bytes() {
        let (le, be) = (wide("a,Jörg\n", true), wide("a,Jörg\n", false));
        let marked: Vec<u8> = [&b"\xff\xfe"[..], &le].concat();
        for (bytes, forced, says) in [
            (&b""[..], "", "UTF-8: "),
            ("a,Jörg".as_bytes(), "", "UTF-8: a,Jörg"),
            (b"\xef\xbb\xbfa", "", "UTF-8: a"),
            (b"a,J\xf6rg", "", "windows-1252?: a,Jörg"),
            (b"\x93a\x94 \x96 \x80", "", "windows-1252?: “a” – €"),
            ("Jörg é".as_bytes(), "windows-1252", "windows-1252: JÃ¶rg Ã©"),
            (b"J\xc3\xb6rg \xc3\xa9 \xe9", "", "UTF-8: Jörg é \u{fffd}"),
            (b"a\xe2\x82", "", "windows-1252?: aâ‚"),
            (&marked, "", "UTF-16LE: a,Jörg\n"),
            (&le, "", "UTF-16LE: a,Jörg\n"),
            (&be, "", "UTF-16BE: a,Jörg\n"),
            (&be, "UTF-16", "UTF-16BE: a,Jörg\n"),
            (&[&b"\xfe\xff"[..], &be].concat(), "utf-16", "UTF-16BE: a,Jörg\n"),
            (b"a", "latin-9000", "Known"),
            (b"a\0b,c\n1,2\n", "", "UTF-8: a\0b,c\n1,2\n"),
            (&[0, 1, 2, 3].repeat(20), "", "no text"),
            (&[1, 2, 3, 4].repeat(20), "", "no text"),
        ] {
            assert_eq!(read(bytes, forced), says, "{bytes:?}");
        }
    }

    #[test]
    fn a_letter_may_lie_across_two_pieces() {
        let text = format!("{}é{}", "x".repeat(ROOM - 1), "é".repeat(ROOM));
        assert_eq!(read(text.as_bytes(), ""), format!("UTF-8: {text}"));
        assert_eq!(read(&wide(&format!("x{text}"), true), "utf-16"), format!("UTF-16LE: x{text}"));
    }

    #[test]
    fn excels_first_line_names_the_separator() {
        for (head, sign) in
            [(&b"sep=;\r\na"[..], Some(b';')), (b"\"SEP=\t\"\n", Some(b'\t')), (b"sep=;;\n", None), (b"separate\n", None), (b"sep=;", None)]
        {
            assert_eq!(separator(head), sign);
        }
    }
}
