//! A place in a list of tokens, from which phrases are matched forward.

use super::sentence::{Sort, Token};

#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t, 'a> {
    tokens: &'t [Token<'a>],
    pub(super) at: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(super) fn new(tokens: &'t [Token<'a>]) -> Self {
        Cursor { tokens, at: 0 }
    }

    pub(super) fn tokens(&self) -> &'t [Token<'a>] {
        self.tokens
    }

    pub(super) fn token(&self, ahead: usize) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at.saturating_add(ahead))
    }

    /// The word `ahead` tokens on; empty where there is none.
    pub(super) fn word(&self, ahead: usize) -> &'a str {
        match self.token(ahead) {
            Some(token) if token.sort == Sort::Word => token.word,
            _ => "",
        }
    }

    pub(super) fn is_capital(&self, ahead: usize) -> bool {
        self.token(ahead).is_some_and(Token::is_capital)
    }

    pub(super) fn is_pause(&self, ahead: usize) -> bool {
        self.token(ahead).is_some_and(|token| token.sort == Sort::Pause)
    }

    pub(super) fn is_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn advance(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.tokens.len());
    }

    pub(super) fn ahead(&self, count: usize) -> Self {
        let mut ahead = *self;
        ahead.advance(count);
        ahead
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = !word.is_empty() && self.word(0) == word;
        self.advance(usize::from(found));
        found
    }

    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    pub(super) fn eat_pause(&mut self) -> bool {
        let found = self.is_pause(0);
        self.advance(usize::from(found));
        found
    }

    /// Whether the words of `phrase` stand here.
    pub(super) fn sees(&self, phrase: &str) -> bool {
        phrase.split(' ').enumerate().all(|(ahead, word)| self.word(ahead) == word)
    }

    /// Takes the words of `phrase` if they stand here; an empty phrase always does.
    pub(super) fn eat_phrase(&mut self, phrase: &str) -> bool {
        if phrase.is_empty() {
            return true;
        }
        let found = self.sees(phrase);
        self.advance(if found { phrase.split(' ').count() } else { 0 });
        found
    }

    /// Takes the first of `phrases` that stands here.
    pub(super) fn eat_phrases(&mut self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.eat_phrase(phrase))
    }
}

/// The tokens as they were written, with single spaces between them.
pub(super) fn text_of<'t, 'a: 't>(tokens: impl IntoIterator<Item = &'t Token<'a>>) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}
