//! Questions about a set: how it is told to a store, how it is asked, and by what it is judged.

use std::collections::HashMap;

use ebbmark::{Filter, Hit, Id, NewEpisode, Query, RecordSort, Tenant, Timestamp};

use crate::sets::{Collection, Doc, Question};

/// What a set is judged by.
pub struct Measure {
    /// The name of its file.
    pub set: &'static str,
    /// The set and the figure.
    pub name: &'static str,
    /// Hits that are looked at.
    pub depth: usize,
    /// The figure of one question: which hits answer it, and how many answers there are.
    pub score: fn(&[bool], usize) -> f64,
    /// Figures of others on the same vectors, of the sets' own README.
    pub reference: [(&'static str, f64); 4],
}

/// The share of the answers that were found.
fn recall(found: &[bool], answers: usize) -> f64 {
    found.iter().filter(|&&hit| hit).count() as f64 / answers as f64
}

/// Whether any answer was found.
fn any(found: &[bool], _: usize) -> f64 {
    f64::from(u8::from(found.contains(&true)))
}

/// The measures of all sets.
pub const MEASURES: [Measure; 4] = [
    Measure {
        set: "locomo_tune",
        name: "LoCoMo recall@10",
        depth: 10,
        score: recall,
        reference: [("dense", 0.458), ("BM25", 0.631), ("convex", 0.686), ("+ conversation", 0.775)],
    },
    Measure {
        set: "longmemeval_tune",
        name: "LongMemEval any@5",
        depth: 5,
        score: any,
        reference: [("dense", 0.962), ("BM25", 0.933), ("convex", 0.962), ("convex .7", 0.981)],
    },
    Measure {
        set: "hotpot_tune",
        name: "Hotpot recall@5",
        depth: 5,
        score: recall,
        reference: [("dense", 0.785), ("BM25", 0.800), ("convex", 0.820), ("convex .7", 0.815)],
    },
    Measure {
        set: "musique_tune",
        name: "MuSiQue recall@5",
        depth: 5,
        score: recall,
        reference: [("dense", 0.622), ("BM25", 0.500), ("convex", 0.588), ("convex .7", 0.625)],
    },
];

/// How well a tenant answers one question: the measure's figure, and one over the rank of the first answer.
///
/// # Errors
/// Those of searching.
pub fn ask(
    tenant: &Tenant,
    query: Query,
    question: &Question,
    names: &HashMap<Id, serde_json::Value>,
    measure: &Measure,
) -> Result<(f64, f64), ebbmark::Error> {
    // The sets name turns and passages; what is drawn from them as facts is kept beside them.
    let turns = Filter::default().only(RecordSort::Episode);
    let hits = tenant.search(query.filter(turns).limit(50))?;
    Ok(judged(&marks(&hits, names, question), question, measure))
}

/// The measure's figure of what was found, and one over the rank of the first answer.
fn judged(found: &[bool], question: &Question, measure: &Measure) -> (f64, f64) {
    let depth = measure.depth.min(found.len());
    let first = found.iter().position(|&hit| hit);
    let reciprocal = first.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
    ((measure.score)(&found[..depth], question.gold.len()), reciprocal)
}

/// How well a tenant answers one question with facts and turns together: a hit answers it with any turn that it is, that it
/// rests on, or that is one with it.
///
/// # Errors
/// Those of searching.
pub fn ask_all(
    tenant: &Tenant,
    query: Query,
    question: &Question,
    names: &HashMap<Id, serde_json::Value>,
    measure: &Measure,
) -> Result<(f64, f64), ebbmark::Error> {
    let mut open = question.gold.clone();
    let hits = tenant.search(query.limit(50))?;
    let is_new = |hit: &Hit| {
        let supports = hit.record.as_atom().map(|atom| atom.supports.as_slice()).unwrap_or_default();
        let turns =
            std::iter::once(hit.record.id()).chain(hit.also.iter().copied()).chain(supports.iter().copied());
        let before = open.len();
        for name in turns.filter_map(|id| names.get(&id)) {
            open.retain(|wanted| wanted != name);
        }
        open.len() < before
    };
    let found: Vec<bool> = hits.iter().map(is_new).collect();
    Ok(judged(&found, question, measure))
}

/// Tells a collection to a tenant, with or without its vectors; gives what its documents are called by their ids.
///
/// # Errors
/// Those of adding.
pub fn fill(
    tenant: &Tenant,
    collection: &Collection,
    with_vectors: bool,
) -> Result<HashMap<Id, serde_json::Value>, ebbmark::Error> {
    // Passages that all share one session are no conversation: their order in the file means nothing.
    let conversation = collection.docs.iter().any(|doc| doc.session != collection.docs[0].session);
    let episodes = collection.docs.iter().map(|doc| episode(doc, conversation, with_vectors));
    let receipt = tenant.add(episodes.collect::<Vec<_>>())?;
    Ok(receipt.ids.into_iter().zip(collection.docs.iter().map(|doc| doc.id.clone())).collect())
}

/// What is told of a document: of a conversation its session and its speaker, too. A document without a session is of none.
pub fn episode(doc: &Doc, conversation: bool, with_vectors: bool) -> NewEpisode {
    let conversation = conversation && !doc.session.is_null();
    let (speaker, said) = if conversation { doc.turn() } else { (None, doc.text.as_str()) };
    let title = doc.title.as_deref().unwrap_or_default();
    let text = said.strip_prefix(title).map_or(said, str::trim_start);
    let text = if text.is_empty() { title } else { text };
    let episode = NewEpisode {
        title: doc.title.clone(),
        speaker: speaker.map(str::to_owned),
        vector: with_vectors.then(|| doc.vector.clone()),
        ..NewEpisode::user(text).occurred_at(Timestamp::from_seconds(doc.time))
    };
    if conversation { episode.session(doc.session.to_string()) } else { episode }
}

fn marks(hits: &[Hit], names: &HashMap<Id, serde_json::Value>, question: &Question) -> Vec<bool> {
    hits.iter().map(|hit| question.gold.contains(&names[&hit.record.id()])).collect()
}
