//! The conversation: what was said over a year, what is claimed of it, and what is asked about it.

use ebbmark::{NewEpisode, NewFact, Role, Timestamp};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Who tells the conversation.
pub const TELLER: &str = "Mara";

/// A year of talks, as `conversation.json` has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Conversation {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// The talks, in the order they were held.
    pub sessions: Vec<Session>,
    /// What is claimed on the strength of them, in order.
    pub facts: Vec<Fact>,
    /// What is asked about them.
    pub questions: Vec<Question>,
    /// The claim that comes later and changes the answer to a question.
    pub change: Change,
}

/// One talk.
#[derive(Clone, Debug, Deserialize)]
pub struct Session {
    /// Its label.
    pub id: String,
    /// When it began.
    #[serde(deserialize_with = "moment")]
    pub date: Timestamp,
    /// What was said, in order.
    pub turns: Vec<Turn>,
}

/// Something that was said.
#[derive(Clone, Debug, Deserialize)]
pub struct Turn {
    /// Who speaks, to the library.
    #[serde(with = "RoleName")]
    pub role: Role,
    /// Who speaks, by name.
    pub speaker: String,
    /// The words.
    pub text: String,
}

/// A claim that a turn supports.
#[derive(Clone, Debug, Deserialize)]
pub struct Fact {
    /// The talk in which it was said.
    pub session: String,
    /// The turn of that talk, from 0.
    pub turn: usize,
    /// What it is about.
    pub subject: String,
    /// The relation.
    pub predicate: String,
    /// The value.
    pub object: String,
}

/// A question, and the turn that answers it.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// The question in words.
    pub ask: String,
    /// The talk that answers it.
    pub session: String,
    /// The turn of that talk, from 0.
    pub turn: usize,
    /// Why it is not easy.
    pub why: String,
}

/// A claim that takes the place of another, and the question whose answer it changes.
#[derive(Clone, Debug, Deserialize)]
pub struct Change {
    /// What it is about.
    pub subject: String,
    /// The relation.
    pub predicate: String,
    /// The new value.
    pub object: String,
    /// The question.
    pub ask: String,
}

impl Conversation {
    /// The conversation that comes with the demonstration.
    ///
    /// # Errors
    /// A file that is not of this shape.
    pub fn load() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!("../conversation.json"))
    }

    /// The first `sessions` talks as somebody of another name would have told them, without questions.
    pub fn retold(&self, sessions: usize, name: &str) -> Self {
        let mut told = self.clone();
        told.sessions.truncate(sessions);
        told.facts.retain(|fact| told.sessions.iter().any(|session| session.id == fact.session));
        told.questions.clear();
        let turns = told.sessions.iter_mut().flat_map(|session| &mut session.turns);
        let spoken = turns.flat_map(|turn| [&mut turn.speaker, &mut turn.text]);
        let claimed = told.facts.iter_mut().flat_map(|fact| [&mut fact.subject, &mut fact.object]);
        spoken.chain(claimed).for_each(|text| *text = text.replace(TELLER, name));
        told
    }

    /// The claims that a talk supports.
    pub fn facts_of<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(|fact| fact.session == session.id)
    }

    /// All that was said, in order.
    pub fn turns(&self) -> impl Iterator<Item = &Turn> + Clone {
        self.sessions.iter().flat_map(|session| &session.turns)
    }
}

impl Session {
    /// The turns as they are added: a minute apart, labelled with the talk.
    pub fn episodes(&self) -> Vec<NewEpisode> {
        let minutes = (0..).map(|minute| self.date.plus_seconds(60 * minute));
        let episode = |(turn, moment): (&Turn, Timestamp)| {
            NewEpisode::new(turn.role, &turn.text)
                .speaker(&turn.speaker)
                .session(&self.id)
                .occurred_at(moment)
        };
        self.turns.iter().zip(minutes).map(episode).collect()
    }
}

impl Fact {
    /// The claim as it is asserted.
    pub fn claim(&self) -> NewFact {
        NewFact::new(&self.subject, &self.predicate, &self.object)
    }
}

impl Change {
    /// The claim as it is asserted.
    pub fn claim(&self) -> NewFact {
        NewFact::new(&self.subject, &self.predicate, &self.object)
    }
}

/// The roles as the file spells them.
#[derive(Deserialize)]
#[serde(remote = "Role", rename_all = "lowercase")]
enum RoleName {
    User,
    Assistant,
    System,
    Tool,
    Document,
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_moment(&text).ok_or_else(|| D::Error::custom(format!("'{text}' is not like 2026-01-09T18:30:00Z")))
}

/// RFC 3339 in UTC, to the second.
///
/// The date follows Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
fn parse_moment(text: &str) -> Option<Timestamp> {
    let numbers = text.strip_suffix('Z')?.split(['-', 'T', ':']).map(str::parse::<i64>);
    let numbers: Vec<i64> = numbers.collect::<Result<_, _>>().ok()?;
    let &[year, month, day, hour, minute, second] = numbers.as_slice() else { return None };
    let (year, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    let moment = Timestamp::from_seconds(((days * 24 + hour) * 60 + minute) * 60 + second);
    // An impossible date, such as the 30th of February, comes out as another one.
    (moment.to_string() == text).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::parse_moment;

    #[test]
    fn moments_are_read_as_they_are_printed() {
        for text in ["1970-01-01T00:00:00Z", "2000-02-29T12:00:00Z", "2026-11-22T16:40:59Z"] {
            assert_eq!(parse_moment(text).unwrap().to_string(), text);
        }
        for text in ["2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00+01:00", ""] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }
}
