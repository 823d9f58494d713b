//! From another machine: ssh to a server of its own on the loopback, tmux behind it, and mosh.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::pty::{Session, Start};
use crate::support::{has_program, said, tell};
use crate::world::{KB, World, output};

/// An SSH server with its own port, host key and authorized key; gone at the end.
struct Server<'a> {
    world: &'a World,
    server: Child,
    port: String,
}

impl Server<'_> {
    fn start(world: &World) -> Option<Server<'_>> {
        let sshd = "/usr/sbin/sshd";
        if !std::path::Path::new(sshd).is_file() || !has_program("ssh") || !has_program("ssh-keygen") {
            tell("not run: the copies over ssh (openssh-server and openssh-client are not both installed)");
            return None;
        }
        // Where it changes root for those who have not logged in yet; the package's service makes it.
        if rustix::process::getuid().is_root() {
            let _ = std::fs::create_dir("/run/sshd");
        }
        let path = |name: &str| world.place.path(name).to_string_lossy().into_owned();
        for key in ["host-key", "user-key"] {
            output(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"]).arg(path(key)));
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port().to_string();
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             UsePAM no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPrintMotd no\nPrintLastLog no\n",
            path("host-key"),
            path("user-key.pub"),
        );
        std::fs::write(path("sshd.conf"), settings).expect("written");
        let log = std::fs::File::create(path("sshd.log")).expect("made");
        let server = Command::new(sshd)
            .args(["-D", "-e", "-f"])
            .arg(path("sshd.conf"))
            .stderr(log)
            .stdout(Stdio::null())
            .spawn()
            .expect("sshd starts");
        let started = Instant::now();
        while TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
            let log = std::fs::read_to_string(path("sshd.log")).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_secs(10), "sshd does not listen: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Server { world, server, port })
    }

    /// Our terminal around `ssh`, with this as the remote command.
    fn open(&self, remote: &str) -> Session {
        let place = &self.world.place;
        let key = place.path("user-key").to_string_lossy().into_owned();
        let user = output(Command::new("id").arg("-un"));
        let to = format!("{}@127.0.0.1", String::from_utf8_lossy(&user).trim());
        let hosts = format!("UserKnownHostsFile={}", place.path("known-hosts").display());
        let mut args = vec!["-F", "/dev/null", "-tt", "-p", &self.port, "-i", &key];
        for option in [
            &hosts,
            "GlobalKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=no",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "BatchMode=yes",
            "LogLevel=ERROR",
        ] {
            args.extend(["-o", option]);
        }
        args.extend([to.as_str(), remote]);
        Start::new(&args).program("ssh").run(place)
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn over_ssh() {
    let world = World::new(KB);
    let Some(server) = Server::start(&world) else { return };
    let mut session = server.open(&world.shell());
    let words = world.copy(&mut session);
    assert!(words.contains("sent to your terminal, which does not confirm"), "{words}");
    world.arrives(&mut session);
    session.key("q");
    session.wait_exit();
    assert_eq!(session.asked().copies.len(), 1);
}

#[test]
fn over_ssh_the_desktop_of_the_server_is_not_used() {
    let world = World::new(KB);
    let Some(server) = Server::start(&world) else { return };
    let mut session = server.open(&format!("export DISPLAY=:77; {}", world.shell()));
    world.copy(&mut session);
    world.arrives(&mut session);
}

#[test]
fn over_ssh_and_through_tmux() {
    if !has_program("tmux") {
        tell("not run: the copy over ssh and through tmux (tmux is not installed)");
        return;
    }
    let world = World::new(KB);
    let Some(server) = Server::start(&world) else { return };
    let socket = world.place.path("far").display().to_string();
    let mut session = server.open(&format!("exec env LC_ALL=C.UTF-8 tmux -S '{socket}' -f /dev/null new-session \"{}\"", world.shell()));
    let words = world.copy(&mut session);
    assert!(words.contains("in the tmux buffer; also sent to your terminal, which does not confirm"), "{words}");
    world.arrives(&mut session);
    let buffer = output(Command::new("tmux").args(["-S", &socket, "save-buffer", "-"]).env_remove("TMUX"));
    assert_eq!(String::from_utf8_lossy(&buffer), world.text);
    let _ = Command::new("tmux").args(["-S", &socket, "kill-server"]).output();
}

/// A mosh server with the program, and our terminal around its client; no ssh is needed for that.
fn mosh(world: &World, remote: &str) -> Option<Session> {
    if !has_program("mosh-server") || !has_program("mosh-client") {
        tell("not run: the copies through mosh (mosh is not installed)");
        return None;
    }
    let mut command = Command::new("mosh-server");
    command.args(["new", "-i", "127.0.0.1", "--", "sh", "-c", remote]).envs(world.place.env()).env("MOSH_SERVER_NETWORK_TMOUT", "30");
    let started = command.stdin(Stdio::null()).output().expect("mosh-server starts");
    let told = String::from_utf8_lossy(&started.stdout).into_owned();
    let mut connect =
        told.lines().find_map(|line| line.strip_prefix("MOSH CONNECT ")).unwrap_or_else(|| panic!("{}", said(&started))).split(' ');
    let (port, key) = (connect.next().expect("a port"), connect.next().expect("a key"));
    Some(Start::new(&["127.0.0.1", port]).program("mosh-client").env("MOSH_KEY", Some(key)).run(&world.place))
}

#[test]
fn through_mosh_up_to_its_limit() {
    // The second is the longest that is sent: what the limit says must hold to the last byte.
    for bytes in [KB, 12_282] {
        let world = World::new(bytes);
        let Some(mut session) = mosh(&world, &world.shell()) else { return };
        let words = world.copy(&mut session);
        assert!(words.contains("sent to your terminal, which does not confirm"), "{words}");
        world.arrives(&mut session);
        session.key("q");
        session.wait_exit();
    }
}

#[test]
fn through_mosh_what_is_too_long_is_not_sent() {
    let world = World::new(20_000);
    let Some(mut session) = mosh(&world, &world.shell()) else { return };
    session.wait_queue();
    session.go_to(&world.row);
    session.key("3");
    session.wait_for("asked the utility for the status:");
    session.key("\r");
    session.wait_for("Space: more");
    session.pause_guard();
    session.key("x");
    session.wait_for("not sent: too long for mosh (about 12 kB)");
    assert_eq!(session.asked().copies, []);
    let file = world.place.path("run/intertie/clip");
    assert_eq!(std::fs::read_to_string(file).expect("it was written"), world.text);
    session.key("q");
    session.wait_exit();
}

#[test]
fn inside_tmux_inside_mosh_the_words_say_that_it_stays_in_tmux() {
    if !has_program("tmux") {
        tell("not run: tmux inside mosh (tmux is not installed)");
        return;
    }
    let world = World::new(KB);
    let socket = world.place.path("far").display().to_string();
    let Some(mut session) = mosh(&world, &format!("exec tmux -S '{socket}' -f /dev/null new-session \"{}\"", world.shell())) else {
        return;
    };
    let words = world.copy(&mut session);
    assert!(words.contains("in the tmux buffer (prefix ]); mosh does not pass on what tmux sends"), "{words}");
    session.settle();
    assert_eq!(session.asked().copies, [], "what the words say");
    let buffer = output(Command::new("tmux").args(["-S", &socket, "save-buffer", "-"]).env_remove("TMUX"));
    assert_eq!(String::from_utf8_lossy(&buffer), world.text);
    let _ = Command::new("tmux").args(["-S", &socket, "kill-server"]).output();
}
