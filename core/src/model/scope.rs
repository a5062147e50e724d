//! Labels inside a tenant: which user, agent and session a record belongs to.

use serde::{Deserialize, Serialize};

use super::text::check_name;
use crate::error::Result;

/// Labels a record and narrows a query. It is a filter, not a wall: the wall is the tenant.
///
/// In a query or on a handle, a part that is `None` matches every record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The person the agent serves.
    pub user: Option<String>,
    /// The agent itself, where one tenant has several.
    pub agent: Option<String>,
    /// The conversation; records of one session are neighbours in time.
    pub session: Option<String>,
}

impl Scope {
    /// A scope of one user.
    pub fn user(user: impl Into<String>) -> Self {
        Scope { user: Some(user.into()), ..Scope::default() }
    }

    /// This scope with an agent.
    #[must_use]
    pub fn with_agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = Some(agent.into());
        self
    }

    /// This scope with a session.
    #[must_use]
    pub fn with_session(mut self, session: impl Into<String>) -> Self {
        self.session = Some(session.into());
        self
    }

    /// This scope with the parts that it leaves open taken from `other`.
    #[must_use]
    pub fn or(&self, other: &Scope) -> Scope {
        Scope {
            user: self.user.clone().or_else(|| other.user.clone()),
            agent: self.agent.clone().or_else(|| other.agent.clone()),
            session: self.session.clone().or_else(|| other.session.clone()),
        }
    }

    /// Whether labels are equal where this scope gives some.
    pub(crate) fn accepts(&self, labels: &Scope) -> bool {
        let same = |wanted: &Option<String>, label: &Option<String>| wanted.is_none() || wanted == label;
        same(&self.user, &labels.user)
            && same(&self.agent, &labels.agent)
            && same(&self.session, &labels.session)
    }

    /// This scope narrowed by `outer`; `None` if no record can be in both.
    pub(crate) fn within(&self, outer: &Scope) -> Option<Scope> {
        let agrees = |part: &Option<String>, outer: &Option<String>| {
            part.is_none() || outer.is_none() || part == outer
        };
        let both = agrees(&self.user, &outer.user)
            && agrees(&self.agent, &outer.agent)
            && agrees(&self.session, &outer.session);
        both.then(|| self.or(outer))
    }

    pub(crate) fn check(&self) -> Result<()> {
        for (what, part) in [("a user", &self.user), ("an agent", &self.agent), ("a session", &self.session)]
        {
            if let Some(name) = part {
                check_name(what, name)?;
            }
        }
        Ok(())
    }
}
