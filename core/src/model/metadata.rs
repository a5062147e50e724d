//! The host's own fields on a record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::limits::{METADATA_BYTES_MAX, METADATA_DEPTH_MAX};

/// The host's own fields on a record, in order of their names.
pub type Metadata = BTreeMap<String, Value>;

/// A metadata value: the shapes of JSON, with integers kept apart from floats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Token>", into = "Vec<Token>")]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// Text.
    Text(String),
    /// Values in order; a filter on the field matches if one of them is equal.
    List(Vec<Value>),
    /// Fields in order of their names; a filter reaches them as `outer.inner`.
    Map(BTreeMap<String, Value>),
}

/// A value as its row holds it: in a row of tokens, so that no stored bytes can make the reader nest without end.
#[derive(Serialize, Deserialize)]
enum Token {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// So many values follow.
    List(u32),
    /// So many pairs of a name (a text) and a value follow.
    Map(u32),
}

impl From<Value> for Vec<Token> {
    fn from(value: Value) -> Self {
        let mut tokens = Vec::new();
        put_tokens(value, &mut tokens);
        tokens
    }
}

fn put_tokens(value: Value, tokens: &mut Vec<Token>) {
    match value {
        Value::Null => tokens.push(Token::Null),
        Value::Bool(truth) => tokens.push(Token::Bool(truth)),
        Value::Int(number) => tokens.push(Token::Int(number)),
        Value::Float(number) => tokens.push(Token::Float(number)),
        Value::Text(text) => tokens.push(Token::Text(text)),
        Value::List(values) => {
            tokens.push(Token::List(values.len() as u32));
            values.into_iter().for_each(|value| put_tokens(value, tokens));
        }
        Value::Map(fields) => {
            tokens.push(Token::Map(fields.len() as u32));
            for (name, value) in fields {
                tokens.push(Token::Text(name));
                put_tokens(value, tokens);
            }
        }
    }
}

impl TryFrom<Vec<Token>> for Value {
    type Error = &'static str;

    fn try_from(tokens: Vec<Token>) -> Result<Self, Self::Error> {
        let mut tokens = tokens.into_iter();
        let value = take_value(&mut tokens, 0).ok_or("a metadata value does not fit together")?;
        if tokens.next().is_none() { Ok(value) } else { Err("a metadata value has tokens left over") }
    }
}

fn take_value(tokens: &mut impl Iterator<Item = Token>, depth: usize) -> Option<Value> {
    if depth > METADATA_DEPTH_MAX {
        return None;
    }
    Some(match tokens.next()? {
        Token::Null => Value::Null,
        Token::Bool(truth) => Value::Bool(truth),
        Token::Int(number) => Value::Int(number),
        Token::Float(number) => Value::Float(number),
        Token::Text(text) => Value::Text(text),
        Token::List(count) => {
            Value::List((0..count).map(|_| take_value(tokens, depth + 1)).collect::<Option<_>>()?)
        }
        Token::Map(count) => {
            let mut field = || match tokens.next()? {
                Token::Text(name) => Some((name, take_value(tokens, depth + 1)?)),
                _ => None,
            };
            Value::Map((0..count).map(|_| field()).collect::<Option<_>>()?)
        }
    })
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Value::Int(i64::from(number))
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Float(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

/// What every value, name, list and map counts beside its own bytes, so that empty ones count, too.
const NODE_BYTES: usize = 8;

/// Checks size, depth, names and that every number is finite.
pub(crate) fn check_metadata(metadata: &Metadata) -> Result<()> {
    let bytes = measure_fields(metadata, 0)?;
    if bytes > METADATA_BYTES_MAX {
        let expected = format!("at most {METADATA_BYTES_MAX} bytes");
        return Err(invalid(&format!("{bytes} bytes"), &expected, "keep large content in the text"));
    }
    Ok(())
}

fn measure(value: &Value, depth: usize) -> Result<usize> {
    if depth > METADATA_DEPTH_MAX {
        let expected = format!("at most {METADATA_DEPTH_MAX} levels");
        return Err(invalid("deeper nesting", &expected, "flatten it"));
    }
    let content = match value {
        Value::Null | Value::Bool(_) | Value::Int(_) => 0,
        Value::Float(number) if number.is_finite() => 0,
        Value::Float(number) => {
            return Err(invalid(&number.to_string(), "a finite number", "leave the field out"));
        }
        Value::Text(text) => text.len(),
        Value::List(values) => values.iter().map(|value| measure(value, depth + 1)).sum::<Result<usize>>()?,
        Value::Map(fields) => measure_fields(fields, depth)?,
    };
    Ok(NODE_BYTES + content)
}

fn measure_fields(fields: &BTreeMap<String, Value>, depth: usize) -> Result<usize> {
    let measure_field = |(name, value): (&String, &Value)| {
        if name.is_empty() || name.contains('\0') {
            return Err(invalid(
                "an empty field name or one with NUL",
                "a non-empty name",
                "rename the field",
            ));
        }
        Ok(NODE_BYTES + name.len() + measure(value, depth + 1)?)
    };
    fields.iter().map(measure_field).sum()
}

/// The bytes that checked metadata counts.
pub(crate) fn metadata_bytes(metadata: &Metadata) -> usize {
    measure_fields(metadata, 0).unwrap_or(METADATA_BYTES_MAX)
}

fn invalid(got: &str, expected: &str, remedy: &str) -> Error {
    Error::draft(Code::MetadataInvalid, "metadata cannot be stored")
        .got(got)
        .expected(expected)
        .remedy(remedy)
}

/// Calls `visit` with the path and value of every scalar, so that an index can hold it.
pub(crate) fn flatten(metadata: &Metadata, visit: &mut impl FnMut(&str, &Value)) {
    for (name, value) in metadata {
        descend(name, value, visit);
    }
}

fn descend(path: &str, value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::List(values) => values.iter().for_each(|value| descend(path, value, visit)),
        Value::Map(fields) => {
            fields.iter().for_each(|(name, value)| descend(&format!("{path}.{name}"), value, visit));
        }
        scalar => visit(path, scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_their_tokens_and_odd_tokens_are_refused() {
        let inner = Value::Map([("a".to_owned(), Value::List(vec![1.into(), Value::Null]))].into());
        let value = Value::List(vec![inner, "text".into(), 1.5.into(), true.into()]);
        assert_eq!(Value::try_from(Vec::<Token>::from(value.clone())), Ok(value));
        let deep: Vec<Token> = (0..1_000_000).map(|_| Token::List(1)).collect();
        assert!(Value::try_from(deep).is_err());
        assert!(Value::try_from(vec![Token::List(u32::MAX)]).is_err());
        assert!(Value::try_from(vec![Token::Map(1), Token::Null, Token::Null]).is_err());
        assert!(Value::try_from(vec![Token::Null, Token::Null]).is_err());
    }
}
