//! Hits: what is answered, and why.

use std::fmt;

use super::id::Id;
use super::record::Record;

/// An answer: a record, its score, and what the score is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The record.
    pub record: Record,
    /// Higher is better; comparable within one search only.
    pub score: f32,
    /// What the score is made of.
    pub parts: ScoreParts,
    /// Records that scored less and say the same: the episodes that support an atom, or the atoms that an episode supports;
    /// of those that were looked at for as many hits as were asked for.
    pub also: Vec<Id>,
}

impl Hit {
    /// Why it was returned, as a sentence; and whether it is disputed.
    pub fn why(&self) -> String {
        let disputed = self.record.as_atom().is_some_and(|atom| atom.is_disputed());
        format!("{}{}", self.parts, if disputed { "; disputed" } else { "" })
    }
}

/// What a score is made of. It is the host's, where its reranker was asked; else the sum of all parts from `dense` to
/// `quoted`, times `retention` if it is above zero; in both cases less what `outdated` takes off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScoreParts {
    /// Cosine of its vector and the query's, -1 to 1; exact for a query by vector alone, within about 0.002
    /// otherwise.
    pub cosine: Option<f32>,
    /// BM25 of its text. For a turn that came in as a neighbour it may leave common words out.
    pub bm25: f32,
    /// Its place among what was found by vector, from 1; none if it was not found so.
    pub dense_rank: Option<u32>,
    /// Its place among what was found by words, from 1; none if it was not found so.
    pub lexical_rank: Option<u32>,
    /// What its cosine adds; for a query by vector alone, the cosine itself.
    pub dense: f32,
    /// What its words add.
    pub lexical: f32,
    /// What the cosines of the turns within 2 of it add.
    pub dense_around: f32,
    /// What the words of the turns within 3 of it add.
    pub lexical_around: f32,
    /// What the words of a question add that it follows.
    pub answer: f32,
    /// What is taken off a question within a conversation.
    pub question: f32,
    /// What the share of the question's words adds that it has, each counted by how rare it is.
    pub coverage: f32,
    /// What its length adds: short turns say little.
    pub length: f32,
    /// What a time adds that the question names and that it is of.
    pub dated: f32,
    /// What the speaker adds whom the question names.
    pub speaker: f32,
    /// What its title adds, which the question names.
    pub named: f32,
    /// What one of the best finds adds that mentions its title.
    pub linked: f32,
    /// What rare names add that it shares with one of the best finds.
    pub bridged: f32,
    /// What the question's words add that lead to it over atoms, from what it names.
    pub graph: f32,
    /// What one of the best finds adds that it supports, or that supports it.
    pub supported: f32,
    /// What the words add that the question quotes, and that it has as they are.
    pub quoted: f32,
    /// What is taken off a version that is out of date, so that the current one comes before it.
    pub outdated: f32,
    /// What the host's reranker says; none if it was not asked.
    pub reranked: Option<f32>,
    /// How much of an atom is retained, as a factor of 0.85 to 1; 0.85 for one that is no longer current, 1 for
    /// an episode.
    pub retention: f32,
}

impl ScoreParts {
    /// The score that these parts make.
    pub fn score(&self) -> f32 {
        let own = self.dense + self.lexical;
        let around = self.dense_around + self.lexical_around + self.answer;
        let question = self.question + self.coverage + self.dated + self.speaker;
        let links = self.named + self.linked + self.bridged + self.graph + self.supported + self.quoted;
        let sum = own + around + question + self.length + links;
        let faded = if sum > 0.0 { sum * self.retention } else { sum };
        self.reranked.unwrap_or(faded) - self.outdated
    }
}

impl fmt::Display for ScoreParts {
    /// The parts that count, greatest first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = [
            (self.dense, "its vector"),
            (self.lexical, "its words"),
            (self.dense_around, "the vectors around it"),
            (self.lexical_around, "the words around it"),
            (self.answer, "the question it follows"),
            (self.question, "being a question"),
            (self.coverage, "how much of the question it has"),
            (self.length, "its length"),
            (self.dated, "its date"),
            (self.speaker, "its speaker"),
            (self.named, "what it is about, which is asked for"),
            (self.linked, "a find that names it"),
            (self.bridged, "names it shares with a find"),
            (self.graph, "what leads to it from what is asked for"),
            (self.supported, "a find that rests on it, or that it rests on"),
            (self.quoted, "the words that are quoted"),
            (-self.outdated, "being out of date"),
        ];
        parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let said: Vec<String> = parts
            .iter()
            .filter(|(part, _)| part.abs() >= 0.005)
            .map(|(part, name)| format!("{part:+.2} {name}"))
            .collect();
        if let Some(reranked) = self.reranked {
            write!(f, "{reranked:.2} by the reranker, before it ")?;
        }
        f.write_str(&said.join(", "))?;
        if self.retention < 0.995 {
            write!(f, ", x{:.2} for having faded", self.retention)?;
        }
        Ok(())
    }
}
