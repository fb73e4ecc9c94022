//! What the suite covers. No program says so of itself: each instruction is taken out, confused with others and made to fall through a
//! trap door where it throws, and only a program that then does not do what it should counts. What has to be covered is read off the
//! tables of the specification.

mod change;
mod item;
mod prove;
mod subject;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use limosa_spec::DecodeRule;
use limosa_spec::verify::Rule;

use crate::command::Machine;
use crate::program::read_cases;
use crate::report::Report;
use item::Item;
use prove::{Proof, Prover};
use subject::Subject;
pub use table::Coverage;

/// Finds out what the programs that passed cover.
pub fn measure(machine: &Machine, files: &[PathBuf], report: &Report, threads: usize, scratch: &Path) -> Result<Coverage, String> {
    let failed = report.failed_programs();
    let files: Vec<&PathBuf> = files.iter().filter(|file| !failed.contains(&machine.path(file))).collect();
    let subjects = in_parallel(threads, scratch, &files, |file, scratch| match read_cases(file) {
        Ok(cases) => Subject::read(machine, file, &cases, scratch),
        Err(message) => Err(message),
    })?;
    let subjects: Vec<Subject> = subjects.into_iter().flatten().collect();
    let items = Item::all();
    let proofs = in_parallel(threads, scratch, &items, |&item, scratch| {
        let prover = Prover { machine, subjects: &subjects, scratch };
        prover.prove(item)
    })?;
    let shown: BTreeMap<String, String> = report
        .results
        .iter()
        .filter(|verdict| verdict.ok)
        .filter_map(|verdict| Some((verdict.covers.clone()?, verdict.program.clone())))
        .collect();
    let proofs = items.iter().zip(proofs).map(|(&item, proof)| match item {
        Item::Rule(rule) => from_results(&shown, &format!("rule {}", in_files(rule))),
        Item::Limit(name) => from_results(&shown, &format!("limit {name}")),
        _ => proof,
    });
    let proofs: Vec<Proof> = proofs.collect();
    Ok(Coverage::new(items.into_iter().zip(proofs)))
}

/// The name under which a file is refused that breaks the rule.
fn in_files(rule: Rule) -> &'static str {
    rule.anticipated_by().map_or(rule.id(), DecodeRule::id)
}

fn from_results(shown: &BTreeMap<String, String>, what: &str) -> Proof {
    shown.get(what).map_or(Proof::None, |program| Proof::At(program.clone()))
}

/// Applies a function to all elements, on several threads that each have a folder of their own. The results keep the order.
fn in_parallel<T: Sync, R: Send>(
    threads: usize,
    scratch: &Path,
    elements: &[T],
    function: impl Fn(&T, &Path) -> Result<R, String> + Sync,
) -> Result<Vec<R>, String> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for worker in 0..threads.max(1) {
            let (next, results, function) = (&next, &results, &function);
            let scratch = scratch.join(format!("coverage-{worker}"));
            scope.spawn(move || {
                let mut made = std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()));
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(element) = elements.get(index) else { return };
                    let result = std::mem::replace(&mut made, Ok(())).and_then(|()| function(element, &scratch));
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_and_the_first_failure_is_told() {
        let scratch = std::env::temp_dir();
        let numbers: Vec<u32> = (0..100).collect();
        let doubled = in_parallel(3, &scratch, &numbers, |number, _| Ok(number * 2)).unwrap();
        assert!(doubled.iter().enumerate().all(|(index, &doubled)| doubled as usize == 2 * index));
        let failed = in_parallel(3, &scratch, &numbers, |&number, _| if number < 50 { Ok(()) } else { Err(number.to_string()) });
        assert_eq!(failed.unwrap_err(), "50");
    }
}
