//! Small files do not make the decoder reserve much memory, whatever they announce. A test of its own process, because it looks at the
//! address space the process has ever had.
#![cfg(target_os = "linux")]

mod common;

use common::container::Container;
use common::sample::sample;
use limosa_spec::format::Section;
use limosa_spec::{decode, encode};

/// The most address space this process has had so far, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).expect("the system tells the peak")
}

/// One test, so that nothing else runs in the process meanwhile.
#[test]
fn small_files_reserve_little() {
    huge_counts_are_not_believed();
    locals_are_limited();
}

fn huge_counts_are_not_believed() {
    let container = Container::open(&encode(&sample()).expect("the sample encodes"));
    let huge: [&[u8]; 2] = [&[0x80, 0x80, 0x80, 0x02], &[0xff, 0xff, 0x3f]];
    let before = peak();
    let mut refused = 0;
    for section in Section::ALL {
        let contents = container.clone().section(section).clone();
        for place in 0..contents.len() {
            for count in huge {
                let edited = [&contents[..place], count, &contents[place + 1..]].concat();
                refused += u32::from(decode(&container.with(section, &edited)).is_err());
            }
        }
    }
    assert!(refused > 1000, "{refused} files were refused");
    // The larger of these counts, believed once, would reserve more than this.
    let grown = peak() - before;
    assert!(grown < 16 * 1024, "the process grew by {grown} KiB");
}

fn locals_are_limited() {
    // A body of eight bytes can declare 64 KiB of locals: ten thousand of them in a file of 120 kB must not become 640 MB.
    let body = [1, 0x80, 0x80, 0x01, 0, 0, 0, 0];
    let count = 10_000u32;
    let mut functions = vec![0x90, 0x4e];
    (0..count).for_each(|_| functions.extend([0, 64, body.len() as u8]));
    let mut container = Container { parts: Vec::new() };
    container.section(Section::Manifest).extend([0; 6]);
    container.section(Section::Strings).extend([1, 1, b'm']);
    container.section(Section::Types).extend([1, 3, 0, 0]);
    *container.section(Section::Functions) = functions;
    *container.section(Section::Code) = body.repeat(count as usize);
    let before = peak();
    let error = decode(&container.seal()).expect_err("there are too many locals");
    assert_eq!(error.rule.id(), "limit-locals");
    assert!(peak() - before < 160 * 1024, "the process grew by {} KiB", peak() - before);
}
