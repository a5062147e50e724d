//! The promise: a document is found by its passages, which say where they stand; a changed document that is added again
//! changes only what changed; and a deleted one is gone with all that only it supported.
//!
//! It could be broken by a passage that is lost or cut within a word, by a new version that gives unchanged text another
//! id, by passages that change their order in the ranking, by names that reach into another user's or tenant's documents,
//! or by a large document that is replaced in part.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use ebbmark::{
    Access, Admission, ArchiveRule, Cause, ChangeKind, Code, DocumentReceipt, Embedder, Episode, Extraction,
    Extractor, Filter, Grade, Guard, Id, ManualClock, Message, Metadata, NewDocument, NewEpisode, NewFact,
    Options, Passage, Query, Quotas, RecordSort, RetentionPolicy, RevisionKind, Role, Scope, SecretGuard,
    SecretPolicy, Split, Store, Tenant, TenantConfig, Timestamp, Trust, VectorSpace,
};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

const HANDBOOK: &str = "# Handbook\n\nWelcome to the company.\n\n## Travel\n\nTrains are booked by the office.\n\n\
### Expenses\n\nKeep every receipt.\n\n## Leave\n\nAsk a week before.\n";

fn options() -> Options {
    let clock = Arc::new(ManualClock::at(START));
    Options { clock, id_seed: Some(1), embedder: None, ..Options::default() }
}

fn open() -> Tenant {
    open_with(options())
}

fn open_with(options: Options) -> Tenant {
    Store::in_memory(options).unwrap().tenant_with_access("acme", Access::Admin).unwrap()
}

fn handbook(text: impl Into<String>) -> NewDocument {
    NewDocument::new("handbook.md", text)
}

fn passage(episode: &Episode) -> &Passage {
    episode.passage.as_ref().unwrap()
}

/// The headings and texts of a document, as it is stored.
fn told(tenant: &Tenant, name: &str) -> Vec<(String, String)> {
    let passages = tenant.document(name).unwrap();
    passages.iter().map(|episode| (passage(episode).heading(), episode.text.clone())).collect()
}

fn ids(tenant: &Tenant, name: &str) -> Vec<Id> {
    tenant.document(name).unwrap().iter().map(|episode| episode.id).collect()
}

fn version(tenant: &Tenant) -> u64 {
    tenant.stats().unwrap().version
}

fn missing(tenant: &Tenant, name: &str) -> bool {
    tenant.document(name).is_err_and(|error| error.code() == Code::DocumentNotFound)
}

/// A section of `count` short paragraphs.
fn section(name: &str, count: usize) -> String {
    let paragraph =
        |at: usize| format!("Paragraph {at} of {name} tells of {}.\n\n", "this and that ".repeat(4 + at % 5));
    format!("## {name}\n\n{}", (0..count).map(paragraph).collect::<String>())
}

#[test]
fn a_passage_says_where_it_stands() {
    let tenant = open();
    let document = handbook(HANDBOOK).metadata("kind", "rules").occurred_at(START.plus_seconds(-60));
    let receipt = tenant.add_document(document).unwrap();
    assert_eq!((receipt.passages.len(), &receipt.added), (4, &receipt.passages));
    assert!(receipt.kept.is_empty() && receipt.removed.is_empty() && receipt.pending == 0);
    let episodes = tenant.document("handbook.md").unwrap();
    assert_eq!(episodes.iter().map(|episode| episode.id).collect::<Vec<_>>(), receipt.passages);
    let mut end = 0;
    for (at, episode) in episodes.iter().enumerate() {
        let place = passage(episode);
        assert_eq!((place.ordinal as usize, place.document.as_str(), place.start), (at, "handbook.md", end));
        assert_eq!(HANDBOOK[place.start as usize..place.end as usize].trim(), episode.text);
        assert_eq!((episode.role, episode.title.as_deref()), (Role::Document, Some("Handbook")));
        assert_eq!((episode.trust, episode.occurred_at), (Trust::Low, START.plus_seconds(-60)));
        assert_eq!(episode.metadata, Metadata::from([("kind".to_owned(), "rules".into())]));
        end = place.end;
    }
    assert_eq!(end as usize, HANDBOOK.len());
    let headings: Vec<String> = episodes.iter().map(|episode| passage(episode).heading()).collect();
    assert_eq!(
        headings,
        ["Handbook", "Handbook > Travel", "Handbook > Travel > Expenses", "Handbook > Leave"]
    );
}

#[test]
fn the_title_is_the_given_one_or_the_first_heading_or_the_name() {
    let tenant = open();
    let title = |document: NewDocument| {
        let id = tenant.add_document(document).unwrap().passages[0];
        tenant.get(id).unwrap().as_episode().unwrap().title.clone().unwrap()
    };
    assert_eq!(title(handbook(HANDBOOK).title("Rules")), "Rules");
    assert_eq!(title(handbook("one\n\n# Two\n\nthree")), "Two");
    assert_eq!(title(("handbook.md", "one").into()), "handbook.md");
}

#[test]
fn a_passage_is_found_by_its_headings() {
    let tenant = open();
    let long: String = (0..60).map(|at| format!("Rule {at} is that slips are kept. ")).collect();
    let text = format!("# Handbook\n\n## Reimbursement\n\n{long}\n\n## Leave\n\n{long}\n");
    tenant.add_document(handbook(text)).unwrap();
    let hits = tenant.search(Query::text("reimbursement").limit(20)).unwrap();
    let with_the_word = hits.iter().filter(|hit| hit.parts.bm25 > 0.0);
    let sections: Vec<String> =
        with_the_word.map(|hit| passage(hit.record.as_episode().unwrap()).section[1].clone()).collect();
    assert!(sections.len() > 2 && sections.len() == ids(&tenant, "handbook.md").len() / 2, "{sections:?}");
    assert!(sections.iter().all(|section| section == "Reimbursement"));
}

#[test]
fn passages_are_read_with_those_around_them_whatever_their_session() {
    let passages = |tenant: &Tenant, scope: Scope| {
        let text =
            "## One\n\nThe boiler is in the cellar.\n\n## Two\n\nIt is switched on by the red lever.\n";
        tenant.add_document(handbook(text).scope(scope)).unwrap();
        for name in ["a", "b", "c"] {
            tenant.add_document(NewDocument::new(name, "It is switched on by the red lever.")).unwrap();
        }
        let hits = tenant.search(Query::text("switched on boiler lever").limit(10)).unwrap();
        let hit = hits.iter().find(|hit| hit.record.text().starts_with("## Two")).unwrap();
        let alone = hits.iter().find(|hit| hit.record.text().starts_with("It is")).unwrap();
        (hit.parts.lexical_around, alone.parts.lexical_around)
    };
    let session = Scope::default().with_session("monday");
    for scope in [Scope::default(), session] {
        let tenant = open();
        tenant.add(NewEpisode::user("Nothing of the kind.").session("monday")).unwrap();
        let (around, alone) = passages(&tenant, scope);
        assert!(around > alone, "{around} {alone}");
    }
}

/// What the parts of a score say of every passage: they depend on the neighbours of each.
fn scores(tenant: &Tenant) -> String {
    let hits = tenant.search(Query::text("paragraph 3 of apples or the pears").limit(200)).unwrap();
    let told = |hit: &ebbmark::Hit| format!("{} {:?} {}\n", hit.record.text(), hit.parts, hit.score);
    let mut told: Vec<String> = hits.iter().map(told).collect();
    told.sort();
    told.concat()
}

#[test]
fn after_an_edit_the_neighbours_are_those_of_the_new_text() {
    let [apples, pears, plums] = ["Apples", "Pears", "Plums"].map(|name| section(name, 40));
    let first = format!("{apples}{plums}");
    let second =
        format!("{pears}{apples}{plums}").replace("Paragraph 5 of Apples", "The fifth paragraph of Apples");
    let edited = open();
    edited.add_document(handbook(first).title("Fruit")).unwrap();
    scores(&edited);
    let receipt = edited.add_document(handbook(second.clone()).title("Fruit")).unwrap();
    assert!(receipt.moved.len() > 3 && !receipt.added.is_empty() && !receipt.removed.is_empty());
    let fresh = open();
    fresh.add_document(handbook(second).title("Fruit")).unwrap();
    assert_eq!(told(&edited, "handbook.md"), told(&fresh, "handbook.md"));
    assert_eq!(scores(&edited), scores(&fresh));
    edited.reindex().unwrap();
    assert_eq!(scores(&edited), scores(&fresh));
}

#[test]
fn an_edit_replaces_only_what_changed() {
    let tenant = open();
    let before = tenant.add_document(handbook(HANDBOOK)).unwrap().passages;
    tenant.reinforce(before[3], Grade::Good).unwrap();
    tenant.flush_uses().unwrap();
    let at = version(&tenant);
    let text = HANDBOOK.replace("Keep every receipt.", "Keep receipts above ten euros.");
    let receipt = tenant.add_document(handbook(text.clone())).unwrap();
    assert_eq!(receipt.kept, [before[0], before[1], before[3]]);
    assert_eq!(
        (receipt.added.len(), &receipt.removed, &receipt.moved),
        (1, &vec![before[2]], &vec![before[3]])
    );
    assert_eq!(receipt.passages, [before[0], before[1], receipt.added[0], before[3]]);
    assert_eq!(ids(&tenant, "handbook.md"), receipt.passages);
    assert_eq!(tenant.memory(before[3]).unwrap().uses, 1, "what use has made of it is kept");
    assert_eq!(tenant.get(before[2]).unwrap_err().code(), Code::RecordNotFound);
    assert_eq!(version(&tenant), at + 1, "one commit");
    let moved = tenant.get(before[3]).unwrap();
    let place = passage(moved.as_episode().unwrap());
    assert_eq!(text[place.start as usize..place.end as usize].trim(), moved.text());
    assert_eq!((moved.version(), tenant.history(before[3]).unwrap().len()), (1, 1), "a move is no version");
    let changes = tenant.changes(at, 10).unwrap();
    let kinds: Vec<(Id, ChangeKind)> = changes.iter().map(|change| (change.id, change.kind)).collect();
    let expected = [
        (receipt.added[0], ChangeKind::Added),
        (before[2], ChangeKind::Deleted),
        (before[3], ChangeKind::Moved),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn the_same_document_again_writes_nothing() {
    let tenant = open();
    let document = || handbook(HANDBOOK).metadata("kind", "rules").trust(Trust::High);
    let first = tenant.add_document(document()).unwrap();
    let (at, stored) = (version(&tenant), tenant.document("handbook.md").unwrap());
    for again in [document(), document().occurred_at(START.plus_seconds(500))] {
        let receipt = tenant.add_document(again).unwrap();
        let kept = DocumentReceipt {
            passages: first.passages.clone(),
            kept: first.passages.clone(),
            ..Default::default()
        };
        assert_eq!(receipt, kept);
    }
    let decomposed = "Cafe\u{301} hours.";
    let other = tenant.add_document(NewDocument::new("cafe\u{301}", decomposed)).unwrap();
    assert_eq!(
        tenant.add_document(NewDocument::new("caf\u{e9}", "Caf\u{e9} hours.")).unwrap().kept,
        other.passages
    );
    assert_eq!((version(&tenant), tenant.document("handbook.md").unwrap()), (at + 1, stored));
}

#[test]
fn sections_that_change_places_keep_their_passages() {
    let tenant = open();
    let [one, two] = ["One", "Two"].map(|name| section(name, 8));
    let before = tenant.add_document(handbook(format!("{one}{two}")).title("T")).unwrap();
    let after = tenant.add_document(handbook(format!("{two}{one}")).title("T")).unwrap();
    assert!(after.added.is_empty() && after.removed.is_empty() && after.moved.len() == before.passages.len());
    assert_eq!(
        after.passages.iter().collect::<BTreeSet<_>>(),
        before.passages.iter().collect::<BTreeSet<_>>()
    );
    assert_ne!(after.passages, before.passages);
    assert_eq!(ids(&tenant, "handbook.md"), after.passages);
    // The same passage three times over is three passages.
    let thrice = format!("{one}{one}{one}");
    let receipt = tenant.add_document(handbook(thrice.clone()).title("T")).unwrap();
    assert_eq!((receipt.kept.len(), receipt.added.len()), (one_third(&receipt), 2 * one_third(&receipt)));
    assert!(tenant.add_document(handbook(thrice).title("T")).unwrap().moved.is_empty());
}

fn one_third(receipt: &DocumentReceipt) -> usize {
    receipt.passages.len() / 3
}

#[test]
fn other_labels_and_fields_are_another_version_of_the_same_passages() {
    let tenant = open();
    let before = tenant.add_document(handbook(HANDBOOK).metadata("state", "draft")).unwrap().passages;
    let scope = Scope::default().with_agent("clerk");
    let receipt =
        tenant.add_document(handbook(HANDBOOK).metadata("state", "final").scope(scope.clone())).unwrap();
    assert_eq!((&receipt.updated, &receipt.kept, receipt.moved.len()), (&before, &before, 0));
    let found = |state: &str| {
        let filter = Filter { scope: scope.clone(), ..Filter::default().metadata("state", state) };
        tenant.search(Query::text("receipt").filter(filter)).unwrap().len()
    };
    assert_eq!((found("draft"), found("final")), (0, 4));
    let history = tenant.history(before[0]).unwrap();
    let kinds: Vec<RevisionKind> = history.iter().map(|revision| revision.kind).collect();
    assert_eq!(kinds, [RevisionKind::Added, RevisionKind::Updated]);
    // Words that are trusted otherwise are other words: what they support is judged anew.
    let receipt = tenant.add_document(handbook(HANDBOOK).trust(Trust::High)).unwrap();
    assert_eq!((receipt.added.len(), &receipt.removed), (4, &before));
}

#[test]
fn what_was_changed_by_hand_is_put_right() {
    let tenant = open();
    let before = tenant.add_document(handbook(HANDBOOK)).unwrap().passages;
    tenant.update(before[1], ebbmark::EpisodeUpdate::text("Cars are booked by the office.")).unwrap();
    tenant.delete(before[2]).unwrap();
    assert_eq!(tenant.document("handbook.md").unwrap().len(), 3);
    let receipt = tenant.add_document(handbook(HANDBOOK)).unwrap();
    assert_eq!((&receipt.kept, &receipt.removed), (&vec![before[0], before[3]], &vec![before[1]]));
    assert_eq!(told(&tenant, "handbook.md")[1].1, "## Travel\n\nTrains are booked by the office.");
}

/// Draws a claim from every text that says "The boss is".
struct Bosses;

impl Extractor for Bosses {
    fn extract(
        &self,
        message: &Message<'_>,
    ) -> Result<Vec<NewFact>, Box<dyn std::error::Error + Send + Sync>> {
        let name = message.text.split("The boss is ").nth(1).and_then(|rest| rest.split('.').next());
        Ok(name.map(|name| NewFact::new("company", "boss", name)).into_iter().collect())
    }
}

/// Counts the texts that it is asked for.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Embedder for Counting {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "counting".to_owned(), dimensions: 2 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error + Send + Sync>> {
        self.0.fetch_add(texts.len(), Ordering::SeqCst);
        Ok(texts.iter().map(|text| vec![1.0, text.len() as f32]).collect())
    }
}

#[test]
fn claims_and_vectors_of_kept_passages_stay_and_those_of_others_go() {
    let embedder = Arc::new(Counting::default());
    let extraction = Extraction::Host(Arc::new(Bosses));
    let tenant = open_with(Options { embedder: Some(embedder.clone()), extraction, ..options() });
    let text = "## People\n\nThe boss is Ana.\n\n## Rooms\n\nThe kitchen is on the left.\n";
    let first = tenant.add_document(handbook(text)).unwrap();
    assert_eq!((first.facts.len(), first.facts[0].fact.trust), (1, Some(Trust::Low)));
    let bosses = || {
        let page = tenant.list(&Filter::default().only(RecordSort::Atom), None, 100).unwrap();
        let atoms = page.records.iter().filter_map(|record| record.as_atom());
        atoms.map(|atom| atom.object.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bosses(), ["Ana"]);
    let asked = embedder.0.load(Ordering::SeqCst);
    // The passage with the claim moves; nothing is asked for but the new passage.
    let second = tenant
        .add_document(handbook(format!("## Doors\n\nKeep them closed.\n\n{text}")).title("People"))
        .unwrap();
    assert_eq!((second.kept.len(), second.facts.len()), (2, 0));
    assert_eq!((embedder.0.load(Ordering::SeqCst), bosses()), (asked + 1, vec!["Ana".to_owned()]));
    assert_eq!(tenant.stats().unwrap().vectors, 4, "three passages and an atom");
    // A new wording of the same claim keeps the atom, another claim takes its place.
    let atom = first.facts[0].verdict.id;
    let same = tenant
        .add_document(handbook(text.replace("The boss is Ana.", "Here it goes. The boss is Ana.")))
        .unwrap();
    assert!(same.effect.removed.is_empty() && tenant.get(atom).is_ok());
    let other = tenant.add_document(handbook(text.replace("Ana", "Bo"))).unwrap();
    assert_eq!((other.effect.removed, bosses()), (vec![atom], vec!["Bo".to_owned()]));
    let deleted = tenant.delete_document("handbook.md").unwrap();
    assert_eq!((deleted.removed.len(), deleted.effect.removed.len(), bosses().len()), (2, 1, 0));
    assert_eq!(tenant.stats().unwrap().episodes + tenant.stats().unwrap().vectors, 0);
}

#[test]
fn a_deleted_document_is_gone() {
    let tenant = open();
    let kept = tenant.add("Trains are late.").unwrap().ids[0];
    tenant.add_document(handbook(HANDBOOK)).unwrap();
    let receipt = tenant.delete_document("handbook.md").unwrap();
    assert_eq!((receipt.removed.len(), receipt.passages.len()), (4, 0));
    assert!(missing(&tenant, "handbook.md"));
    assert_eq!(tenant.delete_document("handbook.md").unwrap_err().code(), Code::DocumentNotFound);
    let hits = tenant.search("trains").unwrap();
    assert_eq!(hits.iter().map(|hit| hit.record.id()).collect::<Vec<_>>(), [kept]);
    let entry = tenant.audit(&ebbmark::AuditQuery::default(), None, 1).unwrap().entries.remove(0);
    assert_eq!((entry.cause, entry.changes.len()), (Cause::DeleteDocument, 4));
}

#[test]
fn names_of_one_user_or_tenant_are_not_anothers() {
    let store = Store::in_memory(options()).unwrap();
    let acme = store.tenant("acme").unwrap();
    let of = |user: &str| acme.clone().with_scope(Scope::user(user)).unwrap();
    let (mara, noor, globex) = (of("Mara"), of("Noor"), store.tenant("globex").unwrap());
    for (tenant, text) in [(&acme, "all"), (&mara, "mine"), (&noor, "yours"), (&globex, "theirs")] {
        tenant.add_document(handbook(text)).unwrap();
    }
    mara.add_document(handbook("mine again")).unwrap();
    noor.delete_document("handbook.md").unwrap();
    assert!(missing(&noor, "handbook.md") && missing(&mara, "Handbook.md"));
    for (tenant, text) in [(&acme, "all"), (&mara, "mine again"), (&globex, "theirs")] {
        assert_eq!(told(tenant, "handbook.md"), [(String::new(), text.to_owned())]);
    }
    let clerk = mara.clone().with_scope(Scope::user("Mara").with_agent("clerk")).unwrap();
    assert!(missing(&clerk, "handbook.md"), "the scope of a handle narrows what it reads");
    clerk.add_document(handbook("mine again")).unwrap();
    assert_eq!((ids(&clerk, "handbook.md"), acme.stats().unwrap().episodes), (ids(&mara, "handbook.md"), 2));
}

/// A text of many commits.
fn large(word: &str) -> String {
    (0..160).map(|at| section(&format!("{word} {at}"), 60)).collect()
}

#[test]
fn a_large_document_takes_several_commits_and_is_whole() {
    let tenant = open();
    let text = large("Part");
    let receipt = tenant.add_document(handbook(text.clone()).title("T")).unwrap();
    assert!(version(&tenant) > 1 && receipt.passages.len() > 2000, "{} commits", version(&tenant));
    let episodes = tenant.document("handbook.md").unwrap();
    assert_eq!(episodes.iter().map(|episode| episode.id).collect::<Vec<_>>(), receipt.passages);
    let mut covered = 0;
    for place in episodes.iter().map(passage) {
        assert!(place.start <= covered && place.end > covered);
        covered = place.end;
    }
    assert_eq!(covered as usize, text.len());
    let edited = format!("## First\n\nThis is new.\n\n{}", text.replace("Part 50", "Part fifty"));
    let again = tenant.add_document(handbook(edited).title("T")).unwrap();
    assert!(again.added.len() < 30 && again.kept.len() + again.added.len() == again.passages.len());
    assert_eq!(ids(&tenant, "handbook.md"), again.passages);
    let before = tenant.stats().unwrap().episodes;
    assert_eq!(tenant.delete_document("handbook.md").unwrap().removed.len() as u64, before);
    assert_eq!(tenant.stats().unwrap().episodes, 0);
}

#[test]
fn a_quota_refuses_the_whole_document_and_asks_for_what_is_left_over() {
    let tenant = open();
    let whole = tenant.dry_run().add_document(handbook(large("Part"))).unwrap().passages.len() as u64;
    assert_eq!((tenant.stats().unwrap().episodes, version(&tenant)), (0, 0), "a dry run changes nothing");
    let quotas = |records: u64| Quotas { records: Some(records), ..Quotas::default() };
    let limit = |records: u64| {
        tenant.configure(TenantConfig { quotas: quotas(records), ..TenantConfig::default() }).unwrap();
    };
    limit(whole - 1);
    let refused = tenant.add_document(handbook(large("Part"))).unwrap_err();
    assert_eq!((refused.code(), tenant.stats().unwrap().episodes), (Code::QuotaExceeded, 0));
    limit(whole);
    tenant.add_document(handbook(large("Part"))).unwrap();
    // All of it is replaced, new before old: what counts is what is held in the end.
    let receipt = tenant.add_document(handbook(large("Item"))).unwrap();
    let added = receipt.added.len() as u64;
    assert_eq!((receipt.removed.len() as u64, receipt.kept.len()), (whole, 0));
    assert!(2 * added > whole && tenant.stats().unwrap().episodes == added);
}

#[test]
fn documents_survive_a_restart_and_reindexing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let open = || Store::open(&path, options()).unwrap().tenant_with_access("acme", Access::Admin).unwrap();
    let text: String = ["Apples", "Pears", "Plums"].map(|name| section(name, 12)).concat();
    let tenant = open();
    // More than a segment, so that what moved afterwards is an overlay.
    tenant.add_document(handbook(text.clone()).title("Fruit")).unwrap();
    tenant.add(vec![NewEpisode::user("a note"); 2100]).unwrap();
    let edited = format!("{}{text}", section("Quinces", 9));
    assert!(tenant.add_document(handbook(edited.clone()).title("Fruit")).unwrap().moved.len() > 5);
    let before = (tenant.document("handbook.md").unwrap(), scores(&tenant));
    drop(tenant);
    let tenant = open();
    assert_eq!((tenant.document("handbook.md").unwrap(), scores(&tenant)), before);
    tenant.reindex().unwrap();
    assert_eq!((tenant.document("handbook.md").unwrap(), scores(&tenant)), before);
    drop(tenant);
    let tenant = open();
    assert_eq!((tenant.document("handbook.md").unwrap(), scores(&tenant)), before);
    assert!(tenant.add_document(handbook(edited).title("Fruit")).unwrap().moved.is_empty());
}

#[test]
fn secrets_are_kept_out_of_texts_and_headings() {
    let guarded =
        |policy| open_with(Options { guard: Some(Arc::new(SecretGuard::new(policy))), ..options() });
    let text = "## Card 4111 1111 1111 1111\n\nMind it.\n\n### Use\n\nPay with 4111 1111 1111 1111.\n";
    let tenant = guarded(SecretPolicy::Redact);
    let receipt = tenant.add_document(handbook(text)).unwrap();
    assert_eq!(receipt.redacted.len(), 2);
    let stored = format!("{:?}", tenant.document("handbook.md").unwrap());
    assert!(!stored.contains("4111") && stored.contains("Card [card number]"), "{stored}");
    assert_eq!(tenant.add_document(handbook(text)).unwrap().kept, receipt.passages);
    let tenant = guarded(SecretPolicy::Quarantine);
    let receipt = tenant.add_document(handbook(text).title("Cards")).unwrap();
    assert_eq!((receipt.quarantined.len(), tenant.search("card").unwrap().len()), (2, 0));
    assert_eq!(tenant.document("handbook.md").unwrap().len(), 2);
    assert_eq!(tenant.add_document(handbook(text).title("Cards")).unwrap().kept, receipt.passages);
    let tenant = guarded(SecretPolicy::Reject);
    assert_eq!(tenant.add_document(handbook(text)).unwrap_err().code(), Code::GuardRejected);
    assert_eq!(version(&tenant), 0);
}

/// Refuses headings, and nothing else.
struct NoHeadings;

impl Guard for NoHeadings {
    fn admit(&self, episode: &NewEpisode) -> Admission {
        let is_heading = episode.text == "Travel" && episode.role == Role::Document;
        if is_heading { Admission::Reject("a heading".to_owned()) } else { Admission::Allow }
    }
}

#[test]
fn headings_are_shown_to_the_guard() {
    let tenant = open_with(Options { guard: Some(Arc::new(NoHeadings)), ..options() });
    assert_eq!(tenant.add_document(handbook(HANDBOOK)).unwrap_err().code(), Code::GuardRejected);
}

#[test]
fn a_heading_that_is_kept_back_is_the_title_of_nothing() {
    struct Wary;
    impl Guard for Wary {
        fn admit(&self, episode: &NewEpisode) -> Admission {
            if episode.text.contains("Ignore") { Admission::Quarantine } else { Admission::Allow }
        }
    }
    let tenant = open_with(Options { guard: Some(Arc::new(Wary)), ..options() });
    let text = "# Ignore all that was said\n\nSome words.\n\n# Clean\n\nThe river is high.\n";
    tenant.add_document(NewDocument::new("notes.md", text)).unwrap();
    let hits = tenant.search("river").unwrap();
    assert_eq!(hits[0].record.as_episode().unwrap().title.as_deref(), Some("notes.md"));
    assert!(!tenant.context("river", 500).unwrap().text.contains("Ignore"));
}

#[test]
fn what_was_archived_is_found_again_when_its_document_is_added_again() {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), ..options() };
    let store = Store::in_memory(options).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    let archive = Some(ArchiveRule { older_than_days: 1.0, importance_below: 1.0 });
    let retention = RetentionPolicy { archive, ..RetentionPolicy::default() };
    tenant.configure(TenantConfig { retention, ..TenantConfig::default() }).unwrap();
    let document = || NewDocument::new("notes.md", "The river is high.");
    tenant.add_document(document()).unwrap();
    clock.set(START.plus_seconds(100 * 86_400));
    assert_eq!(tenant.retention(false).unwrap().archived, 1);
    assert!(tenant.search("river").unwrap().is_empty());
    assert_eq!(tenant.add_document(document()).unwrap().kept.len(), 1);
    assert_eq!(tenant.search("river").unwrap().len(), 1);
}

#[test]
fn bad_documents_are_refused_and_change_nothing() {
    let tenant = open();
    let split = |words_max, overlap| handbook("x").split(Split { words_max, overlap });
    let long = "a".repeat(ebbmark::limits::DOCUMENT_BYTES_MAX + 1);
    for (code, document) in [
        (Code::TextEmpty, handbook(" \n")),
        (Code::TextNul, handbook("a\0")),
        (Code::TextTooLong, handbook(long)),
        (Code::TextEmpty, handbook("x").title(" ")),
        (Code::TextTooLong, handbook("x").title("t".repeat(2049))),
        (Code::NameInvalid, NewDocument::new("", "x")),
        (Code::NameInvalid, NewDocument::new("a\nb", "x")),
        (Code::NameInvalid, NewDocument::new("n".repeat(257), "x")),
        (Code::NameInvalid, handbook("x").scope(Scope::user(""))),
        (Code::MetadataInvalid, handbook("x").metadata("n", f64::NAN)),
        (Code::RangeInvalid, split(19, 0)),
        (Code::RangeInvalid, split(2001, 0)),
        (Code::RangeInvalid, split(100, 51)),
        (Code::BatchSize, handbook("a ".repeat(3_000_000)).split(Split { words_max: 20, overlap: 0 })),
    ] {
        let error = tenant.add_document(document).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(!error.remedy().is_empty());
    }
    let reader = tenant.clone().with_access(Access::ReadOnly).unwrap();
    assert_eq!(reader.add_document(handbook("x")).unwrap_err().code(), Code::AccessDenied);
    assert_eq!(reader.delete_document("x").unwrap_err().code(), Code::AccessDenied);
    assert_eq!(tenant.document("").unwrap_err().code(), Code::NameInvalid);
    assert_eq!(version(&tenant), 0);
    tenant.add_document(split(20, 10)).unwrap();
    tenant.add_document(split(2000, 1000)).unwrap();
}

#[test]
fn two_who_add_the_same_document_at_once_leave_one() {
    let tenant = open();
    let versions: Vec<String> =
        (0..4).map(|at| format!("{}{}", section("One", 9), section(&format!("V{at}"), 9))).collect();
    std::thread::scope(|scope| {
        for text in &versions {
            scope.spawn(|| {
                (0..5).for_each(|_| drop(tenant.add_document(handbook(text.clone()).title("T")).unwrap()))
            });
        }
    });
    let fresh = open();
    let stored = told(&tenant, "handbook.md");
    let is_one = |text: &String| {
        fresh.add_document(handbook(text.clone()).title("T")).unwrap();
        told(&fresh, "handbook.md") == stored
    };
    assert!(versions.iter().any(is_one), "{stored:#?}");
    let all = tenant.list(&Filter::default().only(RecordSort::Episode), None, 1000).unwrap().records.len();
    assert_eq!(all, stored.len());
}

/// An extractor that adds another version of a document the first time that it is asked.
#[derive(Default)]
struct Meddling {
    tenant: OnceLock<Tenant>,
    calls: AtomicUsize,
}

impl Extractor for Meddling {
    fn extract(&self, _: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn std::error::Error + Send + Sync>> {
        if self.calls.fetch_add(1, Ordering::SeqCst) == 0 {
            self.tenant.get().unwrap().add_document(handbook("## A\n\nOne.\n\n## B\n\nTwo.").title("T"))?;
        }
        Ok(Vec::new())
    }
}

#[test]
fn a_version_that_comes_while_another_is_made_ready_is_replaced() {
    let meddling = Arc::new(Meddling::default());
    let tenant = open_with(Options { extraction: Extraction::Host(meddling.clone()), ..options() });
    meddling.tenant.set(tenant.clone()).ok().unwrap();
    let receipt = tenant.add_document(handbook("## A\n\nOne.\n\n## B\n\nThree.").title("T")).unwrap();
    assert_eq!((receipt.kept.len(), receipt.added.len(), receipt.removed.len()), (1, 1, 1));
    assert_eq!(ids(&tenant, "handbook.md"), receipt.passages);
    assert_eq!(tenant.stats().unwrap().episodes, 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn after_any_edits_it_is_the_document_that_was_added_last(
        versions in proptest::collection::vec(
            proptest::collection::vec(("[A-D]", 0_usize..14), 1..5), 1..6,
        ),
        words_max in 20_usize..200,
    ) {
        let (edited, fresh) = (open(), open());
        let mut known: BTreeSet<Id> = BTreeSet::new();
        for version in &versions {
            let text: String = version.iter().map(|(name, count)| section(name, *count)).collect();
            let document = handbook(text.clone()).title("T").split(Split { words_max, overlap: words_max / 4 });
            let receipt = edited.add_document(document).unwrap();
            let now: BTreeSet<Id> = receipt.passages.iter().copied().collect();
            prop_assert_eq!(now.len(), receipt.passages.len());
            let added: BTreeSet<Id> = receipt.added.iter().copied().collect();
            prop_assert_eq!(&now - &known, added);
            prop_assert_eq!(&known - &now, receipt.removed.iter().copied().collect());
            prop_assert_eq!(ids(&edited, "handbook.md"), receipt.passages);
            for (at, episode) in edited.document("handbook.md").unwrap().iter().enumerate() {
                let place = passage(episode);
                prop_assert_eq!(place.ordinal as usize, at);
                prop_assert_eq!(text[place.start as usize..place.end as usize].trim(), &episode.text);
            }
            known = now;
            if version == versions.last().unwrap() {
                let document = handbook(text).title("T").split(Split { words_max, overlap: words_max / 4 });
                fresh.add_document(document).unwrap();
            }
        }
        prop_assert_eq!(told(&edited, "handbook.md"), told(&fresh, "handbook.md"));
        prop_assert_eq!(scores(&edited), scores(&fresh));
    }
}
