//! The manual page: made from the words that the command line takes and the keys that the queue goes by.

use std::io::{self, Write};

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::stop::Stop;
use super::{tables, tables_keymaps};
use crate::domain::playbook::DeskKind;
use crate::keys::action::Layer;
use crate::keys::keymap::NAMES;
use crate::settings::{self, Settings};

/// Where what lies, and what a script may rely on.
const FACTS: &[(&str, &[(&str, &str)])] = &[
    (
        "FILES",
        &[
            ("NAME.db", "the database; NAME.db-lock beside it is the writers' gate, NAME.db-export-lock that of exports"),
            ("NAME.site/", "what a team changes of playbooks, keymaps and themes"),
            ("~/.config/intertie/", "what one person changes of keymaps and themes"),
            ("~/.local/state/intertie/", "drafts, and what was learnt of each terminal; private"),
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            ("INTERTIE_DB", "the database, where --db does not name one"),
            ("INTERTIE_TODAY", "the calendar day to work in, as --today"),
            ("VISUAL, EDITOR, PAGER", "programs for notes and pages; no shell reads them"),
            ("NO_COLOR", "no colours"),
        ],
    ),
    (
        "EXIT STATUS",
        &[
            ("0", "done; an import with listed row faults too"),
            ("1", "refused by a rule, or not one application"),
            ("2", "usage"),
            ("65", "bad data"),
            ("74", "input or output failed"),
            ("75", "busy: try again"),
            ("78", "configuration, a newer schema, or no database"),
        ],
    ),
];

pub fn man(command: &clap::Command, out: &mut dyn Write) -> Result<(), Stop> {
    out.write_all(&page(command)?)?;
    Ok(())
}

/// The page in roff.
pub fn page(command: &clap::Command) -> Result<Vec<u8>, Stop> {
    let Settings { playbook, keymap, .. } = settings::load(DeskKind::Residential, &[], &[]).map_err(Stop::Settings)?;
    let mut page = Vec::new();
    let man = Man::new(command.clone()).title("INTERTIE").manual("Interconnection work queue");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    commands(command, &mut page)?;
    let mut roff = Roff::new();
    roff.control("SH", ["KEYS"]);
    for layer in Layer::ALL {
        roff.control("SS", [layer.name()]);
        for row in tables::keyed(&keymap, &playbook).iter().filter(|row| row.layer == layer && !row.keys.is_empty()) {
            item(&mut roff, &row.keys.join(", "), &row.words);
        }
    }
    roff.control("SH", ["KEYMAPS"]);
    for (idx, (name, words)) in NAMES.iter().enumerate().skip(1) {
        roff.control("SS", [*name]);
        roff.text(vec![roman(format!("{words}: intertie me --keymap {name}. What differs from the keys above:"))]);
        for row in tables_keymaps::across()?.iter().filter(|row| row.keys[idx] != row.keys[0]) {
            let keys = if row.keys[idx].is_empty() { "among all actions".to_owned() } else { row.keys[idx].join(", ") };
            item(&mut roff, &keys, row.action.words);
        }
    }
    for (section, facts) in FACTS {
        roff.control("SH", [*section]);
        for (name, says) in *facts {
            item(&mut roff, name, says);
        }
    }
    roff.to_writer(&mut page)?;
    Ok(page)
}

/// Every command with what it takes.
fn commands(command: &clap::Command, page: &mut dyn Write) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", ["COMMANDS"]);
    for (usage, about) in tables::commands(command) {
        item(&mut roff, &usage, &about);
    }
    roff.to_writer(page)
}

fn item(roff: &mut Roff, name: &str, says: &str) {
    roff.control("TP", []);
    roff.text(vec![bold(name)]);
    roff.text(vec![roman(says)]);
}
