//! The steps of `conformance/retrieval/`: questions with all they can ask for, and why something did not come back.

use ebbmark::{
    Absence, Condition, Error, Facet, Filter, Hit, Order, Period, Query, StandingKind, Tenant, Trust, View,
};
use serde_json::{Value as Json, json};

use super::{
    KINDS, ROLES, Run, SORTS, Shown, TRUSTS, filter, lower, moment, named, strings, text, value, vector,
};

const STANDINGS: [StandingKind; 3] =
    [StandingKind::Unsubstantiated, StandingKind::Substantiated, StandingKind::Historical];
const ORDERS: [Order; 3] = [Order::Relevance, Order::Newest, Order::Oldest];

/// A condition: one field names what is asked, `{"kind": "skill"}`; `and`, `or` and `not` join others.
fn condition(json: &Json) -> Condition {
    let all = |of: &Json| of.as_array().unwrap().iter().map(condition).collect();
    let (asked, of) =
        json.as_object().unwrap().iter().find(|(name, _)| !COMPARISONS.contains(&name.as_str())).unwrap();
    let name = || text(of).unwrap();
    let period = || Period { from: moment(&of[0]), to: moment(&of[1]) };
    let shares = || of[0].as_f64().unwrap() as f32..=of[1].as_f64().unwrap() as f32;
    match asked.as_str() {
        "and" => Condition::All(all(of)),
        "or" => Condition::Any(all(of)),
        "not" => !condition(of),
        "sort" => Condition::Sort(named(&SORTS, &name())),
        "role" => Condition::Role(named(&ROLES, &name())),
        "kind" => Condition::Kind(named(&KINDS, &name())),
        "standing" => Condition::Standing(named(&STANDINGS, &name())),
        "disputed" => Condition::Disputed,
        "user" => Condition::User(name()),
        "agent" => Condition::Agent(name()),
        "session" => Condition::Session(name()),
        "speaker" => Condition::Speaker(name()),
        "subject" => Condition::Subject(name()),
        "predicate" => Condition::Predicate(name()),
        "object" => Condition::Object(name()),
        "about" => Condition::About(name()),
        "tag" => Condition::tag(name()),
        "occurred" => Condition::Occurred(period()),
        "recorded" => Condition::Recorded(period()),
        "confidence" => Condition::Confidence(shares()),
        "importance" => Condition::Importance(shares()),
        "retention" => Condition::Retention(shares()),
        "trust" => Condition::Trust(named::<Trust>(&TRUSTS, &name())),
        "field" => compared(json, Condition::field(name())),
        other => panic!("no such condition: {other}"),
    }
}

const COMPARISONS: [&str; 8] =
    ["exists", "is", "one_of", "above", "at_least", "below", "at_most", "contains"];

fn compared(json: &Json, field: ebbmark::Field) -> Condition {
    let (comparison, of) = COMPARISONS.iter().find_map(|name| Some((*name, json.get(*name)?))).unwrap();
    match comparison {
        "exists" => field.exists(),
        "is" => field.is(value(of)),
        "one_of" => field.one_of(of.as_array().unwrap().iter().map(value)),
        "above" => field.above(value(of)),
        "at_least" => field.at_least(value(of)),
        "below" => field.below(value(of)),
        "at_most" => field.at_most(value(of)),
        _ => field.contains(text(of).unwrap()),
    }
}

/// The filter of a step, with its condition.
pub(super) fn filter_of(step: &Json) -> Filter {
    let plain = filter(&step["filter"]);
    step.get("where").map_or(plain.clone(), |asked| plain.matching(condition(asked)))
}

fn query(step: &Json) -> Query {
    let mut query = Query::text(text(&step["text"]).unwrap_or_default());
    query.vector = vector(&step["vector"]);
    query.filter = filter_of(step);
    query.limit = step["limit"].as_u64().unwrap_or(100) as usize;
    query.order = step["order"].as_str().map_or(Order::Relevance, |name| named(&ORDERS, name));
    query.clustered = step["clustered"] != false;
    query.diversity = step["diversity"].as_f64().unwrap_or(0.0) as f32;
    query.view = View { valid_at: moment(&step["valid_at"]), as_of: moment(&step["as_of"]) };
    query
}

fn facet(name: &str) -> Facet {
    const FACETS: [Facet; 13] = [
        Facet::Sort,
        Facet::Role,
        Facet::Kind,
        Facet::Standing,
        Facet::Subject,
        Facet::Predicate,
        Facet::Object,
        Facet::User,
        Facet::Agent,
        Facet::Session,
        Facet::Speaker,
        Facet::Tag,
        Facet::Month,
    ];
    let known = FACETS.into_iter().find(|facet| lower(facet) == name);
    known.unwrap_or_else(|| Facet::Field(name.to_owned()))
}

impl Run {
    fn found(&self, hits: &[Hit]) -> Json {
        let ids = self.names(hits.iter().map(|hit| hit.record.id()));
        let also: Vec<Json> = hits.iter().map(|hit| self.sorted(&hit.also)).collect();
        // What is shown of a score makes the score.
        assert!(hits.iter().all(|hit| hit.score == hit.parts.score()));
        json!({"first": ids[0], "ids": ids, "also": also, "count": hits.len()})
    }

    pub(super) fn on_retrieval(&mut self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        match verb {
            "search" => Ok(self.found(&tenant.search(query(step))?)),
            "page" => {
                let cursor = step["after"].as_str().map(str::parse).transpose()?;
                let page = tenant.search_page(query(step), cursor)?;
                let mut shown = self.found(&page.hits);
                shown["next"] = page.next.map_or(Json::Null, |next| next.to_string().into());
                Ok(shown)
            }
            "explain_search" => self.read_as(tenant, step),
            "missing" => self.missing(tenant, step),
            "facets" => {
                let names = strings(&step["by"]);
                let facets: Vec<Facet> = names.iter().map(|name| facet(name)).collect();
                let limit = step["limit"].as_u64().unwrap_or(100) as usize;
                let counts = tenant.facets(&filter_of(step), &facets, limit)?;
                let values: Json = counts.iter().map(|counts| json!(counts.values)).collect();
                let more: Vec<u64> = counts.iter().map(|counts| counts.more).collect();
                let without: Vec<u64> = counts.iter().map(|counts| counts.without).collect();
                Ok(json!({"values": values, "more": more, "without": without}))
            }
            other => panic!("no such verb: {other}"),
        }
    }

    fn read_as(&self, tenant: &Tenant, step: &Json) -> Shown {
        let explained = tenant.explain_search(query(step))?;
        let days = |period: &Period| {
            [period.from, period.to].map(|moment| moment.map(|moment| moment.as_micros() / 1_000_000))
        };
        let dates: Vec<_> = explained.dates.iter().map(days).collect();
        Ok(json!({
            "names": explained.names, "aliases": explained.aliases, "own": explained.own, "dates": dates,
            "when": explained.asks_when, "quotes": explained.quotes, "accepted": explained.accepted,
        }))
    }

    fn missing(&self, tenant: &Tenant, step: &Json) -> Result<Json, Error> {
        let absence = tenant.explain_missing(query(step), self.id(step))?;
        let (mut rank, mut with) = (Json::Null, Json::Null);
        match &absence {
            Absence::Found { rank: at } | Absence::Outranked { rank: at, .. } => rank = (*at).into(),
            Absence::Clustered { with: hit, rank: at } => {
                rank = (*at).into();
                with = self.name(*hit);
            }
            _ => {}
        }
        let debugged = format!("{absence:?}");
        let reason = debugged.split([' ', '{', '(']).next().unwrap_or_default().to_lowercase();
        Ok(json!({"reason": reason, "rank": rank, "with": with}))
    }
}
