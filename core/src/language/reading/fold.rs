//! Folds time expressions and situations into one token each, so that a clause need not know them.

use super::cursor::Cursor;
use super::moment::When;
use super::sentence::{Sort, Token};
use super::situation::situation;
use super::verbs::{Form, verb};
use super::when::when;
use crate::model::Timestamp;

/// A message in both spellings.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) lower: &'a str,
}

/// The tokens with each time expression and situation as one.
pub(super) fn fold<'a>(tokens: &[Token<'a>], source: Source<'a>, said_at: Timestamp) -> Vec<Token<'a>> {
    let mut folded = Vec::with_capacity(tokens.len());
    let mut cursor = Cursor::new(tokens);
    while let Some(token) = cursor.token(0) {
        let (sort, length) = sort_at(cursor, said_at);
        let end = cursor.token(length.saturating_sub(1)).map_or(token.end(), Token::end);
        match sort {
            Sort::Word | Sort::Pause => folded.push(*token),
            Sort::Time(_) | Sort::Situation => folded.push(Token {
                word: source.lower.get(token.start..end).unwrap_or_default(),
                text: source.text.get(token.start..end).unwrap_or_default(),
                sort,
                ..*token
            }),
        }
        cursor.advance(length.max(1));
    }
    folded
}

fn sort_at(cursor: Cursor<'_, '_>, said_at: Timestamp) -> (Sort, usize) {
    match cursor.token(0) {
        Some(token) if token.sort != Sort::Word || token.quoted => return (token.sort, 1),
        _ => {}
    }
    if let Some((when, length)) = when(cursor, said_at) {
        return (Sort::Time(when), length);
    }
    match situation(cursor) {
        0 => (Sort::Word, 1),
        length if is_past(cursor) => (Sort::Time(When::Past), length),
        length => (Sort::Situation, length),
    }
}

/// "when I was a child" is a time of which nothing is known.
fn is_past(cursor: Cursor<'_, '_>) -> bool {
    let known = |word| verb(word).is_some_and(|verb| verb.form == Form::Past);
    cursor.word(0) == "when" && (matches!(cursor.word(2), "was" | "were" | "had") || known(cursor.word(2)))
}
