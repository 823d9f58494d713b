//! Which words do the commands take that read rows in and settle what comes of it?

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub struct Import {
    /// CSV, XLSX, XLS, ODS, JSON or JSON lines; - is standard input
    pub file: PathBuf,
    /// How to read it: a profile by name, or a path that has / or ends in .toml; without it, the one that fits
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// The sheet of a workbook
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    /// The column that names a row, instead of the profile's; several times for several
    #[arg(long, value_name = "COLUMN")]
    pub key: Vec<String>,
    /// Say what would happen; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print the profile that the file's columns seem to ask for; write nothing
    #[arg(long, conflicts_with_all = ["profile", "dry_run"])]
    pub guess: bool,
    /// Give new rows without a follow-up one, spread evenly over so many business days
    #[arg(long, value_name = "DAYS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=250))]
    pub spread: u32,
    /// No key is known though the source was read before, and that is meant so
    #[arg(long)]
    pub all_new: bool,
    /// When it is stopped or fails half way: take back what had come in
    #[arg(long)]
    pub all_or_nothing: bool,
}

#[derive(Args, Debug)]
pub struct Inbox {
    pub dir: PathBuf,
    /// Stay, and look again every so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub watch: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Conflicts {
    /// Only those of one application
    pub id: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Theirs,
    Ours,
}

#[derive(Args, Debug)]
pub struct Settle {
    pub side: Side,
    /// Only those of one application
    pub id: Option<String>,
    /// Only those of one field
    #[arg(long, value_name = "FIELD")]
    pub field: Option<String>,
    /// Only those of one source
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
}

#[derive(Args, Debug)]
pub struct Duplicates {
    /// Only those of one application
    pub id: Option<String>,
}

#[derive(Args, Debug)]
pub struct Join {
    /// The record that stays
    pub keep: String,
    /// The record that goes into it
    pub other: String,
}

#[derive(Args, Debug)]
pub struct Part {
    /// The reference that went into another record
    pub other: String,
}
