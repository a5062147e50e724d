//! What the benchmarks share: the question sets, made-up records, and CPU time.

pub mod cpu;
pub mod made_up;
pub mod questions;
pub mod sets;
