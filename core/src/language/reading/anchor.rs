//! Events by which a question tells a time: "before I moved to Porto", "since we met".

/// Words that part time at an event, and whether it is what comes after.
const SIDES: [(&str, bool); 4] = [("before", false), ("until", false), ("after", true), ("since", true)];

/// Words that an event begins with, beside names.
const WHO: [&str; 8] = ["i", "we", "you", "he", "she", "they", "my", "our"];

/// An event, and on which side of it the time lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// What happened, in the words of the question.
    pub(crate) event: String,
    /// The rest of the question.
    pub(crate) rest: String,
    /// Whether the time is after it.
    pub(crate) is_after: bool,
}

/// The event that a question tells a time by; English.
pub(crate) fn anchor(text: &str) -> Option<Anchor> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (0..words.len()).find_map(|at| {
        let word = words.get(at)?.to_lowercase();
        let (_, is_after) = SIDES.into_iter().find(|(side, _)| *side == word)?;
        let who = words.get(at + 1)?;
        if !WHO.contains(&who.to_lowercase().as_str()) && !who.starts_with(char::is_uppercase) {
            return None;
        }
        let rest = words.get(at + 1..)?;
        // The event ends with its clause.
        let end = rest.iter().position(|word| word.ends_with([',', '.', '?', '!', ';']));
        let event = rest.get(..end.map_or(rest.len(), |end| end + 1))?;
        let behind = rest.get(event.len()..)?;
        let rest = [words.get(..at)?, behind].concat().join(" ");
        (event.len() > 1).then(|| Anchor { event: event.join(" "), rest, is_after })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_clause_with_someone_in_it() {
        let read = |text: &str| anchor(text).map(|anchor| (anchor.event, anchor.is_after));
        assert_eq!(read("Where did I work before I moved?"), Some(("I moved?".to_owned(), false)));
        assert_eq!(read("After Tom left, who cooked?"), Some(("Tom left,".to_owned(), true)));
        assert_eq!(
            anchor("After Tom left, who cooked?").map(|anchor| anchor.rest).as_deref(),
            Some("who cooked?")
        );
        assert_eq!(read("What was it like before?"), None);
        assert_eq!(read("Is dinner before nine or after ten?"), None);
    }
}
