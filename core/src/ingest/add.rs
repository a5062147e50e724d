//! `add`: episodes in, a receipt out.

use twox_hash::XxHash3_128;

use super::check::{check_expiry, check_unit};
use crate::error::{Code, Error, Result};
use crate::limits::{BATCH_EPISODES_MAX, NAME_BYTES_MAX, TEXT_BYTES_MAX};
use crate::model::{
    Batch, Episode, Id, NewEpisode, Record, VectorSpace, check_metadata, check_name, check_text,
    metadata_bytes,
};
use crate::storage::{decode, encode, keys};
use crate::tenancy::{Access, Embedded, QueuedWrite, Tenant, Write, gather, space_of};

/// Episodes in one commit: with the largest vectors they take half of what a commit may carry.
const CHUNK_EPISODES: usize = 64;

/// Bytes of text and metadata in one commit of several episodes.
const CHUNK_BYTES: usize = 1 << 20;

/// What `add` did.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The ids of the episodes, in their order.
    pub ids: Vec<Id>,
    /// Whether an earlier call with the same idempotency key had added them all.
    pub replayed: bool,
    /// Episodes that wait for a vector.
    pub pending: usize,
    /// Why they wait.
    pub embedder_error: Option<Error>,
}

impl Receipt {
    /// The id of the only episode, or of the first.
    pub fn id(&self) -> Option<Id> {
        self.ids.first().copied()
    }
}

/// An episode that has passed its checks.
struct Checked {
    new: NewEpisode,
    vector: Option<Vec<f32>>,
    pending: bool,
}

impl Tenant {
    /// Adds one text, one [`NewEpisode`], or a [`Batch`] of up to 100,000.
    ///
    /// When it returns, all of it is durable and found. All episodes are checked before the first is written.
    /// A large batch is written in commits of 64; if the machine fails between them, the first ones are
    /// kept, and repeating the call with the same idempotency key adds just the rest.
    ///
    /// # Errors
    /// `text.*`, `name.invalid`, `metadata.invalid`, `range.invalid`, `interval.inverted`, `vector.*`,
    /// `batch.size`, `idempotency.mismatch`, `access.denied`: nothing was written. `tenant.full`: the first commits
    /// of a large batch may have been. A failing embedder is no error: the receipt tells.
    pub fn add(&self, batch: impl Into<Batch>) -> Result<Receipt> {
        self.require(Access::ReadWrite)?;
        let batch = batch.into();
        let (episodes, failure) = self.check_batch(&batch)?;
        let content = BatchContent {
            key: batch.idempotency_key.as_ref().map(|key| XxHash3_128::oneshot(key.as_bytes())),
            fingerprint: fingerprint(&episodes)?,
            space: episodes.iter().find_map(|new| Some(space_of(self.context(), new.vector.as_ref()?))),
        };
        let mut receipt = Receipt { ids: Vec::new(), replayed: true, pending: 0, embedder_error: None };
        let mut last: Option<QueuedWrite> = None;
        for (number, chunk) in chunks(&episodes).into_iter().enumerate() {
            let submitted = self.submit(|write| self.add_chunk(write, chunk, number as u32, &content));
            let ((ids, replayed), queued) = match submitted {
                Ok(submitted) => submitted,
                Err(error) => {
                    // What was queued before it will be durable: it must be visible, too.
                    self.settle(last)?;
                    return Err(error);
                }
            };
            receipt.ids.extend(ids);
            receipt.replayed &= replayed;
            receipt.pending += if replayed { 0 } else { chunk.iter().filter(|new| new.pending).count() };
            last = queued.or(last);
        }
        self.settle(last)?;
        receipt.embedder_error = failure.filter(|_| receipt.pending > 0);
        Ok(receipt)
    }

    fn check_batch(&self, batch: &Batch) -> Result<(Vec<Checked>, Option<Error>)> {
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
        let checked = batch.episodes.iter().map(|new| self.check_episode(new));
        let mut episodes = checked.collect::<Result<Vec<NewEpisode>>>()?;
        let given: Vec<Option<Vec<f32>>> = episodes.iter_mut().map(|new| new.vector.take()).collect();
        let texts: Vec<(&str, Option<&[f32]>)> =
            episodes.iter().zip(&given).map(|(new, vector)| (new.text.as_str(), vector.as_deref())).collect();
        let Embedded { vectors, failure } = gather(self.context(), &texts)?;
        let failed = failure.is_some();
        let with_vectors = episodes.into_iter().zip(vectors);
        let checked =
            with_vectors.map(|(new, vector)| Checked { pending: failed && vector.is_none(), new, vector });
        Ok((checked.collect(), failure))
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
        check_expiry(new.occurred_at, new.expires_at)?;
        Ok(new)
    }

    /// Stages a chunk, unless it was added before under its key.
    fn add_chunk(
        &self,
        write: &mut Write<'_>,
        chunk: &[Checked],
        number: u32,
        content: &BatchContent,
    ) -> Result<(Vec<Id>, bool)> {
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
            return Ok((ids, true));
        }
        // The first commit admits the vectors of the whole batch, so that a later one has nothing to refuse.
        if let Some(space) = &content.space {
            write.admit(space)?;
        }
        let mut ids = Vec::with_capacity(chunk.len());
        for Checked { new, vector, pending } in chunk {
            let episode = episode_of(new, self.context().next_id(), write);
            ids.push(episode.id);
            write.add(Record::Episode(episode), vector.as_deref(), *pending)?;
        }
        if let Some(key) = content.key {
            write.put(keys::idempotency(key, number), &encode(&(content.fingerprint, &ids))?);
        }
        Ok((ids, false))
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

/// Cuts episodes into commits. The cut depends on texts and metadata alone, so that a repeated call cuts alike even
/// if its vectors could not be had.
fn chunks(episodes: &[Checked]) -> Vec<&[Checked]> {
    let mut chunks = Vec::new();
    let mut rest = episodes;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take(CHUNK_EPISODES).take_while(|checked| {
            let before = bytes;
            bytes += checked.new.text.len() + metadata_bytes(&checked.new.metadata);
            before == 0 || bytes <= CHUNK_BYTES
        });
        let (chunk, tail) = rest.split_at(fits.count());
        chunks.push(chunk);
        rest = tail;
    }
    chunks
}

/// Tells whether a repeated call has the same content. Vectors are left out: an embedder may make them anew.
fn fingerprint(episodes: &[Checked]) -> Result<u128> {
    let mut hasher = XxHash3_128::new();
    for Checked { new, .. } in episodes {
        let labels = (new.role, &new.speaker, &new.scope, new.occurred_at, new.expires_at);
        hasher.write(&encode(&(labels, &new.text, new.importance, &new.metadata))?);
    }
    Ok(hasher.finish_128())
}
