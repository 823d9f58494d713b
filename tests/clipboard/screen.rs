//! Through GNU screen, which passes a copy on in pieces only.

use std::path::PathBuf;
use std::process::Command;

use crate::support::pty::Start;
use crate::support::{has_program, tell};
use crate::world::{KB, World};

/// Where the sessions of this test lie; whatever became of it, none stays.
struct Sessions(PathBuf);

impl Drop for Sessions {
    fn drop(&mut self) {
        let _ = Command::new("screen").args(["-S", "copy", "-X", "quit"]).env("SCREENDIR", &self.0).output();
    }
}

#[test]
fn through_gnu_screen() {
    if !has_program("screen") {
        tell("not run: the copy through GNU screen (screen is not installed)");
        return;
    }
    let world = World::new(KB);
    let dir = world.place.path("screens");
    std::fs::create_dir(&dir).expect("made");
    std::fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("closed to others");
    let sessions = Sessions(dir);
    let shell = world.shell();
    let mut session = Start::new(&["-U", "-c", "/dev/null", "-S", "copy", "sh", "-c", &shell])
        .program("screen")
        .env("SCREENDIR", Some(&sessions.0.to_string_lossy()))
        .run(&world.place);
    let words = world.copy(&mut session);
    assert!(words.contains("sent to your terminal, which does not confirm"), "{words}");
    world.arrives(&mut session);
    session.key("q");
    session.wait_exit();
    assert_eq!(session.asked().copies.len(), 1);
}
