//! The host's own fields on a record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::limits::{METADATA_BYTES_MAX, METADATA_DEPTH_MAX};

/// The host's own fields on a record, in order of their names.
pub type Metadata = BTreeMap<String, Value>;

/// A metadata value: the shapes of JSON, with integers kept apart from floats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// Checks size, depth, names and that every number is finite.
pub(crate) fn check_metadata(metadata: &Metadata) -> Result<()> {
    let mut bytes = 0;
    for (name, value) in metadata {
        bytes += name.len() + measure(value, 1)?;
        if name.is_empty() || name.contains('\0') {
            return Err(invalid(
                "an empty field name or one with NUL",
                "a non-empty name",
                "rename the field",
            ));
        }
    }
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
    Ok(match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Int(_) => 8,
        Value::Float(number) if number.is_finite() => 8,
        Value::Float(number) => {
            return Err(invalid(&number.to_string(), "a finite number", "leave the field out"));
        }
        Value::Text(text) => text.len(),
        Value::List(values) => sum(values.iter().map(|value| measure(value, depth + 1)))?,
        Value::Map(fields) => {
            sum(fields.iter().map(|(name, value)| Ok(name.len() + measure(value, depth + 1)?)))?
        }
    })
}

fn sum(sizes: impl Iterator<Item = Result<usize>>) -> Result<usize> {
    sizes.sum()
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
