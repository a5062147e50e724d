//! Words for relations: which words of a question are names of which predicates.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::stored::predicate_hash;
use crate::language::Analyzer;
use crate::model::Language;
use crate::truth::built_in_names;

/// The words of the names of the built-in predicates, as terms: "works_at" and "employer" are words of one predicate.
#[derive(Debug, Default)]
pub(crate) struct RelationWords(HashMap<u64, HashSet<u64>>);

impl RelationWords {
    fn new(analyzer: &Analyzer) -> Self {
        let mut words: HashMap<u64, HashSet<u64>> = HashMap::new();
        for (name, filed) in built_in_names() {
            let terms = analyzer.question(&name.replace('_', " "), usize::MAX);
            for term in terms {
                words.entry(term).or_default().insert(predicate_hash(&filed));
            }
        }
        RelationWords(words)
    }

    /// Whether a term is a word of a name of a predicate, which is told by the hash of the name that it is filed by.
    pub(crate) fn names(&self, term: u64, predicate: u64) -> bool {
        self.0.get(&term).is_some_and(|predicates| predicates.contains(&predicate))
    }
}

/// The words of every language's analyzer, each made when it is first asked for.
#[derive(Debug)]
pub(crate) struct Relations([OnceLock<RelationWords>; Language::ALL.len()]);

impl Default for Relations {
    fn default() -> Self {
        Relations([const { OnceLock::new() }; Language::ALL.len()])
    }
}

impl Relations {
    pub(crate) fn of(&self, language: Language, analyzer: &Analyzer) -> &RelationWords {
        let [first, ..] = &self.0;
        self.0.get(language as usize).unwrap_or(first).get_or_init(|| RelationWords::new(analyzer))
    }
}
