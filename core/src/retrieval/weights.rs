//! What each part of a score counts.

use serde::Serialize;

use crate::error::{Code, Error, Result};

/// The greatest weight, and the least below zero.
const WEIGHT_MAX: f32 = 10.0;

/// What each part of a score counts in a search; the parts are those of [`ScoreParts`](crate::ScoreParts).
///
/// The defaults serve conversations and passages alike: they are the rounded mean of the best of 3,000 random ones on four
/// question sets; the last three are choices, for what those sets do not ask. A part of weight 0 is left out.
///
/// ```
/// use ebbmark::{Options, Query, Store, Weights};
///
/// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
/// tenant.add("I moved to Porto.")?;
/// let words_alone = Weights { lexical: 1.0, ..Weights::none() };
/// let hits = tenant.search(Query::text("Porto").weights(words_alone))?;
/// assert_eq!(hits[0].score, hits[0].parts.lexical);
/// # Ok::<(), ebbmark::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Weights {
    /// Its own cosine.
    pub dense: f32,
    /// Its own BM25.
    pub lexical: f32,
    /// The mean cosine of the turns within 2 of it.
    pub dense_around: f32,
    /// The BM25 of the turns within 3 of it, read as one text.
    pub lexical_around: f32,
    /// The share of the question's words that it has, by their idf.
    pub coverage: f32,
    /// The BM25 of a question that it follows.
    pub answer: f32,
    /// The same where it is asked when something was: what was answered is seldom a date.
    pub answer_when: f32,
    /// That it is a question itself; below zero.
    pub question: f32,
    /// Its length among the candidates.
    pub length: f32,
    /// That it is of a time that the question names.
    pub dated: f32,
    /// That it is said by the one speaker whom the question names.
    pub speaker: f32,
    /// That the question names its title.
    pub named: f32,
    /// That a find mentions its title: this share of the find's score if nothing else mentions it.
    pub linked: f32,
    /// The rare names that it shares with a find.
    pub bridged: f32,
    /// How many of the question's words lead to an atom from what it names.
    pub graph: f32,
    /// That it supports a find, or a find supports it: this share of the find's score.
    pub supported: f32,
    /// That it has what the question quotes, word for word.
    pub quoted: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            dense: 0.55,
            lexical: 0.30,
            dense_around: 0.70,
            lexical_around: 0.35,
            coverage: 0.20,
            answer: 0.55,
            answer_when: 0.20,
            question: -0.15,
            length: 0.50,
            dated: 1.0,
            speaker: 0.10,
            named: 0.50,
            linked: 0.40,
            bridged: 0.25,
            graph: 1.0,
            supported: 0.10,
            quoted: 0.80,
        }
    }
}

impl Weights {
    /// All 0: every record scores the same.
    pub fn none() -> Self {
        Weights {
            dense: 0.0,
            lexical: 0.0,
            dense_around: 0.0,
            lexical_around: 0.0,
            coverage: 0.0,
            answer: 0.0,
            answer_when: 0.0,
            question: 0.0,
            length: 0.0,
            dated: 0.0,
            speaker: 0.0,
            named: 0.0,
            linked: 0.0,
            bridged: 0.0,
            graph: 0.0,
            supported: 0.0,
            quoted: 0.0,
        }
    }

    /// Each with its name, in the order of the fields.
    pub fn all(&self) -> [(&'static str, f32); 17] {
        let Weights { dense, lexical, dense_around, lexical_around, coverage, answer, answer_when, .. } =
            *self;
        let Weights { question, length, dated, speaker, named, linked, bridged, .. } = *self;
        let Weights { graph, supported, quoted, .. } = *self;
        [
            ("dense", dense),
            ("lexical", lexical),
            ("dense_around", dense_around),
            ("lexical_around", lexical_around),
            ("coverage", coverage),
            ("answer", answer),
            ("answer_when", answer_when),
            ("question", question),
            ("length", length),
            ("dated", dated),
            ("speaker", speaker),
            ("named", named),
            ("linked", linked),
            ("bridged", bridged),
            ("graph", graph),
            ("supported", supported),
            ("quoted", quoted),
        ]
    }

    pub(super) fn check(&self) -> Result<()> {
        let odd = self.all().into_iter().find(|(_, weight)| !(-WEIGHT_MAX..=WEIGHT_MAX).contains(weight));
        odd.map_or(Ok(()), |(name, weight)| {
            Err(Error::draft(
                Code::RangeInvalid,
                format!("the weight '{name}' of a search is out of its range"),
            )
            .got(weight)
            .expected(format!("-{WEIGHT_MAX} to {WEIGHT_MAX}"))
            .remedy("start from Weights::default()"))
        })
    }
}
