//! Which words does the process book take?

use clap::Args;

#[derive(Args, Debug)]
pub struct Utility {
    /// Its name, short name or another spelling; without it: all of them
    pub name: Option<String>,
    /// Add a sentence that a coordinator should know
    #[arg(long, value_name = "TEXT", requires = "name", allow_hyphen_values = true)]
    pub quirk: Option<String>,
    /// Its portal is down until this day: fri, 3b, 12/4
    #[arg(long, value_name = "UNTIL", requires = "name", conflicts_with = "quirk")]
    pub portal_down: Option<String>,
    /// Why the portal is down
    #[arg(long, value_name = "TEXT", requires = "portal_down", allow_hyphen_values = true)]
    pub because: Option<String>,
    /// Its portal works again
    #[arg(long, requires = "name", conflicts_with_all = ["quirk", "portal_down"])]
    pub portal_up: bool,
    /// FROM and UNTIL: an agreement stops its clocks; both days and those between do not count
    #[arg(long, num_args = 2, value_names = ["FROM", "UNTIL"], requires_all = ["name", "agreed_by", "authority"],
          conflicts_with_all = ["quirk", "portal_down", "portal_up"])]
    pub stop_clocks: Vec<String>,
    /// Who agreed
    #[arg(long, value_name = "WHO", requires = "stop_clocks", allow_hyphen_values = true)]
    pub agreed_by: Option<String>,
    /// What allows it: a rule, an order
    #[arg(long, value_name = "TEXT", requires = "stop_clocks", allow_hyphen_values = true)]
    pub authority: Option<String>,
}

impl Utility {
    /// Whether it writes.
    pub fn changes(&self) -> bool {
        self.quirk.is_some() || self.portal_down.is_some() || self.portal_up || !self.stop_clocks.is_empty()
    }
}
