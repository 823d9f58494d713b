//! The fields of an application: one row each. `set`, `show --json`, the edit screen, copy by one
//! key and the import profiles all read this table, so a field has one name everywhere.

use super::day::When;
use super::value::Value;

/// What a field holds, and so how it is read from text and shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One line of text.
    Text,
    /// A number from outside (utility, CRM, permit): text, and an alias by which the record is found.
    Number,
    /// `2026-11-30`.
    Day,
    /// A day with an optional time: `2026-11-30T14:00`.
    When,
    /// Watts; typed and shown with a unit: `7.6 kW`.
    Watts,
    /// Watt-hours: `13.5 kWh`.
    WattHours,
    /// Volts: `12.47 kV`, `480 V`. Never 0: tiers are judged by it.
    Volts,
    /// One of these words, kept as text.
    Choice(&'static [&'static str]),
    Flag,
    /// A small whole number.
    Count,
    /// A name that the workflow must know.
    Status,
    /// A party that the workflow must know.
    Party,
    /// A utility; unknown ones are kept as typed.
    Utility,
    /// A login or a name.
    Person,
}

/// Yes, no, and nothing said are three answers: a rule must not read silence as a no, so these are
/// no flags.
const YES_NO: &[&str] = &["yes", "no"];
/// UL 1741 without a supplement, Supplement SA, Supplement SB: three different listings.
const CERTIFICATIONS: &[&str] = &["none", "1741", "sa", "sb"];
const EDITIONS: &[&str] = &["2003", "2018"];
const RIDE_THROUGH: &[&str] = &["i", "ii", "iii"];
const REACTIVE: &[&str] = &["a", "b"];
const NETWORKS: &[&str] = &["radial", "spot", "area", "secondary", "transmission"];
const CUSTOMER_CLASSES: &[&str] = &["residential", "commercial"];
const EXPORT_MODES: &[&str] = &["unrestricted", "limited", "non-export"];
const COUPLINGS: &[&str] = &["ac", "dc"];
const TECHNOLOGIES: &[&str] = &["solar", "storage", "flywheel", "solar-storage", "wind", "hydro", "other"];

/// What people and exports write for a word of a list, without spaces and signs.
const SPELLINGS: &[(&str, &str)] = &[
    ("y", "yes"),
    ("true", "yes"),
    ("n", "no"),
    ("false", "no"),
    ("ul1741", "1741"),
    ("ul1741sa", "sa"),
    ("1741sa", "sa"),
    ("ul1741sb", "sb"),
    ("1741sb", "sb"),
    ("ieee15472003", "2003"),
    ("15472003", "2003"),
    ("ieee15472018", "2018"),
    ("15472018", "2018"),
    ("categoryi", "i"),
    ("categoryii", "ii"),
    ("categoryiii", "iii"),
    ("categorya", "a"),
    ("categoryb", "b"),
    ("pv", "solar"),
    ("pvess", "solar-storage"),
    ("ess", "storage"),
    ("battery", "storage"),
];

/// Texts that come from a playbook or a short list: a query asks for them, and as words they stand in every application.
const NAMED: &[&str] = &["program", "product", "lane", "customer_zone", "state", "ended_reason", "tier"];

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The same in TOML, in FIELD=VALUE and in `--json`.
    pub name: &'static str,
    /// The words on screen.
    pub label: &'static str,
    pub kind: Kind,
    /// Whether the edit screen and `set` offer it. The others change by their own commands.
    pub editable: bool,
}

impl Field {
    /// Whether somebody writes it in words of their own, which others may look for.
    pub fn is_in_own_words(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Number) && !NAMED.contains(&self.name)
    }
}

const fn field(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { name, label, kind, editable: true }
}

const fn fixed(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { name, label, kind, editable: false }
}

/// In the order in which the edit screen and `show` list them; the application number first,
/// because it is the field that is copied most.
pub const FIELDS: &[Field] = &[
    field("number", "application number", Kind::Number),
    field("site", "site", Kind::Text),
    field("utility", "utility", Kind::Utility),
    field("program", "program", Kind::Text),
    field("product", "product", Kind::Text),
    field("lane", "lane", Kind::Text),
    field("project", "project", Kind::Text),
    field("customer_name", "customer", Kind::Text),
    field("customer_phone", "customer phone", Kind::Text),
    field("customer_email", "customer email", Kind::Text),
    field("sms_consent", "SMS consent on file", Kind::Flag),
    field("customer_zone", "customer time zone", Kind::Text),
    field("address", "address", Kind::Text),
    field("city", "city", Kind::Text),
    field("state", "state", Kind::Text),
    field("zip", "ZIP", Kind::Text),
    field("account_number", "utility account", Kind::Text),
    field("meter_number", "meter number", Kind::Text),
    field("crm_number", "CRM number", Kind::Number),
    field("permit_number", "permit number", Kind::Number),
    field("ahj", "AHJ", Kind::Text),
    field("ahj_email", "AHJ email", Kind::Text),
    field("size_dc", "size DC", Kind::Watts),
    field("size_ac", "size AC nameplate", Kind::Watts),
    field("export", "export limit", Kind::Watts),
    field("storage_power", "storage power", Kind::Watts),
    field("storage_energy", "storage energy", Kind::WattHours),
    field("size_cec", "size CEC-AC", Kind::Watts),
    field("storage_charge", "storage charging power", Kind::Watts),
    field("storage_usable", "storage usable energy", Kind::WattHours),
    field("size", "approved size AC", Kind::Watts),
    field("owner", "owner", Kind::Person),
    fixed("status", "status", Kind::Status),
    fixed("ended_reason", "ended because", Kind::Text),
    field("ball", "waiting on", Kind::Party),
    field("follow_up", "we look", Kind::When),
    field("promised", "they said", Kind::Day),
    field("goal", "goal", Kind::Day),
    field("cure_due", "cure due", Kind::Day),
    field("expires", "approval expires", Kind::Day),
    field("permit_expires", "permit expires", Kind::Day),
    field("insurance_expires", "insurance expires", Kind::Day),
    field("signature_expires", "signature expires", Kind::Day),
    field("financing_expires", "financing expires", Kind::Day),
    field("install_on", "install date", Kind::Day),
    field("inspection_on", "inspection date", Kind::Day),
    field("incentive_due", "incentive deadline", Kind::Day),
    fixed("hold", "on hold because", Kind::Text),
    fixed("legal_hold", "legal hold", Kind::Flag),
    fixed("until_activity", "back when something arrives", Kind::Flag),
    field("escalated", "escalated", Kind::Flag),
    field("complaint", "complaint", Kind::Flag),
    field("vip", "weight 0-15", Kind::Count),
    field("missing", "missing items", Kind::Text),
    field("deficiency", "deficiency, in their words", Kind::Text),
    field("upload_link", "upload link", Kind::Text),
    field("sign_link", "signing link", Kind::Text),
    // Equipment and what the rules ask of it: typed once, so it stands behind what changes daily.
    field("technology", "technology", Kind::Choice(TECHNOLOGIES)),
    field("array", "modules", Kind::Text),
    field("inverters", "inverters", Kind::Text),
    field("storage_units", "storage units", Kind::Text),
    field("coupling", "storage coupling", Kind::Choice(COUPLINGS)),
    field("export_mode", "export mode", Kind::Choice(EXPORT_MODES)),
    field("pcs", "listed power control system", Kind::Choice(YES_NO)),
    field("lab_tested", "lab- or field-tested equipment", Kind::Choice(YES_NO)),
    field("inverter", "inverter-based", Kind::Choice(YES_NO)),
    field("certification", "inverter certification", Kind::Choice(CERTIFICATIONS)),
    field("ieee_1547", "IEEE 1547 edition", Kind::Choice(EDITIONS)),
    field("ride_through", "ride-through category", Kind::Choice(RIDE_THROUGH)),
    field("reactive", "reactive category", Kind::Choice(REACTIVE)),
    field("network", "kind of network", Kind::Choice(NETWORKS)),
    field("line_voltage", "line voltage", Kind::Volts),
    field("near_substation", "on a mainline within 2.5 miles", Kind::Choice(YES_NO)),
    field("customer_class", "customer class", Kind::Choice(CUSTOMER_CLASSES)),
    field("tier", "tier or level", Kind::Text),
];

/// The field of that name.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// Reads what a person or a file wrote for a field into its stored value. Empty text clears it.
/// `Err` says what was wanted. Dates must already be resolved (`fri` is the caller's to resolve),
/// statuses, parties and people are checked by the plan, which knows the workflow.
pub fn read(field: &Field, text: &str) -> Result<Value, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Nothing);
    }
    match field.kind {
        Kind::Day => super::day::parse_day(text)
            .map(|day| Value::text(day.to_string()))
            .ok_or_else(|| "a day like 2026-11-30, of the years 2000 to 2100".to_owned()),
        Kind::When => When::parse(text)
            .map(|when| Value::text(when.to_string()))
            .ok_or_else(|| "a day like 2026-11-30 or 2026-11-30T14:00".to_owned()),
        Kind::Watts => read_scaled(text, "W").map(Value::Number),
        Kind::WattHours => read_scaled(text, "Wh").map(Value::Number),
        Kind::Volts => read_scaled(text, "V")
            .ok()
            .filter(|volts| (1..=VOLTS_MAX).contains(volts))
            .map(Value::Number)
            .ok_or_else(|| "a voltage like 12.47 kV or 480 V, up to 2000 kV".to_owned()),
        Kind::Choice(choices) => chosen(choices, text).map(Value::text).ok_or_else(|| format!("one of {}", choices.join(", "))),
        Kind::Flag => match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => Ok(Value::Flag(true)),
            "no" | "n" | "false" | "0" => Ok(Value::Nothing),
            _ => Err("yes or no".to_owned()),
        },
        Kind::Count => text
            .parse::<i64>()
            .ok()
            .filter(|count| (0..=15).contains(count))
            .map(Value::Number)
            .ok_or_else(|| "a whole number from 0 to 15".to_owned()),
        Kind::Text | Kind::Number | Kind::Status | Kind::Party | Kind::Utility | Kind::Person => {
            if text.contains('\n') {
                return Err("one line".to_owned());
            }
            Ok(Value::text(text))
        }
    }
}

/// No line in the world has more than half of it.
const VOLTS_MAX: i64 = 2_000_000;

/// The word of a list that a text means.
fn chosen(choices: &[&'static str], text: &str) -> Option<&'static str> {
    let bare = |text: &str| text.replace([' ', '-', '_', '+', '/', '.'], "").to_lowercase();
    let said = bare(text);
    let find = |word: &str| choices.iter().find(|choice| bare(choice) == bare(word)).copied();
    find(&said).or_else(|| SPELLINGS.iter().filter(|(spelling, _)| *spelling == said).find_map(|(_, word)| find(word)))
}

/// `7.6 kW` → 7600. A bare number is taken as kW (kWh, kV), the unit in which the trade talks.
fn read_scaled(text: &str, unit: &str) -> Result<i64, String> {
    let wanted = || format!("a size like 7.6 k{unit}, 0 or more, up to 100 G{unit}");
    // Rounded half up once: sizes are whole watts.
    let whole = |billionths: i128| (billionths + 500_000_000) / 1_000_000_000;
    billionths(text, unit, Some(1_000)).map(whole).and_then(up_to_most).ok_or_else(wanted)
}

/// Thousandths of the unit, for the sums of many small parts. The unit must be there; 100 G of it are the most.
pub fn thousandths(text: &str, unit: &str) -> Option<i64> {
    let exact = billionths(text, unit, None).map(|billionths| (billionths + 500_000) / 1_000_000)?;
    i64::try_from(exact).ok().filter(|exact| *exact <= SIZE_MAX * 1_000)
}

/// 100 GW: more is a mistake, and sums of it still fit.
pub const SIZE_MAX: i64 = 100_000_000_000;

fn up_to_most(amount: i128) -> Option<i64> {
    i64::try_from(amount).ok().filter(|amount| *amount <= SIZE_MAX)
}

/// An amount in billionths of its unit; `bare` is the scale of a number that says no unit, if it may.
fn billionths(text: &str, unit: &str, bare: Option<i64>) -> Option<i128> {
    let digits = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))).unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let scale = match suffix.trim().to_lowercase().strip_suffix(&unit.to_lowercase()) {
        None if suffix.trim().is_empty() => bare?,
        Some("") => 1,
        Some("k") => 1_000,
        Some("m") => 1_000_000,
        Some("g") => 1_000_000_000,
        _ => return None,
    };
    let (whole, fraction) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
    let whole = without_thousands(whole)?;
    if whole.is_empty() && fraction.is_empty() || whole.len() > 12 {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // The fraction is read to nine places, exactly.
    let mut parts: i64 = 0;
    for digit in fraction.chars().chain(std::iter::repeat('0')).take(9) {
        parts = parts * 10 + i64::from(digit.to_digit(10)?);
    }
    Some((i128::from(whole) * 1_000_000_000 + i128::from(parts)) * i128::from(scale))
}

/// `1,750` → `1750`. Groups must have three digits: `1,5` is a European decimal, not fifteen.
fn without_thousands(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split([',', ' ']).collect();
    let well_grouped = groups.len() == 1 || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    well_grouped.then(|| groups.concat())
}

/// The words on screen and in messages for a stored value.
pub fn show(kind: Kind, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Nothing) => String::new(),
        (Kind::Watts, Value::Number(watts)) => scaled(*watts, "W"),
        (Kind::WattHours, Value::Number(watt_hours)) => scaled(*watt_hours, "Wh"),
        (Kind::Volts, Value::Number(volts)) => scaled(*volts, "V"),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Flag(flag)) => if *flag { "yes" } else { "no" }.to_owned(),
        (_, Value::Text(text)) => text.clone(),
        (_, Value::List(list)) => list.iter().map(|item| show(kind, item)).collect::<Vec<_>>().join(", "),
        (_, Value::Map(map)) => map.iter().map(|(key, item)| format!("{key} {}", show(kind, item))).collect::<Vec<_>>().join(", "),
    }
}

fn scaled(amount: i64, unit: &str) -> String {
    let (scale, prefix) = match amount {
        1_000_000.. => (1_000_000, "M"),
        1_000.. => (1_000, "k"),
        _ => (1, ""),
    };
    let mut text = format!("{}.{:06}", amount / scale, (amount % scale) * (1_000_000 / scale));
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    format!("{text} {prefix}{unit}")
}

#[cfg(test)]
mod tests;
