//! Records: what Python sees of the core's types, in files as the core has them.

pub(crate) mod answers;
pub(crate) mod belief;
pub(crate) mod fading;
pub(crate) mod feed;
pub(crate) mod figures;
pub(crate) mod filters;
pub(crate) mod settings;
pub(crate) mod talk;
