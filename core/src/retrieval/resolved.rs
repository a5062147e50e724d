//! Conditions with their names looked up: asked of the columns for all records at once, and of one record.

use super::condition::{Comparison, Condition};
use super::standing::StandingKind;
use crate::dynamics::retention_of;
use crate::error::Result;
use crate::index::{Bitmap, flag};
use crate::language::{Analyzer, metadata_term, name_hash, path_term};
use crate::model::{Atom, Curve, Episode, Record, RecordSort, Timestamp, Trust, Value, flatten};
use crate::tenancy::{Ledger, Rows, Stored, Tenant, WorkingSet, entity_term, predicate_hash};
use crate::truth::{Object, filed_name, normal_name};

/// A condition with the names that it asks for.
pub(super) enum Resolved {
    All(Vec<Resolved>),
    Any(Vec<Resolved>),
    Not(Box<Resolved>),
    /// One that joins no others, with all names of the entity, or of the predicate's slot, that it names.
    Leaf(Condition, Vec<String>),
}

/// What records are looked at with.
pub(super) struct Lens<'a> {
    pub(super) analyzer: &'a Analyzer,
    pub(super) curve: Curve,
}

/// What the columns tell of a condition.
pub(super) struct Bounds {
    /// The live slots of which it is true.
    pub(super) sure: Bitmap,
    /// The live slots of which it may be true.
    pub(super) possible: Bitmap,
}

impl Bounds {
    fn exact(slots: Bitmap) -> Self {
        Bounds { sure: slots.clone(), possible: slots }
    }

    fn at_most(possible: Bitmap) -> Self {
        Bounds { sure: Bitmap::default(), possible }
    }
}

impl Resolved {
    /// A condition with its names looked up among those of a user.
    pub(super) fn of(
        condition: &Condition,
        tenant: &Tenant,
        rows: &dyn Rows,
        user: Option<&str>,
    ) -> Result<Self> {
        resolved(condition, tenant, &Ledger::open(rows, None)?, user)
    }

    /// Whether it is true of a record.
    pub(super) fn holds(&self, stored: &Stored, lens: &Lens<'_>, now: Timestamp) -> bool {
        match self {
            Resolved::All(several) => several.iter().all(|one| one.holds(stored, lens, now)),
            Resolved::Any(several) => several.iter().any(|one| one.holds(stored, lens, now)),
            Resolved::Not(one) => !one.holds(stored, lens, now),
            Resolved::Leaf(condition, names) => match &stored.record {
                Record::Episode(episode) => of_episode(condition, names, episode, lens),
                Record::Atom(atom) => of_atom(condition, names, atom, stored, lens, now),
            },
        }
    }

    /// What the columns tell of it.
    pub(super) fn bounds(&self, set: &WorkingSet, lens: &Lens<'_>, now: Timestamp) -> Bounds {
        let live = set.columns.live();
        match self {
            Resolved::All(several) => {
                let mut all = Bounds::exact(live.clone());
                for bounds in several.iter().map(|one| one.bounds(set, lens, now)) {
                    all.sure.intersect(&bounds.sure);
                    all.possible.intersect(&bounds.possible);
                }
                all
            }
            Resolved::Any(several) => {
                let mut any = Bounds::exact(Bitmap::default());
                for bounds in several.iter().map(|one| one.bounds(set, lens, now)) {
                    any.sure.unite(&bounds.sure);
                    any.possible.unite(&bounds.possible);
                }
                any
            }
            Resolved::Not(one) => {
                let bounds = one.bounds(set, lens, now);
                let (mut sure, mut possible) = (live.clone(), live.clone());
                sure.subtract(&bounds.possible);
                possible.subtract(&bounds.sure);
                Bounds { sure, possible }
            }
            Resolved::Leaf(condition, names) => Columns { set, lens, now }.bounds(condition, names),
        }
    }
}

fn resolved(
    condition: &Condition,
    tenant: &Tenant,
    ledger: &Ledger<'_>,
    user: Option<&str>,
) -> Result<Resolved> {
    let all = |several: &[Condition]| -> Result<Vec<Resolved>> {
        several.iter().map(|one| resolved(one, tenant, ledger, user)).collect()
    };
    let names = match condition {
        Condition::All(several) => return Ok(Resolved::All(all(several)?)),
        Condition::Any(several) => return Ok(Resolved::Any(all(several)?)),
        Condition::Not(one) => return Ok(Resolved::Not(Box::new(resolved(one, tenant, ledger, user)?))),
        Condition::Subject(name) | Condition::Object(name) | Condition::About(name) => {
            ledger.names(user, &tenant.own_name(name.clone()))?.all
        }
        Condition::Predicate(name) => ledger.ontology.filed_names(&ledger.ontology.get(name)),
        _ => Vec::new(),
    };
    Ok(Resolved::Leaf(condition.clone(), names))
}

fn of_episode(condition: &Condition, names: &[String], episode: &Episode, lens: &Lens<'_>) -> bool {
    let labelled = |label: &Option<String>, name: &String| label.as_ref() == Some(name);
    match condition {
        Condition::Sort(sort) => *sort == RecordSort::Episode,
        Condition::Role(role) => episode.role == *role,
        Condition::User(name) => labelled(&episode.scope.user, name),
        Condition::Agent(name) => labelled(&episode.scope.agent, name),
        Condition::Session(name) => labelled(&episode.scope.session, name),
        Condition::Speaker(name) => {
            episode.speaker.as_ref().is_some_and(|speaker| normal_name(speaker) == normal_name(name))
        }
        Condition::About(_) => names_any(lens.analyzer, &episode.searched_text(), names),
        Condition::Field(path, comparison) => {
            let mut found = false;
            flatten(&episode.metadata, &mut |at, value| found |= at == path && compares(comparison, value));
            found
        }
        Condition::Occurred(period) => period.contains(episode.occurred_at),
        Condition::Recorded(period) => period.contains(episode.recorded_at),
        Condition::Importance(shares) => episode.importance.is_some_and(|share| shares.contains(&share)),
        Condition::Trust(least) => episode.trust >= *least,
        _ => false,
    }
}

fn of_atom(
    condition: &Condition,
    names: &[String],
    atom: &Atom,
    stored: &Stored,
    lens: &Lens<'_>,
    now: Timestamp,
) -> bool {
    let labelled = |label: &Option<String>, name: &String| label.as_ref() == Some(name);
    let is_subject = || names.iter().any(|name| normal_name(name) == normal_name(&atom.subject));
    let is_object = || {
        let object = Object::of(&atom.object);
        names.iter().map(|name| Object::of(name)).any(|name| object == name || object.refines(&name))
    };
    match condition {
        Condition::Sort(sort) => *sort == RecordSort::Atom,
        Condition::Kind(kind) => atom.kind == *kind,
        Condition::Standing(standing) => StandingKind::of(atom) == *standing,
        Condition::Disputed => atom.is_disputed(),
        Condition::User(name) => labelled(&atom.scope.user, name),
        Condition::Agent(name) => labelled(&atom.scope.agent, name),
        Condition::Session(name) => labelled(&atom.scope.session, name),
        Condition::Subject(_) => is_subject(),
        Condition::Predicate(_) => names.contains(&filed_name(&atom.predicate)),
        Condition::Object(_) => is_object(),
        Condition::About(_) => is_subject() || is_object(),
        Condition::Occurred(period) => period.contains(atom.begins()),
        Condition::Recorded(period) => period.contains(atom.recorded_at),
        Condition::Confidence(shares) => shares.contains(&atom.confidence),
        Condition::Retention(shares) => {
            let left = retention_of(atom, &stored.trace, lens.curve, now);
            (f64::from(*shares.start())..=f64::from(*shares.end())).contains(&left)
        }
        Condition::Trust(least) => atom.trust >= *least,
        _ => false,
    }
}

/// Whether a text names one of these.
fn names_any(analyzer: &Analyzer, text: &str, names: &[String]) -> bool {
    let terms: Vec<u64> = names.iter().filter_map(|name| analyzer.about(name)).collect();
    !analyzer.mentions(text, |term| terms.contains(&term)).is_empty()
}

fn compares(comparison: &Comparison, value: &Value) -> bool {
    let same = |wanted: &Value| metadata_term("", wanted) == metadata_term("", value);
    let order = |wanted: &Value| {
        let number = |value: &Value| match value {
            Value::Int(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            _ => None,
        };
        match (value, wanted) {
            (Value::Int(value), Value::Int(wanted)) => Some(value.cmp(wanted)),
            (Value::Text(value), Value::Text(wanted)) => Some(value.cmp(wanted)),
            (value, wanted) => number(value)?.partial_cmp(&number(wanted)?),
        }
    };
    match comparison {
        Comparison::Exists => !matches!(value, Value::Null),
        Comparison::Is(wanted) => same(wanted),
        Comparison::OneOf(wanted) => wanted.iter().any(same),
        Comparison::Above(wanted) => order(wanted).is_some_and(std::cmp::Ordering::is_gt),
        Comparison::AtLeast(wanted) => order(wanted).is_some_and(std::cmp::Ordering::is_ge),
        Comparison::Below(wanted) => order(wanted).is_some_and(std::cmp::Ordering::is_lt),
        Comparison::AtMost(wanted) => order(wanted).is_some_and(std::cmp::Ordering::is_le),
        Comparison::Contains(part) => {
            matches!(value, Value::Text(text) if text.to_lowercase().contains(&part.to_lowercase()))
        }
    }
}

/// The columns, as a condition that joins no others asks them.
struct Columns<'a> {
    set: &'a WorkingSet,
    lens: &'a Lens<'a>,
    now: Timestamp,
}

impl Columns<'_> {
    fn bounds(&self, condition: &Condition, names: &[String]) -> Bounds {
        let columns = &self.set.columns;
        let episode = |slot: u32| self.is(RecordSort::Episode, slot);
        let atom = |slot: u32| self.is(RecordSort::Atom, slot);
        let class = |slot: u32| columns.class.get(slot as usize).copied();
        let strength = |slot: u32| columns.strength.get(slot as usize).copied().unwrap_or(f32::NAN);
        let label = |column: &[u64], name: &str| {
            let wanted = name_hash(Some(name));
            self.exactly(|slot| column.get(slot as usize) == Some(&wanted))
        };
        match condition {
            Condition::Sort(sort) => self.exactly(|slot| self.is(*sort, slot)),
            Condition::Role(role) => self.exactly(|slot| episode(slot) && class(slot) == Some(*role as u8)),
            Condition::Kind(kind) => self.exactly(|slot| atom(slot) && class(slot) == Some(*kind as u8)),
            Condition::Standing(standing) => {
                self.exactly(|slot| atom(slot) && standing_of(self.set, slot) == *standing)
            }
            Condition::Disputed => self.exactly(|slot| columns.has(slot, flag::DISPUTED)),
            Condition::User(name) => label(&columns.user, name),
            Condition::Agent(name) => label(&columns.agent, name),
            Condition::Session(name) => label(&columns.session, name),
            Condition::Speaker(name) => {
                let first = self.lens.analyzer.sequence(&normal_name(name)).first().copied().unwrap_or(0);
                Bounds::at_most(self.those(|slot| columns.source.get(slot as usize) == Some(&first)))
            }
            Condition::Predicate(_) => {
                let filed: Vec<u64> = names.iter().map(|name| predicate_hash(name)).collect();
                let is_filed =
                    |slot: u32| columns.predicate.get(slot as usize).is_some_and(|it| filed.contains(it));
                self.exactly(|slot| atom(slot) && is_filed(slot))
            }
            Condition::Subject(_) => Bounds::at_most(self.of(&columns.subject, names)),
            Condition::Object(_) => Bounds::at_most(self.with_object(names)),
            Condition::About(_) => {
                let mut slots = self.with_object(names);
                slots.unite(&self.of(&columns.subject, names));
                names.iter().for_each(|name| slots.unite(&self.with_words(name)));
                Bounds::at_most(slots)
            }
            Condition::Field(path, comparison) => self.with_field(path, comparison),
            Condition::Occurred(period) => self.exactly(|slot| {
                let at = columns.occurred_at.get(slot as usize);
                at.is_some_and(|&at| period.contains(Timestamp::from_micros(at)))
            }),
            Condition::Confidence(shares) => {
                self.exactly(|slot| atom(slot) && shares.contains(&strength(slot)))
            }
            Condition::Importance(shares) => {
                self.exactly(|slot| episode(slot) && shares.contains(&strength(slot)))
            }
            Condition::Retention(shares) => {
                let shares = f64::from(*shares.start())..=f64::from(*shares.end());
                self.exactly(|slot| atom(slot) && shares.contains(&self.set.retention(slot, self.now)))
            }
            Condition::Trust(least) => self.exactly(|slot| {
                let flags = columns.flags.get(slot as usize).copied().unwrap_or(0);
                Trust::ALL
                    .get(usize::from(flags >> flag::TRUST_SHIFT & 3))
                    .is_some_and(|trust| trust >= least)
            }),
            // When a version was learnt is told by its record alone. The last three are no leaves.
            Condition::Recorded(_) | Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
                Bounds::at_most(columns.live().clone())
            }
        }
    }

    fn is(&self, sort: RecordSort, slot: u32) -> bool {
        self.set.columns.sort.get(slot as usize) == Some(&(sort as u8))
    }

    /// Live slots whose column holds one of these names.
    fn of(&self, column: &[u64], names: &[String]) -> Bitmap {
        let hashes: Vec<u64> = names.iter().map(|name| entity_term(self.lens.analyzer, name)).collect();
        self.those(|slot| column.get(slot as usize).is_some_and(|held| hashes.contains(held)))
    }

    fn those(&self, mut keep: impl FnMut(u32) -> bool) -> Bitmap {
        let mut slots = self.set.columns.live().clone();
        slots.retain(&mut keep);
        slots
    }

    fn exactly(&self, keep: impl FnMut(u32) -> bool) -> Bounds {
        Bounds::exact(self.those(keep))
    }

    /// Atoms that may have one of these as their object, or more of the same.
    fn with_object(&self, names: &[String]) -> Bitmap {
        let mut slots = self.of(&self.set.columns.object, names);
        if names.iter().any(|name| Object::of(name).has_spellings()) {
            // Its words may be others in the text.
            slots.unite(&self.those(|slot| self.is(RecordSort::Atom, slot)));
        }
        for name in names {
            // What says more of the same begins with its form.
            let mut more = self.with_words(&Object::of(name).form);
            more.retain(|slot| self.is(RecordSort::Atom, slot));
            slots.unite(&more);
        }
        slots
    }

    /// Live slots whose text has all words of a name.
    fn with_words(&self, name: &str) -> Bitmap {
        let mut slots = self.set.columns.live().clone();
        for word in self.lens.analyzer.sequence(Analyzer::plain_name(name)) {
            slots.intersect(&self.set.text.slots(word));
        }
        slots
    }

    fn with_field(&self, path: &str, comparison: &Comparison) -> Bounds {
        let live = |mut slots: Bitmap| {
            slots.intersect(self.set.columns.live());
            slots
        };
        let having = |value: &Value| metadata_term(path, value).map(|term| self.set.text.slots(term));
        match comparison {
            Comparison::Is(value) => Bounds::exact(live(having(value).unwrap_or_default())),
            Comparison::OneOf(values) => {
                let mut any = Bitmap::default();
                values.iter().filter_map(having).for_each(|slots| any.unite(&slots));
                Bounds::exact(live(any))
            }
            _ => Bounds::at_most(live(self.set.text.slots(path_term(path)))),
        }
    }
}

/// The standing of the atom of a slot.
pub(super) fn standing_of(set: &WorkingSet, slot: u32) -> StandingKind {
    if set.columns.has(slot, flag::HISTORICAL) {
        StandingKind::Historical
    } else if set.columns.has(slot, flag::BELIEVED) {
        StandingKind::Substantiated
    } else {
        StandingKind::Unsubstantiated
    }
}
