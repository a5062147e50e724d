//! No sequence of calls with any arguments panics, and what was accepted can be read back.
#![no_main]

use std::sync::Arc;

use arbitrary::Arbitrary;
use ebbmark::{
    EpisodeUpdate, Filter, Id, ManualClock, NewEpisode, NewFact, Options, Query, Scope, Store, Timestamp,
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Call {
    Add {
        text: String,
        speaker: Option<String>,
        session: Option<String>,
        vector: Option<Vec<f32>>,
        importance: f32,
    },
    Fact {
        subject: String,
        predicate: String,
        object: String,
        confidence: f32,
        from: Option<i64>,
        to: Option<i64>,
    },
    Update {
        target: u8,
        text: String,
    },
    Delete {
        target: u8,
    },
    Search {
        text: Option<String>,
        vector: Option<Vec<f32>>,
        limit: u16,
        user: Option<String>,
    },
    List {
        limit: u16,
        since: Option<i64>,
        until: Option<i64>,
    },
    Clock {
        micros: i64,
    },
}

fuzz_target!(|calls: Vec<Call>| {
    let clock = Arc::new(ManualClock::at(Timestamp::default()));
    let options = Options { clock: clock.clone(), id_seed: Some(1), ..Options::default() };
    let tenant = Store::in_memory(options).unwrap().tenant("fuzz").unwrap();
    let mut live: Vec<(Id, String)> = Vec::new();
    for call in calls {
        match call {
            Call::Add { text, speaker, session, vector, importance } => {
                let mut episode = NewEpisode::user(text).importance(importance);
                episode.speaker = speaker;
                episode.scope.session = session;
                episode.vector = vector;
                if let Ok(receipt) = tenant.add(episode) {
                    let id = receipt.ids[0];
                    live.push((id, tenant.get(id).unwrap().text()));
                }
            }
            Call::Fact { subject, predicate, object, confidence, from, to } => {
                let mut fact = NewFact::new(subject, predicate, object).confidence(confidence);
                fact.valid_from = from.map(Timestamp::from_micros);
                fact.valid_to = to.map(Timestamp::from_micros);
                let _ = tenant.assert_fact(fact);
            }
            Call::Update { target, text } if !live.is_empty() => {
                let target = usize::from(target) % live.len();
                if let Ok(episode) = tenant.update(live[target].0, EpisodeUpdate::text(text)) {
                    live[target].1 = episode.text;
                }
            }
            Call::Delete { target } if !live.is_empty() => {
                let (id, _) = live.swap_remove(usize::from(target) % live.len());
                tenant.delete(id).unwrap();
                assert!(tenant.get(id).is_err());
            }
            Call::Update { .. } | Call::Delete { .. } => {}
            Call::Search { text, vector, limit, user } => {
                let mut query = Query::text(text.unwrap_or_default()).limit(usize::from(limit));
                query.vector = vector;
                query.filter = Filter::scope(Scope { user, ..Scope::default() });
                if let Ok(hits) = tenant.search(query) {
                    assert!(hits.iter().all(|hit| hit.score.is_finite() && hit.score == hit.parts.score()));
                }
            }
            Call::List { limit, since, until } => {
                let filter = Filter {
                    since: since.map(Timestamp::from_micros),
                    until: until.map(Timestamp::from_micros),
                    ..Filter::default()
                };
                let _ = tenant.list(&filter, None, usize::from(limit));
            }
            Call::Clock { micros } => clock.set(Timestamp::from_micros(micros)),
        }
    }
    for (id, text) in live {
        assert_eq!(tenant.get(id).unwrap().text(), text);
    }
});
