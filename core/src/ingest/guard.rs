//! The built-in guard: secrets are kept out of memory.

use crate::language::{SecretKind, find_secrets, redacted};
use crate::model::{Admission, Guard, NewEpisode};

/// What is done with an episode that holds a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SecretPolicy {
    /// Each secret is replaced by its kind in brackets.
    #[default]
    Redact,
    /// The episode is kept, but left out of lists and searches, and no claim is drawn from it.
    Quarantine,
    /// The episode is refused.
    Reject,
}

/// A guard against secrets in what is remembered: payment cards and bank accounts (by their check digits), keys and tokens
/// (by their forms), passwords and PINs (by what introduces them), and national ids (by their check digits).
///
/// ```
/// use std::sync::Arc;
/// use ebbmark::{Options, SecretGuard, SecretPolicy, Store};
///
/// let guard = Arc::new(SecretGuard::new(SecretPolicy::Redact));
/// let tenant = Store::in_memory(Options { guard: Some(guard), ..Options::default() })?.tenant("acme")?;
/// let receipt = tenant.add("My card is 4111 1111 1111 1111, thanks.")?;
/// assert_eq!(tenant.get(receipt.ids[0])?.text(), "My card is [card number], thanks.");
/// # Ok::<(), ebbmark::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SecretGuard {
    policy: SecretPolicy,
}

impl SecretGuard {
    /// A guard with a policy.
    pub fn new(policy: SecretPolicy) -> Self {
        SecretGuard { policy }
    }
}

impl Guard for SecretGuard {
    fn admit(&self, episode: &NewEpisode) -> Admission {
        let in_title = episode.title.as_deref().map(find_secrets).unwrap_or_default();
        let secrets = find_secrets(&episode.text);
        let Some(first) = in_title.first().or(secrets.first()) else { return Admission::Allow };
        match self.policy {
            SecretPolicy::Redact if in_title.is_empty() => {
                Admission::Redact(redacted(&episode.text, &secrets))
            }
            SecretPolicy::Quarantine => Admission::Quarantine,
            // What cannot be taken out is not let in.
            SecretPolicy::Redact | SecretPolicy::Reject => {
                let kind: SecretKind = first.kind;
                Admission::Reject(format!("a text with a {}", kind.label()))
            }
        }
    }
}
