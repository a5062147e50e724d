//! Words for people and pets that somebody has: "sister", "boss", "dog".

use super::words::{PETS, holds};

/// A relation as a text names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Relation<'a> {
    /// The word a subject is called by: "sister", "mother" for "mum".
    pub(super) word: &'a str,
    /// What holds between the two; `None` where the vocabulary has no name for it.
    pub(super) predicate: Option<&'static str>,
}

/// The relation that `word` names.
pub(super) fn relation(word: &str) -> Option<Relation<'_>> {
    let (word, predicate) = match word {
        "mum" | "mom" | "mama" | "mommy" | "mummy" => ("mother", Some("mother")),
        "dad" | "daddy" | "papa" => ("father", Some("father")),
        "mother" => (word, Some("mother")),
        "father" => (word, Some("father")),
        "parent" => (word, Some("parent")),
        "sister" | "brother" | "sibling" | "twin" | "bro" | "half-sister" | "half-brother" | "stepsister"
        | "stepbrother" => (word, Some("sibling")),
        "son" | "daughter" | "child" | "kid" | "baby" | "stepson" | "stepdaughter" => (word, Some("child")),
        "wife" | "husband" | "partner" | "girlfriend" | "boyfriend" | "spouse" | "fiancé" | "fiancée"
        | "fiance" | "fiancee" | "hubby" => (word, Some("partner")),
        "grandmother" | "grandfather" | "grandma" | "grandpa" | "granddad" | "grandad" | "granny"
        | "nana" | "gran" | "grandparent" | "nan" => (word, Some("grandparent")),
        "cousin" => (word, Some("cousin")),
        "aunt" | "auntie" => (word, Some("aunt")),
        "uncle" => (word, Some("uncle")),
        "friend" | "buddy" | "pal" => (word, Some("friend")),
        "neighbour" | "neighbor" => (word, Some("neighbour")),
        "roommate" | "flatmate" | "housemate" => (word, Some("roommate")),
        "mentor" => (word, Some("mentor")),
        "boss" | "manager" | "supervisor" => (word, Some("manager")),
        "colleague" | "coworker" | "co-worker" | "workmate" | "teammate" => (word, Some("colleague")),
        "niece" | "nephew" | "grandson" | "granddaughter" | "stepmother" | "stepfather" | "stepmom"
        | "stepdad" | "mother-in-law" | "father-in-law" | "sister-in-law" | "brother-in-law"
        | "godmother" | "godfather" | "ex" | "ex-wife" | "ex-husband" | "ex-girlfriend" | "ex-boyfriend"
        | "landlord" | "therapist" | "doctor" | "dentist" | "teacher" | "professor" | "coach" | "trainer"
        | "assistant" | "intern" | "client" | "classmate" | "nanny" | "babysitter" | "vet" | "tutor"
        | "godson" | "goddaughter" | "pet" => (word, if word == "pet" { Some("pet") } else { None }),
        _ if holds(&PETS, word) => (word, Some("pet")),
        _ => return None,
    };
    Some(Relation { word, predicate })
}

/// Words between an owner and a relation that leave the relation what it is.
pub(super) fn is_relation_adjective(word: &str) -> bool {
    matches!(
        word,
        "older"
            | "younger"
            | "elder"
            | "eldest"
            | "oldest"
            | "youngest"
            | "little"
            | "big"
            | "baby"
            | "twin"
            | "only"
            | "dear"
            | "new"
            | "old"
            | "middle"
            | "lovely"
            | "beloved"
            | "first"
            | "second"
            | "current"
            | "good"
            | "close"
            | "oldest-son"
            | "next-door"
            | "long-time"
            | "longtime"
            | "late"
            | "future"
            | "adorable"
            | "cute"
            | "sweet"
            | "maternal"
            | "paternal"
            | "amazing"
            | "wonderful"
            | "great"
    )
}

/// Relations in the plural, of which one has a number.
pub(super) fn counted(word: &str) -> Option<&'static str> {
    Some(match word {
        "kids" | "children" | "sons" | "daughters" | "kid" | "child" | "son" | "daughter" | "boys"
        | "girls" | "toddlers" => "number_of_children",
        "brothers" | "sisters" | "siblings" | "brother" | "sister" | "sibling" => "number_of_siblings",
        _ => return None,
    })
}

/// The animal of which `word` is the plural.
pub(super) fn is_pets(word: &str) -> bool {
    let singular = word.strip_suffix('s');
    let regular = |stem: &str| holds(&PETS, stem) || stem.strip_suffix('e').is_some_and(|s| holds(&PETS, s));
    let of_y = word
        .strip_suffix("ies")
        .is_some_and(|stem| PETS.iter().any(|pet| pet.strip_suffix('y') == Some(stem)));
    singular.is_some_and(regular) || of_y || matches!(word, "fish" | "mice" | "geese" | "sheep")
}
