//! Where does each part of the screen lie? Numbers only: the desk scrolls by them, `ui` draws by them.

use super::model::Desk;
use super::prompt::{Act, Ask, Pick, Prompt};
use super::views;

/// The smallest screen on which everything has a place.
pub const MIN_WIDTH: u16 = 40;
pub const MIN_HEIGHT: u16 = 10;
/// From this width on the record stands beside the list, not below it.
pub const SIDE_BY_SIDE: u16 = 108;
/// More questions than this take the whole screen.
const MANY: usize = 8;
/// Lines kept for what a plan will do, so that the panel does not jump while one types.
pub const PLAN_LINES: u16 = 4;

/// How far a record can be scrolled; the screen stops earlier where there is less.
pub const RECORD_LINES: usize = 2_000;

/// A rectangle of cells. It may be empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Area {
    pub fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The first `lines` lines, and the rest.
    pub fn split(self, lines: u16) -> (Area, Area) {
        let lines = lines.min(self.height);
        (Area { height: lines, ..self }, Area { y: self.y + lines, height: self.height - lines, ..self })
    }

    /// One line of it, counted from 0; empty when it has no such line.
    pub fn line(self, idx: u16) -> Area {
        if idx < self.height { Area { y: self.y + idx, height: 1, ..self } } else { Area { height: 0, ..self } }
    }

    /// Without its first `cells` columns.
    pub fn after(self, cells: u16) -> Area {
        let cells = cells.min(self.width);
        Area { x: self.x + cells, width: self.width - cells, ..self }
    }
}

/// How much room the open prompt wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Over {
    /// None is open, or one that needs only the notice's line.
    #[default]
    Nothing,
    /// Only the line of the last message, within reach.
    Letter,
    /// A panel of so many lines at the foot. `alone`: it may take the record's room too, because it
    /// shows a message that must be read before it is copied.
    Panel {
        lines: u16,
        alone: bool,
    },
    Whole,
}

impl Over {
    pub fn of(desk: &Desk) -> Over {
        match desk.prompt.as_ref() {
            None | Some(Prompt::Find(_)) => Over::queue(desk),
            // The query, how it is understood, what it could become.
            Some(Prompt::Query(_)) => Over::Panel { lines: 3, alone: false },
            // Its title, a text of five lines, the plan.
            Some(Prompt::Note(_)) => Over::Panel { lines: 6 + PLAN_LINES, alone: false },
            Some(Prompt::Pager(_) | Prompt::Import | Prompt::Offers(_) | Prompt::Template(_) | Prompt::Bulk(_)) => Over::Whole,
            // It is about a file, and no record has to be seen.
            Some(Prompt::Picker(picker)) if picker.pick == Pick::Target => Over::Whole,
            // Title, filter, and the items, as many as fit.
            Some(Prompt::Picker(picker)) => Over::Panel { lines: lines(picker.items.len() + 2), alone: false },
            Some(Prompt::Ask(ask)) if is_long(ask) => Over::Whole,
            Some(Prompt::Ask(ask)) => of_ask(ask),
        }
    }

    /// With no prompt open.
    pub fn queue(desk: &Desk) -> Over {
        if desk.last_message.is_some() { Over::Letter } else { Over::Nothing }
    }
}

/// Whether its questions take the whole screen: a form to fill in, not a touch; and what two records
/// become, which must be read before it is done.
pub fn is_long(ask: &Ask) -> bool {
    ask.answers.len() > MANY || matches!(ask.act, Act::New | Act::KeepProfile | Act::Join(_))
}

fn of_ask(ask: &Ask) -> Over {
    let plan = ask.preview.as_ref().and_then(|preview| preview.as_ref().ok());
    let said = plan.map_or(0, |plan| lines(plan.lines.len() + 1));
    let message = plan.and_then(|plan| plan.message.as_ref()).map(|message| lines(message.body.lines().count() + 4));
    let said = if message.is_some() { said } else { said.max(PLAN_LINES) };
    let lines = 1 + lines(ask.answers.len()) + said + lines(ask.similar.len()) + message.unwrap_or(0);
    Over::Panel { lines, alone: message.is_some() }
}

fn lines(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX / 8).min(u16::MAX / 8)
}

/// The parts of the screen, none over another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Layout {
    /// Less than `MIN_WIDTH` × `MIN_HEIGHT`: the header's line says so.
    pub small: bool,
    pub header: Area,
    /// What a drill asks for, and the keys.
    pub drill: Area,
    /// The views that were kept, where there are any and there is room.
    pub tabs: Area,
    /// The names of the list's columns.
    pub heading: Area,
    /// The rows of the queue, one line each.
    pub list: Area,
    /// The upright line between list and record, when they stand side by side.
    pub bar: Area,
    /// The record's first line: which one it is.
    pub title: Area,
    /// The record.
    pub pane: Area,
    /// The open prompt.
    pub panel: Area,
    /// Quick actions on their digits.
    pub strip: Area,
    /// The last message that was made, where there is one.
    pub letter: Area,
    pub notice: Area,
    /// The keys that can be pressed now.
    pub foot: Area,
}

impl Layout {
    pub fn side_by_side(&self) -> bool {
        !self.bar.is_empty()
    }
}

/// The screen of a desk, with an open prompt or without.
pub fn layout_of(desk: &Desk, width: u16, height: u16, detail_only: bool, over: Over) -> Layout {
    // On fewer lines a row of the list is worth more.
    layout_with(width, height, detail_only, over, [u16::from(height >= 24 && views::has_tabs(desk)), drill_lines(desk, width, height)])
}

/// A task is one line of the usual screen, two of a narrow one, and so are the longest keys. Where the lines are few they share one.
fn drill_lines(desk: &Desk, width: u16, height: u16) -> u16 {
    match (desk.drill.is_some(), width, height) {
        (false, ..) | (_, _, 0..MIN_HEIGHT) => 0,
        (_, _, ..16) => 1,
        (_, 80.., _) => 2,
        (_, ..56, 20..) => 4,
        _ => 3,
    }
}

/// Divides a screen. Every area lies inside it, whatever its size.
pub fn layout(width: u16, height: u16, detail_only: bool, over: Over) -> Layout {
    layout_with(width, height, detail_only, over, [0; 2])
}

fn layout_with(width: u16, height: u16, detail_only: bool, over: Over, [tabs, drill]: [u16; 2]) -> Layout {
    let screen = Area { x: 0, y: 0, width, height };
    let mut layout = Layout { small: width < MIN_WIDTH || height < MIN_HEIGHT, ..Layout::default() };
    let (header, rest) = screen.split(1);
    let (drill, rest) = rest.split(drill);
    let (tabs, rest) = rest.split(if over == Over::Whole { 0 } else { tabs });
    (layout.header, layout.drill, layout.tabs) = (header, drill, tabs);
    let tails = if height >= 6 { 2 } else { u16::from(height >= 3) };
    let (rest, tail) = rest.split(rest.height - tails.min(rest.height));
    let (notice, foot) = tail.split(tail.height / 2);
    (layout.notice, layout.foot) = (notice, foot);
    let body = match over {
        Over::Nothing | Over::Letter => {
            let strip = if height >= 20 { 2 } else { u16::from(height >= 13) };
            let letter = u16::from(over == Over::Letter && height >= 16);
            let (rest, letter) = rest.split(rest.height - letter.min(rest.height));
            let (body, strip) = rest.split(rest.height - strip.min(rest.height));
            (layout.strip, layout.letter) = (strip, letter);
            body
        }
        Over::Panel { lines, alone } => {
            let kept = if rest.height < 10 { u16::from(rest.height > 4) } else { 3 + if alone { 0 } else { 5 } };
            let (body, panel) = rest.split(rest.height - lines.min(rest.height - kept.min(rest.height)));
            layout.panel = panel;
            body
        }
        Over::Whole => {
            layout.panel = rest;
            return layout;
        }
    };
    divide(&mut layout, body, detail_only);
    layout
}

/// List and record in what is left of the screen.
fn divide(layout: &mut Layout, body: Area, detail_only: bool) {
    if detail_only {
        (layout.title, layout.pane) = body.split(1);
        return;
    }
    if body.width >= SIDE_BY_SIDE {
        // A list wider than this has nothing more to say; the record has.
        let list_width = body.width.min(200) * 62 / 100;
        let (heading, list) = Area { width: list_width, ..body }.split(u16::from(body.height >= 6));
        (layout.heading, layout.list) = (heading, list);
        layout.bar = Area { x: list_width, width: 1, ..body };
        (layout.title, layout.pane) = body.after(list_width + 2).split(1);
        return;
    }
    let heading = u16::from(body.height >= 16);
    let record = match body.height - heading {
        0..=4 => 0,
        left @ 5..=9 => left - 3,
        left @ 10..=12 => left - 4,
        left @ 13..=17 => left.div_ceil(2),
        left => (left.min(100) * 45 / 100).max(9),
    };
    let (list, record) = body.split(body.height - record);
    (layout.heading, layout.list) = list.split(heading);
    (layout.title, layout.pane) = record.split(1);
}

/// How many rows of the list are on screen; where only the record is, how many there would be.
pub fn list_rows(desk: &Desk) -> usize {
    usize::from(layout_of(desk, desk.width, desk.height, false, Over::queue(desk)).list.height).max(1)
}

/// How many lines of a page to read are on screen.
pub fn page_rows(desk: &Desk) -> usize {
    usize::from(layout_of(desk, desk.width, desk.height, false, Over::Whole).panel.height.saturating_sub(1)).max(1)
}

/// The first row to show, so that the cursor is seen: `top` if it can stay.
pub fn top_for(cursor: usize, top: usize, rows: u16) -> usize {
    let rows = usize::from(rows.max(1));
    top.clamp((cursor + 1).saturating_sub(rows), cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(layout: &Layout) -> [Area; 13] {
        let Layout { header, drill, tabs, heading, list, bar, title, pane, panel, strip, letter, notice, foot, .. } = *layout;
        [header, drill, tabs, heading, list, bar, title, pane, panel, strip, letter, notice, foot]
    }

    #[test]
    fn areas_lie_inside_every_screen_and_never_overlap() {
        let overs = [
            Over::Nothing,
            Over::Letter,
            Over::Panel { lines: 10, alone: false },
            Over::Panel { lines: 30, alone: true },
            Over::Panel { lines: u16::MAX / 2, alone: true },
            Over::Whole,
        ];
        for width in (0..=300).step_by(9).chain([1, 39, 40, 107, 108, 65_535]) {
            for height in 0..=100 {
                for over in overs {
                    for (detail_only, tabs) in [(false, [0, 0]), (true, [0, 3]), (false, [1, 2]), (true, [1, 1])] {
                        let all = areas(&layout_with(width, height, detail_only, over, tabs));
                        let mut lines: Vec<(u16, u16, u32)> = Vec::new();
                        for area in all.into_iter().filter(|area| !area.is_empty()) {
                            let right = u32::from(area.x) + u32::from(area.width);
                            assert!(right <= u32::from(width), "{width}x{height} {over:?} {area:?}");
                            assert!(u32::from(area.y) + u32::from(area.height) <= u32::from(height), "{width}x{height} {over:?} {area:?}");
                            lines.extend((area.y..area.y + area.height).map(|y| (y, area.x, right)));
                        }
                        lines.sort_unstable();
                        assert!(
                            lines.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].2 <= u32::from(pair[1].1)),
                            "{width}x{height} {over:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_usual_screens() {
        let small = layout(80, 24, false, Over::Nothing);
        assert_eq!((small.heading.height, small.list.height, small.pane.height, small.strip.height), (1, 9, 8, 2));
        assert_eq!((small.list.width, small.title.y, small.notice.y, small.foot.y), (80, 11, 22, 23));
        let large = layout(120, 40, false, Over::Nothing);
        assert!(large.side_by_side());
        assert_eq!((large.list.width, large.list.height, large.pane.x, large.pane.height), (74, 34, 76, 34));
        let note = layout(80, 24, false, Over::Panel { lines: 10, alone: false });
        assert_eq!((note.list.height, note.title.height, note.pane.height, note.panel.height), (4, 1, 6, 10));
        assert!(layout(39, 24, false, Over::Nothing).small && !layout(40, 10, false, Over::Nothing).small);
    }

    #[test]
    fn the_cursor_is_always_seen() {
        for (cursor, top, rows, shown) in [(0, 0, 9, 0), (9, 0, 9, 1), (9, 4, 9, 4), (3, 7, 9, 3), (5, 0, 1, 5), (5, 0, 0, 5)] {
            assert_eq!(top_for(cursor, top, rows), shown, "{cursor} {top} {rows}");
        }
    }
}
