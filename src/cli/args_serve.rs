//! Which words do the commands about serving and skipping take?

use clap::Args;

use super::args::day;
use crate::domain::day::Day;

#[derive(Args, Debug)]
pub struct Skips {
    /// Everybody's, not only yours
    #[arg(long)]
    pub all: bool,
    /// From this day on [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub since: Option<Day>,
}
