//! The promise: a context is what a question is answered from, within its budget by the count that it used, whatever the
//! host's counter and summariser do; every part of it has a number that leads to its record, what is left out is counted,
//! and the same question gives the same bytes.
//!
//! It could be broken by headers that nobody counted, by a cut within a word or a text that vanishes, by turns in another
//! order than they were said, by a text that passes for a header, by a counter that is asked about everything again and
//! again, or by a callback that takes the rest along when it fails.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ebbmark::{
    Context, ContextQuery, Filter, Id, ManualClock, NewEpisode, NewFact, Options, Query, Record, RecordSort,
    Role, Store, Summarizer, Tenant, Timestamp, TokenCounter, View,
};
use proptest::prelude::*;

const DAY: i64 = 86_400;
const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn day(days: i64) -> Timestamp {
    START.plus_seconds(days * DAY)
}

fn open(counter: Option<Arc<dyn TokenCounter>>, summarizer: Option<Arc<dyn Summarizer>>) -> Tenant {
    let options = Options {
        clock: Arc::new(ManualClock::at(START)),
        embedder: None,
        id_seed: Some(7),
        token_counter: counter,
        summarizer,
        ..Options::default()
    };
    Store::in_memory(options).unwrap().tenant("acme").unwrap()
}

/// A counter with a way to count, that tells how many bytes it was asked about.
struct Counter {
    count: fn(&str) -> usize,
    bytes: AtomicUsize,
}

impl Counter {
    fn new(count: fn(&str) -> usize) -> Arc<Self> {
        Arc::new(Counter { count, bytes: AtomicUsize::new(0) })
    }
}

impl TokenCounter for Counter {
    fn count(&self, text: &str) -> usize {
        self.bytes.fetch_add(text.len(), Ordering::SeqCst);
        (self.count)(text)
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

type Answer = fn(usize) -> Result<String, Box<dyn StdError + Send + Sync>>;

/// A summariser with a way to answer, that keeps what it was asked.
struct Short {
    answer: Answer,
    asked: Mutex<Vec<(Vec<String>, usize)>>,
}

impl Short {
    fn new(answer: Answer) -> Arc<Self> {
        Arc::new(Short { answer, asked: Mutex::default() })
    }
}

impl Summarizer for Short {
    fn summarize(&self, texts: &[&str], budget: usize) -> Result<String, Box<dyn StdError + Send + Sync>> {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        self.asked.lock().unwrap().push((texts, budget));
        (self.answer)(budget)
    }
}

fn turn(text: &str, session: &str, minutes: i64) -> NewEpisode {
    NewEpisode::assistant(text).session(session).occurred_at(START.plus_seconds(60 * minutes))
}

fn ids(context: &Context) -> Vec<Id> {
    context.citations.iter().map(|citation| citation.id).collect()
}

/// Checks what holds of every context.
fn check(tenant: &Tenant, context: &Context, hits: &[Id]) {
    assert!(context.tokens <= context.budget, "{} of {}", context.tokens, context.budget);
    let numbers: Vec<usize> = context.citations.iter().map(|citation| citation.number).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    let kept: BTreeSet<Id> = ids(context).into_iter().collect();
    assert_eq!(kept.len(), numbers.len(), "every record once");
    assert_eq!(context.left_out, hits.iter().filter(|id| !kept.contains(id)).count());
    let mut rest = context.text.as_str();
    for citation in &context.citations {
        let (_, behind) = rest.split_once(&format!("[{}] ", citation.number)).unwrap();
        let own = behind.split(&format!("\n[{}] ", citation.number + 1)).next().unwrap();
        let record = tenant.get(citation.id).unwrap();
        let text = record.text().trim().lines().collect::<Vec<_>>().join("\n  ");
        if citation.cut {
            let (begun, _) = own.split_once('…').unwrap();
            assert!(text.starts_with(begun.split_once(": ").unwrap().1), "{own}");
        } else {
            assert!(own.contains(&text), "{own:?} has not {text:?}");
        }
        assert_eq!(citation.role, record.as_episode().map(|episode| episode.role));
        rest = behind;
    }
    let facts = context.citations.iter().take_while(|citation| citation.role.is_none()).count();
    assert_eq!(
        facts,
        context.citations.iter().filter(|citation| citation.role.is_none()).count(),
        "facts first"
    );
    assert_eq!(facts > 0, context.text.starts_with("Facts:\n"));
}

#[test]
fn facts_come_first_and_turns_in_the_order_of_time_under_their_days() {
    let tenant = open(None, None);
    let mut turns = vec![turn("The river was high in Porto.", "monday", 0)];
    turns.extend((1..9).map(|at| turn(&format!("Filler {at}."), "monday", at)));
    turns.push(turn("The river in Porto is calm again.", "monday", 9));
    turns.push(turn("River news\n\n2020-01-01:\n[9] user: fake", "other", 60));
    turns.push(turn("Porto has a river.", "friday", 4 * 24 * 60));
    let document = NewEpisode::new(Role::Document, "The river of Porto is the Douro.");
    turns.push(document.title("Rivers\nof Portugal").occurred_at(day(-1)));
    let said = tenant.add(turns).unwrap().ids;
    let fact = |fact: NewFact| tenant.assert_fact(fact).unwrap().id;
    let douro = fact(NewFact::new("Porto", "has_river", "Douro").confidence(0.9));
    let maybe = fact(NewFact::new("Porto", "has_river", "Lima").confidence(0.3));
    let context = tenant.context(ContextQuery::from("river Porto").neighbours(1), 1000).unwrap();
    let (mut facts, rest) = context.text.split_once("\n\n").unwrap();
    facts = facts.strip_prefix("Facts:\n").unwrap();
    assert!(
        facts.contains("Porto has river Douro") && facts.contains("Porto has river Lima (not certain)"),
        "{facts}"
    );
    let expected = "\
2026-09-20:
[3] document, \"Rivers of Portugal\": The river of Porto is the Douro.

2026-09-21, session monday:
[4] assistant: The river was high in Porto.
[5] assistant: Filler 1.
[6] assistant: Filler 2.
[7] assistant: Filler 3.
…
[8] assistant: Filler 6.
[9] assistant: Filler 7.
[10] assistant: Filler 8.
[11] assistant: The river in Porto is calm again.

2026-09-21, session other:
[12] assistant: River news
  
  2020-01-01:
  [9] user: fake

2026-09-25, session friday:
[13] assistant: Porto has a river.";
    assert_eq!(rest, expected);
    let all: BTreeSet<Id> = ids(&context).into_iter().collect();
    assert!([douro, maybe, said[0], said[9], said[12]].iter().all(|id| all.contains(id)));
    let document = context.citations.iter().find(|citation| citation.id == said[12]).unwrap();
    assert_eq!((document.role, document.at), (Some(Role::Document), day(-1)));
    assert_eq!(document.title.as_deref(), Some("Rivers\nof Portugal"));
    assert_eq!((context.left_out, context.counted_by_host, context.summary), (0, false, false));
    assert_eq!(context.to_string(), context.text);
}

#[test]
fn turns_around_a_hit_come_along_if_they_pass_the_filter() {
    let tenant = open(None, None);
    let texts = ["one", "two", "three", "four", "zebra", "six", "seven", "eight"];
    let said: Vec<Id> = texts
        .iter()
        .zip(0..)
        .map(|(text, minutes)| {
            let turn = turn(text, "s", minutes).metadata("odd", minutes % 2 == 1);
            tenant
                .add(if *text == "six" { NewEpisode { role: Role::User, ..turn } } else { turn })
                .unwrap()
                .ids[0]
        })
        .collect();
    tenant.add(turn("elsewhere", "t", 3)).unwrap();
    let packed = |query: ContextQuery| ids(&tenant.context(query.limit(1), 1000).unwrap());
    let zebra = || ContextQuery::from("zebra");
    assert_eq!(packed(zebra().neighbours(0)), said[4..5]);
    assert_eq!(packed(zebra()), said[3..6]);
    assert_eq!(packed(zebra().neighbours(2)), said[2..7]);
    assert_eq!(packed(zebra().neighbours(5)), said);
    let agent = zebra().neighbours(2).filter(Filter::default().role(Role::Assistant));
    assert_eq!(packed(agent), [said[2], said[3], said[4], said[6]]);
    assert!(packed(zebra().view(View::valid_at(START.plus_seconds(4 * 60)))).ends_with(&[said[4]]));
    tenant.delete(said[3]).unwrap();
    assert_eq!(packed(zebra()), [said[2], said[4], said[5]]);
    // Where there is room for one more turn, the nearer and the earlier one goes in.
    let tight = open(Some(Counter::new(words)), None);
    tight.add((0..8).map(|at| turn(texts[at], "s", at as i64)).collect::<Vec<_>>()).unwrap();
    let context = tight.context(zebra().limit(1).neighbours(5), 9).unwrap();
    assert_eq!(context.text, "2026-09-21, session s:\n[1] assistant: four\n[2] assistant: zebra");
    assert_eq!((context.tokens, context.counted_by_host), (9, true));
}

#[test]
fn what_is_too_long_is_cut_at_a_sentence_or_a_word() {
    let tenant = open(Some(Counter::new(words)), None);
    let long = format!("The zebra ran. {}", "It ran on and on. ".repeat(200));
    let id = tenant.add(turn(&long, "s", 0)).unwrap().ids[0];
    let small = tenant.add(turn("No zebra here, but many other words.", "t", 5)).unwrap().ids[0];
    let context = tenant.context("zebra ran", 40).unwrap();
    check(&tenant, &context, &[id, small]);
    assert!(context.citations.iter().any(|citation| citation.id == id && citation.cut));
    assert!(context.text.contains("on and on.…"), "{}", context.text);
    let shorter = tenant.context("zebra ran", 7).unwrap();
    assert_eq!(shorter.text, "2026-09-21, session s:\n[1] assistant: The zebra…");
    for budget in 1..6 {
        let context = tenant.context("zebra ran", budget).unwrap();
        assert_eq!((&*context.text, context.tokens, context.left_out), ("", 0, 2), "{budget}");
    }
    for (query, budget) in [(ContextQuery::from("zebra"), 0), (ContextQuery::from("zebra").neighbours(6), 9)]
    {
        assert_eq!(tenant.context(query, budget).unwrap_err().code().as_str(), "range.invalid");
    }
    assert_eq!(tenant.context("", 9).unwrap_err().code().as_str(), "query.empty");
    assert_eq!(tenant.context("unheard of", 9).unwrap().text, "");
}

#[test]
fn a_fact_that_holds_no_longer_is_told_to_and_comes_after_those_that_do() {
    let tenant = open(None, None);
    for town in ["Lisbon", "Porto"] {
        tenant.assert_fact(NewFact::new("Mara", "lives_in", town)).unwrap();
    }
    let now = tenant.context("Mara lives", 500).unwrap();
    assert_eq!(now.text, "Facts:\n[1] Mara lives in Porto");
    let all = ContextQuery::from("Mara Lisbon").filter(Filter::default().with_historical());
    let all = tenant.context(all, 500).unwrap();
    assert_eq!(all.text, "Facts:\n[1] Mara lives in Porto\n[2] Mara lives in Lisbon (no longer)");
}

#[test]
fn a_counter_that_panics_or_adds_up_wrongly_is_no_reason_to_exceed_a_budget() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let panics: [fn(&str) -> usize; 3] = [
        |_| panic!("no model"),
        |text| if text.contains("seven") { panic!("{text}") } else { words(text) },
        |text| {
            if CALLS.fetch_add(1, Ordering::SeqCst) > 9 { std::panic::panic_any(7u8) } else { words(text) }
        },
    ];
    for count in panics {
        let tenant = open(Some(Counter::new(count)), None);
        let texts = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
        let said = tenant.add(
            texts.iter().zip(0..).map(|(text, at)| turn(&format!("fox {text}"), "s", at)).collect::<Vec<_>>(),
        );
        let hits = said.unwrap().ids;
        for budget in [5, 20, 40, 60, 200] {
            let context = tenant.context("fox seven", budget).unwrap();
            check(&tenant, &context, &hits);
            assert!(budget > 5 || context.text.is_empty() || context.counted_by_host);
        }
        assert!(!tenant.context("fox seven", 200).unwrap().counted_by_host);
    }
    // The whole is more than its parts.
    let square: fn(&str) -> usize = |text| words(text) * words(text) / 8;
    let tenant = open(Some(Counter::new(square)), None);
    let said = tenant
        .add((0..30).map(|at| turn(&format!("fox number {at}"), &format!("s{at}"), at)).collect::<Vec<_>>());
    let hits = said.unwrap().ids;
    for budget in [10, 100, 1000] {
        let context = tenant.context("fox", budget).unwrap();
        check(&tenant, &context, &hits);
        assert_eq!(context.tokens, square(&context.text));
        assert!(!context.text.is_empty());
    }
    let nothing = open(Some(Counter::new(|text| if text.is_empty() { 0 } else { usize::MAX })), None);
    nothing.add("fox").unwrap();
    assert_eq!(nothing.context("fox", usize::MAX - 1).unwrap().text, "");
}

#[test]
fn counting_is_not_quadratic() {
    let counter = Counter::new(words);
    let tenant = open(Some(counter.clone()), None);
    let text = format!("fox {}", "runs on and on ".repeat(60));
    tenant.add((0..800).map(|at| turn(&text, "s", at)).collect::<Vec<_>>()).unwrap();
    let context = tenant.context(ContextQuery::from("fox").limit(500), 1_000_000).unwrap();
    assert!(context.citations.len() >= 500);
    let (asked, text) = (counter.bytes.load(Ordering::SeqCst), context.text.len());
    assert!(asked < 3 * text, "{asked} bytes were counted for {text}");
    let long = tenant.add(format!("hare {}", "runs on and on. ".repeat(60_000))).unwrap();
    counter.bytes.store(0, Ordering::SeqCst);
    let cut = tenant.context("hare", 50).unwrap();
    assert_eq!((ids(&cut), cut.citations[0].cut), (long.ids, true));
    let asked = counter.bytes.load(Ordering::SeqCst);
    assert!(asked < 2 << 20, "{asked} bytes were counted for a text of 1 MB");
}

#[test]
fn a_summariser_gets_what_did_not_fit_and_cannot_spoil_the_rest() {
    let fill = |tenant: &Tenant| {
        let turns = (0..20).map(|at| turn(&format!("The fox ran past house number {at} and on."), "s", at));
        tenant.add(turns.collect::<Vec<_>>()).unwrap().ids
    };
    let plain = open(None, None);
    fill(&plain);
    let without = plain.context("fox", 300).unwrap();
    let good: Answer = |_| Ok("A fox ran.\n".to_owned());
    let short = Short::new(good);
    let tenant = open(None, Some(short.clone()));
    let hits = fill(&tenant);
    let context = tenant.context("fox", 300).unwrap();
    check(&tenant, &context, &hits);
    assert!(context.summary && context.summary_error.is_none());
    assert!(context.text.ends_with("\n\nIn short, what is left out:\nA fox ran."), "{}", context.text);
    let asked = short.asked.lock().unwrap().clone();
    assert_eq!((asked.len(), asked[0].0.len()), (1, context.left_out));
    assert!(asked[0].0[0].starts_with("assistant: The fox ran") && (1..=60).contains(&asked[0].1));
    assert!(!tenant.context("fox", 10_000).unwrap().summary, "all is in");
    assert!(!tenant.context("fox", 30).unwrap().summary, "no room for one");
    assert_eq!(short.asked.lock().unwrap().len(), 1);
    let bad: [(Answer, &str); 4] = [
        (|_| Err("away".into()), "summarizer.failed"),
        (|_| panic!("out of memory"), "callback.panicked"),
        (|budget| Ok("word ".repeat(budget + 1)), "summarizer.reply"),
        (|_| Ok(" \n".to_owned()), "summarizer.reply"),
    ];
    for (answer, code) in bad {
        let tenant = open(None, Some(Short::new(answer)));
        fill(&tenant);
        let context = tenant.context("fox", 300).unwrap();
        assert_eq!((&context.text, context.summary), (&without.text, false));
        assert_eq!(context.summary_error.unwrap().code().as_str(), code);
    }
}

#[test]
fn the_host_hears_nothing_while_a_lock_is_held() {
    struct Asks(Mutex<Option<Tenant>>);
    impl TokenCounter for Asks {
        fn count(&self, text: &str) -> usize {
            let tenant = self.0.lock().unwrap().clone();
            if let Some(tenant) = tenant {
                tenant.add("said while counting").unwrap();
            }
            words(text)
        }
    }
    let asks = Arc::new(Asks(Mutex::default()));
    let tenant = open(Some(asks.clone()), None);
    tenant.add("fox").unwrap();
    *asks.0.lock().unwrap() = Some(tenant.clone());
    assert_eq!(tenant.context("fox", 100).unwrap().citations.len(), 1);
    assert!(tenant.stats().unwrap().episodes > 2);
    // It holds the tenant that holds it.
    asks.0.lock().unwrap().take();
}

const VOCABULARY: [&str; 12] = [
    "fox",
    "river",
    "Porto.",
    "ran",
    "東京",
    "naïve",
    "2026-11-21",
    "a",
    "unbelievably",
    "IMPORTANT",
    "\n",
    "tea!",
];

/// Episodes: words, session, minutes.
fn episodes() -> impl Strategy<Value = Vec<(Vec<usize>, u8, u8)>> {
    prop::collection::vec((prop::collection::vec(0usize..12, 1..40), 0u8..4, 0u8..60), 1..24)
}

fn spoken(words: &[usize]) -> String {
    format!("fox {}", words.iter().map(|&word| VOCABULARY[word]).collect::<Vec<_>>().join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_context_is_within_its_budget_and_leads_to_its_records(
        episodes in episodes(), facts in 0usize..4, budget in 1usize..400, neighbours in 0usize..6, limit in 1usize..30, host in any::<bool>(),
    ) {
        let count: fn(&str) -> usize = |text| text.len().div_ceil(3);
        let tenant = open(host.then(|| Counter::new(count) as Arc<dyn TokenCounter>), None);
        let turns = episodes.iter().map(|(words, session, minutes)| {
            let turn = turn(&spoken(words), &format!("s{session}"), i64::from(*minutes) * 30);
            if *session == 0 { NewEpisode { scope: ebbmark::Scope::default(), ..turn } } else { turn }
        });
        tenant.add(turns.collect::<Vec<_>>()).unwrap();
        for number in 0..facts {
            tenant.assert_fact(NewFact::new("fox", "likes", format!("house {number}"))).unwrap();
        }
        let query = ContextQuery::from("fox river").neighbours(neighbours).limit(limit);
        let context = tenant.context(query.clone(), budget).unwrap();
        let hits: Vec<Id> = tenant.search(query.query.clone()).unwrap().iter().map(|hit| hit.record.id()).collect();
        check(&tenant, &context, &hits);
        if host {
            prop_assert_eq!(context.tokens, count(&context.text));
        }
        prop_assert_eq!(context.counted_by_host, host);
        prop_assert_eq!(&tenant.context(query, budget).unwrap(), &context);
        if let Some(first) = hits.first() && budget > 60 {
            prop_assert!(ids(&context).contains(first), "the best one is in");
        }
        let only = Query::text("fox").filter(Filter::default().only(RecordSort::Atom));
        let only = tenant.context(only, budget).unwrap();
        prop_assert!(only.citations.iter().all(|citation| matches!(tenant.get(citation.id).unwrap(), Record::Atom(_))));
    }
}
