//! English words whose forms no ending tells: "ate" is a form of "eat".

use std::collections::HashMap;

/// A word, and its irregular forms behind it. A form that is one of another word, too, is left out: "lives", "leaves", "rose".
#[rustfmt::skip] // One line a word.
const WORDS: &[&str] = &[
    "arise arose arisen",
    "awake awoke awoken",
    "bear bore borne",
    "beat beaten",
    "become became",
    "begin began begun",
    "bend bent",
    "bet betted",
    "bind bound",
    "bite bit bitten",
    "bleed bled",
    "blow blew blown",
    "break broke broken",
    "breed bred",
    "bring brought",
    "broadcast broadcasted",
    "build built",
    "burn burnt",
    "buy bought",
    "catch caught",
    "choose chose chosen",
    "cling clung",
    "come came",
    "creep crept",
    "deal dealt",
    "dig dug",
    "draw drew drawn",
    "dream dreamt",
    "drink drank drunk",
    "drive drove driven",
    "eat ate eaten",
    "fall fell fallen",
    "feed fed",
    "feel felt",
    "fight fought",
    "find found",
    "flee fled",
    "fly flew flown",
    "forbid forbade forbidden",
    "forget forgot forgotten",
    "forgive forgave forgiven",
    "freeze froze frozen",
    "get got gotten",
    "give gave given",
    "go went gone",
    "grow grew grown",
    "hang hung",
    "hear heard",
    "hide hid hidden",
    "hold held",
    "keep kept",
    "kneel knelt",
    "know knew known",
    "lay laid",
    "lead led",
    "lean leant",
    "learn learnt",
    "leave left",
    "lend lent",
    "lose lost",
    "make made",
    "mean meant",
    "meet met",
    "mistake mistook mistaken",
    "pay paid",
    "prove proven",
    "ride rode ridden",
    "ring rang rung",
    "rise risen",
    "run ran",
    "say said",
    "see saw seen",
    "seek sought",
    "sell sold",
    "send sent",
    "sew sewn",
    "shake shook shaken",
    "shine shone",
    "shoot shot",
    "show shown",
    "shrink shrank shrunk",
    "sing sang sung",
    "sink sank sunk",
    "sit sat",
    "sleep slept",
    "slide slid",
    "speak spoke spoken",
    "speed sped",
    "spend spent",
    "spin spun",
    "spring sprang sprung",
    "stand stood",
    "steal stole stolen",
    "stick stuck",
    "sting stung",
    "strike struck stricken",
    "strive strove striven",
    "swear swore sworn",
    "sweep swept",
    "swell swollen",
    "swim swam swum",
    "swing swung",
    "take took taken",
    "teach taught",
    "tear tore torn",
    "tell told",
    "think thought",
    "throw threw thrown",
    "understand understood",
    "undergo underwent undergone",
    "upset upsetted",
    "wake woke woken",
    "wear wore worn",
    "weave wove woven",
    "weep wept",
    "win won",
    "withdraw withdrew withdrawn",
    "write wrote written",
    "child children",
    "man men",
    "woman women",
    "foot feet",
    "tooth teeth",
    "mouse mice",
    "person people",
    "goose geese",
    "wife wives",
    "knife knives",
    "half halves",
];

/// The words by their irregular forms.
pub(super) fn irregular() -> HashMap<&'static str, &'static str> {
    let mut forms = HashMap::new();
    for line in WORDS {
        let mut words = line.split(' ');
        let Some(word) = words.next() else { continue };
        forms.extend(words.map(|form| (form, word)));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::{WORDS, irregular};

    #[test]
    fn every_form_is_of_one_word_and_no_form_is_a_word_of_the_list() {
        let forms = WORDS.iter().flat_map(|line| line.split(' ').skip(1)).count();
        assert_eq!(irregular().len(), forms);
        for line in WORDS {
            let word = line.split(' ').next().unwrap_or_default();
            assert!(!irregular().contains_key(word), "{word}");
        }
    }
}
