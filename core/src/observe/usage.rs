//! Usage: what a tenant holds and has done, exact with every commit.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// What a tenant holds and has done. Counted in the same commit as what is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Episodes that are not deleted, archived and expired ones among them.
    pub episodes: u64,
    /// Atoms that are not deleted, historical ones among them.
    pub atoms: u64,
    /// Episodes that are archived.
    pub archived: u64,
    /// Records that have a vector.
    pub vectors: u64,
    /// Records that wait for a vector, or for the claims to be drawn from them.
    pub pending: u64,
    /// Bytes of the records as they are written, and of their vectors; former versions and indexes come on top.
    pub bytes: u64,
    /// Records that were ever added.
    pub added: u64,
    /// Records that were ever deleted, by the host or by forgetting.
    pub deleted: u64,
    /// Uses that were ever written down.
    pub uses: u64,
}

impl Usage {
    /// Episodes and atoms.
    pub fn records(&self) -> u64 {
        self.episodes + self.atoms
    }

    /// Every counter with its name.
    fn fields(&self) -> [(&'static str, u64); 9] {
        let Usage { episodes, atoms, archived, vectors, pending, bytes, added, deleted, uses } = *self;
        [
            ("episodes", episodes),
            ("atoms", atoms),
            ("archived", archived),
            ("vectors", vectors),
            ("pending", pending),
            ("bytes", bytes),
            ("added", added),
            ("deleted", deleted),
            ("uses", uses),
        ]
    }

    /// As one object of JSON.
    pub fn to_json(&self) -> String {
        let fields: Vec<String> =
            self.fields().iter().map(|(name, count)| format!("\"{name}\":{count}")).collect();
        format!("{{{}}}", fields.join(","))
    }
}

/// The usage of all tenants of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageReport {
    /// Each tenant with what it holds, in order of their ids.
    pub tenants: Vec<(String, Usage)>,
}

impl UsageReport {
    /// As CSV (RFC 4180): a header, and a line a tenant.
    ///
    /// ```
    /// use ebbmark::{Options, Store};
    ///
    /// let store = Store::in_memory(Options::default())?;
    /// store.tenant("acme")?.add("I moved to Porto")?;
    /// let csv = store.usage()?.to_csv();
    /// assert!(csv.starts_with("tenant,episodes,atoms,archived,vectors,pending,bytes,added,deleted,uses\r\nacme,1,"));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let names: Vec<&str> = Usage::default().fields().iter().map(|(name, _)| *name).collect();
        let mut csv = format!("tenant,{}\r\n", names.join(","));
        for (tenant, usage) in &self.tenants {
            csv += &quoted(tenant);
            for (_, count) in usage.fields() {
                // Writing into a string cannot fail.
                let _ = write!(csv, ",{count}");
            }
            csv += "\r\n";
        }
        csv
    }

    /// As JSON (RFC 8259): an object with a member a tenant.
    pub fn to_json(&self) -> String {
        let member = |(tenant, usage): &(String, Usage)| format!("{}:{}", json_text(tenant), usage.to_json());
        let members: Vec<String> = self.tenants.iter().map(member).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// A field of CSV, in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// A text of JSON.
fn json_text(text: &str) -> String {
    let mut json = String::from('"');
    for c in text.chars() {
        match c {
            '"' => json += "\\\"",
            '\\' => json += "\\\\",
            c if (c as u32) < 0x20 => {
                let _ = write!(json, "\\u{:04x}", c as u32);
            }
            c => json.push(c),
        }
    }
    json.push('"');
    json
}
