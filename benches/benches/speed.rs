//! Speed of the main verbs, by criterion. `make bench` runs it.
//!
//! Searches ask with text and vector (384 components) for ten hits.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ebbmark::{Options, Query, Store, Tenant};
use ebbmark_benches::made_up::{Random, turns};
use std::hint::black_box;

fn filled(count: usize) -> (tempfile::TempDir, Tenant) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("store.ebb"), uncached()).unwrap();
    let tenant = store.tenant("bench").unwrap();
    tenant.add(turns(count, 1)).unwrap();
    (folder, tenant)
}

fn question(random: &mut Random) -> Query {
    Query::text(random.text(8)).vector(random.vector())
}

fn writes(criterion: &mut Criterion) {
    let (_folder, tenant) = filled(1000);
    let mut random = Random::new(2);
    criterion.bench_function("add one, durable", |bencher| {
        bencher.iter_batched(
            || turns(1, random.bits()),
            |turn| tenant.add(turn).unwrap(),
            BatchSize::PerIteration,
        );
    });
    criterion.bench_function("add 1,000 in a batch, durable", |bencher| {
        bencher.iter_batched(
            || turns(1000, random.bits()),
            |batch| tenant.add(batch).unwrap(),
            BatchSize::PerIteration,
        );
    });
}

fn reads(criterion: &mut Criterion) {
    for count in [1000, 10_000, 100_000] {
        let (folder, tenant) = filled(count);
        let mut random = Random::new(3);
        criterion.bench_function(&format!("search among {count}"), |bencher| {
            bencher.iter_batched(
                || question(&mut random),
                |query| black_box(tenant.search(query).unwrap()),
                BatchSize::SmallInput,
            );
        });
        let page = tenant.list(&ebbmark::Filter::default(), None, 1000).unwrap();
        let ids: Vec<_> = page.records.iter().map(ebbmark::Record::id).collect();
        let mut turn = 0;
        criterion.bench_function(&format!("get among {count}"), |bencher| {
            bencher.iter(|| {
                turn = (turn + 1) % ids.len();
                black_box(tenant.get(ids[turn]).unwrap())
            });
        });
        drop(tenant);
        criterion.bench_function(&format!("open {count}"), |bencher| {
            bencher.iter(|| Store::open(folder.path().join("store.ebb"), uncached()).unwrap());
        });
    }
}

/// A store that looks for every answer anew.
fn uncached() -> Options {
    Options { query_cache_bytes: 0, embedder: None, ..Options::default() }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = writes, reads
}
criterion_main!(benches);
