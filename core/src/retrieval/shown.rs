//! Records as a view shows them, if a sieve accepts them so.

use super::sieve::Sieve;
use super::view::View;
use crate::error::{Code, Result};
use crate::model::{Record, Timestamp};
use crate::tenancy::{Stored, Tenant};

impl Tenant {
    /// A stored record as a view shows it; `None` if it was not known then, or is not accepted as it was.
    pub(super) fn shown(
        &self,
        stored: Stored,
        sieve: &Sieve<'_>,
        view: View,
        now: Timestamp,
    ) -> Result<Option<Record>> {
        if view == View::default() {
            return Ok(sieve.accepts(&stored, now).then_some(stored.record));
        }
        let record = match self.as_shown(stored.record.id(), view) {
            Ok(record) => record,
            Err(error) if error.code() == Code::RecordNotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let held = sieve.filter.historical || record.as_atom().is_none_or(|atom| view.shows(atom, now));
        let shown = Stored { record, ..stored };
        Ok((held && sieve.accepts_shown(&shown, now)).then_some(shown.record))
    }
}
