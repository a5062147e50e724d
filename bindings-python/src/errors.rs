//! Errors: the core's, as the exceptions of `ebbmark._errors`, one class for each kind.

use std::error::Error as _;

use ebbmark::{Error, ErrorKind, QuotaExceeded};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

pyo3::import_exception!(ebbmark._errors, CallbackError);
pyo3::import_exception!(ebbmark._errors, ConflictError);
pyo3::import_exception!(ebbmark._errors, CorruptError);
pyo3::import_exception!(ebbmark._errors, DeniedError);
pyo3::import_exception!(ebbmark._errors, EbbmarkError);
pyo3::import_exception!(ebbmark._errors, InvalidInputError);
pyo3::import_exception!(ebbmark._errors, LockedError);
pyo3::import_exception!(ebbmark._errors, NotFoundError);
pyo3::import_exception!(ebbmark._errors, QuotaExceededError);
pyo3::import_exception!(ebbmark._errors, ReopenError);
pyo3::import_exception!(ebbmark._errors, StoppedError);
pyo3::import_exception!(ebbmark._errors, StorageError);
pyo3::import_exception!(ebbmark._errors, UnsupportedError);

/// The code of what this package itself refuses, before the core is asked.
const ARGUMENT_INVALID: &str = "argument.invalid";

/// The error for an argument of the wrong type.
pub(crate) fn wrong_type(given: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    let name = given.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!(
        "an argument has the wrong type: got {name}, expected {expected}; convert it"
    ))
}

/// The error for an argument with an impossible value.
pub(crate) fn invalid(what: &str, got: &str, expected: &str, remedy: &str) -> PyErr {
    let message = format!("{what}: got {got}, expected {expected}; {remedy}");
    InvalidInputError::new_err((message, ARGUMENT_INVALID, remedy.to_owned()))
}

/// An error of the core as an exception; what a callback raised is its cause.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let arguments = (error.to_string(), error.code().as_str(), error.remedy().to_owned());
    let raised = match error.kind() {
        ErrorKind::InvalidInput => InvalidInputError::new_err(arguments),
        ErrorKind::NotFound => NotFoundError::new_err(arguments),
        ErrorKind::Denied => DeniedError::new_err(arguments),
        ErrorKind::Conflict => ConflictError::new_err(arguments),
        ErrorKind::Quota => QuotaExceededError::new_err(arguments),
        ErrorKind::Locked => LockedError::new_err(arguments),
        ErrorKind::Reopen => ReopenError::new_err(arguments),
        ErrorKind::Corrupt => CorruptError::new_err(arguments),
        ErrorKind::Unsupported => UnsupportedError::new_err(arguments),
        ErrorKind::Host => CallbackError::new_err(arguments),
        ErrorKind::Stopped => StoppedError::new_err(arguments),
        ErrorKind::Io => StorageError::new_err(arguments),
        _ => EbbmarkError::new_err(arguments),
    };
    if let Some(quota) = error.quota() {
        // An attribute cannot fail to be set on an exception of this package.
        let _ = tell_quota(raised.value(py), quota);
    }
    if let Some(cause) = cause(py, error) {
        raised.set_cause(py, Some(cause));
    }
    raised
}

fn tell_quota(raised: &Bound<'_, PyAny>, quota: QuotaExceeded) -> PyResult<()> {
    let QuotaExceeded { what, limit, used, asked } = quota;
    raised.setattr("what", what)?;
    raised.setattr("limit", limit)?;
    raised.setattr("used", used)?;
    raised.setattr("asked", asked)
}

/// What a callback raised, or what the operating system said.
fn cause(py: Python<'_>, error: &Error) -> Option<PyErr> {
    let mut source = error.source()?;
    loop {
        if let Some(raised) = source.downcast_ref::<PyErr>() {
            return Some(raised.clone_ref(py));
        }
        if let Some(failure) = source.downcast_ref::<std::io::Error>() {
            let number = failure.raw_os_error();
            let text = failure.to_string();
            return Some(match number {
                Some(number) => pyo3::exceptions::PyOSError::new_err((number, text)),
                None => pyo3::exceptions::PyOSError::new_err(text),
            });
        }
        source = source.source()?;
    }
}

impl crate::translate::Translate for Error {
    const TYPE: pyo3::inspect::PyStaticExpr = pyo3::type_hint_identifier!("ebbmark._errors", "EbbmarkError");

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(raised(py, &self).into_value(py).into_bound(py).into_any())
    }

    /// An error as it was told, without its cause.
    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let code: String = given.getattr("code")?.extract()?;
        let remedy: String = given.getattr("remedy")?.extract()?;
        let known = ebbmark::Code::ALL.iter().find(|known| known.as_str() == code);
        let known = known.ok_or_else(|| wrong_type(given, "an error of the store"))?;
        Ok(Error::told(*known, &given.str()?.to_string(), &remedy))
    }
}
