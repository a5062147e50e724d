//! Translation: how a value of the core is seen from Python, and back.
//!
//! [`Translate`] is this crate's own trait, so that the core's types can have it. [`Told`] and [`Given`] carry such values
//! through the signatures of methods, with the types that the stub file shows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ebbmark::{Metadata, Timestamp, Value};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use pyo3::{type_hint_identifier, type_hint_subscript, type_hint_union};

use crate::errors::{invalid, wrong_type};
use crate::moments;

/// A value that crosses between Rust and Python.
pub(crate) trait Translate: Sized {
    /// The type that Python sees.
    const TYPE: PyStaticExpr;
    /// The type that Python may give; as much as it sees unless said otherwise.
    const ACCEPTED: PyStaticExpr = Self::TYPE;

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>>;

    /// # Errors
    /// `TypeError` for another type; `InvalidInputError` for a value that cannot be taken.
    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self>;
}

/// A value on its way to Python.
pub(crate) struct Told<T>(pub(crate) T);

impl<'py, T: Translate> IntoPyObject<'py> for Told<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;
    const OUTPUT_TYPE: PyStaticExpr = T::TYPE;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.into_python(py)
    }
}

/// A value that came from Python.
pub(crate) struct Given<T>(pub(crate) T);

impl<'py, T: Translate> FromPyObject<'_, 'py> for Given<T> {
    type Error = PyErr;
    const INPUT_TYPE: PyStaticExpr = T::ACCEPTED;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        T::from_python(&given).map(Given)
    }
}

/// What was given, or nothing.
pub(crate) fn given<T>(value: Option<Given<T>>) -> Option<T> {
    value.map(|value| value.0)
}

/// What was given, or what stands for nothing.
pub(crate) fn given_or<T>(value: Option<Given<T>>, otherwise: impl FnOnce() -> T) -> T {
    value.map_or_else(otherwise, |value| value.0)
}

/// A number or a truth that a signature shows with its default.
pub(crate) fn plain<T: Translate>(given: &Bound<'_, PyAny>) -> PyResult<T> {
    T::from_python(given)
}

/// Numbers and texts, which pyo3 translates by itself.
macro_rules! plain {
    ($($type:ty: $hint:literal, $accepted:expr, $expected:literal;)*) => {
        $(impl Translate for $type {
            const TYPE: PyStaticExpr = type_hint_identifier!("builtins", $hint);
            const ACCEPTED: PyStaticExpr = $accepted;

            fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                Ok(self.into_pyobject(py)?.to_owned().into_any())
            }

            fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
                given.extract().map_err(|error: PyErr| unsuitable(given, &error, $expected))
            }
        })*
    };
}

const INT: PyStaticExpr = type_hint_identifier!("builtins", "int");
const FLOAT: PyStaticExpr = type_hint_identifier!("builtins", "float");
const BOOL: PyStaticExpr = type_hint_identifier!("builtins", "bool");

plain! {
    bool: "bool", BOOL, "True or False";
    u8: "int", INT, "an int from 0 to 255";
    u32: "int", INT, "an int from 0 to 2^32 - 1";
    u64: "int", INT, "an int from 0 to 2^64 - 1";
    usize: "int", INT, "an int from 0 to 2^64 - 1";
    f64: "float", FLOAT, "a number";
}

/// The error for a value that was not taken: one of its type where the type is wrong, else one of its range.
fn unsuitable(given: &Bound<'_, PyAny>, error: &PyErr, expected: &str) -> PyErr {
    if error.is_instance_of::<pyo3::exceptions::PyTypeError>(given.py()) {
        return wrong_type(given, expected);
    }
    invalid("a value cannot be taken", &error.value(given.py()).to_string(), expected, "correct it")
}

impl Translate for f32 {
    const TYPE: PyStaticExpr = FLOAT;

    /// The shortest decimal that stands for the number: 0.9 stays 0.9, where widening it would give 0.8999999761581421.
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let widened = f64::from(self);
        let shortest =
            if widened.fract() == 0.0 { widened } else { self.to_string().parse().unwrap_or(widened) };
        Ok(PyFloat::new(py, shortest).into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        f64::from_python(given).map(|number| number as f32)
    }
}

impl Translate for String {
    const TYPE: PyStaticExpr = type_hint_identifier!("builtins", "str");

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(PyString::new(py, &self).into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = given.cast::<PyString>().map_err(|_| wrong_type(given, "a str"))?;
        text.extract().map_err(|_: PyErr| {
            invalid(
                "a text cannot be encoded",
                "a lone surrogate",
                "a str that is valid Unicode",
                "decode its source with errors='replace', or take the surrogates out",
            )
        })
    }
}

impl<T: Translate> Translate for Option<T> {
    const TYPE: PyStaticExpr = type_hint_union!(T::TYPE, NONE);
    const ACCEPTED: PyStaticExpr = type_hint_union!(T::ACCEPTED, NONE);

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        self.map_or_else(|| Ok(py.None().into_bound(py)), |value| value.into_python(py))
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_none() { Ok(None) } else { T::from_python(given).map(Some) }
    }
}

const NONE: PyStaticExpr = PyStaticExpr::Constant { value: pyo3::inspect::PyStaticConstant::None };

impl<T: Translate> Translate for Vec<T> {
    const TYPE: PyStaticExpr = type_hint_subscript!(type_hint_identifier!("builtins", "list"), T::TYPE);
    const ACCEPTED: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Iterable"), T::ACCEPTED);

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let items = self.into_iter().map(|item| item.into_python(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, items)?.into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        // The characters of a str and the keys of a dict are never what was meant.
        if given.is_instance_of::<PyString>() || given.is_instance_of::<PyDict>() {
            return Err(wrong_type(given, "a list"));
        }
        let items = given.try_iter().map_err(|_| wrong_type(given, "a list"))?;
        items.map(|item| T::from_python(&item?)).collect()
    }
}

impl<A: Translate, B: Translate> Translate for (A, B) {
    const TYPE: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("builtins", "tuple"), A::TYPE, B::TYPE);
    const ACCEPTED: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("builtins", "tuple"), A::ACCEPTED, B::ACCEPTED);

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let parts = [self.0.into_python(py)?, self.1.into_python(py)?];
        Ok(PyTuple::new(py, parts)?.into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let pair: (Bound<'_, PyAny>, Bound<'_, PyAny>) =
            given.extract().map_err(|_| wrong_type(given, "a tuple of two"))?;
        Ok((A::from_python(&pair.0)?, B::from_python(&pair.1)?))
    }
}

/// Texts that name something and are checked by the core: ids and cursors.
macro_rules! parsed {
    ($($type:ty),*) => {
        $(impl Translate for $type {
            const TYPE: PyStaticExpr = <String as Translate>::TYPE;

            fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                self.to_string().into_python(py)
            }

            fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
                let text = String::from_python(given)?;
                text.parse().map_err(|error| crate::errors::raised(given.py(), &error))
            }
        })*
    };
}

parsed!(ebbmark::Id, ebbmark::Cursor, ebbmark::TimelineCursor, ebbmark::AuditCursor, ebbmark::SearchCursor);

impl Translate for Arc<str> {
    const TYPE: PyStaticExpr = <String as Translate>::TYPE;

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(PyString::new(py, &self).into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        String::from_python(given).map(Arc::from)
    }
}

impl Translate for [u64; 6] {
    const TYPE: PyStaticExpr = <Vec<u64> as Translate>::TYPE;

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        self.to_vec().into_python(py)
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        Vec::from_python(given)?.try_into().map_err(|_| wrong_type(given, "a list of six numbers"))
    }
}

impl Translate for Timestamp {
    const TYPE: PyStaticExpr = type_hint_identifier!("datetime", "datetime");

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        moments::to_datetime(py, self)
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        moments::from_datetime(given)
    }
}

impl Translate for Duration {
    const TYPE: PyStaticExpr = type_hint_identifier!("datetime", "timedelta");
    const ACCEPTED: PyStaticExpr = type_hint_union!(type_hint_identifier!("datetime", "timedelta"), FLOAT);

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(self.into_pyobject(py)?.into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        moments::from_span(given)
    }
}

/// How deep metadata may be nested before it is refused here; the core allows less, and says so.
const DEPTH_MAX: usize = 64;

const JSON: PyStaticExpr = type_hint_identifier!("ebbmark._types", "Json");

impl Translate for Value {
    const TYPE: PyStaticExpr = JSON;

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            Value::Null => Ok(py.None().into_bound(py)),
            Value::Bool(truth) => truth.into_python(py),
            Value::Int(number) => Ok(number.into_pyobject(py)?.into_any()),
            Value::Float(number) => number.into_python(py),
            Value::Text(text) => text.into_python(py),
            Value::List(values) => values.into_python(py),
            Value::Map(fields) => fields.into_python(py),
        }
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        value(given, DEPTH_MAX)
    }
}

fn value(given: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    if depth == 0 {
        return Err(invalid(
            "metadata is nested too deeply",
            &format!("more than {DEPTH_MAX} levels"),
            "at most 8 levels, and no list or dict within itself",
            "flatten it",
        ));
    }
    if given.is_none() {
        Ok(Value::Null)
    } else if given.is_instance_of::<PyBool>() {
        Ok(Value::Bool(given.is_truthy()?))
    } else if given.is_instance_of::<PyInt>() {
        given.extract().map(Value::Int).map_err(|_| {
            let expected = "an int of 64 bits, or a float";
            invalid("an int of metadata is too large", "more than 64 bits", expected, "store it as a str")
        })
    } else if given.is_instance_of::<PyFloat>() {
        Ok(Value::Float(given.extract()?))
    } else if given.is_instance_of::<PyString>() {
        String::from_python(given).map(Value::Text)
    } else if let Ok(fields) = given.cast::<PyDict>() {
        fields_of(fields, depth).map(Value::Map)
    } else if given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>() {
        given.try_iter()?.map(|item| value(&item?, depth - 1)).collect::<PyResult<_>>().map(Value::List)
    } else {
        Err(wrong_type(given, "None, a bool, int, float or str, or a list or dict of those"))
    }
}

fn fields_of(fields: &Bound<'_, PyDict>, depth: usize) -> PyResult<Metadata> {
    fields.iter().map(|(name, field)| Ok((String::from_python(&name)?, value(&field, depth - 1)?))).collect()
}

impl Translate for Metadata {
    const TYPE: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("builtins", "dict"), <String as Translate>::TYPE, JSON);
    const ACCEPTED: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Mapping"),
        <String as Translate>::TYPE,
        JSON
    );

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let fields: BTreeMap<String, Value> = self;
        let dict = PyDict::new(py);
        for (name, value) in fields {
            dict.set_item(name, value.into_python(py)?)?;
        }
        Ok(dict.into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(fields) = given.cast::<PyDict>() {
            return fields_of(fields, DEPTH_MAX);
        }
        let fields = PyDict::new(given.py());
        let mapping = given.cast::<PyMapping>().map_err(|_| wrong_type(given, "a dict"))?;
        fields.update(mapping)?;
        fields_of(&fields, DEPTH_MAX)
    }
}
