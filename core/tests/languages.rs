//! The promise: a question finds a text in another form of its words, in each language that has a stemmer, and how its
//! letters are written (accents, case, width) changes nothing of its answer.
//!
//! It could be broken by folding that takes from a stemmer the endings it knows, or by letters that one of two ways
//! through the analyzer folds otherwise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

use ebbmark::{Access, Hit, Id, Language, NewEpisode, Options, Query, Store, Tenant, TenantConfig};
use proptest::prelude::*;

#[path = "languages/forms.rs"]
mod forms;

fn tenant(language: Language, texts: impl IntoIterator<Item = impl Into<String>>) -> Tenant {
    let options = Options { embedder: None, ..Options::default() };
    let tenant = Store::in_memory(options).unwrap().tenant_with_access("acme", Access::Admin).unwrap();
    tenant.configure(TenantConfig { language, ..TenantConfig::default() }).unwrap();
    tenant.add(texts.into_iter().map(NewEpisode::user).collect::<Vec<_>>()).unwrap();
    tenant
}

fn language(name: &str) -> Language {
    let is_called = |language: &&Language| format!("{language:?}").to_lowercase() == name;
    *Language::ALL.iter().find(is_called).unwrap_or_else(|| panic!("no such language: {name}"))
}

/// Pairs of forms of a language's words, and of them those of which one finds the other.
fn meetings(language: Language, families: &str) -> (usize, usize) {
    let families = || families.split_whitespace().map(|family| family.split_once('/').unwrap());
    let tenant = tenant(language, families().map(|(first, _)| first));
    let mut pairs = (0, 0);
    for (first, others) in families() {
        for other in others.split('/') {
            let hits = tenant.search(Query::text(other).limit(100)).unwrap();
            pairs.0 += 1;
            pairs.1 += usize::from(hits.iter().any(|hit| hit.record.text() == first));
        }
    }
    pairs
}

#[test]
fn forms_of_a_word_meet() {
    let met = forms::FORMS.map(|(name, _, _, families)| {
        let (pairs, met) = meetings(language(name), families);
        (name, pairs, met)
    });
    // The pairs that do not meet are those of which the stemmer makes two words however they are written.
    assert_eq!(met, forms::FORMS.map(|(name, pairs, met, _)| (name, pairs, met)));
}

/// A question with some of its letters written otherwise: high, wide, or with an accent.
fn written(question: &str, ways: &[u8]) -> String {
    let mut written = String::new();
    for (letter, way) in question.chars().zip(ways.iter().cycle()) {
        match way {
            1 => written.extend(letter.to_uppercase()),
            2 if letter.is_ascii_graphic() => {
                written.push(char::from_u32(letter as u32 + 0xFEE0).unwrap());
            }
            3 if letter.is_alphabetic() => written.extend([letter, '\u{301}']),
            4 if letter.is_alphabetic() => written.extend([letter, '\u{327}', '\u{308}']),
            _ => written.push(letter),
        }
    }
    written
}

fn answer(hits: &[Hit]) -> Vec<(Id, u32)> {
    hits.iter().map(|hit| (hit.record.id(), hit.score.to_bits())).collect()
}

#[test]
fn how_letters_are_written_changes_no_answer() {
    let asked = [
        (Language::English, "where do the cats of my sister sleep"),
        (Language::None, "łódź straße đà nẵng sister"),
        (Language::German, "welche größeren wohnungen sucht die schwester"),
        (Language::French, "où sont nées les infirmières préférées de ma sœur"),
        (Language::Turkish, "kardeşimin köpeği çocukların ışığı"),
        (Language::Russian, "какие ёлки и новый самолёт купила сестра"),
        (Language::Greek, "ποιοι δρόμοι και ο φίλος της αδελφής"),
        (Language::Hungarian, "melyik házból jöttek a kutyák"),
        (Language::Danish, "hvor sejler lægen på søen"),
        (Language::None, "カフェで本を読む 서울 中文"),
    ];
    let texts = [
        "My sister has two cats; they sleep in Łódź.",
        "Die Schwester sucht eine größere Wohnung in der Gartenstraße von Đà Nẵng.",
        "Ma sœur est née à Lyon, elle est infirmière.",
        "Kardeşimin köpeği ışıktan korkuyor, çocuklar da.",
        "Сестра купила новую ёлку и билет на самолёт.",
        "Ο φίλος της αδελφής μου μένει σε άλλο δρόμο.",
        "A kutya a házban alszik.",
        "Lægen sejler på søen i sommerhalvåret.",
        "昨日カフェで本を読んだ。서울에서 中文。",
    ];
    let tenants = asked.map(|(language, question)| (tenant(language, texts), question));
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(which in 0..asked.len(), ways in prop::collection::vec(0_u8..=4, 1..12))| {
        let (tenant, question) = tenants.get(which).unwrap();
        let plain = tenant.search(*question).unwrap();
        prop_assert!(!plain.is_empty());
        let other = written(question, &ways);
        prop_assert_eq!(answer(&plain), answer(&tenant.search(other.as_str()).unwrap()), "{}", other);
    });
}
