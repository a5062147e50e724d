//! The promise: a search ranks by what the question says (its words and meaning, whom and what it names, of which time it
//! asks) and by what its best finds lead to; and every hit says what its score is made of.
//!
//! It could be broken by a title that is not known as a name, or known where it is none, by a link that is not followed or
//! that leads out of the filter, by dates that are misread, or by a weight that counts for another part.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::unreachable, reason = "tests fail loudly")]

use ebbmark::{
    Code, Filter, Hit, Id, NewEpisode, Options, Query, RecordSort, Role, Scope, Store, Tenant, Timestamp,
    Weights,
};
use proptest::prelude::*;

fn tenant() -> Tenant {
    let options = Options { embedder: None, ..Options::default() };
    Store::in_memory(options).unwrap().tenant("acme").unwrap()
}

fn passage(title: &str, text: &str) -> NewEpisode {
    NewEpisode::new(Role::Document, text).title(title)
}

fn add(tenant: &Tenant, episodes: Vec<NewEpisode>) -> Vec<Id> {
    tenant.add(episodes).unwrap().ids
}

fn search(tenant: &Tenant, text: &str) -> Vec<Hit> {
    tenant.search(Query::text(text).filter(Filter::default().only(RecordSort::Episode))).unwrap()
}

fn found(tenant: &Tenant, text: &str, id: Id) -> Hit {
    search(tenant, text).into_iter().find(|hit| hit.record.id() == id).unwrap()
}

#[test]
fn a_find_leads_to_what_it_names_also_if_that_came_later() {
    let tenant = tenant();
    let film = passage("The Silent Quarry", "A film of 1987, directed by Ilse Marrow.");
    let [film] = add(&tenant, vec![film])[..] else { unreachable!() };
    let asked = "Where was the director of The Silent Quarry born?";
    assert_eq!(search(&tenant, asked).len(), 1);
    let person = passage("Ilse Marrow (artist)", "She grew up in Tarn, the youngest of six.");
    let [person, other] = add(&tenant, vec![person, passage("Marrow", "A vegetable of late summer.")])[..]
    else {
        unreachable!()
    };
    let hits = search(&tenant, asked);
    assert_eq!(hits.iter().map(|hit| hit.record.id()).collect::<Vec<_>>(), [film, person]);
    assert!(hits[0].parts.named > 0.0 && hits[1].parts.linked > 0.0 && hits[1].parts.bm25 == 0.0);
    assert!(hits[1].why().contains("a find that names it"), "{}", hits[1].why());
    // One word of a longer name does not name something else.
    assert!(
        search(&tenant, "Who is Ilse Marrow?")
            .iter()
            .all(|hit| hit.record.id() != other || hit.parts.named == 0.0)
    );
    tenant.delete(person).unwrap();
    assert!(search(&tenant, asked).iter().all(|hit| hit.record.id() != person));
}

fn of(user: &str, episode: NewEpisode) -> NewEpisode {
    NewEpisode { scope: Scope::user(user), ..episode }
}

/// The texts that a user finds because the question names their titles.
fn named(tenant: &Tenant, user: &str, text: &str) -> Vec<String> {
    let filter = Filter { scope: Scope::user(user), ..Filter::default() };
    let hits = tenant.search(Query::text(text).filter(filter)).unwrap();
    hits.iter().filter(|hit| hit.parts.named > 0.0).map(|hit| hit.record.text()).collect()
}

#[test]
fn links_do_not_lead_out_of_the_filter_nor_to_another_tenant() {
    let options = Options { embedder: None, ..Options::default() };
    let store = Store::in_memory(options).unwrap();
    let (acme, globex) = (store.tenant("acme").unwrap(), store.tenant("globex").unwrap());
    let film = || passage("The Silent Quarry", "Directed by Ilse Marrow.");
    let person = || passage("Ilse Marrow", "She grew up in Tarn.");
    add(&acme, vec![of("Ines", person()), of("Mara", film())]);
    add(&globex, vec![film()]);
    let query = || Query::text("The Silent Quarry");
    assert_eq!(acme.search(query()).unwrap().len(), 2);
    let of_mara = Filter { scope: Scope::user("Mara"), ..Filter::default() };
    assert_eq!(acme.search(query().filter(of_mara)).unwrap().len(), 1);
    assert_eq!(globex.search(query()).unwrap().len(), 1);
}

#[test]
fn what_another_user_called_his_records_changes_nothing() {
    let tenant = tenant();
    add(&tenant, vec![of("Mara", passage("Porto", "A town.")), of("Mara", passage("Diary", "Rain again."))]);
    let asked = ["Is Porto Alegre nice?", "What is in the Diary?"];
    let before = asked.map(|text| named(&tenant, "Mara", text));
    assert_eq!(before, [["A town."], ["Rain again."]]);
    add(&tenant, vec![of("Ines", passage("Porto Alegre", "A town in Brazil."))]);
    add(&tenant, vec![of("Ines", passage("Diary", "Sun.")); 80]);
    assert_eq!(asked.map(|text| named(&tenant, "Mara", text)), before);
    assert!(
        named(&tenant, "Ines", "What is in the Diary?").is_empty(),
        "what so many are called tells nothing"
    );
}

#[test]
fn a_part_of_weight_0_is_left_out() {
    let tenant = tenant();
    let film = passage("The Silent Quarry", "Directed by Ilse Marrow.");
    add(&tenant, vec![film, passage("Ilse Marrow", "She grew up in Tarn.")]);
    let found =
        |weights: Weights| tenant.search(Query::text("the film Silent Quarry").weights(weights)).unwrap();
    let all = Weights::default();
    assert_eq!(found(all).len(), 2);
    assert_eq!(found(Weights { linked: 0.0, ..all }).len(), 1);
    assert!(found(Weights { linked: -1.0, ..all })[1].parts.linked < 0.0);
}

#[test]
fn a_question_of_many_dates_and_names_takes_no_long_time() {
    let tenant = tenant();
    let titles = (0..3000).map(|number| passage(&format!("Town {number}"), "A harbour town."));
    tenant.add(titles.collect::<Vec<_>>()).unwrap();
    let names: String = (0..60_000).map(|number| format!("Town {} ", number % 3000)).collect();
    for text in ["harbour ".to_owned() + &"May 3 ".repeat(150_000), names] {
        assert!(!tenant.search(Query::text(text).limit(1000)).unwrap().is_empty());
    }
}

#[test]
fn a_title_is_a_name_only_where_it_is_meant() {
    let tenant = tenant();
    let [harbour, hot] = add(
        &tenant,
        vec![
            passage("Harbour", "The old port of the town, closed for a year."),
            passage("Some Like It Hot", "A comedy about two musicians."),
        ],
    )[..] else {
        unreachable!()
    };
    let named = |text: &str, id: Id| {
        search(&tenant, text).iter().any(|hit| hit.record.id() == id && hit.parts.named > 0.0)
    };
    assert!(named("What happened to the Harbour?", harbour));
    assert!(!named("Is there a harbour in Porto?", harbour), "one small word is no name");
    assert!(named("Who plays in Some like it hot?", hot));
    assert!(named("who plays in some like it hot?", hot), "a question without capitals");
    assert!(!named("Some musicians like it", hot));
}

#[test]
fn who_and_when_a_question_names_counts() {
    let tenant = tenant();
    let turn = |speaker: &str, day: i64| {
        NewEpisode::user("We went to the lake, and it rained all day long.")
            .speaker(speaker)
            .session("talk")
            .occurred_at(Timestamp::from_seconds(1_696_118_400 + day * 86_400))
    };
    // From 1 October 2023 on.
    let [first, second, third] = add(&tenant, vec![turn("Mara", 0), turn("Ines", 12), turn("Mara", 40)])[..]
    else {
        unreachable!()
    };
    let asked = "What did Ines say of the lake on 13 October 2023?";
    assert!(
        found(&tenant, asked, second).parts.dated > 0.0 && found(&tenant, asked, second).parts.speaker > 0.0
    );
    for other in [first, third] {
        assert_eq!(
            (found(&tenant, asked, other).parts.dated, found(&tenant, asked, other).parts.speaker),
            (0.0, 0.0)
        );
    }
    assert_eq!(search(&tenant, asked)[0].record.id(), second);
    assert!(found(&tenant, "the lake in November", third).parts.dated > 0.0);
    assert_eq!(found(&tenant, "the lake of Mara and Ines", first).parts.speaker, 0.0, "two are named");
}

#[test]
fn a_weight_out_of_its_range_is_refused_by_name() {
    let tenant = tenant();
    for weight in [f32::NAN, f32::INFINITY, 10.5, -11.0] {
        let weights = Weights { linked: weight, ..Weights::default() };
        let refused = tenant.search(Query::text("Porto").weights(weights)).unwrap_err();
        assert_eq!(refused.code(), Code::RangeInvalid);
        assert!(refused.to_string().contains("'linked'"), "{refused}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Twice the weight of a part makes twice the part, and leaves the others as they are, in the first stage.
    #[test]
    fn every_weight_counts_for_its_part(
        texts in prop::collection::vec("(Tarn|lake|Mara|quarry|when|it|rained|Silent|why)( (Tarn|lake|Mara|quarry|rained|Silent|why\\?)){0,6}", 2..12),
        asked in "(When|What) (lake|quarry|Tarn|Silent)( (lake|rained|Mara))?",
    ) {
        let tenant = tenant();
        let episodes = texts.iter().enumerate().map(|(at, text)| {
            NewEpisode { title: (at % 3 == 0).then(|| "Tarn".to_owned()), ..NewEpisode::user(text.clone()).session(format!("{}", at / 4)) }
        });
        add(&tenant, episodes.collect());
        let plain = Weights { linked: 0.0, bridged: 0.0, ..Weights::default() };
        let run = |weights: Weights| tenant.search(Query::text(asked.as_str()).weights(weights).limit(50)).unwrap();
        let parts = |hit: &Hit| {
            let parts = hit.parts;
            [parts.lexical, parts.lexical_around, parts.coverage, parts.answer, parts.question, parts.length, parts.named]
        };
        let before = run(plain);
        let doubled = [
            Weights { lexical: 2.0 * plain.lexical, ..plain },
            Weights { lexical_around: 2.0 * plain.lexical_around, ..plain },
            Weights { coverage: 2.0 * plain.coverage, ..plain },
            Weights { answer: 2.0 * plain.answer, answer_when: 2.0 * plain.answer_when, ..plain },
            Weights { question: 2.0 * plain.question, ..plain },
            Weights { length: 2.0 * plain.length, ..plain },
            Weights { named: 2.0 * plain.named, ..plain },
        ];
        for (which, weights) in doubled.into_iter().enumerate() {
            for hit in run(weights) {
                let was = before.iter().find(|other| other.record.id() == hit.record.id()).unwrap();
                for (part, (now, then)) in parts(&hit).into_iter().zip(parts(was)).enumerate() {
                    let factor = if part == which { 2.0 } else { 1.0 };
                    prop_assert!((now - factor * then).abs() < 1e-5, "part {} of weight {}: {} from {}", part, which, now, then);
                }
                let sum: f32 = parts(&hit).iter().sum();
                prop_assert!((hit.score - sum).abs() < 1e-5, "{} is not {}", hit.score, sum);
            }
        }
    }
}
