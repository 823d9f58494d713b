//! Queries, views, tabs, sorts and groups: typed, seen, kept.

use intertie::desk::groups::{ListLine, lines};
use intertie::desk::msg::Msg;
use intertie::desk::views::tabs;
use intertie::domain::id::CommandId;
use intertie::domain::view::{Kept, Rows};
use intertie::index::grouped;

use crate::world::{Row, SMALL, World};

/// Five rows of mine, of which one is away, and one of somebody else's.
const MORE: [Row<'static>; 6] = [
    SMALL[0],
    SMALL[1],
    SMALL[2],
    SMALL[3],
    &[
        ("site", "5 Bay St"),
        ("customer_name", "Eve Moss"),
        ("utility", "RMP"),
        ("status", "submitted"),
        ("follow_up", "2026-12-10"),
        ("size_ac", "30 kW"),
    ],
    &[
        ("site", "6 Elm St"),
        ("customer_name", "Fay Orr"),
        ("utility", "RMP"),
        ("status", "submitted"),
        ("follow_up", "today"),
        ("owner", "kim"),
    ],
];

/// The references that are listed.
fn listed(world: &World) -> String {
    let rows = world.desk.order.iter().filter_map(|id| world.desk.queue.row(*id, &world.rules.playbook));
    rows.map(|row| row.reference.trim_start_matches("A-100").to_owned()).collect::<Vec<_>>().join(" ")
}

/// The tabs with their numbers, the open one in brackets.
fn shown(world: &World) -> String {
    let one = |tab: &intertie::desk::views::Tab<'_>| {
        let count = tab.count.map(|count| format!(" {count}")).unwrap_or_default();
        if tab.here { format!("[{}{count}]", tab.name) } else { format!("{}{count}", tab.name) }
    };
    tabs(&world.desk).iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn typing_narrows_at_once_enter_keeps_and_esc_goes_back() {
    let mut world = World::new(&MORE);
    assert_eq!(listed(&world), "1 2 3 4");
    world.keys("j j Q").text("utility:rmp");
    assert_eq!((listed(&world).as_str(), world.here().as_str()), ("1 5", "A-1001"), "what is away comes behind");
    assert_eq!(world.prompt(), "query \"utility:rmp\"\n  utility Rocky Mountain Power");
    world.text(" kw>25");
    assert_eq!(listed(&world), "5");
    world.keys("esc");
    assert_eq!((listed(&world).as_str(), world.here().as_str(), world.prompt().as_str()), ("1 2 3 4", "A-1003", "queue"));
    world.keys("Q").text("-utility:rmp").keys("down enter");
    assert_eq!((listed(&world).as_str(), world.here().as_str()), ("2 3 4", "A-1003"));
    // It is still there to be changed, and the first Esc closes a notice alone.
    world.keys("Q").text("ash").keys("enter");
    assert_eq!((listed(&world).as_str(), world.desk.views.text.as_str()), ("4", "-utility:rmp ash"));
    world.keys("z esc");
    assert_eq!(listed(&world), "4");
    world.keys("esc");
    assert_eq!((listed(&world).as_str(), world.here().as_str()), ("1 2 3 4", "A-1004"));
    assert_eq!(world.written(), 0);
}

#[test]
fn what_cannot_be_understood_leaves_the_last_good_list() {
    let mut world = World::new(&MORE);
    world.keys("Q").text("ben stat:x");
    assert_eq!(listed(&world), "2");
    assert_eq!(world.prompt(), "query \"ben stat:x\"\n  stat: there is no field stat; is it status?");
    world.keys("enter");
    assert!(world.prompt().starts_with("query"), "Enter does not keep what it cannot read");
    world.keys("backspace backspace enter");
    assert_eq!((listed(&world).as_str(), world.prompt().as_str()), ("", "queue"), "no row has both words");
    world.keys("esc Q").text("status:sub");
    assert_eq!(listed(&world), "1 5", "while one types");
    world.hear(Msg::Paste { text: "\u{1b}[2J mitted\n".into() });
    assert!(world.prompt().starts_with("query \"status:submitted\""), "{}", world.prompt());
    world.hear(Msg::Paste { text: "x ".repeat(2_000) });
    assert_eq!(world.notice(), "that is too long for a query; nothing was pasted");
}

#[test]
fn tab_completes_and_goes_on_to_the_next() {
    let mut world = World::new(&MORE);
    world.keys("Q").text("util").keys("tab").text("r").keys("tab");
    assert_eq!(world.prompt(), "query \"utility:RMP\"\n  utility Rocky Mountain Power");
    assert_eq!(listed(&world), "1 5");
    world.text(" st").keys("tab").text("a").keys("tab");
    let first = world.prompt();
    world.keys("tab");
    assert_ne!(world.prompt(), first);
    world.keys("shift-tab");
    assert_eq!(world.prompt(), first);
}

#[test]
fn a_view_is_kept_opened_by_its_tab_and_removed() {
    let mut world = World::new(&MORE);
    world.keys("v k");
    assert!(world.notice().starts_with("there is nothing to keep"), "{}", world.notice());
    world.keys("Q").text("utility:rmp").keys("enter v k");
    insta::assert_snapshot!(world.prompt(), @r"
    keep this view: mine, utility:rmp
      [name (rmp-late)] 
      [whose (mine, team)] mine
    ");
    world.text("RMP all").keys("enter");
    assert_eq!((world.notice(), world.prompt().as_str()), ("kept the view rmp-all, for you", "queue"));
    world.hear(Msg::Idle);
    assert_eq!(shown(&world), "mine 4 team 5 pool 0 away 1 [rmp-all 2]");
    world.keys("]");
    assert_eq!((shown(&world).as_str(), listed(&world).as_str()), ("[mine 4] team 5 pool 0 away 1 rmp-all 2", "1 2 3 4"));
    world.keys("[");
    assert_eq!(listed(&world), "1 5");
    world.keys("v v").text("away").keys("enter");
    assert_eq!(listed(&world), "5");
    // Another one of that name would be a loss.
    world.keys("Q").text("kw>25").keys("enter v k").text("rmp-all").keys("enter");
    assert!(world.notice().starts_with("there is a view rmp-all already (mine, utility:rmp)"), "{}", world.notice());
    world.keys("esc v x enter");
    assert!(world.notice().starts_with("removed the view rmp-all"), "{}", world.notice());
    assert_eq!(shown(&world), "mine 4 team 5 pool 0 away 1", "the numbers are those of the last count");
}

#[test]
fn a_teams_view_is_everybodys_and_its_removal_is_undone() {
    let mut world = World::new(&MORE);
    world.keys("v t Q").text("utility:rmp workable").keys("enter v k").text("rmp").keys("tab ctrl-u").text("team").keys("enter");
    assert_eq!((world.notice(), world.written()), ("saved view rmp", 1));
    assert_eq!(
        world.store.views().expect("it reads").iter().map(|kept| (kept.name.as_str(), kept.version)).collect::<Vec<_>>(),
        [("rmp", 1)]
    );
    assert!(shown(&world).ends_with("[rmp 2]"), "{}", shown(&world));
    // Changed and kept again, it is the same one.
    world.keys("v o").text("-ref").keys("enter v k enter");
    assert_eq!(world.store.views().expect("it reads")[0].sort.len(), 1);
    world.keys("v x enter");
    assert_eq!((world.notice(), world.store.views()), ("saved removed the view rmp", Ok(Vec::new())));
    assert_eq!(listed(&world), "6 1", "what it listed stays");
    world.keys("u");
    assert_eq!(world.store.views().expect("it reads").len(), 1);
    assert!(shown(&world).ends_with(" rmp"), "{}", shown(&world));
}

#[test]
fn a_view_that_somebody_removes_stays_and_is_said() {
    let mut world = World::new(&MORE);
    let kept = Kept { name: "rmp".into(), query: "utility:rmp".into(), rows: Rows::Team, ..Kept::default() };
    let command = CommandId(world.id());
    world.keep_view(2, command, "rmp", 0, Some(&kept)).expect("it commits");
    world.tell_views();
    world.keys("[");
    assert_eq!(listed(&world), "1 6 5");
    let command = CommandId(world.id());
    world.keep_view(2, command, "rmp", 1, None).expect("it commits");
    world.tell_views();
    assert_eq!(world.notice(), "the view rmp was removed; what it lists stays until you leave it");
    assert_eq!((listed(&world).as_str(), world.desk.views.removed), ("1 6 5", true));
    // Removed is not changed under me: keeping it again is refused on that version, and the question comes back.
    world.keys("v k enter");
    assert!(world.store.views().expect("it reads").len() == 1 || world.prompt().starts_with("keep this view"), "{}", world.notice());
    world.keys("esc v m");
    assert_eq!(listed(&world), "1 2 3 4");
}

#[test]
fn two_people_who_change_one_view_do_not_overwrite_each_other() {
    let mut world = World::new(&MORE);
    let mut kept = Kept { name: "rmp".into(), query: "utility:rmp".into(), rows: Rows::Team, ..Kept::default() };
    let command = CommandId(world.id());
    world.keep_view(2, command, "rmp", 0, Some(&kept)).expect("it commits");
    world.tell_views();
    world.keys("[ v o").text("-ref").keys("enter");
    (kept.query, kept.version) = ("utility:pge".into(), 1);
    let command = CommandId(world.id());
    world.keep_view(2, command, "rmp", 1, Some(&kept)).expect("it commits");
    world.keys("v k enter");
    assert!(world.notice().starts_with("not saved: "), "{}", world.notice());
    assert_eq!(world.store.views().expect("it reads")[0].query, "utility:pge");
}

#[test]
fn what_is_removed_is_what_was_read() {
    let mut world = World::new(&MORE);
    let mut kept = Kept { name: "rmp".into(), query: "utility:rmp".into(), rows: Rows::Team, ..Kept::default() };
    let command = CommandId(world.id());
    world.keep_view(2, command, "rmp", 0, Some(&kept)).expect("it commits");
    world.tell_views();
    world.keys("v x");
    (kept.query, kept.version) = ("utility:pge".into(), 1);
    let command = CommandId(world.id());
    world.keep_view(2, command, "rmp", 1, Some(&kept)).expect("it commits");
    world.tell_views();
    world.keys("enter");
    assert_eq!((world.notice(), world.written()), ("that view was changed or removed while you chose; look again", 0));
    world.keys("v x enter");
    assert_eq!(world.store.views(), Ok(Vec::new()));
}

#[test]
fn a_sort_moves_nothing_by_itself_and_says_what_it_lacks() {
    let mut world = World::new(&MORE);
    world.keys("j v o").text("-customer").keys("enter");
    assert_eq!((listed(&world).as_str(), world.here().as_str()), ("4 3 2 1", "A-1002"), "the cursor stays on its record");
    world.keys("e ctrl-u esc v o").text("kw").keys("enter");
    assert_eq!((listed(&world).as_str(), world.desk.views.without), ("1 2 3 4", 4));
    world.keys("v o").text("priority").keys("enter");
    assert!(world.desk.views.selection.sort.is_empty());
    world.keys("v o").text("due, latest").keys("enter g g f").text("tomorrow").keys("enter");
    assert_eq!(listed(&world), "1 2 3 4", "a changed day does not move its row under the cursor");
    world.keys("R");
    assert_eq!(listed(&world), "2 3 4", "it is away now");
}

#[test]
fn heads_of_groups_are_passed_over() {
    let mut world = World::new(&MORE);
    world.keys("v t v g").text("utility").keys("enter");
    let heads = |world: &World| -> String {
        let one = |line: &ListLine| match line {
            ListLine::Row(place) => format!("{}{place}", if *place == world.desk.cursor { ">" } else { "" }),
            ListLine::Head(id, count) => {
                let group = world.desk.views.selection.group.expect("a group");
                format!("[{} {}]", grouped::head(&world.desk.queue, *id, group, &world.rules.playbook), count.unwrap_or(0))
            }
        };
        lines(&world.desk, 20).iter().map(one).collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(heads(&world), @"[Rocky Mountain Power 2] >0 1 [Portland General Electric 1] 2 [Southern California Edison 1] 3 [Tucson Electric Power 1] 4");
    world.keys("j j");
    insta::assert_snapshot!(heads(&world), @"[Rocky Mountain Power 2] 0 1 [Portland General Electric 1] >2 [Southern California Edison 1] 3 [Tucson Electric Power 1] 4");
    // Hits of a search stand in their own order.
    world.keys("/").text("elm").keys("enter");
    assert!(!heads(&world).contains('['));
    world.keys("esc");
    assert!(heads(&world).contains('['));
    // What is skipped takes neither the head nor the count of its group along.
    world.keys("home - 2 R");
    insta::assert_snapshot!(heads(&world), @"[Rocky Mountain Power 1] >0 [Portland General Electric 1] 1 [Southern California Edison 1] 2 [Tucson Electric Power 1] 3");
    world.keys("v g").text("none").keys("enter");
    assert!(!heads(&world).contains('['));
}

#[test]
fn a_key_that_changes_acts_on_the_row_that_the_query_left() {
    let mut world = World::new(&MORE);
    world.keys("Q").text("chloe").keys("enter 1 enter");
    assert!(world.notice().contains("A-1003"), "{}", world.notice());
    assert_eq!(listed(&world), "3", "it keeps its place until the next ranking");
    // Letters behind the box's own Enter are keys of the queue again, on what is seen.
    world.keys("u");
    assert_eq!(world.here(), "A-1003");
}
