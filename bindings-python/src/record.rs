//! Records: a class of Python for a type of the core, frozen, comparable, picklable, with its fields as properties.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// Characters of a text that a `repr` shows.
const REPR_TEXT_MAX: usize = 80;

/// Items of a list or dict that a `repr` shows.
const REPR_ITEMS_MAX: usize = 4;

/// A class that shows a type of the core. Its fields are what its constructor takes by these names, so that they also
/// pickle it; one whose value is not simply the core's field of its name says how it is read.
macro_rules! view {
    (
        $(#[$doc:meta])*
        $name:ident($core:ty) {
            $($(#[$about:meta])* $field:ident: $type:ty $(= $read:expr)?),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, module = "ebbmark")]
        pub(crate) struct $name(pub(crate) $core);

        #[pyo3::pymethods]
        impl $name {
            $(
                $(#[$about])*
                #[getter]
                fn $field(&self) -> crate::translate::Told<$type> {
                    crate::translate::Told(crate::record::read!(&self.0, $field $(, $read)?))
                }
            )*

            #[classattr]
            fn __match_args__(py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Bound<'_, pyo3::types::PyTuple>> {
                pyo3::types::PyTuple::new(py, Self::FIELDS.iter().map(|field| crate::record::plain(field)))
            }

            fn __repr__(this: &pyo3::Bound<'_, Self>) -> pyo3::PyResult<String> {
                crate::record::repr(this.as_any(), stringify!($name), Self::FIELDS)
            }

            fn __eq__(&self, other: &pyo3::Bound<'_, pyo3::PyAny>) -> bool {
                other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
            }

            fn __hash__(&self) -> u64 {
                crate::record::hash(&self.0)
            }

            fn __getnewargs_ex__<'py>(
                this: &pyo3::Bound<'py, Self>,
            ) -> pyo3::PyResult<(pyo3::Bound<'py, pyo3::types::PyTuple>, pyo3::Bound<'py, pyo3::types::PyDict>)> {
                crate::record::arguments(this.as_any(), Self::FIELDS)
            }
        }

        impl $name {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl crate::translate::Translate for $core {
            const TYPE: pyo3::inspect::PyStaticExpr = <$name as pyo3::PyTypeInfo>::TYPE_HINT;

            fn into_python(self, py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Bound<'_, pyo3::PyAny>> {
                Ok(pyo3::Bound::new(py, $name(self))?.into_any())
            }

            fn from_python(given: &pyo3::Bound<'_, pyo3::PyAny>) -> pyo3::PyResult<Self> {
                let record = given.cast::<$name>();
                let record = record.map_err(|_| crate::errors::wrong_type(given, concat!("a ", stringify!($name))))?;
                Ok(record.get().0.clone())
            }
        }
    };
}

/// How a field is read.
macro_rules! read {
    ($core:expr, $field:ident) => {
        ($core).$field.clone()
    };
    ($core:expr, $field:ident, $read:expr) => {
        crate::record::with($core, $read)
    };
}

/// A [`view!`] whose constructor takes exactly the fields of the core's type, so that a new one does not compile until it
/// is here.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident($core:ty) {
            $($(#[$about:meta])* $field:ident: $type:ty),* $(,)?
        }
    ) => {
        crate::record::view! {
            $(#[$doc])*
            $name($core) { $($(#[$about])* $field: $type),* }
        }

        #[pyo3::pymethods]
        impl $name {
            #[new]
            #[expect(clippy::allow_attributes, reason = "only records of many fields have many arguments")]
            #[allow(clippy::too_many_arguments, reason = "one for each field")]
            fn new($($field: crate::translate::Given<$type>),*) -> Self {
                type Core = $core;
                $name(Core { $($field: $field.0),* })
            }
        }
    };
}

/// A [`view!`] whose constructor takes each field by keyword, and the core's default for one that is not given.
macro_rules! settings {
    (
        $(#[$doc:meta])*
        $name:ident($core:ty) {
            $($(#[$about:meta])* $field:ident: $type:ty),* $(,)?
        }
    ) => {
        crate::record::view! {
            $(#[$doc])*
            $name($core) { $($(#[$about])* $field: $type),* }
        }

        #[pyo3::pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (*, $($field = None),*))]
            #[expect(clippy::allow_attributes, reason = "only settings of many fields have many arguments")]
            #[allow(clippy::too_many_arguments, reason = "one for each field")]
            fn new($($field: Option<crate::translate::Given<$type>>),*) -> Self {
                type Core = $core;
                let default = Core::default();
                $name(Core { $($field: crate::translate::given_or($field, || default.$field)),* })
            }
        }
    };
}

pub(crate) use {read, record, settings, view};

/// Applies a closure to a borrowed value; names its argument's type for the closure.
pub(crate) fn with<T, R>(value: &T, read: impl FnOnce(&T) -> R) -> R {
    read(value)
}

/// A field as Python knows it: without the mark of a name that is a keyword of Rust.
pub(crate) fn plain(field: &'static str) -> &'static str {
    field.trim_start_matches("r#")
}

/// `Name(field=value, ...)`, without fields that hold nothing, and with long ones cut.
pub(crate) fn repr(record: &Bound<'_, PyAny>, name: &str, fields: &[&'static str]) -> PyResult<String> {
    let mut shown = Vec::new();
    for field in fields {
        let (field, value) = (plain(field), record.getattr(plain(field))?);
        let is_nothing = value.is_none() || value.len().is_ok_and(|length| length == 0);
        if !is_nothing {
            shown.push(format!("{field}={}", short(&value)?));
        }
    }
    Ok(format!("{name}({})", shown.join(", ")))
}

fn short(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        let shown = cut(&text.to_string_lossy());
        return Ok(PyString::new(value.py(), &shown).repr()?.to_string());
    }
    if let Ok(fields) = value.cast::<PyDict>() {
        let shown = fields
            .iter()
            .take(REPR_ITEMS_MAX)
            .map(|(name, field)| Ok(format!("{}: {}", name.repr()?, short(&field)?)));
        return Ok(format!("{{{}}}", joined(shown.collect::<PyResult<_>>()?, fields.len())));
    }
    if let Ok(items) = value.cast::<PyList>() {
        let shown = items.iter().take(REPR_ITEMS_MAX).map(|item| short(&item));
        return Ok(format!("[{}]", joined(shown.collect::<PyResult<_>>()?, items.len())));
    }
    Ok(value.repr()?.to_string())
}

/// A text, or its beginning.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(REPR_TEXT_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn joined(mut shown: Vec<String>, all: usize) -> String {
    if all > shown.len() {
        shown.push(format!("… {all} in all"));
    }
    shown.join(", ")
}

/// A hash that equal records share: of what is shown of them, where zero has no sign.
pub(crate) fn hash(record: &impl Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{record:?}").replace("-0.0", "0.0").hash(&mut hasher);
    hasher.finish()
}

/// The arguments with which a record is made again.
pub(crate) fn arguments<'py>(
    record: &Bound<'py, PyAny>,
    fields: &[&'static str],
) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
    let py = record.py();
    let arguments = PyDict::new(py);
    for field in fields {
        arguments.set_item(plain(field), record.getattr(plain(field))?)?;
    }
    Ok((PyTuple::empty(py), arguments))
}
