//! Damage at every place of a module that uses all of the format: it must be noticed or be another canonical module.

use crate::common::container::Container;
use crate::common::sample::sample;
use limosa_spec::format::Section;
use limosa_spec::{Layout, decode, encode, reseal};
use proptest::prelude::*;

fn sample_file() -> Vec<u8> {
    encode(&sample()).expect("the sample encodes")
}

/// Decodes a damaged file. What is accepted must be canonical: encoding it gives the same bytes, unless it has parts this version
/// leaves out. Gives whether it was accepted.
fn accepts(file: &[u8]) -> bool {
    let Ok(module) = decode(file) else {
        return false;
    };
    let layout = Layout::read(file).expect("an accepted file has a layout");
    let known = layout.version == (1, 0) && layout.sections.iter().all(|entry| entry.section().is_some());
    let encoded = encode(&module).expect("an accepted module encodes");
    assert!(!known || encoded == file, "an accepted file is not canonical");
    true
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let file = sample_file();
    for length in 0..file.len() {
        assert!(decode(&file[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn a_section_cut_anywhere_is_refused() {
    let file = sample_file();
    let container = Container::open(&file);
    assert_eq!(container.seal(), file);
    for section in Section::ALL {
        let contents = container.clone().section(section).clone();
        assert!(!contents.is_empty(), "the sample has a {section} section");
        for length in 0..contents.len() {
            let cut = container.with(section, &contents[..length]);
            assert!(decode(&cut).is_err(), "{section} cut to {length} bytes");
        }
        let longer = container.with(section, &[&contents[..], &[0]].concat());
        assert!(decode(&longer).is_err(), "{section} with a byte more");
    }
}

#[test]
fn a_section_left_out_is_refused_except_debug() {
    let container = Container::open(&sample_file());
    for section in Section::ALL {
        let mut without = container.clone();
        without.remove(section);
        assert_eq!(accepts(&without.seal()), section == Section::Debug, "without {section}");
    }
}

#[test]
fn any_flipped_bit_is_refused_or_canonical() {
    let good = sample_file();
    let mut file = good.clone();
    let (mut resealed, mut accepted) = (0, 0);
    for bit in 0..file.len() * 8 {
        file[bit / 8] ^= 1 << (bit % 8);
        if reseal(&mut file).is_ok() {
            resealed += 1;
        }
        accepted += u32::from(accepts(&file));
        file.copy_from_slice(&good);
    }
    // Both must happen often, or this test looks at nothing.
    assert!(resealed > good.len() * 7, "{resealed} of {} files could be resealed", good.len() * 8);
    assert!(accepted > 100, "{accepted} files were accepted");
}

#[test]
fn any_flipped_bit_is_noticed_without_a_new_hash() {
    let good = sample_file();
    let debug = Layout::read(&good).expect("the sample is good").section(Section::Debug).expect("it has debug information").offset;
    let mut file = good.clone();
    for bit in 0..debug * 8 {
        file[bit / 8] ^= 1 << (bit % 8);
        // Only what the hash leaves out, the debug section's entry of the index, could be another good file.
        assert!(decode(&file).is_err() || Layout::read(&file).is_ok_and(|layout| layout.section(Section::Debug).is_none()));
        file.copy_from_slice(&good);
    }
}

#[test]
fn newer_minor_versions_and_unknown_optional_sections_are_read() {
    let mut container = Container::open(&sample_file());
    container.parts.push(crate::common::container::Part { id: 77, flags: 0, contents: vec![1, 2, 3] });
    let mut file = container.seal();
    assert_eq!(decode(&file).as_ref(), Ok(&sample()));
    file[6] = 9;
    reseal(&mut file).expect("the frame is good");
    assert_eq!(decode(&file).as_ref(), Ok(&sample()));
    // They belong to the hash.
    let last = file.len() - 1;
    file[last] ^= 1;
    assert!(decode(&file).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        accepts(&bytes);
        accepts(&[&b"\0lim\x01\0\0\0"[..], &bytes].concat());
    }

    #[test]
    fn arbitrary_sections_do_not_panic(which in 0..10usize, bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let container = Container::open(&sample_file());
        accepts(&container.with(Section::ALL[which], &bytes));
    }

    #[test]
    fn arbitrary_edits_do_not_panic(edits in proptest::collection::vec((any::<u32>(), any::<u8>(), 0..4u8), 1..6)) {
        let container = Container::open(&sample_file());
        let mut edited = container.clone();
        for (place, byte, kind) in edits {
            let count = edited.parts.len();
            let contents = &mut edited.parts[place as usize % count].contents;
            let at = (place / 16) as usize % contents.len().max(1);
            match kind {
                _ if contents.is_empty() => contents.push(byte),
                0 => contents[at] = byte,
                1 => contents.insert(at, byte),
                2 => drop(contents.remove(at)),
                _ => contents[at..].rotate_left(1),
            }
        }
        accepts(&edited.seal());
    }
}
