//! Which part draws what? It only routes.

use ratatui::Frame;
use ratatui::layout::Position;

use super::pen::Pen;
use super::scene::Scene;
use super::theme::{Role, Theme};
use super::{
    ask, bulk, chord, drill, empty, find, footer, header, imports, letter, note, offers, pager, picker, query, queue, record, strip, tabs,
    template,
};
use crate::desk::model::{Desk, Rules};
use crate::desk::prompt::Prompt;
use crate::desk::viewport::{Area, Over, layout_of};
use crate::index::order::Moment;

/// Draws the whole desk. The terminal's own cursor stands where the typing goes, or on the
/// selected row, so that a screen reader reads it.
pub fn view(desk: &Desk, rules: &Rules, theme: &Theme, frame: &mut Frame<'_>) {
    let size = frame.area();
    let screen = Area { x: 0, y: 0, width: size.width, height: size.height };
    let moment = Moment::of(&desk.queue, &rules.playbook, desk.now);
    let layout = layout_of(desk, size.width, size.height, desk.detail_only, Over::of(desk));
    let scene = Scene { desk, rules, layout, moment: &moment };
    let mut pen = Pen { buffer: frame.buffer_mut(), theme };
    pen.tint(screen, theme.style(Role::Text));
    header::draw(&scene, &mut pen);
    drill::draw(&scene, &mut pen);
    tabs::draw(&scene, &mut pen);
    let rest = list_and_record(&scene, &mut pen);
    let typed = prompt(&scene, &mut pen);
    strip::draw(&scene, &mut pen);
    letter::draw(&scene, &mut pen);
    footer::draw(&scene, &mut pen);
    chord::draw(&scene, &mut pen);
    if theme.is_ascii() {
        pen.draw_ascii(screen);
    }
    // A place outside the screen would put the cursor on some other line.
    if let Some(place) = typed.or(rest).filter(|place| place.x < size.width && place.y < size.height) {
        frame.set_cursor_position(place);
    }
}

/// The place of the selected row.
fn list_and_record(scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let selected = queue::draw(scene, pen);
    if scene.desk.order.is_empty() {
        empty::draw(scene, pen);
        return None;
    }
    record::draw(scene, pen);
    let title = scene.layout.title;
    selected.or((scene.desk.detail_only && !title.is_empty()).then_some(Position::new(title.x, title.y)))
}

/// The place of the text cursor. A prompt has the cursor even where it has no room: then it is
/// shown nowhere.
fn prompt(scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    match &scene.desk.prompt {
        None => None,
        Some(Prompt::Note(prompt)) => note::draw(prompt, scene, pen),
        Some(Prompt::Ask(prompt)) => ask::draw(prompt, scene, pen),
        Some(Prompt::Picker(prompt)) => picker::draw(prompt, scene, pen),
        Some(Prompt::Find(prompt)) => find::draw(prompt, scene, pen),
        Some(Prompt::Pager(prompt)) => pager::draw(prompt, scene, pen),
        Some(Prompt::Import) => imports::draw(scene, pen),
        Some(Prompt::Offers(prompt)) => offers::draw(prompt, scene, pen),
        Some(Prompt::Bulk(prompt)) => bulk::draw(prompt, scene, pen),
        Some(Prompt::Template(prompt)) => template::draw(prompt, scene, pen),
        Some(Prompt::Query(prompt)) => query::draw(prompt, scene, pen),
    }
}
