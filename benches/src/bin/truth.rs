//! Prints what truth costs: judging a claim beside many atoms of its subject, and drawing claims from messages.
//!
//! `cargo run --release -p ebbmark-benches --bin truth`. Times of judging are those of a dry run on one thread: the rows
//! are read, the cell is folded with the claim and without it, and nothing is written.

use std::path::Path;
use std::time::{Duration, Instant};

use ebbmark::{
    Batch, BuiltInExtractor, Extraction, Extractor, Message, NewEpisode, NewFact, Options, Role, Store,
    Tenant, Timestamp,
};
use ebbmark_benches::cpu::process_time;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let folder = tempfile::tempdir()?;
    for count in [10_000, 100_000] {
        let tenant = filled(&folder.path().join(format!("{count}.ebb")), count)?;
        for (what, predicate) in [("one value", "lives_in"), ("many values", "visited")] {
            println!(
                "judging one claim beside {count:>6} atoms of its subject, {what}: {:.1?}",
                judging(&tenant, predicate)?
            );
        }
    }
    extraction(Path::new("conformance/language/labelled.json"))
}

/// A tenant with many atoms of one subject: most of them visits, some of each other predicate.
fn filled(path: &Path, count: usize) -> Result<Tenant, ebbmark::Error> {
    let options = Options { extraction: Extraction::Off, embedder: None, ..Options::default() };
    let tenant = Store::open(path, options)?.tenant("bench")?;
    let predicates = ["visited", "likes", "knows_person", "reads", "visited", "bought"];
    let facts: Vec<NewFact> = (0..count)
        .map(|at| NewFact::new("Mara", predicates[at % predicates.len()], format!("thing {at}")))
        .collect();
    let episodes: Vec<NewEpisode> = facts
        .chunks(64)
        .enumerate()
        .map(|(at, facts)| NewEpisode { facts: facts.to_vec(), ..NewEpisode::user(format!("note {at}")) })
        .collect();
    tenant.add(Batch::new(episodes))?;
    for town in 0..5 {
        tenant.assert_fact(NewFact::new("Mara", "lives_in", format!("town {town}")))?;
    }
    Ok(tenant)
}

fn judging(tenant: &Tenant, predicate: &str) -> Result<Duration, ebbmark::Error> {
    let dry = tenant.dry_run();
    let mut times = Vec::new();
    for at in 0..2000 {
        let fact = NewFact::new("Mara", predicate, format!("thing {}", at * 7));
        let start = Instant::now();
        dry.assert_fact(fact)?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

fn extraction(path: &Path) -> Outcome {
    let labelled: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(path)?)?;
    let texts: Vec<&str> = labelled.iter().filter_map(|message| message["text"].as_str()).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let rounds = 200;
    let before = process_time();
    let start = Instant::now();
    let mut drawn = 0;
    for _ in 0..rounds {
        for text in &texts {
            let said_at = Timestamp::from_seconds(1_790_000_000);
            let message = Message { text, speaker: "user", role: Role::User, said_at, previous: None };
            drawn += BuiltInExtractor.extract(&message).map_or(0, |facts| facts.len());
        }
    }
    let spent = before.zip(process_time()).map_or(start.elapsed(), |(before, after)| after - before);
    let count = rounds * texts.len();
    println!(
        "extraction: {:.0} messages of {} bytes per CPU-second, {} claims",
        count as f64 / spent.as_secs_f64(),
        bytes / texts.len(),
        drawn / rounds
    );
    Ok(())
}
