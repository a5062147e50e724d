//! Whether an object makes sense for what is claimed of it: one lives in a place and works at a company.

use super::object::Item;
use super::voice::Voice;
use super::when::weekday;
use super::words::{FAMOUS, ORDINARY, PLACES, holds};

/// Programs and services that one joins as a user and moves to from another, in ascending order.
#[rustfmt::skip]
const SERVICES: [&str; 33] = [
    "amazon prime", "android", "bluesky", "discord", "facebook", "github", "gitlab", "gmail", "instagram",
    "ios", "jira", "linkedin", "linux", "mac", "macos", "mastodon", "notion", "obsidian",
    "patreon", "reddit", "signal", "slack", "snapchat", "steam", "substack", "teams", "telegram", "threads",
    "tinder", "twitch", "weight watchers", "whatsapp", "zoom",
];

/// Cities as they are known in any spelling, in ascending order.
#[rustfmt::skip]
const CITIES: [&str; 84] = [
    "antwerp", "baltimore", "basel", "bath", "belfast", "belgrade", "bern", "birmingham", "bologna",
    "bordeaux", "brighton", "bristol", "brno", "brooklyn", "bucharest", "buenos aires", "cairo",
    "calgary", "cambridge", "cape town", "cardiff", "cologne", "dc", "dresden", "dubai", "edinburgh",
    "eindhoven", "faro", "florence", "frankfurt", "galway", "gdansk", "ghent", "glasgow", "gothenburg",
    "graz", "hanoi", "jakarta", "krakow", "kyiv", "kyoto", "la", "lagos", "leeds", "leipzig", "leuven",
    "lima", "linz", "liverpool", "ljubljana", "malaga", "malmö", "marseille", "minneapolis", "mumbai",
    "nantes", "new orleans", "new york city", "nice", "nyc", "osaka", "ottawa", "oxford", "perth",
    "pittsburgh", "portland", "reykjavik", "riga", "rotterdam", "salzburg", "san diego", "sf", "sofia",
    "stuttgart", "taipei", "tallinn", "tampere", "tbilisi", "turin", "utrecht", "valletta", "vilnius",
    "york", "zagreb",
];

/// Whether what `predicate` says of `item` can be meant.
pub(super) fn makes_sense(predicate: &str, item: &Item, voice: &Voice) -> bool {
    let lower = item.lower();
    let lemma = voice.verb.map_or("", |verb| verb.lemma);
    match predicate {
        "lives_in" => is_home(item, &lower),
        "works_at" => {
            let joined = lemma == "join" && (is_service(&lower) || !item.situations.is_empty());
            is_employer(item, &lower) && !joined
        }
        "allergic_to" => !is_no_allergen(&lower),
        "visited" => !matches!(lower.as_str(), "hell" | "back" | "heaven"),
        _ => true,
    }
}

/// A name that is no program's, or a place that is well known in whatever spelling.
fn is_home(item: &Item, lower: &str) -> bool {
    const CONTINENTS: [&str; 5] = ["africa", "america", "asia", "europe", "earth"];
    let known = holds(&PLACES, lower) || CONTINENTS.contains(&lower) || holds(&CITIES, lower);
    known && lower != "home" || item.is_proper && !holds(&ORDINARY, lower) && !is_service(lower)
}

fn is_service(lower: &str) -> bool {
    SERVICES.contains(&lower) || lower.ends_with(" premium") || lower.ends_with(" plus")
}

/// A name, or a house of a known kind: "a hospital".
fn is_employer(item: &Item, lower: &str) -> bool {
    if item.is_proper {
        return lower == "tesla" || !lower.split(' ').any(|word| holds(&FAMOUS, word) && word != "tesla");
    }
    let last = lower.rsplit(' ').next().unwrap_or_default();
    // "a company that makes pumps" names none; "a shipping company" at least a kind.
    let kind = matches!(last, "company" | "business" | "office") && lower.contains(' ');
    item.is_determined && (kind || is_institution(last)) || item.text.contains(char::is_uppercase)
}

fn is_institution(word: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 73] = [
        "agency", "airport", "army", "bakery", "bank", "bar", "bookshop", "bookstore", "brewery", "cafe",
        "café", "center", "centre", "chain", "charity", "church", "city", "clinic", "college",
        "consultancy", "council", "court", "courthouse", "daycare", "department", "embassy", "factory",
        "farm", "firm", "garage", "government", "gym", "hospice", "hospital", "hotel", "institute",
        "kindergarten", "lab", "laboratory", "library", "ministry", "museum", "navy", "newspaper", "ngo",
        "non-profit", "nonprofit", "nursery", "pharmacy", "plant", "police", "post", "practice", "prison",
        "pub", "publisher", "restaurant", "salon", "school", "shelter", "shop", "spa", "start-up",
        "startup", "store", "studio", "supermarket", "theater", "theatre", "university", "warehouse",
    "winery", "zoo",
];
    holds(&WORDS, word)
}

/// "Mondays", "nonsense": what nobody's body minds.
fn is_no_allergen(lower: &str) -> bool {
    weekday(lower.trim_end_matches('s')).is_some()
        || matches!(
            lower,
            "nonsense"
                | "work"
                | "mornings"
                | "people"
                | "drama"
                | "stupidity"
                | "bullshit"
                | "exercise"
                | "meetings"
                | "small talk"
                | "fun"
                | "money"
                | "idiots"
                | "change"
                | "hard work"
                | "love"
        )
}

/// Capital words that are no given name where a name could stand: "I'm Busy", "my boss is Satan".
pub(super) fn is_no_name(text: &str) -> bool {
    let lower = text.to_lowercase();
    let shouted = text.chars().count() > 1 && !text.chars().any(char::is_lowercase);
    let first = lower.split(' ').next().unwrap_or_default();
    shouted || holds(&ORDINARY, first) || lower.split(' ').any(|word| holds(&FAMOUS, word) || is_state(word))
}

fn is_state(word: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 75] = [
        "admin", "alive", "alone", "amazing", "angry", "asleep", "available", "awake", "away", "awesome",
        "back", "beautiful", "best", "blessed", "bored", "boss", "broke", "busy", "confused", "curious",
        "dead", "devil", "done", "down", "early", "excited", "extrovert", "fine", "free", "gone", "groot",
        "happy", "here", "hulk", "human", "hungry", "in", "introvert", "ironman", "kidding", "king", "late",
        "legend", "legion", "lost", "lucky", "neo", "offline", "okay", "old", "online", "out", "perfect",
        "person", "poor", "queen", "ready", "rich", "right", "root", "sad", "santa", "satan", "serious",
    "short", "sick", "single", "stuck", "tall", "team", "thor", "tired", "user", "wrong", "young",
];
    holds(&WORDS, word)
}
