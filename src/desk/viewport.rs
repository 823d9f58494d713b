//! Size to rows and places: numbers only, for both the desk that scrolls and the screen that draws.

use super::model::Desk;

/// How many rows of the list are on screen.
pub fn list_rows(desk: &Desk) -> usize {
    usize::from(desk.height.saturating_sub(14)).max(1)
}
