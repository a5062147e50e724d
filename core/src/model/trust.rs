//! Trust: how far a source is believed.

use serde::{Deserialize, Serialize};

/// How far a source is trusted. A claim of a lower class never takes the place of one of a higher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Trust {
    /// Text that anybody may have written: a web page, a document. It is never believed on its own.
    Low = 0,
    /// The agent itself, or a tool.
    Medium = 1,
    /// The person, or the host.
    #[default]
    High = 2,
}

impl Trust {
    /// All classes, in the order of their numbers.
    pub(crate) const ALL: [Trust; 3] = [Trust::Low, Trust::Medium, Trust::High];
}
