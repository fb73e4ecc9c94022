//! What could stand where the parser stumbled, in words: the parser lists tokens, people think in names, types and operands.

use limosa_spec::Opcode;

use crate::token::{Span, Token};

/// The words that items begin with.
pub const ITEMS: [&str; 13] =
    ["module", "capability", "entry", "import", "export", "func", "type", "class", "interface", "final", "abstract", "global", "data"];

/// The word that is meant by one that begins the same item elsewhere.
pub fn item_meant(word: &str) -> Option<&'static str> {
    Some(match word {
        "fun" | "fn" | "function" | "def" | "proc" | "sub" => "func",
        "struct" | "record" => "class",
        "trait" | "protocol" => "interface",
        "let" | "var" | "const" | "static" => "global",
        "use" | "extern" | "require" | "include" => "import",
        "public" | "pub" => "export",
        _ => return None,
    })
}

/// Where the parser stumbled, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    Item,
    Statement,
    /// Where an operand, a type or a value must begin.
    Term(&'static str),
    Member,
    Name,
    /// Between two things.
    Between,
}

/// What could stand where the parser stumbled.
pub struct Expected {
    context: Context,
    words: Vec<&'static str>,
}

impl Expected {
    /// Puts the tokens the parser lists into words.
    pub fn new(tokens: &[String], found: Token, span: Span, source: &str) -> Expected {
        let has = |token: &str| tokens.iter().any(|other| other.trim_matches('"') == token);
        let line = line_before(span, source);
        let context = context(&has, line);
        let mut words = Vec::new();
        match context {
            Context::Item => words.push("an item of the module such as `func` or `class`"),
            Context::Statement => words.push("an instruction, a label, `var` or `catch`"),
            Context::Term(what) => words.push(what),
            Context::Member => words.push("a field `name: type` or a method"),
            Context::Name => words.push("a name"),
            Context::Between => {}
        }
        // A name may be followed by its type; where it is an operand that is not what is meant.
        let declares = has(":") && begins_type(found) && !is_instruction(line);
        for &(token, word) in WORDS {
            let fits = match context {
                Context::Item | Context::Statement | Context::Member => false,
                Context::Term(_) => matches!(token, ")" | "]"),
                Context::Name => matches!(token, "string" | "number"),
                Context::Between if declares => token == ":",
                Context::Between => is_worth_telling(token, &has),
            };
            if fits && has(token) {
                words.push(word);
            }
        }
        Expected { context, words }
    }

    /// Whether an item of the module is expected.
    pub fn is_item(&self) -> bool {
        self.context == Context::Item
    }

    /// What is expected.
    pub fn describe(&self) -> String {
        match self.words.as_slice() {
            [] => "something else".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }

    /// What to write at the caret, if it is short.
    pub fn label(&self) -> Option<String> {
        let short = !self.words.is_empty() && self.words.len() <= 3 && !matches!(self.context, Context::Item | Context::Statement);
        short.then(|| format!("expected {}", self.describe()))
    }

    /// What would put right a few frequent mistakes.
    pub fn advice(&self, found: Token) -> Option<&'static str> {
        let may_be = |word: &str| self.words.contains(&word);
        match found {
            Token::Separator if may_be("`{`") => Some("functions, classes and interfaces have a block in braces"),
            Token::Separator if may_be("`)`") => Some("add a `)`"),
            Token::Separator if may_be("`]`") => Some("add a `]`"),
            Token::Path | Token::Number | Token::SpecialFloat | Token::Null | Token::String if may_be("`,`") => {
                Some("separate them by a comma")
            }
            Token::Fn | Token::Fiber | Token::Null | Token::SpecialFloat if self.context == Context::Name => {
                Some("write a reserved word in backticks to use it as a name")
            }
            _ => None,
        }
    }
}

fn context(has: &impl Fn(&str) -> bool, line: &str) -> Context {
    if has(".nodebug") && has("func") {
        Context::Item
    } else if has("catch") && has(".line") {
        Context::Statement
    } else if has("number") && has("null") {
        Context::Term(if is_instruction(line) {
            "an operand"
        } else if line.trim_end().ends_with('=') && !line.trim_start().starts_with("type") {
            "a value"
        } else {
            "a type"
        })
    } else if has("path") && has("}") {
        Context::Member
    } else if has("path") && !has("separator") {
        Context::Name
    } else {
        Context::Between
    }
}

/// The line of the source before a place.
fn line_before(span: Span, source: &str) -> &str {
    let before = source.get(..span.start as usize).unwrap_or("");
    &before[before.rfind('\n').map_or(0, |at| at + 1)..]
}

/// Whether the line begins with an instruction, a label before it passed over.
fn is_instruction(line: &str) -> bool {
    let words = line.split_whitespace().skip_while(|word| word.ends_with(':'));
    words.take(1).any(|word| Opcode::from_mnemonic(word).is_some())
}

fn begins_type(token: Token) -> bool {
    matches!(token, Token::Path | Token::Fn | Token::Fiber | Token::BracketOpen | Token::Equals | Token::Separator)
}

/// Whether a token that may follow something is worth telling. A call's parenthesis, `!` and a debug name are always possible, and a
/// type for what may be a name.
fn is_worth_telling(token: &str, has: &impl Fn(&str) -> bool) -> bool {
    let closing = [",", ")", "]", "{", "separator", "->"].into_iter().any(has);
    match token {
        "(" | "!" | "string" => !closing,
        ":" => !(has(",") && (has(")") || has("]"))),
        _ => true,
    }
}

/// How tokens are called, in the order they are told.
const WORDS: &[(&str, &str)] = &[
    ("string", "a string"),
    ("number", "a number"),
    ("func", "`func`"),
    ("type", "`type`"),
    ("class", "`class`"),
    ("interface", "`interface`"),
    ("method", "`method`"),
    ("as", "`as`"),
    ("extends", "`extends`"),
    ("implements", "`implements`"),
    ("from", "`from`"),
    ("to", "`to`"),
    ("goto", "`goto`"),
    ("hex", "`hex`"),
    (":", "`:`"),
    ("=", "`=`"),
    (",", "`,`"),
    ("!", "`!`"),
    ("->", "`->`"),
    ("(", "`(`"),
    (")", "`)`"),
    ("]", "`]`"),
    ("{", "`{`"),
    ("}", "`}`"),
    ("separator", "the end of the line"),
];
