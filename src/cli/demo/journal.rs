//! In which order did everything happen? Many lives become one journal.

use std::collections::HashMap;

use crate::domain::event::Event;
use crate::domain::id::{Hlc, SubjectId};
use crate::store::Past;

/// Puts `past` in the order of its clocks and gives each event its number, from `seq` on. Within a
/// subject events must stand in their order. No clock shows a time after `latest` (milliseconds):
/// what the calendar of a demo puts into the future was still written by now.
pub fn put_in_order(past: &mut [Past], mut seq: i64, mut clock: Hlc, latest: i64) -> Hlc {
    past.sort_by_key(|past| (past.event.hlc, past.event.subject, past.event.id.seq));
    let mut numbers: HashMap<(SubjectId, i64), i64> = HashMap::with_capacity(past.len());
    for Past { event, .. } in past.iter_mut() {
        clock = clock.next(event.hlc.millis().min(latest));
        numbers.insert((event.subject, event.id.seq), seq);
        renumber(event, seq, &numbers);
        event.hlc = clock;
        seq += 1;
    }
    clock
}

/// A base is always an earlier event of the same subject, so its number is known already.
fn renumber(event: &mut Event, seq: i64, numbers: &HashMap<(SubjectId, i64), i64>) {
    event.id.seq = seq;
    for write in event.fields.values_mut() {
        if let Some(base) = &mut write.base {
            base.seq = numbers.get(&(event.subject, base.seq)).copied().unwrap_or(base.seq);
        }
    }
}
