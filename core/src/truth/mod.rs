//! Truth: from claims and evidence to a verdict. Pure functions; no input or output, no clock, no lock.

mod judgement;
mod ontology;

pub(crate) use judgement::{Verdict, judge, normal};
pub(crate) use ontology::predicate;
