//! `facets`: how many of the records that a filter accepts have which value.

use std::collections::BTreeMap;

use super::condition::TAGS;
use super::filter::Filter;
use super::read::{check_limit, read_slots};
use super::standing::StandingKind;
use crate::error::{Code, Error, Result};
use crate::limits::{FACETS_MAX, PAGE_LIMIT_MAX};
use crate::model::{Record, Value, flatten};
use crate::observe::Verb;
use crate::tenancy::Tenant;

/// Records that are read at a time.
const STRIDE: usize = 256;

/// What records are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Episode or atom.
    Sort,
    /// The role of an episode.
    Role,
    /// The kind of an atom.
    Kind,
    /// The standing of an atom.
    Standing,
    /// The subject of an atom, as it is spelled.
    Subject,
    /// The predicate of an atom.
    Predicate,
    /// The object of an atom, as it is spelled.
    Object,
    /// The user's label.
    User,
    /// The agent's label.
    Agent,
    /// The session's label.
    Session,
    /// The speaker of an episode.
    Speaker,
    /// The tags of an episode.
    Tag,
    /// The month in which it was said or began to hold, as `2026-03`.
    Month,
    /// A metadata field of an episode, at a path (`outer.inner`); of a list, each of its values.
    Field(String),
}

/// How many records have which value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCounts {
    /// What they were counted by.
    pub facet: Facet,
    /// The most frequent values with their counts, the most frequent first; of equals, in the order of the values.
    pub values: Vec<(String, u64)>,
    /// Values beside these.
    pub more: u64,
    /// Records that have none.
    pub without: u64,
}

impl Tenant {
    /// Counts the records that a filter accepts by the values of up to 16 facets; `limit` (1 to 1000) values of each are told.
    /// All of them are read: about 3 ms for a thousand.
    ///
    /// ```
    /// use ebbmark::{Facet, Filter, NewEpisode, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// tenant.add(NewEpisode::user("The flight is booked.").tag("travel"))?;
    /// tenant.add(NewEpisode::user("The hotel is booked.").tag("travel").tag("porto"))?;
    /// let counts = tenant.facets(&Filter::default(), &[Facet::Tag], 10)?;
    /// assert_eq!(counts[0].values, [("travel".to_owned(), 2), ("porto".to_owned(), 1)]);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `range.invalid`; those of a filter; `row.damaged`.
    pub fn facets(&self, filter: &Filter, facets: &[Facet], limit: usize) -> Result<Vec<FacetCounts>> {
        self.call(Verb::Facets, |work| {
            work.given(facets.len());
            self.count_by(filter, facets, limit)
        })
    }

    fn count_by(&self, filter: &Filter, facets: &[Facet], limit: usize) -> Result<Vec<FacetCounts>> {
        check_limit("the values of a facet", limit, PAGE_LIMIT_MAX)?;
        if facets.is_empty() || facets.len() > FACETS_MAX {
            return Err(Error::draft(Code::RangeInvalid, "records cannot be counted by so many facets")
                .got(facets.len())
                .expected(format!("1 to {FACETS_MAX}"))
                .remedy("ask several times"));
        }
        let mut counts: Vec<(BTreeMap<String, u64>, u64)> = vec![Default::default(); facets.len()];
        if let Some(sieve) = self.narrowed(filter)? {
            let now = self.common().now();
            let (snapshot, slots) = self.read(|set| {
                // As new as what the columns tell, or newer.
                let snapshot = self.snapshot()?;
                let slots: Vec<u32> = sieve.allowed(set, snapshot.as_ref(), now)?.iter().collect();
                Ok((snapshot, slots))
            })?;
            for slots in slots.chunks(STRIDE) {
                let records = read_slots(snapshot.as_ref(), slots)?.into_iter().flatten();
                for stored in records.filter(|stored| sieve.accepts(stored, now)) {
                    for (facet, (values, without)) in facets.iter().zip(&mut counts) {
                        let mut found = values_of(&stored.record, facet);
                        found.sort();
                        found.dedup();
                        *without += u64::from(found.is_empty());
                        found.into_iter().for_each(|value| *values.entry(value).or_default() += 1);
                    }
                }
            }
        }
        let told = |(facet, (values, without)): (&Facet, (BTreeMap<String, u64>, u64))| {
            let mut values: Vec<(String, u64)> = values.into_iter().collect();
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let more = values.len().saturating_sub(limit) as u64;
            values.truncate(limit);
            FacetCounts { facet: facet.clone(), values, more, without }
        };
        Ok(facets.iter().zip(counts).map(told).collect())
    }
}

/// The values of a record.
fn values_of(record: &Record, facet: &Facet) -> Vec<String> {
    let scope = record.scope();
    let (episode, atom) = (record.as_episode(), record.as_atom());
    let name = |value: &dyn std::fmt::Debug| Some(format!("{value:?}").to_lowercase());
    let one = match facet {
        Facet::Sort => name(&record.sort()),
        Facet::Role => episode.and_then(|episode| name(&episode.role)),
        Facet::Kind => atom.and_then(|atom| name(&atom.kind)),
        Facet::Standing => atom.and_then(|atom| name(&StandingKind::of(atom))),
        Facet::Subject => atom.map(|atom| atom.subject.clone()),
        Facet::Predicate => atom.map(|atom| atom.predicate.clone()),
        Facet::Object => atom.map(|atom| atom.object.clone()),
        Facet::User => scope.user.clone(),
        Facet::Agent => scope.agent.clone(),
        Facet::Session => scope.session.clone(),
        Facet::Speaker => episode.and_then(|episode| episode.speaker.clone()),
        Facet::Month => Some(record.happened_at().to_string().chars().take(7).collect()),
        Facet::Tag => return fields(record, TAGS),
        Facet::Field(path) => return fields(record, path),
    };
    one.into_iter().collect()
}

fn fields(record: &Record, path: &str) -> Vec<String> {
    let mut values = Vec::new();
    let Some(episode) = record.as_episode() else { return values };
    flatten(&episode.metadata, &mut |at, value| {
        let said = match value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Int(number) => Some(number.to_string()),
            Value::Float(number) => Some(number.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        };
        values.extend(said.filter(|_| at == path));
    });
    values
}
