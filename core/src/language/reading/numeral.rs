//! Numbers in digits and in words.

/// A count up to 9999, in digits or as a word.
pub(super) fn number(word: &str) -> Option<i64> {
    const WORDS: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    match word {
        "a" | "an" => Some(1),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        _ if word.starts_with(|c: char| c.is_ascii_digit()) => {
            (word.len() <= 4).then(|| word.parse().ok()).flatten()
        }
        _ => WORDS.iter().zip(0..).find_map(|(name, value)| (*name == word).then_some(value)),
    }
}

pub(super) fn year(word: &str) -> Option<i64> {
    if word.len() != 4 {
        return None;
    }
    word.parse().ok().filter(|year| (1900..2100).contains(year))
}

/// A number of years that a person can have.
pub(super) fn age(word: &str) -> Option<i64> {
    let count = match word.split_once('-') {
        Some((tens, ones)) => number(tens).zip(number(ones)).map(|(tens, ones)| tens + ones),
        None => number(word),
    };
    count.filter(|age| (1..=120).contains(age) && !matches!(word, "a" | "an" | "one"))
}
