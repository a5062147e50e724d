//! Derived indexes, held in memory and sealed in segments. All of them can be rebuilt from the records.

mod bitmap;
mod columns;
mod conversation;
mod graph;
mod segment;
mod text;
mod vector;

pub(crate) use bitmap::{Bitmap, RankedBitmap};
pub(crate) use columns::{Columns, Row, conversation, flag};
pub(crate) use conversation::Conversations;
pub(crate) use graph::Ways;
pub(crate) use segment::{Entry, Part, Segment, decode_segment, encode_segment};
pub(crate) use text::{B, Bm25, K1, TextIndex};
pub(crate) use vector::{Code, QueryVector, VectorIndex};
