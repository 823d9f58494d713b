//! Which settings files are in the binary?

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "keymaps/commercial.toml",
    "keymaps/default.toml",
    "keymaps/emacs.toml",
    "keymaps/plain.toml",
    "keymaps/residential.toml",
    "keymaps/utility.toml",
    "keymaps/vim.toml",
    "playbooks/abbreviations.toml",
    "playbooks/applicant/dispositions.toml",
    "playbooks/applicant/messages.toml",
    "playbooks/applicant/workflow.toml",
    "playbooks/calendars/california.toml",
    "playbooks/calendars/federal.toml",
    "playbooks/calendars/office.toml",
    "playbooks/calendars/oregon.toml",
    "playbooks/calendars/utah.toml",
    "playbooks/commercial/dispositions.toml",
    "playbooks/commercial/workflow.toml",
    "playbooks/messages/commercial.toml",
    "playbooks/messages/residential.toml",
    "playbooks/messages/utility.toml",
    "playbooks/drill.toml",
    "playbooks/lines.toml",
    "playbooks/milestones.toml",
    "playbooks/priority.toml",
    "playbooks/profiles/crm-report.toml",
    "playbooks/profiles/list.toml",
    "playbooks/profiles/miso.toml",
    "playbooks/profiles/pjm.toml",
    "playbooks/profiles/portal-list.toml",
    "playbooks/profiles/tracker.toml",
    "playbooks/profiles/ukpn.toml",
    "playbooks/residential/dispositions.toml",
    "playbooks/residential/workflow.toml",
    "playbooks/rules/california-nbt.toml",
    "playbooks/rules/california-rule-21.toml",
    "playbooks/rules/oregon-net-metering-2021.toml",
    "playbooks/rules/oregon-net-metering-2024.toml",
    "playbooks/rules/oregon-small-generator-2021.toml",
    "playbooks/rules/oregon-small-generator-2024.toml",
    "playbooks/rules/practice.toml",
    "playbooks/rules/sgip.toml",
    "playbooks/rules/utah-r746-312.toml",
    "playbooks/skips.toml",
    "playbooks/steps.toml",
    "playbooks/utilities/examples.toml",
    "playbooks/utility/dispositions.toml",
    "playbooks/utility/workflow.toml",
    "playbooks/zones.toml",
    "themes/dark.toml",
    "themes/high-contrast.toml",
    "themes/light.toml",
    "themes/mono.toml",
    "themes/none.toml",
    "themes/options.toml",
    "themes/sixteen.toml",
];

/// Path (with `/`, as `File` has it) and text of every shipped file.
pub fn shipped() -> &'static [(&'static str, &'static str)] {
    FILES
}
