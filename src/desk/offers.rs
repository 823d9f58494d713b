//! Conflicts and suggestions of imports: ours or theirs, one at a time or by rule.

use super::effect::Effect;
use super::imports::moved;
use super::key::{self, Press};
use super::model::{Desk, Rules, Way};
use super::notice::{Notice, Tone};
use super::prompt::{OfferLine, Offers, Prompt, Rule};
use super::{find, note, queue, records, saving, viewport};
use crate::domain::id::CommandId;
use crate::domain::import::Offer;

/// Opens the list at once; what is open comes with the answer.
pub(super) fn open(desk: &mut Desk) -> Vec<Effect> {
    desk.prompt = Some(Prompt::Offers(Box::default()));
    vec![Effect::FetchOffers]
}

fn offers(desk: &mut Desk) -> Option<&mut Offers> {
    match &mut desk.prompt {
        Some(Prompt::Offers(offers)) => Some(offers),
        _ => None,
    }
}

pub(super) fn arrived(desk: &mut Desk, found: Vec<Offer>) -> Vec<Effect> {
    let Some(offers) = offers(desk) else { return Vec::new() };
    let here = offers.here().cloned();
    let lines: Vec<OfferLine> = found.into_iter().map(|offer| OfferLine { offer, saving: false }).collect();
    offers.cursor = here.and_then(|here| lines.iter().position(|line| line.offer == here)).unwrap_or(0);
    offers.lines = Some(lines);
    offers.rule = None;
    desk.moved_alone = true;
    Vec::new()
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let page = viewport::page_rows(desk) / 2;
    let Some(offers) = offers(desk) else { return Vec::new() };
    let counted = offers.rule.is_some();
    match action {
        Some("offers-down" | "offers-up" | "offers-page-down" | "offers-page-up" | "offers-first" | "offers-last") => {
            let last = offers.lines().len().saturating_sub(1);
            offers.cursor = moved(action, offers.cursor, page, last);
            offers.rule = None;
            Vec::new()
        }
        Some("offers-find") => {
            desk.prompt = None;
            find::open(desk)
        }
        Some("offers-leave") => {
            if offers.rule.take().is_none() {
                desk.prompt = None;
            }
            records::fetch(desk, rules)
        }
        None => Vec::new(),
        Some(_) if key::unread(desk, rules, press.at) => Vec::new(),
        Some("offers-go") if !counted => go(desk, rules, press),
        Some(_) if desk.saving.is_some() => note::wait(desk, press),
        Some("offers-undo") => saving::undo(desk, false, press),
        Some("offers-go") => settle_all(desk, rules, press),
        Some("take-theirs" | "keep-ours") => settle_one(desk, rules, action == Some("take-theirs"), press),
        Some(name) => count(desk, name == "take-theirs-all"),
    }
}

/// By rule: all open lines of the same field and source, counted before Enter does it.
fn count(desk: &mut Desk, theirs: bool) -> Vec<Effect> {
    let Some(offers) = offers(desk) else { return Vec::new() };
    let Some(here) = offers.here() else { return Vec::new() };
    let (field, source) = (here.field.clone(), here.source.clone());
    let rule = Rule { theirs, field, source, count: 0 };
    let count = offers.lines().iter().filter(|line| rule.holds(line)).count();
    offers.rule = Some(Rule { count, ..rule });
    Vec::new()
}

fn settle_one(desk: &mut Desk, rules: &Rules, theirs: bool, press: Press) -> Vec<Effect> {
    let Some(offers) = offers(desk) else { return Vec::new() };
    offers.rule = None;
    let cursor = offers.cursor;
    let Some(line) = offers.lines.as_mut().and_then(|lines| lines.get_mut(cursor)).filter(|line| !line.saving) else { return Vec::new() };
    line.saving = true;
    let offer = line.offer.clone();
    step_on(offers);
    send(desk, rules, vec![offer], theirs, press)
}

fn settle_all(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let Some(offers) = offers(desk) else { return Vec::new() };
    let Some(rule) = offers.rule.take() else { return Vec::new() };
    let mut settled = Vec::new();
    for line in offers.lines.iter_mut().flatten().filter(|line| rule.holds(line)) {
        line.saving = true;
        settled.push(line.offer.clone());
    }
    step_on(offers);
    send(desk, rules, settled, rule.theirs, press)
}

/// The cursor goes to the next line that is still open, as the queue does.
fn step_on(offers: &mut Offers) {
    let (cursor, lines) = (offers.cursor, offers.lines());
    let is_open = |place: &usize| !lines[*place].saving;
    let next = (cursor..lines.len()).find(is_open).or_else(|| (0..cursor.min(lines.len())).rev().find(is_open));
    offers.cursor = next.unwrap_or(cursor);
}

fn send(desk: &mut Desk, rules: &Rules, offers: Vec<Offer>, theirs: bool, press: Press) -> Vec<Effect> {
    if offers.is_empty() {
        return Vec::new();
    }
    let _ = rules;
    let command = CommandId(press.fresh[0]);
    let ticket = saving::take_ticket(desk);
    let mut saving = saving::bare(ticket, command, Way::Forward);
    if let [one] = offers.as_slice() {
        saving.subject = Some(one.subject);
    }
    desk.saving = Some(saving);
    desk.notice = None;
    (desk.moved_alone, desk.advanced_at) = (true, Some(press.at));
    vec![Effect::Settle { ticket, command, offers, theirs }]
}

/// A commit was answered: what was settled leaves the list, or is open again. After an undo the list
/// is read anew.
pub(super) fn answered(desk: &mut Desk, way: Way, written: bool) -> Vec<Effect> {
    let Some(offers) = offers(desk) else { return Vec::new() };
    let here = offers.here().cloned();
    if let Some(lines) = &mut offers.lines {
        if written && way == Way::Forward {
            lines.retain(|line| !line.saving);
        }
        for line in lines.iter_mut() {
            line.saving = false;
        }
        let place = here.and_then(|here| lines.iter().position(|line| line.offer == here));
        offers.cursor = place.unwrap_or(offers.cursor).min(lines.len().saturating_sub(1));
    }
    // Something else than was seen may be open now.
    if !written || way != Way::Forward { vec![Effect::FetchOffers] } else { Vec::new() }
}

/// To the record in the queue.
fn go(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let Some(offer) = offers(desk).and_then(|offers| offers.here().cloned()) else { return Vec::new() };
    if desk.queue.find(offer.subject).is_none() {
        let words = format!("{} is closed and in no list; intertie show {} shows it", offer.reference, offer.reference);
        desk.notice = Some(Notice::new(Tone::Note, words));
        return Vec::new();
    }
    desk.prompt = None;
    queue::go_to(desk, rules, offer.subject);
    (desk.moved_alone, desk.advanced_at) = (true, Some(press.at));
    desk.detail_top = 0;
    records::fetch(desk, rules)
}
