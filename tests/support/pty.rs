//! How does the program behave in a real terminal? A PTY, a screen as a person would see it, and
//! keys. Nothing sleeps for a fixed time but `pause_guard`: everything else waits for the screen.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use base64::Engine;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use vt100::{Callbacks, Parser, Screen};

use super::{CLEARED, Place, program};

/// Longer than any wait of a sound program on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// The program refuses keys that begin a change for 250 ms after the cursor moved on by itself: from
/// the key that moved it, which it reads a little after we sent it.
const GUARD: Duration = Duration::from_millis(300);

/// What the program asked of the terminal besides cells.
#[derive(Default, Debug)]
pub struct Asked {
    /// OSC 52: the selection's letters, and the text.
    pub copies: Vec<(String, String)>,
    pub titles: Vec<String>,
    pub bells: usize,
    /// Somebody wanted to read the clipboard: never.
    pub pastes: usize,
    /// Sequences that this terminal does not know, printable.
    pub unknown: Vec<String>,
    answers: Vec<u8>,
    /// It never answers a question.
    silent: bool,
    /// It knows OSC 5522, and answers a copy with this status.
    confirms: Option<&'static str>,
    /// What came by OSC 5522.
    pub confirmed: Vec<String>,
    pieces: Vec<u8>,
}

impl Callbacks for Asked {
    fn audible_bell(&mut self, _: &mut Screen) {
        self.bells += 1;
    }

    fn visual_bell(&mut self, _: &mut Screen) {
        self.bells += 1;
    }

    fn set_window_icon_name(&mut self, _: &mut Screen, name: &[u8]) {
        self.titles.push(String::from_utf8_lossy(name).into_owned());
    }

    fn set_window_title(&mut self, _: &mut Screen, title: &[u8]) {
        self.titles.push(String::from_utf8_lossy(title).into_owned());
    }

    fn copy_to_clipboard(&mut self, _: &mut Screen, selection: &[u8], data: &[u8]) {
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).unwrap_or_else(|_| b"(no base64)".to_vec());
        self.copies.push((String::from_utf8_lossy(selection).into_owned(), String::from_utf8_lossy(&bytes).into_owned()));
    }

    fn paste_from_clipboard(&mut self, _: &mut Screen, _: &[u8]) {
        self.pastes += 1;
    }

    fn unhandled_escape(&mut self, _: &mut Screen, i1: Option<u8>, i2: Option<u8>, b: u8) {
        // The end of an OSC, which the parser gives twice.
        if (i1, i2, b) != (None, None, b'\\') {
            self.unknown.push(format!("ESC {i1:?} {i2:?} {}", char::from(b)));
        }
    }

    fn unhandled_csi(&mut self, screen: &mut Screen, i1: Option<u8>, i2: Option<u8>, params: &[&[u16]], c: char) {
        let first = params.first().and_then(|group| group.first()).copied().unwrap_or(0);
        match (i1, first, c) {
            (_, _, 'n' | 'c' | 'p') if self.silent => {}
            (Some(b'?'), 5522, 'p') if i2 == Some(b'$') => {
                let state = if self.confirms.is_some() { 2 } else { 0 };
                self.answers.extend(format!("\x1b[?5522;{state}$y").into_bytes());
            }
            (None, 6, 'n') => {
                let (row, col) = screen.cursor_position();
                self.answers.extend(format!("\x1b[{};{}R", row + 1, col + 1).into_bytes());
            }
            (None, 0, 'c') => self.answers.extend(b"\x1b[?62;22c"),
            (Some(b'?'), _, 'u') => self.answers.extend(b"\x1b[?0u"),
            // Synchronised output, focus reports, the stack of keyboard modes: no effect on cells.
            (Some(b'?'), 2026 | 1004, 'h' | 'l') | (Some(b'>' | b'<'), _, 'u') => {}
            _ => self.unknown.push(format!("CSI {} {params:?} {c}", i1.map_or(' ', char::from))),
        }
    }

    fn unhandled_osc(&mut self, _: &mut Screen, params: &[&[u8]]) {
        if let ([b"5522", what, ..], Some(status)) = (params, self.confirms) {
            return self.write_5522(what, params.get(2).copied().unwrap_or_default(), status);
        }
        let shown: Vec<String> = params.iter().map(|param| String::from_utf8_lossy(param).chars().take(60).collect()).collect();
        self.unknown.push(format!("OSC {}", shown.join(";")));
    }
}

impl Asked {
    fn write_5522(&mut self, what: &[u8], piece: &[u8], status: &str) {
        match what {
            b"type=write" => self.pieces.clear(),
            b"type=wdata" => {
                self.confirmed.push(String::from_utf8_lossy(&std::mem::take(&mut self.pieces)).into_owned());
                self.answers.extend(format!("\x1b]5522;type=write:status={status}\x1b\\").into_bytes());
            }
            _ => self.pieces.extend(base64::engine::general_purpose::STANDARD.decode(piece).expect("base64")),
        }
    }
}

/// The first `A-1042` in a line.
pub fn reference_in(line: &str) -> Option<String> {
    let is_reference = |word: &&str| {
        let Some((letter, number)) = word.split_once('-') else { return false };
        !letter.is_empty()
            && letter.chars().all(|c| c.is_ascii_uppercase())
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
    };
    line.split_whitespace().find(is_reference).map(ToOwned::to_owned)
}

/// One running program in a terminal of its own.
pub struct Session {
    /// `None` when it has hung up.
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    pid: Pid,
    output: Receiver<Vec<u8>>,
    ended: bool,
    parser: Parser<Asked>,
    /// All bytes that the program wrote so far.
    pub bytes: usize,
    patience: Duration,
    last_key: Instant,
}

/// How to start one.
pub struct Start {
    program: PathBuf,
    args: Vec<String>,
    env: Vec<(String, Option<String>)>,
    cols: u16,
    rows: u16,
    silent: bool,
    confirms: Option<&'static str>,
    late: Option<Duration>,
}

impl Start {
    pub fn new(args: &[&str]) -> Start {
        let args = args.iter().map(ToString::to_string).collect();
        Start { program: program().to_owned(), args, env: Vec::new(), cols: 120, rows: 40, silent: false, confirms: None, late: None }
    }

    /// Another program than ours.
    pub fn program(mut self, program: &str) -> Start {
        self.program = PathBuf::from(program);
        self
    }

    /// On a terminal that never answers a question.
    pub fn silent(mut self) -> Start {
        self.silent = true;
        self
    }

    /// On a terminal that answers a copy by OSC 5522 with this status.
    pub fn confirms(mut self, status: &'static str) -> Start {
        self.confirms = Some(status);
        self.env("TERM", Some("xterm-kitty"))
    }

    /// Over a line that takes so long each way.
    pub fn late(mut self, by: Duration) -> Start {
        self.late = Some(by);
        self
    }

    pub fn size(mut self, cols: u16, rows: u16) -> Start {
        (self.cols, self.rows) = (cols, rows);
        self
    }

    pub fn env(mut self, name: &str, value: Option<&str>) -> Start {
        self.env.push((name.to_owned(), value.map(ToOwned::to_owned)));
        self
    }

    pub fn run(self, place: &Place) -> Session {
        let size = PtySize { rows: self.rows, cols: self.cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a PTY");
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.args);
        command.cwd(place.path("home"));
        for name in CLEARED {
            command.env_remove(name);
        }
        for (name, value) in place.env() {
            command.env(name, value);
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        let child = pair.slave.spawn_command(command).expect("the binary under test starts");
        drop(pair.slave);
        let pid = child.process_id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).expect("a child has an id");
        let mut reader = pair.master.try_clone_reader().expect("the PTY can be read");
        let writer = pair.master.take_writer().expect("the PTY can be written, once");
        let (send, output) = channel();
        let mut far: Box<dyn FnMut(Vec<u8>) -> bool + Send> = Box::new(move |bytes| send.send(bytes).is_ok());
        let mut writer = writer;
        if let Some(by) = self.late {
            let line = Line::new(by, far);
            far = Box::new(move |bytes| line.send(bytes));
            let typed = Line::new(by, move |bytes| writer.write_all(&bytes).and_then(|()| writer.flush()).is_ok());
            writer = Box::new(typed);
        }
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || !far(buffer[..n].to_vec()) {
                    break;
                }
            }
        });
        let asked = Asked { silent: self.silent, confirms: self.confirms, ..Asked::default() };
        let parser = Parser::new_with_callbacks(cells(self.rows), cells(self.cols), 0, asked);
        Session {
            master: Some(pair.master),
            writer,
            child,
            pid,
            output,
            ended: false,
            parser,
            bytes: 0,
            patience: PATIENCE,
            last_key: Instant::now(),
        }
    }
}

/// One direction of a long line: each piece comes out so long after it went in.
struct Line(Sender<(Instant, Vec<u8>)>);

impl Line {
    fn new(by: Duration, mut far: impl FnMut(Vec<u8>) -> bool + Send + 'static) -> Line {
        let (send, pieces) = channel::<(Instant, Vec<u8>)>();
        std::thread::spawn(move || {
            for (sent, bytes) in pieces {
                std::thread::sleep((sent + by).saturating_duration_since(Instant::now()));
                if !far(bytes) {
                    break;
                }
            }
        });
        Line(send)
    }

    fn send(&self, bytes: Vec<u8>) -> bool {
        self.0.send((Instant::now(), bytes)).is_ok()
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Nobody is told that the far end has gone; the screen will not answer.
        self.send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("a terminal has at least one cell")
}

impl Session {
    /// Reads what is there, waiting at most `wait` for the first of it. Was there anything?
    pub fn pump(&mut self, wait: Duration) -> bool {
        let mut next = self.output.recv_timeout(wait);
        let mut any = false;
        loop {
            match next {
                Ok(bytes) => {
                    any = true;
                    self.bytes += bytes.len();
                    self.parser.process(&bytes);
                    let answers = std::mem::take(&mut self.parser.callbacks_mut().answers);
                    if !answers.is_empty() {
                        self.send_bytes(&answers);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return any,
                Err(RecvTimeoutError::Disconnected) => {
                    if !any {
                        std::thread::sleep(wait.min(Duration::from_millis(5)));
                    }
                    self.ended = true;
                    return any;
                }
            }
            next = self.output.recv_timeout(Duration::ZERO);
        }
    }

    /// From here on it waits longer, where the program itself has to wait.
    pub fn patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Waits until `done`; how long that took. Panics with the screen after ten seconds.
    pub fn wait_until(&mut self, what: &str, mut done: impl FnMut(&Session) -> bool) -> Duration {
        let start = Instant::now();
        loop {
            if done(self) {
                return start.elapsed();
            }
            let is_over = self.ended && !self.pump(Duration::ZERO);
            assert!(!is_over && start.elapsed() < self.patience, "waited for {what}; the screen:\n{}", self.shown());
            self.pump(Duration::from_millis(20));
        }
    }

    pub fn wait_for(&mut self, text: &str) -> Duration {
        self.wait_until(&format!("{text:?}"), |session| session.text().contains(text))
    }

    /// Waits for the notice of a commit, or of the copy that follows it.
    pub fn wait_saved(&mut self, reference: &str) {
        self.wait_until(&format!("{reference} to be saved"), |session| session.is_saved(reference));
    }

    pub fn is_saved(&self, reference: &str) -> bool {
        let says = |line: &str| line.contains(reference) && (line.starts_with("saved") || line.starts_with("message for"));
        self.text().lines().any(says)
    }

    pub fn wait_gone(&mut self, text: &str) -> Duration {
        self.wait_until(&format!("{text:?} to go away"), |session| !session.text().contains(text))
    }

    /// Waits until nothing has come for a tenth of a second.
    pub fn settle(&mut self) {
        let start = Instant::now();
        while self.pump(Duration::from_millis(100)) && start.elapsed() < PATIENCE {}
    }

    /// What a person sees, lines without the blanks at their ends.
    pub fn text(&self) -> String {
        let (_, cols) = self.screen().size();
        let lines: Vec<String> = self.screen().rows(0, cols.get()).map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n")
    }

    pub fn line(&self, row: u16) -> String {
        self.text().lines().nth(usize::from(row)).unwrap_or_default().to_owned()
    }

    pub fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The row under the cursor: the line that begins with `>`.
    pub fn selected(&self) -> Option<String> {
        self.text().lines().find(|line| line.starts_with('>')).map(ToOwned::to_owned)
    }

    /// The reference on the row under the cursor, `A-1042`.
    pub fn current(&self) -> Option<String> {
        self.selected().as_deref().and_then(reference_in)
    }

    /// Waits until the queue is there, ranked; the reference under the cursor.
    pub fn wait_queue(&mut self) -> String {
        self.wait_until("the queue", |session| session.current().is_some() && !session.has("loading"));
        self.current().expect("it was just there")
    }

    /// Waits until another row is under the cursor; its reference.
    pub fn wait_moved(&mut self, from: &str) -> String {
        self.wait_until(&format!("the cursor to leave {from}"), |session| session.current().is_some_and(|now| now != from));
        self.current().expect("it was just there")
    }

    /// Goes to a record by finding its reference.
    pub fn go_to(&mut self, reference: &str) {
        self.key("/");
        self.wait_for("stay there");
        self.keys(reference);
        self.wait_until(&format!("{reference} to be found"), |session| session.current().as_deref() == Some(reference));
        self.key("\r");
        self.wait_gone("stay there");
        assert_eq!(self.current().as_deref(), Some(reference), "{}", self.shown());
    }

    /// The screen in a frame, for a failure's message.
    pub fn shown(&self) -> String {
        let lines: Vec<String> = self.text().lines().map(|line| format!("| {line}")).collect();
        format!("{}\n{:?}, ended: {}", lines.join("\n"), self.asked(), self.ended)
    }

    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    pub fn asked(&self) -> &Asked {
        self.parser.callbacks()
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.last_key = Instant::now();
        // A program that has ended takes no keys; the test says so where it waits for the screen.
        let _ = self.writer.write_all(bytes).and_then(|()| self.writer.flush());
    }

    /// One key or one sequence, as a terminal sends it: at once.
    pub fn key(&mut self, key: &str) {
        self.send_bytes(key.as_bytes());
    }

    /// Typing: each key by itself, the next when the screen has answered or after 40 ms.
    pub fn keys(&mut self, text: &str) {
        let mut buffer = [0; 4];
        for c in text.chars() {
            self.pump(Duration::ZERO);
            self.send_bytes(c.encode_utf8(&mut buffer).as_bytes());
            self.pump(Duration::from_millis(40));
        }
    }

    /// What a terminal sends for a paste when the program has asked for marks around it.
    pub fn paste(&mut self, text: &str) {
        assert!(self.screen().bracketed_paste(), "bracketed paste is off");
        self.send_bytes(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    /// As long as a person needs to see that a new record is under the cursor.
    pub fn pause_guard(&mut self) {
        // The program counts from the frame that showed the new record, and so do we.
        let until = Instant::now() + GUARD;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            self.pump(left);
            std::thread::sleep(Duration::from_millis(1).min(left));
        }
    }

    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.pump(Duration::ZERO);
        self.parser.set_size(cells(rows), cells(cols));
        let master = self.master.as_ref().expect("it has not hung up");
        master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("a PTY takes every size");
    }

    /// The window is closed while keys are on their way. How long the program took to end, if it did within `patience`.
    pub fn hang_up(mut self, keys: &str, patience: Duration) -> Option<Duration> {
        // Whoever reads the screen notices with the next frame that nobody wants it, and lets go of the PTY too.
        self.output = channel().1;
        self.send_bytes(keys.as_bytes());
        self.writer = Box::new(std::io::sink());
        self.master = None;
        let start = Instant::now();
        while start.elapsed() < patience {
            if self.has_ended() {
                return Some(start.elapsed());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }

    pub fn signal(&mut self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program still runs");
    }

    pub fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// The letter of the process's state: `T` is stopped.
    pub fn state(&self) -> char {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next()).unwrap_or('?')
    }

    /// Are keys read one by one and not echoed?
    pub fn is_raw(&self) -> bool {
        const ICANON: u32 = 0o2;
        const ECHO: u32 = 0o10;
        self.master
            .as_ref()
            .and_then(|master| master.get_termios())
            .is_some_and(|termios| termios.local_flags.bits() & (ICANON | ECHO) == 0)
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the child is ours").is_some()
    }

    /// Waits for the end; the exit code, and how long it took. Reads all that is left.
    pub fn wait_exit(&mut self) -> (u32, Duration) {
        let start = Instant::now();
        loop {
            self.pump(Duration::from_millis(10));
            if let Some(status) = self.child.try_wait().expect("the child is ours") {
                let took = start.elapsed();
                while self.pump(Duration::from_millis(50)) {}
                return (status.exit_code(), took);
            }
            assert!(start.elapsed() < self.patience, "waited for the end; the screen:\n{}", self.shown());
        }
    }

    /// The terminal is as it was before: no alternate screen, cursor shown, no paste marks, cooked.
    pub fn assert_given_back(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen\n{}", self.shown());
        assert!(!screen.hide_cursor(), "the cursor is still hidden\n{}", self.shown());
        assert!(!screen.bracketed_paste(), "bracketed paste is still on\n{}", self.shown());
        assert!(!self.is_raw(), "the terminal is still raw\n{}", self.shown());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
