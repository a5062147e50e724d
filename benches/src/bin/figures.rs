//! Prints the speed figures of the README: medians of CPU time, rates per CPU-second, and opening times.
//!
//! `cargo run --release -p ebbmark-benches --bin figures`. Made-up conversations with 384-dimensional vectors.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ebbmark::{Options, Query, Store, Tenant};
use ebbmark_benches::cpu::process_time;
use ebbmark_benches::made_up::{Random, turns};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    if let (Some("--write-until-killed"), Some(path)) = (arguments.next().as_deref(), arguments.next()) {
        return write_until_killed(Path::new(&path));
    }
    let folder = tempfile::tempdir()?;
    for count in [1000, 10_000, 100_000] {
        let path = folder.path().join(format!("{count}.ebb"));
        batches(&path, count)?;
        searches(&path, count)?;
        opening(&path, count)?;
    }
    opening_after_a_kill(&folder.path().join("100000.ebb"))?;
    threads(folder.path())
}

fn batches(path: &Path, count: usize) -> Outcome {
    let made_up = turns(count, 1);
    let store = Store::open(path, uncached())?;
    let tenant = store.tenant("bench")?;
    let (wall, cpu) = (Instant::now(), process_time());
    tenant.add(made_up)?;
    let wall = wall.elapsed();
    if let (Some(before), Some(after)) = (cpu, process_time()) {
        let rate = count as f64 / (after - before).as_secs_f64().max(0.01);
        println!("batch add of {count:>7}: {rate:>8.0} records per CPU-second, {wall:.2?} of wall time");
    }
    store.close();
    println!("  file: {:.1} MB", std::fs::metadata(path)?.len() as f64 / 1e6);
    Ok(())
}

fn searches(path: &Path, count: usize) -> Outcome {
    let store = Store::open(path, uncached())?;
    let tenant = store.tenant("bench")?;
    let mut random = Random::new(9);
    let questions: Vec<Question> = (0..300).map(|_| (random.text(8), random.vector())).collect();
    tenant.search("load the working set")?;
    ask(&tenant, "text and vector", &questions, |(text, vector)| {
        Query::text(text.as_str()).vector(vector.clone())
    })?;
    ask(&tenant, "text", &questions, |(text, _)| Query::text(text.as_str()))?;
    ask(&tenant, "vector", &questions, |(_, vector)| Query::by_vector(vector.clone()))?;
    println!("  working set: {:.1} MB", store.working_sets().bytes as f64 / 1e6);
    let all: Vec<Vec<f32>> = turns(count, 1).into_iter().filter_map(|turn| turn.vector).collect();
    let mut found = 0;
    for (_, vector) in questions.iter().take(100) {
        let hits = tenant.search(Query::by_vector(vector.clone()))?;
        let mut cosines: Vec<f32> = all.iter().map(|other| cosine(other, vector)).collect();
        cosines.sort_by(|a, b| b.total_cmp(a));
        let tenth = cosines[9] - 1e-5;
        found += hits.iter().filter(|hit| hit.parts.cosine.is_some_and(|cosine| cosine >= tenth)).count();
    }
    println!("  search by vector, recall@10 of the exact answer: {:.4}", found as f64 / 1000.0);
    Ok(())
}

/// A text and a vector.
type Question = (String, Vec<f32>);

/// One thread asks, so that its wall time on an idle machine is its CPU time.
fn ask(tenant: &Tenant, way: &str, questions: &[Question], make: fn(&Question) -> Query) -> Outcome {
    let mut times = Vec::new();
    for question in questions {
        let query = make(question);
        let start = Instant::now();
        tenant.search(query)?;
        times.push(start.elapsed());
    }
    let middle = median(&mut times);
    println!("  search by {way:<16} median {middle:>9.1?}, 95 % {:>9.1?}", times[times.len() * 95 / 100]);
    Ok(())
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn opening(path: &Path, count: usize) -> Outcome {
    let mut opens = Vec::new();
    let mut firsts = Vec::new();
    for _ in 0..7 {
        let start = Instant::now();
        let store = Store::open(path, uncached())?;
        opens.push(start.elapsed());
        let mut random = Random::new(5);
        let query = Query::text(random.text(8)).vector(random.vector());
        store.tenant("bench")?.search(query)?;
        firsts.push(start.elapsed());
        store.close();
    }
    println!("open {count}: {:.2?}, with the first answer {:.1?}", median(&mut opens), median(&mut firsts));
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Opens a file whose writer was killed in the middle of its work.
fn opening_after_a_kill(path: &Path) -> Outcome {
    let mut opens = Vec::new();
    for _ in 0..9 {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--write-until-killed")
            .arg(path)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = [0];
        std::io::Read::read_exact(child.stdout.as_mut().expect("piped above"), &mut line)?;
        std::thread::sleep(Duration::from_millis(150));
        child.kill()?;
        child.wait()?;
        let start = Instant::now();
        let store = Store::open(path, uncached())?;
        opens.push(start.elapsed());
        store.close();
    }
    println!("open 100000 after SIGKILL: {:.2?}, slowest {:.2?}", median(&mut opens), opens[opens.len() - 1]);
    Ok(())
}

fn write_until_killed(path: &Path) -> Outcome {
    let tenant = Store::open(path, uncached())?.tenant("bench")?;
    tenant.add("the working set is loaded")?;
    println!("ready");
    for round in 0.. {
        tenant.add(turns(20, round))?;
    }
    Ok(())
}

/// Single adds by one thread and by eight.
fn threads(folder: &Path) -> Outcome {
    let mut rates = Vec::new();
    for count in [1, 8] {
        let store = Store::open(folder.join(format!("threads{count}.ebb")), uncached())?;
        let tenant = store.tenant("bench")?;
        tenant.add("begin")?;
        let per_thread = 4000 / count;
        let start = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..count {
                let tenant = &tenant;
                scope.spawn(move || single_adds(tenant, per_thread, thread as u64));
            }
        });
        rates.push((per_thread * count) as f64 / start.elapsed().as_secs_f64());
        let stats = tenant.stats()?;
        assert_eq!(stats.episodes as usize, per_thread * count + 1, "every add is there");
    }
    println!(
        "single adds, durable: 1 thread {:.0}/s, 8 threads {:.0}/s, {:.1} times",
        rates[0],
        rates[1],
        rates[1] / rates[0]
    );
    Ok(())
}

fn single_adds(tenant: &Tenant, count: usize, seed: u64) {
    for turn in turns(count, seed) {
        tenant.add(turn).expect("an add succeeds");
    }
}

/// A store that looks for every answer anew.
fn uncached() -> Options {
    Options { query_cache_bytes: 0, embedder: None, ..Options::default() }
}
