//! Which view does a name on the command line mean, and which words are no options?

use std::ffi::OsString;

use super::home::{Home, shown};
use super::stop::Stop;
use crate::domain::view::{Kept, Rows};
use crate::run::own_views;

/// One that is always there, one's own, or the team's.
pub fn find(name: &str, home: &Home) -> Result<Kept, Stop> {
    if let Some(rows) = Rows::parse(name) {
        return Ok(Kept { rows, ..Kept::default() });
    }
    // Only the file of that name is read: a slip in another one must not stop a script.
    if let Some(own) = own_views::read(name, home.playbook())? {
        return Ok(own);
    }
    let team = home.store.views()?;
    if let Some(kept) = team.iter().find(|kept| kept.name == name) {
        return Ok(kept.clone());
    }
    let names: Vec<&str> = Rows::ALL.map(Rows::name).into_iter().chain(team.iter().map(|kept| kept.name.as_str())).collect();
    let hint = format!("there are {}, and those of your own that v k keeps", names.join(", "));
    Err(Stop::usage_hint(format!("there is no view {}", shown(name)), hint))
}

/// `-hold` is a word of a query, and the reader of options takes it for `-h` and the rest: it gets the sign that means
/// the same to a query. Long options have two hyphens, and no command with a query has a short one beside `-h`.
pub fn negations(words: Vec<OsString>) -> Vec<OsString> {
    let has_query = command(&words).is_some_and(|command| matches!(command, "list" | "export"));
    let negated = |word: OsString| match word.to_str().and_then(|text| text.strip_prefix('-')) {
        Some(rest) if has_query && rest != "h" && rest.len() > 1 && !rest.starts_with('-') && word != "-V" => format!("!{rest}").into(),
        _ => word,
    };
    // The value of `--sort` keeps its own.
    let mut out: Vec<OsString> = Vec::with_capacity(words.len());
    for word in words {
        let is_value = out.last().is_some_and(|before| before == "--sort" || before == "--out");
        out.push(if is_value { word } else { negated(word) });
    }
    out
}

/// The first word that is no option and no option's value.
fn command(words: &[OsString]) -> Option<&str> {
    let mut words = words.iter().skip(1).map(|word| word.to_str().unwrap_or_default());
    while let Some(word) = words.next() {
        match word {
            "--db" | "--today" => _ = words.next(),
            word if word.starts_with('-') => {}
            word => return Some(word),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_of_a_query_is_no_option() {
        let said = |words: &str| {
            let words = std::iter::once("intertie").chain(words.split(' ')).map(OsString::from).collect();
            negations(words).iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        for (typed, read) in [
            ("--db x list -hold --limit 3 -utility:rmp", "--db x list !hold --limit 3 !utility:rmp"),
            ("list -h", "list -h"),
            ("list --sort -due oak", "list --sort -due oak"),
            ("export --out - -hold", "export --out - !hold"),
            ("note list -hold", "note list -hold"),
            ("--today 2026-11-20 export -away", "--today 2026-11-20 export !away"),
        ] {
            assert_eq!(said(typed), read);
        }
    }
}
