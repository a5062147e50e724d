//! The demonstration: a year of talks remembered, questioned, corrected, aged, walled off and killed.
//!
//! Every sentence that it prints about the store has been checked first; a broken promise ends it with an error.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ebbmark::{
    Assertion, Batch, Code, Filter, HealthState, Hit, Id, Kind, ManualClock, NewEpisode, Options, Outcome,
    Query, Record, RecordSort, Store, Tenant, Timestamp,
};
use ebbmark_examples::conversation::{Conversation, Question};
use ebbmark_examples::crash::{CHILD, DIARY, kill_in_mid_write, survivors, write_until_killed};
use ebbmark_examples::hashing::{BUCKETS, Hashing, likeness};
use ebbmark_examples::print::{Page, date, size, span, timed, took};
use ebbmark_examples::{Result, ensure, everything};

const DAY: i64 = 86_400;

/// Talks that the neighbour hears, and the name that stands for Mara in them.
const NEIGHBOUR_SESSIONS: usize = 3;
const NEIGHBOUR_NAME: &str = "Ines";

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == CHILD) {
        let path = arguments.next().ok_or("the child needs the path of a store")?;
        return write_until_killed(Path::new(&path));
    }
    let folder = tempfile::tempdir()?;
    let (told, time) = timed(|| Story::begin(folder.path().join("memory.ebb"))?.tell());
    let mut page = told?;
    page.gap()?;
    page.say(&format!("The whole demonstration took {}.", took(time)))?;
    Ok(page.gap()?)
}

/// What the chapters share.
struct Story {
    page: Page,
    conversation: Conversation,
    path: PathBuf,
    clock: Arc<ManualClock>,
    /// The last moment that the clock was set to.
    now: Timestamp,
    store: Store,
    mara: Tenant,
    neighbour: Tenant,
    /// The ids of Mara's turns, by talk and turn.
    turns: HashMap<(String, usize), Id>,
}

impl Story {
    fn begin(path: PathBuf) -> Result<Self> {
        let conversation = Conversation::load()?;
        let now = conversation.sessions.first().map(|session| session.date).unwrap_or_default();
        let clock = Arc::new(ManualClock::at(now));
        let store = open(&path, &clock)?;
        let mara = store.tenant("mara")?.with_actor("assistant")?;
        let neighbour = store.tenant("neighbour")?;
        let (page, turns) = (Page::on_stdout(), HashMap::new());
        Ok(Story { page, conversation, path, clock, now, store, mara, neighbour, turns })
    }

    fn tell(mut self) -> Result<Page> {
        let Conversation { title, about, .. } = &self.conversation;
        self.page.title(&format!("Ebbmark remembers: {title}"), about)?;
        self.remember()?;
        self.explain_vectors()?;
        self.ask()?;
        self.change_a_fact()?;
        self.let_a_year_pass()?;
        self.try_the_wall()?;
        self.kill()?;
        self.close()?;
        Ok(self.page)
    }

    fn set_clock(&mut self, now: Timestamp) {
        self.now = now;
        self.clock.set(now);
    }

    fn remember(&mut self) -> Result<()> {
        self.page.chapter("What was said")?;
        let retold = self.conversation.retold(NEIGHBOUR_SESSIONS, "Mara", NEIGHBOUR_NAME);
        let conversation = self.conversation.clone();
        let (told, time) = timed(|| -> Result<_> {
            Ok((
                ingest(&self.mara, &conversation, &self.clock)?,
                ingest(&self.neighbour, &retold, &self.clock)?,
            ))
        });
        let (mara, neighbour) = told?;
        self.page.entry("mara", &mara.figures(&conversation))?;
        self.page.entry("neighbour", &neighbour.figures(&retold))?;
        self.page.detail(&format!(
            "the first {NEIGHBOUR_SESSIONS} talks, with every \"Mara\" told as \"{NEIGHBOUR_NAME}\""
        ))?;
        let commits = self.mara.stats()?.version + self.neighbour.stats()?.version;
        self.page
            .entry("written in", &format!("{}, as {commits} commits, each of them durable", took(time)))?;
        self.turns = mara.turns;

        let Some(last) = conversation.sessions.last() else { return Ok(()) };
        let again = self.mara.add(Batch::new(last.episodes()).idempotency_key(&last.id))?;
        let held = self.mara.stats()?.episodes as usize;
        ensure(again.replayed && held == self.turns.len(), "a repeated batch adds nothing")?;
        self.page.gap()?;
        self.page.say(
            "Each talk is one batch with an idempotency key, added on its own date by a clock that is set by hand. \
             Each claim names the turn that supports it. The last talk was sent twice, and is there once.",
        )?;
        self.set_clock(last.date);
        Ok(())
    }

    fn explain_vectors(&mut self) -> Result<()> {
        self.page.chapter("Vectors without a model")?;
        self.page.say(&format!(
            "The demonstration brings its own embedder: words and trigrams of letters, hashed into {BUCKETS} \
             signed buckets. That is feature hashing (Weinberger et al. 2009), no neural model: it sees spelling, \
             not meaning. Where an answer below speaks of \"its meaning\", it is the cosine of two such vectors.",
        ))?;
        self.page.gap()?;
        for (one, other) in [("wedding", "weddings"), ("wedding", "marriage")] {
            self.page.entry(&format!("{:.2}", likeness(one, other)), &format!("{one} and {other}"))?;
        }
        Ok(())
    }

    fn ask(&mut self) -> Result<()> {
        self.page.chapter("A dozen questions")?;
        self.page.say(
            "Asked of all that was said, ten hits each. Under each question the best hit, and what its score is \
             made of. \"first\" means that it is the turn which answers; if not, that turn follows with its place.",
        )?;
        let mut places = Vec::new();
        let mut searching = Duration::ZERO;
        for question in self.conversation.questions.clone() {
            let query = Query::text(&question.ask).filter(Filter::default().only(RecordSort::Episode));
            let (hits, time) = timed(|| self.mara.search(query));
            searching += time;
            places.push(self.answer(&question, &hits?)?);
        }
        let within = |limit: usize| places.iter().flatten().filter(|&&place| place < limit).count();
        let (first, top) = (within(1), within(3));
        let asked = places.len();
        self.page.gap()?;
        self.page.strong(&format!(
            "Total: {first} of {asked} first, {top} of {asked} within the top 3, {} lower or not among the ten hits.",
            asked - top,
        ))?;
        self.page.say(&format!("A search took {} on average.", took(searching / asked.max(1) as u32)))?;
        Ok(())
    }

    /// Prints the best hit for a question, and returns the place of the expected turn, from 0.
    fn answer(&mut self, question: &Question, hits: &[Hit]) -> Result<Option<usize>> {
        let expected = self.turns.get(&(question.session.clone(), question.turn));
        let expected = *expected.ok_or("a question expects a turn that was never said")?;
        let place = hits.iter().position(|hit| hit.record.id() == expected);
        self.page.gap()?;
        self.page.strong(&question.ask)?;
        let Some(best) = hits.first() else {
            self.page.entry("nothing", "no hits at all")?;
            return Ok(None);
        };
        self.page.entry(if place == Some(0) { "first" } else { "" }, &quote(&best.record))?;
        self.page.detail(&format!("score {:.2}: {}", best.score, best.why()))?;
        let label = match place {
            Some(0) => return Ok(place),
            Some(place) => format!("place {}", place + 1),
            None => "not found".to_owned(),
        };
        self.page.entry(&label, &quote(&self.mara.get(expected)?))?;
        Ok(place)
    }

    fn change_a_fact(&mut self) -> Result<()> {
        self.page.chapter("A fact is replaced")?;
        let change = self.conversation.change.clone();
        let moved = self.now.plus_seconds(9 * DAY);
        self.set_clock(moved.plus_seconds(7 * DAY));
        let before = self.current(&change.ask)?;
        self.page.strong(&change.ask)?;
        self.show_claim("now", before)?;

        let verdict = self.mara.assert_fact(change.claim().valid_from(moved))?;
        ensure(verdict.superseded == [before], "the new claim takes the place of the current one")?;
        self.page.gap()?;
        self.page.say(&format!(
            "She moved on {} and says so on {}: {}.",
            date(moved),
            date(self.now),
            verdict.reason
        ))?;
        self.page.gap()?;
        self.page.strong(&change.ask)?;
        ensure(self.current(&change.ask)? == verdict.id, "the new claim is the current one")?;
        self.show_claim("now", verdict.id)?;
        self.page.gap()?;
        self.page.say(
            "The former ones are historical, with two times: when it was true, and when it was held true.",
        )?;
        self.page.gap()?;
        for id in self.former(&change.ask, &change.predicate)? {
            self.show_claim("formerly", id)?;
        }
        self.page.gap()?;
        self.page.say("The history of the one that was just replaced:")?;
        self.page.gap()?;
        for revision in self.mara.history(before)? {
            let (record, kind) = (&revision.record, format!("{:?}", revision.kind).to_lowercase());
            let recorded = date(record.recorded_at());
            let text = format!("{kind} by the {} on {recorded}: {}", revision.actor, record.text());
            self.page.entry(&format!("version {}", record.version()), &text)?;
        }
        Ok(())
    }

    /// The best current claim for a question.
    fn current(&self, ask: &str) -> Result<Id> {
        let atoms = Filter::default().only(RecordSort::Atom);
        let hits = self.mara.search(Query::text(ask).filter(atoms).limit(1))?;
        Ok(hits.first().ok_or("no claim answers the question")?.record.id())
    }

    /// The claims of a predicate that are no longer current, oldest first.
    fn former(&self, ask: &str, predicate: &str) -> Result<Vec<Id>> {
        let atoms = Filter::default().only(RecordSort::Atom).with_historical();
        let hits = self.mara.search(Query::text(ask).filter(atoms).limit(100))?;
        let former = hits.iter().filter_map(|hit| hit.record.as_atom());
        let mut former: Vec<_> =
            former.filter(|atom| atom.predicate == predicate && atom.retired_at.is_some()).collect();
        former.sort_by_key(|atom| atom.valid_from);
        Ok(former.into_iter().map(|atom| atom.id).collect())
    }

    fn show_claim(&mut self, label: &str, id: Id) -> Result<()> {
        let history = self.mara.history(id)?;
        let learnt = history.first().map(|revision| revision.record.recorded_at()).unwrap_or_default();
        let record = self.mara.get(id)?;
        let atom = record.as_atom().ok_or("a claim is not an atom")?;
        let (from, to) = (atom.valid_from.unwrap_or(learnt), atom.valid_to);
        self.page.entry(label, &atom.sentence())?;
        let standing = format!("{:?}", atom.standing).to_lowercase();
        Ok(self.page.detail(&format!(
            "{standing}; true {}; held {}",
            span(from, to),
            span(learnt, atom.retired_at)
        ))?)
    }

    fn let_a_year_pass(&mut self) -> Result<()> {
        self.page.chapter("A year passes")?;
        let note = "The code of the parcel locker is 4417.";
        let until = self.now.plus_seconds(3 * DAY);
        let added = self.mara.add(NewEpisode::user(note).speaker("Mara").expires_at(until))?;
        let note_id = added.id().ok_or("a receipt without an id")?;
        let kinds = [Kind::Invariant, Kind::Entity, Kind::Affiliation, Kind::Social, Kind::Preference];
        let before = kinds.map(|kind| self.strongest(kind));
        ensure(self.finds(note, note_id)?, "a note is found before it expires")?;
        self.page.entry(&date(self.now), &format!("\"{note}\", to expire on {}: found", date(until)))?;
        self.set_clock(self.now.plus_seconds(365 * DAY));
        ensure(!self.finds(note, note_id)?, "a note that has expired is not found")?;
        ensure(everything(&self.mara)?.iter().all(|record| record.id() != note_id), "nor is it listed")?;
        self.page.entry(&date(self.now), "the same search does not find it, and no list shows it")?;
        self.page.gap()?;
        self.page.say(
            "Claims fade unless they are asserted again, by how lasting their kind is. The factor multiplies the \
             score of a claim; it bends a ranking and hides nothing (0.85 is the least).",
        )?;
        self.page.gap()?;
        for (kind, before) in kinds.into_iter().zip(before) {
            let Some(before) = before? else { continue };
            let id = before.record.id();
            let after = self.atoms(kind)?.into_iter().find(|hit| hit.record.id() == id);
            let after = after.ok_or("a claim was lost over the year")?.parts.retention;
            let fell = if kind == Kind::Invariant { after == 1.0 } else { after < before.parts.retention };
            ensure(fell, "a claim fades, unless it is one that never changes")?;
            let name = format!("{kind:?}").to_lowercase();
            let factors = format!("x{:.2} to x{after:.2}   {}", before.parts.retention, before.record.text());
            self.page.entry(&name, &factors)?;
        }
        Ok(())
    }

    fn finds(&self, text: &str, id: Id) -> Result<bool> {
        Ok(self.mara.search(Query::text(text).limit(1000))?.iter().any(|hit| hit.record.id() == id))
    }

    fn atoms(&self, kind: Kind) -> Result<Vec<Hit>> {
        Ok(self.mara.search(Query::text("Mara").filter(Filter::default().kind(kind)).limit(100))?)
    }

    fn strongest(&self, kind: Kind) -> Result<Option<Hit>> {
        Ok(self.atoms(kind)?.into_iter().next())
    }

    fn try_the_wall(&mut self) -> Result<()> {
        self.page.chapter("The wall")?;
        let phrase = "marzipan heron";
        let secret = format!("The spare key is under the {phrase}.");
        let added = self.mara.add(NewEpisode::user(&secret).speaker("Mara"))?;
        let id = added.id().ok_or("a receipt without an id")?;
        let hits = self.mara.search(phrase)?;
        ensure(hits.first().is_some_and(|hit| hit.record.id() == id), "the owner finds it first")?;
        self.page.entry("mara", &format!("asks for \"{phrase}\" and finds first: {secret}"))?;

        let hits = self.neighbour.search(Query::text(phrase).limit(1000))?;
        let mut seen = everything(&self.neighbour)?;
        let held = seen.len();
        seen.extend(hits.into_iter().map(|hit| hit.record));
        let leaks =
            seen.iter().filter(|record| [phrase, "Mara"].iter().any(|word| record.text().contains(word)));
        ensure(leaks.count() == 0, "a tenant sees nothing of another's")?;
        let text =
            format!("asks the same: none of its hits holds it, and none of its {held} records names Mara");
        self.page.entry("neighbour", &text)?;
        for (what, id) in [("Mara's note", id), ("an id that nobody has", Id::from_u128(7))] {
            let refused = self.neighbour.get(id).err().map(|error| error.code());
            ensure(refused == Some(Code::RecordNotFound), "a foreign id is like one that nobody has")?;
            let code = refused.map_or("", Code::as_str);
            self.page.entry("", &format!("asks for {what} by its id: {code}"))?;
        }
        Ok(())
    }

    fn kill(&mut self) -> Result<()> {
        self.page.chapter("The kill")?;
        let before = (everything(&self.mara)?, everything(&self.neighbour)?);
        self.store.close();
        let (acknowledged, writing) = timed(|| kill_in_mid_write(&self.path));
        let acknowledged = acknowledged?;
        let (opened, opening) = timed(|| open(&self.path, &self.clock));
        self.store = opened?;
        (self.mara, self.neighbour) = (self.store.tenant("mara")?, self.store.tenant("neighbour")?);
        let found = survivors(&self.store, &self.conversation, &acknowledged)?;
        let others = before == (everything(&self.mara)?, everything(&self.neighbour)?);

        self.page.say(&format!(
            "The program started itself again to write a diary to the same file, entry by entry, and killed that \
             process (SIGKILL) in mid-write after {}.",
            took(writing),
        ))?;
        self.page.gap()?;
        self.page.entry("reopened", &format!("in {}", took(opening)))?;
        self.page
            .entry(&found.acknowledged.to_string(), "entries were acknowledged before the process died")?;
        self.page.entry(&found.lost.to_string(), "of them are missing or changed")?;
        self.page.entry(
            &found.untold.to_string(),
            "more is there, whole: the process died before it could tell",
        )?;
        self.page.entry(&found.damaged.to_string(), "entries are half-written")?;
        ensure(found.lost == 0, "every acknowledged entry is there, word for word")?;
        ensure(found.untold <= 1 && found.damaged == 0, "an entry is there as a whole, or not at all")?;
        ensure(others, "what was there before is untouched")?;
        let count = before.0.len() + before.1.len();
        Ok(self.page.entry(&count.to_string(), "records of the other two tenants, compared and unchanged")?)
    }

    fn close(&mut self) -> Result<()> {
        self.page.chapter("In the end")?;
        for id in self.store.tenants()? {
            let stats = self.store.tenant(&id)?.stats()?;
            let ebbmark::Stats { version, episodes, atoms, vectors, working_set_bytes, .. } = stats;
            let memory = size(working_set_bytes);
            let text = format!(
                "{episodes:>4} episodes  {atoms:>3} atoms  {vectors:>4} vectors  {version:>4} commits  {memory:>8} in memory"
            );
            self.page.entry(&id, &text)?;
        }
        ensure(self.store.tenants()?.iter().any(|id| id == DIARY), "the diary is a tenant like the others")?;
        let sets = self.store.working_sets();
        let text = format!(
            "{} calls found one in memory, {} loaded one, {} were dropped; {} in all",
            sets.hits,
            sets.misses,
            sets.evictions,
            size(sets.bytes),
        );
        self.page.entry("sets", &text)?;
        let health = self.store.health();
        ensure(health.state == HealthState::Healthy && health.cause.is_none(), "the store is healthy")?;
        self.page.entry("health", "healthy, no failure")?;
        self.store.close();
        Ok(self.page.entry("file", &format!("{}, one file", size(fs::metadata(&self.path)?.len())))?)
    }
}

fn open(path: &Path, clock: &Arc<ManualClock>) -> Result<Store> {
    let options = Options { embedder: Some(Arc::new(Hashing)), clock: clock.clone(), ..Options::default() };
    Ok(Store::open(path, options)?)
}

/// What a tenant was told.
struct Told {
    turns: HashMap<(String, usize), Id>,
    verdicts: Vec<Assertion>,
}

impl Told {
    fn figures(&self, conversation: &Conversation) -> String {
        let count = |outcome| self.verdicts.iter().filter(|verdict| verdict.outcome == outcome).count();
        format!(
            "{:>2} talks  {:>3} turns  {:>2} claims: {} new, {} in place of an older one, {} heard again",
            conversation.sessions.len(),
            self.turns.len(),
            self.verdicts.len(),
            count(Outcome::Added),
            count(Outcome::Superseded),
            count(Outcome::Reinforced),
        )
    }
}

/// Adds a conversation to a tenant, talk by talk, each on its date and with the claims that it supports.
fn ingest(tenant: &Tenant, conversation: &Conversation, clock: &ManualClock) -> Result<Told> {
    let mut told = Told { turns: HashMap::new(), verdicts: Vec::new() };
    for session in &conversation.sessions {
        clock.set(session.date);
        let receipt = tenant.add(Batch::new(session.episodes()).idempotency_key(&session.id))?;
        let ids = receipt.ids.into_iter().enumerate();
        told.turns.extend(ids.map(|(turn, id)| ((session.id.clone(), turn), id)));
        for fact in conversation.facts_of(session) {
            let turn = told.turns.get(&(fact.session.clone(), fact.turn));
            let turn = *turn.ok_or("a claim names a turn that was never said")?;
            told.verdicts.push(tenant.assert_fact(fact.claim().support(turn).valid_from(session.date))?);
        }
    }
    Ok(told)
}

/// An episode as it is cited: who, when, what.
fn quote(record: &Record) -> String {
    match record {
        Record::Episode(said) => {
            let speaker = said.speaker.as_deref().unwrap_or("somebody");
            format!("{speaker}, {}: {}", date(said.occurred_at), said.text)
        }
        Record::Atom(atom) => atom.sentence(),
    }
}
