//! What stands between a subject and its verb: auxiliaries, adverbs and negation, and the tense they make.

use super::cursor::Cursor;
use super::moment::When;
use super::sentence::Sort;
use super::verbs::{Form, Verb, verb};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Present,
    Progressive,
    Past,
    PastProgressive,
    Perfect,
    PerfectProgressive,
    Future,
    /// "used to"
    Former,
    /// "can"
    Able,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    /// `None` in the future and after "can", where any verb may follow.
    pub(super) verb: Option<Verb>,
    pub(super) tense: Tense,
    pub(super) negated: bool,
    /// "no longer"
    pub(super) ended: bool,
    /// "just"
    pub(super) fresh: bool,
    pub(super) hedged: bool,
    /// "always"
    pub(super) always: bool,
    /// "also", "part-time": there is another of the kind.
    pub(super) besides: bool,
    /// A time that stood among the auxiliaries: "has recently moved".
    pub(super) when: Option<When>,
}

impl Voice {
    fn new() -> Self {
        let tense = Tense::Present;
        Voice {
            verb: None,
            tense,
            negated: false,
            ended: false,
            fresh: false,
            hedged: false,
            always: false,
            besides: false,
            when: None,
        }
    }

    pub(super) fn form(&self) -> Option<Form> {
        Some(match self.tense {
            Tense::Present => self.verb?.form,
            Tense::Progressive | Tense::PerfectProgressive | Tense::PastProgressive => Form::Ing,
            Tense::Past | Tense::Perfect => Form::Past,
            Tense::Future | Tense::Former | Tense::Able => Form::Base,
        })
    }

    pub(super) fn is_be(&self) -> bool {
        self.verb.is_some_and(|verb| verb.lemma == "be")
    }

    /// Takes what may stand between auxiliaries: adverbs and times.
    fn between(&mut self, rest: &mut Cursor<'_, '_>) -> Option<()> {
        self.adverbs(rest)?;
        while let Some(Sort::Time(when)) = rest.token(0).map(|token| token.sort) {
            self.when = Some(when);
            rest.advance(1);
            self.adverbs(rest)?;
        }
        Some(())
    }

    /// Takes adverbs and negations; `None` if one of them leaves nothing to say.
    pub(super) fn adverbs(&mut self, rest: &mut Cursor<'_, '_>) -> Option<()> {
        loop {
            match rest.word(0) {
                "not" => self.negated = true,
                "never" => self.negated = !self.negated,
                // "not only tea" is no word against tea.
                "only" | "just" | "merely" | "simply" if self.negated => return None,
                "just" | "recently" | "newly" => self.fresh = true,
                "always" => self.always = true,
                "also" | "part-time" | "sometimes" => self.besides = true,
                "probably" | "maybe" | "possibly" | "perhaps" | "likely" | "apparently" | "presumably" => {
                    self.hedged = true;
                }
                "rarely" | "hardly" | "seldom" | "barely" | "scarcely" | "almost" | "nearly"
                | "occasionally" => return None,
                "no" if rest.word(1) == "longer" => {
                    self.ended = true;
                    rest.advance(1);
                }
                "kind" | "sort" if rest.word(1) == "of" => rest.advance(1),
                "a" if rest.sees("a bit of") => rest.advance(2),
                "such" => {}
                "a" if rest.word(1) == "bit" || rest.sees("a little bit") => {
                    rest.advance(if rest.word(1) == "bit" { 1 } else { 2 })
                }
                "a" if rest.word(1) == "little"
                    && !rest.is_end()
                    && self.verb.is_some_and(|verb| matches!(verb.lemma, "be" | "feel")) =>
                {
                    rest.advance(1)
                }
                word if is_adverb(word) => {}
                _ => return Some(()),
            }
            rest.advance(1);
        }
    }
}

fn is_adverb(word: &str) -> bool {
    ADVERBS.binary_search(&word).is_ok()
}

/// Adverbs that leave a claim what it is, in ascending order.
#[rustfmt::skip]
const ADVERBS: [&str; 78] = [
    "absolutely", "actually", "all", "already", "also", "always", "badly", "basically", "both", "certainly",
    "constantly", "currently", "daily", "deeply", "definitely", "especially", "even", "eventually",
    "extremely", "finally", "firmly", "formerly", "frequently", "full-time", "fully", "generally",
    "genuinely", "greatly", "happily", "highly", "honestly", "incredibly", "initially", "kinda", "legally",
    "mainly", "mildly", "mostly", "much", "normally", "now", "obviously", "officially", "often", "once",
    "only", "originally", "part-time", "particularly", "personally", "pretty", "previously", "primarily",
    "proudly", "quite", "rather", "really", "regularly", "secretly", "seriously", "severely", "simply",
    "slightly", "so", "sometimes", "still", "strongly", "super", "terribly", "then", "thoroughly", "too",
    "totally", "truly", "typically", "usually", "very", "well",
];

/// The verb at the cursor with its tense, from which the cursor is moved on.
pub(super) fn voice(rest: &mut Cursor<'_, '_>) -> Option<Voice> {
    let mut voice = Voice::new();
    voice.between(rest)?;
    let word = rest.word(0);
    match word {
        "am" | "is" | "are" | "'s" | "was" | "were" => be(rest, &mut voice)?,
        "have" | "has" | "had" => have(rest, &mut voice)?,
        "do" | "does" | "did" => {
            rest.advance(1);
            voice.between(rest)?;
            base(rest, &mut voice, if word == "did" { Tense::Past } else { Tense::Present })?;
        }
        "will" => {
            rest.advance(1);
            voice.between(rest)?;
            voice.tense = Tense::Future;
        }
        "can" => {
            rest.advance(1);
            voice.between(rest)?;
            able(rest, &mut voice)?;
        }
        "might" | "may" => maybe(rest, &mut voice)?,
        "used" if rest.word(1) == "to" => {
            rest.advance(2);
            voice.between(rest)?;
            base(rest, &mut voice, Tense::Former)?;
        }
        _ => finite(rest, &mut voice)?,
    }
    voice.adverbs(rest)?;
    voice.ended |= voice.negated && is_anymore(*rest);
    // "since I was six" is no time that can be told, but it lasts.
    const SINCE_MAX: usize = 16;
    voice.always |= (0..SINCE_MAX).any(|ahead| rest.word(ahead) == "since");
    Some(voice)
}

/// "I don't ... anymore"
fn is_anymore(rest: Cursor<'_, '_>) -> bool {
    const WORDS_MAX: usize = 24;
    (0..WORDS_MAX)
        .map_while(|ahead| rest.token(ahead).map(|token| (token, rest.word(ahead + 1))))
        .take_while(|(token, _)| token.sort != Sort::Pause && !matches!(token.word, "and" | "but"))
        .any(|(token, next)| {
            token.word == "anymore" || (token.word == "any" && matches!(next, "more" | "longer"))
        })
}

fn finite(rest: &mut Cursor<'_, '_>, voice: &mut Voice) -> Option<()> {
    let verb = verb(rest.word(0))?;
    voice.tense = match verb.form {
        // "I quit" tells of the past.
        Form::Base if verb.lemma == "quit" => Tense::Past,
        Form::Base | Form::Third => Tense::Present,
        Form::Past => Tense::Past,
        Form::Ing => return None,
    };
    voice.verb = Some(verb);
    rest.advance(1);
    Some(())
}

fn base(rest: &mut Cursor<'_, '_>, voice: &mut Voice, tense: Tense) -> Option<()> {
    let verb = verb(rest.word(0)).filter(|verb| verb.form == Form::Base)?;
    voice.verb = Some(verb);
    voice.tense = tense;
    rest.advance(1);
    Some(())
}

fn be(rest: &mut Cursor<'_, '_>, voice: &mut Voice) -> Option<()> {
    let past = matches!(rest.word(0), "was" | "were");
    let contracted = rest.word(0) == "'s";
    rest.advance(1);
    if contracted && rest.eat("been") {
        return been(rest, voice);
    }
    if contracted && rest.eat("got") {
        return possess(voice);
    }
    voice.between(rest)?;
    if rest.sees("going to")
        && !rest.is_capital(2)
        && !matches!(rest.word(2), "the" | "a" | "my" | "bed" | "work" | "")
    {
        rest.advance(2);
        // "I was going to" is a plan that came to nothing.
        voice.tense = Tense::Future;
        return (!past).then_some(());
    }
    match verb(rest.word(0)).filter(|verb| verb.form == Form::Ing) {
        Some(verb) => {
            rest.advance(1);
            voice.verb = Some(verb);
            voice.tense = if past { Tense::PastProgressive } else { Tense::Progressive };
        }
        None => {
            voice.verb = verb("be");
            voice.tense = if past { Tense::Past } else { Tense::Present };
        }
    }
    Some(())
}

fn possess(voice: &mut Voice) -> Option<()> {
    voice.verb = verb("have");
    Some(())
}

fn been(rest: &mut Cursor<'_, '_>, voice: &mut Voice) -> Option<()> {
    voice.between(rest)?;
    match verb(rest.word(0)).filter(|verb| verb.form == Form::Ing) {
        Some(verb) => {
            rest.advance(1);
            voice.verb = Some(verb);
            voice.tense = Tense::PerfectProgressive;
        }
        None if rest.word(0) == "to" => {
            // "have been to X" is "have visited X".
            rest.advance(1);
            voice.verb = verb("visit");
            voice.tense = Tense::Perfect;
        }
        None => {
            voice.verb = verb("be");
            voice.tense = Tense::Perfect;
        }
    }
    Some(())
}

fn have(rest: &mut Cursor<'_, '_>, voice: &mut Voice) -> Option<()> {
    let past = rest.word(0) == "had";
    let form = if rest.word(0) == "has" { Form::Third } else { Form::Base };
    rest.advance(1);
    voice.between(rest)?;
    match rest.word(0) {
        "to" => return None,
        "got"
            if rest.word(1) != "to"
                && !past
                && !matches!(rest.word(1), "married" | "divorced" | "engaged" | "hired" | "promoted") =>
        {
            rest.advance(1);
            return possess(voice);
        }
        "been" => {
            rest.advance(1);
            return if past { None } else { been(rest, voice) };
        }
        _ => {}
    }
    if let Some(verb) = verb(rest.word(0))
        .filter(|verb| verb.form == Form::Past || verb.lemma == "read" || verb.lemma == "quit")
    {
        rest.advance(1);
        voice.verb = Some(verb);
        voice.tense = Tense::Perfect;
        return (!past).then_some(());
    }
    voice.verb = verb("have").map(|verb| Verb { form, ..verb });
    voice.tense = if past { Tense::Past } else { Tense::Present };
    Some(())
}

/// "can't stand" is a dislike; "can speak" is to speak.
fn able(rest: &mut Cursor<'_, '_>, voice: &mut Voice) -> Option<()> {
    if voice.negated && (rest.eat("stand") || rest.eat("bear")) {
        voice.negated = false;
        voice.verb = verb("hate");
        return Some(());
    }
    if rest.word(0) == "speak" {
        return base(rest, voice, Tense::Present);
    }
    voice.tense = Tense::Able;
    Some(())
}

/// "might live" is a guess at what is; "might buy" at what will be.
fn maybe(rest: &mut Cursor<'_, '_>, voice: &mut Voice) -> Option<()> {
    rest.advance(1);
    voice.hedged = true;
    voice.between(rest)?;
    if rest.word(0) == "have" && verb(rest.word(1)).is_some_and(|verb| verb.form == Form::Past) {
        return None;
    }
    match verb(rest.word(0)) {
        Some(verb) if is_state(verb.lemma) => base(rest, voice, Tense::Present),
        _ => {
            voice.tense = Tense::Future;
            Some(())
        }
    }
}

fn is_state(lemma: &str) -> bool {
    matches!(
        lemma,
        "be" | "have" | "live" | "work" | "like" | "love" | "prefer" | "need" | "own" | "know" | "speak"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn adverbs_are_sorted() {
        assert!(super::ADVERBS.is_sorted());
    }
}
