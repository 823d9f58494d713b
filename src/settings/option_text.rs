//! How is one option of `themes/options.toml` changed without touching what else somebody wrote there?

/// Where options stand, below the site's and the user's directory.
pub const PATH: &str = "themes/options.toml";

/// The file with `key = "value"`: in the line that has the key, else in one of its own. Comments, order and the end of a line's
/// own comment stay. Whoever writes it loads it first: a text that says the key in an unusual way is found out there.
pub fn set(text: &str, key: &str, value: &str) -> String {
    let is_it = |line: &&str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    let said = format!("{key} = \"{value}\"");
    if text.lines().any(|line| is_it(&line)) {
        let lines = text.split_inclusive('\n').map(|line| if is_it(&line) { format!("{said}{}", comment(line)) } else { line.to_owned() });
        return lines.collect();
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{gap}{said}\n")
}

/// What stands behind the value: the line's own comment, and its end.
fn comment(line: &str) -> String {
    let body = line.trim_end_matches(['\n', '\r']);
    let end = &line[body.len()..];
    let quoted = body.rfind(['"', '\'']).map_or(0, |at| at + 1);
    let behind = body[quoted..].find('#').map(|at| format!(" {}", &body[quoted + at..])).unwrap_or_default();
    format!("{behind}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_changes_and_the_rest_stays() {
        for (text, wanted) in [
            ("", "keymap = \"vim\"\n"),
            ("theme = \"dark\"", "theme = \"dark\"\nkeymap = \"vim\"\n"),
            ("# mine\nkeymap=\"plain\"\nguard_ms = 7\n", "# mine\nkeymap = \"vim\"\nguard_ms = 7\n"),
            ("  keymap = 'plain' # for the laptop\r\n", "keymap = \"vim\" # for the laptop\r\n"),
            ("# keymap = \"plain\"\n", "# keymap = \"plain\"\nkeymap = \"vim\"\n"),
            ("keymaps = 1\n", "keymaps = 1\nkeymap = \"vim\"\n"),
        ] {
            assert_eq!(set(text, "keymap", "vim"), wanted, "{text:?}");
        }
    }
}
