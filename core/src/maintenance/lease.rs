//! Leases: who may do what only one is to do at a time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::limits::SPAN_MAX;
use crate::model::{Timestamp, check_name, check_span};
use crate::observe::{Cause, Verb};
use crate::storage::{decode, encode, keys};
use crate::tenancy::{Tenant, Write};

/// A lease that was granted: its holder may do what it is named for, alone, until it expires.
///
/// Who holds one may be slower than he thinks, and go on after it expired. `fence` is greater in every later grant of the
/// name, so that whatever the lease protects can refuse those who come with a smaller one than it has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What it is a lease of: 1 to 256 bytes without control characters, within the tenant.
    pub name: String,
    /// The number of the grant: 1 for the first of a name, and greater than all before it.
    pub fence: u64,
    /// When it expires, by the store's clock.
    pub until: Timestamp,
}

/// The last grant of a name. It stays when the lease is over, so that the next one has a greater number.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Grant {
    fence: u64,
    /// None when it was released.
    until: Option<Timestamp>,
}

impl Tenant {
    /// Takes a lease for `ttl` (1 ms to 366 days), unless somebody holds it. It is durable: closing the store ends none.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ebbmark::{Code, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let lease = tenant.lease("nightly upkeep", Duration::from_secs(60))?;
    /// let other = tenant.lease("nightly upkeep", Duration::from_secs(60));
    /// assert_eq!(other.unwrap_err().code(), Code::LeaseHeld);
    ///
    /// let lease = tenant.renew(&lease, Duration::from_secs(60))?;
    /// tenant.release(&lease)?;
    /// assert!(tenant.lease("nightly upkeep", Duration::from_secs(60))?.fence > lease.fence);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `lease.held`, with the moment at which it expires; `name.invalid`; `range.invalid`; `access.denied`.
    pub fn lease(&self, name: &str, ttl: Duration) -> Result<Lease> {
        self.call(Verb::Lease, |_| self.take_lease(name, ttl))
    }

    fn take_lease(&self, name: &str, ttl: Duration) -> Result<Lease> {
        check_name("a lease", name)?;
        check_span("the time of a lease", ttl)?;
        self.write(Cause::Lease, |write| {
            let last = grant(write, name)?.unwrap_or_default();
            // One that lasts longer than any may was granted by a clock that was set back since.
            let now = write.now();
            let lasts = |until: &Timestamp| *until > now && *until <= now.plus(SPAN_MAX);
            if let Some(until) = last.until.filter(lasts) {
                return Err(Error::draft(Code::LeaseHeld, "somebody else holds the lease")
                    .got(format!("a grant until {until}"))
                    .expected("a lease that is free")
                    .remedy("try again then, or when its holder has released it"));
            }
            put_grant(write, name, last.fence.saturating_add(1), ttl)
        })
    }

    /// Lets a lease go on for `ttl` (1 ms to 366 days) from now. One that has expired goes on too, if nobody else took it.
    ///
    /// # Errors
    /// `lease.lost` if it was released, or expired and was granted again; `range.invalid`; `access.denied`.
    pub fn renew(&self, lease: &Lease, ttl: Duration) -> Result<Lease> {
        self.call(Verb::Renew, |_| {
            check_span("the time of a lease", ttl)?;
            self.write(Cause::Lease, |write| {
                check_holder(write, lease)?;
                put_grant(write, &lease.name, lease.fence, ttl)
            })
        })
    }

    /// Gives a lease back before it expires.
    ///
    /// # Errors
    /// `lease.lost` if it was released, or expired and was granted again; `access.denied`.
    pub fn release(&self, lease: &Lease) -> Result<()> {
        self.call(Verb::Release, |_| {
            self.write(Cause::Lease, |write| {
                check_holder(write, lease)?;
                let released = Grant { fence: lease.fence, until: None };
                write.put(keys::lease(&lease.name), &encode(&released)?);
                Ok(())
            })
        })
    }
}

fn grant(write: &Write<'_>, name: &str) -> Result<Option<Grant>> {
    check_name("a lease", name)?;
    write.get(&keys::lease(name))?.map(|row| decode(&row)).transpose()
}

fn put_grant(write: &mut Write<'_>, name: &str, fence: u64, ttl: Duration) -> Result<Lease> {
    let until = write.now().plus(ttl);
    write.put(keys::lease(name), &encode(&Grant { fence, until: Some(until) })?);
    Ok(Lease { name: name.to_owned(), fence, until })
}

fn check_holder(write: &Write<'_>, lease: &Lease) -> Result<()> {
    let last = grant(write, &lease.name)?.unwrap_or_default();
    if last.fence == lease.fence && last.until.is_some() {
        return Ok(());
    }
    Err(Error::draft(Code::LeaseLost, "the lease is another's, or nobody's")
        .got(format!("grant {}", lease.fence))
        .expected(if last.until.is_some() {
            format!("grant {}", last.fence)
        } else {
            "a lease that was not released".to_owned()
        })
        .remedy("stop what it protects, and take it anew"))
}
