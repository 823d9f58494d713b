//! What does one term mean, and if it cannot be meant, what was probably meant?

use super::fields::{self, Field, Flag, Kind, NameField, NumberField};
use super::lex::{self, Op, Piece, Word};
use super::{Context, Fault, Term, Test, Wanted, days};
use crate::domain::field;
use crate::domain::text::{cut, fold};

pub fn term(piece: &Piece, context: &Context<'_>) -> Result<Term, Fault> {
    let any = match &piece.field {
        None => vec![bare(piece)?],
        Some((name, op)) => of_field(piece, name, *op, context)?,
    };
    Ok(Term { negated: piece.negated, any })
}

/// A word of the row, or a flag: quotes make a word of a flag's name.
fn bare(piece: &Piece) -> Result<Test, Fault> {
    let word = &piece.values[0];
    if let (Some(flag), false) = (Flag::parse(&word.text.to_lowercase()), word.quoted) {
        return Ok(Test::Flag(flag));
    }
    words(word).map(Test::Anywhere)
}

/// Text that is looked for as it stands.
fn words(word: &Word) -> Result<String, Fault> {
    if !word.quoted && is_pattern(&word.text) {
        let says = format!("{} reads like a pattern; words are looked for as they stand, and \"quotes\" take these signs too", shown(word));
        return Err(Fault::new(word.at.clone(), says));
    }
    let folded = fold(&word.text);
    let folded = folded.trim();
    if folded.is_empty() {
        return Err(Fault::unfinished(word.at.clone(), "there is no word to look for"));
    }
    Ok(folded.to_owned())
}

/// What people type who hope for regular expressions or wild cards: it would find nothing, and not say why.
fn is_pattern(text: &str) -> bool {
    let slashes = text.len() > 2 && text.starts_with('/') && text.ends_with('/');
    let anchored = text.len() > 1 && (text.starts_with('^') || text.ends_with('$'));
    slashes || anchored || text.contains(['*', '|', '\\']) || [".+", "[^", "(?", "[a-", "[0-"].iter().any(|sign| text.contains(sign))
}

fn of_field(piece: &Piece, name: &Word, op: Op, context: &Context<'_>) -> Result<Vec<Test>, Fault> {
    let known = fields::find(&name.text.to_lowercase()).ok_or_else(|| no_field(name))?;
    if let (false, Some(more)) = (op == Op::Is, piece.values.get(1)) {
        let says = format!("{} takes one value after {}", known.name, op.sign());
        return Err(Fault::new(more.at.clone(), says));
    }
    piece.values.iter().map(|value| one(piece, known, op, value, context)).collect()
}

fn one(piece: &Piece, known: &Field, op: Op, value: &Word, context: &Context<'_>) -> Result<Test, Fault> {
    if value.text.trim().is_empty() && !value.quoted {
        let says = format!("{}{} needs a value: {}", known.name, op.sign(), known.about);
        let place = piece.at.start..value.at.end;
        return Err(if piece.last { Fault::unfinished(place, says) } else { Fault::new(place, says) });
    }
    let compares = matches!(known.kind, Kind::Number(_) | Kind::Day(_));
    if !compares && op != Op::Is {
        let says = format!("{} has no more and less: write {}:{}", known.name, known.name, cut(&value.text, 40));
        return Err(Fault::new(piece.at.clone(), says));
    }
    let lower = value.text.trim().to_lowercase();
    let nothing = value.text.is_empty() || lower == "none" && !value.quoted;
    if op == Op::Is && nothing && known.kind != Kind::Is {
        return Ok(Test::Lacks(known.kind));
    }
    let wrong = |says: String| match piece.last {
        true => Fault::unfinished(value.at.clone(), says),
        false => Fault::new(value.at.clone(), says),
    };
    match known.kind {
        Kind::Name(name) => named(name, value, context).map_err(|says| Fault::new(value.at.clone(), says)),
        Kind::Text(text) => words(value).map(|words| Test::Text(text, words)),
        Kind::Number(number) => {
            let (least, most) = numbers(number, op, &lower).map_err(|wanted| wrong(format!("{}: {wanted} is wanted", known.name)))?;
            Ok(Test::Number(number, least, most))
        }
        Kind::Day(day) => {
            let (first, last) = days::span(day, op, &lower, context).map_err(|says| wrong(format!("{}: {says}", known.name)))?;
            Ok(Test::Day(day, first, last))
        }
        Kind::Is => match Flag::parse(&lower) {
            Some(flag) => Ok(Test::Flag(flag)),
            None => {
                let names = Flag::ALL.map(|(_, name, _)| name);
                Err(Fault::new(value.at.clone(), format!("no row is {}; {}", shown(value), meant(&lower, &names))))
            }
        },
    }
}

fn named(name: NameField, value: &Word, context: &Context<'_>) -> Result<Test, String> {
    let workflow = &context.playbook.workflow;
    let folded = hyphened(&value.text);
    let wanted = match name {
        NameField::Status if folded == "unknown" => Wanted::Unknown,
        NameField::Status => {
            let all = workflow.statuses.iter().map(|status| (status.name.as_str(), vec![status.label.as_str(), status.short.as_str()]));
            Wanted::These(listed("status", value, &all.collect::<Vec<_>>())?)
        }
        NameField::Ball => {
            let all = workflow.parties.iter().map(|party| (party.name.as_str(), vec![party.label.as_str()]));
            Wanted::These(listed("party", value, &all.collect::<Vec<_>>())?)
        }
        NameField::Lane => {
            let all = workflow.lanes.iter().map(|lane| (lane.name.as_str(), vec![lane.label.as_str()]));
            Wanted::These(listed("lane", value, &all.collect::<Vec<_>>())?)
        }
        NameField::Owner if !value.quoted && folded == "me" => Wanted::Me,
        NameField::Owner if !value.quoted && folded == "pool" => return Ok(Test::Lacks(Kind::Name(name))),
        NameField::Owner | NameField::Utility | NameField::Product | NameField::Program => Wanted::Like(folded),
    };
    Ok(Test::Name(name, wanted))
}

/// A name and the other words for it.
type Names<'a> = (&'a str, Vec<&'a str>);

/// The name that is meant by its own or its label's letters; else all that begin so, as while one types.
fn listed(what: &str, value: &Word, all: &[Names<'_>]) -> Result<Vec<String>, String> {
    let said = hyphened(&value.text);
    let those = |is: &dyn Fn(&str) -> bool| -> Vec<String> {
        let of = |(name, others): &&Names<'_>| is(&hyphened(name)) || others.iter().any(|other| is(&hyphened(other)));
        all.iter().filter(of).map(|(name, _)| (*name).to_owned()).collect()
    };
    for found in [those(&|name| name == said), those(&|name| name.starts_with(&said))] {
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    Err(format!("there is no {what} {}; {}", shown(value), meant(&said, &names)))
}

/// Folded, with hyphens for spaces: `rocky-mountain` and `"Rocky Mountain"` are one.
pub fn hyphened(text: &str) -> String {
    fold(text.trim())
        .split(|c: char| c.is_whitespace() || c == '-' || c == '_')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Both ends belong to it; `None` is open.
type Ends = (Option<i64>, Option<i64>);

fn numbers(number: NumberField, op: Op, text: &str) -> Result<Ends, &'static str> {
    let read = match number {
        NumberField::Size => {
            let watts = field::find("size_ac").and_then(|size| field::read(size, text).ok()).and_then(|value| value.as_number());
            watts.ok_or("a size like 7.6 (kW), 500W or 1.2MW")?
        }
        _ => text.parse().map_err(|_| "a whole number")?,
    };
    Ok(match op {
        Op::Is => (Some(read), Some(read)),
        Op::Below => (None, Some(read.saturating_sub(1))),
        Op::UpTo => (None, Some(read)),
        Op::Above => (Some(read.saturating_add(1)), None),
        Op::From => (Some(read), None),
    })
}

fn no_field(name: &Word) -> Fault {
    let names: Vec<&str> =
        super::FIELDS.iter().flat_map(|field| std::iter::once(field.name).chain(field.aliases.iter().copied())).collect();
    let says = format!("there is no field {}; {}", shown(name), meant(&name.text.to_lowercase(), &names));
    let says = if says.ends_with('?') { says } else { format!("{says}; \"quotes\" make it text") };
    Fault::new(name.at.clone(), says)
}

/// "is it deficiency?", or the first few where nothing is near.
fn meant(word: &str, names: &[&str]) -> String {
    let near = names.iter().map(|name| (strsim::damerau_levenshtein(word, name), *name)).min();
    match near {
        Some((distance, name)) if distance <= 1 + name.len() / 4 => format!("is it {name}?"),
        _ => {
            let few = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
            format!("there are {few}{}", if names.len() > 6 { " and more" } else { "" })
        }
    }
}

fn shown(word: &Word) -> &str {
    cut(&word.text, 40)
}

/// Whether a text can stand as it is, without quotes.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c == ',' || lex::is_quote(c)) && !is_pattern(text)
}
