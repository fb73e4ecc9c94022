//! Some cases of every target, and what reports rely on: cases repeat, and what is wrong is found.

use fuzzlib::random::Random;
use fuzzlib::{Fuzzer, Kind, Observations, Target};
use limosa_spec::{decode, encode};

/// Cases of each target; builds with debug assertions are slow.
const CASES: u64 = 40;

#[test]
fn nothing_is_found_in_some_cases_of_each_target() {
    let fuzzer = Fuzzer::new();
    for target in Target::ALL {
        let mut seen = Observations::default();
        for case in 0..CASES {
            let choices = Random::of_case(1, case).bytes(target.most_choices());
            if let Err((_, find)) = fuzzer.case(target, &choices, &mut seen) {
                panic!("case {case} of {}: {find}", target.name());
            }
        }
        assert!(seen.outcomes.values().sum::<u64>() >= CASES / 2, "{:?}", seen.outcomes);
    }
}

#[test]
fn a_case_makes_the_same_artifact_again() {
    for target in Target::ALL {
        let choices = Random::of_case(7, 3).bytes(target.most_choices());
        assert_eq!(Fuzzer::new().generate(target, &choices), Fuzzer::new().generate(target, &choices));
    }
}

#[test]
fn programs_are_right_whatever_the_choices() {
    let fuzzer = Fuzzer::new();
    let mut seen = Observations::default();
    for choices in [vec![], vec![0; 100], vec![0xff; 3000]] {
        let file = fuzzer.generate(Target::Valid, &choices);
        assert!(fuzzlib::oracle::accept(&file, &mut seen).is_ok());
    }
}

#[test]
fn a_program_that_is_refused_is_a_find() {
    let fuzzer = Fuzzer::new();
    let file = fuzzer.generate(Target::Valid, &[5; 200]);
    let mut module = decode(&file).unwrap();
    let code = &mut module.functions[0].body.code;
    code.instructions.pop();
    code.operands.truncate(code.instructions.last().map_or(0, |last| last.start as usize));
    code.instructions.pop();
    let broken = encode(&module).unwrap_or_default();
    let mut seen = Observations::default();
    let find = fuzzer.check(Target::Valid, &broken, &mut seen).unwrap_err();
    assert_eq!(find.kind, Kind::Refused);
    assert_eq!(fuzzer.check(Target::Mutate, &broken, &mut seen), Ok(()));
}
