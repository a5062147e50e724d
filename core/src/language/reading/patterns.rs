//! Which verb with which words after it says what: the table of all patterns.

use super::rule::Aspect::{Change, End, Event, Fact, Habit, Ongoing, State};
use super::rule::Take::{
    Age, Bare, Belonging, Body, Born, City, Companion, Complement, Degree, Determined, DietOn, Drug,
    Employer, Errand, EventNoun, Feeling, Gerund, Group, Here, Home, Industry, Job, Languages, Measure, Name,
    Pet, Phrase, Place, Possession, Preferred, Pronouns, Proper, Rest, Says, School, Sight, Skip, Started,
    Subject, Thing, Vehicle, Verbal, Yes,
};
use super::rule::{Rule, idiom, rule};

/// Verbs in ascending order, each with its rules; the first rule that fits counts.
#[rustfmt::skip]
pub(super) const VERBS: [(&str, &[Rule]); 113] = [
    ("adopt", &[
        rule("", "adopted", Thing, Event),
    ]),
    ("adore", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to think"),
        idiom("to say"), idiom("to believe"), idiom("to see"), idiom("the way"), idiom("what"), idiom("you"),
        idiom("him"), idiom("her"), idiom("them"), idiom("the idea"), idiom("the fact"), idiom("where"),
        idiom("to admit"), idiom("being able"), idiom("to pretend"), rule("to", "likes", Phrase, Habit),
        rule("", "likes", Thing, Habit),
    ]),
    ("attend", &[
        rule("", "studies_at", School, State), rule("", "attended", Thing, Event),
        rule("", "studies_at", Proper, Fact),
    ]),
    ("be", &[
        idiom("in a meeting"), idiom("on it"), idiom("from the"), idiom("in the middle"), idiom("on my"),
        idiom("into it"), idiom("good at it"), idiom("on the"), idiom("about to"), idiom("from a"),
        idiom("at the"), idiom("in trouble"), idiom("in love"), idiom("on call"), idiom("able"),
        idiom("in charge"), idiom("from here"), idiom("from work"), rule("allergic to",
        "allergic_to", Thing, State),
        rule("intolerant to", "intolerant_to", Thing, State),
        rule("intolerant of", "intolerant_to", Thing, State),
        rule("originally from", "hometown", Place, Fact), rule("from", "hometown", Place, Fact),
        rule("based out of", "lives_in", Place, State), rule("based in", "lives_in", Place, State),
        rule("located in", "lives_in", Place, State), rule("currently based in", "lives_in", Place, State),
        rule("a resident of", "lives_in", Place, State), rule("a native of", "hometown", Place, Fact),
        rule("born and raised in", "grew_up_in", Place, Fact), rule("born", "", Born, Fact),
        rule("raised in", "grew_up_in", Place, Fact), rule("brought up in", "grew_up_in", Place, Fact),
        rule("employed by", "works_at", Place, State), rule("employed at", "works_at", Place, State),
        rule("hired by", "works_at", Place, Change), rule("hired at", "works_at", Place, Change),
        rule("hired as", "job_title", Job, Change), rule("promoted to", "job_title", Job, Change),
        rule("employed as", "job_title", Job, State), rule("laid off from", "works_at", Place, End),
        rule("fired from", "works_at", Place, End), rule("laid off by", "works_at", Place, End),
        rule("fired by", "works_at", Place, End), rule("enrolled at", "studies_at", Place, State),
        rule("enrolled in", "studies_at", School, State), rule("enrolled in", "studies", Thing, State),
        rule("a student at", "studies_at", Place, State),
        rule("a phd student at", "studies_at", Place, State),
        rule("an undergraduate at", "studies_at", Place, State),
        rule("a graduate student at", "studies_at", Place, State),
        rule("a medical student at", "studies_at", Place, State),
        rule("a law student at", "studies_at", Place, State), rule("student at", "studies_at", Place, State),
        rule("majoring in", "studies", Thing, State), rule("a graduate of", "graduated_from", Place, Fact),
        rule("an alumnus of", "graduated_from", Place, Fact), rule("married to", "partner", Name, State),
        rule("engaged to", "partner", Name, State), rule("dating", "partner", Name, State),
        rule("in a relationship with", "partner", Name, State), rule("friends with", "friend", Name, State),
        rule("best friends with", "best_friend", Name, State),
        rule("roommates with", "roommate", Name, State), rule("neighbours with", "neighbour", Name, State),
        rule("really into", "likes", Thing, Habit), rule("into", "likes", Thing, Habit),
        rule("no fan of", "dislikes", Thing, Habit), rule("a fan of", "likes", Thing, Habit),
        rule("a big fan of", "likes", Thing, Habit), rule("a huge fan of", "likes", Thing, Habit),
        rule("a great fan of", "likes", Thing, Habit), rule("a lover of", "likes", Thing, Habit),
        rule("a massive fan of", "likes", Thing, Habit), rule("fond of", "likes", Thing, Habit),
        rule("keen on", "likes", Thing, Habit), rule("crazy about", "likes", Thing, Habit),
        rule("mad about", "likes", Thing, Habit), rule("passionate about", "likes", Thing, Habit),
        rule("obsessed with", "likes", Thing, Habit), rule("hooked on", "likes", Thing, Habit),
        rule("partial to", "likes", Thing, Habit), rule("interested in", "interested_in", Thing, State),
        rule("curious about", "interested_in", Thing, State),
        rule("fascinated by", "interested_in", Thing, State), rule("good at", "proficient_in", Thing, State),
        rule("great at", "proficient_in", Thing, State), rule("skilled at", "proficient_in", Thing, State),
        rule("skilled in", "proficient_in", Thing, State),
        rule("proficient in", "proficient_in", Thing, State),
        rule("proficient with", "proficient_in", Thing, State),
        rule("proficient at", "proficient_in", Thing, State),
        rule("fluent in", "proficient_in", Thing, State),
        rule("experienced in", "proficient_in", Thing, State),
        rule("experienced with", "proficient_in", Thing, State),
        rule("competent in", "proficient_in", Thing, State), rule("an expert in", "expert_at", Thing, State),
        rule("an expert at", "expert_at", Thing, State), rule("an expert on", "expert_at", Thing, State),
        rule("expert in", "expert_at", Thing, State), rule("expert at", "expert_at", Thing, State),
        rule("a member of", "member_of", Thing, State), rule("part of", "member_of", Group, State),
        rule("in", "member_of", Group, State), rule("on", "member_of", Group, State),
        rule("diagnosed with", "has_condition", Thing, Change), idiom("living with"),
        rule("on", "takes_medication", Drug, State), rule("prescribed", "takes_medication", Drug, Change),
        rule("on", "diet", DietOn, State), rule("against", "opposes", Thing, State),
        rule("opposed to", "opposes", Thing, State), rule("in favor of", "supports_cause", Thing, State),
        rule("in favour of", "supports_cause", Thing, State), rule("planning to", "plans_to", Phrase, State),
        rule("planning on", "plans_to", Verbal, State), rule("hoping to", "hopes", Phrase, State),
        rule("named", "name", Proper, Fact), rule("called", "name", Proper, Fact),
        rule("known as", "nickname", Proper, Fact), rule("nicknamed", "nickname", Proper, Fact),
        rule("the founder of", "founded", Thing, Fact), rule("the co-founder of", "founded", Thing, Fact),
        rule("in", "located_in", Here, State), rule("visiting", "located_in", Here, State),
        rule("back in", "located_in", Here, State), rule("staying in", "located_in", Here, State),
        rule("", "", Complement, State),
    ]),
    ("become", &[
        rule("", "", Complement, Change),
    ]),
    ("begin", &[
        rule("working at", "works_at", Place, Change), rule("working for", "works_at", Place, Change),
        rule("working as", "job_title", Job, Change), rule("to", "", Gerund, Change),
        rule("", "", Gerund, Change),
    ]),
    ("believe", &[
        idiom("me"), idiom("it"), idiom("you"), idiom("so"), idiom("this"), idiom("in you"), idiom("in me"),
        rule("in", "believes", Thing, State), rule("that", "believes", Rest, State),
        rule("", "believes", Rest, State),
    ]),
    ("belong", &[
        rule("to", "member_of", Group, State),
    ]),
    ("break", &[
        idiom("up"), idiom("down"), idiom("even"), idiom("into"), idiom("out"), idiom("the ice"),
        idiom("the record"), idiom("my heart"), rule("", "broke", Body, Event),
    ]),
    ("build", &[
        rule("", "works_on", Thing, Ongoing),
    ]),
    ("buy", &[
        idiom("it"), idiom("into"), idiom("time"), idiom("that"), idiom("this"),
        rule("", "bought", Thing, Event),
    ]),
    ("change", &[
        rule("my name to", "name", Proper, Change), rule("jobs to", "works_at", Proper, Change),
    ]),
    ("co-found", &[
        rule("", "founded", Thing, Event),
    ]),
    ("code", &[
        rule("in", "uses", Thing, Habit),
    ]),
    ("cofound", &[
        rule("", "founded", Thing, Event),
    ]),
    ("collect", &[
        rule("", "collects", Thing, Habit),
    ]),
    ("come", &[
        idiom("from the"), idiom("from a"), idiom("from an"), rule("from", "hometown", Proper, Fact),
    ]),
    ("complete", &[
        rule("", "completed", Thing, Event),
    ]),
    ("consider", &[
        idiom("it"), idiom("myself"), idiom("this"), idiom("that"), idiom("you"),
        rule("", "considering", Verbal, Ongoing),
    ]),
    ("create", &[
        rule("", "works_on", Thing, Ongoing),
    ]),
    ("date", &[
        rule("", "partner", Name, Ongoing),
    ]),
    ("despise", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to say"),
        idiom("to think"), idiom("to admit"), idiom("you"), idiom("him"), idiom("her"), idiom("them"),
        idiom("to break"), idiom("to see"), idiom("to ask"), idiom("to bother"), idiom("being"),
        idiom("what"), idiom("to tell"), idiom("the way"), idiom("the fact"),
        rule("to", "dislikes", Phrase, Habit), rule("", "dislikes", Thing, Habit),
    ]),
    ("detest", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to say"),
        idiom("to think"), idiom("to admit"), idiom("you"), idiom("him"), idiom("her"), idiom("them"),
        idiom("to break"), idiom("to see"), idiom("to ask"), idiom("to bother"), idiom("being"),
        idiom("what"), idiom("to tell"), idiom("the way"), idiom("the fact"),
        rule("to", "dislikes", Phrase, Habit), rule("", "dislikes", Thing, Habit),
    ]),
    ("develop", &[
        rule("", "works_on", Thing, Ongoing),
    ]),
    ("dislike", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to say"),
        idiom("to think"), idiom("to admit"), idiom("you"), idiom("him"), idiom("her"), idiom("them"),
        idiom("to break"), idiom("to see"), idiom("to ask"), idiom("to bother"), idiom("being"),
        idiom("what"), idiom("to tell"), idiom("the way"), idiom("the fact"),
        rule("to", "dislikes", Phrase, Habit), rule("", "dislikes", Thing, Habit),
    ]),
    ("doubt", &[
        idiom("it"), idiom("you"), rule("that", "doubts", Rest, State), rule("", "doubts", Rest, State),
    ]),
    ("drink", &[
        idiom("like"), rule("alcohol", "drinks_alcohol", Yes, Habit), rule("", "drinks", Thing, Habit),
        rule("", "drinks_alcohol", Bare, Habit),
    ]),
    ("drive", &[
        idiom("to"), idiom("home"), idiom("me"), idiom("past"), idiom("by"), idiom("through"), idiom("for"),
        idiom("carefully"), idiom("people"), rule("", "drives", Vehicle, Habit),
    ]),
    ("earn", &[
        rule("", "degree", Degree, Fact),
    ]),
    ("eat", &[
        idiom("out"), idiom("it"), idiom("that"), idiom("this"), idiom("well"), idiom("like"), idiom("up"),
        idiom("at"), idiom("too"), rule("", "eats", Thing, Habit),
    ]),
    ("enjoy", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to think"),
        idiom("to say"), idiom("to believe"), idiom("to see"), idiom("the way"), idiom("what"), idiom("you"),
        idiom("him"), idiom("her"), idiom("them"), idiom("the idea"), idiom("the fact"), idiom("where"),
        idiom("to admit"), idiom("being able"), idiom("to pretend"), rule("to", "likes", Phrase, Habit),
        rule("", "likes", Thing, Habit),
    ]),
    ("enrol", &[
        rule("at", "studies_at", Place, Change), rule("in", "studies_at", School, Change),
        rule("in", "studies", Thing, Change),
    ]),
    ("enroll", &[
        rule("at", "studies_at", Place, Change), rule("in", "studies_at", School, Change),
        rule("in", "studies", Thing, Change),
    ]),
    ("expect", &[
        idiom("it"), idiom("you"), idiom("that"), idiom("nothing"), idiom("so"),
        rule("to", "expects", Phrase, State), rule("", "expects", Determined, State),
    ]),
    ("experience", &[
        rule("", "experienced", Thing, Event),
    ]),
    ("fall", &[
        rule("in love with", "likes", Thing, Change),
    ]),
    ("feel", &[
        idiom("like"), idiom("free"), idiom("as"), idiom("bad for"), idiom("sorry"), idiom("the"),
        idiom("it"), idiom("that"), idiom("good about"), rule("", "feels", Feeling, State),
    ]),
    ("finish", &[
        idiom("it"), idiom("up"), idiom("work"), idiom("that"), idiom("this"), idiom("early"),
        rule("writing", "completed", Thing, Event), rule("reading", "completed", Thing, Event),
        rule("building", "completed", Thing, Event), rule("", "completed", Thing, Event),
    ]),
    ("fly", &[
        rule("to", "visited", Proper, Event),
    ]),
    ("follow", &[
        rule("", "diet", DietOn, State),
    ]),
    ("found", &[
        rule("", "founded", Thing, Event),
    ]),
    ("get", &[
        idiom("it"), idiom("up"), idiom("to"), idiom("back"), idiom("out"), idiom("in"), idiom("over"),
        idiom("rid"), idiom("along"), idiom("lost"), idiom("into"), idiom("the joke"), idiom("the point"),
        rule("married to", "partner", Name, Change),
        rule("married", "marital_status", Says("married"), Change),
        rule("divorced", "marital_status", Says("divorced"), Change),
        rule("engaged to", "partner", Name, Change),
        rule("engaged", "marital_status", Says("engaged"), Change),
        rule("a job at", "works_at", Place, Change), rule("a new job at", "works_at", Place, Change),
        rule("a job with", "works_at", Place, Change), rule("a job as", "job_title", Job, Change),
        rule("a new job as", "job_title", Job, Change), rule("a job in", "industry", Thing, Change),
        rule("hired by", "works_at", Place, Change), rule("hired at", "works_at", Place, Change),
        rule("hired as", "job_title", Job, Change), rule("promoted to", "job_title", Job, Change),
        rule("fired from", "works_at", Place, End), rule("laid off from", "works_at", Place, End),
        rule("diagnosed with", "has_condition", Thing, Change), rule("", "degree", Degree, Fact),
        rule("", "pet", Pet, Change), rule("a new", "bought", Belonging, Event),
    ]),
    ("give", &[
        idiom("up on"), rule("up", "", Gerund, End),
    ]),
    ("go", &[
        idiom("to bed"), idiom("to sleep"), idiom("to work"), idiom("to school"),
        rule("by", "nickname", Proper, Fact), rule("to", "studies_at", School, State),
        rule("back to", "visited", Proper, Event), rule("to", "attended", EventNoun, Event),
        rule("to", "visited", Proper, Event), rule("on a trip to", "visited", Proper, Event),
        rule("on vacation to", "visited", Proper, Event), rule("on holiday to", "visited", Proper, Event),
        rule("vegan", "diet", Says("vegan"), Change), rule("vegetarian", "diet", Says("vegetarian"), Change),
    ]),
    ("graduate", &[
        rule("from", "graduated_from", Place, Event), idiom("in"),
    ]),
    ("grow", &[
        rule("up in", "grew_up_in", Place, Fact),
    ]),
    ("hate", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to say"),
        idiom("to think"), idiom("to admit"), idiom("you"), idiom("him"), idiom("her"), idiom("them"),
        idiom("to break"), idiom("to see"), idiom("to ask"), idiom("to bother"), idiom("being"),
        idiom("what"), idiom("to tell"), idiom("the way"), idiom("the fact"),
        rule("to", "dislikes", Phrase, Habit), rule("", "dislikes", Thing, Habit),
    ]),
    ("have", &[
        rule("", "", Possession, State),
    ]),
    ("hold", &[
        rule("", "degree", Degree, Fact),
    ]),
    ("hope", &[
        idiom("so"), idiom("not"), idiom("that"), idiom("you"), idiom("it"), idiom("this"),
        idiom("everyone"), idiom("we"), idiom("i"), idiom("for"), idiom("to hear"),
        rule("to", "hopes", Phrase, State),
    ]),
    ("intend", &[
        rule("to", "plans_to", Phrase, State),
    ]),
    ("join", &[
        idiom("us"), idiom("me"), idiom("you"), idiom("the call"), idiom("the meeting"), idiom("in"),
        rule("", "member_of", Group, Change), rule("", "works_at", Proper, Change),
        rule("as", "job_title", Job, Change),
    ]),
    ("know", &[
        rule("how to", "can", Phrase, State),
    ]),
    ("land", &[
        rule("a job at", "works_at", Place, Change), rule("a job with", "works_at", Place, Change),
        rule("a job as", "job_title", Job, Change), rule("a role at", "works_at", Place, Change),
        rule("a position at", "works_at", Place, Change),
    ]),
    ("lead", &[
        rule("", "manages", Thing, State),
    ]),
    ("learn", &[
        idiom("that"), idiom("about"), idiom("a lot"), idiom("from"), idiom("of"), idiom("more"),
        idiom("it"), idiom("so"), rule("how to", "learning", Phrase, Ongoing),
        rule("to", "learning", Phrase, Ongoing), rule("about", "learning", Thing, Ongoing),
        rule("", "learning", Thing, Ongoing),
    ]),
    ("leave", &[
        rule("", "lives_in", City, End), rule("my job at", "works_at", Place, End),
        rule("my position at", "works_at", Place, End), idiom("it"), idiom("me"), idiom("the house"),
        idiom("for"), idiom("at"), idiom("work"), idiom("home"), idiom("early"), idiom("the office"),
        idiom("my"), idiom("a"), idiom("you"), idiom("him"), idiom("her"), idiom("them"), idiom("this"),
        rule("my job at", "works_at", Place, End), rule("", "works_at", Employer, End),
    ]),
    ("like", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to think"),
        idiom("to say"), idiom("to believe"), idiom("to see"), idiom("the way"), idiom("what"), idiom("you"),
        idiom("him"), idiom("her"), idiom("them"), idiom("the idea"), idiom("the fact"), idiom("where"),
        idiom("to admit"), idiom("being able"), idiom("to pretend"), rule("to", "likes", Phrase, Habit),
        rule("", "likes", Thing, Habit),
    ]),
    ("listen", &[
        rule("to", "listens_to", Thing, Habit),
    ]),
    ("live", &[
        idiom("for"), idiom("like"), idiom("by"), idiom("on"), idiom("through"), idiom("up"), idiom("under"),
        idiom("here"), idiom("there"), rule("in", "lives_in", Home, State),
        rule("at", "lives_in", Home, State), idiom("near"), rule("with", "lives_with", Companion, State),
        idiom("alone"),
    ]),
    ("loathe", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to say"),
        idiom("to think"), idiom("to admit"), idiom("you"), idiom("him"), idiom("her"), idiom("them"),
        idiom("to break"), idiom("to see"), idiom("to ask"), idiom("to bother"), idiom("being"),
        idiom("what"), idiom("to tell"), idiom("the way"), idiom("the fact"),
        rule("to", "dislikes", Phrase, Habit), rule("", "dislikes", Thing, Habit),
    ]),
    ("look", &[
        idiom("forward to"),
    ]),
    ("love", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("how"), idiom("when"), idiom("to think"),
        idiom("to say"), idiom("to believe"), idiom("to see"), idiom("the way"), idiom("what"), idiom("you"),
        idiom("him"), idiom("her"), idiom("them"), idiom("the idea"), idiom("the fact"), idiom("where"),
        idiom("to admit"), idiom("being able"), idiom("being stuck"), idiom("to pretend"),
        rule("to", "likes", Phrase, Habit),
        rule("", "likes", Thing, Habit),
    ]),
    ("major", &[
        rule("in", "studies", Thing, State),
    ]),
    ("make", &[
        idiom(""),
    ]),
    ("manage", &[
        idiom("to"), idiom("it"), idiom("without"), idiom("my time"), idiom("expectations"),
        rule("", "manages", Thing, State),
    ]),
    ("marry", &[
        rule("", "partner", Name, Change),
    ]),
    ("master", &[
        rule("", "expert_at", Thing, Fact),
    ]),
    ("meet", &[
        idiom("up"), idiom("with"), idiom("you"), idiom("the deadline"), idiom("my goal"),
        rule("", "met", Companion, Event),
    ]),
    ("move", &[
        idiom("in together"), idiom("on"), idiom("out"), idiom("forward"), idiom("house"), idiom("the"),
        idiom("it"), rule("back to", "lives_in", Home, Change), rule("over to", "lives_in", Home, Change),
        rule("here to", "lives_in", Home, Change), rule("to", "lives_in", Home, Change),
        rule("in with", "lives_with", Companion, Change), rule("into", "lives_in", Place, Change),
        rule("from", "", Skip, Change),
    ]),
    ("need", &[
        idiom("me"), idiom("us"), idiom("it"), idiom("that"), idiom("this"), idiom("you"), idiom("help"),
        idiom("your"), idiom("advice"), idiom("some help"), idiom("some advice"), idiom("a hand"),
        idiom("to"), idiom("more time"), idiom("time"), idiom("someone"), idiom("a favor"),
        idiom("a favour"), idiom("ideas"), idiom("a break"), idiom("info"), idiom("more"),
        idiom("assistance"), idiom("directions"), idiom("him"), idiom("her"), idiom("them"),
        rule("", "needs", Errand, State),
    ]),
    ("oppose", &[
        rule("", "opposes", Thing, State),
    ]),
    ("own", &[
        rule("", "pet", Pet, State), rule("", "owns", Thing, State),
    ]),
    ("plan", &[
        idiom("for"), idiom("on it"), idiom("ahead"), idiom("my"), idiom("a"), idiom("the"),
        rule("to", "plans_to", Phrase, State), rule("on", "plans_to", Verbal, State),
    ]),
    ("play", &[
        idiom("by"), idiom("with"), idiom("around"), idiom("along"), idiom("a role"), idiom("a part"),
        idiom("it"), idiom("in"), idiom("for"), idiom("against"), idiom("at"), idiom("well"), idiom("dumb"),
        idiom("nice"), idiom("fair"), idiom("one"), rule("", "plays", Thing, Habit),
    ]),
    ("prefer", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("not"), idiom("if"), idiom("when"), idiom("you"),
        rule("to", "prefers", Phrase, Habit), rule("", "prefers", Preferred, Habit),
    ]),
    ("program", &[
        rule("in", "uses", Thing, Habit),
    ]),
    ("purchase", &[
        rule("", "bought", Thing, Event),
    ]),
    ("quit", &[
        rule("my job at", "works_at", Place, End), idiom("my job"), idiom("the job"),
        rule("my job at", "works_at", Place, End), rule("", "", Gerund, End),
        rule("", "works_at", Employer, End),
    ]),
    ("read", &[
        idiom("it"), idiom("that"), idiom("about"), idiom("the"), idiom("your"), idiom("this"),
        idiom("through"), idiom("you"), idiom("an article"), idiom("somewhere"), idiom("up"),
        rule("", "reads", Thing, Habit),
    ]),
    ("relocate", &[
        rule("from", "", Skip, Change), rule("back to", "lives_in", Place, Change),
        rule("to", "lives_in", Place, Change),
    ]),
    ("report", &[
        rule("to", "manager", Name, State),
    ]),
    ("reside", &[
        rule("in", "lives_in", Place, State),
    ]),
    ("resign", &[
        rule("from my job at", "works_at", Place, End), rule("from", "works_at", Proper, End),
    ]),
    ("retire", &[
        rule("from", "works_at", Proper, End), rule("", "employment_status", Says("retired"), Change),
    ]),
    ("run", &[
        idiom("a"),
    ]),
    ("sell", &[
        idiom("it"), idiom("out"), idiom("well"), rule("", "sold", Thing, Event),
    ]),
    ("settle", &[
        idiom("for"), idiom("the"), rule("down in", "lives_in", Place, Change),
        rule("in", "lives_in", Place, Change),
    ]),
    ("smoke", &[
        rule("cigarettes", "smokes", Yes, Habit), rule("a pack", "smokes", Yes, Habit),
        rule("a lot", "smokes", Yes, Habit), rule("regularly", "smokes", Yes, Habit), idiom("weed"),
        rule("", "smokes", Bare, Habit),
    ]),
    ("speak", &[
        idiom("to"), idiom("with"), idiom("up"), idiom("about"), idiom("at"), idiom("of"), idiom("for"),
        idiom("your"), idiom("too"), rule("", "speaks", Languages, State),
    ]),
    ("start", &[
        idiom("to think"), idiom("to feel"), idiom("to see"), idiom("it"), idiom("the"), idiom("thinking"),
        idiom("wondering"), idiom("feeling"), rule("a company called", "founded", Proper, Event),
        rule("a business called", "founded", Proper, Event),
        rule("my own company called", "founded", Proper, Event), rule("at", "works_at", Place, Change),
        rule("a job at", "works_at", Place, Change), rule("a new job at", "works_at", Place, Change),
        rule("a new job as", "job_title", Job, Change), rule("a job as", "job_title", Job, Change),
        rule("my job at", "works_at", Place, Change), rule("my new job at", "works_at", Place, Change),
        rule("work at", "works_at", Place, Change), rule("as", "job_title", Job, Change),
        rule("to", "", Gerund, Change), rule("", "", Gerund, Change), rule("", "started", Started, Change),
    ]),
    ("stay", &[
        rule("in", "located_in", Proper, Ongoing),
    ]),
    ("stop", &[
        idiom("by"), idiom("it"), idiom("at"), idiom("in"), rule("", "", Gerund, End),
    ]),
    ("study", &[
        idiom("for"), idiom("hard"), idiom("a lot"), idiom("with"), idiom("late"), idiom("abroad"),
        rule("at", "studies_at", Place, State), idiom("to become"), idiom("to be"), idiom("in"),
        rule("", "learning", Languages, State), rule("", "studies", Subject, State),
    ]),
    ("suffer", &[
        rule("from", "has_condition", Thing, State),
    ]),
    ("supervise", &[
        rule("", "manages", Thing, State),
    ]),
    ("support", &[
        idiom("it"), idiom("that"), idiom("this"), idiom("you"), idiom("him"), idiom("her"), idiom("them"),
        idiom("me"), rule("", "supports_cause", Thing, State),
    ]),
    ("switch", &[
        idiom("off"), idiom("on"), idiom("it"), idiom("gears"), idiom("back"),
        rule("from", "", Skip, Change), rule("over to", "uses", Thing, Change),
        rule("to", "uses", Thing, Change),
    ]),
    ("take", &[
        idiom("it"), idiom("care"), idiom("a look"), idiom("place"), idiom("part"), idiom("the"),
        rule("a trip to", "visited", Proper, Event), rule("up", "started", Thing, Change),
        rule("a job at", "works_at", Place, Change), rule("a job with", "works_at", Place, Change),
        rule("", "takes_medication", Drug, State),
    ]),
    ("teach", &[
        idiom("me"), idiom("you"), idiom("him"), idiom("her"), idiom("them"), idiom("at"), idiom("us"),
        idiom("in"), rule("", "teaches", Subject, State),
    ]),
    ("think", &[
        idiom("so"), idiom("not"), idiom("it over"), idiom("twice"),
        rule("about", "considering", Verbal, Ongoing), rule("of", "considering", Verbal, Ongoing),
    ]),
    ("transfer", &[
        rule("to", "works_at", Proper, Change),
    ]),
    ("travel", &[
        idiom("to work"), idiom("to the"), rule("to", "visited", Proper, Event),
        rule("around", "visited", Proper, Event), rule("through", "visited", Proper, Event),
    ]),
    ("turn", &[
        rule("", "age", Age, Change),
    ]),
    ("use", &[
        rule("", "pronouns", Pronouns, Fact), idiom("it"), idiom("that"), idiom("this"),
        idiom("the bathroom"), idiom("your"), idiom("these"), idiom("those"),
        rule("", "uses", Errand, Habit),
    ]),
    ("value", &[
        rule("", "values", Thing, State),
    ]),
    ("visit", &[
        idiom("it"), idiom("you"), idiom("your"), rule("", "located_in", Here, Ongoing),
        rule("", "visited", Sight, Event),
    ]),
    ("want", &[
        idiom("me"), idiom("us"), idiom("it"), idiom("that"), idiom("this"), idiom("you"), idiom("to know"),
        idiom("to ask"), idiom("to say"), idiom("to thank"), idiom("to make sure"), idiom("to see if"),
        idiom("to talk"), idiom("to tell"), idiom("to add"), idiom("to check"), idiom("to point"),
        idiom("to hear"), idiom("to clarify"), idiom("to confirm"), idiom("to share"), idiom("to mention"),
        idiom("to apologize"), idiom("your"), idiom("him"), idiom("her"), idiom("them"), idiom("to believe"),
        idiom("some help"), idiom("to cry"), idiom("help"), idiom("me"), idiom("to die"), idiom("nothing"),
        idiom("to be clear"), idiom("to understand"), rule("to", "wants", Phrase, State),
        rule("", "wants", Errand, State),
    ]),
    ("watch", &[
        idiom("it"), idiom("that"), idiom("out"), idiom("this"), idiom("my"), idiom("over"),
        idiom("the kids"), idiom("the time"), rule("", "watches", Thing, Habit),
    ]),
    ("weigh", &[
        idiom("the"), idiom("in"), rule("about", "weight", Measure, Fact),
        rule("around", "weight", Measure, Fact), rule("", "weight", Measure, Fact),
    ]),
    ("win", &[
        idiom("it"), idiom("out"), rule("", "won", Thing, Event),
    ]),
    ("work", &[
        idiom("out"), idiom("like"), idiom("hard"), idiom("up"), idiom("well"), idiom("best"), idiom("too"),
        idiom("my way"), idiom("it"), idiom("through"), idiom("around"), idiom("in progress"), idiom("with"),
        rule("for myself", "employment_status", Says("self-employed"), State),
        rule("for", "works_at", Place, State), rule("at home", "work_mode", Says("remote"), Habit),
        rule("at", "works_at", Place, State), rule("as", "job_title", Job, State),
        rule("from home", "work_mode", Says("remote"), Habit),
        rule("remotely", "work_mode", Says("remote"), Habit),
        rule("remote", "work_mode", Says("remote"), Habit),
        rule("fully remote", "work_mode", Says("remote"), Habit),
        rule("hybrid", "work_mode", Says("hybrid"), Habit),
        rule("in a hybrid", "work_mode", Says("hybrid"), Habit),
        rule("in the office", "work_mode", Says("on-site"), Habit),
        rule("from the office", "work_mode", Says("on-site"), Habit),
        rule("from an office", "work_mode", Says("on-site"), Habit),
        rule("in an office", "work_mode", Says("on-site"), Habit),
        rule("on-site", "work_mode", Says("on-site"), Habit),
        rule("onsite", "work_mode", Says("on-site"), Habit),
        rule("on site", "work_mode", Says("on-site"), Habit), rule("on", "works_on", Thing, State),
        rule("in", "industry", Industry, State),
    ]),
    ("write", &[
        idiom(""),
    ]),
];

#[cfg(test)]
mod tests {
    #[test]
    fn verbs_are_sorted() {
        assert!(super::VERBS.is_sorted_by_key(|(verb, _)| verb));
    }
}
