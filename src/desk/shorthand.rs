//! Shorthand in the note that is being written: abbreviations become whole words, and a page says which there are.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::pager;
use super::prompt::{Prompt, Tint};
use super::text::NoteText;
use crate::domain::application::Application;
use crate::domain::marks::{Mark, Meaning};
use crate::domain::playbook::US;
use crate::domain::shorthand::{ATTEMPT, expansion, last_word, meaning};

/// The word before the cursor becomes what it is short for; to be called before the key that ends it. Whether it did.
pub(super) fn grow(desk: &mut Desk, rules: &Rules) -> bool {
    let Some(Prompt::Note(note)) = &mut desk.prompt else { return false };
    let Some(long) = note.text.typed_word().and_then(|(word, _)| expansion(&word, &rules.playbook.abbreviations)) else { return false };
    if long != ATTEMPT {
        return note.text.grow(long, false);
    }
    // A correction counts nothing.
    if note.corrects.is_some() {
        return false;
    }
    match party(&note.marks, &note.record) {
        Some(party) => note.text.grow(&format!("#{}", note.record.attempts(&party) + 1), true),
        None => {
            desk.notice = Some(Notice::new(Tone::Note, "an attempt at whom? We wait on nobody else here; name them before it: @customer"));
            false
        }
    }
}

/// Whose attempts a note counts: those of whom it names, else of whom we wait on.
pub(super) fn party(marks: &[Mark], record: &Application) -> Option<String> {
    let named = marks.iter().find_map(|mark| if let Meaning::Ball(party) = &mark.meaning { Some(party.as_str()) } else { None });
    Some(named.unwrap_or(record.ball())).filter(|party| !party.is_empty() && *party != US).map(str::to_owned)
}

/// What the word before the cursor means, or becomes.
pub(super) fn hint(text: &NoteText, rules: &Rules) -> Option<String> {
    let before = text.before();
    let (word, _) = last_word(&before)?;
    meaning(word, &rules.playbook.abbreviations).map(|one| one.words())
}

/// Signs and shorthand, for every page that lists them.
pub(super) fn lines(rules: &Rules) -> Vec<(Tint, String)> {
    let mut lines = vec![(Tint::Title, "signs in a note, typed at the start of a word".to_owned())];
    for words in [
        ">DAY       we look again: >5b >fri >next tue >12/4 14:00",
        "!STATUS    the new status: its name or how it begins",
        "@WHO       whom we wait on",
        "^DAY       the day it happened, if not today: ^yesterday ^mon ^11/20",
        "&NAME      puts the name of a contact there; it is no sign then",
        "Backspace right behind one makes it text; what is pasted is text",
        "tab completes the one before the cursor, arrows choose from the list",
    ] {
        lines.push((Tint::Plain, format!("  {words}")));
    }
    let list = &rules.playbook.abbreviations;
    let (grow, stay): (Vec<_>, Vec<_>) = list.iter().partition(|one| !one.long.is_empty());
    lines.push((Tint::Title, "become whole words at a space or Enter; Backspace right after: as typed".to_owned()));
    lines.extend(
        grow.iter().map(|one| (Tint::Plain, format!("  {:<8} {}", one.short, if one.long == ATTEMPT { &one.means } else { &one.long }))),
    );
    lines.push((Tint::Title, "stay as they are".to_owned()));
    lines.extend(stay.iter().map(|one| (Tint::Plain, format!("  {:<8} {}", one.short, one.means))));
    lines
}

/// The same over the note, which comes back when the page is left.
pub(super) fn page(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(Prompt::Note(note)) = desk.prompt.take() else { return Vec::new() };
    desk.beneath = Some(note);
    pager::open(desk, "signs and shorthand".to_owned(), lines(rules))
}
