//! Verb forms: which verb of the table a word is, and in which form.

use super::patterns::VERBS;
use super::rule::Rule;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Base,
    /// Third person singular.
    Third,
    /// Past tense or past participle.
    Past,
    Ing,
}

/// A verb with its rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verb {
    pub(super) lemma: &'static str,
    pub(super) rules: &'static [Rule],
    pub(super) form: Form,
}

/// Irregular forms, in ascending order.
const IRREGULAR: [(&str, &str, Form); 62] = [
    ("ate", "eat", Form::Past),
    ("became", "become", Form::Past),
    ("began", "begin", Form::Past),
    ("begun", "begin", Form::Past),
    ("bought", "buy", Form::Past),
    ("broke", "break", Form::Past),
    ("broken", "break", Form::Past),
    ("built", "build", Form::Past),
    ("came", "come", Form::Past),
    ("drank", "drink", Form::Past),
    ("driven", "drive", Form::Past),
    ("drove", "drive", Form::Past),
    ("drunk", "drink", Form::Past),
    ("eaten", "eat", Form::Past),
    ("fell", "fall", Form::Past),
    ("felt", "feel", Form::Past),
    ("flew", "fly", Form::Past),
    ("gave", "give", Form::Past),
    ("given", "give", Form::Past),
    ("goes", "go", Form::Third),
    ("gone", "go", Form::Past),
    ("got", "get", Form::Past),
    ("gotten", "get", Form::Past),
    ("grew", "grow", Form::Past),
    ("grown", "grow", Form::Past),
    ("had", "have", Form::Past),
    ("has", "have", Form::Third),
    ("heard", "hear", Form::Past),
    ("held", "hold", Form::Past),
    ("kept", "keep", Form::Past),
    ("knew", "know", Form::Past),
    ("known", "know", Form::Past),
    ("learnt", "learn", Form::Past),
    ("led", "lead", Form::Past),
    ("left", "leave", Form::Past),
    ("lost", "lose", Form::Past),
    ("made", "make", Form::Past),
    ("met", "meet", Form::Past),
    ("ran", "run", Form::Past),
    ("said", "say", Form::Past),
    ("sang", "sing", Form::Past),
    ("saw", "see", Form::Past),
    ("seen", "see", Form::Past),
    ("slept", "sleep", Form::Past),
    ("sold", "sell", Form::Past),
    ("spent", "spend", Form::Past),
    ("spoke", "speak", Form::Past),
    ("spoken", "speak", Form::Past),
    ("taken", "take", Form::Past),
    ("taught", "teach", Form::Past),
    ("thought", "think", Form::Past),
    ("told", "tell", Form::Past),
    ("took", "take", Form::Past),
    ("took", "take", Form::Past),
    ("tore", "tear", Form::Past),
    ("wed", "marry", Form::Past),
    ("went", "go", Form::Past),
    ("woke", "wake", Form::Past),
    ("won", "win", Form::Past),
    ("wore", "wear", Form::Past),
    ("written", "write", Form::Past),
    ("wrote", "write", Form::Past),
];

/// The verb of the table that `word` is a form of.
pub(super) fn verb(word: &str) -> Option<Verb> {
    if word.len() < 2 {
        return None;
    }
    if let Some(verb) = known(word, Form::Base) {
        return Some(verb);
    }
    if let Ok(at) = IRREGULAR.binary_search_by(|(form, _, _)| (*form).cmp(word)) {
        return IRREGULAR.get(at).and_then(|(_, lemma, form)| known(lemma, *form));
    }
    third(word).or_else(|| past(word)).or_else(|| gerund(word))
}

fn known(lemma: &str, form: Form) -> Option<Verb> {
    let at = VERBS.binary_search_by(|(name, _)| (*name).cmp(lemma)).ok()?;
    VERBS.get(at).map(|(lemma, rules)| Verb { lemma, rules, form })
}

fn third(word: &str) -> Option<Verb> {
    let stem = word.strip_suffix('s')?;
    let form = Form::Third;
    known(stem, form)
        .or_else(|| known(stem.strip_suffix('e')?, form))
        .or_else(|| with_y(stem.strip_suffix("ie")?, form))
}

fn past(word: &str) -> Option<Verb> {
    let stem = word.strip_suffix("ed")?;
    stemmed(stem, Form::Past).or_else(|| with_y(stem.strip_suffix('i')?, Form::Past))
}

fn gerund(word: &str) -> Option<Verb> {
    stemmed(word.strip_suffix("ing")?, Form::Ing)
}

/// The verb whose ending was cut off, with its "e" or with its doubled consonant.
fn stemmed(stem: &str, form: Form) -> Option<Verb> {
    known(stem, form).or_else(|| known(&format!("{stem}e"), form)).or_else(|| {
        let mut chars = stem.chars();
        let last = chars.next_back()?;
        chars.as_str().ends_with(last).then(|| known(chars.as_str(), form))?
    })
}

fn with_y(stem: &str, form: Form) -> Option<Verb> {
    known(&format!("{stem}y"), form)
}

#[cfg(test)]
mod tests {
    use super::{Form, IRREGULAR, verb};

    #[test]
    fn forms_lead_back_to_their_verb() {
        assert!(IRREGULAR.is_sorted_by_key(|(form, _, _)| form));
        for (word, lemma, form) in [
            ("lives", "live", Form::Third),
            ("studying", "study", Form::Ing),
            ("studied", "study", Form::Past),
            ("planning", "plan", Form::Ing),
            ("moved", "move", Form::Past),
            ("went", "go", Form::Past),
            ("watches", "watch", Form::Third),
            ("quitting", "quit", Form::Ing),
        ] {
            let found = verb(word).map(|verb| (verb.lemma, verb.form));
            assert_eq!(found, Some((lemma, form)), "{word}");
        }
        assert!(verb("was").is_none() && verb("s").is_none());
    }
}
