//! "Did you mean": the known name that is most like the one written.

/// Names longer than this are not compared: the distance takes time proportional to the product of the lengths.
const LONGEST: usize = 64;

/// The nearest of `names`, if it is near enough to be meant; of equally near ones one with the same letters, else the first in
/// order.
pub fn nearest<N: AsRef<str> + Ord>(written: &str, names: impl IntoIterator<Item = N>) -> Option<N> {
    if written.len() > LONGEST {
        return None;
    }
    let length = written.chars().count();
    let letters = sorted_letters(written);
    let mut best: Option<((usize, bool), N)> = None;
    for candidate in names {
        let name = candidate.as_ref();
        let allowed = name.chars().take(LONGEST).count().max(length) / 3;
        if name.len().abs_diff(written.len()) > 4 * allowed || name.len() > LONGEST {
            continue;
        }
        let distance = match name.eq_ignore_ascii_case(written) {
            true => 0,
            false => strsim::osa_distance(written, name),
        };
        if distance > allowed || best.as_ref().is_some_and(|((least, _), _)| distance > *least) {
            continue;
        }
        let rank = (distance, sorted_letters(name) != letters);
        if best.as_ref().is_none_or(|(least, first)| (rank, &candidate) < (*least, first)) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, name)| name)
}

fn sorted_letters(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("fbi", ["fact", "fib"]), Some("fib"));
        assert_eq!(nearest("Fib", ["fub", "fib"]), Some("fib"));
        assert_eq!(nearest("sub.i46", ["sub.i16", "sub.i64", "sub.i32"]), Some("sub.i64"));
        assert_eq!(nearest("x", ["counter", "y"]), None);
        assert_eq!(nearest("X", ["y", "x"]), Some("x"));
        assert_eq!(nearest(&"x".repeat(1000), ["x"]), None);
    }
}
