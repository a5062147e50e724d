//! `update` and `delete`: the verbs on a record that exists.

use std::collections::HashSet;

use super::check::{check_expiry, check_unit, rejected};
use super::settle::{
    Effect, Opened, Operation, Vector, open, open_all, put_entry, remove_entry, stored_vector,
};
use crate::error::{Code, Error, Result};
use crate::limits::TEXT_BYTES_MAX;
use crate::model::{
    Admission, Atom, Episode, Id, Metadata, NewEpisode, Record, RecordSort, RevisionKind, Timestamp,
    check_metadata, check_text, searched,
};
use crate::observe::{Cause, ChangeKind, Verb};
use crate::storage::{Key, keys};
use crate::tenancy::{
    Access, Entries, Ledger, Place, Stored, Tenant, VectorState, Want, Write, not_found, space_of,
};
use crate::truth::{Item, What};

/// The new values of an episode's fields; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpisodeUpdate {
    /// The text, with the limits of a new one.
    pub text: Option<String>,
    /// The vector of the new text; the embedder makes one if absent. Needs a new text.
    pub vector: Option<Vec<f32>>,
    /// All of the host's own fields.
    pub metadata: Option<Metadata>,
    /// The importance, 0 to 1; `Some(None)` takes it away.
    pub importance: Option<Option<f32>>,
    /// When it stops being found; `Some(None)` means never.
    pub expires_at: Option<Option<Timestamp>>,
}

impl EpisodeUpdate {
    /// With other fields of the host's own, all of them.
    #[must_use]
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// With another importance, or none.
    #[must_use]
    pub fn importance(mut self, importance: Option<f32>) -> Self {
        self.importance = Some(importance);
        self
    }

    /// With another expiry, or none.
    #[must_use]
    pub fn expires_at(mut self, moment: Option<Timestamp>) -> Self {
        self.expires_at = Some(moment);
        self
    }

    /// A new text.
    pub fn text(text: impl Into<String>) -> Self {
        EpisodeUpdate { text: Some(text.into()), ..EpisodeUpdate::default() }
    }
}

impl Tenant {
    /// Makes a new version of an episode; the old one stays in its history. Returns the new version.
    ///
    /// # Errors
    /// `record.not_found`; `record.sort` for an atom, which is changed by asserting; those of [`Tenant::add`].
    pub fn update(&self, id: Id, update: EpisodeUpdate) -> Result<Episode> {
        self.call(Verb::Update, |work| {
            work.id(id);
            self.revise(id, update)
        })
    }

    fn revise(&self, id: Id, update: EpisodeUpdate) -> Result<Episode> {
        self.require(Access::ReadWrite)?;
        let mut update = check_update(update)?;
        let (mut quarantined, mut found) = (false, Vector::default());
        if update.text.is_some() {
            let stored = self.stored(id)?.ok_or_else(|| not_found(id))?;
            let Record::Episode(old) = stored.record else { return Err(wrong_sort(id)) };
            quarantined = self.guard_update(&old, &mut update)?;
            let text = update.text.as_deref().unwrap_or_default();
            let text = searched(old.speaker.as_deref(), old.title.as_deref(), text);
            let (vectors, _) = self.vectors_of(&[(&text, update.vector.as_deref())])?;
            found = vectors.into_iter().next().unwrap_or_default();
        }
        self.write(Cause::Update, |write| {
            write.meter();
            let (slot, stored) = write.find(id)?.ok_or_else(|| not_found(id))?;
            let Record::Episode(old) = &stored.record else { return Err(wrong_sort(id)) };
            let mut episode = updated(old, &update, write.now());
            episode.quarantined |= quarantined;
            check_expiry(Some(episode.occurred_at), episode.expires_at)?;
            write.keep_revision(&stored)?;
            let state = match (&found.vector, &update.text) {
                (Some(_), _) => VectorState::Present,
                (None, Some(_)) => VectorState::None,
                (None, None) => stored.vector,
            };
            if let Some(vector) = &found.vector {
                write.admit(&space_of(self.common(), vector))?;
            }
            if update.text.is_some() {
                // What it waited for was the former text's.
                write.set_waiting(id, None)?;
            }
            if let Some(lack) = found.lack {
                write.want(id, Want::Vector, lack)?;
            }
            let kept = if update.text.is_none() { stored_vector(write, slot, &stored)? } else { None };
            let next = Stored {
                arrival: stored.arrival,
                vector: state,
                made_by: RevisionKind::Updated,
                actor: self.actor().to_owned(),
                record: Record::Episode(episode.clone()),
                trace: stored.trace,
            };
            let vector = found.vector.as_deref().or(kept.as_deref());
            write.replace(slot, &stored, next, vector, ChangeKind::Updated)?;
            Ok(episode)
        })
    }

    /// Asks the guard about a new text. Gives whether it is to be kept out of lists and searches.
    fn guard_update(&self, old: &Episode, update: &mut EpisodeUpdate) -> Result<bool> {
        let host = &self.common().host;
        let Some(text) = update.text.as_ref().filter(|_| host.is_guarded()) else { return Ok(false) };
        let (scope, title) = (old.scope.clone(), old.title.clone());
        let new = NewEpisode { scope, title, ..NewEpisode::new(old.role, text.clone()) };
        match host.admit(&new)? {
            Admission::Allow => Ok(false),
            Admission::Quarantine => Ok(true),
            Admission::Redact(text) => {
                update.text = Some(check_text("an episode's text", &text, TEXT_BYTES_MAX)?);
                update.vector = None;
                Ok(false)
            }
            Admission::Reject(reason) => Err(rejected(reason)),
        }
    }

    /// Deletes a record with its history, from every read path at once.
    ///
    /// With an episode go the claims that it alone supported, and the atoms that rested on them alone; what these had
    /// taken the place of holds again. With an atom go its claims. The reply names what changed; it cannot be undone.
    ///
    /// # Errors
    /// `record.not_found`, `access.denied`.
    pub fn delete(&self, id: Id) -> Result<Effect> {
        self.call(Verb::Delete, |work| {
            work.id(id);
            let value = self.delete_record(id)?;
            work.found(value.removed.len());
            Ok(value)
        })
    }

    fn delete_record(&self, id: Id) -> Result<Effect> {
        let (episode, effect) = self.write(Cause::Delete, |write| {
            let Some((slot, stored)) = write.find(id)? else {
                return Ok((None, delete_undone(write, id)?));
            };
            let episode = stored.record.as_episode().map(|episode| episode.id);
            Ok((episode, self.forget(write, slot, &stored, ChangeKind::Deleted)?))
        })?;
        self.settle_deferred(Cause::Delete, episode, effect)
    }

    /// Stages the deletion of a record; what changed beside it.
    pub(crate) fn forget(
        &self,
        write: &mut Write<'_>,
        slot: u32,
        stored: &Stored,
        kind: ChangeKind,
    ) -> Result<Effect> {
        match &stored.record {
            Record::Episode(_) => self.forget_episode(write, slot, stored, kind),
            Record::Atom(atom) => self.forget_atom(write, slot, stored, atom, kind),
        }
    }

    fn forget_episode(
        &self,
        write: &mut Write<'_>,
        slot: u32,
        stored: &Stored,
        kind: ChangeKind,
    ) -> Result<Effect> {
        let id = stored.record.id();
        let (places, gone) = supported(write, id)?;
        let before = open_all(write, &places)?;
        for (key, item) in gone {
            remove_entry(write, &key, &item)?;
            match without_support(&item, id) {
                Some(left) => put_entry(write, &key, &left)?,
                None => clear_idle_rulings(write, &item)?,
            }
        }
        write.goes_with(Some(id));
        write.remove(slot, stored, kind)?;
        let settled = self.settle_or_defer(write, before)?;
        write.goes_with(None);
        Ok(Effect::of(None, settled))
    }

    fn forget_atom(
        &self,
        write: &mut Write<'_>,
        slot: u32,
        stored: &Stored,
        atom: &Atom,
        kind: ChangeKind,
    ) -> Result<Effect> {
        let place = Place::of_atom(atom);
        let entries = Ledger::open(write, None)?.cell(&place)?;
        if entries.iter().all(|(_, item)| item.claim().is_some_and(|claim| claim.atom == atom.id)) {
            // It is alone in its cell: nothing else is judged otherwise without it.
            entries.iter().try_for_each(|(key, item)| remove_entry(write, key, item))?;
            write.remove(slot, stored, kind)?;
            return Ok(Effect::default());
        }
        let opened = open(write, &place)?;
        let gone = claimed(&opened, atom.id);
        gone.iter().try_for_each(|(key, item)| remove_entry(write, key, item))?;
        write.remove(slot, stored, kind)?;
        for (_, item) in &gone {
            clear_idle_rulings(write, item)?;
        }
        let mut settled = self.settle_or_defer(write, vec![opened])?;
        settled.removed.retain(|removed| *removed != atom.id);
        Ok(Effect::of(None, settled))
    }
}

/// Removes a claim that was undone, so that only the past tells of it.
fn delete_undone(write: &mut Write<'_>, id: Id) -> Result<Effect> {
    let operation = Operation::get(write, id).map_err(|_| not_found(id))?;
    for key in operation.entries.iter().map(|key| Key::of_bytes(key)) {
        let entries = Ledger::open(write, None)?.entries(&key)?;
        let (key, item) = entries.into_iter().next().ok_or_else(|| not_found(id))?;
        if item.claim().is_none() || item.is_in_force(None) {
            return Err(not_found(id));
        }
        remove_entry(write, &key, &item)?;
        clear_idle_rulings(write, &item)?;
    }
    Ok(Effect::default())
}

/// Removes what was ruled about claims that are not there any more, in the cell of one that was removed.
fn clear_idle_rulings(write: &mut Write<'_>, removed: &Item) -> Result<()> {
    let Some(claim) = removed.claim() else { return Ok(()) };
    let entries = Ledger::open(write, None)?.cell(&Place::of(claim))?;
    let left: HashSet<Id> = entries
        .iter()
        .filter_map(|(_, item)| item.claim())
        .flat_map(|claim| [claim.id, claim.atom])
        .collect();
    for (key, item) in &entries {
        if item.ruling().is_some_and(|ruling| ruling.names().iter().all(|id| !left.contains(id))) {
            write.clear(key)?;
        }
    }
    Ok(())
}

/// The ledger entries that an episode supports, with their places.
fn supported(write: &Write<'_>, episode: Id) -> Result<(Vec<Place>, Entries)> {
    let ledger = Ledger::open(write, None)?;
    let mut entries = Vec::new();
    for (support, _) in write.scan(&keys::supported_by(episode))? {
        entries.extend(ledger.entries(&keys::supported_entry(&support))?);
    }
    let mut places: Vec<Place> = entries.iter().filter_map(|(_, item)| item.claim()).map(Place::of).collect();
    places.sort_unstable();
    places.dedup();
    Ok((places, entries))
}

/// The ledger entries of an atom's claims in its cell.
fn claimed(opened: &Opened, atom: Id) -> Entries {
    let claims: Vec<Id> = opened.cell.claims_of(atom).collect();
    // Those that were undone are out of force, and go, too.
    let own = |item: &Item| claims.contains(&item.id) || item.claim().is_some_and(|claim| claim.atom == atom);
    opened.entries.iter().filter(|(_, item)| own(item)).cloned().collect()
}

/// A claim without the support of an episode; `None` if it has no other.
fn without_support(item: &Item, episode: Id) -> Option<Item> {
    let mut item = item.clone();
    let What::Claim(claim) = &mut item.what else { return None };
    claim.supports.retain(|support| *support != episode);
    (!claim.supports.is_empty()).then_some(item)
}

fn check_update(mut update: EpisodeUpdate) -> Result<EpisodeUpdate> {
    if let Some(text) = &update.text {
        update.text = Some(check_text("an episode's text", text, TEXT_BYTES_MAX)?);
    } else if update.vector.is_some() {
        return Err(Error::draft(Code::TextEmpty, "a vector came without the text it belongs to")
            .got("a vector alone")
            .expected("a text and its vector")
            .remedy("pass the text as well"));
    }
    if let Some(metadata) = &update.metadata {
        check_metadata(metadata)?;
    }
    if let Some(Some(importance)) = update.importance {
        check_unit("an importance", importance)?;
    }
    Ok(update)
}

fn updated(old: &Episode, update: &EpisodeUpdate, now: Timestamp) -> Episode {
    Episode {
        text: update.text.clone().unwrap_or_else(|| old.text.clone()),
        metadata: update.metadata.clone().unwrap_or_else(|| old.metadata.clone()),
        importance: update.importance.unwrap_or(old.importance),
        expires_at: update.expires_at.unwrap_or(old.expires_at),
        recorded_at: now,
        version: old.version + 1,
        ..old.clone()
    }
}

fn wrong_sort(id: Id) -> Error {
    Error::draft(Code::RecordSort, "only an episode can be updated")
        .got(format!("{id}, an {:?}", RecordSort::Atom))
        .expected("an episode")
        .remedy("assert the new fact; the old one is superseded or stays beside it")
}
