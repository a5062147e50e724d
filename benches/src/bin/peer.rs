//! Ebbmark's row of the side-by-side comparison: does one job and prints what came of it as JSON.
//!
//! `peer MODE quality STRIDE` answers every STRIDE-th question of the sets of `EBBMARK_DATA`, each in its own collection, and
//! prints the names of the ten hits. `peer MODE speed FOLDER` adds the set `pool` of `EBBMARK_DATA` to a file below the folder,
//! in one batch and one at a time, asks its questions, and prints rates, times, memory and bytes. MODE is `claims`, as by default, or `plain`. `benches/peers/job.py`
//! does the same with the others; `benches/peers/run.py` starts both.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use ebbmark::{Extraction, Filter, Id, Options, Query, RecordSort, Store, Tenant};
use ebbmark_benches::cpu::process_time;
use ebbmark_benches::questions::{MEASURES, episode, fill};
use ebbmark_benches::sets::{self, Question};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Hits of a question.
const HITS: usize = 10;
/// Questions asked before the clock runs.
const WARM_UP: usize = 10;
/// Records added one at a time: so many, or as many as fit into the time.
const SINGLES: usize = 1000;
const SINGLES_TIME: Duration = Duration::from_secs(20);
/// No question is asked after this time.
const QUERIES_TIME: Duration = Duration::from_secs(60);

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [mode @ ("claims" | "plain"), "quality", stride] => quality(mode, stride.parse()?)?,
        [mode @ ("claims" | "plain"), "speed", folder] => speed(mode, Path::new(folder))?,
        _ => return Err("expected `claims` or `plain`, then `quality STRIDE` or `speed FOLDER`".into()),
    };
    println!("{result}");
    Ok(())
}

/// No embedder, as the vectors are given; every answer is looked for anew; in mode `plain` no claims are drawn from texts.
fn options(mode: &str) -> Options {
    let extraction = if mode == "plain" { Extraction::Off } else { Extraction::default() };
    Options { extraction, query_cache_bytes: 0, embedder: None, ..Options::default() }
}

/// The names of the hits of every STRIDE-th question, by set.
fn quality(mode: &str, stride: usize) -> Outcome<Value> {
    let folder = tempfile::tempdir()?;
    let mut found = serde_json::Map::new();
    for measure in &MEASURES {
        let set = sets::read(measure.set).ok_or_else(|| format!("{} is missing", measure.set))?;
        let store = Store::open(folder.path().join(measure.set), options(mode))?;
        let (mut answers, mut place) = (Vec::new(), 0);
        for collection in &set.collections {
            let first = place;
            place += collection.queries.len();
            let is_asked = |number: &usize| (first + number).is_multiple_of(stride);
            let asked: Vec<&Question> = (0..collection.queries.len())
                .filter(is_asked)
                .map(|number| &collection.queries[number])
                .collect();
            if asked.is_empty() {
                continue;
            }
            let tenant = store.tenant(&collection.id)?;
            let names = fill(&tenant, collection, true)?;
            for question in asked {
                answers.push(search(&tenant, question, &names)?);
            }
        }
        found.insert(measure.set.to_owned(), answers.into());
    }
    Ok(json!({ "found": found, "version": env!("CARGO_PKG_VERSION") }))
}

fn search(
    tenant: &Tenant,
    question: &Question,
    names: &HashMap<Id, Value>,
) -> Result<Vec<Value>, ebbmark::Error> {
    let query = Query::text(question.text.as_str()).vector(question.vector.clone());
    // The sets name turns and passages; what is drawn from them as facts is kept beside them.
    let turns = Filter::default().only(RecordSort::Episode);
    let hits = tenant.search(query.filter(turns).limit(HITS))?;
    Ok(hits.iter().map(|hit| names[&hit.record.id()].clone()).collect())
}

fn speed(mode: &str, folder: &Path) -> Outcome<Value> {
    let set = sets::read("pool").ok_or("the set `pool` is missing")?;
    let pool = &set.collections[0];
    let resident_before = memory("VmRSS:");

    let path = folder.join("batch.ebb");
    let store = Store::open(&path, options(mode))?;
    let tenant = store.tenant("pool")?;
    let start = Instant::now();
    let names = fill(&tenant, pool, true)?;
    let batch = start.elapsed();

    for question in pool.queries.iter().take(WARM_UP) {
        search(&tenant, question, &names)?;
    }
    let cpu = process_time();
    let mut times = Vec::new();
    let mut hits = 0;
    let asking = Instant::now();
    for question in pool.queries[WARM_UP..].iter().take_while(|_| asking.elapsed() < QUERIES_TIME) {
        let start = Instant::now();
        hits += search(&tenant, question, &names)?.len();
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let cpu = process_time().zip(cpu).map(|(after, before)| (after - before).as_secs_f64() * 1e3);
    let resident_peak = memory("VmHWM:");
    store.close();

    let (singles, singles_time) = one_at_a_time(mode, &folder.join("single.ebb"), pool)?;
    Ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "records": pool.docs.len(),
        "batch_per_second": pool.docs.len() as f64 / batch.as_secs_f64(),
        "single_per_second": singles as f64 / singles_time.as_secs_f64(),
        "single_records": singles,
        "query_ms": times,
        "query_cpu_ms": cpu.map(|cpu| cpu / times.len() as f64),
        "hits_per_query": hits as f64 / times.len() as f64,
        "resident_before_bytes": resident_before,
        "resident_peak_bytes": resident_peak,
        "disk_bytes": std::fs::metadata(&path)?.len(),
    }))
}

/// Adds the first records to a new file, each in a call of its own: how many, and how long it took.
fn one_at_a_time(mode: &str, path: &Path, pool: &sets::Collection) -> Outcome<(usize, Duration)> {
    let store = Store::open(path, options(mode))?;
    let tenant = store.tenant("pool")?;
    let start = Instant::now();
    let mut added = 0;
    for doc in pool.docs.iter().take(SINGLES) {
        if start.elapsed() > SINGLES_TIME {
            break;
        }
        tenant.add(episode(doc, true, true))?;
        added += 1;
    }
    let time = start.elapsed();
    store.close();
    Ok((added, time))
}

/// A figure of this process's memory in bytes (proc(5), `status`, in KiB there); `None` where there is no `/proc`.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(1024 * line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()?)
}
