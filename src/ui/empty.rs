//! What does an empty queue say? Why it is empty, and which key leads on.

use super::pen::piece;
use super::pen::{Pen, wrap};
use super::scene::Scene;
use super::theme::Role;
use crate::desk::prompt::Prompt;
use crate::domain::day;
use crate::index::queue::View;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let list = if scene.layout.list.is_empty() { scene.layout.pane } else { scene.layout.list };
    let (first, then) = words(scene);
    let width = usize::from(list.width.saturating_sub(4));
    let mut lines = vec![Vec::new()];
    lines.extend(wrap(&[piece(Role::Title, first)], width));
    lines.extend(wrap(&[piece(Role::Text, then)], width));
    // On a low list the words are worth more than the air above them.
    if lines.len() > usize::from(list.height) {
        lines.remove(0);
    }
    for (idx, line) in lines.into_iter().enumerate() {
        pen.pieces(list.line(u16::try_from(idx).unwrap_or(u16::MAX)).after(2), &line);
    }
}

/// What is so, and what can be done.
fn words(scene: &Scene<'_>) -> (String, String) {
    let (desk, counts) = (scene.desk, scene.desk.counts);
    let key = |action: &str, words: &str| scene.key(action).map(|key| format!("{key} {words}"));
    let keys = |keys: [Option<String>; 3]| keys.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if scene.rules.database.is_empty() {
        let quit = scene.key("quit").unwrap_or_else(|| "q".to_owned());
        let how = format!("Quit with {quit}, then: `intertie init` to begin a queue, or `intertie demo` to look at a made-up one.");
        return ("There is no database here.".to_owned(), how);
    }
    if let Some(Prompt::Find(find)) = &desk.prompt {
        return (format!("Nothing matches {}", find.line.text()), keys([key("find-cancel", "goes back"), None, None]));
    }
    if !desk.views.text.is_empty() && !desk.queue.is_empty() && !desk.loading {
        let keys = match &desk.prompt {
            Some(Prompt::Query(_)) => keys([key("query-cancel", "goes back"), None, None]),
            _ => keys([key("query", "changes the query"), key("previous-tab", "and the next key: other views"), None]),
        };
        return (format!("No open row passes {}", desk.views.text), keys);
    }
    if desk.loading {
        return ("Reading the queue…".to_owned(), String::new());
    }
    if desk.queue.is_empty() {
        let open = [key("import", "reads in a list that you have"), key("new", "opens an application"), key("help", "shows every key")];
        return ("No application yet.".to_owned(), format!("{}. Cells copied from a spreadsheet can be pasted here.", keys(open)));
    }
    let others = match desk.view {
        View::Mine => [key("view-team", "the team's rows"), key("view-pool", "the pool"), key("view-away", "what is away")],
        View::Team => [key("view-mine", "my rows"), key("view-pool", "the pool"), key("view-away", "what is away")],
        View::Pool => [key("view-mine", "my rows"), key("view-team", "the team's rows"), key("view-away", "what is away")],
        View::Away => [key("view-mine", "my rows"), key("view-team", "the team's rows"), key("view-pool", "the pool")],
    };
    let others = keys(others);
    let what = match desk.view {
        View::Away => "Nothing is away or on hold.".to_owned(),
        _ => match counts.next_day {
            Some(next) => {
                let rows = match desk.queue.due_on(next) {
                    1 => "1 row".to_owned(),
                    rows => format!("{rows} rows"),
                };
                format!("Nothing is due. Next: {} ({rows}).", day::short(next, scene.today()))
            }
            None => "Nothing is due, and nothing is to come.".to_owned(),
        },
    };
    (what, others)
}
