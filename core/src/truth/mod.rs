//! Truth: from claims and evidence to a verdict. Pure functions; no input or output, no clock, no lock.
//!
//! The state of a cell (what is said of one subject in one slot) is a function of the set of claims in force and of
//! nothing else. Every verb changes the set and folds it anew.

mod cell;
mod group;
mod item;
mod ontology;
mod predicates;
mod promotion;
mod span;
mod timeline;
mod value;
mod verdict;

pub(crate) use cell::{Cell, conflict_id, fold};
pub(crate) use group::Rules;
pub(crate) use item::{Item, Ruling, What, is_in_force};
pub(crate) use ontology::{Ontology, built_in_names, filed_name};
pub(crate) use value::{Object, is_self, normal_name};
pub use verdict::{Outcome, Reason};
pub(crate) use verdict::{clash_words, grounds_words, verdict};
