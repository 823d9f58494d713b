//! What a look through all rows answers to an effect. Run by another thread, on rows that it shares.

use super::effect::Effect;
use super::msg::Msg;
use crate::domain::playbook::Playbook;
use crate::index::Hands;
use crate::index::rank;
use crate::index::rows::Rows;
use crate::index::search::{self, GoOn, Search};

/// Likely duplicates that are shown while one types.
const SIMILAR: usize = 5;

/// Whether an effect is one of those that look through the rows.
pub fn is_look(effect: &Effect) -> bool {
    matches!(effect, Effect::Rank { .. } | Effect::Count { .. } | Effect::Find { .. } | Effect::Similar { .. })
}

/// Remembers what the last search left, for the next letter.
#[derive(Default)]
pub struct Looker {
    search: Search,
}

impl Looker {
    /// Does it, and gives each answer to `answer`; none when `go_on` says that it is not wanted any more.
    pub fn look(
        &mut self,
        effect: Effect,
        rows: Rows,
        playbook: &Playbook,
        hands: Hands<'_>,
        go_on: GoOn<'_>,
        answer: &mut dyn FnMut(Msg),
    ) {
        match effect {
            Effect::Find { ticket, query, limit } => {
                if let Some((hits, total)) = self.search.run(&rows, &query, limit, hands, go_on) {
                    answer(Msg::Found { ticket, hits: hits.into_iter().map(|hit| hit.row).collect(), total });
                }
            }
            Effect::Similar { ticket, site, customer, number } => {
                answer(Msg::Similar { ticket, found: search::similar(&rows, &site, &customer, &number, SIMILAR) });
            }
            Effect::Rank { ticket, asked } => {
                let mut front = |front| answer(Msg::Ranked { ticket, ranked: Box::new(front) });
                let whole = rank::rank(rows, &asked, playbook, hands, &mut front);
                answer(Msg::Ranked { ticket, ranked: Box::new(whole) });
            }
            Effect::Count { asked, before } => {
                let (counts, come) = rank::count(&rows, &asked, before, playbook, hands);
                answer(Msg::Counted { asked, counts, generation: rows.generation(), come });
            }
            _ => {}
        }
    }
}
