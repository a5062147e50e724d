//! The steps of `conformance/forgetting/`: what a tenant chose, how well things are remembered, what is kept, how much
//! may be held, and who did what.

use std::time::Duration;

use ebbmark::{
    ArchiveRule, AuditQuery, Budget, Cause, Curve, DecayGroup, Error, Fading, Grade, Id, Language, Lease,
    Permit, Quotas, RateLimit, Record, RetentionPolicy, Tenant, TenantConfig, Timestamp,
};
use serde_json::{Value as Json, json};

use super::{KINDS, Run, Shown, filter, lower, moment, named, text};

const DAY: f64 = 86_400.0;
const GRADES: [Grade; 4] = [Grade::Again, Grade::Hard, Grade::Good, Grade::Easy];
const CURVES: [Curve; 2] = [Curve::Exponential, Curve::Fsrs];

/// A number to so many decimals; null if it has no end.
fn rounded(number: f64, decimals: i32) -> Json {
    let scale = 10_f64.powi(decimals);
    let rounded = (number * scale).round() / scale;
    // Not -0.
    if number.is_finite() { (rounded + 0.0).into() } else { Json::Null }
}

fn seconds(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(|moment| moment.as_micros().div_euclid(1_000_000))
}

/// Seconds, up: at that clock it is due.
fn seconds_up(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(|moment| moment.as_micros().saturating_add(999_999).div_euclid(1_000_000))
}

fn span(json: &Json, unit: f64) -> Option<Duration> {
    json.as_f64().map(|count| Duration::try_from_secs_f64(count * unit).unwrap())
}

fn limit(step: &Json) -> usize {
    step["limit"].as_u64().unwrap_or(100) as usize
}

/// What a step chooses for its tenant; what it does not name is as it is without a choice.
fn config(step: &Json) -> TenantConfig {
    let default = TenantConfig::default();
    let share = |field: &str, default: f32| step[field].as_f64().map_or(default, |share| share as f32);
    let policy = &step["retention"];
    let archive = policy["archive"].as_object().map(|rule| ArchiveRule {
        older_than_days: rule["older_than_days"].as_f64().unwrap(),
        importance_below: rule["importance_below"].as_f64().unwrap() as f32,
    });
    let rate = step["rate"].as_object().map(|rate| RateLimit {
        per_second: rate["per_second"].as_f64().unwrap(),
        burst: rate["burst"].as_u64().unwrap() as u32,
    });
    TenantConfig {
        curve: step["curve"].as_str().map_or(default.curve, |name| named(&CURVES, name)),
        dissolve_below: share("dissolve_below", default.dissolve_below),
        weak_below: share("weak_below", default.weak_below),
        retention: RetentionPolicy {
            archive,
            delete_archived_after_days: policy["delete_archived_after_days"].as_f64(),
            delete_older_than_days: policy["delete_older_than_days"].as_f64(),
            episodes_max: policy["episodes_max"].as_u64(),
        },
        quotas: Quotas {
            records: step["quotas"]["records"].as_u64(),
            bytes: step["quotas"]["bytes"].as_u64(),
            vectors: step["quotas"]["vectors"].as_u64(),
        },
        rate,
        language: step["language"].as_str().map_or(default.language, |name| named(&Language::ALL, name)),
        audit_days: step["audit_days"].as_f64(),
    }
}

fn permit(permit: &Permit) -> Json {
    let Permit { allowed, remaining, retry_after } = *permit;
    json!({"allowed": allowed, "remaining": remaining, "retry_after": rounded(retry_after, 2)})
}

/// A lease, remembered under its step's name.
fn leased(run: &mut Run, step: &Json, lease: Lease) -> Json {
    let shown = json!({"fence": lease.fence, "until": seconds(Some(lease.until))});
    if let Some(name) = text(&step["as"]) {
        run.leases.insert(name, lease);
    }
    shown
}

impl Run {
    pub(super) fn on_forgetting(&mut self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        match verb {
            "configure" => tenant.configure(config(step)).map(|()| Json::Null),
            "maintain" => maintained(tenant, step),
            "retention" => {
                let report = tenant.retention(step["dry"] == true)?;
                Ok(json!({
                    "archived": report.archived, "deleted": report.deleted, "unsupported": report.unsupported,
                }))
            }
            "reinforce" => {
                let grade = step["grade"].as_str().map_or(Grade::Good, |name| named(&GRADES, name));
                tenant.reinforce(self.id(step), grade).map(|()| Json::Null)
            }
            "flush" => tenant.flush_uses().map(|_| Json::Null),
            "pin" => tenant.pin(self.id(step)).map(|()| Json::Null),
            "unpin" => tenant.unpin(self.id(step)).map(|()| Json::Null),
            "restore" => tenant.restore(self.id(step)).map(|()| Json::Null),
            "reconsolidate" => {
                let factor = step["factor"].as_f64().unwrap() as f32;
                Ok(json!({"count": tenant.reconsolidate(&filter(&step["filter"]), factor)?}))
            }
            "memory" => self.remembered(tenant, step),
            "decay_schedule" => {
                let schedule = tenant.decay_schedule(self.id(step))?;
                let now = self.now();
                let days: Json = schedule
                    .iter()
                    .map(|crossing| crossing.at.map_or(Json::Null, |at| rounded(at.days_since(now), 2)))
                    .collect();
                Ok(json!({"days": days}))
            }
            "decay_report" => reported(tenant),
            "weak" => {
                let share = step["share"].as_f64().unwrap_or(0.5) as f32;
                Ok(self.fading(&tenant.weak(share, limit(step))?))
            }
            "at_risk" => {
                let within = span(&step["days"], DAY).unwrap_or(Duration::from_secs(86_400));
                Ok(self.fading(&tenant.at_risk(within, limit(step))?))
            }
            _ => self.on_limits(tenant, verb, step),
        }
    }

    fn on_limits(&mut self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        match verb {
            "usage" => {
                let usage = tenant.usage()?;
                let mut shown: Json = serde_json::from_str(&usage.to_json()).unwrap();
                shown["records"] = usage.records().into();
                Ok(shown)
            }
            "permit" => Ok(permit(&tenant.take_permit(step["cost"].as_u64().unwrap_or(1) as u32)?)),
            "lease" => {
                let ttl = span(&step["seconds"], 1.0).unwrap();
                let lease = tenant.lease(step["name"].as_str().unwrap(), ttl)?;
                Ok(leased(self, step, lease))
            }
            "renew" => {
                let ttl = span(&step["seconds"], 1.0).unwrap();
                let lease = tenant.renew(&self.leases[step["lease"].as_str().unwrap()], ttl)?;
                Ok(leased(self, step, lease))
            }
            "release" => {
                let lease = &self.leases[step["lease"].as_str().unwrap()];
                tenant.release(lease).map(|()| Json::Null)
            }
            "timeline" => {
                let page = tenant.timeline(&filter(&step["filter"]), None, limit(step))?;
                let ids = self.names(page.records.iter().map(Record::id));
                Ok(json!({"ids": ids, "more": page.next.is_some()}))
            }
            "audit" => {
                let query = AuditQuery {
                    since: moment(&step["since"]),
                    until: moment(&step["until"]),
                    actor: text(&step["actor"]),
                    record: step["record"].as_str().map(|name| self.ids[name]),
                    cause: step["cause"].as_str().map(|name| named(Cause::ALL, name)),
                };
                let page = tenant.audit(&query, None, limit(step))?;
                let causes: Json = page.entries.iter().map(|entry| entry.cause.as_str()).collect();
                let actors: Json = page.entries.iter().map(|entry| entry.actor.to_string()).collect();
                let pruned: u64 = page.entries.iter().map(|entry| entry.pruned).sum();
                let more = page.next.is_some();
                Ok(json!({"causes": causes, "actors": actors, "pruned": pruned, "more": more}))
            }
            "prune" => Ok(json!({"count": tenant.prune_audit(moment(&step["before"]).unwrap())?})),
            unknown => panic!("no such step: {unknown}"),
        }
    }

    fn now(&self) -> Timestamp {
        ebbmark::Clock::now(self.clock.as_ref())
    }

    fn fading(&self, found: &[Fading]) -> Json {
        let ids: Vec<Id> = found.iter().map(|fading| fading.id).collect();
        let dissolves: Json = found.iter().map(|fading| seconds_up(fading.dissolves_at)).collect();
        json!({"ids": self.names(ids), "dissolves": dissolves})
    }

    fn remembered(&self, tenant: &Tenant, step: &Json) -> Shown {
        let memory = tenant.memory(self.id(step))?;
        Ok(json!({
            "retention": rounded(memory.retention, 3), "stability_days": rounded(memory.stability_days, 2),
            "since": seconds(Some(memory.since)), "uses": memory.uses, "used_at": seconds(memory.used_at),
            "importance": memory.importance.map(|importance| rounded(f64::from(importance), 3)),
            "pinned": memory.pinned, "archived": memory.archived_at.is_some(),
            "archived_at": seconds(memory.archived_at),
        }))
    }
}

fn maintained(tenant: &Tenant, step: &Json) -> Shown {
    let default = Budget::default();
    let records = step["records"].as_u64().map_or(default.records, |records| records as usize);
    let time = span(&step["seconds"], 1.0).unwrap_or(default.time);
    let tenant = if step["dry"] == true { tenant.dry_run() } else { tenant.clone() };
    let report = tenant.maintain(&Budget { time, records })?;
    Ok(json!({
        "settled": report.settled, "dissolved": report.dissolved, "expired": report.expired,
        "archived": report.archived, "deleted": report.deleted, "unsupported": report.unsupported,
        "rescheduled": report.rescheduled, "pending": report.pending, "next_due": seconds_up(report.next_due),
    }))
}

fn reported(tenant: &Tenant) -> Result<Json, Error> {
    let report = tenant.decay_report()?;
    let name = |group: &DecayGroup| format!("{} {}", lower(&group.kind), lower(&group.standing));
    assert!(report.groups.iter().all(|group| KINDS.contains(&group.kind)));
    let groups: serde_json::Map<String, Json> =
        report.groups.iter().map(|group| (name(group), group.buckets.to_vec().into())).collect();
    let means: serde_json::Map<String, Json> =
        report.groups.iter().map(|group| (name(group), rounded(group.mean_retention, 3))).collect();
    let total: u64 = report.groups.iter().flat_map(|group| group.buckets).sum();
    Ok(json!({
        "weak": report.weak, "at_risk": report.at_risk, "total": total, "groups": groups, "means": means,
    }))
}
