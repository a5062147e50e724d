//! Tenancy: the wall between tenants, and each tenant's working set and order of writes.

mod audit;
mod basis;
mod cache;
mod callback;
mod config;
mod context;
mod counting;
mod document;
mod embed;
mod ledger;
mod load;
mod meta;
mod queue;
mod reembed;
mod relations;
mod runtime;
mod shared;
mod space;
mod stored;
mod tenant;
mod uses;
mod waiting;
mod working_set;
mod write;
mod writer;

pub(crate) use audit::AuditRow;
pub(crate) use cache::{Answer, EmbeddingCache, QueryCache};
pub use callback::CallbackOptions;
pub(crate) use callback::{Callback, Host};
pub(crate) use config::UNSCHEDULE;
pub(crate) use context::{Context, Counters};
pub(crate) use counting::{Counting, Packing, bad_summary};
pub(crate) use document::{no_document, passages_of};
pub(crate) use embed::{Embedded, embed_texts, gather, space_of};
pub(crate) use ledger::{
    Definition, Entries, Ledger, Link, Names, Place, Rows, defined, entry_key, links_mark, read_one,
};
pub(crate) use load::{read_config, vector_of};
pub(crate) use reembed::NextVector;
pub(crate) use relations::{RelationWords, Relations};
pub(crate) use runtime::QueuedWrite;
pub(crate) use shared::{Owner, Shared};
pub(crate) use space::NextSpace;
pub(crate) use stored::{
    Stored, VectorState, end_term, entity_term, filed, hash_of_name, hash_of_object, predicate_hash,
};
pub(crate) use tenant::not_found;
pub use tenant::{Access, Tenant};
pub(crate) use uses::Used;
pub(crate) use waiting::{Lack, Waiting, Want};
pub(crate) use working_set::{Vectors, WorkingSet};
pub(crate) use write::Write;
