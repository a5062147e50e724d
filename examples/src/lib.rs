//! The parts of the demonstration: what is told, how texts become vectors, how it is printed, and the kill.
//!
//! The story itself is `src/bin/demo.rs`. [`conversation`] reads a year of talks, [`telling`] adds them,
//! [`mod@print`] sets the pages, and [`crash`] kills a writer and counts
//! what is left.

pub mod conversation;
pub mod crash;
pub mod print;
pub mod telling;

use std::error::Error;

use ebbmark::{Filter, Record, Tenant};

/// A result of the demonstration: whatever went wrong ends it.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Ends the demonstration unless what it is about to print is true.
///
/// # Errors
/// The broken promise, in words.
pub fn ensure(holds: bool, promise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(format!("a promise was broken: {promise}").into()) }
}

/// Every record that a tenant lists, over all pages.
///
/// # Errors
/// Those of [`Tenant::list`].
pub fn everything(tenant: &Tenant) -> Result<Vec<Record>> {
    let mut records = Vec::new();
    let mut cursor = None;
    loop {
        let page = tenant.list(&Filter::default(), cursor, 500)?;
        records.extend(page.records);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(records);
        }
    }
}
