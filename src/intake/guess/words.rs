//! Which words of a header mean which field?
//!
//! The words are those of CRMs, portals and trackers of the trade; a table, so that one more word is
//! one more line.

use crate::domain::text;

/// What a header can say that its column is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    Field(&'static str),
    Milestone(&'static str),
    Status,
    Note,
    Modified,
    /// Known, and of no use here; the reason.
    Nothing(&'static str),
}

use Meaning::{Field as F, Milestone as M, Modified, Note, Nothing, Status};

/// Meaning, how sure an exact header is (0 to 100), the headers between bars.
type Line = (Meaning, u8, &'static str);

const LINES: &[Line] = &[
    (
        F("number"),
        95,
        "application number|interconnection application number|utility application number|interconnection number|ix number|ia number|queue number|request number|nem number|application reference",
    ),
    (F("number"), 80, "project number|queue position|utility project number|utility reference"),
    (F("number"), 60, "number|reference|application|queue"),
    (
        F("crm_number"),
        95,
        "case number|opportunity number|crm number|job number|record number|deal number|salesforce number|lead number|our reference|internal number",
    ),
    (F("crm_number"), 65, "project number|case|job"),
    (F("permit_number"), 95, "permit number|building permit number|electrical permit number"),
    (F("permit_number"), 80, "permit|building permit"),
    (F("meter_number"), 95, "meter number|electric meter number|esi number|esiid|mpan|export mpan|export mpan msid"),
    (F("meter_number"), 85, "meter"),
    (
        F("account_number"),
        95,
        "account number|utility account number|customer account number|service account number|service agreement number|utility account|service account",
    ),
    (F("customer_name"), 95, "customer name|homeowner name|applicant name|client name|customer|homeowner|applicant"),
    (F("customer_name"), 85, "account name|client|contact name|opportunity name|contact"),
    (F("customer_name"), 45, "name"),
    (F("site"), 95, "site|site name|facility name|project name"),
    (F("site"), 70, "location|project|commercial name|poi name|point of interconnection|facility|customer site"),
    (F("site"), 50, "name|address|site address|service address"),
    (
        F("address"),
        95,
        "address|site address|service address|street address|installation address|install address|site street|street|address line 1|project address",
    ),
    (F("city"), 95, "city|site city|town|town city|service city|municipality"),
    (F("city"), 50, "county"),
    (F("state"), 95, "state|site state|state province|site state province|province|service state"),
    (F("zip"), 95, "zip|zip code|postal code|postcode|zip postal code|site zip|site zip postal code|service zip"),
    (F("customer_phone"), 95, "phone|phone number|customer phone|mobile|mobile phone|cell|cell phone|telephone|homeowner phone"),
    (F("customer_email"), 95, "email|email address|customer email|homeowner email|mail"),
    (
        F("utility"),
        95,
        "utility|utility name|utility company|electric utility|edc|electric company|transmission owner|power company|lse|distribution company",
    ),
    (F("utility"), 60, "licence area|licensee|utility territory"),
    (F("ahj"), 95, "ahj|ahj name|jurisdiction|permitting authority|authority having jurisdiction|permitting office"),
    (F("ahj_email"), 90, "ahj email"),
    (F("program"), 90, "program|programme|tariff|study cycle|rate schedule|nem program|interconnection program"),
    (F("product"), 90, "product|technology|fuel|fuel type|system type|energy source|resource type|generator type|technology type"),
    (F("product"), 60, "project type|type|facility type"),
    (F("size_dc"), 95, "size dc|kw dc|kwdc|system size dc|dc size|dc capacity|dc system size|mw dc"),
    (
        F("size_ac"),
        95,
        "size ac|kw ac|kwac|system size ac|ac size|ac capacity|ac system size|mw ac|nameplate ac|nameplate capacity|nameplate|inverter nameplate",
    ),
    (
        F("size_ac"),
        75,
        "system size|size|capacity|kw|mw|mw energy|mfo|summer net mw|registered capacity|system capacity|project size|winter net mw|mw capacity",
    ),
    (F("export"), 90, "export limit|export capacity|maximum export capacity|export kw|max export"),
    (F("size_cec"), 95, "size cec|kw cec|cec kw|cec size|size cec ac|kw cec ac|cec ac kw|cec ac|cec rating"),
    // A column `inverter` holds the model nearly everywhere, and so does `module`: no field of ours.
    (F("certification"), 90, "inverter certification|ul 1741|ul 1741 certification|ul 1741 listing|inverter listing"),
    (F("export_mode"), 90, "export mode|export type"),
    (F("coupling"), 90, "storage coupling|coupling|battery coupling|ess coupling"),
    (F("network"), 85, "network type|kind of network|distribution network type"),
    (F("customer_class"), 90, "customer class|customer type|customer segment|customer sector|service class"),
    (F("tier"), 85, "tier|interconnection tier|interconnection level|review level|level of review|tier level|application level"),
    (F("storage_power"), 90, "battery kw|storage kw|storage power|battery power|ess kw|bess kw"),
    (F("storage_energy"), 90, "battery kwh|storage kwh|storage capacity|battery capacity|battery size|ess kwh|storage energy|kwh|bess kwh"),
    (
        F("owner"),
        95,
        "owner|assigned to|assignee|coordinator|project coordinator|interconnection coordinator|case owner|owner name|ix coordinator|file owner",
    ),
    (F("owner"), 75, "project manager|pm|rep|agent|responsible"),
    (F("ball"), 85, "waiting on|ball in court|pending with|next actor|waiting for"),
    (
        F("follow_up"),
        95,
        "follow up|follow up date|next step date|next follow up|next action date|next touch|reminder|next contact|fu date|follow up on",
    ),
    (F("follow_up"), 75, "due|due date|next|next date|task due|date next"),
    (F("promised"), 85, "promised|promised date|eta|utility eta|expected approval date"),
    (
        F("goal"),
        85,
        "goal|goal date|target date|target energisation date|requested in service date|proposed in service date|in service|commercial operation date|cod|target cod|revised in service date|commercial operation milestone",
    ),
    (F("cure_due"), 90, "cure due|cure date|cure deadline|deficiency due|correction due"),
    (F("expires"), 90, "expires|expiration date|approval expires|expiry|expires on|approval expiration"),
    (F("install_on"), 90, "install date|installation date|scheduled install|install scheduled|scheduled install date"),
    (F("inspection_on"), 90, "inspection date|inspection scheduled|scheduled inspection"),
    (F("deficiency"), 85, "deficiency|deficiencies|reviewer comments|utility comments|correction requested|rejection reason"),
    (F("missing"), 85, "missing|missing items|missing documents|missing docs|needed"),
    (F("upload_link"), 85, "upload link|portal link|upload url"),
    (
        Status,
        95,
        "status|stage|application status|project status|current status|ix status|interconnection status|interconnection stage|connection status|current stage",
    ),
    (Status, 70, "phase|step|substatus|sub status|milestone|study phase|post gia status|task status"),
    (M("opened"), 90, "opened|opened date|created|created date|date created|date opened|created on|created at|intake date"),
    (
        M("submitted"),
        95,
        "submitted|date submitted|submitted date|submission date|application submitted|application submitted date|submitted on|ix submitted|app submitted|submitted at",
    ),
    (M("submitted"), 75, "filed|date filed|filed on|sent|date sent|application date|queue date|applied|date applied|application sent"),
    (M("received"), 95, "received|date received|received date|application received|received on|utility received"),
    (M("acknowledged"), 90, "acknowledged|acknowledged date|acknowledgement date|date acknowledged"),
    (M("fee-paid"), 90, "fee paid|fee paid date|payment date|date fee paid|application fee paid"),
    (M("deficiency-received"), 90, "deficiency date|deficiency received|rejected date|date rejected|kicked back"),
    (M("resubmitted"), 95, "resubmitted|resubmitted date|date resubmitted|resubmission date"),
    (
        M("deemed-complete"),
        95,
        "deemed complete|deemed complete date|date deemed complete|complete date|application complete date|completeness date",
    ),
    (
        M("approved-to-install"),
        85,
        "approved|approval date|date approved|approved date|conditional approval|conditional approval date|ix approved|ix approval date|approved to install|interconnection approval|permission to install",
    ),
    (M("agreement-sent"), 90, "agreement sent|ia sent|ia sent date|agreement sent date"),
    (M("agreement-signed"), 85, "agreement signed|ia signed|ia signed date|date accepted|customer signed|signed date"),
    (M("agreement-executed"), 90, "agreement executed|ia executed|executed date|fully executed|ia executed date|countersigned"),
    (
        M("installed"),
        90,
        "installed|installed date|install complete|install completed|installation complete|installation completed date|date installed",
    ),
    (
        M("inspection-passed"),
        90,
        "inspection passed|final inspection|inspection passed date|passed inspection|final inspection passed|fiv date",
    ),
    (
        M("completion-sent"),
        90,
        "pto requested|pto request date|pto submitted|completion sent|pto submitted date|date pto requested|pto requested date",
    ),
    (M("witness-test-passed"), 90, "witness test|witness test passed|witness test date|commissioning date"),
    (M("meter-set"), 90, "meter set|meter set date|meter swap|meter swap date|meter installed"),
    (
        M("pto"),
        95,
        "pto|pto date|pto received|pto granted|permission to operate|date pto|pto received date|pto granted date|pto issued|permission to operate date|pto approval date",
    ),
    (
        M("in-service"),
        90,
        "in service date|actual in service date|date connected|energized|energized date|energization date|date energized",
    ),
    (M("withdrawn"), 90, "withdrawn|withdrawn date|withdrawal date|date withdrawn|cancelled date|cancellation date|date cancelled"),
    (
        Modified,
        95,
        "last modified|last modified date|modified|last updated|updated|updated at|last update|date modified|modified on|last modified on|updated on|update date",
    ),
    (Modified, 70, "status date|status changed|last activity|last activity date|as of"),
    (
        Note,
        90,
        "note|notes|comment|comments|remark|remarks|project notes|interconnection notes|internal notes|ix notes|activity|activity log|history|log|withdrawn remarks|update notes",
    ),
    (Note, 70, "next step|next steps|next action|description|detail|action|title|subject|task|missing info"),
    (
        Nothing("money is not kept here"),
        90,
        "amount|price|total|total price|contract amount|contract price|cost|revenue|fee|fee amount|invoice amount",
    ),
    (
        Nothing("coordinates are not kept here"),
        90,
        "latitude|longitude|lat|lon|lng|x coordinate|y coordinate|eastings|northings|spatial coordinates",
    ),
];

/// Spellings that mean one word.
const SAME: &[(&str, &str)] = &[
    ("id", "number"),
    ("no", "number"),
    ("num", "number"),
    ("nbr", "number"),
    ("nr", "number"),
    ("numbers", "number"),
    ("app", "application"),
    ("appl", "application"),
    ("cust", "customer"),
    ("custommer", "customer"),
    ("addr", "address"),
    ("util", "utility"),
    ("mtr", "meter"),
    ("acct", "account"),
    ("sys", "system"),
    ("dt", "date"),
    ("fup", "follow up"),
    ("followup", "follow up"),
    ("fu", "follow up"),
    ("coord", "coordinator"),
    ("proj", "project"),
    ("ref", "reference"),
    ("interconnect", "interconnection"),
    ("ic", "interconnection"),
    ("opp", "opportunity"),
    ("tel", "phone"),
    ("ph", "phone"),
    ("st", "state"),
    ("mgr", "manager"),
    ("req", "requested"),
    ("rec", "received"),
    ("recd", "received"),
    ("sub", "submitted"),
    ("exp", "expires"),
    ("loc", "location"),
    ("jur", "jurisdiction"),
    ("colour", "color"),
    ("organisation", "organization"),
    ("org", "organization"),
    ("qty", "quantity"),
    ("emails", "email"),
    ("e-mail", "email"),
    ("megawatts", "mw"),
    ("kilowatts", "kw"),
    ("mod", "modified"),
    ("desc", "description"),
];

/// Words of a unit: they say how large, not what.
pub const UNITS: [&str; 6] = ["kw", "mw", "kwh", "mwh", "w", "wh"];

/// The words of a header: without case, accents and signs, `appID` as two, every spelling as one.
pub fn words(header: &str) -> Vec<String> {
    let mut plain = String::with_capacity(header.len() + 8);
    let mut last = ' ';
    for c in header.chars() {
        if c == '#' {
            plain.push_str(" number ");
        } else {
            if c.is_uppercase() && last.is_lowercase() {
                plain.push(' ');
            }
            plain.push(if c.is_alphanumeric() { c } else { ' ' });
        }
        last = c;
    }
    let plain = text::fold(&rejoined(&plain));
    let mut words: Vec<String> = Vec::new();
    for word in plain.split_whitespace() {
        let word = SAME.iter().find(|(one, _)| *one == word).map_or(word, |(_, same)| same);
        words.extend(word.split(' ').map(singular));
    }
    words.dedup();
    words
}

/// `kWh`, `kW` and `kWac` are one word each, though a capital letter stands in their middle.
fn rejoined(text: &str) -> String {
    let mut text = text.to_owned();
    for (parted, whole) in [("k W", "kW"), ("M Wh", "MWh"), ("M W", "MW"), ("e Mail", "email"), ("e mail", "email"), ("E-mail", "email")] {
        text = text.replace(parted, whole);
    }
    text
}

fn singular(word: &str) -> String {
    let plural = word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// What a header can mean, the surest first, with how sure it is.
pub fn meanings(header: &str) -> Vec<(Meaning, u8)> {
    let said = words(header);
    let mut found: Vec<(Meaning, u8)> = Vec::new();
    for (meaning, weight, headers) in LINES {
        let best = headers.split('|').filter_map(|known| likeness(&said, &words(known), *weight)).max();
        let Some(sure) = best else { continue };
        match found.iter_mut().find(|(one, _)| one == meaning) {
            Some((_, old)) => *old = sure.max(*old),
            None => found.push((*meaning, sure)),
        }
    }
    found.sort_by_key(|(_, sure)| std::cmp::Reverse(*sure));
    found
}

/// How sure a header of these words is what a known one says.
fn likeness(said: &[String], known: &[String], weight: u8) -> Option<u8> {
    if said.is_empty() {
        return None;
    }
    let mut sorted = [said.to_vec(), known.to_vec()];
    sorted.iter_mut().for_each(|words| words.sort_unstable());
    if sorted[0] == sorted[1] {
        return Some(weight);
    }
    let is_unit = |word: &String| UNITS.contains(&word.as_str());
    if known.iter().all(|word| said.contains(word)) {
        let extra = said.iter().filter(|word| !known.contains(word) && !is_unit(word)).count();
        let less = if extra == 0 { 2 } else { 8 + 9 * u8::try_from(extra).unwrap_or(u8::MAX).min(9) };
        let more = 4 * u8::try_from(known.len() - 1).unwrap_or(0).min(3);
        // A lone word among others says little: `meter` in `meter fee paid by`.
        let sure = (weight + more).saturating_sub(less).min(weight);
        return Some(sure).filter(|sure| *sure >= 40);
    }
    let (a, b) = (said.concat(), known.concat());
    let alike = a.len() >= 6 && b.len() >= 6 && strsim::normalized_damerau_levenshtein(&a, &b) >= 0.86;
    alike.then_some(weight.saturating_sub(20))
}

#[cfg(test)]
mod tests;
