//! The demonstration: a year of talks remembered, questioned, corrected, aged, walled off and killed.
//!
//! What can be checked of its sentences is checked; a broken promise ends the program with an error.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ebbmark::{
    Access, ArchiveRule, Batch, Budget, Clock, Code, Filter, Grade, HealthState, Hit, Id, Kind,
    MaintenanceReport, ManualClock, NewEpisode, NewFact, Options, Outcome, Query, RecordSort,
    RetentionPolicy, Role, Stats, Store, Tenant, TenantConfig, Timestamp, WorkingSetFigures,
};
use ebbmark_examples::conversation::{Conversation, Question, TELLER};
use ebbmark_examples::crash::{CHILD, kill_in_mid_write, survivors, write_until_killed};
use ebbmark_examples::print::{Page, date, size, span, timed, took};
use ebbmark_examples::telling::{Told, quote, tell};
use ebbmark_examples::{Result, ensure, everything};

const DAY: i64 = 86_400;

/// Talks that the neighbour tells, and under which name.
const NEIGHBOUR_SESSIONS: usize = 3;
const NEIGHBOUR_NAME: &str = "Ines";

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == CHILD) {
        let path = arguments.next().ok_or("the child needs the path of a store")?;
        return write_until_killed(Path::new(&path));
    }
    let folder = tempfile::tempdir()?;
    let (page, time) = timed(|| Story::begin(folder.path().join("memory.ebb"))?.tell());
    let mut page = page?;
    page.gap()?;
    page.say(&format!("The whole demonstration took {}.", took(time)))?;
    Ok(page.gap()?)
}

fn open(path: &Path, clock: &Arc<ManualClock>) -> Result<Store> {
    let options = Options { clock: clock.clone(), ..Options::default() };
    Ok(Store::open(path, options)?)
}

/// What the chapters share.
struct Story {
    page: Page,
    conversation: Conversation,
    path: PathBuf,
    clock: Arc<ManualClock>,
    store: Store,
    mara: Tenant,
    neighbour: Tenant,
    /// What Mara's tenant was told.
    told: Told,
    /// How the working sets did up to the kill.
    sets: WorkingSetFigures,
}

impl Story {
    fn begin(path: PathBuf) -> Result<Self> {
        let clock = Arc::new(ManualClock::at(Timestamp::default()));
        let store = open(&path, &clock)?;
        Ok(Story {
            page: Page::on_stdout(),
            conversation: Conversation::load()?,
            mara: store.tenant("mara")?.with_actor("assistant")?,
            neighbour: store.tenant("neighbour")?,
            told: Told::default(),
            sets: WorkingSetFigures::default(),
            path,
            clock,
            store,
        })
    }

    fn tell(mut self) -> Result<Page> {
        let Conversation { title, about, .. } = &self.conversation;
        self.page.title(&format!("Ebbmark remembers: {title}"), about)?;
        self.remember()?;
        self.ask()?;
        self.change_a_fact()?;
        self.let_a_note_expire()?;
        self.let_claims_fade()?;
        self.try_the_wall()?;
        self.kill()?;
        self.close()?;
        Ok(self.page)
    }

    fn remember(&mut self) -> Result<()> {
        self.page.chapter("What was said")?;
        let retold = self.conversation.retold(NEIGHBOUR_SESSIONS, NEIGHBOUR_NAME);
        let (told, time) = timed(|| -> Result<_> {
            let neighbour = tell(&self.neighbour, &retold, &self.clock)?;
            Ok((tell(&self.mara, &self.conversation, &self.clock)?, neighbour))
        });
        let (mara, neighbour) = told?;
        self.show_told("mara", self.conversation.sessions.len(), &mara)?;
        self.show_told("neighbour", retold.sessions.len(), &neighbour)?;
        self.page.detail(&format!(
            "the first {NEIGHBOUR_SESSIONS} talks, with every \"{TELLER}\" told as \"{NEIGHBOUR_NAME}\"",
        ))?;
        let commits = self.mara.stats()?.version + self.neighbour.stats()?.version;
        self.page.entry("written", &format!("in {}, as {commits} durable commits", took(time)))?;
        self.told = mara;

        let last = self.conversation.sessions.last().ok_or("a conversation without a talk")?;
        let again = self.mara.add(Batch::new(last.episodes()).idempotency_key(&last.id))?;
        let held = self.mara.stats()?.episodes as usize;
        ensure(again.replayed && held == self.told.turns.len(), "a repeated batch adds nothing")?;
        self.page.gap()?;
        Ok(self.page.say(
            "Each talk is one batch with an idempotency key, added on its own date by a clock that is set by \
             hand. Each claim names the turn that supports it. The last talk was sent twice, and is there once.",
        )?)
    }

    fn show_told(&mut self, tenant: &str, talks: usize, told: &Told) -> Result<()> {
        let (turns, claims) = (told.turns.len(), told.verdicts.len());
        let (new, replacing) = (told.count(Outcome::Added), told.count(Outcome::Superseded));
        let text = format!(
            "{talks:>2} talks  {turns:>3} turns  {claims:>2} claims: {new} new, {replacing} in place of an older one",
        );
        Ok(self.page.entry(tenant, &text)?)
    }

    fn ask(&mut self) -> Result<()> {
        self.page.chapter("A dozen questions")?;
        self.page.say(
            "Asked of all that was said, ten hits each: by words, by the vectors of the built-in embedder, and by what was \
             said around them. Under each question stands the best hit, and what its \
             score is made of. \"first\" means that it is the turn which answers. Where it is not, that turn \
             follows with its place, and with what makes the question hard.",
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
        let (asked, first, top) = (places.len(), within(1), within(3));
        let lower = asked - top;
        self.page.gap()?;
        self.page.strong(&format!(
            "Total: {first} of {asked} first, {top} of {asked} within the top 3, {lower} lower or not found.",
        ))?;
        Ok(self.page.say(&format!("A search took {} on average.", took(searching / asked.max(1) as u32)))?)
    }

    /// Prints the best hit for a question, and returns the place of the expected turn, from 0.
    fn answer(&mut self, question: &Question, hits: &[Hit]) -> Result<Option<usize>> {
        let expected = self.told.turn(&question.session, question.turn)?;
        let place = hits.iter().position(|hit| hit.record.id() == expected);
        self.page.gap()?;
        self.page.strong(&question.ask)?;
        if let Some(best) = hits.first() {
            self.page.entry(if place == Some(0) { "first" } else { "" }, &quote(&best.record))?;
            self.page.detail(&format!("score {:.2}: {}", best.score, best.why()))?;
        }
        let label = match place {
            Some(0) => return Ok(place),
            Some(place) => format!("place {}", place + 1),
            None => "not found".to_owned(),
        };
        self.page.entry(&label, &quote(&self.mara.get(expected)?))?;
        self.page.detail(&format!("hard because {}", question.why))?;
        Ok(place)
    }

    fn change_a_fact(&mut self) -> Result<()> {
        self.page.chapter("A fact is replaced")?;
        let change = self.conversation.change.clone();
        let moved = self.clock.now().plus_seconds(9 * DAY);
        let told = moved.plus_seconds(7 * DAY);
        self.clock.set(told);
        self.page.strong(&change.ask)?;
        let before = self.current(&change.ask)?;
        self.show_claim("now", before)?;

        let verdict = self.mara.assert_fact(change.claim().valid_from(moved))?;
        ensure(verdict.superseded == [before], "the new claim takes the place of the current one")?;
        let (moved, told) = (date(moved), date(told));
        self.page.gap()?;
        self.page.say(&format!("She moved on {moved} and says so on {told}: {}.", verdict.reason))?;
        self.page.gap()?;
        self.page.strong(&change.ask)?;
        ensure(self.current(&change.ask)? == verdict.id, "the new claim is the current one")?;
        self.show_claim("now", verdict.id)?;
        for id in self.former(&change.ask, &change.predicate)? {
            self.show_claim("formerly", id)?;
        }
        self.page.gap()?;
        self.page.say("The history of the claim that was just replaced:")?;
        self.page.gap()?;
        for revision in self.mara.history(before)? {
            let (record, kind) = (&revision.record, format!("{:?}", revision.kind).to_lowercase());
            let (actor, recorded) = (&revision.actor, date(record.recorded_at()));
            let text = format!("{kind} by the {actor} on {recorded}: {}", record.text());
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

    /// The claims of a predicate that are no longer current, latest first.
    fn former(&self, ask: &str, predicate: &str) -> Result<Vec<Id>> {
        let atoms = Filter::default().only(RecordSort::Atom).with_historical();
        let hits = self.mara.search(Query::text(ask).filter(atoms).limit(100))?;
        let mut former: Vec<_> = hits
            .iter()
            .filter_map(|hit| hit.record.as_atom())
            .filter(|atom| atom.predicate == predicate && atom.retired_at.is_some())
            .collect();
        former.sort_by_key(|atom| std::cmp::Reverse(atom.valid_from));
        Ok(former.into_iter().map(|atom| atom.id).collect())
    }

    /// Prints a claim with its two times: when it was true in the world, and when the store held it true.
    fn show_claim(&mut self, label: &str, id: Id) -> Result<()> {
        let history = self.mara.history(id)?;
        let learnt = history.first().ok_or("a claim without a version")?.record.recorded_at();
        let record = self.mara.get(id)?;
        let atom = record.as_atom().ok_or("a claim is not an atom")?;
        let standing = format!("{:?}", atom.standing).to_lowercase();
        let valid = span(atom.valid_from.unwrap_or(learnt), atom.valid_to);
        let held = span(learnt, atom.retired_at);
        self.page.entry(label, &atom.sentence())?;
        Ok(self.page.detail(&format!("{standing}; true {valid}; held {held}"))?)
    }

    fn let_a_note_expire(&mut self) -> Result<()> {
        self.page.chapter("A year passes")?;
        let note = "The code of the parcel locker is 4417.";
        let today = self.clock.now();
        let (until, later) = (today.plus_seconds(3 * DAY), today.plus_seconds(365 * DAY));
        let added = self.mara.add(NewEpisode::user(note).speaker(TELLER).expires_at(until))?;
        let id = added.id().ok_or("a receipt without an id")?;
        let finds = |query: &str| -> Result<bool> {
            Ok(self.mara.search(Query::text(query).limit(1000))?.iter().any(|hit| hit.record.id() == id))
        };
        ensure(finds(note)?, "a note is found before it expires")?;
        self.clock.set(later);
        ensure(!finds(note)?, "a note that has expired is not found")?;
        ensure(everything(&self.mara)?.iter().all(|record| record.id() != id), "nor is it listed")?;
        self.clock.set(today);
        self.page.entry(&date(today), &format!("\"{note}\", to expire on {}: found", date(until)))?;
        Ok(self.page.entry(&date(later), "the same search does not find it, and no list shows it")?)
    }

    fn let_claims_fade(&mut self) -> Result<()> {
        self.page.gap()?;
        let kinds = [Kind::Invariant, Kind::Fact, Kind::Affiliation, Kind::Social, Kind::Preference];
        let before = kinds.iter().map(|&kind| self.claims(kind)).collect::<Result<Vec<_>>>()?;
        let (report, time) = self.live_a_year()?;
        self.page.gap()?;
        self.page.say(&format!(
            "The year took {}: {} old and unimportant turns were archived, {} unconfirmed claims dissolved, {} expired \
             notes went, {} claims were looked at because time had come for them.",
            took(time), report.archived, report.dissolved, report.expired, report.settled,
        ))?;
        self.page.gap()?;
        self.page.say(
            "Over the same year claims fade that nobody asserts again, by how lasting their kind is. The factor \
             multiplies the score of a claim; it bends a ranking and hides nothing (0.85 is the least).",
        )?;
        self.page.gap()?;
        for (kind, before) in kinds.into_iter().zip(before) {
            let Some(Hit { record, parts, .. }) = before.first() else { continue };
            let after = self.claims(kind)?.into_iter().find(|hit| hit.record.id() == record.id());
            let (then, now) =
                (parts.retention, after.ok_or("a claim was lost over the year")?.parts.retention);
            ensure(now < then || (kind == Kind::Invariant && now == 1.0), "claims fade, except invariants")?;
            let text = format!("x{then:.2} to x{now:.2}   {}", record.text());
            self.page.entry(&format!("{kind:?}").to_lowercase(), &text)?;
        }
        Ok(())
    }

    /// Twelve months with chatter of tools, hearsay, and one memory that is used every month.
    fn live_a_year(&mut self) -> Result<(MaintenanceReport, Duration)> {
        let admin = self.store.tenant_with_access(self.mara.id(), Access::Admin)?;
        let archive = Some(ArchiveRule { older_than_days: 60.0, importance_below: 0.2 });
        let retention = RetentionPolicy { archive, ..RetentionPolicy::default() };
        admin.configure(TenantConfig { retention, ..TenantConfig::default() })?;
        let chatter =
            |at: i64| NewEpisode::new(Role::Tool, format!("Weather service, reading {at}: light rain."));
        self.mara.add((0..100).map(chatter).collect::<Vec<_>>())?;
        let hearsay = |drink: &str| NewFact::new(TELLER, "likes", drink).confidence(0.6);
        let [used, unused] =
            [hearsay("oat milk"), hearsay("rye bread")].map(|fact| self.mara.assert_fact(fact));
        let (used, unused) = (used?.id, unused?.id);
        let today = self.clock.now();
        let mut total = MaintenanceReport::default();
        let (lived, time) = timed(|| -> Result<Vec<String>> {
            let mut lines = Vec::new();
            for month in 1..=12 {
                self.clock.set(today.plus_seconds(month * 365 * DAY / 12));
                let left = |id| self.mara.memory(id).map_or(0.0, |memory| 100.0 * memory.retention);
                let (kept, lost) = (left(used), left(unused));
                if month % 3 == 0 {
                    let standing =
                        if lost == 0.0 { "dissolved".to_owned() } else { format!("{lost:.0} % left") };
                    lines.push(format!("used every month: {kept:.0} % left; never used: {standing}"));
                }
                self.mara.reinforce(used, Grade::Good)?;
                let report = self.mara.maintain(&Budget::default())?;
                total.archived += report.archived;
                total.dissolved += report.dissolved;
                total.expired += report.expired;
                total.settled += report.settled;
            }
            Ok(lines)
        });
        self.page.say("Two things that were only heard, and maintenance at the end of every month:")?;
        self.page.gap()?;
        for (quarter, line) in (1..).zip(lived?) {
            self.page.entry(&date(today.plus_seconds(quarter * 365 * DAY / 4)), &line)?;
        }
        ensure(self.mara.get(used).is_ok(), "what is used stays")?;
        ensure(
            self.mara.get(unused).is_err() && total.dissolved > 0,
            "what is not used and not believed goes",
        )?;
        ensure(total.archived >= 100, "old chatter leaves")?;
        Ok((total, time))
    }

    /// The claims of a kind about Mara, best first.
    fn claims(&self, kind: Kind) -> Result<Vec<Hit>> {
        Ok(self.mara.search(Query::text(TELLER).filter(Filter::default().kind(kind)).limit(100))?)
    }

    fn try_the_wall(&mut self) -> Result<()> {
        self.page.chapter("The wall")?;
        let phrase = "marzipan heron";
        let secret = format!("The spare key is under the {phrase}.");
        let added = self.mara.add(NewEpisode::user(&secret).speaker(TELLER))?;
        let id = added.id().ok_or("a receipt without an id")?;
        let hits = self.mara.search(phrase)?;
        ensure(hits.first().is_some_and(|hit| hit.record.id() == id), "the owner finds it first")?;
        self.page.entry("mara", &format!("asks for \"{phrase}\" and finds first: {secret}"))?;

        let hits = self.neighbour.search(Query::text(phrase).limit(1000))?;
        let listed = everything(&self.neighbour)?;
        let seen = listed.iter().chain(hits.iter().map(|hit| &hit.record)).map(|record| record.text());
        let leaks = seen.filter(|text| text.contains(phrase) || text.contains(TELLER)).count();
        ensure(leaks == 0, "a tenant sees nothing of another's")?;
        let (hits, listed) = (hits.len(), listed.len());
        let text = format!(
            "asks the same: the phrase is in none of {hits} hits, \"{TELLER}\" in none of {listed} records"
        );
        self.page.entry("neighbour", &text)?;
        for (whose, id) in [("Mara's note", id), ("an id that nobody has", Id::from_u128(7))] {
            let refused = self.neighbour.get(id).err().map(|error| error.code());
            ensure(refused == Some(Code::RecordNotFound), "a foreign id is like one that nobody has")?;
            self.page.entry("", &format!("gets {whose}: {}", refused.map_or("", Code::as_str)))?;
        }
        Ok(())
    }

    fn kill(&mut self) -> Result<()> {
        self.page.chapter("The kill")?;
        let before = (everything(&self.mara)?, everything(&self.neighbour)?);
        self.sets = self.store.working_sets();
        self.store.close();
        let (acknowledged, writing) = timed(|| kill_in_mid_write(&self.path));
        let acknowledged = acknowledged?;
        let (opened, opening) = timed(|| open(&self.path, &self.clock));
        self.store = opened?;
        (self.mara, self.neighbour) = (self.store.tenant("mara")?, self.store.tenant("neighbour")?);
        let found = survivors(&self.store, &self.conversation, &acknowledged)?;
        let after = (everything(&self.mara)?, everything(&self.neighbour)?);

        self.page.say(&format!(
            "The program started itself again to write a diary to the same file, entry by entry, and after {} \
             killed that process (SIGKILL) while it went on writing. Then it opened the file and counted.",
            took(writing),
        ))?;
        self.page.gap()?;
        self.page.entry("opened", &format!("in {}", took(opening)))?;
        for (count, what) in [
            (found.acknowledged, "diary entries were acknowledged by the process that died"),
            (found.lost, "of them are missing or changed"),
            (found.untold, "beside them: durable and whole when the process died, but not yet acknowledged"),
            (found.damaged, "entries are half-written"),
            (before.0.len() + before.1.len(), "records of the other two tenants, compared before and after"),
        ] {
            self.page.entry(&count.to_string(), what)?;
        }
        ensure(found.lost == 0, "every acknowledged entry is there, word for word")?;
        ensure(found.untold <= 1 && found.damaged == 0, "an entry is there as a whole, or not at all")?;
        ensure(before == after, "what was there before is untouched")
    }

    fn close(&mut self) -> Result<()> {
        self.page.chapter("In the end")?;
        for id in self.store.tenants()? {
            let stats = self.store.tenant(&id)?.stats()?;
            let Stats { version, episodes, atoms, vectors, working_set_bytes, .. } = stats;
            let memory = size(working_set_bytes);
            let text = format!(
                "{episodes:>3} episodes  {atoms:>2} atoms  {vectors:>3} vectors  {version:>3} commits  \
                 {memory:>7} of working set",
            );
            self.page.entry(&id, &text)?;
        }
        let WorkingSetFigures { hits, misses, evictions, bytes, .. } = self.sets;
        let text = format!(
            "up to the kill {hits} calls found a working set loaded, {misses} loaded one, {evictions} were dropped",
        );
        self.page.entry("memory", &format!("{text}; {}", size(bytes)))?;
        let health = self.store.health();
        ensure(health.state == HealthState::Healthy && health.cause.is_none(), "the store is healthy")?;
        self.page.entry("health", &format!("{:?}", health.state).to_lowercase())?;
        self.store.close();
        Ok(self.page.entry("file", &format!("{} in one file", size(fs::metadata(&self.path)?.len())))?)
    }
}
