//! Shrinking: fewer choices that still lead to the same find. Fewer bytes make simpler cases, so this needs to know nothing of them.

/// Leaves out and zeroes choices as long as `fails` says so, and tries at most `tries` times.
pub fn shrink(choices: &[u8], mut tries: usize, mut fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut best = choices.to_vec();
    let mut size = best.len().next_power_of_two();
    while size > 0 && tries > 0 {
        let mut at = 0;
        while at < best.len() && tries > 0 {
            let end = (at + size).min(best.len());
            let mut shorter = best.clone();
            shorter.drain(at..end);
            let mut zeroed = best.clone();
            zeroed[at..end].fill(0);
            tries -= 1;
            if fails(&shorter) {
                best = shorter;
                continue;
            }
            if tries > 0 && zeroed != best {
                tries -= 1;
                if fails(&zeroed) {
                    best = zeroed;
                }
            }
            at = end;
        }
        size /= 2;
    }
    while best.last() == Some(&0) {
        best.pop();
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_goes() {
        let choices: Vec<u8> = (0..200).collect();
        let shrunk = shrink(&choices, 10_000, |bytes| bytes.contains(&77) && bytes.contains(&150));
        assert_eq!(shrunk, [77, 150]);
    }
}
