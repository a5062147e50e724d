//! The promise: when a call that writes returns `Ok`, the write survives `kill -9`. After any crash the store
//! opens in milliseconds to a state with every acknowledged write and nothing half-written.
//!
//! It could be broken by an acknowledgement before the fsync, by a group commit that forgets one of its writers,
//! by rows and indexes that are not written together, or by an index that is believed though it lags behind.
//! A child process writes from four threads and prints every acknowledged id; the parent kills it 200 times at
//! odd moments, reopens the file each time and compares. A child whose acknowledgements come too early must
//! make the comparison fail, or the test would be blind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]
#![allow(clippy::print_stdout, reason = "the child acknowledges on its standard output")]

use ebbmark::{
    Access, Batch, EpisodeUpdate, Filter, Id, ManualClock, NewEpisode, NewFact, Options, Query, Record,
    Store, Tenant, Timestamp,
};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROUNDS: usize = 200;
const CHILD: &str = "EBBMARK_CRASH_TEST_FILE";
const LIE: &str = "EBBMARK_CRASH_TEST_LIE";

/// Not a test of its own: what the child process runs.
#[test]
fn child() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let store = Store::open(Path::new(&path), Options { embedder: None, ..Options::default() }).unwrap();
    let tenant = store.tenant("acme").unwrap();
    let lies = std::env::var_os(LIE).is_some();
    println!("\nready");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let tenant = &tenant;
            scope.spawn(move || write_for_ever(tenant, writer, lies));
        }
    });
}

/// Single adds, batches, updates, facts and deletions; each is told when it was acknowledged.
fn write_for_ever(tenant: &Tenant, writer: u64, lies: bool) {
    for step in 0.. {
        let text = format!("writer {writer} step {step} in {}", std::process::id());
        if lies {
            say(&format!("add {} {text}", Id::from_u128(u128::from(writer << 32 | step))));
        }
        let episode = |part: u64| {
            let vector =
                (0..8).map(|at| ((writer * 31 + step * 7 + part * 3 + at) % 11) as f32 - 5.1).collect();
            NewEpisode::user(format!("{text} part {part}")).session(format!("{writer}")).vector(vector)
        };
        let batch: Vec<NewEpisode> = (0..if step % 5 == 0 { 300 } else { 1 }).map(episode).collect();
        let ids = tenant.add(Batch::new(batch)).unwrap().ids;
        let said = ids.iter().zip(0..).map(|(id, part)| format!("add {id} {text} part {part}"));
        say(&said.collect::<Vec<_>>().join("\n"));
        if step % 3 == 0 {
            tenant.update(ids[0], EpisodeUpdate::text(format!("{text} updated"))).unwrap();
            say(&format!("add {} {text} updated", ids[0]));
        }
        if step % 4 == 1 {
            let fact = NewFact::new(format!("writer {writer}"), "lives_in", format!("town {step}"));
            let id = tenant.assert_fact(fact).unwrap().id;
            say(&format!("add {id} writer {writer} lives in town {step}"));
        }
        if step % 7 == 2 {
            say(&format!("deleting {}", ids[0]));
            tenant.delete(ids[0]).unwrap();
            say(&format!("deleted {}", ids[0]));
        }
    }
}

fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").unwrap();
    out.flush().unwrap();
}

/// What the children were told: the last acknowledged text of every record.
#[derive(Default)]
struct Acknowledged {
    texts: HashMap<Id, String>,
    deleted: HashSet<Id>,
    /// Deletions that were asked for: the record may or may not be there.
    doubtful: HashSet<Id>,
    lines: usize,
}

impl Acknowledged {
    fn hear(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let (verb, id) = (words.next().unwrap_or(""), words.next().and_then(|id| id.parse::<Id>().ok()));
        let Some(id) = id else { return };
        self.lines += 1;
        match verb {
            "add" => drop(self.texts.insert(id, words.next().unwrap_or("").to_owned())),
            "deleting" => drop(self.doubtful.insert(id)),
            "deleted" => drop(self.deleted.insert(id)),
            _ => {}
        }
    }
}

fn spawn(path: &Path, lies: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(CHILD, path).stdout(Stdio::piped());
    if lies {
        command.env(LIE, "1");
    }
    command.spawn().unwrap()
}

/// Runs a child until it has said something and `patience` has passed, kills it, and hears it out.
fn run_and_kill(path: &Path, patience: Duration, lies: bool, heard: &mut Acknowledged) {
    let mut child = spawn(path, lies);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while lines.next().unwrap().unwrap() != "ready" {}
    let listener = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<String>>());
    std::thread::sleep(patience);
    child.kill().unwrap();
    child.wait().unwrap();
    let lines = listener.join().unwrap();
    // The last line may have been cut by the kill; what it says of a deletion only adds to the doubts.
    let Some((last, whole)) = lines.split_last() else { return };
    whole
        .iter()
        .chain(Some(last).filter(|last| last.starts_with("deleting")))
        .for_each(|line| heard.hear(line));
}

/// Every acknowledged write, and no half of one; `Err` says what is wrong.
fn compare(tenant: &Tenant, heard: &Acknowledged) -> Result<(), String> {
    let mut found: HashMap<Id, String> = HashMap::new();
    let mut cursor = None;
    loop {
        let page =
            tenant.list(&Filter::default().with_historical(), cursor, 1000).map_err(|e| e.to_string())?;
        found.extend(page.records.iter().map(|record: &Record| (record.id(), record.text())));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    for (id, text) in &heard.texts {
        match found.get(id) {
            // An update that was not acknowledged may have become durable all the same.
            Some(is) if is == text || is.ends_with("updated") => {}
            None if heard.doubtful.contains(id) => {}
            other => return Err(format!("{id}: acknowledged as '{text}', found as {other:?}")),
        }
    }
    if let Some(id) = heard.deleted.iter().find(|id| found.contains_key(id)) {
        return Err(format!("{id} was deleted and is back"));
    }
    let stats = tenant.stats().map_err(|error| error.to_string())?;
    let counted = (stats.episodes + stats.atoms) as usize;
    (counted == found.len()).then_some(()).ok_or(format!("{counted} counted, {} found", found.len()))
}

#[test]
fn two_hundred_kills_lose_no_acknowledged_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut heard = Acknowledged::default();
    let mut slowest = Duration::ZERO;
    for round in 0..ROUNDS {
        run_and_kill(&path, Duration::from_millis(8 + (round as u64 * 37) % 60), false, &mut heard);
        let start = Instant::now();
        // The clock stands still, so that no atom fades between two questions.
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let store = Store::open(&path, Options { clock, embedder: None, ..Options::default() }).unwrap();
        slowest = slowest.max(start.elapsed());
        if round % 20 == 19 || round < 5 {
            let tenant = store.tenant("acme").unwrap();
            compare(&tenant, &heard).unwrap_or_else(|wrong| panic!("round {round}: {wrong}"));
            // The indexes say what the rows say: made again from them, they give the same answers.
            let ask = |text: &str| {
                let hits = tenant.search(Query::text(text).vector(vec![1.0; 8]).limit(50)).unwrap();
                hits.iter().map(|hit| (hit.record.id(), hit.parts)).collect::<Vec<_>>()
            };
            let before = ["writer 2 step 5 updated", "town", "part 17"].map(ask);
            store.tenant_with_access("acme", Access::Admin).unwrap().reindex().unwrap();
            let after = ["writer 2 step 5 updated", "town", "part 17"].map(ask);
            assert!(before == after, "round {round}: the indexes did not say what the rows say");
        }
    }
    let acknowledged = heard.lines;
    println!("{ROUNDS} kills, {acknowledged} acknowledged writes, 0 lost; slowest open {slowest:?}");
    assert!(acknowledged > 20 * ROUNDS, "only {acknowledged} writes: the test is blind");
}

#[test]
fn an_acknowledgement_that_comes_too_early_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut heard = Acknowledged::default();
    run_and_kill(&path, Duration::from_millis(60), true, &mut heard);
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    assert!(compare(&store.tenant("acme").unwrap(), &heard).is_err(), "a lie was believed");
}
