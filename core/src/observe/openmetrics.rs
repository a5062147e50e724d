//! Metrics as OpenMetrics 1.0 text: <https://prometheus.io/docs/specs/om/open_metrics_spec/>.

use std::fmt::Write as _;

use super::cache::CacheFigures;
use super::callbacks::{BreakerFigures, BreakerState, CallbackFigures};
use super::metrics::{Durations, Metrics, TenantFigures};

/// A text being written, a family of metrics at a time. Writing to a string cannot fail.
#[derive(Default)]
struct Exposition(String);

/// Labels of a sample: names, and values as they are.
type Labels<'a> = [(&'a str, &'a str)];

impl Exposition {
    /// The head of a family. A unit is the last part of the name.
    fn family(&mut self, name: &str, kind: &str, unit: Option<&str>, help: &str) {
        let _ = writeln!(self.0, "# TYPE ebbmark_{name} {kind}");
        if let Some(unit) = unit {
            let _ = writeln!(self.0, "# UNIT ebbmark_{name} {unit}");
        }
        let _ = writeln!(self.0, "# HELP ebbmark_{name} {}", escaped(help));
    }

    /// A sample of the family before; `suffix` is what its kind asks for.
    fn sample(&mut self, name: &str, suffix: &str, labels: &Labels<'_>, value: impl std::fmt::Display) {
        let labels: Vec<String> =
            labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "ebbmark_{name}{suffix}{labels} {value}");
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "counter", None, help);
        self.sample(name, "_total", &[], value);
    }

    fn gauge(&mut self, name: &str, unit: Option<&str>, help: &str, value: u64) {
        self.family(name, "gauge", unit, help);
        self.sample(name, "", &[], value);
    }

    /// Durations in seconds. Buckets of the text count what is shorter, too.
    fn durations(&mut self, name: &str, help: &str, durations: &Durations) {
        self.family(name, "histogram", Some("seconds"), help);
        let mut so_far = 0;
        for (bound, count) in &durations.buckets {
            so_far += count;
            let bound = bound.map_or_else(|| "+Inf".to_owned(), seconds);
            self.sample(name, "_bucket", &[("le", &bound)], so_far);
        }
        self.sample(name, "_count", &[], durations.count());
        self.sample(name, "_sum", &[], seconds(durations.sum_micros));
    }

    fn cache(&mut self, name: &str, what: &str, figures: &CacheFigures) {
        self.counter(&format!("{name}_hits"), &format!("Look-ups of {what} that found them."), figures.hits);
        self.counter(&format!("{name}_misses"), &format!("Look-ups of {what} that did not."), figures.misses);
        self.counter(&format!("{name}_evictions"), &format!("Entries of {what} dropped."), figures.evictions);
        self.gauge(
            &format!("{name}_bytes"),
            Some("bytes"),
            &format!("Memory of kept {what}."),
            figures.bytes,
        );
    }

    fn callbacks(&mut self, figures: &CallbackFigures) {
        type Figure = (&'static str, &'static str, fn(&BreakerFigures) -> u64);
        let counters: [Figure; 4] = [
            ("callback_calls", "Calls of a callback.", |figures| figures.calls),
            ("callback_failures", "Calls of a callback that failed.", |figures| figures.failures),
            ("callback_refused", "Calls that were not made of a suspended callback.", |figures| {
                figures.refused
            }),
            ("callback_opened", "How often a callback came to be suspended.", |figures| figures.opened),
        ];
        let both = [
            ("embedder", &figures.embedder),
            ("extractor", &figures.extractor),
            ("reranker", &figures.reranker),
        ];
        for (name, help, figure) in counters {
            self.family(name, "counter", None, help);
            for (callback, figures) in both {
                self.sample(name, "_total", &[("callback", callback)], figure(figures));
            }
        }
        self.family("callback_suspended", "gauge", None, "Whether a callback is suspended now.");
        for (callback, figures) in both {
            let suspended = u64::from(figures.state == BreakerState::Open);
            self.sample("callback_suspended", "", &[("callback", callback)], suspended);
        }
    }

    fn tenants(&mut self, tenants: &[TenantFigures]) {
        type Gauge = (&'static str, Option<&'static str>, &'static str, fn(&TenantFigures) -> u64);
        let gauges: [Gauge; 6] = [
            ("tenant_episodes", None, "Episodes of a loaded tenant.", |figures| figures.usage.episodes),
            ("tenant_atoms", None, "Atoms of a loaded tenant.", |figures| figures.usage.atoms),
            ("tenant_vectors", None, "Records with a vector of a loaded tenant.", |figures| {
                figures.usage.vectors
            }),
            ("tenant_pending", None, "Records of a loaded tenant that wait.", |figures| {
                figures.usage.pending
            }),
            ("tenant_bytes", Some("bytes"), "Records and vectors of a loaded tenant.", |figures| {
                figures.usage.bytes
            }),
            (
                "tenant_working_set_bytes",
                Some("bytes"),
                "Memory of a loaded tenant's working set.",
                |figures| figures.working_set_bytes,
            ),
        ];
        for (name, unit, help, figure) in gauges.into_iter().filter(|_| !tenants.is_empty()) {
            self.family(name, "gauge", unit, help);
            for figures in tenants {
                self.sample(name, "", &[("tenant", &figures.tenant)], figure(figures));
            }
        }
    }
}

impl Metrics {
    /// The metrics as OpenMetrics 1.0 text, for a scraper that asks for `application/openmetrics-text; version=1.0.0`.
    ///
    /// ```
    /// use ebbmark::{MetricsOptions, Options, Store};
    ///
    /// let store = Store::in_memory(Options::default())?;
    /// store.tenant("acme")?.add("I moved to Porto.")?;
    /// let text = store.metrics(&MetricsOptions::default()).to_openmetrics();
    /// assert!(text.contains("ebbmark_calls_total{verb=\"add\",outcome=\"ok\"} 1\n"));
    /// assert!(text.ends_with("# EOF\n") && !text.contains("acme"));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    pub fn to_openmetrics(&self) -> String {
        let mut text = Exposition::default();
        text.family("calls", "counter", None, "Calls by verb, and by ok or the code of the error.");
        for call in &self.calls {
            let labels = [("verb", call.verb.as_str()), ("outcome", call.outcome.as_str())];
            text.sample("calls", "_total", &labels, call.count);
        }
        text.durations("add_duration_seconds", "How long calls of add took.", &self.add);
        text.durations("search_duration_seconds", "How long calls of search took.", &self.search);
        text.counter("episodes_added", "Episodes that were added.", self.episodes_added);
        text.counter("hits_returned", "Hits that searches returned.", self.hits_returned);
        text.counter("commits", "Commits of writes that became durable.", self.commits);
        let sets = &self.working_sets;
        text.counter("working_set_hits", "Calls that found the working set loaded.", sets.hits);
        text.counter("working_set_misses", "Calls that had to load the working set.", sets.misses);
        text.counter("working_set_evictions", "Working sets dropped to keep the budget.", sets.evictions);
        text.counter("segments_rebuilt", "Sealed segments made again while loading.", sets.segments_rebuilt);
        text.gauge("working_set_bytes", Some("bytes"), "Memory of all loaded working sets.", sets.bytes);
        text.cache("embedding_cache", "embeddings", &self.embedding_cache);
        text.cache("query_cache", "answers", &self.query_cache);
        text.callbacks(&self.callbacks);
        if let Some(bytes) = self.file_bytes {
            text.gauge("file_bytes", Some("bytes"), "Size of the file.", bytes);
        }
        text.tenants(&self.tenants);
        text.0 + "# EOF\n"
    }
}

/// Microseconds as seconds, without loss, in as few digits as a float has in the text: `0.0001`, `1.0`.
fn seconds(micros: u64) -> String {
    let digits = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    let short = digits.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

/// A text within quotation marks, or a help text.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
