//! `document`: the passages of a document.

use super::filter::Filter;
use crate::error::Result;
use crate::model::{Episode, Record, check_document_name};
use crate::observe::Verb;
use crate::tenancy::{Tenant, no_document, passages_of};

impl Tenant {
    /// The passages of a document in their order, those in quarantine and in the archive included. The name is one of the
    /// handle's user; its agent and session narrow what is returned.
    ///
    /// # Errors
    /// `document.not_found`, `name.invalid`, `row.damaged`.
    pub fn document(&self, name: &str) -> Result<Vec<Episode>> {
        self.call(Verb::Document, |work| {
            let value = self.read_document(name)?;
            work.found(value.len());
            Ok(value)
        })
    }

    fn read_document(&self, name: &str) -> Result<Vec<Episode>> {
        let name = check_document_name(name)?;
        let passages = passages_of(&self.snapshot()?, self.scope().user.as_deref(), &name)?;
        let now = self.common().now();
        let filter = Filter { quarantined: true, archived: true, ..Filter::scope(self.scope().clone()) };
        let Some(sieve) = self.narrowed(&filter)? else { return Err(no_document()) };
        let accepted = passages.into_iter().filter(|(_, stored)| sieve.accepts(stored, now));
        let episodes: Vec<Episode> = accepted
            .filter_map(|(_, stored)| match stored.record {
                Record::Episode(episode) => Some(episode),
                Record::Atom(_) => None,
            })
            .collect();
        if episodes.is_empty() { Err(no_document()) } else { Ok(episodes) }
    }
}
