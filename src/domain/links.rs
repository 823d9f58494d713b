//! Which addresses of the web stand in a text? Only http and https, only plain letters, so that what is
//! shown, copied or marked as a link is one and the same address.

use std::ops::Range;

/// The longest address that is taken for one.
const LONGEST: usize = 2_000;
const STARTS: [&str; 2] = ["https://", "http://"];

/// Where addresses stand, in bytes. One that goes on with a sign that no address has (`…`, an accent)
/// was cut or is a trick, and is none.
pub fn spans(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = STARTS.iter().filter_map(|start| text[from..].find(start)).min().map(|at| from + at) {
        let begins = text[..start].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let rest = &text[start..];
        let len = rest.find(|c: char| !c.is_ascii_graphic() || "<>\"'`{}|\\^".contains(c)).unwrap_or(rest.len());
        // What ends a sentence is no part of the address in it.
        let address = rest[..len].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
        let ends = rest[len..].chars().next().is_none_or(|next| next.is_whitespace() || next.is_ascii_punctuation());
        let host = address.split_once("://").map_or("", |(_, host)| host);
        if begins && ends && address.len() <= LONGEST && host.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            found.push(start..start + address.len());
        }
        from = start + len.max(1);
    }
    found
}

/// The addresses themselves, each once.
pub fn find(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for span in spans(text) {
        let address = &text[span];
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_plain_addresses_are_links() {
        for (text, wanted) in [
            ("see https://a.example/x?y=1#z.", &["https://a.example/x?y=1#z"][..]),
            ("(http://a.example), https://a.example; https://b.example!", &["http://a.example", "https://a.example", "https://b.example"]),
            ("https://a.example https://a.example", &["https://a.example"]),
            ("https://a.example/cut\u{2026}", &[]),
            ("https://\u{430}pple.example", &[]),
            ("https://a\u{301}.example", &[]),
            ("xhttps://a.example", &[]),
            ("javascript:alert(1) file:///etc/passwd ftp://a", &[]),
            ("https://", &[]),
            ("https://-x", &[]),
            ("https://a.example\x1b]8;;http://evil\x07", &[]),
            ("<https://a.example>", &["https://a.example"]),
        ] {
            assert_eq!(find(text), wanted, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(https?://)?\\PC{0,40}(https://[a-z.]{0,8})?\\PC{0,8}") {
            for address in find(&text) {
                proptest::prop_assert!(address.is_ascii() && address.starts_with("http") && !address.contains(' '));
            }
        }
    }
}
