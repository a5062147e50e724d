//! `add`: episodes in, a receipt out.

use twox_hash::XxHash3_128;

use super::assert::Assertion;
use super::check::{check_expiry, check_unit, rejected};
use super::settle::Vector;
use crate::error::{Code, Error, Result};
use crate::language;
use crate::limits::{BATCH_EPISODES_MAX, COMMIT_BYTES_MAX, NAME_BYTES_MAX, SUPPORTS_MAX, TEXT_BYTES_MAX};
use crate::model::{
    Admission, Batch, Episode, Id, NewEpisode, NewFact, Record, Role, VectorSpace, check_metadata,
    check_name, check_text, metadata_bytes,
};
use crate::observe::{Cause, Verb};
use crate::storage::{decode, encode, keys};
use crate::tenancy::{Access, Counters, Embedded, QueuedWrite, Tenant, Write, gather, space_of};
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
    /// Records that wait for a vector.
    pub pending: usize,
    /// Why they wait.
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
struct Checked {
    new: NewEpisode,
    vector: Option<Vec<f32>>,
    pending: bool,
    redacted: bool,
    quarantined: bool,
    facts: Vec<(NewFact, Vector)>,
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
    /// `guard.rejected`, `text.*`, `name.invalid`, `metadata.invalid`, `range.invalid`, `interval.inverted`, `vector.*`,
    /// `batch.size`, `idempotency.mismatch`, `access.denied`: nothing was written. `tenant.full`: the first commits
    /// of a large batch may have been. A failing embedder or extractor is no error: the receipt tells.
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
            space: episodes.iter().find_map(|new| Some(space_of(self.context(), new.vector.as_ref()?))),
        };
        let mut last: Option<QueuedWrite> = None;
        let mut added = 0;
        let mut rest = episodes.as_slice();
        for number in 0_u32.. {
            if rest.is_empty() {
                break;
            }
            let (chunk, tail) = rest.split_at(self.next_chunk(rest, number, &content)?);
            rest = tail;
            let submitted = self.submit(Cause::Add, |write| self.add_chunk(write, chunk, number, &content));
            let ((ids, facts), queued) = match submitted {
                Ok(submitted) => submitted,
                Err(error) => {
                    // What was queued before it will be durable: it must be visible, too.
                    self.settle(last)?;
                    Counters::add(&self.context().calls.episodes_added, added);
                    return Err(error);
                }
            };
            added += if facts.is_some() && !self.is_dry_run() { ids.len() as u64 } else { 0 };
            receipt.take(chunk, &ids, facts);
            last = queued.or(last);
        }
        self.settle(last)?;
        Counters::add(&self.context().calls.episodes_added, added);
        receipt.embedder_error = receipt.embedder_error.filter(|_| receipt.pending > 0);
        Ok(receipt)
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
        let mut episodes = Vec::with_capacity(count);
        for new in &batch.episodes {
            let mut checked = self.guarded(self.check_episode(new)?)?;
            if !checked.quarantined {
                let previous = self.said_before(&episodes, &checked.new)?;
                let learned = self.learn(&checked.new, previous.as_deref())?;
                receipt.extractor_error = receipt.extractor_error.take().or(learned.failure);
                checked.facts = learned.facts;
            }
            episodes.push(checked);
        }
        receipt.embedder_error = self.embed(&mut episodes)?;
        Ok(episodes)
    }

    /// Finds the vectors of all texts and claims in one go. Gives why some could not be had.
    fn embed(&self, episodes: &mut [Checked]) -> Result<Option<Error>> {
        let mut sentences: Vec<(String, Option<Vec<f32>>)> = Vec::new();
        for checked in episodes.iter_mut() {
            sentences.push((checked.new.text.clone(), checked.vector.take()));
            let facts = checked.facts.iter_mut();
            sentences.extend(facts.map(|(fact, _)| (fact.sentence(), fact.vector.take())));
        }
        let texts: Vec<(&str, Option<&[f32]>)> =
            sentences.iter().map(|(text, vector)| (text.as_str(), vector.as_deref())).collect();
        let Embedded { vectors, failure } = gather(self.context(), &texts)?;
        let mut vectors = vectors.into_iter();
        for checked in episodes {
            checked.vector = vectors.next().flatten();
            checked.pending = failure.is_some() && checked.vector.is_none();
            for (_, found) in &mut checked.facts {
                let vector = vectors.next().flatten();
                *found = Vector { pending: failure.is_some() && vector.is_none(), vector };
            }
        }
        Ok(failure)
    }

    /// The episode as the guard lets it in.
    fn guarded(&self, mut new: NewEpisode) -> Result<Checked> {
        let admission = self.context().guard.as_ref().map_or(Admission::Allow, |guard| guard.admit(&new));
        let (mut redacted, mut quarantined) = (false, false);
        match admission {
            Admission::Allow => {}
            Admission::Quarantine => quarantined = true,
            Admission::Redact(text) => {
                redacted = true;
                new.text = check_text("an episode's text", &text, TEXT_BYTES_MAX)?;
                new.vector = None;
            }
            Admission::Reject(reason) => return Err(rejected(reason)),
        }
        let vector = new.vector.take();
        Ok(Checked { new, vector, pending: false, redacted, quarantined, facts: Vec::new() })
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
        self.last_said(&new.scope, new.speaker.as_deref())
    }

    /// The episode in normal form, with the labels of this handle.
    fn check_episode(&self, new: &NewEpisode) -> Result<NewEpisode> {
        let mut new = new.clone();
        new.text = check_text("an episode's text", &new.text, TEXT_BYTES_MAX)?;
        if let Some(speaker) = &new.speaker {
            check_name("a speaker", speaker)?;
            new.speaker = Some(check_text("a speaker", speaker, NAME_BYTES_MAX)?);
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
    ) -> Result<(Vec<Id>, Option<Vec<FactReceipt>>)> {
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
            return Ok((ids, None));
        }
        // The first commit admits the vectors of the whole batch, so that a later one has nothing to refuse.
        if let Some(space) = &content.space {
            write.admit(space)?;
        }
        let mut ids = Vec::with_capacity(chunk.len());
        let mut receipts = Vec::new();
        for checked in chunk {
            let mut episode = episode_of(&checked.new, self.context().next_id(), write);
            episode.quarantined = checked.quarantined;
            let id = episode.id;
            ids.push(id);
            write.add(Record::Episode(episode), checked.vector.as_deref(), checked.pending)?;
            for (fact, found) in &checked.facts {
                let mut fact = fact.clone();
                if !fact.supports.contains(&id) {
                    fact.supports.push(id);
                }
                let verdict = self.settle_claim(write, &fact, found)?;
                receipts.push(FactReceipt { episode: id, fact, verdict });
            }
        }
        if let Some(key) = content.key {
            write.put(keys::idempotency(key, number), &encode(&(content.fingerprint, &ids))?);
        }
        Ok((ids, Some(receipts)))
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
        let given = rest.iter().find_map(|checked| checked.vector.as_ref().map(Vec::len));
        let known = self.context().space.as_ref().map(|space| space.dimensions as usize);
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
    fn take(&mut self, chunk: &[Checked], ids: &[Id], facts: Option<Vec<FactReceipt>>) {
        let which = |wanted: &dyn Fn(&Checked) -> bool| -> Vec<Id> {
            chunk.iter().zip(ids).filter(|(checked, _)| wanted(checked)).map(|(_, id)| *id).collect()
        };
        self.redacted.extend(which(&|checked| checked.redacted));
        self.quarantined.extend(which(&|checked| checked.quarantined));
        self.ids.extend(ids);
        let Some(facts) = facts else { return };
        self.replayed = false;
        self.facts.extend(facts);
        let waiting = |checked: &Checked| {
            let facts = checked.facts.iter().filter(|(_, found)| found.pending).count();
            facts + usize::from(checked.pending)
        };
        self.pending += chunk.iter().map(waiting).sum::<usize>();
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

fn episode_of(new: &NewEpisode, id: Id, write: &Write<'_>) -> Episode {
    Episode {
        id,
        role: new.role,
        speaker: new.speaker.clone(),
        text: new.text.clone(),
        scope: new.scope.clone(),
        occurred_at: new.occurred_at.unwrap_or(write.now()),
        recorded_at: write.now(),
        expires_at: new.expires_at,
        importance: new.importance,
        metadata: new.metadata.clone(),
        trust: new.trust.unwrap_or(new.role.trust()),
        quarantined: false,
        version: 1,
    }
}

/// Tells whether a repeated call has the same content. Vectors are left out: an embedder may make them anew.
fn fingerprint(episodes: &[Checked]) -> Result<u128> {
    let mut hasher = XxHash3_128::new();
    for Checked { new, .. } in episodes {
        let labels = (new.role, &new.speaker, &new.scope, new.occurred_at, new.expires_at, new.trust);
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
