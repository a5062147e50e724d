//! Sentences of a message, as tokens that borrow from it; contractions are taken apart.

use super::moment::When;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sort {
    Word,
    /// A comma, colon, semicolon, dash or bracket.
    Pause,
    /// A folded time expression.
    Time(When),
    /// A folded situation, such as "in the morning".
    Situation,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    /// Lower case; of a contraction the full word ("am" for "'m").
    pub(super) word: &'a str,
    /// As written.
    pub(super) text: &'a str,
    /// White space stood before it.
    pub(super) spaced: bool,
    pub(super) quoted: bool,
    pub(super) sort: Sort,
    /// Where it stands in the message, in bytes.
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn is_capital(&self) -> bool {
        self.sort == Sort::Word && self.text.starts_with(char::is_uppercase)
    }

    pub(super) fn end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }
}

#[derive(Debug, Default)]
pub(super) struct Sentence<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) is_question: bool,
    /// It holds an address or code.
    pub(super) is_foreign: bool,
}

/// A text in lower case, byte for byte as long as the text: letters that would change length stay.
pub(super) fn lower_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let same_length = |c: char| {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
            _ => c,
        }
    };
    text.chars().map(same_length).collect()
}

/// The sentences of `text`; `lower` is its [`lower_case`].
pub(super) fn sentences<'a>(text: &'a str, lower: &'a str) -> Vec<Sentence<'a>> {
    let mut splitter = Splitter {
        text,
        lower,
        done: Vec::new(),
        open: Sentence { tokens: Vec::with_capacity(16), ..Sentence::default() },
        spaced: true,
        quoted: false,
        single: false,
    };
    let mut start = None;
    for (at, c) in text.char_indices() {
        if !c.is_whitespace() {
            start = start.or(Some(at));
            continue;
        }
        if let Some(start) = start.take() {
            splitter.chunk(start, at);
        }
        splitter.spaced = true;
        if c == '\n' {
            splitter.finish(false);
        }
    }
    if let Some(start) = start {
        splitter.chunk(start, text.len());
    }
    splitter.finish(false);
    splitter.done
}

struct Splitter<'a> {
    text: &'a str,
    lower: &'a str,
    done: Vec<Sentence<'a>>,
    open: Sentence<'a>,
    spaced: bool,
    quoted: bool,
    /// The quotation was opened by a single mark.
    single: bool,
}

/// Words whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 12] =
    ["approx", "dr", "e.g", "i.e", "jr", "mr", "mrs", "ms", "prof", "sr", "st", "vs"];

impl<'a> Splitter<'a> {
    /// Takes a piece of text without white space apart.
    fn chunk(&mut self, start: usize, end: usize) {
        let piece = self.text.get(start..end).unwrap_or_default();
        if piece.contains("://") || piece.starts_with("www.") {
            self.open.is_foreign = true;
            return;
        }
        let mut word: Option<usize> = None;
        let mut before = ' ';
        let mut chars = piece.char_indices().peekable();
        while let Some((offset, c)) = chars.next() {
            let at = start.saturating_add(offset);
            let after = chars.peek().map_or(' ', |(_, after)| *after);
            if !before.is_alphanumeric() && after != ' ' && self.opens_quote(at, c) {
                self.quoted = true;
                self.single = true;
                before = c;
                continue;
            }
            let full_stop = c == '.' && word.is_some_and(|from| self.is_abbreviation(from, at));
            if is_in_word(before, c, after) || full_stop {
                word = word.or(Some(at));
            } else {
                if let Some(from) = word.take() {
                    self.word(from, at);
                }
                self.punctuation(at, c, before, after);
            }
            before = c;
        }
        if let Some(from) = word {
            self.word(from, end);
        }
    }

    /// Whether a single quotation mark opens here: one that closes must follow on the same line.
    fn opens_quote(&self, at: usize, c: char) -> bool {
        const REACH: usize = 400;
        if self.quoted || !matches!(c, '\'' | '\u{2018}') {
            return false;
        }
        let rest = self.text.get(at.saturating_add(c.len_utf8())..).unwrap_or_default();
        let mut chars = rest.chars().take(REACH).take_while(|c| *c != '\n').peekable();
        let mut before = ' ';
        while let Some(mark) = chars.next() {
            let after = chars.peek().is_none_or(|after| !after.is_alphanumeric());
            if matches!(mark, '\'' | '\u{2019}') && after && !before.is_whitespace() {
                return true;
            }
            before = mark;
        }
        false
    }

    fn is_abbreviation(&self, from: usize, to: usize) -> bool {
        let word = self.lower.get(from..to).unwrap_or_default();
        let initial = self.text.get(from..to).is_some_and(|text| text != "I" && is_one_capital(text))
            && self.open.tokens.last().is_none_or(Token::is_capital);
        let dotted = word
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.chars().count() == 1 && last.chars().all(char::is_alphabetic));
        initial || dotted || ABBREVIATIONS.binary_search(&word).is_ok()
    }

    fn punctuation(&mut self, at: usize, c: char, before: char, after: char) {
        match c {
            '.' | '!' | '\u{2026}' => self.finish(false),
            '?' => self.finish(true),
            '"' | '\u{201C}' | '\u{201D}' | '\u{AB}' | '\u{BB}' => {
                self.quoted = !self.quoted && (before == ' ' || !before.is_alphanumeric()) && after != ' ';
            }
            '\'' | '\u{2019}' if self.single => {
                self.quoted = false;
                self.single = false;
            }
            ',' | ';' | ':' | '(' | ')' | '\u{2014}' | '\u{2013}' | '-' => self.push(at, c, Sort::Pause),
            '{' | '}' | '`' | '<' | '=' => self.open.is_foreign = true,
            _ => {}
        }
    }

    fn push(&mut self, at: usize, c: char, sort: Sort) {
        let text = self.text.get(at..at.saturating_add(c.len_utf8())).unwrap_or_default();
        self.token(text, text, at, sort);
    }

    fn token(&mut self, word: &'a str, text: &'a str, start: usize, sort: Sort) {
        let spaced = std::mem::take(&mut self.spaced);
        self.open.tokens.push(Token { word, text, spaced, quoted: self.quoted, sort, start });
    }

    /// A word, taken apart if it is a contraction.
    fn word(&mut self, from: usize, to: usize) {
        let (Some(lower), Some(text)) = (self.lower.get(from..to), self.text.get(from..to)) else {
            return;
        };
        let (lower, text, from) = match lower.strip_prefix(['\'', '\u{2019}']) {
            Some(rest) => (rest, text.trim_start_matches(['\'', '\u{2019}']), to.saturating_sub(rest.len())),
            None => (lower, text, from),
        };
        if let Some((first, second)) = joined(lower) {
            self.token(first, text, from, Sort::Word);
            self.token(second, "", to, Sort::Word);
            return;
        }
        let Some(at) = lower.rfind(['\'', '\u{2019}']).and_then(|at| split_at(lower, at)) else {
            return self.token(spelling(lower), text, from, Sort::Word);
        };
        let ((stem, tail), (stem_text, tail_text)) =
            match (lower.split_at_checked(at), text.split_at_checked(at)) {
                (Some(lower), Some(text)) => (lower, text),
                _ => return self.token(lower, text, from, Sort::Word),
            };
        self.token(full_stem(stem, tail), stem_text, from, Sort::Word);
        let after = from.saturating_add(at);
        self.token(full_tail(stem, tail), tail_text, after, Sort::Word);
    }

    fn finish(&mut self, is_question: bool) {
        if !self.open.tokens.is_empty() {
            let next = Sentence { tokens: Vec::with_capacity(16), ..Sentence::default() };
            let mut sentence = std::mem::replace(&mut self.open, next);
            sentence.is_question = is_question;
            self.done.push(sentence);
        } else if let Some(last) = self.done.last_mut() {
            // "What? !" and "!?" end the sentence before.
            last.is_question |= is_question;
        }
    }
}

fn is_one_capital(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}

fn is_in_word(before: char, c: char, after: char) -> bool {
    let inner = before.is_alphanumeric() && after.is_alphanumeric();
    match c {
        '\'' | '\u{2019}' => after.is_alphanumeric(),
        '&' => inner || (before == ' ' && after == ' '),
        '-' | '_' | '/' | '@' | '.' => inner || (c == '@' && after.is_alphanumeric()),
        ',' | ':' | '\u{2013}' => before.is_ascii_digit() && after.is_ascii_digit(),
        '+' | '#' => before.is_alphanumeric() || before == '+' || after.is_ascii_digit(),
        '%' | '\u{B0}' => before.is_ascii_digit(),
        '$' | '\u{20AC}' | '\u{A3}' => after.is_ascii_digit() || before.is_ascii_digit(),
        _ => c.is_alphanumeric() || is_mark(c),
    }
}

/// Combining accents and vowel signs belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{97F}')
}

/// Two words written as one, with no apostrophe between them.
fn joined(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "cannot" | "cant" => ("can", "not"),
        "im" => ("i", "am"),
        "ive" => ("i", "have"),
        "dont" => ("do", "not"),
        "doesnt" => ("does", "not"),
        "didnt" => ("did", "not"),
        "isnt" => ("is", "not"),
        "wasnt" => ("was", "not"),
        "arent" => ("are", "not"),
        "havent" => ("have", "not"),
        "hasnt" => ("has", "not"),
        "wont" => ("will", "not"),
        "gonna" => ("going", "to"),
        "wanna" => ("want", "to"),
        "gotta" => ("have", "to"),
        _ => return None,
    })
}

fn spelling(word: &str) -> &str {
    match word {
        "favourite" | "fave" | "fav" => "favorite",
        _ => word,
    }
}

/// Where a contraction is split, if it is one.
fn split_at(word: &str, apostrophe: usize) -> Option<usize> {
    let (stem, tail) = word.split_at_checked(apostrophe)?;
    match tail.trim_start_matches(['\'', '\u{2019}']) {
        "t" => stem.strip_suffix('n').map(str::len).filter(|&len| len > 0),
        "m" | "re" | "ve" | "ll" | "d" | "s" => Some(apostrophe).filter(|&at| at > 0),
        _ => None,
    }
}

fn full_stem<'a>(stem: &'a str, tail: &str) -> &'a str {
    match stem {
        "ca" if tail.starts_with('n') => "can",
        "wo" if tail.starts_with('n') => "will",
        _ => stem,
    }
}

fn full_tail<'a>(stem: &str, tail: &'a str) -> &'a str {
    match tail.trim_start_matches(['\'', '\u{2019}']) {
        "m" => "am",
        "re" => "are",
        "ve" => "have",
        "ll" => "will",
        "d" => "would",
        "s" if is_followed_by_is(stem) => "is",
        "s" if stem == "let" => "us",
        "s" => "'s",
        _ if tail.starts_with('n') => "not",
        _ => tail,
    }
}

fn is_followed_by_is(stem: &str) -> bool {
    matches!(
        stem,
        "he" | "she" | "it" | "that" | "there" | "what" | "who" | "where" | "here" | "how" | "this"
    )
}

#[cfg(test)]
mod tests {
    use super::{lower_case, sentences};

    fn words(text: &str) -> Vec<Vec<String>> {
        let lower = lower_case(text);
        let list = sentences(text, &lower);
        list.iter().map(|s| s.tokens.iter().map(|t| t.word.to_string()).collect()).collect()
    }

    #[test]
    fn contractions_come_apart_whatever_the_apostrophe() {
        assert_eq!(words("I'm not, I don\u{2019}t"), [["i", "am", "not", ",", "i", "do", "not"]]);
        assert_eq!(words("Anna's can't"), [["anna", "'s", "can", "not"]]);
    }

    #[test]
    fn a_full_stop_inside_a_word_or_a_title_ends_nothing() {
        assert_eq!(words("Dr. Smith uses Node.js 3.5. Hi!").len(), 2);
        assert_eq!(words("C++, C#, R&B - 5%"), [["c++", ",", "c#", ",", "r&b", "-", "5%"]]);
    }
}
