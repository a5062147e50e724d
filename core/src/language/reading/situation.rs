//! Situations that habits and preferences are bound to: "in the morning", "on weekends", "when relaxing".

use super::cursor::Cursor;
use super::when::weekday;

/// The number of tokens of the situation that begins at the cursor; 0 if none does.
pub(super) fn situation(cursor: Cursor<'_, '_>) -> usize {
    let mut rest = cursor;
    rest.eat_phrases(&["first thing", "late", "early"]);
    let word = rest.word(0);
    let opened = rest.at > cursor.at;
    rest.advance(1);
    let found = match word {
        "at" => at(&mut rest),
        "in" => inside(&mut rest),
        "on" => on(&mut rest),
        "every" | "each" if !opened => is_part_of_day(rest.word(0)) && one(&mut rest),
        "during" if !opened => during(&mut rest),
        "before" | "after" if !opened => around(&mut rest),
        "for" if !opened => is_meal(rest.word(0)) && one(&mut rest),
        "with" if !opened => with(&mut rest),
        "while" if !opened => rest.word(0).ends_with("ing") && when(&mut rest),
        "when" | "whenever" if !opened => when(&mut rest),
        _ => false,
    };
    if found { rest.at.saturating_sub(cursor.at) } else { 0 }
}

fn one(rest: &mut Cursor<'_, '_>) -> bool {
    rest.advance(1);
    true
}

fn is_meal(word: &str) -> bool {
    matches!(word, "breakfast" | "lunch" | "dinner" | "brunch" | "dessert" | "supper" | "fun" | "snacks")
}

fn is_part_of_day(word: &str) -> bool {
    is_part(word) || weekday(word).is_some() || matches!(word, "weekend" | "night" | "summer" | "winter")
}

fn is_part(word: &str) -> bool {
    matches!(word.strip_suffix('s').unwrap_or(word), "morning" | "evening" | "afternoon")
}

fn at(rest: &mut Cursor<'_, '_>) -> bool {
    let bare = matches!(
        rest.word(0),
        "work"
            | "home"
            | "night"
            | "school"
            | "noon"
            | "midnight"
            | "bedtime"
            | "parties"
            | "concerts"
            | "weddings"
            | "restaurants"
            | "dawn"
            | "dusk"
            | "sunrise"
            | "sunset"
            | "lunchtime"
            | "dinnertime"
            | "weekends"
            | "lunch"
            | "dinner"
            | "breakfast"
    );
    if bare {
        return one(rest);
    }
    rest.eat_any(&["the", "my"])
        && matches!(
            rest.word(0),
            "office" | "gym" | "beach" | "weekend" | "desk" | "pool" | "airport" | "cinema"
        )
        && one(rest)
}

fn inside(rest: &mut Cursor<'_, '_>) -> bool {
    if is_season(rest.word(0)) || matches!(rest.word(0), "bed" | "meetings" | "traffic" | "public") {
        return one(rest) && !is_year_next(rest);
    }
    if rest.eat_any(&["hot", "cold", "bad", "warm"]) {
        return rest.eat("weather");
    }
    if !rest.eat_any(&["the", "my"]) {
        return false;
    }
    rest.eat_any(&["early", "late"]);
    let word = rest.word(0);
    let found = is_part(word)
        || is_season(word)
        || matches!(word, "car" | "shower" | "bath" | "bathtub" | "office" | "gym" | "winters" | "summers");
    found && one(rest) && !is_year_next(rest)
}

/// "in the summer of 2019" and "in spring 2019" are times.
fn is_year_next(rest: &Cursor<'_, '_>) -> bool {
    rest.word(0) == "of" || super::numeral::year(rest.word(0)).is_some()
}

fn is_season(word: &str) -> bool {
    matches!(word, "summer" | "winter" | "spring" | "autumn" | "fall")
}

fn on(rest: &mut Cursor<'_, '_>) -> bool {
    let determined = rest.eat_any(&["the", "my", "long"]);
    let word = rest.word(0);
    let days = |word: &str| word.strip_suffix('s').is_some_and(|day| weekday(day).is_some() || is_part(day));
    let alone = days(word)
        || matches!(
            word,
            "weekends"
                | "weekdays"
                | "weeknights"
                | "workdays"
                | "vacation"
                | "vacations"
                | "holiday"
                | "holidays"
                | "weekend"
                | "flights"
                | "planes"
                | "trains"
                | "trips"
                | "drives"
                | "walks"
        )
        || (determined && matches!(word, "train" | "bus" | "plane" | "subway" | "metro" | "commute" | "go"));
    if alone {
        return one(rest);
    }
    if determined && rest.eat("way") {
        return (rest.eat("to") && one(rest)) || rest.eat("home");
    }
    let of_kind = weekday(word).is_some()
        || matches!(
            word,
            "rainy" | "sunny" | "hot" | "cold" | "warm" | "road" | "school" | "lazy" | "bad" | "busy"
        );
    rest.advance(1);
    let kind = days(rest.word(0))
        || matches!(rest.word(0), "days" | "nights" | "trips" | "weekends" | "night" | "evening" | "morning");
    of_kind && kind && one(rest)
}

fn during(rest: &mut Cursor<'_, '_>) -> bool {
    rest.eat_any(&["the", "my", "long", "our"]);
    let known = super::when::month(rest.word(0)).is_some();
    !known && is_plain(rest.word(0)) && one(rest)
}

fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(char::is_alphabetic)
}

/// After "before" and "after".
fn around(rest: &mut Cursor<'_, '_>) -> bool {
    rest.eat_any(&["the", "my", "a", "going", "every"]);
    rest.eat("to");
    rest.eat_phrases(&["long", "morning"]);
    let word = rest.word(0);
    let known = is_meal(word)
        || matches!(
            word,
            "work"
                | "school"
                | "bed"
                | "bedtime"
                | "class"
                | "practice"
                | "training"
                | "meals"
                | "meal"
                | "gym"
                | "midnight"
                | "noon"
                | "workouts"
                | "workout"
                | "sunset"
                | "sunrise"
                | "sleep"
                | "dark"
                | "run"
                | "exercise"
                | "yoga"
                | "church"
                | "coffee"
                | "meetings"
                | "runs"
                | "games"
                | "shower"
                | "day"
        );
    let gerund = word.len() > 5 && word.ends_with("ing");
    (known || gerund) && one(rest)
}

fn with(rest: &mut Cursor<'_, '_>) -> bool {
    (is_meal(rest.word(0)) || matches!(rest.word(0), "friends" | "meals")) && one(rest)
}

/// The words of a "when" clause reach to a pause or to the clause it belongs to.
fn when(rest: &mut Cursor<'_, '_>) -> bool {
    const WORDS_MAX: usize = 7;
    let first = rest.word(0);
    for count in 0..=WORDS_MAX {
        let word = rest.word(0);
        let gerund = count == 1 && first.ends_with("ing");
        let other_clause =
            (count >= 2 || gerund) && matches!(word, "i" | "and" | "but" | "because" | "so" | "we");
        if word.is_empty() || other_clause {
            return count > 0;
        }
        rest.advance(1);
    }
    false
}
