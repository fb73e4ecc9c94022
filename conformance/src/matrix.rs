//! The columns of the matrix: ways to run one program that must make no difference.

use std::sync::Arc;

/// A way to run a program.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name on the command line and in reports.
    pub name: &'static str,
    /// Whether the reference interpreter runs the program, instead of the binary under test.
    pub is_reference: bool,
    /// The flags of `run`.
    flags: &'static [&'static str],
    /// Whether it collects garbage as often as the program says.
    stress: bool,
}

impl Column {
    /// The flags, with the program's own stress mode, such as `alloc:100`, if it has one.
    pub fn flags(&self, stress: Option<&str>) -> Vec<String> {
        let mut flags: Vec<String> = self.flags.iter().map(|&flag| flag.to_owned()).collect();
        if self.stress {
            flags.push(format!("--gc-stress={}", stress.unwrap_or("always")));
        }
        flags
    }
}

impl Column {
    const fn new(name: &'static str, flags: &'static [&'static str], stress: bool) -> Column {
        Column { name, is_reference: false, flags, stress }
    }
}

const COLUMNS: &[Column] = &[
    Column { is_reference: true, ..Column::new("reference", &[], false) },
    Column::new("direct", &["--dispatch=direct"], false),
    Column::new("direct-stress", &["--dispatch=direct", "--verify-heap"], true),
    Column::new("direct-barrier", &["--dispatch=direct", "--gc-stress=barrier", "--verify-heap"], false),
    Column::new("trampoline", &["--dispatch=trampoline"], false),
    Column::new("trampoline-stress", &["--dispatch=trampoline", "--verify-heap"], true),
    Column::new("trampoline-barrier", &["--dispatch=trampoline", "--gc-stress=barrier", "--verify-heap"], false),
];

/// The columns of a list of names, or all.
pub fn parse(names: &str) -> Result<Arc<[Column]>, String> {
    let find = |name: &str| {
        COLUMNS.iter().find(|column| column.name == name).ok_or_else(|| {
            let known: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
            format!("no column `{name}`; there are all, {}", known.join(", "))
        })
    };
    let chosen: Vec<&Column> =
        if names == "all" { COLUMNS.iter().collect() } else { names.split(',').map(find).collect::<Result<_, _>>()? };
    Ok(chosen.into_iter().map(|column| Column { ..*column }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_and_take_the_stress_of_the_program() {
        let columns = parse("direct,trampoline-stress").unwrap();
        assert_eq!(columns[0].flags(Some("alloc:5")), ["--dispatch=direct"]);
        assert_eq!(columns[1].flags(Some("alloc:5")), ["--dispatch=trampoline", "--verify-heap", "--gc-stress=alloc:5"]);
        assert_eq!(columns[1].flags(None)[2], "--gc-stress=always");
        assert_eq!(parse("all").unwrap().len(), 7);
        assert!(parse("reference").unwrap()[0].is_reference);
        assert!(parse("all,direct").is_err());
    }
}
