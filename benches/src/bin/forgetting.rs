//! Prints what forgetting costs: computing what is left, doing what is due, telling of a use; and how far FSRS-6 is
//! from the published vectors.
//!
//! `cargo run --release -p ebbmark-benches --bin forgetting`. One thread, a file on the machine's disk; with `quick`
//! behind it a tenth of the atoms.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ebbmark::{
    Access, ArchiveRule, Batch, Budget, Extraction, Fsrs, FsrsState, Grade, Id, ManualClock, NewEpisode,
    NewFact, Options, Provenance, RetentionPolicy, Role, Store, Tenant, TenantConfig, Timestamp,
};
use ebbmark_benches::sets;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const DAY: i64 = 86_400;

fn main() -> Outcome {
    fsrs()?;
    let most = if std::env::args().any(|arg| arg == "quick") { 100_000 } else { 1_000_000 };
    let folder = tempfile::tempdir()?;
    for count in [most / 10, most] {
        let (tenant, clock) = filled(&folder.path().join(format!("{count}.ebb")), count)?;
        if count == most {
            retention(&tenant, count)?;
            reinforce(&tenant)?;
            answers(count)?;
        }
        maintenance(&tenant, &clock, count)?;
    }
    Ok(())
}

/// A tenant with many believed atoms, none of which is due for years.
fn filled(path: &Path, count: usize) -> Outcome<(Tenant, Arc<ManualClock>)> {
    let clock = Arc::new(ManualClock::at(START));
    let options =
        Options { extraction: Extraction::Off, embedder: None, clock: clock.clone(), ..Options::default() };
    let tenant = Store::open(path, options)?.tenant_with_access("bench", Access::Admin)?;
    let archive = Some(ArchiveRule { older_than_days: 30.0, importance_below: 0.5 });
    let retention = RetentionPolicy { archive, ..RetentionPolicy::default() };
    tenant.configure(TenantConfig { retention, ..TenantConfig::default() })?;
    tenant.maintain(&Budget::default())?;
    let facts: Vec<NewFact> = (0..count)
        .map(|at| NewFact::new(format!("person {}", at / 10), "visited", format!("place {at}")))
        .collect();
    for facts in facts.chunks(64 * 1000) {
        let episode = |(at, facts): (usize, &[NewFact])| NewEpisode {
            facts: facts.to_vec(),
            ..NewEpisode::user(format!("note {at}")).importance(1.0)
        };
        tenant.add(Batch::new(facts.chunks(64).enumerate().map(episode).collect()))?;
    }
    Ok((tenant, clock))
}

/// Computing what is left of every atom, and sorting it into buckets.
fn retention(tenant: &Tenant, count: usize) -> Outcome {
    tenant.decay_report()?;
    let best = (0..5).map(|_| {
        let start = Instant::now();
        tenant.decay_report().map(|report| (start.elapsed(), report))
    });
    let (time, report) =
        best.min_by_key(|run| run.as_ref().map_or(Duration::MAX, |(time, _)| *time)).ok_or("no run")??;
    let seen: u64 = report.groups.iter().flat_map(|group| group.buckets).sum();
    println!(
        "decay_report over {seen} atoms: {time:.1?}, {:.0} M evaluations a second",
        count as f64 / time.as_secs_f64() / 1e6
    );
    Ok(())
}

/// Telling of a use, in the caller's thread, with everything that this may have to wait for.
fn reinforce(tenant: &Tenant) -> Outcome {
    let ids: Vec<Id> =
        tenant.search("person 17 visited place 171")?.iter().map(|hit| hit.record.id()).collect();
    let mut times: Vec<Duration> = Vec::new();
    for at in 0..20_000 {
        let start = Instant::now();
        tenant.reinforce(ids[at % ids.len()], Grade::Good)?;
        times.push(start.elapsed());
    }
    times.sort();
    println!(
        "reinforce: {:.2?} median, {:.2?} at 99 %",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    tenant.flush_uses()?;
    Ok(())
}

/// Doing a thousand things that are due beside many that are not.
fn maintenance(tenant: &Tenant, clock: &ManualClock, count: usize) -> Outcome {
    let budget = Budget { time: Duration::from_secs(60), records: 100_000 };
    for round in 0..3_i64 {
        let day = 100 * round + 1;
        clock.set(START.plus_seconds(day * DAY));
        let faded = |at: i64| NewFact::new(format!("friend {round}/{at}"), "mood", "tired").confidence(0.3);
        assert_all(tenant, (0..1000).map(faded))?;
        clock.set(START.plus_seconds((day + 60) * DAY));
        let start = Instant::now();
        let report = tenant.maintain(&budget)?;
        println!("maintain beside {count} atoms, {} dissolved: {:.1?}", report.dissolved, start.elapsed());

        let heard = |at: i64| {
            NewFact::new(format!("tool {round}/{at}"), "visited", "the moon").provenance(Provenance::Observed)
        };
        assert_all(tenant, (0..1000).map(heard))?;
        clock.set(START.plus_seconds((day + 61) * DAY));
        let start = Instant::now();
        let report = tenant.maintain(&budget)?;
        println!("maintain beside {count} atoms, {} promoted: {:.1?}", report.settled, start.elapsed());

        let chatter = |at: i64| NewEpisode::new(Role::Tool, format!("reading {round}/{at}"));
        tenant.add((0..1000).map(chatter).collect::<Vec<_>>())?;
        clock.set(START.plus_seconds((day + 95) * DAY));
        let start = Instant::now();
        let report = tenant.maintain(&budget)?;
        println!("maintain beside {count} atoms, {} archived: {:.1?}", report.archived, start.elapsed());
    }
    Ok(())
}

fn assert_all(tenant: &Tenant, facts: impl Iterator<Item = NewFact>) -> Outcome {
    let facts: Vec<NewFact> = facts.collect();
    let episode =
        |facts: &[NewFact]| NewEpisode { facts: facts.to_vec(), ..NewEpisode::user("said").importance(1.0) };
    tenant.add(Batch::new(facts.chunks(64).map(episode).collect()))?;
    Ok(())
}

/// Questions drawn by Zipf's law, s = 1, of a thousand: 20,000 searches by one thread, with and without writes.
fn answers(count: usize) -> Outcome {
    for between in [usize::MAX, 500] {
        let options = Options { extraction: Extraction::Off, embedder: None, ..Options::default() };
        let store = Store::in_memory(options)?;
        let tenant = store.tenant("bench")?;
        let notes =
            (0..count.min(10_000)).map(|at| NewEpisode::user(format!("note {} of place {}", at, at % 1000)));
        tenant.add(notes.collect::<Vec<_>>())?;
        let harmonic: f64 = (1..=1000).map(|rank| 1.0 / f64::from(rank)).sum();
        let mut draws = 0.5_f64;
        let mut times: Vec<Duration> = Vec::new();
        for asked in 0..20_000 {
            // A sequence of low discrepancy (the golden ratio's) stands for chance.
            draws = (draws + 0.618_033_988_749_894_9) % 1.0;
            let mut left = draws * harmonic;
            let rank = (1..=1000).find(|&rank| {
                left -= 1.0 / f64::from(rank);
                left <= 0.0
            });
            let question = format!("place {}", rank.unwrap_or(1000) - 1);
            let before = store.query_cache().hits;
            let start = Instant::now();
            tenant.search(question)?;
            let time = start.elapsed();
            if store.query_cache().hits > before {
                times.push(time);
            }
            if asked % between == between - 1 {
                tenant.add("another note")?;
            }
        }
        times.sort();
        let writes =
            if between == usize::MAX { "no writes".to_owned() } else { format!("a write every {between}") };
        println!(
            "query cache, Zipf over 1,000 questions, 20,000 searches, {writes}: {:.0} % hits, {:.2?} median a hit",
            times.len() as f64 / 200.0,
            times[times.len() / 2],
        );
    }
    Ok(())
}

/// The greatest difference from the vectors that the authors of FSRS-6 computed.
fn fsrs() -> Outcome {
    let Some(vectors) = sets::read_json("fsrs_vectors.json")? else {
        println!("fsrs_vectors.json is not there: FSRS-6 is not compared");
        return Ok(());
    };
    let (fsrs, mut greatest, mut count) = (Fsrs::default(), 0.0_f64, 0);
    for sequence in vectors["sequences"].as_array().ok_or("no sequences")? {
        let mut state: Option<FsrsState> = None;
        for review in sequence.as_array().ok_or("no reviews")? {
            let number = |name: &str| review[name].as_f64().unwrap_or(f64::NAN);
            let grade = match review["grade"].as_u64() {
                Some(1) => Grade::Again,
                Some(2) => Grade::Hard,
                Some(3) => Grade::Good,
                _ => Grade::Easy,
            };
            let next = match state {
                None => fsrs.first(grade),
                Some(state) => {
                    let left = fsrs.retrievability(state.stability, number("gap_days"));
                    greatest = greatest.max((left - number("retrievability_before")).abs());
                    fsrs.next(state, number("gap_days"), grade)
                }
            };
            let apart = (next.stability - number("stability")).abs() / number("stability").max(1.0);
            greatest = greatest.max(apart).max((next.difficulty - number("difficulty")).abs());
            state = Some(next);
            count += 1;
        }
    }
    println!("FSRS-6 against {count} published reviews: greatest difference {greatest:.1e}");
    Ok(())
}
