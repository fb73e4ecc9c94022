//! The verifier: every rule has a module that breaks it alone and a neighbour that keeps it, every instruction an accepted use and a
//! refused one for each operand.

mod book;
mod call_rules;
mod code_rules;
mod fuzz;
mod limit_rules;
mod messages;
mod module_rules;
mod opcodes;
mod sample;
mod type_rules;

use limosa_spec::verify::{Rule, VerifyError, verify};
use sample::{Sample, sample};
use std::collections::BTreeSet;

/// Changes a module; the flag says whether to the good form.
type Change = Box<dyn Fn(&mut Sample, bool)>;

/// A change to the sample in two forms: one keeps all rules, the other breaks one.
pub struct Case {
    rule: Rule,
    what: &'static str,
    change: Change,
    /// The instruction and operand the refusal names, if the case says.
    place: Option<(u32, Option<u32>)>,
}

impl Case {
    fn new(rule: Rule, what: &'static str, change: impl Fn(&mut Sample, bool) + 'static) -> Case {
        Case { rule, what, change: Box::new(change), place: None }
    }

    /// The refusal names this instruction and operand.
    fn at(self, instruction: u32, operand: impl Into<Option<u32>>) -> Case {
        Case { place: Some((instruction, operand.into())), ..self }
    }

    fn outcome(&self, good: bool) -> Result<(), VerifyError> {
        let mut sample = sample();
        (self.change)(&mut sample, good);
        verify(sample.0).map(|_| ())
    }

    /// What the verifier does wrong, if it does something wrong.
    fn complaint(&self) -> Option<String> {
        let Case { rule, what, .. } = self;
        if let Err(error) = self.outcome(true) {
            return Some(format!("{rule}, {what}: the good form is refused: {error}"));
        }
        let Err(error) = self.outcome(false) else { return Some(format!("{rule}, {what}: the bad form is accepted")) };
        if error.rule != *rule {
            return Some(format!("{rule}, {what}: refused for another reason: {error}"));
        }
        if self.place.is_some_and(|(instruction, operand)| (error.instruction, error.operand) != (Some(instruction), operand)) {
            return Some(format!("{rule}, {what}: another place: {error}"));
        }
        None
    }
}

fn all_cases() -> Vec<Case> {
    [module_rules::cases(), type_rules::cases(), code_rules::cases(), call_rules::cases(), limit_rules::cases()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn the_sample_is_accepted_with_and_without_debug_information() {
    let mut sample = sample();
    let plain = verify(sample.0.clone()).map_err(|error| error.to_string());
    assert_eq!(plain.map(|_| ()), Ok(()));
    sample.0.debug = Some(sample::debug(&sample.0));
    assert_eq!(verify(sample.0).map(|_| ()).map_err(|error| error.to_string()), Ok(()));
}

#[test]
fn each_case_is_accepted_in_its_good_form_and_refused_by_its_rule_in_the_bad_one() {
    assert_no_complaints(&all_cases());
}

#[test]
#[cfg_attr(debug_assertions, ignore = "modules with millions of entries; run with --release")]
fn large_modules_are_accepted_at_the_limit_and_refused_beyond() {
    assert_no_complaints(&limit_rules::large_cases());
}

fn assert_no_complaints(cases: &[Case]) {
    let complaints: Vec<String> = cases.iter().filter_map(Case::complaint).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let covered: BTreeSet<Rule> = all_cases().iter().map(|case| case.rule).collect();
    let missing: Vec<&str> = Rule::ALL.iter().filter(|rule| !covered.contains(rule)).map(|rule| rule.id()).collect();
    assert!(missing.is_empty(), "no case breaks {missing:?}");
}

#[test]
fn rules_have_different_names() {
    let names: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(names.len(), Rule::ALL.len());
    for &rule in Rule::ALL {
        assert_eq!(Rule::from_id(rule.id()), Some(rule));
        assert!(rule.id().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{rule}");
        assert!(rule.description().trim().ends_with('.'), "{rule}");
    }
}
