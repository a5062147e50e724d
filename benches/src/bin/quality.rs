//! Prints how well Ebbmark finds what answers a question, beside reference figures on the same vectors.
//!
//! `cargo run --release -p ebbmark-benches --bin quality`. Without the sets it says so and does nothing.

use std::collections::{BTreeMap, HashMap};

use ebbmark::{Filter, Hit, Id, NewEpisode, Options, Query, RecordSort, Store, Timestamp};
use ebbmark_benches::sets::{self, Collection, Question, Set};

/// What a set is judged by, and the reference figures of the sets' own README.
struct Measure {
    set: &'static str,
    name: &'static str,
    depth: usize,
    score: fn(&[bool], usize) -> f64,
    reference: [(&'static str, f64); 4],
}

/// The share of the answers that were found.
fn recall(found: &[bool], answers: usize) -> f64 {
    found.iter().filter(|&&hit| hit).count() as f64 / answers as f64
}

/// Whether any answer was found.
fn any(found: &[bool], _: usize) -> f64 {
    f64::from(u8::from(found.contains(&true)))
}

const MEASURES: [Measure; 4] = [
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

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for measure in &MEASURES {
        let Some(set) = sets::read(measure.set) else {
            println!("{}: not found in {}; set EBBMARK_DATA", measure.set, sets::folder().display());
            continue;
        };
        report(measure, &set)?;
    }
    Ok(())
}

/// A way of asking: its name, and the query it makes.
type Way = (&'static str, fn(&Question) -> Query);

const WAYS: [Way; 3] = [
    ("vector", |question| Query::by_vector(question.vector.clone())),
    ("words", |question| Query::text(question.text.as_str())),
    ("both", |question| Query::text(question.text.as_str()).vector(question.vector.clone())),
];

fn report(measure: &Measure, set: &Set) -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::in_memory(Options::default())?;
    let mut totals = [(0.0, 0.0); WAYS.len()];
    let mut categories: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let mut asked = 0.0;
    for collection in &set.collections {
        let tenant = store.tenant(&collection.id)?;
        let names = fill(&tenant, collection)?;
        for question in collection.queries.iter().filter(|question| !question.gold.is_empty()) {
            asked += 1.0;
            for (way, ((_, ask), total)) in WAYS.iter().zip(&mut totals).enumerate() {
                // The sets name turns and passages; what is drawn from them as facts is kept beside them.
                let turns = Filter::default().only(RecordSort::Episode);
                let hits = tenant.search(ask(question).filter(turns).limit(50))?;
                let found = marks(&hits, &names, question);
                let depth = measure.depth.min(found.len());
                let score = (measure.score)(&found[..depth], question.gold.len());
                let first = found.iter().position(|&hit| hit);
                total.0 += score;
                total.1 += first.map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
                if way == WAYS.len() - 1 {
                    let category = categories.entry(question.category.to_string()).or_default();
                    *category = (category.0 + score, category.1 + 1.0);
                }
            }
        }
    }
    println!("{} ({asked} questions)", measure.name);
    for ((name, _), (score, reciprocal)) in WAYS.iter().zip(totals) {
        println!("  ebbmark, {name:<24} {:.3}   MRR {:.3}", score / asked, reciprocal / asked);
    }
    for (name, score) in measure.reference {
        println!("  reference, {name:<22} {score:.3}");
    }
    if categories.len() > 1 {
        for (category, (score, count)) in categories {
            println!("  by both, category {category:<15} {:.3}   ({count} questions)", score / count);
        }
    }
    Ok(())
}

fn fill(
    tenant: &ebbmark::Tenant,
    collection: &Collection,
) -> Result<HashMap<Id, serde_json::Value>, ebbmark::Error> {
    // Passages that all share one session are no conversation: their order in the file means nothing.
    let conversation = collection.docs.iter().any(|doc| doc.session != collection.docs[0].session);
    let episode = |(order, doc): (usize, &sets::Doc)| {
        let text = match &doc.title {
            Some(title) if !doc.text.starts_with(title.as_str()) => format!("{title}\n{}", doc.text),
            _ => doc.text.clone(),
        };
        let moment = Timestamp::from_seconds(order as i64);
        let episode = NewEpisode::user(text).vector(doc.vector.clone()).occurred_at(moment);
        if conversation { episode.session(doc.session.to_string()) } else { episode }
    };
    let receipt = tenant.add(collection.docs.iter().enumerate().map(episode).collect::<Vec<_>>())?;
    Ok(receipt.ids.into_iter().zip(collection.docs.iter().map(|doc| doc.id.clone())).collect())
}

fn marks(hits: &[Hit], names: &HashMap<Id, serde_json::Value>, question: &Question) -> Vec<bool> {
    hits.iter().map(|hit| question.gold.contains(&names[&hit.record.id()])).collect()
}
