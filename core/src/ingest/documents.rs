//! `add_document`: a text in, passages out; and of a text that was there before, only what changed.

use std::cell::Cell;
use std::collections::{HashMap, VecDeque};

use super::add::{Checked, FactReceipt};
use super::check::rejected;
use super::settle::{Effect, stored_vector};
use crate::error::{Code, Error, Result};
use crate::language::{SplitText, split_text};
use crate::limits::{BATCH_EPISODES_MAX, DOCUMENT_BYTES_MAX, TERM_BYTES_MAX};
use crate::model::{
    Admission, Episode, Id, NewDocument, NewEpisode, Passage, Record, RevisionKind, Role, Scope, Trace,
    check_document_name, check_metadata, check_text,
};
use crate::observe::{Cause, ChangeKind, Verb};
use crate::tenancy::{Access, Stored, Tenant, Write, no_document, passages_of};

/// What became of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentReceipt {
    /// The passages of the document, in its order.
    pub passages: Vec<Id>,
    /// Those that are new.
    pub added: Vec<Id>,
    /// Those that were there before.
    pub kept: Vec<Id>,
    /// Those of the kept ones that stand at another place in the document.
    pub moved: Vec<Id>,
    /// Those of the kept ones that have another version, because their labels or the host's own fields are others.
    pub updated: Vec<Id>,
    /// Passages that are gone.
    pub removed: Vec<Id>,
    /// The claims that the new passages made, with what became of them.
    pub facts: Vec<FactReceipt>,
    /// What went with the passages that are gone, and what holds again without them.
    pub effect: Effect,
    /// New passages whose text the guard changed.
    pub redacted: Vec<Id>,
    /// New passages that the guard keeps out of lists and searches.
    pub quarantined: Vec<Id>,
    /// Records that wait since this call: for a vector, or for their claims. See [`Tenant::pending`].
    pub pending: usize,
    /// Why vectors could not be had.
    pub embedder_error: Option<Error>,
    /// Why claims could not be drawn from some passage.
    pub extractor_error: Option<Error>,
}

impl Tenant {
    /// Adds a document, or replaces the one of its name: the text is split into passages, episodes of [`Role::Document`]
    /// that are found by their own words, their title and their headings, and that are read with what stands around them.
    ///
    /// Passages that were there before keep their id, vector, uses and claims, wherever they stand by now; those that
    /// are gone are deleted like [`Tenant::delete`] does, and those that are new are added like [`Tenant::add`] does. An
    /// edit changes no passage of another section, and few behind it in its own. The same document again writes
    /// nothing. A passage is the same if its title, its text and its trust are, and the headings that are not in its text.
    ///
    /// It is decided with nobody else's writes between. A large document takes several commits. A reader who comes between
    /// them sees the new version up to some passage, and the former one from there on; after a failure of the machine it
    /// may stay so, until the call is repeated.
    ///
    /// ```
    /// use ebbmark::{NewDocument, Options, Query, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let text = "# Handbook\n\n## Travel\n\nTrains are booked by the office.\n\n## Leave\n\nAsk a week before.\n";
    /// tenant.add_document(NewDocument::new("handbook.md", text))?;
    ///
    /// let hits = tenant.search(Query::text("Who books trains?").limit(1))?;
    /// let passage = hits[0].record.as_episode().and_then(|episode| episode.passage.clone()).unwrap();
    /// assert_eq!((passage.document.as_str(), passage.heading().as_str()), ("handbook.md", "Handbook > Travel"));
    ///
    /// let receipt = tenant.add_document(NewDocument::new("handbook.md", text.replace("a week", "two weeks")))?;
    /// assert_eq!((receipt.kept.len(), receipt.added.len(), receipt.removed.len()), (1, 1, 1));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `text.*`, `name.invalid`, `range.invalid`, `metadata.invalid`, `batch.size` for more than 100,000 passages,
    /// `guard.rejected`, `callback.panicked` for a guard that panics, `quota.exceeded`, `access.denied`: nothing was
    /// written. `tenant.full`, `call.stopped`. A failing embedder or extractor is no error: the receipt tells.
    pub fn add_document(&self, document: impl Into<NewDocument>) -> Result<DocumentReceipt> {
        let document = document.into();
        self.call(Verb::AddDocument, |work| {
            let receipt = self.put_document(document)?;
            work.given(receipt.passages.len());
            work.found(receipt.added.len());
            Ok(receipt)
        })
    }

    fn put_document(&self, document: NewDocument) -> Result<DocumentReceipt> {
        self.require(Access::ReadWrite)?;
        let document = self.check_document(document)?;
        let mut draft = Draft { passages: self.admitted(&document)?, ..Draft::default() };
        let place = Place { user: document.scope.user.as_deref(), name: &document.name };
        loop {
            let stored = self.write(Cause::AddDocument, |write| place.read(write))?;
            let plan = Plan::new(stored, &draft.passages);
            self.prepare(&mut draft, &plan)?;
            if let Some(receipt) = self.replace_document(Cause::AddDocument, &place, &plan, &draft)? {
                return Ok(receipt);
            }
        }
    }

    /// Deletes a document: each of its passages with what it alone supported, as [`Tenant::delete`] does. The name is one
    /// of the handle's user.
    ///
    /// # Errors
    /// `document.not_found`, `name.invalid`, `access.denied`.
    pub fn delete_document(&self, name: &str) -> Result<DocumentReceipt> {
        self.call(Verb::DeleteDocument, |work| {
            let receipt = self.remove_document(name)?;
            work.found(receipt.removed.len());
            Ok(receipt)
        })
    }

    fn remove_document(&self, name: &str) -> Result<DocumentReceipt> {
        self.require(Access::ReadWrite)?;
        let name = check_document_name(name)?;
        let place = Place { user: self.scope().user.as_deref(), name: &name };
        loop {
            let stored = self.write(Cause::DeleteDocument, |write| place.read(write))?;
            if stored.is_empty() {
                return Err(no_document());
            }
            let plan = Plan::new(stored, &[]);
            if let Some(receipt) =
                self.replace_document(Cause::DeleteDocument, &place, &plan, &Draft::default())?
            {
                return Ok(receipt);
            }
        }
    }

    /// The document in normal form, with the labels of this handle.
    fn check_document(&self, mut document: NewDocument) -> Result<NewDocument> {
        document.name = check_document_name(&document.name)?;
        document.split.check()?;
        document.text = check_text("a document's text", &document.text, DOCUMENT_BYTES_MAX)?;
        if let Some(title) = &document.title {
            document.title = Some(check_text("a title", title, TERM_BYTES_MAX)?);
        }
        check_metadata(&document.metadata)?;
        document.scope = document.scope.or(self.scope());
        document.scope.check()?;
        Ok(document)
    }

    /// The passages of a document as the guard lets them in.
    fn admitted(&self, document: &NewDocument) -> Result<Vec<Checked>> {
        let SplitText { heading, pieces } = split_text(&document.text, &document.split);
        if pieces.len() > BATCH_EPISODES_MAX {
            return Err(Error::draft(Code::BatchSize, "a document has too many passages")
                .got(pieces.len())
                .expected(format!("at most {BATCH_EPISODES_MAX}"))
                .remedy("let its passages be longer, or add it in parts"));
        }
        let mut headings = Headings::default();
        let heading = heading.map(|heading| headings.admit(self, &document.scope, heading)).transpose()?;
        // What the guard keeps back is the title of nothing.
        let heading = heading.filter(|heading| !heading.quarantined);
        let title = document.title.clone().or(heading.map(|heading| heading.text));
        let title = title.unwrap_or_else(|| document.name.clone());
        let mut passages = Vec::with_capacity(pieces.len());
        for (ordinal, piece) in (0..).zip(pieces) {
            let new = NewEpisode {
                title: Some(title.clone()),
                scope: document.scope.clone(),
                occurred_at: document.occurred_at,
                metadata: document.metadata.clone(),
                trust: document.trust,
                ..NewEpisode::new(Role::Document, piece.of(&document.text))
            };
            let mut checked = self.check_in(&new)?;
            let (start, end) = (piece.start as u64, piece.end as u64);
            let mut section = Vec::with_capacity(piece.section.len());
            for heading in piece.section {
                let heading = headings.admit(self, &document.scope, heading)?;
                checked.quarantined |= heading.quarantined;
                section.push(heading.text);
            }
            checked.passage = Some(Passage { document: document.name.clone(), section, ordinal, start, end });
            passages.push(checked);
            self.go_on(0)?;
        }
        Ok(passages)
    }

    /// Draws the claims of the passages that are to be added, and finds the vectors, as far as it was not done.
    fn prepare(&self, draft: &mut Draft, plan: &Plan) -> Result<()> {
        let Draft { passages, ready, embedder_error, extractor_error } = draft;
        ready.resize(passages.len(), false);
        let mut fresh = Vec::new();
        for ((passage, ready), kept) in passages.iter_mut().zip(ready).zip(&plan.kept) {
            if kept.is_none() && !std::mem::replace(ready, true) {
                fresh.push((passage, None));
            }
        }
        *extractor_error = extractor_error.take().or(self.learn_from(&mut fresh)?);
        let mut fresh: Vec<&mut Checked> = fresh.into_iter().map(|(passage, _)| passage).collect();
        *embedder_error = embedder_error.take().or(self.embed(&mut fresh)?);
        Ok(())
    }

    /// Makes a document what was planned; `None` if it is not any more what the plan was made for.
    fn replace_document(
        &self,
        cause: Cause,
        place: &Place<'_>,
        plan: &Plan,
        draft: &Draft,
    ) -> Result<Option<DocumentReceipt>> {
        let (at, is_stale) = (Cell::new(0), Cell::new(false));
        let steps = plan.steps();
        let adds = steps.iter().any(|step| matches!(step, Step::Add(_)));
        let (parts, queued) = self.submit_all(cause, |write, number| {
            if number == 0 {
                at.set(0);
                is_stale.set(!plan.is_for(&place.read(write)?));
            }
            if is_stale.get() || number > 0 && at.get() == steps.len() {
                return Ok(None);
            }
            if adds {
                write.meter();
            }
            let mut part = DocumentReceipt::default();
            for step in steps.get(at.get()..).unwrap_or_default() {
                self.take_step(write, step, draft, &mut part)?;
                at.set(at.get() + 1);
                if write.is_full() {
                    break;
                }
            }
            Ok(Some(part))
        })?;
        if is_stale.get() {
            return Ok(None);
        }
        let mut receipt = DocumentReceipt::default();
        parts.into_iter().for_each(|part| receipt.extend(part));
        self.settle_added(queued, receipt.added.len() as u64)?;
        self.go_on(receipt.passages.len())?;
        if !receipt.removed.is_empty() {
            receipt.effect = self.settle_deferred(cause, None, receipt.effect)?;
        }
        receipt.embedder_error = draft.embedder_error.clone().filter(|_| receipt.pending > 0);
        receipt.extractor_error = draft.extractor_error.clone();
        Ok(Some(receipt))
    }

    fn take_step(
        &self,
        write: &mut Write<'_>,
        step: &Step,
        draft: &Draft,
        receipt: &mut DocumentReceipt,
    ) -> Result<()> {
        match *step {
            Step::Add(at) => {
                let Some(passage) = draft.passages.get(at) else { return Ok(()) };
                let waited = write.pending();
                let (id, facts) = self.stage(write, passage)?;
                receipt.pending += write.pending().saturating_sub(waited) as usize;
                receipt.passages.push(id);
                receipt.added.push(id);
                receipt.facts.extend(facts);
                receipt.redacted.extend(Some(id).filter(|_| passage.redacted));
                receipt.quarantined.extend(Some(id).filter(|_| passage.quarantined));
            }
            Step::Keep(at, id) => {
                let Some(passage) = draft.passages.get(at) else { return Ok(()) };
                receipt.passages.push(id);
                receipt.kept.push(id);
                self.keep(write, id, passage, receipt)?;
            }
            Step::Remove(id) => {
                let Some((slot, stored)) = write.find(id)? else { return Ok(()) };
                receipt.effect.extend(self.forget(write, slot, &stored, ChangeKind::Deleted)?);
                receipt.removed.push(id);
            }
        }
        Ok(())
    }
}

impl Tenant {
    /// Puts a passage that was there before where it stands now. Labels and fields are a part of what indexes hold of a
    /// text, so that others need another version; its place is not.
    fn keep(
        &self,
        write: &mut Write<'_>,
        id: Id,
        passage: &Checked,
        receipt: &mut DocumentReceipt,
    ) -> Result<()> {
        let Some((slot, stored)) = write.find(id)? else { return Ok(()) };
        let Some(old) = stored.record.as_episode() else { return Ok(()) };
        let moved = Episode { passage: passage.passage.clone(), ..old.clone() };
        // Who adds it again wants it found.
        let trace = match stored.trace.archived_at {
            Some(_) => Trace { archived_at: None, used_at: Some(write.now()), ..stored.trace },
            None => stored.trace,
        };
        let kept = Stored { trace, ..stored.clone() };
        let new = &passage.new;
        receipt.moved.extend(Some(id).filter(|_| *old != moved));
        if old.scope == new.scope && old.metadata == new.metadata {
            let next = Stored { record: Record::Episode(moved), ..kept };
            return if next == stored { Ok(()) } else { write.set(slot, &stored, &next, ChangeKind::Moved) };
        }
        receipt.updated.push(id);
        write.keep_revision(&stored)?;
        let next = Episode {
            scope: new.scope.clone(),
            metadata: new.metadata.clone(),
            recorded_at: write.now(),
            version: old.version + 1,
            ..moved
        };
        let next = Stored {
            record: Record::Episode(next),
            made_by: RevisionKind::Updated,
            actor: self.actor().to_owned(),
            ..kept
        };
        let vector = stored_vector(write, slot, &stored)?;
        write.replace(slot, &stored, next, vector.as_deref(), ChangeKind::Updated)
    }
}

impl DocumentReceipt {
    /// Takes what the next commit did into the receipt.
    fn extend(&mut self, part: DocumentReceipt) {
        self.passages.extend(part.passages);
        self.added.extend(part.added);
        self.kept.extend(part.kept);
        self.moved.extend(part.moved);
        self.updated.extend(part.updated);
        self.removed.extend(part.removed);
        self.facts.extend(part.facts);
        self.effect.extend(part.effect);
        self.redacted.extend(part.redacted);
        self.quarantined.extend(part.quarantined);
        self.pending += part.pending;
    }
}

/// Which document.
struct Place<'a> {
    user: Option<&'a str>,
    name: &'a str,
}

impl Place<'_> {
    /// Its passages as they are with a write.
    fn read(&self, write: &Write<'_>) -> Result<Vec<(u32, Stored)>> {
        passages_of(write, self.user, self.name)
    }
}

/// A document as it is to be.
#[derive(Default)]
struct Draft {
    passages: Vec<Checked>,
    /// Which of them have their claims and their vectors, as far as those could be had.
    ready: Vec<bool>,
    embedder_error: Option<Error>,
    extractor_error: Option<Error>,
}

/// How a document becomes what it is to be.
struct Plan {
    /// The passages that there are, with their slots.
    stored: Vec<(u32, Stored)>,
    /// For each passage of the new version the one of `stored` that it is.
    kept: Vec<Option<usize>>,
}

/// One step of a plan.
enum Step {
    /// Adds a passage of the draft.
    Add(usize),
    /// Puts a stored passage where this one of the draft stands.
    Keep(usize, Id),
    /// Deletes a stored passage.
    Remove(Id),
}

impl Plan {
    /// Each new passage is the first one that is the same and not yet taken.
    fn new(stored: Vec<(u32, Stored)>, passages: &[Checked]) -> Self {
        let mut same: HashMap<_, VecDeque<usize>> = HashMap::with_capacity(stored.len());
        for (index, (_, stored)) in stored.iter().enumerate() {
            if let Some(old) = stored.record.as_episode() {
                let key = (old.title.as_deref(), old.searched_text(), &old.text, old.trust, old.quarantined);
                same.entry(key).or_default().push_back(index);
            }
        }
        let kept = passages.iter().map(|passage| {
            let Checked { new, quarantined, .. } = passage;
            let trust = new.trust.unwrap_or(new.role.trust());
            let key = (new.title.as_deref(), passage.searched_text(), &new.text, trust, *quarantined);
            same.get_mut(&key).and_then(VecDeque::pop_front)
        });
        let kept = kept.collect();
        Plan { stored, kept }
    }

    /// Whether it was made for a document that has these passages. They may have been used since.
    fn is_for(&self, stored: &[(u32, Stored)]) -> bool {
        let same = |((slot, known), (other, found)): (&(u32, Stored), &(u32, Stored))| {
            slot == other && known.record == found.record
        };
        self.stored.len() == stored.len() && self.stored.iter().zip(stored).all(same)
    }

    /// The steps in the order of the document. What is new comes before what it takes the place of is deleted, so that a
    /// claim that both make never loses its support.
    fn steps(&self) -> Vec<Step> {
        let mut is_gone = vec![true; self.stored.len()];
        for index in self.kept.iter().flatten() {
            is_gone.get_mut(*index).into_iter().for_each(|is_gone| *is_gone = false);
        }
        let old: Vec<(Id, bool)> =
            self.stored.iter().map(|(_, stored)| stored.record.id()).zip(is_gone).collect();
        let gone = |from: usize, to: usize| {
            let passed = old.get(from..to).unwrap_or_default();
            passed.iter().filter(|(_, is_gone)| *is_gone).map(|(id, _)| Step::Remove(*id))
        };
        let (mut steps, mut passed) = (Vec::new(), 0);
        for (at, kept) in self.kept.iter().enumerate() {
            let Some((index, (id, _))) = kept.and_then(|index| Some((index, old.get(index)?))) else {
                steps.push(Step::Add(at));
                continue;
            };
            steps.extend(gone(passed, index));
            steps.push(Step::Keep(at, *id));
            passed = passed.max(index + 1);
        }
        steps.extend(gone(passed, old.len()));
        steps
    }
}

/// The headings of a document as the guard lets them in, each asked about once: they are kept beside every passage.
#[derive(Default)]
struct Headings(HashMap<String, Heading>);

#[derive(Clone)]
struct Heading {
    text: String,
    quarantined: bool,
}

impl Headings {
    fn admit(&mut self, tenant: &Tenant, scope: &Scope, heading: String) -> Result<Heading> {
        let host = &tenant.common().host;
        if !host.is_guarded() {
            return Ok(Heading { text: heading, quarantined: false });
        }
        if let Some(known) = self.0.get(&heading) {
            return Ok(known.clone());
        }
        let new = NewEpisode { scope: scope.clone(), ..NewEpisode::new(Role::Document, heading.clone()) };
        let admitted = match host.admit(&new)? {
            Admission::Allow => Heading { text: heading.clone(), quarantined: false },
            Admission::Quarantine => Heading { text: heading.clone(), quarantined: true },
            Admission::Redact(text) => {
                let text = check_text("a heading", &text, TERM_BYTES_MAX)?;
                Heading { text, quarantined: false }
            }
            Admission::Reject(reason) => return Err(rejected(reason)),
        };
        self.0.insert(heading, admitted.clone());
        Ok(admitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Store};

    fn open() -> Tenant {
        Store::in_memory(Options { embedder: None, ..Options::default() }).unwrap().tenant("acme").unwrap()
    }

    fn document(parts: &[&str]) -> NewDocument {
        let text =
            parts.iter().map(|part| format!("## {part}\n\nThis tells of {part}.\n\n")).collect::<String>();
        NewDocument::new("notes", text).title("Notes")
    }

    fn told(tenant: &Tenant) -> Vec<String> {
        let name = "notes";
        let stored = tenant.write(Cause::Add, |write| Place { user: None, name }.read(write)).unwrap();
        stored.into_iter().map(|(_, stored)| stored.record.text()).collect()
    }

    /// The promise: wherever a replacement is cut off, what both versions have is there, and adding the document again
    /// completes it. It could be broken by steps that rest on a former one, or by a plan that does not see two versions.
    #[test]
    fn a_replacement_that_was_cut_off_is_completed_by_the_same_call() {
        let former = document(&["apples", "pears", "plums", "quinces", "figs"]);
        let next = document(&["dates", "plums", "limes", "kiwis", "apples", "figs"]);
        let whole = open();
        let expected = whole.add_document(next.clone()).map(|_| told(&whole)).unwrap();
        for count in 0..10 {
            let tenant = open();
            let before = tenant.add_document(former.clone()).unwrap().passages;
            let draft = Draft { passages: tenant.admitted(&next).unwrap(), ..Draft::default() };
            let steps = tenant
                .write(Cause::AddDocument, |write| {
                    let stored = Place { user: None, name: "notes" }.read(write)?;
                    let plan = Plan::new(stored, &draft.passages);
                    let steps = plan.steps();
                    let mut receipt = DocumentReceipt::default();
                    for step in steps.iter().take(count) {
                        tenant.take_step(write, step, &draft, &mut receipt)?;
                    }
                    Ok(steps.len())
                })
                .unwrap();
            assert_eq!(steps, 8, "three new, three kept, two gone");
            let between = told(&tenant);
            let common =
                ["apples", "plums", "figs"].map(|part| format!("## {part}\n\nThis tells of {part}."));
            assert!(common.iter().all(|text| between.contains(text)), "{count}: {between:?}");
            let receipt = tenant.add_document(next.clone()).unwrap();
            assert_eq!(told(&tenant), expected, "cut off after {count}");
            for kept in [0, 2, 4] {
                assert!(before.get(kept).is_some_and(|id| receipt.kept.contains(id)), "{count}");
            }
        }
    }
}
