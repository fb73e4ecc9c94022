//! The columns of the matrix: ways to run one program that must make no difference.

use std::sync::Arc;

/// A way to run a program.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name on the command line and in reports.
    pub name: &'static str,
    /// The flags of `vm run`.
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

const COLUMNS: &[Column] = &[
    Column { name: "direct", flags: &["--dispatch=direct"], stress: false },
    Column { name: "direct-stress", flags: &["--dispatch=direct", "--verify-heap"], stress: true },
    Column { name: "direct-barrier", flags: &["--dispatch=direct", "--gc-stress=barrier", "--verify-heap"], stress: false },
    Column { name: "trampoline", flags: &["--dispatch=trampoline"], stress: false },
    Column { name: "trampoline-stress", flags: &["--dispatch=trampoline", "--verify-heap"], stress: true },
    Column { name: "trampoline-barrier", flags: &["--dispatch=trampoline", "--gc-stress=barrier", "--verify-heap"], stress: false },
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
        assert_eq!(parse("all").unwrap().len(), 6);
        assert!(parse("all,direct").is_err());
    }
}
