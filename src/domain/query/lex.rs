//! Where does each term of a query begin, and which part of it is name, sign and value?

use std::ops::Range;

use super::{Fault, QUERY_MAX};
use crate::domain::text;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Is,
    Below,
    UpTo,
    Above,
    From,
}

impl Op {
    pub fn sign(self) -> &'static str {
        match self {
            Op::Is => ":",
            Op::Below => "<",
            Op::UpTo => "<=",
            Op::Above => ">",
            Op::From => ">=",
        }
    }
}

/// A value as typed, without its quotes, and the bytes where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    pub at: Range<usize>,
    pub text: String,
    pub quoted: bool,
}

/// One term as typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    pub at: Range<usize>,
    pub negated: bool,
    /// Name and sign, where there are any.
    pub field: Option<(Word, Op)>,
    /// Never empty.
    pub values: Vec<Word>,
    /// Nothing, not even a space, stands behind it: it may go on.
    pub last: bool,
}

pub fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”')
}

/// The letters of which fields are made: anything else before a `:` is no field, as in 14:00.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'))
}

pub fn pieces(query: &str) -> Result<Vec<Piece>, Fault> {
    check(query)?;
    let mut pieces = Vec::new();
    let mut at = 0;
    loop {
        let rest = &query[at..];
        let Some(start) = rest.find(|c: char| !c.is_whitespace()) else { return Ok(pieces) };
        let piece = Lexer { query, at: at + start }.piece()?;
        at = piece.at.end;
        pieces.push(piece);
    }
}

/// What no query may hold.
fn check(query: &str) -> Result<(), Fault> {
    if let Some((at, _)) = query.char_indices().nth(QUERY_MAX) {
        let says = format!("a query has at most {QUERY_MAX} letters, and this one has {}", query.chars().count());
        return Err(Fault::new(at..query.len(), says));
    }
    if text::clean(query) == query {
        return Ok(());
    }
    let strange = |c: char| !c.is_whitespace() && text::clean(c.encode_utf8(&mut [0; 4])).is_empty();
    match query.char_indices().find(|(_, c)| strange(*c)) {
        Some((at, c)) => Err(Fault::new(at..at + c.len_utf8(), "there is a character here that nobody can see or type")),
        None => Ok(()),
    }
}

struct Lexer<'a> {
    query: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.query[self.at..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take_if(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        if is {
            self.at += wanted.len_utf8();
        }
        is
    }

    fn piece(mut self) -> Result<Piece, Fault> {
        let start = self.at;
        // `!` means the same, because shells and option readers take a `-` for themselves.
        let negated = self.take_if('-') || self.take_if('!');
        let mut field = None;
        let mut values = vec![self.word(true)?];
        if let Some(op) = self.op(&values[0]) {
            field = values.pop().map(|name| (name, op));
            values.push(self.word(false)?);
            while self.take_if(',') {
                values.push(self.word(false)?);
            }
        }
        let empty = field.is_none() && values[0].text.is_empty() && !values[0].quoted;
        if empty {
            return Err(Fault::unfinished(start..self.at.max(start + 1), "a - stands before what must not be so, as in -hold"));
        }
        Ok(Piece { at: start..self.at, negated, field, values, last: self.at == self.query.len() })
    }

    /// Up to a space, and with a name before it up to a comma; for a name, up to its sign.
    fn word(&mut self, maybe_name: bool) -> Result<Word, Fault> {
        let (start, mut text, mut quoted) = (self.at, String::new(), false);
        while let Some(c) = self.peek() {
            let sign = matches!(c, ':' | '=' | '<' | '>') && maybe_name && !quoted && is_name(&text);
            if c.is_whitespace() || sign || c == ',' && !maybe_name {
                break;
            }
            self.take();
            if is_quote(c) {
                quoted = true;
                text.push_str(self.quoted(self.at - c.len_utf8())?);
            } else {
                text.push(c);
            }
        }
        Ok(Word { at: start..self.at, text, quoted })
    }

    fn quoted(&mut self, opened: usize) -> Result<&str, Fault> {
        let start = self.at;
        match self.query[start..].char_indices().find(|(_, c)| is_quote(*c)) {
            Some((len, c)) => {
                self.at = start + len + c.len_utf8();
                Ok(&self.query[start..start + len])
            }
            None => {
                let says = "this quote is never closed";
                Err(Fault::unfinished(opened..start, says))
            }
        }
    }

    fn op(&mut self, name: &Word) -> Option<Op> {
        if name.quoted || !is_name(&name.text) {
            return None;
        }
        // `kw:>25` is how others write it.
        let colon = self.take_if(':');
        let op = match self.peek() {
            Some('<') => Op::Below,
            Some('>') => Op::Above,
            Some('=') => Op::Is,
            _ => return colon.then_some(Op::Is),
        };
        self.take();
        Some(match op {
            Op::Below if self.take_if('=') => Op::UpTo,
            Op::Above if self.take_if('=') => Op::From,
            op => op,
        })
    }
}
