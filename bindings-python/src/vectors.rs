//! Vectors: anything with a buffer of floats, or a sequence of numbers. numpy is not imported for it.

use pyo3::buffer::PyBuffer;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_hint_identifier;
use pyo3::types::{PyBytes, PyString};

use crate::errors::{invalid, wrong_type};
use crate::translate::Translate;

/// The components of a vector.
#[derive(Clone, Debug)]
pub(crate) struct Vector(pub(crate) Vec<f32>);

impl Translate for Vector {
    const TYPE: PyStaticExpr = <Vec<f32> as Translate>::TYPE;
    const ACCEPTED: PyStaticExpr = type_hint_identifier!("ebbmark._types", "VectorLike");

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        self.0.into_python(py)
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(buffer) = PyBuffer::<f32>::get(given)
            && is_native(&buffer)
        {
            return one_row(&buffer, given).map(Vector);
        }
        if let Ok(buffer) = PyBuffer::<f64>::get(given)
            && is_native(&buffer)
        {
            let components = one_row(&buffer, given)?;
            return Ok(Vector(components.into_iter().map(|component| component as f32).collect()));
        }
        if given.is_instance_of::<PyString>() || given.is_instance_of::<PyBytes>() {
            return Err(not_a_vector(given));
        }
        let numbers = given.try_iter().map_err(|_| not_a_vector(given))?;
        let numbers = numbers.map(|number| Ok(number?.extract::<f64>()? as f32));
        let numbers = numbers.collect::<PyResult<Vec<_>>>().map_err(|_| not_a_vector(given))?;
        Ok(Vector(numbers))
    }
}

fn not_a_vector(given: &Bound<'_, PyAny>) -> PyErr {
    wrong_type(given, "a vector: a list of numbers, or an array of float32 or float64")
}

/// Whether the numbers of a buffer are in this machine's order of bytes; those of others are read one by one.
fn is_native<T: pyo3::buffer::Element>(buffer: &PyBuffer<T>) -> bool {
    let foreign: &[u8] = if cfg!(target_endian = "little") { b">!" } else { b"<" };
    !buffer.format().to_bytes().first().is_some_and(|order| foreign.contains(order))
}

/// The components of a buffer of one dimension, contiguous or not.
fn one_row<T: pyo3::buffer::Element>(buffer: &PyBuffer<T>, given: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    if buffer.dimensions() == 1 {
        return buffer.to_vec(given.py());
    }
    Err(invalid(
        "a vector has more than one dimension",
        &format!("an array of shape {:?}", buffer.shape()),
        "an array of shape (n,)",
        "pass one row of it",
    ))
}

/// The vectors that an embedder of the host returned: a list of vectors, or a matrix with a row for each text.
pub(crate) fn rows(given: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<f32>>> {
    let not_rows = || wrong_type(given, "a list of vectors, or a matrix with a row for each text");
    let rows = given.try_iter().map_err(|_| not_rows())?;
    rows.map(|row| Vector::from_python(&row?).map(|vector| vector.0)).collect()
}
