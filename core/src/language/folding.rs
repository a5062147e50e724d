//! Folding: letters without case and accents, and the stem of a folded word.
//!
//! A term follows from the folded word alone, so that who leaves the accents out finds what was written with them. The
//! Snowball stemmers, though, know the endings of a language as they are written. So the ending of a folded word is
//! written as it would be before the word is stemmed ([`Forms::stem`]), and the stem is folded again.

use std::borrow::Cow;
use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use super::irregular::irregular;
use crate::model::Language;

/// Longest word that is stemmed, in bytes. No English word is longer, and a stemmer's time grows with the square.
const STEMMED_BYTES_MAX: usize = 64;

/// The word forms of a language.
pub(super) struct Forms {
    language: Language,
    /// None where every form is a word of its own.
    stemmer: Option<Stemmer>,
    /// Words by forms that no ending tells.
    irregular: HashMap<&'static str, &'static str>,
}

/// The Snowball stemmer of a language.
fn algorithm(language: Language) -> Option<Algorithm> {
    Some(match language {
        Language::Arabic => Algorithm::Arabic,
        Language::Danish => Algorithm::Danish,
        Language::Dutch => Algorithm::Dutch,
        Language::English => Algorithm::English,
        Language::Finnish => Algorithm::Finnish,
        Language::French => Algorithm::French,
        Language::German => Algorithm::German,
        Language::Greek => Algorithm::Greek,
        Language::Hungarian => Algorithm::Hungarian,
        Language::Italian => Algorithm::Italian,
        Language::Norwegian => Algorithm::Norwegian,
        Language::Portuguese => Algorithm::Portuguese,
        Language::Romanian => Algorithm::Romanian,
        Language::Russian => Algorithm::Russian,
        Language::Spanish => Algorithm::Spanish,
        Language::Swedish => Algorithm::Swedish,
        Language::Tamil => Algorithm::Tamil,
        Language::Turkish => Algorithm::Turkish,
        Language::None => return None,
    })
}

impl Forms {
    pub(super) fn new(language: Language) -> Self {
        let irregular = if language == Language::English { irregular() } else { HashMap::new() };
        Forms { language, stemmer: algorithm(language).map(Stemmer::create), irregular }
    }

    /// A text in lower case and without accents.
    pub(super) fn fold(&self, text: &str) -> impl Iterator<Item = char> {
        // English writes names with letters of other languages; who asks for one writes it as it was told.
        let letters = self.language != Language::English;
        let mut letter = ' ';
        let kept = text.nfkd().filter(move |&c| {
            if !is_mark(c) {
                letter = c;
                return true;
            }
            // The Cyrillic short i is a letter of its own, and endings have it.
            c == '\u{306}' && matches!(letter, 'и' | 'И')
        });
        kept.nfc().flat_map(char::to_lowercase).flat_map(move |c| Plain::of(c, letters))
    }

    /// The stem of a folded word, folded.
    pub(super) fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        let Some(stemmer) = self.stemmer.as_ref().filter(|_| word.len() <= STEMMED_BYTES_MAX) else {
            return Cow::Borrowed(word);
        };
        let word = self.irregular.get(word).copied().unwrap_or(word);
        match self.written(word) {
            Some(written) => levelled(self.language, self.fold(&stemmer.stem(&written)).collect()),
            None => levelled(self.language, stemmer.stem(word)),
        }
    }

    /// A folded word as the stemmer knows it, if that is not how it is.
    fn written(&self, word: &str) -> Option<String> {
        if self.language == Language::Turkish {
            return Some(harmonic(word));
        }
        endings(self.language).iter().find_map(|(folded, written)| {
            let rest = word.strip_suffix(folded).filter(|rest| rest.len() >= BEFORE_ENDING)?;
            Some(format!("{rest}{written}"))
        })
    }
}

/// Letters before an ending, at least: of "plan" the last two are none.
const BEFORE_ENDING: usize = 3;

/// Endings as they are folded, and as the stemmer of the language knows them: with their accents, the singular for a
/// plural that it does not know, and without the article behind a Swedish noun.
fn endings(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::French => &[
            ("ees", "ées"),
            ("ee", "ée"),
            ("erent", "èrent"),
            ("ites", "ités"),
            ("ite", "ité"),
            ("iere", "ière"),
            ("ieres", "ières"),
        ],
        Language::Hungarian => &[
            ("bol", "ból"),
            ("rol", "ról"),
            ("tol", "tól"),
            ("nal", "nál"),
            ("nel", "nél"),
            ("ert", "ért"),
            ("kent", "ként"),
        ],
        Language::Portuguese => &[
            ("coes", "ção"),
            ("oes", "ão"),
            ("cao", "ção"),
            ("encia", "ência"),
            ("encias", "ências"),
            ("ancia", "ância"),
            ("avel", "ável"),
            ("ivel", "ível"),
            ("aveis", "ável"),
            ("iveis", "ível"),
            ("arao", "arão"),
            ("erao", "erão"),
            ("irao", "irão"),
            ("iamos", "íamos"),
            ("avamos", "ávamos"),
        ],
        // The stemmer has the letters with cedillas, which came before those with commas.
        Language::Romanian => &[
            ("eaza", "ează"),
            ("easca", "ească"),
            ("este", "eşte"),
            ("esti", "eşti"),
            ("and", "ând"),
            ("andu", "ându"),
            ("atie", "aţie"),
            ("atia", "aţia"),
            ("tiune", "ţiune"),
            ("ara", "ară"),
            ("itati", "ităţi"),
            ("ati", "aţi"),
            ("eti", "eţi"),
            ("iti", "iţi"),
        ],
        Language::Spanish => {
            &[("acion", "ación"), ("ucion", "ución"), ("iamos", "íamos"), ("abamos", "ábamos")]
        }
        Language::Swedish => &[("an", "a"), ("et", "e")],
        _ => &[],
    }
}

/// A folded Turkish word in vowel harmony: behind "a" an "i" has no dot, behind "e" an "o" and a "u" have two, and a "g"
/// between vowels is soft.
fn harmonic(word: &str) -> String {
    let back_of = |c: char| match c {
        'a' => Some(true),
        'e' => Some(false),
        _ => None,
    };
    let is_vowel = |c: Option<&char>| c.is_some_and(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'));
    // Vowels before the first that tells go with it.
    let mut is_back = word.chars().find_map(back_of).unwrap_or(word.contains(['o', 'u']));
    let (mut written, mut before) = (String::with_capacity(2 * word.len()), None);
    let mut letters = word.chars().peekable();
    while let Some(c) = letters.next() {
        is_back = back_of(c).unwrap_or(is_back);
        written.push(match c {
            'i' if is_back => 'ı',
            'o' if !is_back => 'ö',
            'u' if !is_back => 'ü',
            'g' if is_vowel(before.as_ref()) && is_vowel(letters.peek()) => 'ğ',
            c => c,
        });
        before = Some(c);
    }
    written
}

/// A stem without what its forms differ in at the end: the vowel that a Hungarian ending lengthens, the i of Spanish
/// verbs, the voice of a Dutch consonant between vowels.
fn levelled(language: Language, stem: Cow<'_, str>) -> Cow<'_, str> {
    let end = match (language, stem.chars().next_back()) {
        (Language::Hungarian, Some('a' | 'e')) | (Language::Spanish, Some('i')) => "",
        (Language::Dutch, Some('z')) => "s",
        (Language::Dutch, Some('v')) => "f",
        _ => return stem,
    };
    // Each of these letters is one byte.
    let rest = stem.len().checked_sub(1).and_then(|end| stem.get(..end)).filter(|rest| rest.len() > 1);
    rest.map(|rest| Cow::Owned(format!("{rest}{end}"))).unwrap_or(stem)
}

/// One folded letter: itself, or what it is written as without the letters of a single language.
enum Plain {
    One(Option<char>),
    Two(std::str::Chars<'static>),
}

impl Plain {
    fn of(c: char, letters: bool) -> Self {
        let two = match c {
            'ς' => return Plain::One(Some('σ')),
            _ if !letters || c.is_ascii() => return Plain::One(Some(c)),
            'ı' => "i",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'þ' => "th",
            _ => return Plain::One(Some(c)),
        };
        Plain::Two(two.chars())
    }
}

impl Iterator for Plain {
    type Item = char;
    fn next(&mut self) -> Option<char> {
        match self {
            Plain::One(c) => c.take(),
            Plain::Two(chars) => chars.next(),
        }
    }
}

/// Accents of the Latin, Greek and Cyrillic scripts, the vowels of Hebrew and Arabic, the stretching of an Arabic
/// word, and the dot under letters of Devanagari. Other scripts keep their marks.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}'
        | '\u{05C5}' | '\u{05C7}' | '\u{0640}' | '\u{064B}'..='\u{0652}' | '\u{0670}' | '\u{093C}')
}
