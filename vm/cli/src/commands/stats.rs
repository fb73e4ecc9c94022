//! `--stats=json:FILE`: what a run took.

use crate::commands::verify::json;
use crate::exit::Failure;
use crate::output;
use limosa::{Isolate, Module};
use limosa_stdlib::Std;
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, Instant};

/// Points in time that are passed on the way.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// When reading began.
    pub start: Instant,
    /// When all modules were loaded and linked.
    pub linked: Instant,
    /// When the program ended.
    pub ended: Instant,
}

#[derive(Serialize)]
struct Stats<'a> {
    exit_code: i32,
    modules: Vec<ModuleStats<'a>>,
    load_ns: u64,
    run_ns: u64,
    fuel_used: u64,
    heap: HeapStats,
}

#[derive(Serialize)]
struct ModuleStats<'a> {
    name: &'a str,
    hash: String,
}

#[derive(Serialize)]
struct HeapStats {
    limit: usize,
    used_bytes: usize,
    live_bytes: usize,
    external_bytes: usize,
    peak_bytes: usize,
    allocated_bytes: u64,
    copied_bytes: u64,
    collections: u64,
    barrier_logs: u64,
    pause_total_ns: u64,
    pause_max_ns: u64,
}

/// Writes the counters of a run that ended.
pub fn write(path: &Path, exit_code: i32, modules: &[Module], times: &Times, isolate: &Isolate<Std>) -> Result<(), Failure> {
    let counters = isolate.statistics();
    let heap = counters.heap;
    let stats = Stats {
        exit_code,
        modules: modules.iter().map(|module| ModuleStats { name: module.name(), hash: module.hash().to_string() }).collect(),
        load_ns: nanoseconds(times.linked - times.start),
        run_ns: nanoseconds(times.ended - times.linked),
        fuel_used: counters.fuel_used,
        heap: HeapStats {
            limit: heap.limit,
            used_bytes: heap.used_bytes,
            live_bytes: heap.live_bytes,
            external_bytes: heap.external_bytes,
            peak_bytes: heap.peak_bytes,
            allocated_bytes: heap.bytes_allocated,
            copied_bytes: heap.bytes_copied,
            collections: heap.collections,
            barrier_logs: heap.barrier_logs,
            pause_total_ns: nanoseconds(heap.pause_total),
            pause_max_ns: nanoseconds(heap.pause_max),
        },
    };
    output::write(path, json(&stats)?.as_bytes())
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
