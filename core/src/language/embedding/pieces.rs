//! From text to pieces: the words of BERT's uncased normalisation, cut greedily into tokens (WordPiece; Schuster and
//! Nakajima, 2012; Devlin et al., 2019).

use smallvec::SmallVec;
use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::tokens::{Tokens, Vocabulary};

/// Characters of a word; what is beyond them is the next word.
const WORD_CHARACTERS: usize = 100;

/// A piece of a word.
pub(super) enum Piece<'a> {
    /// One that has a row.
    Token(u16),
    /// The UTF-8 bytes of characters that no token covers.
    Unknown(&'a [u8]),
}

/// The word that is being read.
#[derive(Default)]
pub(super) struct Pieces {
    word: SmallVec<[char; WORD_CHARACTERS]>,
}

impl Pieces {
    /// Calls with every piece of a text, in order.
    pub(super) fn each(
        &mut self,
        text: &str,
        tokens: &Tokens,
        vocabulary: &Vocabulary,
        mut call: impl FnMut(Piece<'_>),
    ) {
        let mut cut = |word: &mut SmallVec<[char; WORD_CHARACTERS]>| {
            cut_word(word, tokens, vocabulary, &mut call);
            word.clear();
        };
        for character in text.chars() {
            match Class::of(character) {
                Class::Nothing => {}
                Class::Space => cut(&mut self.word),
                Class::Alone => {
                    cut(&mut self.word);
                    normalised(character, |part| self.word.push(part));
                    cut(&mut self.word);
                }
                Class::Letter => normalised(character, |part| {
                    // What a character is decomposed into may be punctuation.
                    let alone = !part.is_ascii_alphanumeric() && is_punctuation(part);
                    if alone || self.word.len() == WORD_CHARACTERS {
                        cut(&mut self.word);
                    }
                    self.word.push(part);
                    if alone {
                        cut(&mut self.word);
                    }
                }),
            }
        }
        cut(&mut self.word);
    }
}

/// Cuts a word into the longest tokens from left to right. Characters that no token covers are one piece a run.
fn cut_word(word: &[char], tokens: &Tokens, vocabulary: &Vocabulary, call: &mut impl FnMut(Piece<'_>)) {
    let mut unknown: SmallVec<[u8; 4 * WORD_CHARACTERS]> = SmallVec::new();
    let mut tell = |unknown: &mut SmallVec<[u8; 4 * WORD_CHARACTERS]>, token: Option<u16>| {
        tell_unknown(unknown, call);
        unknown.clear();
        token.into_iter().for_each(|token| call(Piece::Token(token)));
    };
    let mut rest = word;
    while let Some((first, behind)) = rest.split_first() {
        if let Some((token, taken)) = tokens.longest(vocabulary, rest, rest.len() == word.len()) {
            tell(&mut unknown, Some(token));
            rest = rest.get(taken..).unwrap_or_default();
        } else {
            unknown.extend_from_slice(first.encode_utf8(&mut [0; 4]).as_bytes());
            rest = behind;
        }
    }
    tell(&mut unknown, None);
}

/// Calls with the pieces of a run of characters that no token covers: itself, or its pairs where words are not parted.
fn tell_unknown(run: &[u8], call: &mut impl FnMut(Piece<'_>)) {
    // Characters of the scripts in question take three bytes each.
    let pairs = run.windows(6).step_by(3);
    if pairs.len() > 1 && str::from_utf8(run).is_ok_and(|run| run.chars().all(is_unparted)) {
        pairs.for_each(|pair| call(Piece::Unknown(pair)));
    } else if !run.is_empty() {
        call(Piece::Unknown(run));
    }
}

/// Thai, Lao, Burmese and Khmer, whose words are not parted by spaces.
fn is_unparted(character: char) -> bool {
    matches!(character, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// What a character is to words.
enum Class {
    /// Dropped: control and format characters, and what stands for damage.
    Nothing,
    Space,
    /// A word of its own: punctuation, an ideograph.
    Alone,
    Letter,
}

impl Class {
    fn of(character: char) -> Self {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Letter,
            ' ' | '\t' | '\n' | '\r' => Class::Space,
            '\0'..='\x1F' | '\x7F' | '\u{FFFD}' => Class::Nothing,
            '!'..='~' => Class::Alone,
            _ if character.general_category_group() == GeneralCategoryGroup::Other => Class::Nothing,
            _ if character.is_whitespace() => Class::Space,
            _ if is_ideograph(character) || is_punctuation(character) => Class::Alone,
            _ => Class::Letter,
        }
    }
}

fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation()
        || character.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// The ranges of CJK ideographs that BERT's tokeniser sets apart.
fn is_ideograph(character: char) -> bool {
    matches!(character,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{2A6DF}' | '\u{2A700}'..='\u{2B73F}'
        | '\u{2B740}'..='\u{2B81F}' | '\u{2B920}'..='\u{2CEAF}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

/// Calls with a character in lower case, without its accents.
fn normalised(character: char, mut call: impl FnMut(char)) {
    if character.is_ascii() {
        return call(character.to_ascii_lowercase());
    }
    decompose_canonical(character, |part| {
        if part.general_category() != GeneralCategory::NonspacingMark {
            part.to_lowercase().for_each(&mut call);
        }
    });
}
