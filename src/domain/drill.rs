//! What is learned in a drill, in which order, and when does a hint fade? What was done and milliseconds of
//! a steady clock come in; what is to be shown, and what it cost, goes out.

use super::ledger::AWAY;

/// So long without a key somebody is looking for one.
pub const PATIENCE: i64 = 8_000;

/// One thing to be learned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exercise {
    pub name: String,
    /// In the words of whoever works.
    pub task: String,
    /// The shortest way, for the hint. Any other way counts as well.
    pub way: Vec<Step>,
    pub done: Done,
    pub times: u32,
}

/// A step of the way. Its keys are the keymap's affair.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// An action, as a keymap file names it: `touch pc-no-change`.
    Run(String),
    Type(String),
}

/// What has to happen, by whichever keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Done {
    Row,
    /// A quick action was saved.
    Touch(String),
    Note,
    NoteWithFollowUp,
    Undo,
    Found,
    SearchLeft,
    Status,
    Served,
    Skipped,
    /// At least two rows.
    Marked,
    Bulk,
    /// The rows of mine, team, pool, or what is away.
    View(String),
    Query,
    /// An action was chosen by its name.
    Palette,
    /// The page was opened and left.
    Help,
}

/// The words of a lesson for what has to happen.
const WORDS: &[(&str, Done)] = &[
    ("row", Done::Row),
    ("note", Done::Note),
    ("note-with-follow-up", Done::NoteWithFollowUp),
    ("undo", Done::Undo),
    ("found", Done::Found),
    ("search-left", Done::SearchLeft),
    ("status", Done::Status),
    ("served", Done::Served),
    ("skipped", Done::Skipped),
    ("marked", Done::Marked),
    ("bulk", Done::Bulk),
    ("query", Done::Query),
    ("palette", Done::Palette),
    ("help", Done::Help),
];

/// Those that a name follows.
pub const NAMED: [&str; 2] = ["touch", "view"];

impl Done {
    /// `row`, `touch pc-no-change`, `view team`.
    pub fn read(text: &str) -> Option<Done> {
        match text.split_once(' ') {
            Some(("touch", name)) => Some(Done::Touch(name.trim().to_owned())),
            Some(("view", name)) => Some(Done::View(name.trim().to_owned())),
            _ => WORDS.iter().find(|(word, _)| *word == text).map(|(_, done)| done.clone()),
        }
    }

    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(word, _)| *word)
    }
}

/// How much of the keys is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    Keys,
    FirstKey,
    Nothing,
}

/// What an exercise cost once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Try {
    /// All but text.
    pub keys: u32,
    /// As few as would have done.
    pub best: u32,
    /// From the first frame with the task, reading included.
    pub millis: i64,
}

/// A lesson under way: each exercise once, then again those that come more often, as a day repeats its loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drill {
    lesson: Vec<Exercise>,
    /// Places in the lesson, as they come.
    order: Vec<usize>,
    at: usize,
    tries: Vec<Vec<Try>>,
    /// How often each was done without a key too many.
    clean: Vec<u32>,
    keys: u32,
    since: Option<i64>,
    last_key: i64,
    helped: bool,
}

impl Drill {
    pub fn new(lesson: Vec<Exercise>) -> Drill {
        let rounds = lesson.iter().map(|exercise| exercise.times).max().unwrap_or(0);
        let round = |round: u32| lesson.iter().enumerate().filter(move |(_, exercise)| exercise.times >= round).map(|(idx, _)| idx);
        let order = (1..=rounds).flat_map(round).collect();
        let (tries, clean) = (vec![Vec::new(); lesson.len()], vec![0; lesson.len()]);
        Drill { order, lesson, at: 0, tries, clean, keys: 0, since: None, last_key: 0, helped: false }
    }

    /// `None`: all is done.
    pub fn exercise(&self) -> Option<&Exercise> {
        self.lesson.get(*self.order.get(self.at)?)
    }

    /// How many are done, of how many.
    pub fn place(&self) -> (usize, usize) {
        (self.at, self.order.len())
    }

    pub fn is_over(&self) -> bool {
        self.at >= self.order.len()
    }

    pub fn hint(&self) -> Hint {
        let clean = self.order.get(self.at).map_or(0, |idx| self.clean[*idx]);
        match clean {
            _ if self.helped => Hint::Keys,
            0 => Hint::Keys,
            1 => Hint::FirstKey,
            _ => Hint::Nothing,
        }
    }

    /// What the exercise before cost.
    pub fn last_try(&self) -> Option<Try> {
        self.tries[*self.order.get(self.at.checked_sub(1)?)?].last().copied()
    }

    /// The task was seen.
    pub fn shown(&mut self, at: i64) {
        if self.since.is_none() {
            (self.since, self.last_key) = (Some(at), self.last_key.max(at));
        }
    }

    /// A key came; `counts`: it was no text. More than `best` are a wrong turn.
    pub fn pressed(&mut self, at: i64, counts: bool, best: u32) {
        self.last_key = at;
        self.keys = self.keys.saturating_add(u32::from(counts));
        self.helped |= self.keys > best;
    }

    /// A key was refused, or what was begun was left.
    pub fn strayed(&mut self) {
        self.helped = true;
    }

    /// Time went by.
    pub fn waited(&mut self, at: i64) {
        self.helped |= self.since.is_some() && at - self.last_key >= PATIENCE;
    }

    /// Something was done; whether it was the exercise.
    pub fn did(&mut self, done: &Done, best: u32) -> bool {
        let Some(idx) = self.order.get(self.at).copied().filter(|idx| self.lesson[*idx].done == *done) else { return false };
        let millis = (self.last_key - self.since.unwrap_or(self.last_key)).clamp(0, AWAY.into());
        self.tries[idx].push(Try { keys: self.keys, best, millis });
        // Whoever reads the keys for the first time may take their time.
        if self.keys <= best && (self.clean[idx] == 0 || !self.helped) {
            self.clean[idx] += 1;
        }
        self.at += 1;
        (self.keys, self.since, self.helped) = (0, None, false);
        true
    }

    /// What all of it cost, the sum first; empty while nothing is done.
    pub fn summary(&self) -> Vec<String> {
        let done = self.at;
        if done == 0 {
            return Vec::new();
        }
        let mut lines = vec![String::new(), format!("{:<18}{:>8}{:>7}{:>7}{:>10}{:>9}", "", "done", "keys", "best", "first", "last")];
        let (mut keys, mut best, mut millis) = (0, 0, 0);
        for (exercise, tries) in self.lesson.iter().zip(&self.tries) {
            let sum = |cost: fn(&Try) -> u32| tries.iter().map(cost).sum::<u32>();
            let (used, least) = (sum(|one| one.keys), sum(|one| one.best));
            (keys, best) = (keys + used, best + least);
            millis += tries.iter().map(|one| one.millis).sum::<i64>();
            let name = exercise.name.replace('-', " ");
            let count = format!("{} of {}", tries.len(), exercise.times);
            lines.push(match (tries.first(), tries.last()) {
                (Some(first), Some(last)) => {
                    format!("{name:<18}{count:>8}{used:>7}{least:>7}{:>10}{:>9}", seconds(first.millis), seconds(last.millis))
                }
                _ => format!("{name:<18}{count:>8}"),
            });
        }
        let time = format!("{} min {:02} s", millis / 60_000, millis / 1_000 % 60);
        lines[0] = format!("{done} of {} done in {time}; {keys} keys, {best} would do", self.order.len());
        lines
    }
}

fn seconds(millis: i64) -> String {
    format!("{}.{} s", millis / 1_000, millis / 100 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exercise(name: &str, done: Done, times: u32) -> Exercise {
        Exercise { name: name.to_owned(), task: name.to_owned(), way: vec![Step::Run(name.to_owned())], done, times }
    }

    fn drill() -> Drill {
        Drill::new(vec![exercise("move-on", Done::Row, 3), exercise("back", Done::Undo, 1)])
    }

    /// One exercise with so many keys, of which two would do, from `at` on.
    fn act(drill: &mut Drill, at: i64, keys: u32, done: &Done) {
        drill.shown(at);
        (1..=keys).for_each(|key| drill.pressed(at + i64::from(key) * 500, true, 2));
        assert!(drill.did(done, 2));
    }

    #[test]
    fn a_hint_fades_with_each_time_that_was_clean() {
        let mut drill = drill();
        assert_eq!((drill.hint(), drill.place()), (Hint::Keys, (0, 4)));
        act(&mut drill, 0, 2, &Done::Row);
        assert_eq!(drill.exercise().map(|exercise| &*exercise.name), Some("back"), "each comes once before one comes again");
        act(&mut drill, 5_000, 2, &Done::Undo);
        assert_eq!(drill.hint(), Hint::FirstKey);
        act(&mut drill, 9_000, 1, &Done::Row);
        assert_eq!(drill.hint(), Hint::Nothing);
        act(&mut drill, 12_000, 2, &Done::Row);
        assert!(drill.is_over() && drill.exercise().is_none());
    }

    #[test]
    fn a_hint_that_was_not_enough_stays() {
        let mut drill = drill();
        act(&mut drill, 0, 3, &Done::Row);
        act(&mut drill, 5_000, 2, &Done::Undo);
        assert_eq!(drill.hint(), Hint::Keys, "three keys, where two would do");
        act(&mut drill, 9_000, 2, &Done::Row);
        assert_eq!(drill.hint(), Hint::FirstKey);
        drill.shown(20_000);
        drill.strayed();
        assert_eq!(drill.hint(), Hint::Keys);
        act(&mut drill, 20_000, 1, &Done::Row);
        assert_eq!(drill.clean, [1, 1], "what needed help was not done by heart");
    }

    #[test]
    fn it_comes_back_after_a_key_too_many_and_after_a_while() {
        let mut drill = drill();
        act(&mut drill, 0, 2, &Done::Row);
        act(&mut drill, 3_000, 2, &Done::Undo);
        drill.waited(100_000);
        assert_eq!(drill.hint(), Hint::FirstKey, "nobody has seen it yet");
        drill.shown(100_000);
        drill.waited(100_000 + PATIENCE - 1);
        assert_eq!(drill.hint(), Hint::FirstKey);
        drill.pressed(107_000, false, 2);
        drill.waited(107_000 + PATIENCE - 1);
        assert_eq!(drill.hint(), Hint::FirstKey, "whoever types is not stuck");
        drill.waited(107_000 + PATIENCE);
        assert_eq!(drill.hint(), Hint::Keys);
        let mut drill = self::drill();
        act(&mut drill, 0, 2, &Done::Row);
        act(&mut drill, 3_000, 2, &Done::Undo);
        drill.shown(6_000);
        (0..2).for_each(|_| drill.pressed(6_500, true, 2));
        assert_eq!(drill.hint(), Hint::FirstKey);
        drill.pressed(6_600, true, 2);
        assert_eq!(drill.hint(), Hint::Keys);
    }

    #[test]
    fn only_what_was_asked_for_counts() {
        let mut drill = drill();
        for other in [Done::Undo, Done::Touch("note".to_owned()), Done::View("team".to_owned())] {
            assert!(!drill.did(&other, 2));
        }
        assert_eq!((drill.place(), drill.summary()), ((0, 4), Vec::new()));
    }

    #[test]
    fn the_summary_says_what_each_cost() {
        let mut drill = drill();
        act(&mut drill, 1_000, 3, &Done::Row);
        assert_eq!(drill.last_try(), Some(Try { keys: 3, best: 2, millis: 1_500 }));
        assert_eq!(
            drill.summary(),
            [
                "1 of 4 done in 0 min 01 s; 3 keys, 2 would do",
                "                      done   keys   best     first     last",
                "move on             1 of 3      3      2     1.5 s    1.5 s",
                "back                0 of 1",
            ]
        );
    }

    #[test]
    fn what_has_to_happen_is_read_from_words() {
        assert_eq!(Done::read("touch left-voicemail"), Some(Done::Touch("left-voicemail".to_owned())));
        assert_eq!(Done::read("view team"), Some(Done::View("team".to_owned())));
        for word in Done::words() {
            assert!(Done::read(word).is_some(), "{word}");
        }
        assert_eq!((Done::read("touch"), Done::read("key")), (None, None));
    }
}
