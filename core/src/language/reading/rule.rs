//! A rule: the words after a verb, and what they say.

/// How the object of a rule is read and what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// Noun phrases, with all that hangs on them.
    Thing,
    /// As `Thing`, but nothing that one asks of the listener.
    Errand,
    /// As `Thing`, but no page.
    Sight,
    /// As `Thing`, up to what it is preferred to.
    Preferred,
    /// Noun phrases that end at a preposition.
    Place,
    /// Noun phrases of capital letters.
    Proper,
    /// A person by name.
    Name,
    /// A person by name or by relation.
    Companion,
    /// A verb phrase without its "to".
    Phrase,
    /// A gerund phrase or a noun phrase.
    Verbal,
    /// All to the end of the clause.
    Rest,
    /// Nothing is read; this is the object.
    Says(&'static str),
    /// Nothing is read; "yes", or "no" if negated.
    Yes,
    /// As `Yes`, where nothing follows.
    Bare,
    /// An occupation.
    Job,
    /// Languages.
    Languages,
    /// A medicine.
    Drug,
    /// An academic degree.
    Degree,
    /// A place of study.
    School,
    /// A club or team.
    Group,
    /// What one attends.
    EventNoun,
    /// What one breaks.
    Body,
    /// What one drives.
    Vehicle,
    /// What one owns.
    Belonging,
    /// An animal, by name if it has one.
    Pet,
    /// An adjective of feeling.
    Feeling,
    /// A place to live, by its name if it has one.
    Home,
    /// A city or country by name.
    City,
    /// A company: capital letters and no city or country.
    Employer,
    /// They/them and the like.
    Pronouns,
    /// A number with a unit.
    Measure,
    /// A number of years.
    Age,
    /// A field of work.
    Industry,
    /// A field of study.
    Subject,
    /// A noun phrase with an article.
    Determined,
    /// A place where one is for now.
    Here,
    /// What one takes up.
    Started,
    /// Another verb of the table.
    Gerund,
    /// What a person can be.
    Complement,
    /// What a person can have.
    Possession,
    /// A date or a place of birth.
    Born,
    /// A diet one is on.
    DietOn,
    /// It is passed over, and other rules of the verb go on.
    Skip,
    /// The clause says nothing.
    Silent,
}

/// How a verb's tense becomes the time of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    /// It holds: "lives". In the past tense it is over.
    State,
    /// It is done again and again: "drinks". A past tense tells of one time only, so it says nothing.
    Habit,
    /// It holds only while it is going on: "is building".
    Ongoing,
    /// It happened once: "visited".
    Event,
    /// With it a state begins: "moved to".
    Change,
    /// With it a state ends: "quit".
    End,
    /// It is true whatever the tense: "was born in".
    Fact,
}

/// Words after a verb, and what they say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) after: &'static str,
    pub(super) predicate: &'static str,
    pub(super) take: Take,
    pub(super) aspect: Aspect,
}

pub(super) const fn rule(after: &'static str, predicate: &'static str, take: Take, aspect: Aspect) -> Rule {
    Rule { after, predicate, take, aspect }
}

/// Words after which a verb says nothing.
pub(super) const fn idiom(after: &'static str) -> Rule {
    rule(after, "", Take::Silent, Aspect::State)
}
