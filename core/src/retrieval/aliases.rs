//! Aliases: other names of the entities that a question names, where names were merged.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::storage::{Key, Snapshot, keys};
use crate::tenancy::{Ledger, Rows, hash_of_name, links_mark};
use crate::truth::normal_name;

/// Words of a question that are looked up as names, and words of one name.
const WORDS_MAX: usize = 64;
const NAME_WORDS_MAX: usize = 4;

/// Entities whose other names are looked up.
const ENTITIES_MAX: usize = 8;

/// Other names of the entities that a question names; none where no names were ever merged.
pub(super) fn aliases(
    rows: &dyn Rows,
    snapshot: &dyn Snapshot,
    text: &str,
    user: Option<&str>,
) -> Result<Vec<String>> {
    if snapshot.get_many(&[links_mark()])?.into_iter().flatten().next().is_none() {
        return Ok(Vec::new());
    }
    let names = possible_names(text);
    let links: Vec<Key> =
        names.iter().map(|name| keys::link(hash_of_name(user, name)).first_part()).collect();
    let found = names.iter().zip(snapshot.get_many(&links)?).filter(|(_, row)| row.is_some());
    let ledger = Ledger::open(rows, None)?;
    let mut aliases: Vec<String> = Vec::new();
    for (name, _) in found.take(ENTITIES_MAX) {
        let others = ledger.names(user, name)?.all.into_iter();
        aliases.extend(others.filter(|other| normal_name(other) != normal_name(name)));
    }
    aliases.sort();
    aliases.dedup();
    Ok(aliases)
}

/// Runs of words that may be names: those with a capital, or all of a text without any.
fn possible_names(text: &str) -> Vec<String> {
    let is_plain = !text.contains(char::is_uppercase);
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .map(|word| word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s")).unwrap_or(word))
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .collect();
    let runs = (1..=NAME_WORDS_MAX).flat_map(|count| words.windows(count));
    let names = runs.filter(|run| is_plain || run.iter().any(|word| word.starts_with(char::is_uppercase)));
    let names: BTreeSet<String> = names.map(|run| run.join(" ")).collect();
    names.into_iter().collect()
}
