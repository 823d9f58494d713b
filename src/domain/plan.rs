//! Plans: what a person wants becomes a change set for the version that was seen, or a refusal.
