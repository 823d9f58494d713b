//! A text in `$EDITOR` or `$PAGER`: a private file, no shell, and whatever happens the text is not lost.

use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::thread;

use tokio::signal::unix::Signal;
use tokio::sync::oneshot;

use super::{command, now, pages, paths, terminal};

/// The longest text that is taken back.
const TEXT_MAX: u64 = 1 << 20;

/// The program and its arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Call {
    program: PathBuf,
    arguments: Vec<OsString>,
}

/// Runs the editor on `text`. The terminal is the editor's meanwhile; `stops` are the signals by
/// which an editor that suspends itself tells the whole job to stop.
pub async fn edit(text: &str, stops: &mut Signal) -> Result<String, String> {
    let call = find(["VISUAL", "EDITOR"], &["nano", "vim", "vi"]).ok_or("no editor was found: set EDITOR")?;
    let file = hand_over(text)?;
    let ended = run(&call, &file, stops).await;
    let back = paths::read_text(&file, TEXT_MAX);
    let _ = fs::remove_file(&file);
    take(text, ended, back)
}

/// Shows `text` in `$PAGER`. It is only read: what the pager does with its own copy is nobody's.
pub async fn page(text: &str, stops: &mut Signal) -> Result<(), String> {
    let call = find(["PAGER", "PAGER"], &["less", "more"]).ok_or("no pager was found: set PAGER")?;
    let file = hand_over(text)?;
    let ended = run(&call, &file, stops).await;
    let _ = fs::remove_file(&file);
    ended.map(|_| ()).map_err(|err| format!("the pager could not be run: {err}"))
}

/// The text in a private file of its own.
fn hand_over(text: &str) -> Result<PathBuf, String> {
    let dir = directory().map_err(|trouble| trouble.says)?;
    let file = dir.join(format!("{}.{}.txt", std::process::id(), now::fresh().simple()));
    let made = paths::create_anew(&file).and_then(|mut open| open.write_all(text.as_bytes()));
    made.map_err(|err| format!("the text could not be handed over: {err}"))?;
    Ok(file)
}

/// What the note is after the editor. One that was killed may have saved before.
fn take(before: &str, ended: io::Result<ExitStatus>, back: io::Result<String>) -> Result<String, String> {
    let ended = ended.map_err(|err| format!("the editor could not be run: {err}"))?;
    let back = back.map_err(|err| format!("the note is as it was: what the editor left cannot be read: {err}"))?;
    if ended.code().is_some_and(|code| code != 0) || (!ended.success() && back == before) {
        return Err(format!("the note is as it was: the editor ended with {ended}"));
    }
    // Editors end a file with a line end that nobody typed.
    Ok(back.strip_suffix('\n').unwrap_or(&back).to_owned())
}

async fn run(call: &Call, file: &Path, stops: &mut Signal) -> io::Result<ExitStatus> {
    let mut command = Command::new(&call.program);
    command
        .args(&call.arguments)
        .arg(file)
        // From less nobody gets to a shell or to another file, and it keeps no history of what was searched.
        .envs([("LESSSECURE", "1"), ("LESSHISTFILE", "-")]);
    let mut child = pages::not_for_others(&mut command).spawn()?;
    let (end, mut ended) = oneshot::channel();
    thread::Builder::new().name("editor".to_owned()).spawn(move || end.send(child.wait()))?;
    loop {
        tokio::select! {
            status = &mut ended => return status.map_err(io::Error::other)?,
            Some(()) = stops.recv() => terminal::stop(false)?,
        }
    }
}

/// What the variables name, the first before the second, or what is there.
fn find(variables: [&str; 2], usual: &[&str]) -> Option<Call> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    match variables.into_iter().find_map(named) {
        Some(setting) => call(setting.to_str()?, &command::find),
        None => usual.iter().find_map(|name| call(name, &command::find)),
    }
}

/// The setting split at spaces: no shell reads it, so quotes and `$` mean nothing.
fn call(setting: &str, find: &dyn Fn(&str) -> Option<PathBuf>) -> Option<Call> {
    let mut words = setting.split_whitespace();
    let name = words.next()?;
    let program = if name.contains('/') { Some(PathBuf::from(name)).filter(|path| path.is_absolute()) } else { find(name) }?;
    let mut arguments: Vec<OsString> = private(&program).iter().map(OsString::from).collect();
    arguments.extend(words.map(OsString::from));
    Some(Call { program, arguments })
}

/// What keeps a known editor from writing copies of the text elsewhere: swap, history, backups.
fn private(program: &Path) -> &'static [&'static str] {
    // `vi` and `editor` are often links to vim.
    let real = program.canonicalize().unwrap_or_else(|_| program.to_owned());
    let name = real.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name == "nvim" || name == "vim" || name.starts_with("vim.") {
        &["-n", "-i", "NONE", "-c", "set noundofile nobackup nowritebackup"]
    } else if name == "less" {
        // Where LESS=F is set a short text would be gone before it was read.
        &["-+F"]
    } else {
        &[]
    }
}

fn directory() -> Result<PathBuf, crate::domain::trouble::Trouble> {
    let dir = paths::runtime()?.join("edit");
    paths::private(&dir)?;
    Ok(dir)
}

/// Removes what killed processes left; the text is in their drafts.
pub fn sweep() {
    let Ok(entries) = directory().and_then(|dir| fs::read_dir(dir).map_err(|err| crate::domain::trouble::Trouble::io(err.to_string())))
    else {
        return;
    };
    let is_left = |entry: &DirEntry| {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.split_once('.')).and_then(|(pid, _)| pid.parse::<u32>().ok());
        pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists())
    };
    for entry in entries.flatten().filter(is_left) {
        let _ = fs::remove_file(entry.path());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn the_setting_is_split_and_never_a_shells() {
        let find = |name: &str| (name != "absent").then(|| PathBuf::from(format!("/usr/bin/{name}-x")));
        for (setting, wanted) in [
            ("ed", Some("/usr/bin/ed-x")),
            ("  code --wait ", Some("/usr/bin/code-x --wait")),
            ("ed $(rm -rf) ;x 'a b'", Some("/usr/bin/ed-x $(rm -rf) ;x 'a b'")),
            ("/opt/ed -s", Some("/opt/ed -s")),
            ("./ed", None),
            ("absent", None),
            ("", None),
        ] {
            let found = call(setting, &find).map(|call| {
                let words: Vec<String> = call.arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
                [vec![call.program.display().to_string()], words].concat().join(" ")
            });
            assert_eq!(found.as_deref(), wanted, "{setting}");
        }
        assert_eq!(call("ed $(rm -rf)", &find).map(|call| call.arguments.len()), Some(2), "words, not one string");
        assert!(private(Path::new("/nowhere/nvim")).contains(&"-n") && private(Path::new("/nowhere/vim.tiny")).contains(&"NONE"));
        assert!(private(Path::new("/nowhere/vimdiff-like")).is_empty());
    }

    #[test]
    fn a_failed_editor_leaves_the_note_and_a_killed_one_may_have_saved() {
        let exit = |code: i32| Ok(ExitStatus::from_raw(code << 8));
        let killed = || Ok(ExitStatus::from_raw(1));
        assert_eq!(take("a", exit(0), Ok("b\n".to_owned())), Ok("b".to_owned()));
        assert_eq!(take("a", exit(0), Ok("b\n\n".to_owned())), Ok("b\n".to_owned()));
        assert!(take("a", exit(1), Ok("b".to_owned())).is_err_and(|err| err.contains("as it was")));
        assert_eq!(take("a", killed(), Ok("b".to_owned())), Ok("b".to_owned()));
        assert!(take("a", killed(), Ok("a".to_owned())).is_err());
        assert!(take("a", exit(0), Err(io::Error::other("it is longer than 1048576 bytes"))).is_err_and(|err| err.contains("longer")));
    }
}
