//! The built-in predicates, as data. A name comes first, then its other names.

use crate::model::{Cardinality, Kind};

/// A built-in predicate.
pub(super) struct BuiltIn {
    /// Its name and its other names, parted by spaces.
    pub(super) names: &'static str,
    pub(super) cardinality: Cardinality,
    pub(super) kind: Kind,
    /// What else is known of it.
    pub(super) more: &'static [Trait],
}

/// What else may be known of a predicate.
#[derive(Clone, Copy)]
pub(super) enum Trait {
    Slot(&'static str),
    Opposite(&'static str),
    Inverse(&'static str),
    Symmetric,
    Rank(u8),
    Bound(f32),
    Immutable,
}

use Cardinality::{Many, One};
use Kind::{
    Affiliation, Belief, Entity, Event, Fact, Hypothesis, Invariant, Preference, Skill, Social, State, Style,
};
use Trait::{Bound, Immutable, Inverse, Opposite, Rank, Slot, Symmetric};

const fn one(names: &'static str, kind: Kind) -> BuiltIn {
    BuiltIn { names, cardinality: One, kind, more: &[] }
}

const fn many(names: &'static str, kind: Kind) -> BuiltIn {
    BuiltIn { names, cardinality: Many, kind, more: &[] }
}

const fn with(built_in: BuiltIn, more: &'static [Trait]) -> BuiltIn {
    BuiltIn { more, ..built_in }
}

/// The greatest confidence of what is only supposed: below what promotion asks for.
const SUPPOSED: &[Trait] = &[Bound(0.7)];
const NEVER_CHANGES: &[Trait] = &[Immutable];
const BOTH_WAYS: &[Trait] = &[Symmetric];

#[rustfmt::skip] // One line a predicate.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    // Identity.
    one("name is_called full_name", Entity),
    many("nickname called goes_by", Entity),
    one("pronouns", Entity),
    one("gender", Entity),
    one("age", State),
    with(one("birthday born_on date_of_birth birth_date", Invariant), NEVER_CHANGES),
    with(one("birth_year year_of_birth", Invariant), NEVER_CHANGES),
    with(one("birthplace born_in place_of_birth", Invariant), NEVER_CHANGES),
    with(one("native_language mother_tongue first_language", Invariant), NEVER_CHANGES),
    with(one("hometown home_town comes_from", Invariant), NEVER_CHANGES),
    with(one("blood_type blood_group", Invariant), NEVER_CHANGES),
    with(one("eye_color eye_colour", Invariant), NEVER_CHANGES),
    with(one("zodiac_sign star_sign", Invariant), NEVER_CHANGES),
    many("nationality citizen_of citizenship", Entity),
    many("ethnicity heritage", Entity),
    many("grew_up_in raised_in", Entity),
    many("is_a instance_of is_an type_of", Entity),
    one("hair_color hair_colour", State),
    one("height", Fact),
    one("phone_number phone mobile_number", Fact),
    one("email email_address", Fact),
    one("address postal_address home_address", Fact),
    one("website homepage", Fact),
    one("timezone time_zone", Fact),
    many("username handle account_name", Fact),
    one("religion faith", Belief),
    // Work.
    one("works_at works_for employed_by employer", Affiliation),
    one("job_title works_as occupation profession job", Affiliation),
    one("industry works_in_field", Affiliation),
    one("employment_status", State),
    one("work_mode works_mode", State),
    one("salary income", Fact),
    one("team works_on_team", Affiliation),
    many("works_on working_on project", State),
    one("manager reports_to boss supervisor", Affiliation),
    many("manages supervises leads", Affiliation),
    with(many("colleague coworker works_with", Social), BOTH_WAYS),
    with(many("business_partner cofounder", Social), BOTH_WAYS),
    many("founded started_company", Event),
    many("worked_at former_employer", Event),
    // Study.
    one("studies_at enrolled_at attends_school student_at", Affiliation),
    many("studies majors_in major", Skill),
    many("degree has_degree holds_degree", Entity),
    many("graduated_from alumnus_of", Entity),
    one("school_year school_grade grade", State),
    // Home.
    one("lives_in resides_in lives_at based_in moved_to home_city", Affiliation),
    many("lives_with shares_home_with", Social),
    one("home_type type_of_home", State),
    one("rent monthly_rent", Fact),
    one("landlord", Social),
    // Family.
    with(one("partner spouse married_to wife husband girlfriend boyfriend fiance fiancee engaged_to", Social), BOTH_WAYS),
    with(many("ex_partner former_partner divorced_from", Social), BOTH_WAYS),
    one("marital_status relationship_status", State),
    one("mother mom mum", Social),
    one("father dad", Social),
    with(many("parent parent_is", Social), &[Inverse("child")]),
    with(many("child son daughter parent_of", Social), &[Inverse("parent")]),
    with(many("sibling brother sister", Social), BOTH_WAYS),
    with(many("grandparent grandmother grandfather", Social), &[Inverse("grandchild")]),
    with(many("grandchild grandson granddaughter", Social), &[Inverse("grandparent")]),
    with(many("cousin", Social), BOTH_WAYS),
    many("aunt", Social),
    many("uncle", Social),
    many("niece_or_nephew niece nephew", Social),
    many("parent_in_law mother_in_law father_in_law", Social),
    with(many("relative related_to", Social), BOTH_WAYS),
    one("number_of_children", Fact),
    one("number_of_siblings", Fact),
    many("pet has_pet dog cat", Social),
    // Social life.
    with(many("friend friend_of friends_with", Social), BOTH_WAYS),
    one("best_friend", Social),
    with(many("knows_person acquainted_with", Social), BOTH_WAYS),
    with(many("neighbour neighbor", Social), BOTH_WAYS),
    with(many("roommate flatmate housemate", Social), BOTH_WAYS),
    with(many("mentor mentored_by", Social), &[Inverse("mentee")]),
    with(many("mentee mentors", Social), &[Inverse("mentor")]),
    with(many("met", Event), BOTH_WAYS),
    many("member_of belongs_to joined", Affiliation),
    many("volunteers_at volunteers_for", Affiliation),
    many("follows subscribed_to", Preference),
    // Preferences.
    with(many("likes loves enjoys is_fond_of", Preference), &[Opposite("dislikes")]),
    with(many("dislikes hates", Preference), &[Slot("likes"), Opposite("likes")]),
    many("prefers", Preference),
    many("drinks", Preference),
    with(many("eats", Preference), &[Opposite("avoids")]),
    with(many("avoids does_not_eat", Preference), &[Slot("eats"), Opposite("eats")]),
    many("listens_to", Preference),
    many("watches", Preference),
    many("reads", Preference),
    many("plays", Preference),
    many("uses", Preference),
    many("wants wishes_for", Preference),
    many("needs", State),
    many("interested_in curious_about", Preference),
    many("hobby hobbies", Preference),
    many("collects", Preference),
    one("favorite_color favourite_colour favorite_colour", Preference),
    one("favorite_food favourite_food favorite_dish", Preference),
    one("favorite_drink favourite_drink", Preference),
    one("favorite_book favourite_book", Preference),
    one("favorite_movie favourite_movie favorite_film favourite_film", Preference),
    one("favorite_music favourite_music favorite_genre", Preference),
    one("favorite_song favourite_song", Preference),
    one("favorite_artist favourite_artist", Preference),
    one("favorite_band favourite_band", Preference),
    one("favorite_sport favourite_sport", Preference),
    one("favorite_team favourite_team", Preference),
    one("favorite_place favourite_place", Preference),
    one("favorite_city favourite_city", Preference),
    one("favorite_season favourite_season", Preference),
    one("favorite_animal favourite_animal", Preference),
    one("favorite_game favourite_game", Preference),
    one("favorite_show favourite_show favorite_series", Preference),
    one("favorite_restaurant favourite_restaurant", Preference),
    one("favorite_subject favourite_subject", Preference),
    // Beliefs.
    with(many("believes believes_in thinks", Belief), &[Opposite("doubts")]),
    with(many("doubts disbelieves", Belief), &[Slot("believes"), Opposite("believes")]),
    with(many("supports_cause in_favour_of", Belief), &[Opposite("opposes")]),
    with(many("opposes against", Belief), &[Slot("supports_cause"), Opposite("supports_cause")]),
    with(many("trusts", Belief), &[Opposite("distrusts")]),
    with(many("distrusts", Belief), &[Slot("trusts"), Opposite("trusts")]),
    many("values cares_about", Belief),
    one("political_view political_party votes_for", Belief),
    // Skills: a progression, and what can be done or not.
    with(many("learning beginner_in started_learning", Skill), &[Slot("skill"), Rank(1)]),
    with(many("proficient_in good_at fluent_in skilled_in", Skill), &[Slot("skill"), Rank(2)]),
    with(many("expert_at expert_in mastered", Skill), &[Slot("skill"), Rank(3)]),
    many("knows", Skill),
    many("speaks speaks_language", Skill),
    with(many("can is_able_to", Skill), &[Opposite("cannot")]),
    with(many("cannot is_unable_to", Skill), &[Slot("can"), Opposite("can")]),
    many("teaches", Skill),
    many("certified_in has_certificate", Skill),
    // Events.
    many("visited travelled_to traveled_to has_been_to", Event),
    many("attended", Event),
    many("bought purchased", Event),
    many("sold", Event),
    many("completed finished", Event),
    many("started began", Event),
    many("quit stopped", Event),
    many("won", Event),
    many("lost", Event),
    many("adopted", Event),
    many("broke", Event),
    many("celebrated", Event),
    many("experienced", Event),
    // States.
    one("feels mood", State),
    one("located_in currently_in", State),
    one("currently_doing current_activity", State),
    one("availability", State),
    one("status", State),
    // What may be so.
    with(many("considering thinking_about", Hypothesis), SUPPOSED),
    with(many("suspects", Hypothesis), SUPPOSED),
    with(many("expects", Hypothesis), SUPPOSED),
    with(many("might_be", Hypothesis), SUPPOSED),
    // Plans.
    many("plans_to intends_to", State),
    many("goal aims_to", State),
    many("hopes hopes_to", State),
    many("appointment has_appointment", Event),
    many("deadline due_on", Event),
    many("reminder", State),
    // Health and diet.
    many("allergic_to allergy", Fact),
    many("intolerant_to intolerance", Fact),
    many("diet follows_diet", Preference),
    many("takes_medication medication takes_medicine", State),
    many("has_condition diagnosed_with suffers_from", Fact),
    many("injured injury", Event),
    one("weight", State),
    one("smokes smoker", State),
    one("drinks_alcohol", State),
    one("doctor physician", Social),
    one("dentist", Social),
    one("sleep_schedule bedtime", State),
    many("exercises workout", State),
    // Possessions.
    many("owns has possesses", Fact),
    many("drives has_car", Fact),
    one("phone_model", Fact),
    one("operating_system", Fact),
    // What someone is like.
    many("personality trait is_described_as", Kind::Trait),
    many("strength strong_at", Kind::Trait),
    many("weakness weak_at", Kind::Trait),
    // How someone likes things said.
    one("communication_style", Style),
    one("response_length answer_length", Style),
    one("preferred_language language_preference", Style),
    one("tone preferred_tone", Style),
    one("units unit_system", Style),
    one("format preferred_format", Style),
];
