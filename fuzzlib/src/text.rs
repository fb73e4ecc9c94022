//! Texts: programs in the text form with words and bytes changed, so that many assemble and the others are nearly right.

use crate::choices::Choices;

/// Makes a text; `texts` are the good ones to start from.
#[must_use]
pub fn generate(choices: &mut Choices<'_>, texts: &[String]) -> Vec<u8> {
    let index = choices.below(texts.len());
    let Some(start) = texts.get(index) else { return Vec::new() };
    let mut words: Vec<&str> = words(start);
    for _ in 0..choices.below(8) {
        let donor = choices.below(texts.len());
        change_words(&mut words, choices, &texts[donor]);
    }
    let mut bytes = words.concat().into_bytes();
    if choices.chance(1, 3) {
        for _ in 0..=choices.below(4) {
            change_bytes(&mut bytes, choices);
        }
    }
    bytes
}

/// Splits a text into names, numbers, single signs, comments and the space between them.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let belongs: fn(char) -> bool = match first {
            c if is_name(c) => is_name,
            ' ' | '\t' => |c| c == ' ' || c == '\t',
            _ => |_| false,
        };
        let end = match first {
            '"' => rest[1..].find('"').map_or(1, |at| at + 2),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ => rest.char_indices().skip(1).find(|&(_, c)| !belongs(c)).map_or(rest.len(), |(at, _)| at),
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '.')
}

fn change_words<'t>(all: &mut Vec<&'t str>, choices: &mut Choices<'_>, donor: &'t str) {
    if all.is_empty() {
        return;
    }
    let at = choices.below(all.len());
    let end = (at + 1 + choices.below(6)).min(all.len());
    match choices.below(8) {
        0 => drop(all.drain(at..end)),
        1 => {
            let copy = all[at..end].to_vec();
            let to = choices.below(all.len() + 1);
            drop(all.splice(to..to, copy));
        }
        2 => {
            let other = choices.below(all.len());
            all.swap(at, other);
        }
        // A name for another name: the most likely to stay right.
        3..=5 => {
            let names = |word: &&&str| word.chars().next().is_some_and(is_name);
            let count = all.iter().filter(names).count();
            let (one, other) = (choices.below(count), choices.below(count));
            let place = |nth: usize| all.iter().enumerate().filter(|(_, word)| names(word)).nth(nth).map(|(index, _)| index);
            if let (Some(one), Some(other)) = (place(one), place(other)) {
                all[one] = all[other];
            }
        }
        6 => {
            let lines: Vec<&str> = donor.split_inclusive('\n').collect();
            if let Some(line) = choices.pick(&lines) {
                let place = all.iter().enumerate().skip(at).find(|(_, word)| **word == "\n").map_or(all.len(), |(index, _)| index + 1);
                all.insert(place, line);
            }
        }
        _ => {
            let telling =
                ["-1", "0", "null", "2147483648", "9223372036854775807", "nan", "(", "}", "{", "!", "->", ",", "\"\\x00\"", "i32", "any"];
            all[at] = choices.pick(&telling).unwrap_or("");
        }
    }
}

fn change_bytes(bytes: &mut Vec<u8>, choices: &mut Choices<'_>) {
    let at = choices.below(bytes.len() + 1);
    let end = (at + choices.below(8)).min(bytes.len());
    match choices.below(4) {
        0 if at < bytes.len() => bytes[at] ^= 1 << choices.below(8),
        1 => drop(bytes.drain(at..end)),
        2 => bytes.insert(at, choices.byte()),
        _ => bytes.truncate(at.max(bytes.len() / 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_whole_text() {
        let text = "func f(a: i64) { // è\n    const.str s, \"x y\\n\"\n    ret\n}\n\"";
        let words = words(text);
        assert_eq!(words.concat(), text);
        assert!(words.contains(&"const.str") && words.contains(&"\"x y\\n\"") && words.contains(&"// è"));
    }
}
