//! Truth: from claims and evidence to a verdict. Pure functions; no input or output, no clock, no lock.

mod judgement;
mod ontology;

pub(crate) use judgement::{Verdict, claimed_from, judge, normal, normal_predicate};
pub(crate) use ontology::{Cardinality, predicate};
