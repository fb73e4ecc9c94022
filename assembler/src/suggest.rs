//! "Did you mean": the known name that is most like the one written.

/// Names longer than this are not compared: the distance takes time proportional to the product of the lengths.
const LONGEST: usize = 64;

/// The nearest of `names`, if it is near enough to be meant; of equally near ones the first.
pub fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if written.len() > LONGEST {
        return None;
    }
    let length = written.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let allowed = name.chars().take(LONGEST).count().max(length) / 3;
        if name.len().abs_diff(written.len()) > 4 * allowed || name.len() > LONGEST {
            continue;
        }
        let distance = match name.eq_ignore_ascii_case(written) {
            true => 0,
            false => strsim::osa_distance(written, name),
        };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("fbi", ["fact", "fib"]), Some("fib"));
        assert_eq!(nearest("Fib", ["fub", "fib"]), Some("fib"));
        assert_eq!(nearest("sub.i46", ["sub.i64", "sub.i32"]), Some("sub.i64"));
        assert_eq!(nearest("x", ["counter", "y"]), None);
        assert_eq!(nearest("X", ["y", "x"]), Some("x"));
        assert_eq!(nearest(&"x".repeat(1000), ["x"]), None);
    }
}
