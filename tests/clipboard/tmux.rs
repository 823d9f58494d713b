//! Through tmux, and through tmux inside tmux.

use std::process::Command;

use crate::support::pty::{Session, Start};
use crate::support::{has_program, tell};
use crate::world::{KB, World, output};

/// A tmux server of its own; gone at the end.
struct Server<'a> {
    world: &'a World,
    name: &'static str,
}

impl Server<'_> {
    fn socket(&self) -> String {
        self.world.place.path(self.name).to_string_lossy().into_owned()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(self.socket()).args(args).env_remove("TMUX").envs(self.world.place.env());
        command
    }

    /// How a shell opens it, with this in its window.
    fn shell(&self, config: &str, inner: &str) -> String {
        format!("exec tmux -S '{}' -f {config} new-session \"{inner}\"", self.socket())
    }

    fn buffer(&self) -> String {
        String::from_utf8(output(&mut self.command(&["save-buffer", "-"]))).expect("text")
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.command(&["kill-server"]).output();
    }
}

fn is_missing() -> bool {
    if !has_program("tmux") {
        tell("not run: the copies through tmux (tmux is not installed)");
    }
    !has_program("tmux")
}

fn open(world: &World, shell: &str) -> Session {
    Start::new(&["-c", shell]).program("sh").run(&world.place)
}

#[test]
fn through_tmux_with_its_own_settings() {
    if is_missing() {
        return;
    }
    let world = World::new(KB);
    let tmux = Server { world: &world, name: "one" };
    let mut session = open(&world, &tmux.shell("/dev/null", &world.shell()));
    let words = world.copy(&mut session);
    assert!(words.contains("in the tmux buffer; also sent to your terminal, which does not confirm"), "{words}");
    world.arrives(&mut session);
    assert_eq!(tmux.buffer(), world.text);
}

#[test]
fn tmux_that_knows_of_no_clipboard_keeps_it_and_says_so() {
    if is_missing() {
        return;
    }
    let world = World::new(KB);
    let tmux = Server { world: &world, name: "one" };
    let shell = tmux.shell("/dev/null", &world.shell());
    let mut session = Start::new(&["-c", &shell]).program("sh").env("TERM", Some("vt100")).run(&world.place);
    let words = world.copy(&mut session);
    assert!(words.contains("in the tmux buffer (prefix ]); your terminal takes no copies, tmux says"), "{words}");
    assert_eq!(tmux.buffer(), world.text);
    assert_eq!(session.asked().copies, []);
}

#[test]
fn tmux_inside_tmux() {
    if is_missing() {
        return;
    }
    for outer_takes in [false, true] {
        let world = World::new(KB);
        let (outer, inner) = (Server { world: &world, name: "outer" }, Server { world: &world, name: "inner" });
        let config = world.place.path("outer.conf");
        let mut settings = "set -g default-terminal tmux-256color\n".to_owned();
        if outer_takes {
            settings.push_str("set -s set-clipboard on\n");
        }
        std::fs::write(&config, settings).expect("written");
        // The shell of the outer window reads a file: quotes in quotes end somewhere.
        let script = world.place.path("inner.sh");
        std::fs::write(&script, format!("unset TMUX\n{}\n", inner.shell("/dev/null", &world.shell()))).expect("written");
        let shell = outer.shell(&config.display().to_string(), &format!("sh '{}'", script.display()));
        let mut session = open(&world, &shell);
        let words = world.copy(&mut session);
        assert!(words.contains("the tmux around it needs: set -s set-clipboard on"), "{words}");
        assert_eq!(inner.buffer(), world.text);
        if outer_takes {
            world.arrives(&mut session);
        } else {
            session.settle();
            assert_eq!(session.asked().copies, [], "what the words say");
        }
    }
}

#[test]
fn what_was_proven_in_tmux_is_said_there() {
    if is_missing() {
        return;
    }
    let world = World::new(KB);
    let tmux = Server { world: &world, name: "one" };
    // First the trial, then the queue, in one window.
    let trial = world.shell().replacen("exec ", "", 1).replace(&format!("--db '{}'", world.place.db()), "clipboard");
    let mut session = open(&world, &tmux.shell("/dev/null", &format!("{trial}; {}", world.shell())));
    session.wait_until("a word", |session| !session.asked().copies.is_empty());
    let word = session.asked().copies[0].1.clone();
    session.wait_for("1/1 tmux (not by prefix ]):");
    session.key(&format!("{word}\r"));
    let words = world.copy(&mut session);
    assert!(words.contains("in the tmux buffer; also sent to your terminal (this way worked on 20 Nov)"), "{words}");
    world.arrives(&mut session);
    assert_eq!(tmux.buffer(), world.text);
}
