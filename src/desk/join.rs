//! Two records that are one application: which one looks like the record under the cursor?

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Act, Item, Pick, Picker, Prompt};
use super::{ask, picker};
use crate::domain::application::Application;
use crate::domain::id::SubjectId;

/// Opens the list at once, so that what is typed while the queue is searched goes nowhere else.
pub(super) fn open(desk: &mut Desk, record: Application) -> Vec<Effect> {
    let subject = record.id;
    let looking = vec![said("looking for records that could be the same", "a moment")];
    let title = ask::title("which one is the same as", &record);
    picker::open(desk, Pick::Join(Vec::new()), title, Some(record), looking);
    vec![Effect::FetchAlike(subject)]
}

/// A line that is only to be read.
fn said(label: &str, refused: &str) -> Item {
    Item { value: String::new(), label: label.to_owned(), detail: String::new(), refused: Some(refused.to_owned()) }
}

pub(super) fn found(desk: &mut Desk, rules: &Rules, subject: SubjectId, found: Vec<(Application, String)>) -> Vec<Effect> {
    let Some(Prompt::Picker(picker)) = &mut desk.prompt else { return Vec::new() };
    let is_asked = matches!(picker.pick, Pick::Join(_)) && picker.record.as_ref().is_some_and(|record| record.id == subject);
    if !is_asked {
        return Vec::new();
    }
    if found.is_empty() {
        let here = picker.record.as_ref().map(|record| record.reference().to_owned()).unwrap_or_default();
        picker.items = vec![said(&format!("nothing looks like {here}"), "by its reference: intertie join")];
        let words = format!("nothing in the queue looks like {here}; by reference: intertie join {here} OTHER");
        desk.notice = Some(Notice::new(Tone::Note, words));
    } else {
        let status = |app: &Application| rules.playbook.workflow.status_label(app.status()).to_owned();
        let item = |(app, because): &(Application, String)| Item {
            value: app.id.to_string(),
            label: [app.reference(), app.who(), app.site(), &status(app)].join(" · "),
            detail: because.clone(),
            refused: None,
        };
        picker.items = found.iter().map(item).collect();
        picker.pick = Pick::Join(found.into_iter().map(|(app, _)| app).collect());
    }
    picker::narrow(picker);
    desk.moved_alone = true;
    Vec::new()
}

/// One was chosen: the plan is shown, Enter does it.
pub(super) fn chosen(desk: &mut Desk, rules: &Rules, from: &Picker, value: &str) -> Vec<Effect> {
    let Pick::Join(found) = &from.pick else { return Vec::new() };
    let Some(other) = found.iter().find(|app| app.id.to_string() == value).cloned() else { return Vec::new() };
    let Some(record) = from.record.clone() else { return Vec::new() };
    let title = format!("join {} {} with {} {}", record.reference(), record.who(), other.reference(), other.who());
    ask::open(desk, rules, Act::Join(Box::new(other)), title, Some(record), Vec::new())
}
