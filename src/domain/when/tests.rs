//! Is every way to write a day read as that day, and a slip refused?

use proptest::prelude::*;

use super::*;
use crate::domain::calendar::testing::calendar;
use crate::domain::day::parse_day;

fn day(text: &str) -> Day {
    parse_day(text).expect("a constant of the range")
}

#[test]
fn the_grammar() {
    // Saturday 2026-11-21; Thanksgiving is Thursday 11-26.
    for (text, wanted) in [
        ("today", "2026-11-21"),
        ("Tomorrow", "2026-11-22"),
        ("tmr", "2026-11-22"),
        ("fri", "2026-11-27"),
        ("SATURDAY", "2026-11-28"),
        ("sun", "2026-11-22"),
        ("thurs", "2026-11-26"),
        ("next tue", "2026-11-24"),
        ("next sat", "2026-11-28"),
        ("5b", "2026-11-30"),
        ("+5bd", "2026-11-30"),
        ("0b", "2026-11-21"),
        ("3d", "2026-11-24"),
        ("+3d", "2026-11-24"),
        ("2w", "2026-12-05"),
        ("1m", "2026-12-21"),
        ("in 3 days", "2026-11-24"),
        ("in 1 day", "2026-11-22"),
        ("in 2 weeks", "2026-12-05"),
        ("in 1 month", "2026-12-21"),
        ("in 5 business days", "2026-11-30"),
        ("eow", "2026-11-27"),
        ("eom", "2026-11-30"),
        ("12/4", "2026-12-04"),
        ("11/21", "2026-11-21"),
        ("11/20", "2027-11-20"),
        ("11/20/2026", "2026-11-20"),
        ("12/04/26", "2026-12-04"),
        ("2/29", "2028-02-29"),
        ("2026-12-04", "2026-12-04"),
        ("2025-1-2", "2025-01-02"),
        ("dec 4", "2026-12-04"),
        ("4 December", "2026-12-04"),
        ("sept 1", "2027-09-01"),
        ("Dec 4, 2027", "2027-12-04"),
        ("fri 14:00", "2026-11-27T14:00"),
        ("next tue 2pm", "2026-11-24T14:00"),
        ("  5b   9am ", "2026-11-30T09:00"),
        ("12/4 2:30pm", "2026-12-04T14:30"),
        ("tomorrow at 12am", "2026-11-22T00:00"),
        ("4 dec 12pm", "2026-12-04T12:00"),
        ("2026-12-04T14:00", "2026-12-04T14:00"),
        ("2026-12-04t14:00", "2026-12-04T14:00"),
    ] {
        let read = read(text, day("2026-11-21"), &calendar()).map(|resolved| resolved.when.to_string());
        assert_eq!(read.as_deref(), Ok(wanted), "{text}");
    }
}

#[test]
fn other_days_to_start_from() {
    for (from, text, wanted) in [
        ("2026-11-27", "fri", "2026-12-04"),
        ("2026-11-27", "next fri", "2026-12-04"),
        ("2026-11-23", "tue", "2026-11-24"),
        ("2026-11-23", "next tue", "2026-12-01"),
        ("2026-11-22", "next mon", "2026-11-23"),
        ("2026-11-23", "eow", "2026-11-27"),
        ("2026-11-27", "eow", "2026-11-27"),
        ("2026-11-29", "eow", "2026-12-04"),
        ("2026-10-31", "eom", "2026-11-30"),
        ("2027-12-01", "eom", "2027-12-30"),
        ("2027-12-31", "eom", "2028-01-31"),
        ("2026-01-31", "1m", "2026-02-28"),
        ("2028-01-31", "in 1 month", "2028-02-29"),
    ] {
        let read = read(text, day(from), &calendar()).map(|resolved| resolved.when.to_string());
        assert_eq!(read.as_deref(), Ok(wanted), "{text} from {from}");
    }
}

#[test]
fn what_is_no_day_is_refused_with_a_sentence() {
    for (text, says) in [
        ("31/02", "there is no month 31; days are written month/day"),
        ("00/00", "there is no month 00"),
        ("12/0", "no day 0 in December"),
        ("2/30", "there is no day 30 in February"),
        ("2/29/2027", "there is no day 29 in February 2027"),
        ("2026-02-31", "there is no day 31 in February 2026"),
        ("feb 30", "there is no day 30 in February"),
        ("0001-01-01", "the year 1 is outside of 2000 to 2100"),
        ("1/1/1999", "the year 1999 is outside"),
        ("1/1/2101", "the year 2101 is outside"),
        ("12/4/202", "the year 202 is outside"),
        ("99999b", "99999 business days from 2026-11-21 is outside"),
        ("5000w", "outside of the years"),
        ("9999999999d", "too many"),
        ("4294967295m", "outside"),
        ("soonish", "\"soonish\" is not a day; write fri, next tue"),
        ("next week", "is not a day"),
        ("next", "is not a day"),
        ("5", "is not a day"),
        ("-5b", "is not a day"),
        ("b", "is not a day"),
        ("5x", "is not a day"),
        ("٥b", "is not a day"),
        ("3 days", "is not a day"),
        ("fri mon", "is not a day"),
        ("", "a day is needed"),
        ("fri 25:00", "25:00 is not a time of day"),
        ("fri 13pm", "13pm is not a time of day"),
        ("fri 0pm", "0pm is not a time of day"),
        ("fri 2:5pm", "2:5pm is not a time of day"),
        ("14:00", "14:00 needs its day before it"),
        ("at 2pm", "2pm needs its day before it"),
    ] {
        let read = read(text, day("2026-11-21"), &calendar());
        assert!(read.as_ref().is_err_and(|err| err.contains(says)), "{text}: {read:?}");
    }
    assert!(read(&"é".repeat(9_000), day("2026-11-21"), &calendar()).is_err_and(|err| err.len() < 400));
}

#[test]
fn a_preview_says_what_was_skipped_and_why() {
    for (text, shown) in [
        ("7b", "Wed 12/2 (7 business days; skips Thu 11/26 Thanksgiving Day)"),
        ("1b", "Mon 11/23 (1 business day)"),
        ("fri 14:00", "Fri 11/27 14:00 (4 business days)"),
        ("sat", "Sat 11/28 (4 business days; Saturday, not a business day)"),
        ("thu", "Thu 11/26 (3 business days; Thanksgiving Day, not a business day)"),
        ("today", "Sat 11/21 (today; Saturday, not a business day)"),
        ("sun", "Sun 11/22 (1 day; Sunday, not a business day)"),
        ("1/4", "Mon 1/4/2027 (28 business days)"),
        ("11/19/2026", "Thu 11/19 (1 business day ago)"),
    ] {
        let (from, calendar) = (day("2026-11-21"), calendar());
        assert_eq!(read(text, from, &calendar).map(|resolved| words(&resolved, from, &calendar)).as_deref(), Ok(shown), "{text}");
    }
    let (from, calendar) = (day("2027-12-01"), calendar());
    let end_of_month = read("eom", from, &calendar).expect("a word of the grammar");
    assert_eq!(
        words(&end_of_month, from, &calendar),
        "Thu 12/30 (20 business days; skips Fri 12/24 Christmas Day (observed), Fri 12/31 New Year's Day (observed))"
    );
}

proptest! {
    #[test]
    fn nothing_panics_and_only_a_year_leads_back(text in "\\PC{0,30}|[0-9/a-z: +-]{0,14}", offset in -40_000..40_000i64) {
        let from = day("2026-11-21") + chrono::TimeDelta::days(offset);
        if let Ok(resolved) = read(&text, from, &calendar()) {
            let explicit = text.contains('-') || text.matches('/').count() == 2 || text.split_whitespace().any(|word| word.len() == 4);
            prop_assert!(resolved.when.day >= from || explicit, "{text:?} gave {}", resolved.when);
            prop_assert!(YEARS.contains(&resolved.when.day.year()));
            prop_assert!(!words(&resolved, from, &calendar()).is_empty());
        }
    }

    #[test]
    fn every_form_lands_at_or_after_its_start(
        form in prop::sample::select(vec!["{}b", "{}d", "{}w", "{}m", "in {} business days", "fri", "next mon", "eow", "eom", "tmr", "2/29", "dec {}"]),
        number in 1..28u32,
        offset in 0..30_000u64,
    ) {
        let from = day("2000-01-01") + Days::new(offset);
        let resolved = read(&form.replace("{}", &number.to_string()), from, &calendar()).expect("a form of the grammar");
        prop_assert!(resolved.when.day >= from);
    }
}

#[test]
fn a_day_that_has_just_passed_is_hardly_next_years() {
    let today = day("2026-11-21");
    for (text, on, slip) in
        [("11/20", "2027-11-20", true), ("12/4", "2026-12-04", false), ("6/1", "2027-06-01", false), ("11/20/2027", "2027-11-20", false)]
    {
        assert_eq!(far_ahead(text, day(on), today).is_some(), slip, "{text}");
    }
}

#[test]
fn what_happened_lies_behind() {
    let calendar = calendar();
    let today = day("2026-11-21");
    for (text, wanted) in [
        ("fri", "2026-11-20"),
        ("sat", "2026-11-21"),
        ("sun", "2026-11-15"),
        ("4/4", "2026-04-04"),
        ("12/4/2025", "2025-12-04"),
        ("11/2", "2026-11-02"),
        ("nov 2", "2026-11-02"),
        ("feb 29", "2024-02-29"),
        ("yesterday", "2026-11-20"),
        ("2026-11-02", "2026-11-02"),
    ] {
        assert_eq!(read_past(text, today, &calendar), Ok(day(wanted)), "{text}");
    }
    // Next week's day without a year is no day of last year.
    for text in ["tomorrow", "3d", "2026-12-01", "12/4/2026", "12/4", "dec 4"] {
        assert!(read_past(text, today, &calendar).is_err_and(|says| says.contains("still to come")), "{text}");
    }
}
