//! Text to terms: folded words, stems of the tenant's language; characters and pairs of them where a script has no spaces.
//!
//! A term is the 64-bit XXH3 hash of its stem, so that an index holds fixed-width numbers. Among a
//! million distinct terms the chance that any two share a hash is below 1 in 30 million (birthday bound).

use std::collections::HashSet;
use std::sync::OnceLock;

use twox_hash::XxHash3_64;
use unicode_normalization::char::is_combining_mark;

use super::folding::Forms;
use super::stop_words::stop_words;
use crate::model::{Language, Value};

const WORD_SEED: u64 = 1;
/// Of 64 bits: short words under two small seeds share hashes (under 1 and 4, "now" and "not").
const STOP_SEED: u64 = 0x9E37_79B9_7F4A_7C15;
const METADATA_SEED: u64 = 2;
const NAME_SEED: u64 = 3;
const ABOUT_SEED: u64 = 5;
const PATH_SEED: u64 = 6;

/// Words of the longest name that a text is searched for.
const NAME_WORDS_MAX: usize = 10;

/// Names that are told of a text, at most.
const MENTIONS_MAX: usize = 64;

/// What an English apostrophe may leave behind it that says nothing of its own.
const CLITICS: [&str; 7] = ["s", "t", "d", "m", "ll", "re", "ve"];

/// The terms of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Distinct terms in ascending order, each with its count.
    pub(crate) counts: Vec<(u64, u8)>,
    /// All terms of the text that are no stop words, repeated ones included.
    pub(crate) length: u32,
}

/// The analyzers of all languages, each made when it is first asked for.
pub(crate) struct Analyzers([OnceLock<Analyzer>; Language::ALL.len()]);

impl Default for Analyzers {
    fn default() -> Self {
        Analyzers([const { OnceLock::new() }; Language::ALL.len()])
    }
}

impl Analyzers {
    pub(crate) fn of(&self, language: Language) -> &Analyzer {
        let [first, ..] = &self.0;
        self.0.get(language as usize).unwrap_or(first).get_or_init(|| Analyzer::new(language))
    }
}

/// A name that a text mentions.
pub(crate) struct Mention {
    /// The term of the records that are about it.
    pub(crate) name: u64,
    /// Its words.
    pub(crate) words: Vec<u64>,
    /// As it was written.
    pub(crate) text: String,
}

/// What a token of a text begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// A capital or a digit.
    High,
    /// A character of a script without spaces, which has no capitals.
    Spaceless,
    Low,
}

/// Turns text into terms.
///
/// A stop word is a term like others. A record's length does not count it, and a query leaves it out unless it has
/// nothing else.
pub(crate) struct Analyzer {
    forms: Forms,
    /// In ascending order, so that they can be searched.
    stop_words: Vec<&'static str>,
    /// The terms of the stop words, in ascending order.
    stop_terms: Vec<u64>,
}

impl Analyzer {
    /// The analyzer of a language.
    pub(crate) fn new(language: Language) -> Self {
        let stop_words: Vec<&str> = stop_words(language).split_whitespace().collect();
        let mut stop_terms: Vec<u64> = stop_words.iter().map(|word| stop_term(word)).collect();
        stop_terms.sort_unstable();
        Analyzer { forms: Forms::new(language), stop_words, stop_terms }
    }

    /// The distinct terms of a question, at most `limit`; stop words only if there is nothing else.
    pub(crate) fn question(&self, text: &str, limit: usize) -> Vec<u64> {
        let mut seen = HashSet::new();
        let all: Vec<u64> = self.sequence(text).into_iter().filter(|&term| seen.insert(term)).collect();
        let mut telling: Vec<u64> = all.iter().copied().filter(|&term| !self.is_stop(term)).collect();
        if telling.is_empty() {
            telling = all;
        }
        telling.truncate(limit);
        telling
    }

    /// Whether a term is a stop word.
    pub(crate) fn is_stop(&self, term: u64) -> bool {
        self.stop_terms.binary_search(&term).is_ok()
    }

    /// The terms of a text with their counts.
    pub(crate) fn terms(&self, text: &str) -> Terms {
        let mut all = self.sequence(text);
        let telling = all.iter().filter(|&&term| !self.is_stop(term)).count();
        let length = u32::try_from(telling).unwrap_or(u32::MAX);
        all.sort_unstable();
        let mut counts: Vec<(u64, u8)> = Vec::with_capacity(all.len());
        for term in all {
            match counts.last_mut() {
                Some((last, count)) if *last == term => *count = count.saturating_add(1),
                _ => counts.push((term, 1)),
            }
        }
        Terms { counts, length }
    }

    /// The terms of a text in the order of the text.
    pub(crate) fn sequence(&self, text: &str) -> Vec<u64> {
        self.walked(text, true)
    }

    /// The words of a text in its order; in a script without spaces every character is one.
    pub(crate) fn words(&self, text: &str) -> Vec<u64> {
        self.walked(text, false)
    }

    /// The terms of a text, where a script has no spaces with those of pairs or without.
    fn walked(&self, text: &str, pairs: bool) -> Vec<u64> {
        let mut terms = Vec::with_capacity(text.len() / 5 + 1);
        if text.is_ascii() {
            self.walk(text.chars().map(|c| c.to_ascii_lowercase()), pairs, &mut terms);
        } else {
            self.walk(self.forms.fold(text), pairs, &mut terms);
        }
        terms
    }

    /// A name without what stands in brackets at its end.
    pub(crate) fn plain_name(name: &str) -> &str {
        let plain = name.trim_end().strip_suffix(')').and_then(|rest| rest.split_once(" ("));
        let plain = plain.map_or(name, |(plain, _)| plain).trim();
        if plain.is_empty() { name } else { plain }
    }

    /// The term of the records that are about a name; none for a name without words that say anything.
    ///
    /// What stands in brackets at its end ("Mercury (planet)") tells it from others of the name, and is not a part of it.
    pub(crate) fn about(&self, name: &str) -> Option<u64> {
        let words = self.walked(Self::plain_name(name), false);
        let telling = words.len() <= NAME_WORDS_MAX && words.iter().any(|&word| !self.is_stop(word));
        telling.then(|| about_term(&words))
    }

    /// The names that a text mentions, each once, of those that `is_name` knows by their terms; the longest first where
    /// several begin at a word.
    ///
    /// A name of one word has to begin with a capital or a digit where it is mentioned, of a longer one any of its words.
    /// Of a text without any capital nothing is asked but that a name has several words, and so of a name in a script
    /// without spaces, each character of which is a word.
    pub(crate) fn mentions(&self, text: &str, is_name: impl Fn(u64) -> bool) -> Vec<Mention> {
        let mut words: Vec<(u64, Begins, &str)> = Vec::new();
        for token in text.split_whitespace() {
            let first = token.chars().find(|c| c.is_alphanumeric());
            let begins = match first {
                Some(first) if first.is_uppercase() || first.is_numeric() => Begins::High,
                Some(first) if is_spaceless(first) => Begins::Spaceless,
                _ => Begins::Low,
            };
            words.extend(self.walked(token, false).into_iter().map(|word| (word, begins, token)));
        }
        let is_plain = !text.contains(char::is_uppercase);
        let (mut mentions, mut seen): (Vec<Mention>, HashSet<u64>) = (Vec::new(), HashSet::new());
        let mut rest = words.as_slice();
        while mentions.len() < MENTIONS_MAX
            && let Some((_, behind)) = rest.split_first()
        {
            let longest = (1..=rest.len().min(NAME_WORDS_MAX)).rev().find_map(|count| {
                let run = rest.get(..count)?;
                let any = |one: Begins| run.iter().any(|(_, begins, _)| *begins == one);
                let is_marked = any(Begins::High) || (count > 1 && (is_plain || any(Begins::Spaceless)));
                let words: Vec<u64> = run.iter().map(|(word, ..)| *word).collect();
                let name = about_term(&words);
                (is_marked && is_name(name)).then(|| Mention { name, words, text: written(run) })
            });
            rest = longest.as_ref().and_then(|found| rest.get(found.words.len()..)).unwrap_or(behind);
            mentions.extend(longest.filter(|found| seen.insert(found.name)));
        }
        mentions
    }

    /// The words of a text that begin with a capital though no sentence begins with them, as terms: names of whatever.
    pub(crate) fn capitals(&self, text: &str) -> Vec<u64> {
        let mut terms = Vec::new();
        let mut begins_sentence = true;
        for token in text.split_whitespace() {
            let word = token.trim_start_matches(|c: char| !c.is_alphanumeric());
            let is_name = word.starts_with(char::is_uppercase)
                && word.chars().nth(1).is_some_and(char::is_alphanumeric);
            if is_name && !begins_sentence {
                terms.extend(self.sequence(word).into_iter().filter(|term| !self.is_stop(*term)));
            }
            begins_sentence = token.ends_with(['.', '!', '?', ':']);
        }
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    fn walk(&self, chars: impl Iterator<Item = char>, pairs: bool, terms: &mut Vec<u64>) {
        let mut word = String::new();
        let mut before: Option<char> = None;
        let mut apostrophe = false;
        for c in chars {
            if is_spaceless(c) {
                self.finish(&mut word, apostrophe, terms);
                apostrophe = false;
                // Every character is a term, and so is every pair of neighbours.
                terms.push(word_term(c.encode_utf8(&mut [0; 4])));
                if let Some(before) = before.filter(|_| pairs) {
                    terms.push(word_term(&String::from_iter([before, c])));
                }
                before = Some(c);
                continue;
            }
            before = None;
            if c.is_alphanumeric() || is_combining_mark(c) {
                word.push(c);
            } else {
                self.finish(&mut word, apostrophe, terms);
                apostrophe = matches!(c, '\'' | '\u{2019}');
            }
        }
        self.finish(&mut word, apostrophe, terms);
    }

    fn finish(&self, word: &mut String, after_apostrophe: bool, terms: &mut Vec<u64>) {
        let clitic = after_apostrophe && CLITICS.contains(&word.as_str());
        if !word.is_empty() && !clitic {
            // Before stemming: "does" is a stop word, "doe" is not.
            let stop = self.stop_words.binary_search(&word.as_str()).is_ok();
            terms.push(if stop { stop_term(word) } else { word_term(&self.forms.stem(word)) });
        }
        word.clear();
    }
}

fn word_term(word: &str) -> u64 {
    XxHash3_64::oneshot_with_seed(WORD_SEED, word.as_bytes())
}

fn stop_term(word: &str) -> u64 {
    XxHash3_64::oneshot_with_seed(STOP_SEED, word.as_bytes())
}

fn about_term(words: &[u64]) -> u64 {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    XxHash3_64::oneshot_with_seed(ABOUT_SEED, &bytes)
}

/// The words of a name as they were written, without what stands around it; nothing in a script without spaces.
fn written(words: &[(u64, Begins, &str)]) -> String {
    let spaced = words.iter().filter(|(_, begins, _)| *begins != Begins::Spaceless);
    let mut tokens: Vec<&str> = spaced.map(|(_, _, token)| *token).collect();
    tokens.dedup();
    tokens.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// Characters of scripts whose words have no spaces between them: those of South East Asia (class SA of the Unicode line
/// breaking algorithm), kana, Bopomofo and Han.
///
/// Hangul is with them: it has spaces, but a particle is written to its word, and a pair of syllables is most words.
/// Tibetan is not, because a point parts its syllables.
pub(crate) fn is_spaceless(c: char) -> bool {
    let is_of_script = matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{1950}'..='\u{19DF}'
        | '\u{1A20}'..='\u{1AAF}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FF}' | '\u{3105}'..='\u{312F}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A9E0}'..='\u{A9FF}'
        | '\u{AA60}'..='\u{AADF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9D}'
        | '\u{20000}'..='\u{3FFFF}');
    is_of_script && (c.is_alphanumeric() || is_combining_mark(c))
}

/// The term under which a metadata field's value is found; `None` for null.
///
/// An integer and a float of the same value are one term.
pub(crate) fn metadata_term(path: &str, value: &Value) -> Option<u64> {
    let canonical = match value {
        Value::Bool(truth) => format!("b{truth}"),
        Value::Int(number) => format!("n{number}"),
        // Adding zero makes -0 the same as 0.
        Value::Float(number) => format!("n{}", number + 0.0),
        Value::Text(text) => format!("t{text}"),
        Value::Null | Value::List(_) | Value::Map(_) => return None,
    };
    Some(XxHash3_64::oneshot_with_seed(METADATA_SEED, format!("{path}\0{canonical}").as_bytes()))
}

/// The term of the records that have a metadata field at a path.
pub(crate) fn path_term(path: &str) -> u64 {
    XxHash3_64::oneshot_with_seed(PATH_SEED, path.as_bytes())
}

/// A name (user, agent, session) as a number that a column can hold; 0 stands for none.
pub(crate) fn name_hash(name: Option<&str>) -> u64 {
    name.map_or(0, |name| XxHash3_64::oneshot_with_seed(NAME_SEED, name.as_bytes()).max(1))
}

#[cfg(test)]
mod tests {
    use super::{Analyzer, word_term};
    use crate::model::Language;

    fn same(left: &str, right: &str) -> bool {
        let analyzer = Analyzer::new(Language::English);
        analyzer.sequence(left) == analyzer.sequence(right)
    }

    #[test]
    fn words_meet_across_case_accent_inflection_and_punctuation() {
        assert!(same("Running CAFÉS!", "running café"));
        assert!(same("Mara's cat", "mara cat"));
        assert!(same("she ate, and lives there", "she eats and live there") && same("roses", "rose"));
        assert!(same("don\u{2019}t", "don't"));
        assert!(!same("York", "New York"));
        assert_eq!(Analyzer::new(Language::English).sequence("O'Brien").len(), 2);
    }

    #[test]
    fn stop_words_are_asked_for_only_when_there_is_nothing_else() {
        let analyzer = Analyzer::new(Language::English);
        assert_eq!(analyzer.question("Where does the doe live?", 9), analyzer.sequence("doe live"));
        assert_eq!(analyzer.question("to be or not to be", 9).len(), 4);
        assert_eq!(analyzer.terms("to be with Mara").length, 1);
    }

    #[test]
    fn no_short_word_has_the_term_of_a_stop_word() {
        let analyzer = Analyzer::new(Language::English);
        let letters = || 'a'..='z';
        for first in letters() {
            for (second, third) in letters().flat_map(|second| letters().map(move |third| (second, third))) {
                let word = String::from_iter([first, second, third]);
                assert!(!analyzer.is_stop(word_term(&word)), "{word}");
            }
        }
    }

    #[test]
    fn scripts_without_spaces_become_characters_and_pairs() {
        let analyzer = Analyzer::new(Language::English);
        assert_eq!(analyzer.sequence("東京都").len(), 5);
        assert_eq!(analyzer.sequence("東").len(), 1);
        assert_eq!(analyzer.sequence("我住在 Porto 了").len(), 7);
        let longer = analyzer.sequence("東京都庁");
        assert!(analyzer.sequence("京都").iter().all(|term| longer.contains(term)));
        assert!(same("ＡＢＣ", "abc"));
    }

    #[test]
    fn a_word_without_end_takes_no_time_without_end() {
        assert_eq!(Analyzer::new(Language::English).sequence(&"ay".repeat(1 << 19)).len(), 1);
    }

    #[test]
    fn nothing_visible_gives_no_terms() {
        assert_eq!(Analyzer::new(Language::English).terms(" ?! ... ").length, 0);
    }
}
