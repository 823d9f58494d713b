//! Is what a person means the first hit, and is nothing found twice, lost, or found after it went?

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::super::pass::BEST;
use super::super::queue::Queue;
use super::super::testing::{facts, playbook, queue_of, today};
use super::*;
use crate::domain::facts::Facts;

fn rows() -> Queue {
    let row = |n, number: &str, customer: &str, site: &str, note: &str| Facts {
        number: number.into(),
        customer: customer.into(),
        site: site.into(),
        last_note: note.into(),
        ..facts(n)
    };
    queue_of(&[
        Facts { utility: "Rocky Mountain Power".into(), owner: "kim".into(), ..row(1, "NM-104", "Jörg Smith", "12 Oak St", "see A-1042") },
        Facts { status: "deficiency".into(), escalated: true, ..row(10, "NM-1042", "Ann Smithers", "9 Soak Rd", "meter photo is missing") },
        Facts { utility: "PGE".into(), todo_title: "order transformer".into(), todos: 1, ..row(1042, "1042", "Lee", "7 Elm", "LVM #2") },
        Facts { status: "closed".into(), product: "flywheel".into(), hold: "financing".into(), ..row(2, "X 7-1", "Bob", "Yard", "") },
    ])
}

fn run(search: &mut Search, queue: &Queue, query: &str, limit: usize) -> (Vec<Hit>, usize) {
    search.run(queue, query, limit, &one_hand, &|| true).expect("nobody stops it")
}

fn found(queue: &Queue, query: &str) -> Vec<String> {
    let (hits, total) = run(&mut Search::default(), queue, query, 200);
    assert_eq!(hits.len(), total);
    let playbook = playbook();
    hits.iter().filter_map(|hit| queue.row(hit.row, &playbook)).map(|row| row.reference.to_owned()).collect()
}

#[test]
fn the_first_hit_is_what_was_meant() {
    let queue = rows();
    for (query, wanted) in [
        ("smith", &["A-1", "A-10"][..]),
        ("JORG", &["A-1"]),
        ("jörg oak", &["A-1"]),
        ("oak", &["A-1", "A-10"]),
        ("'oak", &["A-1", "A-10"]),
        ("a-1", &["A-1", "A-10", "A-1042"]),
        ("a-1042", &["A-1042", "A-1"]),
        ("nm-104", &["A-1", "A-10"]),
        ("1042", &["A-1042", "A-10", "A-1"]),
        ("x 7-1", &["A-2"]),
        ("rmp", &["A-1"]),
        ("rocky kim", &["A-1"]),
        ("mtrpht", &["A-10"]),
        ("'mtrpht", &[]),
        ("answer", &["A-10"]),
        ("flywheel financing closed", &["A-2"]),
        ("transformer", &["A-1042"]),
        ("lvm chase", &["A-1042"]),
        ("smith absent", &[]),
    ] {
        let hits = found(&queue, query);
        assert_eq!(
            hits.get(..wanted.len()),
            Some(&wanted.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()[..]),
            "{query}: {hits:?}"
        );
        // Scattered hits may follow; where a word is nowhere, or must be exact, nothing does.
        assert!(hits.len() == wanted.len() || !wanted.is_empty() && !query.starts_with('\''), "{query}: {hits:?}");
    }
}

#[test]
fn nothing_typed_is_everything_by_score() {
    let queue = rows();
    for query in ["", "  ", "'"] {
        let hits = found(&queue, query);
        assert_eq!((hits.len(), hits[0].as_str()), (4, "A-10"), "{query:?}");
    }
    let (hits, total) = run(&mut Search::default(), &queue, "", 2);
    assert_eq!((hits.len(), total), (2, 4));
}

#[test]
fn a_single_letter_within_words_counts_where_few_have_it_or_where_it_is_asked_for() {
    let queue = queue_of(&[Facts { customer: "Maddox".into(), ..facts(1) }]);
    assert_eq!((found(&queue, "x"), found(&queue, "'x")), (vec!["A-1".to_owned()], vec!["A-1".to_owned()]));
}

#[test]
fn one_letter_goes_by_word_start_then_score() {
    assert_eq!(found(&rows(), "s"), ["A-10", "A-1", "A-1042", "A-2"], "subsequences in status words count too");
    assert_eq!(found(&rows(), "'q"), Vec::<String>::new());
}

#[test]
fn a_utility_by_its_first_two_letters_and_before_it_the_number_that_is_just_these() {
    let row = |n, number: &str, customer: &str| Facts { number: number.into(), customer: customer.into(), ..facts(n) };
    let rocky = |facts| Facts { utility: "Rocky Mountain Power".into(), ..facts };
    let queue = queue_of(&[
        rocky(row(1, "NM-1", "Lee")),
        Facts { escalated: true, ..rocky(row(2, "NM-2", "Roe")) },
        rocky(row(3, "RO", "Lee")),
        row(4, "NM-4", "Ann Roe"),
        // An accent that belongs to no letter is left out of what the search reads.
        rocky(row(5, "X\u{301}O", "Lee")),
        Facts { escalated: true, ..row(6, "XO-6", "Okafor") },
    ]);
    assert_eq!(found(&queue, "ro"), ["A-3", "A-2", "A-1", "A-5", "A-4"]);
    assert_eq!(found(&queue, "xo"), ["A-5", "A-6"]);
}

/// So many that nothing but the starts of words counts, and the texts of most are not read.
#[test]
fn short_words_find_in_many_rows_what_a_thorough_look_finds() {
    let row = |n: u32| Facts {
        utility: if n.is_multiple_of(3) { "PGE" } else { "Rocky Mountain Power" }.into(),
        number: match n {
            70 => "R".into(),
            71 => "RO".into(),
            72 => "PG".into(),
            _ => format!("NM-{n}"),
        },
        customer: ["Ann Roe", "Jörg Okafor", "Pia Groß"][n as usize % 3].into(),
        escalated: n.is_multiple_of(7),
        ..facts(n)
    };
    let queue = queue_of(&(1..=200).map(row).collect::<Vec<_>>());
    for (query, first) in [("r", "A-70"), ("ro", "A-71"), ("'ro", "A-71"), ("pg", "A-72"), ("'r", "A-70"), ("PG", "A-72")] {
        let whole: Vec<RowId> = thorough(&queue, query, 20).into_iter().map(|hit| hit.row).collect();
        let (hits, total) = run(&mut Search::default(), &queue, query, 20);
        assert_eq!(hits.iter().map(|hit| hit.row).collect::<Vec<_>>(), whole, "{query}");
        assert!(total > FEW, "{query}: {total}");
        assert_eq!(queue.row(hits[0].row, &playbook()).map(|row| row.reference.to_owned()).as_deref(), Some(first), "{query}");
    }
}

#[test]
fn a_changed_queue_is_looked_at_anew() {
    let (mut queue, playbook) = (rows(), playbook());
    let mut search = Search::default();
    assert_eq!(run(&mut search, &queue, "sm", 9).1, 3, "submitted, too");
    queue.put(&Facts { customer: "Smythe".into(), ..facts(3) }, &playbook, today());
    assert_eq!(run(&mut search, &queue, "smy", 9).1, 1);
    queue.remove(facts(3).subject);
    assert_eq!(run(&mut search, &queue, "smyt", 9).1, 0);
}

#[test]
fn two_threads_find_what_one_finds_and_what_is_not_wanted_is_given_up() {
    let many: Vec<Facts> = (1..5_000)
        .map(|n| Facts { customer: ["Ann Smith", "Jörg Okafor", "Lee"][n as usize % 3].into(), escalated: n % 7 == 0, ..facts(n) })
        .collect();
    let queue = queue_of(&many);
    let two = |pieces: usize, work: &(dyn Fn(usize) + Sync)| {
        std::thread::scope(|scope| (0..pieces).for_each(|piece| _ = scope.spawn(move || work(piece))));
    };
    let (mut one_thread, mut two_threads) = (Search::default(), Search::default());
    for query in ["s", "sm", "smi", "smi a-1", "smi a-17", "jorg", "'zq"] {
        let wanted = run(&mut one_thread, &queue, query, 50);
        let stopped = two_threads.run(&queue, query, 50, &two, &|| false);
        assert!(stopped.is_none() || wanted.1 == 0, "{query}");
        assert_eq!(two_threads.run(&queue, query, 50, &two, &|| true).as_ref(), Some(&wanted), "{query}");
        assert_eq!(run(&mut Search::default(), &queue, query, 50), wanted, "{query} at once");
    }
}

#[test]
fn a_hand_that_comes_late_finds_nothing_left_to_do() {
    let many: Vec<Facts> = (1..5_000).map(|n| Facts { customer: "Ann Smith".into(), ..facts(n) }).collect();
    let (seen, by_hand) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    // The second begins when the first is done, as on a server that is busy elsewhere.
    let late = |pieces: usize, work: &(dyn Fn(usize) + Sync)| {
        for piece in 0..pieces {
            work(piece);
            by_hand.lock().expect("one thread").push((piece, seen.swap(0, Ordering::Relaxed)));
        }
    };
    let count = || seen.fetch_add(1, Ordering::Relaxed) < usize::MAX;
    assert!(Search::default().run(&queue_of(&many), "smi", 50, &late, &count).is_some_and(|found| found.1 == many.len()));
    let by_hand = by_hand.into_inner().expect("one thread");
    let chunks = |hand: usize| by_hand.iter().filter(|(piece, _)| *piece == hand).map(|(_, chunks)| *chunks).sum::<usize>();
    assert!(chunks(0) > 1 && chunks(1) == 0, "{by_hand:?}");
}

#[test]
fn two_letters_count_where_a_word_starts_with_them_unless_few_do() {
    let row = |n: u32| Facts { customer: if n <= 60 { "Ann Oakley" } else { "Ann Soaker" }.into(), ..facts(n) };
    let many: Vec<Facts> = (1..=120).map(row).collect();
    let total = |rows: &[Facts], query: &str| run(&mut Search::default(), &queue_of(rows), query, 200).1;
    assert_eq!(["oa", "'oa", "oak", "ak"].map(|query| total(&many, query)), [60, 120, 120, 120]);
    assert_eq!(total(&many[20..], "oa"), 100, "few words start with them, so it counts within words too");
}

#[test]
fn what_seems_rare_in_a_sample_is_found_as_what_is_rare_and_what_is_not() {
    // More rows than the sample is worth; the first of them are it.
    let rows = |rare: u32| -> Vec<Facts> {
        let customer = |n: u32| if n > 4_700 - rare { "Zelda" } else { "Zoe Lunda" };
        (1..=4_700).map(|n| Facts { customer: customer(n).into(), ..facts(n) }).collect()
    };
    for (rare, wanted) in [(FEW as u32 - 1, 4_700), (FEW as u32, FEW)] {
        let queue = queue_of(&rows(rare));
        let mut typed = Search::default();
        for query in ["z", "ze", "zel", "zeld", "zelda"] {
            let at_once = run(&mut Search::default(), &queue, query, 30);
            assert_eq!(run(&mut typed, &queue, query, 30), at_once, "{query}");
            // Two letters are in nearly every row somewhere, so these few count only where words start with them.
            assert_eq!(at_once.1, if query == "z" { 4_700 } else { wanted }, "{query}, {rare}");
        }
    }
}

#[test]
fn scattered_letters_count_behind_the_first_two_and_behind_the_first_where_few_have_those() {
    let note = |note: &str, n| Facts { last_note: note.into(), ..facts(n) };
    // The rule holds for the names of a row as for its own text.
    let owner = |owner: &str, n| Facts { owner: owner.into(), ..facts(n) };
    for (is_note, headed, wanted) in [(true, 60, 60), (true, 40, 140), (false, 60, 60), (false, 40, 140)] {
        let row = |text, n| if is_note { note(text, n) } else { owner(text, n) };
        let made: Vec<Facts> = (1..=headed + 100).map(|n| row(if n <= headed { "Oakhurst way" } else { "our apple harness" }, n)).collect();
        let queue = queue_of(&made);
        let mut search = Search::default();
        for query in ["oa", "oah", "oahr", "oahrs"] {
            let typed = run(&mut search, &queue, query, 200);
            assert_eq!(typed, run(&mut Search::default(), &queue, query, 200), "{query}, {headed}");
            assert_eq!(typed.1, wanted, "{query}, {headed}");
        }
    }
}

#[test]
fn a_pasted_page_is_cut() {
    let queue = rows();
    let (hits, _) = run(&mut Search::default(), &queue, &"smith ".repeat(20_000), 9);
    assert_eq!(hits.len(), 2);
}

#[test]
fn the_best_are_found_among_more_than_are_scored() {
    let mut made: Vec<Facts> = (1..=2 * BEST as u32 + 500).map(|n| Facts { last_note: "o-a-k and so on".into(), ..facts(n) }).collect();
    made.push(Facts { site: "12 Oak St".into(), ..facts(9_999) });
    made.push(Facts { number: "oak".into(), ..facts(9_998) });
    let queue = queue_of(&made);
    let (hits, total) = run(&mut Search::default(), &queue, "oak", 3);
    assert_eq!(total, made.len());
    let first: Vec<&str> = hits.iter().map(|hit| made[hit.row.0 as usize].reference.as_str()).collect();
    assert_eq!(first, ["A-9998", "A-9999", "A-1"]);
}

proptest! {
    /// A query typed letter by letter finds what it finds typed at once, rows put and removed between.
    #[test]
    fn narrowing_changes_nothing(
        customers in prop::collection::vec("[abAB é]{0,8}", 1..60),
        query in "[ab'é ]{0,8}",
        removed in prop::collection::vec(1u32..60, 0..4),
    ) {
        let made: Vec<Facts> = (1..).zip(customers).map(|(n, customer)| Facts { customer, escalated: n % 3 == 0, ..facts(n) }).collect();
        let mut queue = queue_of(&made);
        let mut search = Search::default();
        let ends = query.char_indices().map(|(at, _)| at).chain([query.len()]);
        for (step, end) in ends.enumerate() {
            if let Some(n) = removed.get(step) {
                queue.remove(facts(*n).subject);
            }
            let narrowed = run(&mut search, &queue, &query[..end], 20);
            prop_assert_eq!(&narrowed, &run(&mut Search::default(), &queue, &query[..end], 20));
            let ids: std::collections::HashSet<RowId> = narrowed.0.iter().map(|hit| hit.row).collect();
            prop_assert_eq!(ids.len(), narrowed.0.len());
            prop_assert!(ids.iter().all(|id| queue.has(*id)));
        }
    }
}
