//! Which words do the commands take that write files for others?

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::args::Which;

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Csv,
    Jsonl,
    /// A workbook: dates, numbers and flags as such
    Xlsx,
    /// A Markdown table of what a list shows
    Md,
}

#[derive(Args, Debug)]
pub struct Export {
    #[command(flatten)]
    pub which: Which,
    #[arg(long, value_name = "FORMAT")]
    pub format: Format,
    /// The file to make; - is standard output
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct Sync {
    #[command(subcommand)]
    pub command: SyncCommand,
}

#[derive(Subcommand, Debug)]
pub enum SyncCommand {
    /// Write what changed since the last export to NAME: a JSONL file and a CSV file
    Export(SyncExport),
    /// Since when, by whom and where to; how many applications changed since
    Status(SyncStatus),
}

#[derive(Args, Debug)]
pub struct SyncExport {
    /// Whom it is for: letters, digits, - and _
    pub name: String,
    /// The directory to write to
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

#[derive(Args, Debug)]
pub struct SyncStatus {
    pub name: Option<String>,
}

#[derive(Args, Debug)]
pub struct Lines {
    /// Without it: my notes of today, of every application
    pub id: Option<String>,
    /// customer, sales, scheduling: who reads the one line
    #[arg(long = "for", value_name = "NAME", requires = "id")]
    pub reader: Option<String>,
}
