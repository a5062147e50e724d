//! The promise: `add` takes a message through guard, extraction and judgement in one commit and tells what it did; a dry
//! run tells the same and changes nothing; what the guard keeps out is nowhere; and the past can be searched.
//!
//! It could be broken by a step that is skipped for some way of adding, by a receipt that is made up beside the
//! deed instead of from it, and by any index that shows what was quarantined.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a test")]

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ebbmark::{
    Access, Atom, Batch, Budget, ChangeKind, Code, Embedder, Extraction, Extractor, FactQuery, Filter,
    HistoricalReason, Id, ManualClock, Message, NewEpisode, NewFact, Options, Outcome, Predicate, Provenance,
    Query, RecordSort, Resolution, Role, Scope, SecretGuard, SecretPolicy, Standing, Store, Tenant,
    Timestamp, Trust, VectorSpace, View,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const HOUR: i64 = 3600;

fn open(options: Options) -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let store = Store::in_memory(Options { clock: clock.clone(), id_seed: Some(5), ..options }).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    (tenant.with_scope(Scope::user("Mara")).unwrap(), clock)
}

fn homes(tenant: &Tenant) -> Vec<String> {
    let query = FactQuery::about("me").predicate("lives_in");
    tenant.facts(&query).unwrap().into_iter().map(|atom| atom.object).collect()
}

fn atom(tenant: &Tenant, id: Id) -> Atom {
    tenant.get(id).unwrap().as_atom().unwrap().clone()
}

#[test]
fn a_message_is_read_judged_and_told() {
    let (mara, clock) = open(Options { embedder: None, ..Options::default() });
    let first = mara.add("I live in Berlin. I like tea and jazz. Do you know Rome?").unwrap();
    assert_eq!(first.facts.len(), 3);
    assert!(
        first.facts.iter().all(|fact| fact.verdict.outcome == Outcome::Added && fact.episode == first.ids[0])
    );
    clock.set(START.plus_seconds(HOUR));
    let second =
        mara.add(vec![NewEpisode::user("I like tea."), NewEpisode::user("I moved to Porto.")]).unwrap();
    assert_eq!(second.with(Outcome::Reinforced).count(), 1);
    let moved = second.with(Outcome::Superseded).next().unwrap();
    assert_eq!((moved.episode, moved.fact.object.as_str()), (second.ids[1], "Porto"));
    assert_eq!(moved.verdict.superseded, [first.facts[0].verdict.id]);
    assert_eq!(atom(&mara, moved.verdict.id).supports, [second.ids[1]]);
    assert_eq!(homes(&mara), ["Porto"]);
    // The agent and documents are not read for what the person is like.
    let others =
        vec![NewEpisode::assistant("I live in Rome."), NewEpisode::new(Role::Document, "I live in Oslo.")];
    assert!(mara.add(others).unwrap().facts.is_empty());
    // Said again under its key it is not said twice.
    let batch = || Batch::new(vec![NewEpisode::user("I like tea.")]).idempotency_key("k");
    mara.add(batch()).unwrap();
    let again = mara.add(batch()).unwrap();
    assert!(again.replayed && again.facts.is_empty());
    assert_eq!(atom(&mara, first.facts[1].verdict.id).assertions, 3);
}

#[test]
fn an_elliptic_correction_looks_back() {
    let (mara, _) = open(Options { embedder: None, ..Options::default() });
    mara.add(NewEpisode::user("I live in Lisbon.").session("s")).unwrap();
    mara.add(NewEpisode::assistant("A fine town!").session("s")).unwrap();
    let meant = mara.add(NewEpisode::user("No, I meant Porto.").session("s")).unwrap();
    assert_eq!(meant.facts[0].fact.provenance, Provenance::Corrected);
    assert_eq!(homes(&mara), ["Porto"]);
    // In another session there is nothing to look back to.
    assert!(mara.add(NewEpisode::user("No, I meant Faro.").session("t")).unwrap().facts.is_empty());
}

#[test]
fn a_dry_run_tells_the_same_and_changes_nothing() {
    let (mara, _) = open(Options { embedder: None, ..Options::default() });
    let known = mara.add("I live in Berlin.").unwrap();
    let before = (mara.stats().unwrap(), mara.changes(0, 100).unwrap());
    let batch = || vec![NewEpisode::user("I moved to Porto."), NewEpisode::user("I live in Porto now.")];
    let tried = mara.dry_run().add(batch()).unwrap();
    mara.dry_run().delete(known.ids[0]).unwrap();
    mara.dry_run().undo(known.facts[0].verdict.operation).unwrap();
    mara.dry_run().retract(known.facts[0].verdict.id).unwrap();
    mara.dry_run().merge_entities("Porto", "Oporto").unwrap();
    assert_eq!((mara.stats().unwrap(), mara.changes(0, 100).unwrap()), before);
    assert_eq!(homes(&mara), ["Berlin"]);
    let done = mara.add(batch()).unwrap();
    let told = |receipt: &ebbmark::Receipt| -> Vec<(Outcome, String, usize)> {
        let verdicts = receipt.facts.iter().map(|fact| &fact.verdict);
        verdicts.map(|verdict| (verdict.outcome, verdict.reason.clone(), verdict.superseded.len())).collect()
    };
    assert_eq!(told(&tried), told(&done));
    assert_eq!(told(&done).len(), 2);
}

#[test]
fn what_the_guard_keeps_out_is_nowhere() {
    let guarded = |policy| Options {
        guard: Some(Arc::new(SecretGuard::new(policy))),
        embedder: None,
        ..Options::default()
    };
    let secret = "I live in Porto and my card is 4111 1111 1111 1111.";
    let (redacting, _) = open(guarded(SecretPolicy::Redact));
    let receipt = redacting.add(secret).unwrap();
    assert_eq!(receipt.redacted, receipt.ids);
    assert_eq!(
        redacting.get(receipt.ids[0]).unwrap().text(),
        "I live in Porto and my card is [card number]."
    );
    assert!(redacting.search("4111").unwrap().is_empty());
    assert_eq!(homes(&redacting), ["Porto"]);

    let (quarantining, _) = open(guarded(SecretPolicy::Quarantine));
    let receipt = quarantining.add(secret).unwrap();
    assert_eq!((receipt.quarantined.as_slice(), receipt.facts.len()), (receipt.ids.as_slice(), 0));
    quarantining.add("I live in Faro.").unwrap();
    let listed = |filter: &Filter| {
        let episodes = filter.clone().only(RecordSort::Episode);
        quarantining.list(&episodes, None, 9).unwrap().records.len()
    };
    assert_eq!(listed(&Filter::default()), 1);
    assert_eq!(listed(&Filter::default().with_historical()), 1);
    assert_eq!(listed(&Filter { quarantined: true, ..Filter::default() }), 2);
    assert!(quarantining.search("card").unwrap().is_empty());
    assert_eq!(
        quarantining
            .search(Query::text("card").filter(Filter { quarantined: true, ..Filter::default() }))
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        quarantining.get(receipt.ids[0]).unwrap().text(),
        secret,
        "it is kept for those who know its id"
    );

    let (rejecting, _) = open(guarded(SecretPolicy::Reject));
    let error = rejecting.add(vec![NewEpisode::user("hello"), NewEpisode::user(secret)]).unwrap_err();
    assert_eq!(error.code(), Code::GuardRejected);
    assert!(!error.to_string().contains("4111"));
    assert_eq!(rejecting.stats().unwrap().episodes, 0);
}

/// An extractor of the host's that says one thing, or fails.
struct Host {
    fails: bool,
}

impl Extractor for Host {
    fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>> {
        if self.fails {
            return Err("out of order".into());
        }
        Ok(vec![NewFact::new(message.speaker, "said", message.text).trust(Trust::High)])
    }
}

#[test]
fn a_host_extractor_replaces_or_follows_the_rules() {
    for (extraction, count) in [
        (Extraction::Off, 0),
        (Extraction::BuiltIn, 1),
        (Extraction::Host(Arc::new(Host { fails: false })), 1),
        (Extraction::Both(Arc::new(Host { fails: false })), 2),
        (Extraction::Both(Arc::new(Host { fails: true })), 1),
    ] {
        let fails = format!("{extraction:?}") == "Both" && count == 1;
        let (mara, _) = open(Options { extraction, embedder: None, ..Options::default() });
        let receipt = mara.add("I live in Porto.").unwrap();
        assert_eq!(receipt.facts.len(), count);
        let error = receipt.extractor_error.map(|error| error.code());
        assert_eq!(error, fails.then_some(Code::ExtractorFailed));
        assert_eq!(mara.stats().unwrap().episodes, 1);
    }
    // Its claims are trusted no further than the message.
    let (mara, _) = open(Options {
        extraction: Extraction::Host(Arc::new(Host { fails: false })),
        embedder: None,
        ..Options::default()
    });
    let page = mara.add(NewEpisode::new(Role::Document, "pay here")).unwrap();
    let kept = atom(&mara, page.facts[0].verdict.id);
    assert_eq!((kept.trust, kept.standing), (Trust::Low, Standing::Unsubstantiated));
}

/// An embedder that can be switched off.
struct Switched(AtomicBool);

impl Embedder for Switched {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "switched".to_owned(), dimensions: 2 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>> {
        if !self.0.load(Ordering::SeqCst) {
            return Err("off".into());
        }
        Ok(texts.iter().map(|text| vec![text.len() as f32, 1.0]).collect())
    }
}

#[test]
fn claims_wait_for_their_vectors_like_their_episodes() {
    let embedder = Arc::new(Switched(AtomicBool::new(false)));
    let (mara, _) = open(Options { embedder: Some(embedder.clone()), ..Options::default() });
    let receipt = mara.add("I live in Porto.").unwrap();
    assert_eq!((receipt.pending, receipt.embedder_error.unwrap().code()), (2, Code::EmbedderFailed));
    embedder.0.store(true, Ordering::SeqCst);
    let report = mara.process_pending(10).unwrap();
    assert_eq!((report.done, report.left), (2, 0));
    assert_eq!(mara.stats().unwrap().vectors, 2);
    // An atom that an undo brings back waits anew.
    let undone = mara.undo(receipt.facts[0].verdict.operation).unwrap();
    mara.undo(undone.operation.unwrap()).unwrap();
    assert_eq!(mara.process_pending(10).unwrap().done, 1);
}

#[test]
fn deleting_a_message_takes_back_what_it_said() {
    let (mara, clock) = open(Options { embedder: None, ..Options::default() });
    let berlin = mara.add("I live in Berlin.").unwrap();
    clock.set(START.plus_seconds(HOUR));
    let porto = mara.add("I moved to Porto.").unwrap();
    let gone = mara.delete(porto.ids[0]).unwrap();
    assert_eq!(gone.removed, [porto.facts[0].verdict.id]);
    assert_eq!(gone.restored, [berlin.facts[0].verdict.id]);
    assert_eq!(gone.operation, None);
    assert_eq!(homes(&mara), ["Berlin"]);
    assert!(
        mara.search(Query::text("Porto").filter(Filter::default().with_historical())).unwrap().is_empty()
    );
    assert_eq!(
        mara.undo(porto.facts[0].verdict.operation).unwrap().restored,
        [],
        "there is nothing left to undo"
    );
    let kinds: Vec<ChangeKind> = mara.changes(2, 9).unwrap().iter().map(|change| change.kind).collect();
    assert!(kinds.contains(&ChangeKind::Restored), "{kinds:?}");
}

#[test]
fn the_past_can_be_searched() {
    let (mara, clock) = open(Options { embedder: None, ..Options::default() });
    mara.add("I live in Berlin.").unwrap();
    clock.set(START.plus_seconds(HOUR));
    let moved = mara.add("I moved to Porto.").unwrap();
    clock.set(START.plus_seconds(2 * HOUR));
    mara.retract(moved.facts[0].verdict.id).unwrap();
    let atoms = || Query::text("Mara lives in").filter(Filter::default().only(RecordSort::Atom));
    let found = |view: View| -> Vec<String> {
        let hits = mara.search(atoms().view(view)).unwrap();
        hits.iter().map(|hit| hit.record.as_atom().unwrap().object.clone()).collect()
    };
    assert_eq!(found(View::default()), ["Berlin"]);
    assert_eq!(found(View::as_of(START.plus_seconds(90 * 60))), ["Porto"]);
    assert_eq!(found(View::as_of(START.plus_seconds(30 * 60))), ["Berlin"]);
    assert_eq!(found(View::both(START.plus_seconds(60), START.plus_seconds(90 * 60))), ["Berlin"]);
    assert!(found(View::as_of(START.plus_seconds(-1))).is_empty());
    let porto = mara.get_at(moved.facts[0].verdict.id, View::as_of(START.plus_seconds(90 * 60))).unwrap();
    assert_eq!(porto.as_atom().unwrap().standing, Standing::Substantiated);
    assert!(mara.get_at(moved.ids[0], View::as_of(START)).is_err(), "it was not known then");
    let neighbors = mara.neighbors("Porto", View::as_of(START.plus_seconds(90 * 60))).unwrap();
    assert_eq!(neighbors[0].name, "Mara");
    assert!(mara.neighbors("Porto", View::default()).unwrap().is_empty());
}

#[test]
fn what_is_disputed_says_so_wherever_it_shows() {
    let (mara, _) = open(Options { embedder: None, ..Options::default() });
    let third = mara.assert_fact(NewFact::new("me", "birthday", "March 3")).unwrap();
    let fourth = mara.assert_fact(NewFact::new("me", "birthday", "March 4")).unwrap();
    assert_eq!(fourth.outcome, Outcome::Disputed);
    let hits = mara.search("when is the birthday").unwrap();
    assert_eq!(hits.len(), 2);
    for hit in &hits {
        assert!(
            hit.record.as_atom().unwrap().is_disputed() && hit.why().ends_with("; disputed"),
            "{}",
            hit.why()
        );
    }
    assert!(mara.explain(third.id).unwrap().to_string().contains("is disputed"));
    let conflict = mara.conflicts(false).unwrap().remove(0);
    mara.resolve(conflict.id, &Resolution::Keep(third.id)).unwrap();
    assert!(mara.search("when is the birthday").unwrap().iter().all(|hit| !hit.why().contains("disputed")));
}

#[test]
fn time_alone_changes_what_is_due_and_nothing_else() {
    let (mara, clock) = open(Options { embedder: None, ..Options::default() });
    let heard =
        mara.assert_fact(NewFact::new("me", "works_at", "Acme").provenance(Provenance::Observed)).unwrap();
    let today = mara.assert_fact(NewFact::new("me", "lives_in", "Berlin")).unwrap();
    let june = START.plus_seconds(100 * 24 * HOUR);
    let move_to_come = mara.assert_fact(NewFact::new("me", "lives_in", "Porto").valid_from(june)).unwrap();
    assert_eq!(homes(&mara), ["Berlin"]);
    assert_eq!(atom(&mara, heard.id).standing, Standing::Unsubstantiated);
    clock.set(START.plus_seconds(5 * HOUR));
    assert_eq!(atom(&mara, heard.id).standing, Standing::Substantiated, "shown before it is settled");
    assert_eq!(mara.maintain(&Budget { records: 100, ..Budget::default() }).unwrap().settled, 1);
    assert_eq!(mara.maintain(&Budget { records: 100, ..Budget::default() }).unwrap().settled, 0);
    assert_eq!(mara.history(heard.id).unwrap().len(), 2);
    clock.set(june);
    assert_eq!(homes(&mara), ["Porto"]);
    assert_eq!(mara.maintain(&Budget { records: 100, ..Budget::default() }).unwrap().settled, 1, "one cell");
    assert_eq!(atom(&mara, today.id).standing, Standing::Historical(HistoricalReason::Superseded));
    assert_eq!(atom(&mara, move_to_come.id).standing, Standing::Substantiated);
    let found = mara.search("where does she live").unwrap();
    assert!(found.iter().all(|hit| hit.record.id() != today.id));
    assert_eq!(
        mara.maintain(&Budget { records: 0, ..Budget::default() }).unwrap_err().code(),
        Code::RangeInvalid
    );
}

#[test]
fn bad_input_is_named_and_changes_nothing() {
    let (mara, _) = open(Options { embedder: None, ..Options::default() });
    let note = mara.add("note").unwrap().ids[0];
    let home = mara.assert_fact(NewFact::new("me", "lives_in", "Porto")).unwrap();
    let other = mara.assert_fact(NewFact::new("me", "likes", "tea")).unwrap();
    mara.retract(other.id).unwrap();
    mara.define_predicate(Predicate::one("chief").inverse("staff")).unwrap();
    mara.define_predicate(Predicate::many("admires").opposite("scorns")).unwrap();
    let before = mara.stats().unwrap();
    let nobody = Id::from_u128(7);
    let reader = mara.clone().with_access(Access::ReadOnly).unwrap();
    let writer = mara.clone().with_access(Access::ReadWrite).unwrap();
    let fact = || NewFact::new("me", "lives_in", "Faro");
    let failures: Vec<(&str, Code, ebbmark::Error)> = vec![
        ("confirm nobody", Code::RecordNotFound, mara.confirm(nobody).unwrap_err()),
        ("confirm a note", Code::RecordSort, mara.confirm(note).unwrap_err()),
        ("confirm what is retracted", Code::AtomRetracted, mara.confirm(other.id).unwrap_err()),
        ("retract twice", Code::AtomRetracted, mara.retract(other.id).unwrap_err()),
        ("retract a note", Code::RecordSort, mara.retract(note).unwrap_err()),
        ("explain a note", Code::RecordSort, mara.explain(note).unwrap_err()),
        ("undo nothing", Code::OperationNotFound, mara.undo(nobody).unwrap_err()),
        (
            "resolve nothing",
            Code::ConflictNotFound,
            mara.resolve(nobody, &Resolution::Keep(home.id)).unwrap_err(),
        ),
        ("merge with itself", Code::EntitySame, mara.merge_entities("Porto", "PORTO").unwrap_err()),
        ("merge nothing", Code::TextEmpty, mara.merge_entities("Porto", " ").unwrap_err()),
        ("an empty holder", Code::TextEmpty, mara.assert_fact(fact().held_by("")).unwrap_err()),
        ("too sure", Code::RangeInvalid, mara.assert_fact(fact().confidence(1.1)).unwrap_err()),
        ("not a number", Code::RangeInvalid, mara.assert_fact(fact().confidence(f32::NAN)).unwrap_err()),
        ("an end before", Code::IntervalInverted, {
            mara.assert_fact(fact().valid_from(START).valid_to(START)).unwrap_err()
        }),
        ("an alias of another", Code::PredicateContradicts, {
            mara.define_predicate(Predicate::one("dwells_in").alias("lives in")).unwrap_err()
        }),
        ("a bound", Code::PredicateContradicts, {
            mara.define_predicate(Predicate::one("dwells_in").confidence_max(f32::NAN)).unwrap_err()
        }),
        ("an inverse that was named before", Code::PredicateContradicts, {
            mara.define_predicate(Predicate::many("staff")).unwrap_err()
        }),
        ("an opposite that was named before", Code::PredicateContradicts, {
            mara.define_predicate(Predicate::many("scorns")).unwrap_err()
        }),
        ("no name", Code::TextEmpty, mara.define_predicate(Predicate::one("")).unwrap_err()),
        ("a reader", Code::AccessDenied, reader.undo(home.operation).unwrap_err()),
        ("a reader tries", Code::AccessDenied, reader.dry_run().retract(home.id).unwrap_err()),
        ("a writer defines", Code::AccessDenied, writer.define_predicate(Predicate::one("x")).unwrap_err()),
        ("nobody's facts", Code::TextEmpty, mara.facts(&FactQuery::about(" ")).unwrap_err()),
    ];
    for (what, code, error) in failures {
        assert_eq!(error.code(), code, "{what}: {error}");
    }
    assert_eq!(mara.stats().unwrap(), before);
}
