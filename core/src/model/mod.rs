//! Plain data: what a memory is made of. No behaviour beyond construction, order and checking.

mod atom;
mod claim;
mod clock;
mod conflict;
mod embedding;
mod episode;
mod extractor;
mod guard;
mod id;
mod metadata;
mod period;
mod predicate;
mod record;
mod scope;
mod text;
mod trust;

pub use atom::{Atom, HistoricalReason, Kind, NewFact, Provenance, Standing};
pub use claim::Claim;
pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub(crate) use clock::{check_span, civil_date};
pub use conflict::{Clash, Conflict, ConflictStatus, Grounds};
pub(crate) use embedding::normalised;
pub use embedding::{Embedder, HOST_SPACE, VectorSpace};
pub use episode::{Batch, Episode, NewEpisode, Role};
pub use extractor::{Extraction, Extractor, Message};
pub use guard::{Admission, Guard};
pub use id::Id;
pub(crate) use id::IdSource;
pub use metadata::{Metadata, Value};
pub(crate) use metadata::{check_metadata, flatten, metadata_bytes};
pub use period::Period;
pub use predicate::{Cardinality, Predicate};
pub use record::{Record, RecordSort, Revision, RevisionKind};
pub use scope::Scope;
pub(crate) use text::{check_name, check_text};
pub use trust::Trust;
