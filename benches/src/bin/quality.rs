//! Prints how well Ebbmark finds what answers a question: by the vectors of a transformer, beside reference figures on the
//! same vectors, and by those of the built-in embedder.
//!
//! `cargo run --release -p ebbmark-benches --bin quality`; with `ablation` behind it, each part of a score left out; with
//! `facts`, facts and turns found together. Without the sets it says so and does nothing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ebbmark::{Embedder, Id, Options, Query, StaticEmbedder, Store, Tenant, Weights};
use ebbmark_benches::questions::{MEASURES, Measure, ask, ask_all, fill};
use ebbmark_benches::sets::{self, Question, Set};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let ablation = std::env::args().any(|arg| arg == "ablation");
    let facts = std::env::args().any(|arg| arg == "facts");
    for measure in &MEASURES {
        let Some(set) = sets::read(measure.set) else {
            println!("{}: not found in {}; set EBBMARK_DATA", measure.set, sets::folder().display());
            continue;
        };
        println!("{}", measure.name);
        if ablation {
            ablate(measure, &set)?;
            continue;
        }
        if facts {
            with_facts(measure, &set)?;
            continue;
        }
        report(measure, &set, None)?;
        for (name, score) in measure.reference {
            println!("  transformer's vectors, reference {name:<18} {score:.3}");
        }
        report(measure, &set, Some(StaticEmbedder::built_in()?))?;
    }
    Ok(())
}

/// A way of asking: its name, and the query it makes.
type Way = (&'static str, fn(&str, Vec<f32>) -> Query);

const WAYS: [Way; 3] = [
    ("vector", |_, vector| Query::by_vector(vector)),
    ("text", |text, _| Query::text(text)),
    ("text and vector", |text, vector| Query::text(text).vector(vector)),
];

fn store(embedder: Option<&Arc<StaticEmbedder>>) -> Result<Store, ebbmark::Error> {
    let embedder = embedder.map(|embedder| Arc::clone(embedder) as Arc<dyn Embedder>);
    Store::in_memory(Options { embedder, ..Options::default() })
}

/// What a tenant that holds a collection is asked: a question, and what its documents are called.
type Asked<'a> = (&'a Tenant, &'a Question, &'a HashMap<Id, serde_json::Value>);

/// Adds a set, with the vectors that came with it or those of an embedder, and calls with each of its questions; how many.
fn each_question(
    set: &Set,
    embedder: Option<&Arc<StaticEmbedder>>,
    mut call: impl FnMut(Asked<'_>) -> Outcome,
) -> Result<f64, Box<dyn std::error::Error>> {
    let store = store(embedder)?;
    let mut asked = 0.0;
    for collection in &set.collections {
        let tenant = store.tenant(&collection.id)?;
        let names = fill(&tenant, collection, embedder.is_none())?;
        for question in collection.queries.iter().filter(|question| !question.gold.is_empty()) {
            asked += 1.0;
            call((&tenant, question, &names))?;
        }
    }
    Ok(asked)
}

/// Adds a set and asks its questions, with the vectors that came with it or those of an embedder.
fn report(measure: &Measure, set: &Set, embedder: Option<Arc<StaticEmbedder>>) -> Outcome {
    let source = if embedder.is_some() { "built-in embedder" } else { "transformer's vectors" };
    // With an embedder a text has its vector.
    let ways = if embedder.is_some() { &WAYS[..2] } else { &WAYS[..] };
    let mut totals = vec![(0.0, 0.0); ways.len()];
    let mut categories: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let asked = each_question(set, embedder.as_ref(), |(tenant, question, names)| {
        let made = embedder.as_ref().map(|embedder| embedder.vector(&question.text));
        let vector = made.unwrap_or_else(|| question.vector.clone());
        for (way, ((_, query), total)) in ways.iter().zip(&mut totals).enumerate() {
            let query = query(&question.text, vector.clone());
            let (score, reciprocal) = ask(tenant, query, question, names, measure)?;
            *total = (total.0 + score, total.1 + reciprocal);
            if way == ways.len() - 1 {
                let category = categories.entry(question.category.to_string()).or_default();
                *category = (category.0 + score, category.1 + 1.0);
            }
        }
        Ok(())
    })?;
    for ((name, _), (score, reciprocal)) in ways.iter().zip(totals) {
        println!(
            "  {source}, by {name:<15} {:.3}   MRR {:.3}   ({asked} questions)",
            score / asked,
            reciprocal / asked
        );
    }
    if categories.len() > 1 {
        for (category, (score, count)) in categories {
            println!("    category {category:<15} {:.3}   ({count} questions)", score / count);
        }
    }
    Ok(())
}

/// The figures with facts and turns together, by the vectors of the built-in embedder, with and without the graph.
fn with_facts(measure: &Measure, set: &Set) -> Outcome {
    let all = Weights::default();
    let ways: [(&str, Weights, bool); 5] = [
        ("all", all, true),
        ("unclustered", all, false),
        ("without graph", Weights { graph: 0.0, ..all }, true),
        ("without supported", Weights { supported: 0.0, ..all }, true),
        ("without both", Weights { graph: 0.0, supported: 0.0, ..all }, true),
    ];
    let mut totals = [(0.0, 0.0); 5];
    let asked = each_question(set, Some(&StaticEmbedder::built_in()?), |(tenant, question, names)| {
        for ((_, weights, clustered), total) in ways.iter().zip(&mut totals) {
            let query = Query { clustered: *clustered, ..Query::text(question.text.as_str()) };
            let (score, reciprocal) = ask_all(tenant, query.weights(*weights), question, names, measure)?;
            *total = (total.0 + score, total.1 + reciprocal);
        }
        Ok(())
    })?;
    for ((name, ..), (score, reciprocal)) in ways.iter().zip(totals) {
        println!("  with facts, {name:<20} {:.3}   MRR {:.3}", score / asked, reciprocal / asked);
    }
    Ok(())
}

/// The weights without one of them, by its name.
fn without() -> Vec<(&'static str, Weights)> {
    let all = Weights::default();
    vec![
        ("all", all),
        ("without dense", Weights { dense: 0.0, ..all }),
        ("without lexical", Weights { lexical: 0.0, ..all }),
        ("without dense_around", Weights { dense_around: 0.0, ..all }),
        ("without lexical_around", Weights { lexical_around: 0.0, ..all }),
        ("without coverage", Weights { coverage: 0.0, ..all }),
        ("without answer", Weights { answer: 0.0, answer_when: 0.0, ..all }),
        ("answer_when like answer", Weights { answer_when: all.answer, ..all }),
        ("without question", Weights { question: 0.0, ..all }),
        ("without length", Weights { length: 0.0, ..all }),
        ("without dated", Weights { dated: 0.0, ..all }),
        ("without speaker", Weights { speaker: 0.0, ..all }),
        ("without named", Weights { named: 0.0, ..all }),
        ("without linked", Weights { linked: 0.0, ..all }),
        ("without bridged", Weights { bridged: 0.0, ..all }),
        ("without graph", Weights { graph: 0.0, ..all }),
        ("without supported", Weights { supported: 0.0, ..all }),
        ("without quoted", Weights { quoted: 0.0, ..all }),
        ("without titles and bridges", Weights { named: 0.0, linked: 0.0, bridged: 0.0, ..all }),
    ]
}

/// The figures with each part of a score left out, by the vectors that came with the set and by the built-in ones.
fn ablate(measure: &Measure, set: &Set) -> Outcome {
    let weights = without();
    let mut columns = Vec::new();
    for embedder in [None, Some(StaticEmbedder::built_in()?)] {
        let mut totals = vec![(0.0, 0.0); weights.len()];
        let asked = each_question(set, embedder.as_ref(), |(tenant, question, names)| {
            for ((_, weights), total) in weights.iter().zip(&mut totals) {
                let query = Query::text(question.text.as_str()).weights(*weights);
                let vector = embedder.is_none().then(|| question.vector.clone());
                let (score, reciprocal) = ask(tenant, Query { vector, ..query }, question, names, measure)?;
                *total = (total.0 + score, total.1 + reciprocal);
            }
            Ok(())
        })?;
        columns.push((totals, asked));
    }
    println!("  {:<26} transformer's vectors   built-in embedder", "");
    for (row, (name, _)) in weights.iter().enumerate() {
        let figure = |(totals, asked): &(Vec<(f64, f64)>, f64)| {
            format!("{:.3} / {:.3}", totals[row].0 / asked, totals[row].1 / asked)
        };
        println!("  {name:<26} {}           {}", figure(&columns[0]), figure(&columns[1]));
    }
    Ok(())
}
