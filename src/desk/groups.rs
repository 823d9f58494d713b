//! Which lines does a grouped list show? A head takes a line, and the cursor never stands on one.

use super::model::Desk;
use super::views;
use crate::index::RowId;

/// One line of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListLine {
    /// The group of this row, and how many rows it had; `None` where that is too far above to be looked for.
    Head(RowId, Option<usize>),
    /// A place in the order.
    Row(usize),
}

/// How far above the first line its group's head is looked for, for the count beside its name.
const FAR: usize = 2_000;

/// The first row to show on so many lines, so that the cursor is seen: the one that was first, if it can stay.
pub fn top_for(desk: &Desk, lines: usize) -> usize {
    let (cursor, lines) = (desk.cursor, lines.max(1));
    let mut top = desk.top.min(cursor);
    if cursor < desk.top || cursor - top > 2 * lines {
        top = cursor.saturating_sub(lines / 2);
    }
    while top < cursor && taken(desk, top, cursor) > lines {
        top += 1;
    }
    top
}

/// Lines from the head above `top` to the cursor.
fn taken(desk: &Desk, top: usize, cursor: usize) -> usize {
    let heads = desk.order.iter().take(cursor + 1).skip(top + 1).filter(|id| desk.views.heads.contains_key(id)).count();
    1 + (cursor + 1 - top) + heads
}

/// What stands on so many lines. Where the list is grouped the first line is a head: one always reads which group it is.
pub fn lines(desk: &Desk, lines: u16) -> Vec<ListLine> {
    let most = usize::from(lines);
    if views::grouped(desk).is_none() {
        let top = super::viewport::top_for(desk.cursor, desk.top, lines);
        return (top..desk.order.len()).take(most).map(ListLine::Row).collect();
    }
    let top = top_for(desk, most);
    let mut shown = Vec::with_capacity(most);
    for place in top..desk.order.len() {
        let id = desk.order[place];
        let count = desk.views.heads.get(&id).copied();
        // On a single line the row is worth more than its group.
        if (count.is_some() || place == top) && most > 1 {
            let above = || (top.saturating_sub(FAR)..top).rev().find_map(|place| desk.views.heads.get(&desk.order[place]).copied());
            shown.push(ListLine::Head(id, count.or_else(above)));
        }
        shown.push(ListLine::Row(place));
        if shown.len() >= most {
            break;
        }
    }
    shown.truncate(most);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::day::NaiveDateTime;
    use crate::domain::message::Person;
    use crate::domain::query::Group;

    fn desk(rows: u32, heads: &[(u32, usize)]) -> Desk {
        let now = NaiveDateTime::parse_from_str("2026-11-20 09:00", "%Y-%m-%d %H:%M").expect("a constant");
        let mut desk = Desk::new(Person::default(), now, 80, 24);
        desk.order = (0..rows).map(RowId).collect();
        desk.views.heads = heads.iter().map(|(row, count)| (RowId(*row), *count)).collect();
        desk.views.selection.group = Some(Group::Utility);
        desk
    }

    fn shown(desk: &Desk, most: u16) -> String {
        let one = |line: &ListLine| match line {
            ListLine::Head(_, count) => format!("[{}]", count.map_or("?".to_owned(), |count| count.to_string())),
            ListLine::Row(place) => place.to_string(),
        };
        lines(desk, most).iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn heads_take_lines_and_the_first_line_is_always_one() {
        let mut desk = desk(9, &[(0, 3), (3, 1), (4, 5)]);
        assert_eq!(shown(&desk, 8), "[3] 0 1 2 [1] 3 [5] 4");
        desk.cursor = 5;
        assert_eq!(shown(&desk, 8), "[3] 1 2 [1] 3 [5] 4 5");
        desk.cursor = 8;
        assert_eq!(shown(&desk, 4), "[5] 6 7 8");
        (desk.cursor, desk.top) = (0, 8);
        assert_eq!(shown(&desk, 4), "[3] 0 1 2");
        assert_eq!((shown(&desk, 1), shown(&desk, 0)), ("0".to_owned(), String::new()));
        desk.views.selection.group = None;
        assert_eq!(shown(&desk, 3), "0 1 2");
    }

    #[test]
    fn rows_that_leave_hand_the_head_of_their_group_on_and_take_none_along() {
        let mut desk = desk(9, &[(0, 3), (3, 1), (4, 5)]);
        let leave = [0, 1, 3, 6];
        views::hand_heads_on(&mut desk, |_, id| !leave.contains(&id.0));
        desk.order.retain(|id| !leave.contains(&id.0));
        assert_eq!(desk.views.heads, std::collections::HashMap::from([(RowId(2), 1), (RowId(4), 4)]));
        assert_eq!(shown(&desk, 9), "[1] 0 [4] 1 2 3 4");
    }

    #[test]
    fn the_cursor_is_always_among_the_lines() {
        for most in 2..12 {
            for cursor in 0..30 {
                for top in [0, 7, 15, 29] {
                    let mut desk = desk(30, &[(0, 1), (1, 1), (2, 9), (11, 19)]);
                    (desk.cursor, desk.top) = (cursor, top);
                    let lines = lines(&desk, most);
                    assert!(lines.contains(&ListLine::Row(cursor)) || most == 2 && cursor == 0, "{most} {cursor} {top}: {lines:?}");
                    assert!(lines.len() <= usize::from(most));
                }
            }
        }
    }
}
