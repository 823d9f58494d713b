//! Which words does the command line take?

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use super::args_book::Utility;
pub use super::args_demo::{Demo, Drill};
pub use super::args_import::{Conflicts, Duplicates, Import, Inbox, Join, Part, Settle, Side};
pub use super::args_out::{Export, Format, Lines, Sync, SyncCommand, SyncExport, SyncStatus};
pub use super::args_serve::Skips;
use crate::domain::day::{Day, parse_day};
use crate::domain::playbook::DeskKind;
use crate::domain::query::Group;
use crate::keys::keymap::NAMES;

/// The work queue of an interconnection coordinator. Without a command: open the queue.
#[derive(Parser, Debug)]
#[command(name = "intertie", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// The database [env: INTERTIE_DB; default: in the XDG data directory]
    #[arg(long, global = true, value_name = "PATH")]
    pub db: Option<PathBuf>,
    /// The calendar day to work in [env: INTERTIE_TODAY]; event times stay the machine's
    #[arg(long, global = true, value_name = "DATE", value_parser = day)]
    pub today: Option<Day>,
    /// Answers and errors as JSON
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Try a made-up, realistic queue
    Demo(Demo),
    /// Learn the keys on a made-up queue that nothing else can see: one task after the other, with hints that fade
    Drill(Drill),
    /// Make a new database
    Init(Init),
    /// Name and phone as your messages are signed; without arguments: show them
    Me(Me),
    /// Read a file of applications in; the same file twice changes nothing
    Import(Import),
    /// Read in every file of a directory that a profile knows by its name, and move it
    Inbox(Inbox),
    /// What imports found changed on both sides, or may only suggest
    Conflicts(Conflicts),
    /// Settle conflicts: take theirs, or keep ours
    Settle(Settle),
    /// Applications that are likely one and the same
    Duplicates(Duplicates),
    /// Join two records of one application; undo parts them
    Join(Join),
    /// Part what was joined
    Part(Part),
    /// The queue in order: workable, then away until a day, then held
    List(List),
    /// Open a new application
    New(New),
    /// Everything about one application
    Show(Named),
    /// Why it is ranked where it is: every term of the score
    Why(Named),
    /// Everything that happened, oldest first
    History(History),
    /// Do a quick action: note, status, ball, follow-up and message at once
    Touch(Touch),
    /// Write a note
    Note(Note),
    /// Edit fields
    Set(Set),
    /// Take your last change back, whichever of your sessions made it
    Undo,
    /// Bring back what you undid last, wherever
    Redo,
    /// Resolve a day in words: fri, next tue, 5b, 12/4
    When(When),
    /// Which tier, level or review path, and the threshold that decided it
    #[command(after_help = "Without a record: tier state=OR program=net-metering nameplate=50kW export=25kW received=2026-11-02")]
    Tier(Asked),
    /// Which clocks run, until when, who owes, and what a miss means
    #[command(after_help = "Without a record: clock state=UT utility=RMP received=2026-11-16")]
    Clock(Asked),
    /// A clock runs on, because both sides agreed
    Extend(Extend),
    /// Print a message, filled in; with --copy: copy it and write that down
    Message(Message),
    /// Today's notes as CRM lines; with --for: how the application stands, in one line
    Lines(Lines),
    /// What my touches cost, in keys and seconds: today and the last weeks, mine alone
    Ledger,
    /// What was skipped, by whom and why: yours of today; --all: everybody's
    Skips(Skips),
    /// Take the texts of an application's messages out of the journal for good
    Redact(Redact),
    /// The process book: its utilities, or one's page; or add to it: a quirk, an outage, an agreement
    Utility(Utility),
    /// Write the queue to a file
    Export(Export),
    /// Write files for another system: what changed since its last ones
    Sync(Sync),
    /// Verify the database: everything refolded and compared
    Check,
    /// Copy the database to a new file while others work
    Backup(Backup),
    /// Print every key, or check a keymap file
    Keys(Keys),
    /// Check the rules, workflows and messages in force
    Playbook(Playbook),
    /// Which ways a copy can take from this terminal; on a terminal: try each once
    Clipboard,
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page, as man reads it
    Man,
    /// Print a table of the README
    #[command(hide = true)]
    Docs(Docs),
}

/// An application, or values without one.
#[derive(Args, Debug)]
pub struct Asked {
    /// A reference or a number, or values: state, program, nameplate, export, certification, MILESTONE=DATE
    #[arg(value_name = "ID|FIELD=VALUE", required = true)]
    pub about: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Extend {
    /// A reference or a number
    #[arg(value_name = "ID")]
    pub id: String,
    /// The clock's name, as `clock ID --json` has it
    #[arg(value_name = "CLOCK")]
    pub clock: String,
    /// The new day: 2026-12-18, fri, 5b
    #[arg(value_name = "UNTIL")]
    pub until: String,
    /// Who agreed: a desk, not a person
    #[arg(long, value_name = "WHO")]
    pub agreed_by: String,
    /// What allows it: the rule, or the order
    #[arg(long, value_name = "T")]
    pub authority: String,
}

#[derive(Args, Debug)]
pub struct Init {
    /// The kind of work: residential, commercial or utility
    #[arg(long, value_name = "DESK", default_value = "residential", value_parser = desk)]
    pub desk: DeskKind,
    /// The time zone that decides what day it is for everybody, as America/Denver
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// The company's name as messages are signed
    #[arg(long, value_name = "NAME")]
    pub company: Option<String>,
    /// A Unix group whose members share the database
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// company, company_phone, company_email
    #[arg(value_name = "FIELD=VALUE", value_parser = pair)]
    pub values: Vec<(String, String)>,
}

#[derive(Args, Debug)]
pub struct Me {
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub phone: Option<String>,
    /// How keys are laid out: default, vim, plain or emacs; kept in your own options, for sessions opened from now on
    #[arg(long, value_name = "NAME", value_parser = NAMES.map(|(name, _)| name))]
    pub keymap: Option<String>,
    /// How the screen looks: dark, light, sixteen, high-contrast, none, or a theme of your own
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// company, company_phone, company_email: what everybody's messages are signed with
    #[arg(value_name = "FIELD=VALUE", value_parser = pair)]
    pub values: Vec<(String, String)>,
}

/// Which rows, in which order.
#[derive(Args, Debug)]
pub struct Which {
    /// All must hold: words, flags (hold, away), and fields: utility:rmp status:deficiency due<=today kw>25 touched>14d
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// mine, team, pool, away, or a view that was kept
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// By other fields than the priority: due,-kw (a - turns it round)
    #[arg(long, value_name = "FIELD[,-FIELD]", allow_hyphen_values = true)]
    pub sort: Option<String>,
}

#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    pub which: Which,
    /// Rows of one value together: utility, status, contact, portal, owner
    #[arg(long, value_name = "FIELD", value_parser = group)]
    pub group: Option<Group>,
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// As CSV that a spreadsheet can open safely
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

#[derive(Args, Debug)]
pub struct New {
    pub site: String,
    #[arg(long, value_name = "UTILITY")]
    pub utility: String,
    #[arg(value_name = "FIELD=VALUE", value_parser = pair)]
    pub values: Vec<(String, String)>,
}

#[derive(Args, Debug)]
pub struct Named {
    /// A-1042, an application's own number, or a unique start of one
    pub id: String,
}

#[derive(Args, Debug)]
pub struct History {
    /// Without it: the last changes of everything
    pub id: Option<String>,
    /// Where these words stand: in notes and messages, then in what was ever written into a field, each the newest first
    #[arg(long, value_name = "WORDS", conflicts_with = "id")]
    pub find: Option<String>,
}

#[derive(Args, Debug)]
pub struct Touch {
    pub id: String,
    pub disposition: String,
    /// What it asks, and any field
    #[arg(value_name = "FIELD=VALUE", value_parser = pair)]
    pub values: Vec<(String, String)>,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub note: Option<String>,
    /// When we look again: fri, 5b, 12/4, tomorrow 14:00
    #[arg(long, value_name = "WHEN")]
    pub follow_up: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DAY")]
    pub on: Option<String>,
    /// The reason for a move that is not usual
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub because: Option<String>,
}

#[derive(Args, Debug)]
pub struct Note {
    pub id: String,
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Set {
    pub id: String,
    #[arg(value_name = "FIELD=VALUE", required = true, value_parser = pair)]
    pub values: Vec<(String, String)>,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub because: Option<String>,
}

#[derive(Args, Debug)]
pub struct When {
    #[arg(value_name = "EXPR", required = true)]
    pub expr: Vec<String>,
    /// Count from this day instead of today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<Day>,
    #[arg(long, value_name = "CALENDAR")]
    pub calendar: Option<String>,
}

#[derive(Args, Debug)]
pub struct Message {
    pub id: String,
    pub template: String,
    /// What the message asks, and fields that the application lacks
    #[arg(value_name = "FIELD=VALUE", value_parser = pair)]
    pub values: Vec<(String, String)>,
    /// About this application of the same contact too
    #[arg(long, value_name = "ID")]
    pub with: Vec<String>,
    /// Copy it, and keep it with the application
    #[arg(long)]
    pub copy: bool,
}

#[derive(Args, Debug)]
pub struct Redact {
    /// A-1042, an application's own number, or a unique start of one
    pub id: String,
    /// Do it: no undo brings them back. Without it: say what would go
    #[arg(long)]
    pub for_good: bool,
}

#[derive(Args, Debug)]
pub struct Backup {
    /// The file to make
    pub path: PathBuf,
}

#[derive(Args, Debug)]
pub struct Keys {
    /// Of this keymap instead of the chosen one
    #[arg(long, value_name = "NAME", global = true, value_parser = NAMES.map(|(name, _)| name))]
    pub keymap: Option<String>,
    #[command(subcommand)]
    pub command: Option<KeysCommand>,
}

#[derive(Subcommand, Debug)]
pub enum KeysCommand {
    /// Check a keymap file, or the keymap in force
    Check { file: Option<PathBuf> },
}

#[derive(Args, Debug)]
pub struct Playbook {
    #[command(subcommand)]
    pub command: PlaybookCommand,
}

#[derive(Subcommand, Debug)]
pub enum PlaybookCommand {
    /// Read everything in force; name each fault with file and line
    Check,
}

#[derive(Args, Debug)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    Keys,
    Keymaps,
    Commands,
    Statuses,
    Dispositions,
    Lanes,
    Messages,
    Abbreviations,
    Clipboard,
    Queries,
}

#[derive(Args, Debug)]
pub struct Docs {
    pub table: Table,
    #[arg(long, value_name = "DESK", default_value = "residential", value_parser = desk)]
    pub desk: DeskKind,
}

pub(super) fn day(text: &str) -> Result<Day, String> {
    parse_day(text).ok_or_else(|| "wanted a day like 2026-11-30, of the years 2000 to 2100".to_owned())
}

fn group(text: &str) -> Result<Group, String> {
    Group::parse(text).ok_or_else(|| format!("one of {} is wanted", Group::ALL.map(Group::name).join(", ")))
}

pub fn desk(text: &str) -> Result<DeskKind, String> {
    DeskKind::parse(text).ok_or_else(|| "wanted residential, commercial or utility".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("wanted FIELD=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn pairs_split_at_the_first_sign() {
        assert_eq!(pair("site=a=b"), Ok(("site".to_owned(), "a=b".to_owned())));
        assert_eq!(pair("promised="), Ok(("promised".to_owned(), String::new())));
        for text in ["site", "=x", " =x", ""] {
            assert!(pair(text).is_err(), "{text}");
        }
    }
}
