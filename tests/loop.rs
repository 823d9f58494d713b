//! Rows worked by keys in a real terminal, with each kind of hands and with keys typed ahead: was ever a record changed that
//! was not under the cursor?
//!
//! What stood under the cursor is read off the screen. What was changed is read from the journal, once before and once after:
//! nothing that the program says of itself is believed.

#![allow(clippy::disallowed_methods, reason = "tests read files and look at the clock")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use support::hands::Hands;
use support::pty::{Session, Start};
use support::{Place, said, tell};

/// So many rows in the ordinary run; `INTERTIE_LOOP_ROWS=2000` for a long one.
const ROWS: usize = 200;

/// One touch: an action, what is typed then, what the history has of it.
struct Touch {
    action: &'static str,
    argument: Option<&'static str>,
    text: &'static str,
    /// The prompt's title, before the reference.
    title: &'static str,
    leaves: &'static str,
}

const PORTAL: Touch =
    Touch { action: "touch", argument: Some("pc-no-change"), text: "", title: "portal check, no change:", leaves: "did pc-no-change" };
const NOTE: Touch = Touch { action: "note", argument: None, text: "work note NUMBER", title: "note on", leaves: "note: work note NUMBER" };

/// By turns, in about the mix of a day: mostly chasing, some notes, some dates.
const TOUCHES: [Touch; 8] = [
    PORTAL,
    Touch {
        action: "touch",
        argument: Some("left-voicemail"),
        text: "",
        title: "left the customer a voicemail:",
        leaves: "did left-voicemail",
    },
    NOTE,
    Touch {
        action: "touch",
        argument: Some("chased-utility"),
        text: "",
        title: "asked the utility for the status:",
        leaves: "did chased-utility",
    },
    Touch { action: "note", argument: None, text: "look again NUMBER >3b", title: "note on", leaves: "note: look again NUMBER" },
    PORTAL,
    Touch { action: "follow-up", argument: None, text: "1/20", title: "we look again:", leaves: "we look Wed 1/20/2027" },
    Touch { action: "note", argument: None, text: "ball note NUMBER @utility", title: "note on", leaves: "note: ball note NUMBER" },
];

impl Touch {
    /// Command keys: all but the text of a note. What follows a sign is text, the sign is not.
    fn count(&self, hands: &Hands) -> usize {
        let keys = hands.keys(self.action, self.argument).map_or(0, |keys| keys.len());
        keys + self.text.matches(['>', '@', '!']).count() + 1
    }

    fn text(&self, number: usize) -> String {
        self.text.replace("NUMBER", &format!("{number:04}"))
    }

    fn leaves(&self, number: usize) -> String {
        self.leaves.replace("NUMBER", &format!("{number:04}"))
    }

    /// All of it as it is sent by somebody who does not wait for the screen.
    fn whole(&self, hands: &Hands, number: usize) -> String {
        format!("{}{}\r", hands.send(self.action, self.argument), self.text(number))
    }
}

/// What is typed ahead in one burst, and which of it was meant for a row that was on the screen.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Ahead {
    /// A touch, and the next one: meant for a row that nobody has seen.
    Touch,
    /// A touch, and a note: its letters must not run as commands either.
    Note,
    /// A touch, two rows on, and a touch.
    MoveAndTouch,
    /// A touch, and what would take it back.
    Undo,
    /// A touch, and a moment later the next one: its row is painted by then, and nobody can have read it.
    TooSoon,
    /// One row on, and a touch: the row on the screen is not the one that it would come to.
    Moved,
}

const BURSTS: [Ahead; 6] = [Ahead::Touch, Ahead::TooSoon, Ahead::Note, Ahead::MoveAndTouch, Ahead::Undo, Ahead::Moved];
/// So long after a touch: its commit and the next frame are done, the time that the new row has is not over.
const TOO_SOON: Duration = Duration::from_millis(100);

impl Ahead {
    fn keys(self, hands: &Hands, number: usize) -> String {
        let (first, down) = (PORTAL.whole(hands, number), hands.send("next-row", None));
        match self {
            Ahead::Touch => format!("{first}{first}"),
            Ahead::Note => format!("{first}{}stray words 1 2 u q {first}", hands.send("note", None)),
            Ahead::MoveAndTouch => format!("{first}{down}{down}{first}"),
            Ahead::Undo => format!("{first}{}", hands.send("undo", None)),
            Ahead::TooSoon => first,
            Ahead::Moved => format!("{down}{first}"),
        }
    }
}

/// How one comes to the next row.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    /// A touch goes on by itself.
    Advance,
    /// The best row that nobody has is asked for.
    Serve,
}

/// One run: what was sent to which record, as the screen had it.
struct Run<'a> {
    hands: Hands,
    session: Session,
    /// The utility is asked about what lies with it; a permit or a claim is only looked at.
    utility: &'a BTreeSet<String>,
    sent: BTreeMap<String, Vec<String>>,
    keys: usize,
    touches: usize,
    bursts: usize,
    undone: usize,
    bytes: Vec<usize>,
}

impl Run<'_> {
    /// What stands under the cursor, by the screen alone.
    fn row(&mut self) -> String {
        self.session.current().unwrap_or_else(|| panic!("no row under the cursor:\n{}", self.session.shown()))
    }

    fn note(&mut self, row: &str, leaves: String) {
        self.sent.entry(row.to_owned()).or_default().push(leaves);
    }

    /// A touch as somebody does it who looks at the screen. The Enter goes out only under a title that names the row.
    fn touch(&mut self, number: usize) {
        let row = self.row();
        let touch = &TOUCHES[number % TOUCHES.len()];
        let touch = if touch.argument == Some("chased-utility") && !self.utility.contains(&row) { &PORTAL } else { touch };
        let (bytes, session) = (self.session.bytes, &mut self.session);
        session.key(&self.hands.send(touch.action, touch.argument));
        session.wait_for(&format!("{} {row}", touch.title));
        session.keys(&touch.text(number));
        if !touch.text.is_empty() {
            session.wait_for(&touch.text(number));
        }
        if touch.argument == Some("chased-utility") && session.has("must be answered") {
            let given = format!("T-{number:04}");
            session.keys(&given);
            session.wait_for(&given);
        }
        session.key("\r");
        session.wait_saved(&row);
        self.bytes.push(self.session.bytes - bytes);
        self.keys += touch.count(&self.hands);
        self.touches += 1;
        self.note(&row, touch.leaves(number));
    }

    /// Keys without a look at the screen. What was typed for a row that nobody had seen is swallowed, and never done.
    fn burst(&mut self, ahead: Ahead, number: usize) {
        let row = self.row();
        self.session.key(&ahead.keys(&self.hands, number));
        if ahead == Ahead::TooSoon {
            // The screen is not looked at meanwhile: what it showed when the keys were sent is the row of the touch before.
            std::thread::sleep(TOO_SOON);
            self.session.key(&PORTAL.whole(&self.hands, number));
            self.session.settle();
            assert!(!self.session.has("enter does it"), "a plan for a row that nobody had read:\n{}", self.session.shown());
        }
        if ahead == Ahead::Moved {
            self.session.wait_for("the row changed before the key came");
        } else {
            // Over the words of the save stand those of a refusal that came after it.
            self.session.wait_until("the save", |session| session.is_saved(&row) || session.has("before the new record could be read"));
            self.keys += PORTAL.count(&self.hands);
            self.touches += 1;
            self.note(&row, PORTAL.leaves(number));
        }
        self.session.settle();
        assert!(!self.session.has_ended() && self.session.current().is_some(), "{ahead:?}:\n{}", self.session.shown());
        self.bursts += 1;
    }

    /// One back, and the cursor with it; then once more, and on.
    fn back_and_again(&mut self, row: &str) {
        self.session.pause_guard();
        self.hands.run(&mut self.session, "undo");
        self.session.wait_until("the undo", |session| session.current().as_deref() == Some(row) && session.has("brings it again"));
        self.hands.run(&mut self.session, "redo");
        self.session.wait_for("done again");
        self.note(row, "undo".to_owned());
        self.note(row, "redo".to_owned());
        self.undone += 1;
        self.hands.run(&mut self.session, "next-row");
        self.session.wait_moved(row);
    }

    /// The best row that nobody has, asked for without a look at where the touch went on to; and a touch typed behind it, which
    /// cannot have been meant for a row that had not come yet.
    fn serve(&mut self, number: usize) {
        self.hands.run(&mut self.session, "serve-next");
        if number.is_multiple_of(5) {
            let ahead = PORTAL.whole(&self.hands, number);
            self.session.key(&ahead);
            self.bursts += 1;
        }
        self.session.wait_until("a row that is served", |session| {
            let named = session.text().lines().find(|line| line.contains("yours for")).and_then(support::pty::reference_in);
            named.is_some() && named == session.current()
        });
    }
}

/// Every line of the journal, by record.
fn journal(place: &Place) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for event in place.json(&["history"]).as_array().expect("an array") {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        found.entry(text("id")).or_default().push(text("what"));
    }
    found
}

/// What the journal has more than before, against what was sent: a line for each record where they differ.
fn wrong(
    before: &BTreeMap<String, Vec<String>>,
    after: &BTreeMap<String, Vec<String>>,
    sent: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, lines) in after {
        let (old, wanted) = (before.get(id).map_or(0, Vec::len), sent.get(id).map(Vec::as_slice).unwrap_or_default());
        let new = &lines[old.min(lines.len())..];
        let kept = before.get(id).is_none_or(|before| lines.starts_with(before));
        // The words of a quick action have its name in their middle, those of an undo at their start.
        let same = new.len() == wanted.len() && new.iter().zip(wanted).all(|(new, wanted)| new.contains(wanted));
        if !kept || !same {
            wrong.push(format!("{id}: {wanted:?} was sent to it, it has {new:?}"));
        }
    }
    wrong.extend(sent.keys().filter(|id| !after.contains_key(*id)).map(|id| format!("{id} is gone")));
    wrong
}

fn rows() -> usize {
    std::env::var("INTERTIE_LOOP_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS)
}

/// Works so many rows, and compares.
fn work(keymap: &str, next: Next, rows: usize) {
    let start = Instant::now();
    // Of a demo's applications some one in seven can be worked on one day.
    let place = Place::with_demo(rows * 17 / 2 + 100);
    let chosen = place.run(&["me", "--keymap", keymap]);
    assert!(chosen.status.success(), "{}", said(&chosen));
    let before = journal(&place);
    let utility = place.json(&["list", "lane:utility"]);
    let utility = utility.as_array().expect("an array").iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect();
    let session = Start::new(&["--db", &place.db()]).run(&place);
    let hands = Hands::of(keymap);
    let (sent, bytes) = Default::default();
    let mut run = Run { hands, session, utility: &utility, sent, keys: 0, touches: 0, bursts: 0, undone: 0, bytes };
    run.session.wait_queue();
    run.hands.run(&mut run.session, "view-team");
    run.session.wait_for("team 1 of");
    // A terminal that has marked a paste once sends keys as keys, in bursts too.
    run.session.paste("is this thing on");
    run.session.wait_for("a paste over the queue is text");
    let mut number = 0;
    while run.touches < rows {
        if next == Next::Serve {
            run.serve(number);
        }
        run.session.pause_guard();
        let row = run.row();
        if next == Next::Advance && number % 7 == 3 {
            run.burst(BURSTS[number / 7 % BURSTS.len()], number);
        } else {
            run.touch(number);
        }
        if number % 25 == 24 && run.sent.contains_key(&row) && run.session.is_saved(&row) {
            run.back_and_again(&row);
        }
        number += 1;
    }
    run.session.pause_guard();
    run.hands.run(&mut run.session, "quit");
    assert_eq!(run.session.wait_exit().0, 0);
    compare(&place, &before, &mut run);
    tell(&format!(
        "{keymap}{}: {} touches on {} rows, {} bursts typed ahead, {} undone and brought back: {:.2} command keys and {} bytes of screen \
         (median) a touch, 0 wrong records, {:.0} s",
        if next == Next::Serve { ", served" } else { "" },
        run.touches,
        run.sent.len(),
        run.bursts,
        run.undone,
        run.keys as f64 / run.touches as f64,
        run.bytes[run.bytes.len() / 2],
        start.elapsed().as_secs_f64()
    ));
}

fn compare(place: &Place, before: &BTreeMap<String, Vec<String>>, run: &mut Run<'_>) {
    assert_eq!(
        wrong(before, &journal(place), &run.sent),
        Vec::<String>::new(),
        "records that lost a change, or got one that was not theirs"
    );
    assert!(run.sent.len() * 10 >= run.touches * 9, "{} touches on only {} rows", run.touches, run.sent.len());
    place.check();
    run.bytes.sort_unstable();
}

#[test]
fn no_wrong_record_with_the_default_keys() {
    work("default", Next::Advance, rows());
}

#[test]
fn no_wrong_record_with_arrows_and_function_keys() {
    work("plain", Next::Advance, rows());
}

#[test]
fn no_wrong_record_where_rows_are_served() {
    work("default", Next::Serve, rows() / 4);
}
