//! CPU time of this process: what a figure per CPU-second is divided by.

use std::time::Duration;

/// User and system time of this process so far, to a hundredth of a second; `None` where `/proc` is missing.
///
/// Fields 14 and 15 of `/proc/self/stat` (proc(5)), in ticks of 1/100 s.
pub fn process_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields = stat.rsplit_once(')')?.1;
    let ticks = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().ok());
    Some(Duration::from_millis(10 * ticks.sum::<Option<u64>>()?))
}
