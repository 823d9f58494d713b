//! Does a query say what it means, and what is wrong with it and where?

use super::*;
use crate::domain::testing::{playbook, today};

fn read(text: &str) -> Result<Query, Fault> {
    Query::read(text, &Context { playbook: &playbook(), today: today() })
}

/// The sentence, and the marked letters.
fn fault(text: &str) -> (String, String) {
    let fault = read(text).expect_err(text);
    let (excerpt, at) = fault.excerpt(text, 60);
    let marked: String = excerpt.chars().skip(at.start).take(at.len()).collect();
    (fault.says, marked)
}

/// Today is Saturday 2026-11-21.
#[test]
fn a_query_is_told_as_it_was_understood() {
    let playbook = playbook();
    let context = Context { playbook: &playbook, today: today() };
    for (text, told) in [
        ("utility:rmp status:def", "utility Rocky Mountain Power · status deficiency"),
        ("due<=today ball:us kw>25", "we look Sat 11/21 or earlier · waiting on us · size above 25 kW"),
        ("touched>14d", "last touched Fri 11/6 or earlier"),
        ("touched<=2w", "last touched Sat 11/7 or later"),
        ("touched>1m", "last touched Tue 10/20 or earlier"),
        ("entered:1b", "in its status since on Thu 11/19"),
        ("entered:0b", "in its status since from Fri 11/20 to Sat 11/21"),
        ("touched<fri", "last touched Thu 11/19 or earlier"),
        ("due<fri", "we look Thu 11/26 or earlier"),
        ("due<=5b", "we look Mon 11/30 or earlier"),
        ("due<next-tue", "we look Mon 11/23 or earlier"),
        ("due>=12/4", "we look Fri 12/4 or later"),
        ("promised<11/18", "they said Tue 11/17 or earlier"),
        ("promised:yesterday,today", "they said on Fri 11/20 or on Sat 11/21"),
        ("expires<30d", "expires Sun 12/20 or earlier"),
        ("-hold \"meter swap\" goal:none", "not on hold · \"meter swap\" · goal none"),
        ("!owner:pool,kim", "not owner nobody (the pool) or kim"),
        ("kw:7.6 kw<=1.2MW score<-5", "size 7.6 kW · size 1.2 MW or less · points -6 or less"),
        ("\"hold\" 14:00 https", "\"hold\" · \"14:00\" · \"https\""),
        ("“meter swap” status:\"PTO granted\"", "\"meter swap\" · status PTO granted"),
        ("  ", ""),
    ] {
        assert_eq!(read(text).unwrap_or_else(|fault| panic!("{text}: {}", fault.says)).told(&context), told, "{text}");
    }
}

#[test]
fn faults_say_one_sentence_and_mark_the_place() {
    for (text, says, marked) in [
        ("utilty:rmp", "there is no field utilty; is it utility?", "utilty"),
        ("rmp https://x", "there is no field https; there are utility, status", "https"),
        ("status:submited", "there is no status submited; is it submitted?", "submited"),
        ("status:pto,zzzzzz", "there is no status zzzzzz; there are intake", "zzzzzz"),
        ("ball:utlity", "there is no party utlity; is it utility?", "utlity"),
        ("is:hald", "no row is hald; is it hold?", "hald"),
        ("smith \"meter swap", "this quote is never closed", "\""),
        ("status: x", "status: needs a value", "status:"),
        ("kw>", "kw> needs a value", "kw>"),
        ("kw>big", "kw: a size like 7.6", "big"),
        ("kw>1,2", "kw takes one value after >", "2"),
        ("status>pto", "status has no more and less: write status:pto", "status>pto"),
        ("due<someday", "due: ", "someday"),
        ("due<\"fri 14:00\"", "due: a query asks for days, not for hours", "\"fri 14:00\""),
        ("due<2/31", "due: there is no day 31 in February", "2/31"),
        ("/meter.*/", "reads like a pattern", "/meter.*/"),
        ("site:^12", "reads like a pattern", "^12"),
        ("smi*", "reads like a pattern", "smi*"),
        ("rmp - x", "a - stands before what must not be so", "-"),
        ("smith\u{202e}x", "there is a character here that nobody can see", "·"),
        ("a\u{1b}[2J", "there is a character here that nobody can see", "·"),
        ("\"\"", "there is no word to look for", "\"\""),
    ] {
        let (said, place) = fault(text);
        assert!(said.contains(says) && !said.contains('\n'), "{text}: {said}");
        assert_eq!(place, marked, "{text}: {said}");
    }
    let long = "x ".repeat(2_000);
    assert_eq!(fault(&long).0, "a query has at most 1000 letters, and this one has 4000");
    let far = format!("{} utilty:rmp {}", "oak ".repeat(40), "elm ".repeat(40));
    let (excerpt, at) = read(&far).expect_err("a fault").excerpt(&far, 60);
    assert_eq!(excerpt.chars().count(), 62, "{excerpt}");
    assert_eq!(excerpt.chars().skip(at.start).take(at.len()).collect::<String>(), "utilty");
}

#[test]
fn what_may_only_be_unfinished_is_no_fault_yet() {
    for (text, unfinished) in [("status:", true), ("due<f", true), ("\"meter", true), ("-", true), ("kw>1x y", false), ("utilty:x", false)]
    {
        assert_eq!(read(text).expect_err(text).unfinished, unfinished, "{text}");
    }
}

#[test]
fn sorts_are_read_and_written() {
    for text in ["", "due", "-kw,due", "customer,-score"] {
        assert_eq!(read_sort(text).map(|sort| sort_text(&sort)), Ok(text.to_owned()));
    }
    assert_eq!(read_sort("priority").map(|sort| sort.len()), Ok(0));
    assert!(read_sort("-size, id").is_ok_and(|sort| sort_text(&sort) == "-kw,ref"));
    assert!(read_sort("dua").is_err_and(|says| says.starts_with("there is no field dua to sort by; is it due?")));
    assert!(read_sort("is").is_err());
}

#[test]
fn completion_knows_fields_values_and_where_they_begin() {
    let vocabulary: Vocabulary = [
        (NameField::Status, vec![("submitted".to_owned(), "submitted".to_owned()), ("pto".to_owned(), "PTO granted".to_owned())]),
        (NameField::Utility, vec![("Rocky Mountain Power".to_owned(), "RMP".to_owned())]),
    ]
    .into();
    let offered = |before: &str| {
        let found = complete(before, &vocabulary);
        let items: Vec<String> = found.items.into_iter().map(|(text, _)| text).take(3).collect();
        format!("{}|{}", &before[..found.at], items.join(" "))
    };
    for (before, wanted) in [
        ("", "|utility: status: ball:"),
        ("oak st", "oak |status:"),
        ("-wa", "-|waiting:"),
        ("es", "|escalated"),
        ("to", "|touched todo-due todo:"),
        ("status:", "status:|submitted pto"),
        ("status:granted", "status:|pto"),
        ("-status:pto,su", "-status:pto,|submitted"),
        ("utility:mount", "utility:|\"Rocky Mountain Power\""),
        ("utility:\"rocky mo", "utility:|\"Rocky Mountain Power\""),
        ("owner:", "owner:|me pool"),
        ("due<=", "due<=|today tomorrow 5b"),
        ("touched>", "touched>|14d 5b 2w"),
        ("is:a", "is:|away complaint"),
        ("nosuch:x", "nosuch:|"),
        ("oak ", "oak |utility: status: ball:"),
    ] {
        assert_eq!(offered(before), wanted, "{before}");
    }
}

#[test]
fn a_word_on_its_way_to_a_field_is_not_looked_for_yet() {
    for (text, counts) in [
        ("oak stat", "oak "),
        ("s", ""),
        ("-ho", ""),
        ("smith", "smith"),
        ("status", ""),
        ("hold", "hold"),
        ("-away", "-away"),
        ("stat ", "stat "),
    ] {
        assert_eq!(settled(text), counts, "{text}");
    }
    assert_eq!(settled("status:s"), "status:s");
    assert_eq!(settled("\"oak st"), "\"oak st");
}

proptest::proptest! {
    /// Whatever is typed: an answer or one sentence, with a place inside; and never a panic.
    #[test]
    fn anything_can_be_typed(text in "[a-z:<>=,\"“!\\-*/ 0-9é\u{1b}\u{202e}東]{0,60}|(status|due|touched|kw|utility|owner)(:|<|>|<=|>=)[a-z0-9/,\"-]{0,12}") {
        match read(&text) {
            Ok(query) => {
                let playbook = playbook();
                query.told(&Context { playbook: &playbook, today: today() });
            }
            Err(fault) => {
                proptest::prop_assert!(!fault.says.contains('\n') && fault.at.end <= text.len().max(1));
                let (excerpt, at) = fault.excerpt(&text, 20);
                let escapes = excerpt.contains('\u{1b}');
                proptest::prop_assert!(at.start <= excerpt.chars().count() && !escapes);
            }
        }
        let _ = complete(&text, &Vocabulary::new());
    }
}
