//! What is said while an older database is upgraded? One line, before the screen and outside of any output.

use std::io::Write;

use crate::domain::import_words::thousands;
use crate::domain::text;
use crate::store::Upgrade;

pub fn tell(upgrade: &Upgrade<'_>) {
    // A standard error that is gone does not stop the work.
    let _ = writeln!(std::io::stderr(), "{}", line(upgrade));
}

fn line(Upgrade { path, bytes, copy }: &Upgrade<'_>) -> String {
    let size = thousands(usize::try_from(bytes.div_ceil(1_000_000)).unwrap_or(usize::MAX));
    text::clean_line(&format!("upgrading {} ({size} MB); as it was it stays in {}", path.display(), copy.display()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_line_says_how_much_and_where_and_nothing_that_a_terminal_obeys() {
        let (path, copy) = (Path::new("/srv/q\x1b[2J.db"), Path::new("/srv/q.db-before-schema-6"));
        let said = line(&Upgrade { path, bytes: 3_796_824_064, copy });
        assert!(said.ends_with("(3,797 MB); as it was it stays in /srv/q.db-before-schema-6"), "{said}");
        assert!(said.starts_with("upgrading /srv/q") && !said.contains('\x1b'), "{said}");
    }
}
