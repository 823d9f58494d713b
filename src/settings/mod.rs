//! Does it turn TOML into a checked type?
