//! Which pages does the memory of a queue lie in? In large ones, also where the kernel gives those only on request.
//!
//! Every letter of a search reads all rows. In pages of 4 KB that is tens of thousands of them, and after a tenth of a second
//! without a key finding each costs more than reading it: with pages of 2 MB a letter over 100,000 rows took 6 ms instead of
//! 10 at the median, and 13 instead of 26 at p99. The C library asks for them (`glibc.malloc.hugetlb`, since 2.35; they are
//! given to its main arena only, hence the other setting), but reads its tunables at the start of a program and never again.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::paths;

const TUNABLES: &str = "GLIBC_TUNABLES";
const OURS: &str = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1";
/// Where the kernel says when it gives large pages: `always [madvise] never`.
const RULE: &str = "/sys/kernel/mm/transparent_hugepage/enabled";
/// Smaller databases have some 15,000 to 20,000 rows: there a search takes the same time in either pages, and a start is
/// 6 ms shorter without starting anew and whole large pages to be cleared.
const SMALL: u64 = 64 << 20;

/// Starts the program anew in its place, same process, same arguments, when that gets it large pages for this database.
/// Comes back when it does not, or when it cannot.
pub fn want_large(database: &Path) {
    if !cfg!(all(target_os = "linux", target_env = "gnu")) {
        return;
    }
    let bytes = std::fs::metadata(database).map_or(0, |about| about.len());
    let rule = paths::read_text(&PathBuf::from(RULE), 4096).unwrap_or_default();
    let Some(tunables) = wanted(&rule, std::env::var_os(TUNABLES), bytes) else { return };
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    let _ = again.args(arguments).env(TUNABLES, tunables).exec();
}

/// The tunables to start with; `None` to go on as it is. Whoever has set this one keeps his value.
fn wanted(rule: &str, set: Option<OsString>, bytes: u64) -> Option<OsString> {
    let set = set.unwrap_or_default();
    let is_set = set.to_string_lossy().contains("glibc.malloc.hugetlb");
    if bytes < SMALL || is_set || !rule.contains("[madvise]") {
        return None;
    }
    Some(if set.is_empty() { OURS.into() } else { [set, OURS.into()].join(":".as_ref()) })
}

/// The setting is this program's, not that of an editor or of another program that it runs.
pub fn not_for_others(command: &mut Command) -> &mut Command {
    match others(std::env::var_os(TUNABLES)) {
        Others::Same => command,
        Others::Without => command.env_remove(TUNABLES),
        Others::Theirs(rest) => command.env(TUNABLES, rest),
    }
}

/// What another program gets.
#[derive(PartialEq, Eq, Debug)]
enum Others {
    Same,
    Without,
    Theirs(String),
}

fn others(set: Option<OsString>) -> Others {
    let set = set.unwrap_or_default();
    match set.to_str().and_then(|set| set.strip_suffix(OURS)) {
        None => Others::Same,
        Some("") => Others::Without,
        Some(rest) => Others::Theirs(rest.trim_end_matches(':').to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_large_queue_on_a_kernel_that_waits_to_be_asked_starts_anew_and_once() {
        let asks = |rule: &str, set: Option<&str>, bytes| wanted(rule, set.map(OsString::from), bytes);
        let madvise = "always [madvise] never\n";
        assert_eq!(asks(madvise, None, SMALL), Some(OURS.into()));
        assert_eq!(asks(madvise, Some("glibc.rtld.nns=2"), SMALL), Some(format!("glibc.rtld.nns=2:{OURS}").into()));
        for (rule, set, bytes) in [
            (madvise, None, SMALL - 1),
            ("[always] madvise never", None, SMALL),
            ("always madvise [never]", None, SMALL),
            ("", None, SMALL),
            (madvise, Some(OURS), SMALL),
            (madvise, Some("glibc.malloc.hugetlb=0"), SMALL),
        ] {
            assert_eq!(asks(rule, set, bytes), None, "{rule} {set:?} {bytes}");
        }
    }

    #[test]
    fn other_programs_get_what_was_set_before() {
        let get = |set: &str| others(Some(set.into()));
        assert_eq!(others(None), Others::Same);
        assert_eq!(get("glibc.rtld.nns=2"), Others::Same);
        assert_eq!(get(OURS), Others::Without);
        assert_eq!(get(&format!("glibc.rtld.nns=2:{OURS}")), Others::Theirs("glibc.rtld.nns=2".to_owned()));
    }
}
