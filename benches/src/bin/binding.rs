//! Prints, as JSON, what the core itself needs for the work that a binding's benchmark then does: the reference of its ratios.
//!
//! `cargo run --release -p ebbmark-benches --bin binding`. `bindings-python/benches/speed.py` runs it.

use std::time::Instant;

use ebbmark::{Batch, Extraction, NewEpisode, Options, Store};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Records in the batches that are added.
const BATCH: usize = 10_000;
const DIMENSIONS: usize = 384;
const ROUNDS: usize = 5;

fn main() -> Outcome<()> {
    let (plain, full) = (fastest(plain)?, fastest(full)?);
    println!(r#"{{"add_s": {plain}, "add_full_s": {full}}}"#);
    Ok(())
}

/// Vectors are given, and nothing is drawn: the store does as little as it can.
fn plain() -> Options {
    Options { embedder: None, extraction: Extraction::Off, ..full() }
}

/// As a store is opened unless said otherwise, without answers that are remembered.
fn full() -> Options {
    Options { query_cache_bytes: 0, embedding_cache_bytes: 0, ..Options::default() }
}

/// Seconds for a batch in a fresh file, the best of some rounds.
fn fastest(options: fn() -> Options) -> Outcome<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let store = Store::open(folder.path().join("add.ebb"), options())?;
        let mut batch = batch(BATCH);
        if options().embedder.is_some() {
            batch.episodes.iter_mut().for_each(|episode| episode.vector = None);
        }
        let began = Instant::now();
        store.tenant("bench")?.add(batch)?;
        best = best.min(began.elapsed().as_secs_f64());
        store.close();
    }
    Ok(best)
}

fn batch(count: usize) -> Batch {
    let episode = |number| NewEpisode::user(text(number)).session("talk").vector(vector(number));
    Batch::new((0..count).map(episode).collect())
}

/// The same texts and vectors as in the binding's benchmark.
fn text(number: usize) -> String {
    format!("Note {number}: the order of customer {} is for {} boxes.", number % 97, number % 13)
}

fn vector(number: usize) -> Vec<f32> {
    (0..DIMENSIONS).map(|place| ((number * 31 + place * 17) % 101) as f32 / 101.0 - 0.5).collect()
}
