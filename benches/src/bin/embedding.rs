//! Prints what the built-in embedder costs: texts a second, time for one, loading, memory.
//!
//! `cargo run --release -p ebbmark-benches --bin embedding`. One thread. The texts are the turns of LoCoMo where the sets
//! are, else sentences made of the words of the vocabulary of the examples.

use std::time::{Duration, Instant};

use ebbmark::{Embedder, StaticEmbedder};
use ebbmark_benches::cpu::process_time;
use ebbmark_benches::sets;

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let texts = texts();
    let before = resident_bytes();
    let start = Instant::now();
    let embedder = StaticEmbedder::built_in()?;
    let loaded = start.elapsed();
    let length = texts.iter().map(String::len).sum::<usize>() / texts.len();
    println!(
        "{} of {} dimensions; {} texts of {length} bytes on average",
        embedder.name(),
        embedder.dimensions(),
        texts.len()
    );
    println!("loading: {loaded:.1?}");
    texts.iter().for_each(|text| drop(std::hint::black_box(embedder.vector(text))));
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        println!(
            "resident memory after all texts: {:.1} MB more than before",
            after.saturating_sub(before) as f64 / 1e6
        );
    }

    let asked: Vec<&str> = texts.iter().map(String::as_str).collect();
    let cpu = process_time();
    let rounds = 20;
    for _ in 0..rounds {
        for texts in asked.chunks(256) {
            std::hint::black_box(embedder.embed(texts)?);
        }
    }
    if let (Some(before), Some(after)) = (cpu, process_time()) {
        let seconds = (after - before).as_secs_f64();
        println!("{:.0} texts per CPU-second", (rounds * texts.len()) as f64 / seconds);
    }

    let mut times: Vec<Duration> = Vec::with_capacity(texts.len());
    for text in &texts {
        let start = Instant::now();
        std::hint::black_box(embedder.vector(text));
        times.push(start.elapsed());
    }
    times.sort();
    println!(
        "one text: {:.1?} median, {:.1?} at 99 %",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    Ok(())
}

/// Memory of this process that is resident, from `/proc/self/statm` (proc(5)) with pages of 4 KiB; `None` where that is
/// missing.
fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(4096 * statm.split_whitespace().nth(1)?.parse::<u64>().ok()?)
}

fn texts() -> Vec<String> {
    if let Some(set) = sets::read("locomo_tune") {
        return set
            .collections
            .into_iter()
            .flat_map(|collection| collection.docs)
            .map(|doc| doc.text)
            .collect();
    }
    let word = |at: usize| {
        ["she", "moved", "to", "Porto", "last", "spring", "and", "likes", "the", "violin", "teacher"][at % 11]
    };
    (0..3000).map(|text| (0..18).map(|at| word(text * 7 + at * at)).collect::<Vec<_>>().join(" ")).collect()
}
