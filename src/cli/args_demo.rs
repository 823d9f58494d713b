//! Which words do the made-up queues take: a demo, a drill?

use clap::Args;

use super::args::desk;
use crate::domain::playbook::DeskKind;
use crate::keys::keymap::NAMES;

#[derive(Args, Debug)]
pub struct Demo {
    /// How many open applications
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub tasks: u32,
    /// The same seed and day give the same queue
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    #[arg(long, value_name = "DESK", default_value = "residential", value_parser = desk)]
    pub desk: DeskKind,
    /// Make it, but do not open it; needs --db
    #[arg(long)]
    pub no_open: bool,
}

#[derive(Args, Debug)]
pub struct Drill {
    /// Whose quick actions and rows: residential, commercial or utility
    #[arg(long, value_name = "DESK", default_value = "residential", value_parser = desk)]
    pub desk: DeskKind,
    /// With this keymap instead of the chosen one
    #[arg(long, value_name = "NAME", value_parser = NAMES.map(|(name, _)| name))]
    pub keymap: Option<String>,
}
