//! Do lists come in, and come in again, as it is promised? The real program on a CRM's, a portal's
//! and a team's files, and on three public queues where `INTERTIE_TEST_DATA` names their folder.
#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own, start threads and look at the clock")]
#![allow(clippy::disallowed_types, reason = "a test makes the database busy")]

mod changed;
mod conflicts;
mod doors;
mod inbox;
mod joined;
mod keys;
mod six;
mod stopped;
#[path = "../support/mod.rs"]
mod support;
mod two;
mod world;
