//! `add`: episodes in, a receipt out.

use twox_hash::XxHash3_128;

use super::assert::Assertion;
use super::check::{check_expiry, check_unit, rejected};
use super::learn::Learned;
use super::settle::Vector;
use crate::error::{Code, Error, Result};
use crate::language;
use crate::limits::{
    BATCH_EPISODES_MAX, COMMIT_BYTES_MAX, NAME_BYTES_MAX, SUPPORTS_MAX, TERM_BYTES_MAX, TEXT_BYTES_MAX,
};
use crate::model::{
    Admission, Batch, Episode, Id, NewEpisode, NewFact, Passage, Quotas, Record, Role, VectorSpace,
    check_metadata, check_name, check_text, metadata_bytes, searched,
};
use crate::observe::{Cause, Verb};
use crate::storage::{decode, encode, keys};
use crate::tenancy::{Access, Counters, Lack, QueuedWrite, Tenant, Want, Write, space_of};
use crate::truth::Outcome;

/// Episodes in one commit.
const CHUNK_EPISODES: usize = 64;

/// Bytes of text and metadata in one commit of several episodes.
const CHUNK_BYTES: usize = 1 << 20;

/// Bytes of vectors in one commit of several episodes: half of what a commit may carry.
const CHUNK_VECTOR_BYTES: usize = COMMIT_BYTES_MAX / 2;

/// What became of a claim that an episode made.
#[derive(Clone, Debug, PartialEq)]
pub struct FactReceipt {
    /// The episode that made it.
    pub episode: Id,
    /// The claim as it was asserted.
    pub fact: NewFact,
    /// What became of it.
    pub verdict: Assertion,
}

/// What `add` did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipt {
    /// The ids of the episodes, in their order.
    pub ids: Vec<Id>,
    /// The claims that the episodes made, in their order, with what became of them. A replayed call does not tell.
    pub facts: Vec<FactReceipt>,
    /// Whether an earlier call with the same idempotency key had added them all.
    pub replayed: bool,
    /// Episodes whose text the guard changed.
    pub redacted: Vec<Id>,
    /// Episodes that the guard keeps out of lists and searches.
    pub quarantined: Vec<Id>,
    /// Records that wait since this call: for a vector, or for their claims. See [`Tenant::pending`].
    pub pending: usize,
    /// Why vectors could not be had.
    pub embedder_error: Option<Error>,
    /// Why claims could not be drawn from some episode.
    pub extractor_error: Option<Error>,
}

impl Receipt {
    /// The id of the only episode, or of the first.
    pub fn id(&self) -> Option<Id> {
        self.ids.first().copied()
    }

    /// The claims that became this.
    pub fn with(&self, outcome: Outcome) -> impl Iterator<Item = &FactReceipt> {
        self.facts.iter().filter(move |fact| fact.verdict.outcome == outcome)
    }
}

/// An episode that has passed the guard and its checks.
pub(super) struct Checked {
    pub(super) new: NewEpisode,
    /// Where it stands in a document, if it is a passage of one.
    pub(super) passage: Option<Passage>,
    /// Its vector, as far as it could be had.
    found: Vector,
    /// Why the host's extractor could not be asked for its claims.
    no_claims: Option<Lack>,
    pub(super) redacted: bool,
    pub(super) quarantined: bool,
    facts: Vec<(NewFact, Vector)>,
}

impl Checked {
    /// What is searched of it, and what its vector is made of.
    pub(super) fn searched_text(&self) -> String {
        let NewEpisode { speaker, title, text, .. } = &self.new;
        let section = self.passage.as_ref().map_or(&[][..], |passage| &passage.section);
        searched(speaker.as_deref(), title.as_deref(), section, text)
    }
}

impl Tenant {
    /// Adds one text, one [`NewEpisode`], or a [`Batch`] of up to 100,000, and what they say: the guard decides, claims
    /// are drawn from the text, and each is judged like one of [`Tenant::assert_fact`], supported by its episode.
    ///
    /// When it returns, all of it is durable and found. All episodes are checked before the first is written.
    /// A large batch is written in commits of up to 64; if the machine fails between them, the first ones are
    /// kept, and repeating the call with the same idempotency key adds just the rest.
    ///
    /// ```
    /// use ebbmark::{Options, Outcome, Scope, Store};
    ///
    /// let mara = Store::in_memory(Options::default())?.tenant("acme")?.with_scope(Scope::user("Mara"))?;
    /// mara.add("I live in Berlin and I like tea.")?;
    /// let receipt = mara.add("I moved to Porto!")?;
    /// assert_eq!(receipt.with(Outcome::Superseded).count(), 1);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `guard.rejected`, `callback.panicked` for a guard that panics, `text.*`, `name.invalid`, `metadata.invalid`,
    /// `range.invalid`, `interval.inverted`, `vector.*`, `batch.size`, `idempotency.mismatch`, `access.denied`: nothing
    /// was written. `tenant.full`, `call.stopped`: the first commits of a large batch may have been. A failing embedder or extractor is
    /// no error: the receipt tells, and [`Tenant::process_pending`] asks again.
    pub fn add(&self, batch: impl Into<Batch>) -> Result<Receipt> {
        let batch = batch.into();
        self.call(Verb::Add, |work| {
            work.given(batch.episodes.len());
            let receipt = self.add_batch(&batch)?;
            work.found(receipt.facts.len());
            Ok(receipt)
        })
    }

    fn add_batch(&self, batch: &Batch) -> Result<Receipt> {
        self.require(Access::ReadWrite)?;
        let mut receipt = Receipt { replayed: true, ..Receipt::default() };
        let episodes = self.check_batch(batch, &mut receipt)?;
        let content = BatchContent {
            key: batch.idempotency_key.as_ref().map(|key| XxHash3_128::oneshot(key.as_bytes())),
            fingerprint: fingerprint(&episodes)?,
            space: episodes.iter().find_map(|new| Some(space_of(self.common(), new.found.vector.as_ref()?))),
        };
        let chunks = self.chunks(&episodes, &content)?;
        if chunks.len() > 1 && self.config()?.quotas != Quotas::default() {
            self.add_all_or_none(&chunks, &content, &mut receipt)?;
        } else {
            self.add_in_turn(&chunks, &content, &mut receipt)?;
        }
        receipt.embedder_error = receipt.embedder_error.filter(|_| receipt.pending > 0);
        Ok(receipt)
    }

    /// Adds chunks, each in a commit of its own, others' commits perhaps between them.
    fn add_in_turn(
        &self,
        chunks: &[&[Checked]],
        content: &BatchContent,
        receipt: &mut Receipt,
    ) -> Result<()> {
        let (mut last, mut fresh): (Option<QueuedWrite>, u64) = (None, 0);
        let added = (0..).zip(chunks).try_for_each(|(number, chunk)| {
            let (added, queued) =
                self.submit(Cause::Add, |write| self.add_chunk(write, chunk, number, content))?;
            fresh += added.fresh();
            receipt.take(chunk, added);
            last = queued.or(last.take());
            self.go_on(chunk.len())
        });
        // What was queued before a failure will be durable: it must be visible, too.
        self.settle_added(last, fresh)?;
        added
    }

    /// Waits until what was added is durable, and counts it.
    pub(super) fn settle_added(&self, last: Option<QueuedWrite>, fresh: u64) -> Result<()> {
        self.settle(last)?;
        let fresh = if self.is_dry_run() { 0 } else { fresh };
        Counters::add(&self.common().calls.episodes_added, fresh);
        Ok(())
    }

    /// Adds chunks so that a quota refuses all of them or none.
    fn add_all_or_none(
        &self,
        chunks: &[&[Checked]],
        content: &BatchContent,
        receipt: &mut Receipt,
    ) -> Result<()> {
        let (done, last) = self.submit_all(Cause::Add, |write, number| {
            let chunk = chunks.get(number).copied();
            chunk.map(|chunk| self.add_chunk(write, chunk, number as u32, content)).transpose()
        })?;
        let fresh = done.iter().map(Added::fresh).sum();
        for (chunk, added) in chunks.iter().zip(done) {
            receipt.take(chunk, added);
        }
        self.settle_added(last, fresh)?;
        self.go_on(receipt.ids.len())
    }

    /// The episodes as they go into one commit each.
    fn chunks<'e>(&self, episodes: &'e [Checked], content: &BatchContent) -> Result<Vec<&'e [Checked]>> {
        let (mut chunks, mut rest) = (Vec::new(), episodes);
        for number in 0_u32.. {
            if rest.is_empty() {
                break;
            }
            let (chunk, tail) = rest.split_at(self.next_chunk(rest, number, content)?);
            chunks.push(chunk);
            rest = tail;
        }
        Ok(chunks)
    }

    /// The episodes as the guard lets them in, with their claims and vectors.
    fn check_batch(&self, batch: &Batch, receipt: &mut Receipt) -> Result<Vec<Checked>> {
        let count = batch.episodes.len();
        if count == 0 || count > BATCH_EPISODES_MAX {
            return Err(Error::draft(Code::BatchSize, "a batch has an impossible number of episodes")
                .got(count)
                .expected(format!("1 to {BATCH_EPISODES_MAX}"))
                .remedy("split it into several calls"));
        }
        if let Some(key) = &batch.idempotency_key {
            check_name("an idempotency key", key)?;
        }
        let (mut episodes, mut previous) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for new in &batch.episodes {
            let checked = self.check_in(new)?;
            previous.push(self.said_before(&episodes, &checked.new)?);
            episodes.push(checked);
        }
        receipt.extractor_error =
            self.learn_from(&mut episodes.iter_mut().zip(previous).collect::<Vec<_>>())?;
        receipt.embedder_error = self.embed(&mut episodes.iter_mut().collect::<Vec<_>>())?;
        Ok(episodes)
    }

    /// The episode as the guard lets it in, in normal form and with the labels of this handle.
    pub(super) fn check_in(&self, new: &NewEpisode) -> Result<Checked> {
        self.guarded(self.check_episode(new)?)
    }

    /// Draws the claims of episodes, each with what its speaker said before it; not of those that are kept in quarantine.
    /// Gives why some could not be had.
    pub(super) fn learn_from(
        &self,
        episodes: &mut [(&mut Checked, Option<String>)],
    ) -> Result<Option<Error>> {
        let heard = |(checked, _): &&(&mut Checked, Option<String>)| !checked.quarantined;
        let asked: Vec<(&NewEpisode, Option<&str>)> = episodes
            .iter()
            .filter(heard)
            .map(|(checked, previous)| (&checked.new, previous.as_deref()))
            .collect();
        let mut learned = self.learn(&asked)?.into_iter();
        let mut failure = None;
        for (checked, _) in episodes.iter_mut().filter(|(checked, _)| !checked.quarantined) {
            let Some(Learned { facts, failure: missed }) = learned.next() else { break };
            checked.no_claims = missed.as_ref().map(|error| Lack::Failed(error.code()));
            checked.facts = facts;
            failure = failure.or(missed);
        }
        Ok(failure)
    }

    /// Finds the vectors of all texts and claims in one go. Gives why some could not be had.
    pub(super) fn embed(&self, episodes: &mut [&mut Checked]) -> Result<Option<Error>> {
        let mut sentences: Vec<(String, Option<Vec<f32>>)> = Vec::new();
        for checked in episodes.iter_mut() {
            sentences.push((checked.searched_text(), checked.found.vector.take()));
            let facts = checked.facts.iter_mut();
            sentences.extend(facts.map(|(fact, _)| (fact.sentence(), fact.vector.take())));
        }
        let texts: Vec<(&str, Option<&[f32]>)> =
            sentences.iter().map(|(text, vector)| (text.as_str(), vector.as_deref())).collect();
        let (vectors, failure) = self.vectors_of(&texts)?;
        let mut vectors = vectors.into_iter();
        for checked in episodes {
            let of_claims = checked.facts.iter_mut().map(|(_, found)| found);
            for found in std::iter::once(&mut checked.found).chain(of_claims) {
                *found = vectors.next().unwrap_or_default();
            }
        }
        Ok(failure)
    }

    /// The episode as the guard lets it in.
    fn guarded(&self, mut new: NewEpisode) -> Result<Checked> {
        let (mut redacted, mut quarantined) = (false, false);
        match self.common().host.admit(&new)? {
            Admission::Allow => {}
            Admission::Quarantine => quarantined = true,
            Admission::Redact(text) => {
                redacted = true;
                new.text = check_text("an episode's text", &text, TEXT_BYTES_MAX)?;
                new.vector = None;
            }
            Admission::Reject(reason) => return Err(rejected(reason)),
        }
        let found = Vector { vector: new.vector.take(), lack: None };
        Ok(Checked { new, passage: None, found, no_claims: None, redacted, quarantined, facts: Vec::new() })
    }

    /// What the speaker of an elliptic correction said before it in the session.
    fn said_before(&self, before: &[Checked], new: &NewEpisode) -> Result<Option<String>> {
        if new.role != Role::User || !language::looks_back(&new.text) {
            return Ok(None);
        }
        let same = |checked: &&Checked| {
            let other = &checked.new;
            let same = other.scope == new.scope && other.speaker == new.speaker && other.role == new.role;
            same && !checked.quarantined
        };
        if let Some(checked) = before.iter().rev().find(same) {
            return Ok(Some(checked.new.text.clone()));
        }
        self.last_said(&new.scope, new.speaker.as_deref(), None)
    }

    /// The episode in normal form, with the labels of this handle.
    fn check_episode(&self, new: &NewEpisode) -> Result<NewEpisode> {
        let mut new = new.clone();
        new.text = check_text("an episode's text", &new.text, TEXT_BYTES_MAX)?;
        if let Some(speaker) = &new.speaker {
            check_name("a speaker", speaker)?;
            new.speaker = Some(check_text("a speaker", speaker, NAME_BYTES_MAX)?);
        }
        if let Some(title) = &new.title {
            new.title = Some(check_text("a title", title, TERM_BYTES_MAX)?);
        }
        check_metadata(&new.metadata)?;
        if let Some(importance) = new.importance {
            check_unit("an importance", importance)?;
        }
        new.scope = new.scope.or(self.scope());
        new.scope.check()?;
        if new.facts.len() > SUPPORTS_MAX {
            return Err(Error::draft(Code::RangeInvalid, "an episode makes too many claims")
                .got(new.facts.len())
                .expected(format!("at most {SUPPORTS_MAX}"))
                .remedy("assert the others by themselves, supported by the episode"));
        }
        check_expiry(new.occurred_at, new.expires_at)?;
        Ok(new)
    }

    /// Stages a chunk, unless it was added before under its key; then there are no receipts of its claims.
    fn add_chunk(
        &self,
        write: &mut Write<'_>,
        chunk: &[Checked],
        number: u32,
        content: &BatchContent,
    ) -> Result<Added> {
        let waited = write.pending();
        if let Some(key) = content.key
            && let Some(row) = write.get(&keys::idempotency(key, number))?
        {
            let (known, ids): (u128, Vec<Id>) = decode(&row)?;
            if known != content.fingerprint {
                return Err(Error::draft(
                    Code::IdempotencyMismatch,
                    "the idempotency key was used for other content",
                )
                .got("episodes that differ from the first call's")
                .expected("the same episodes")
                .remedy("use a new key for new content"));
            }
            return Ok(Added { ids, facts: None, pending: 0 });
        }
        write.meter();
        // The first commit admits the vectors of the whole batch, so that a later one has nothing to refuse.
        if let Some(space) = &content.space {
            write.admit(space)?;
        }
        let mut ids = Vec::with_capacity(chunk.len());
        let mut receipts = Vec::new();
        for checked in chunk {
            let (id, facts) = self.stage(write, checked)?;
            ids.push(id);
            receipts.extend(facts);
        }
        if let Some(key) = content.key {
            write.put(keys::idempotency(key, number), &encode(&(content.fingerprint, &ids))?);
        }
        // What goes from the queue in between (an atom that a claim took out) was not of this call.
        let pending = write.pending().saturating_sub(waited) as usize;
        Ok(Added { ids, facts: Some(receipts), pending })
    }

    /// Stages a new episode with its claims.
    pub(super) fn stage(&self, write: &mut Write<'_>, checked: &Checked) -> Result<(Id, Vec<FactReceipt>)> {
        let episode = episode_of(checked, self.common().next_id(), write);
        let id = episode.id;
        write.add(Record::Episode(episode), checked.found.vector.as_deref(), checked.found.lack)?;
        if let Some(lack) = checked.no_claims {
            write.want(id, Want::Claims, lack)?;
        }
        Ok((id, self.settle_drawn(write, id, &checked.facts)?))
    }

    /// Settles the claims that an episode makes, supported by it.
    pub(super) fn settle_drawn(
        &self,
        write: &mut Write<'_>,
        episode: Id,
        facts: &[(NewFact, Vector)],
    ) -> Result<Vec<FactReceipt>> {
        let settled = facts.iter().map(|(fact, found)| {
            let mut fact = fact.clone();
            if !fact.supports.contains(&episode) {
                fact.supports.push(episode);
            }
            let verdict = self.settle_claim(write, &fact, found)?;
            Ok(FactReceipt { episode, fact, verdict })
        });
        settled.collect()
    }

    /// How many episodes go into the next commit: as many as went in an earlier call with the same key, else as many as
    /// fit. What is tried out has to see what was tried before it, and commits nothing.
    fn next_chunk(&self, rest: &[Checked], number: u32, content: &BatchContent) -> Result<usize> {
        if self.is_dry_run() {
            return Ok(rest.len());
        }
        if let Some(key) = content.key {
            let row = self.snapshot()?.get_many(&[keys::idempotency(key, number)])?.pop().flatten();
            let known: Option<(u128, Vec<Id>)> = row.map(|row| decode(&row)).transpose()?;
            if let Some((_, ids)) = known {
                return Ok(ids.len().clamp(1, rest.len()));
            }
        }
        let given = rest.iter().find_map(|checked| checked.found.vector.as_ref().map(Vec::len));
        let known = self.common().space.as_ref().map(|space| space.dimensions as usize);
        let dimensions = known.or(given).unwrap_or(0);
        let (mut bytes, mut vectors) = (0, 0);
        let fits = rest.iter().take(CHUNK_EPISODES).take_while(|checked| {
            let before = bytes;
            let facts = checked.facts.iter().map(|(fact, _)| fact.sentence().len()).sum::<usize>();
            bytes += checked.new.text.len() + metadata_bytes(&checked.new.metadata) + 4 * facts;
            vectors += (1 + checked.facts.len()) * dimensions * 4;
            before == 0 || bytes <= CHUNK_BYTES && vectors <= CHUNK_VECTOR_BYTES
        });
        Ok(fits.count())
    }
}

impl Receipt {
    /// Takes what one commit did into the receipt.
    fn take(&mut self, chunk: &[Checked], added: Added) {
        let Added { ids, facts, pending } = added;
        let which = |wanted: &dyn Fn(&Checked) -> bool| -> Vec<Id> {
            chunk.iter().zip(&ids).filter(|(checked, _)| wanted(checked)).map(|(_, id)| *id).collect()
        };
        self.redacted.extend(which(&|checked| checked.redacted));
        self.quarantined.extend(which(&|checked| checked.quarantined));
        self.ids.extend(&ids);
        let Some(facts) = facts else { return };
        self.replayed = false;
        self.facts.extend(facts);
        self.pending += pending;
    }
}

/// What one commit of a batch did.
struct Added {
    ids: Vec<Id>,
    /// None if an earlier call had done it.
    facts: Option<Vec<FactReceipt>>,
    /// Records that wait since.
    pending: usize,
}

impl Added {
    /// Episodes that were added now, and not by an earlier call.
    fn fresh(&self) -> u64 {
        if self.facts.is_some() { self.ids.len() as u64 } else { 0 }
    }
}

/// What all commits of a batch share.
struct BatchContent {
    /// The hash of its idempotency key.
    key: Option<u128>,
    fingerprint: u128,
    /// The space of its vectors, if it has any.
    space: Option<VectorSpace>,
}

fn episode_of(checked: &Checked, id: Id, write: &Write<'_>) -> Episode {
    let new = &checked.new;
    Episode {
        id,
        role: new.role,
        speaker: new.speaker.clone(),
        title: new.title.clone(),
        text: new.text.clone(),
        scope: new.scope.clone(),
        occurred_at: new.occurred_at.unwrap_or(write.now()),
        recorded_at: write.now(),
        expires_at: new.expires_at,
        importance: new.importance,
        metadata: new.metadata.clone(),
        trust: new.trust.unwrap_or(new.role.trust()),
        quarantined: checked.quarantined,
        version: 1,
        passage: checked.passage.clone(),
    }
}

/// Tells whether a repeated call has the same content. Vectors are left out: an embedder may make them anew.
fn fingerprint(episodes: &[Checked]) -> Result<u128> {
    let mut hasher = XxHash3_128::new();
    for Checked { new, .. } in episodes {
        let labels =
            (new.role, &new.speaker, &new.title, &new.scope, new.occurred_at, new.expires_at, new.trust);
        hasher.write(&encode(&(labels, &new.text, new.importance, &new.metadata))?);
        for fact in &new.facts {
            let claim =
                (&fact.subject, &fact.predicate, &fact.object, fact.negated, &fact.contexts, fact.kind);
            let source = (fact.provenance, fact.confidence, fact.trust, &fact.holder, fact.distance);
            let rest = (fact.valid_from, fact.valid_to, fact.said_at, &fact.supports, &fact.scope);
            hasher.write(&encode(&(claim, source, rest))?);
        }
    }
    Ok(hasher.finish_128())
}
