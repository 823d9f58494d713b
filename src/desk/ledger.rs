//! What does the touch under way cost? Keys from the first of its chord, seconds from when the record
//! could be read; and the page that tells what touches cost.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::pager;
use super::prompt::Tint;
use crate::domain::ledger::{self, Entry};
use crate::index::RowId;
use crate::keys::action::Layer;
use crate::keys::chord::{Code, Key};
use crate::keys::keymap::Run;

/// The touch that is being made, and since when its record can be read.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    row: Option<RowId>,
    since: i64,
    /// Empty: none is being made.
    what: String,
    keys: u32,
}

impl Tally {
    /// A frame with this row under the cursor was shown.
    pub(super) fn shown(&mut self, row: Option<RowId>, at: i64) {
        if self.row != row {
            (self.row, self.since) = (row, at);
        }
    }
}

/// A chord of so many keys begins a touch.
pub(super) fn begin(desk: &mut Desk, run: &Run, keys: usize) {
    desk.tally.what = run.argument.clone().unwrap_or_else(|| run.action.name.to_owned());
    desk.tally.keys = u32::try_from(keys).unwrap_or(u32::MAX);
}

/// Which quick action it is, chosen from the list.
pub(super) fn named(desk: &mut Desk, what: &str) {
    if !desk.tally.what.is_empty() {
        what.clone_into(&mut desk.tally.what);
    }
}

/// A key in what the touch has opened. Letters of a text are no command keys; its signs are.
pub(super) fn pressed(desk: &mut Desk, layer: Layer, key: Key) {
    let is_text = matches!(layer, Layer::Note | Layer::Plan) && key.text().is_some();
    let is_sign = layer == Layer::Note && matches!(key.code, Code::Char('>' | '!' | '@' | '&'));
    desk.tally.keys = desk.tally.keys.saturating_add(u32::from(!is_text || is_sign));
}

/// The touch is on its way to the disk.
pub(super) fn end(desk: &mut Desk, at: i64) -> Option<Effect> {
    let what = std::mem::take(&mut desk.tally.what);
    if what.is_empty() {
        return None;
    }
    let millis = u32::try_from(at - desk.tally.since).unwrap_or(ledger::AWAY);
    Some(Effect::KeepCost(Entry { on: desk.today(), what, keys: desk.tally.keys, millis }))
}

/// The page came.
pub(super) fn page(desk: &mut Desk, rules: &Rules, entries: &[Entry]) -> Vec<Effect> {
    if desk.prompt.is_some() {
        return Vec::new();
    }
    let label = |what: &str| rules.playbook.disposition(what).map_or_else(|| what.to_owned(), |disposition| disposition.label.clone());
    let mut lines: Vec<(Tint, String)> = ledger::page(entries, desk.today(), label).into_iter().map(|line| (Tint::Plain, line)).collect();
    lines.push((Tint::Plain, String::new()));
    lines.push((
        Tint::Plain,
        "keys: all but the text that was typed, at the median. time: from the first look at the record, reading included.".to_owned(),
    ));
    lines.push((Tint::Plain, "Only you can read this; how many touches there were is in everybody's reports.".to_owned()));
    desk.moved_alone = true;
    pager::open(desk, "what my touches cost".to_owned(), lines)
}
