//! `path`: how two entities are connected, by the claims between them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use super::beliefs::Beliefs;
use super::facts::{incoming_neighbor, outgoing_neighbor};
use super::read::check_limit;
use super::view::View;
use crate::error::Result;
use crate::index::Ways;
use crate::limits::{HOPS_MAX, TERM_BYTES_MAX};
use crate::model::{Atom, Id, Timestamp, check_text};
use crate::observe::Verb;
use crate::tenancy::Tenant;
use crate::truth::Object;

/// Entities whose claims are read, at most. With [`CLAIMS_MAX`] it keeps a search without an answer within a fraction of a
/// second; from both ends it is enough for three hops each among entities with ten claims.
const ENTITIES_MAX: usize = 256;

/// Claims that are read of one entity in each direction, at most: a way through what thousands have in common tells
/// little of two of them, and to the ends themselves a hub is found from the other side.
const DEGREE_MAX: usize = 256;

/// Claims from which on a search reads those of no further entity.
const CLAIMS_MAX: usize = 8192;

/// What a hop costs beside the doubt about its claim: more than all doubt about a way, so that fewer hops come first.
const HOP: u64 = 1 << 40;

/// How a connection is looked for.
///
/// ```
/// use ebbmark::{PathQuery, Timestamp};
///
/// let query = PathQuery::default().hops(3).valid_at(Timestamp::from_seconds(1_500_000_000));
/// assert_eq!((query.hops, query.view.as_of), (3, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathQuery {
    /// Claims of a path, at most: 1 to 6, which is what it is unless said otherwise.
    pub hops: usize,
    /// From where in time.
    pub view: View,
}

impl Default for PathQuery {
    fn default() -> Self {
        PathQuery { hops: HOPS_MAX, view: View::default() }
    }
}

impl PathQuery {
    /// With so many claims at most, 1 to 6.
    #[must_use]
    pub fn hops(mut self, hops: usize) -> Self {
        self.hops = hops;
        self
    }

    /// By claims that were true at a moment.
    #[must_use]
    pub fn valid_at(mut self, moment: Timestamp) -> Self {
        self.view.valid_at = Some(moment);
        self
    }

    /// By claims that the store held at a moment.
    #[must_use]
    pub fn as_of(mut self, moment: Timestamp) -> Self {
        self.view.as_of = Some(moment);
        self
    }
}

/// Whether two entities are connected.
#[derive(Clone, Debug, PartialEq)]
pub enum Connection {
    /// By this path.
    Found(Path),
    /// There is no path of so many hops.
    None,
    /// No path was found, but not all was looked at: there are more entities, or more claims about one, than a search
    /// reads.
    Cut,
}

impl Connection {
    /// The path, if one was found.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Connection::Found(path) => Some(path),
            Connection::None | Connection::Cut => None,
        }
    }
}

/// A path from one entity to another. Printed, it is the claims along it.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The steps in order; none if both ends are the same entity.
    pub steps: Vec<Step>,
    /// The product of the confidences of its atoms, 0 to 1; 1 without steps.
    pub confidence: f32,
    /// Whether claims were left out because there are more than a search reads, so that a shorter or more credible
    /// path may have been missed.
    pub more: bool,
}

/// A step of a path: from an entity to another, along an atom that is about one of them and has the other as its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name from which it leads.
    pub from: String,
    /// The name to which it leads.
    pub to: String,
    /// How the one is related to the other: the atom's predicate, or its inverse where the atom is about the other.
    /// `None` if that has no name.
    pub relation: Option<String>,
    /// Whether the atom is about the entity from which the step leads.
    pub outgoing: bool,
    /// The atom.
    pub atom: Atom,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims: Vec<String> = self.steps.iter().map(|step| step.atom.sentence()).collect();
        f.write_str(&claims.join("; "))
    }
}

impl Tenant {
    /// How two entities are connected: the shortest path of claims between them, by any of their names; of several the one
    /// whose claims are most credible together (the greatest product of their confidences), of equal ones the one
    /// whose first different claim has the smaller id. Claims lead both ways. A denial connects nothing.
    ///
    /// It looks from both ends, at 256 entities, 256 claims about an entity and 256 that lead to it, and about 8192 claims
    /// at most, and says if that was not enough.
    ///
    /// ```
    /// use ebbmark::{NewFact, Options, PathQuery, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// tenant.assert_fact(NewFact::new("Mara", "works_at", "Acme"))?;
    /// tenant.assert_fact(NewFact::new("Ines", "manages", "Acme"))?;
    /// let found = tenant.path("Mara", "Ines", &PathQuery::default())?;
    /// let path = found.path().unwrap();
    /// assert_eq!(path.to_string(), "Mara works at Acme; Ines manages Acme");
    /// assert!(path.steps[0].outgoing && !path.steps[1].outgoing);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `text.*`; `range.invalid` unless there are 1 to 6 hops; those of reading the store.
    pub fn path(&self, from: &str, to: &str, query: &PathQuery) -> Result<Connection> {
        self.call(Verb::Path, |work| {
            work.given(query.hops);
            let connection = self.connection(from, to, query)?;
            work.found(connection.path().map_or(0, |path| path.steps.len()));
            Ok(connection)
        })
    }

    fn connection(&self, from: &str, to: &str, query: &PathQuery) -> Result<Connection> {
        check_limit("a path", query.hops, HOPS_MAX)?;
        let name = |name: &str| Ok(self.own_name(check_text("a name", name, TERM_BYTES_MAX)?));
        let [from, to] = [name(from)?, name(to)?];
        let (snapshot, now) = (self.snapshot()?, self.common().now());
        let user = self.scope().user.as_deref();
        let beliefs = Beliefs::open(&snapshot, snapshot.as_ref(), user, query.view, now)?;
        let mut reached = Reached::new(&beliefs);
        let ends = [reached.entity(&from)?, reached.entity(&to)?];
        let more = match reached.meet(ends, query.hops)? {
            Meeting::Met { more } => more,
            Meeting::Never => return Ok(Connection::None),
            Meeting::Unknown => return Ok(Connection::Cut),
        };
        let mut steps = Vec::new();
        for (from, atom) in reached.way(ends) {
            let outgoing = reached.number(&atom.subject) == Some(from);
            let atom = self.with_bookkeeping(snapshot.as_ref(), vec![atom])?.pop();
            let neighbor = atom.map(|atom| match outgoing {
                true => (atom.subject.clone(), outgoing_neighbor(atom)),
                false => (atom.object.clone(), incoming_neighbor(&beliefs.ledger, atom)),
            });
            steps.extend(neighbor.map(|(from, neighbor)| Step {
                from,
                to: neighbor.name,
                relation: neighbor.relation,
                outgoing,
                atom: neighbor.atom,
            }));
        }
        let confidence = steps.iter().map(|step| step.atom.confidence).product();
        Ok(Connection::Found(Path { steps, confidence, more }))
    }
}

/// An atom between two entities.
struct Claimed {
    subject: u32,
    object: u32,
    atom: Atom,
}

/// What a search has reached. Entities are numbered in the order in which they are.
struct Reached<'a> {
    beliefs: &'a Beliefs<'a>,
    numbers: HashMap<String, u32>,
    names: Vec<String>,
    claims: BTreeMap<Id, Claimed>,
    /// Entities whose claims were read.
    expanded: usize,
}

/// What is reached from one end: everything, and what was reached last.
struct Side {
    seen: HashSet<u32>,
    border: Vec<u32>,
    /// Whether something was left out.
    more: bool,
}

/// Whether two ends meet.
enum Meeting {
    /// They do; whether claims were left out.
    Met { more: bool },
    /// They do not.
    Never,
    /// They did not, but claims were left out.
    Unknown,
}

impl<'a> Reached<'a> {
    fn new(beliefs: &'a Beliefs<'a>) -> Self {
        let (numbers, names, claims) = (HashMap::new(), Vec::new(), BTreeMap::new());
        Reached { beliefs, numbers, names, claims, expanded: 0 }
    }

    /// The entity that a name belongs to.
    fn entity(&mut self, name: &str) -> Result<u32> {
        let main = self.beliefs.names(name)?.into_iter().next();
        Ok(self.place(&main.unwrap_or_else(|| name.to_owned())))
    }

    /// The number of a main name, a new one if it is met for the first time.
    fn place(&mut self, name: &str) -> u32 {
        let next = self.names.len() as u32;
        let number = *self.numbers.entry(Object::of(name).form).or_insert(next);
        if number == next {
            self.names.push(name.to_owned());
        }
        number
    }

    /// The number of a main name that was met.
    fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(&Object::of(name).form).copied()
    }

    /// Goes on from both ends by turns, always from the one where less lies ahead, until they meet. All shortest paths
    /// are then among the claims: each of their steps leads away from one end or the other.
    fn meet(&mut self, [from, to]: [u32; 2], hops: usize) -> Result<Meeting> {
        let side = |end| Side { seen: HashSet::from([end]), border: vec![end], more: false };
        let (mut near, mut far) = (side(from), side(to));
        let mut met = from == to;
        for _ in 0..hops {
            if met || near.border.is_empty() || far.border.is_empty() {
                break;
            }
            let ahead = |side: &Side| (side.border.len(), side.seen.len());
            let is_near = ahead(&near) <= ahead(&far);
            let (this, other) = if is_near { (&mut near, &far) } else { (&mut far, &near) };
            this.border = self.advance(this)?;
            this.seen.extend(&this.border);
            met = this.border.iter().any(|entity| other.seen.contains(entity));
        }
        // An end from which everything was read leads nowhere else.
        let is_known = |side: &Side| side.border.is_empty() && !side.more;
        let more = near.more || far.more;
        Ok(match met {
            true => Meeting::Met { more },
            false if !more || is_known(&near) || is_known(&far) => Meeting::Never,
            false => Meeting::Unknown,
        })
    }

    /// The entities one step ahead that are new to a side.
    fn advance(&mut self, side: &mut Side) -> Result<Vec<u32>> {
        let mut ahead = Vec::new();
        for &entity in &side.border {
            if self.expanded == ENTITIES_MAX || self.claims.len() >= CLAIMS_MAX {
                side.more = true;
                break;
            }
            self.expanded += 1;
            let (others, more) = self.expand(entity)?;
            ahead.extend(others);
            side.more |= more;
        }
        ahead.sort_unstable();
        ahead.dedup();
        ahead.retain(|entity| !side.seen.contains(entity));
        Ok(ahead)
    }

    /// Reads the claims about an entity and those that lead to it. Gives the entities at their other ends, and
    /// whether there are more.
    fn expand(&mut self, entity: u32) -> Result<(Vec<u32>, bool)> {
        let Some(name) = self.names.get(entity as usize).cloned() else { return Ok((Vec::new(), false)) };
        let told = self.beliefs.told(&name, DEGREE_MAX)?;
        let (incoming, more) = self.beliefs.leading_to(&name, DEGREE_MAX)?;
        let more = told.more || more;
        let outgoing = told.cells.into_iter().flat_map(|cell| cell.atoms);
        let outgoing = outgoing.filter(|atom| self.beliefs.shows(atom));
        let mut atoms: Vec<Atom> = outgoing.chain(incoming).filter(|atom| !atom.negated).collect();
        atoms.sort_by_key(|atom| atom.id);
        let mut others = Vec::new();
        for atom in atoms {
            let (subject, object) = (self.place(&atom.subject), self.place(&atom.object));
            others.extend([subject, object].into_iter().filter(|&end| end != entity));
            self.claims.insert(atom.id, Claimed { subject, object, atom });
        }
        Ok((others, more))
    }

    /// The best way between two entities: its atoms, each with the entity from which it leads.
    fn way(&self, [from, to]: [u32; 2]) -> Vec<(u32, Atom)> {
        let mut ways = Ways::default();
        for (id, claimed) in &self.claims {
            ways.link(claimed.subject, claimed.object, HOP + doubt(claimed.atom.confidence), id.as_u128());
        }
        let mut at = from;
        let ids = ways.cheapest(from, to).unwrap_or_default();
        let claims = ids.into_iter().filter_map(|id| self.claims.get(&Id::from_u128(id)));
        claims
            .map(|claimed| {
                let from = at;
                at = if claimed.subject == from { claimed.object } else { claimed.subject };
                (from, claimed.atom.clone())
            })
            .collect()
    }
}

/// The doubt about a claim: the logarithm of its confidence, so that the sum over a path is that of the product. In
/// millionths, so that sums are exact and paths of equal confidence are equal.
fn doubt(confidence: f32) -> u64 {
    (-f64::from(confidence.clamp(1e-6, 1.0)).ln() * 1e6).round() as u64
}
