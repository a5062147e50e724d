//! Storage: the only module that knows redb and the file system. Rows in, rows out, all or nothing.

mod codec;
mod engine;
mod envelope;
mod files;
mod group;
mod key;
mod latch;
mod parts;
mod redb_engine;
#[cfg(test)]
mod suite;

pub(crate) use codec::{decode, encode};
pub(crate) use engine::{Bytes, Commit, Engine, OpId, Snapshot, Ticket};
pub(crate) use key::{Key, Table, big_endian_u32, keys};
pub(crate) use parts::{join, part_key, split};
pub(crate) use redb_engine::{EngineOptions, OpenMode, RedbEngine};
