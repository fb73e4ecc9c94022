//! What is wrong with a text: typed values that carry all a renderer needs, the excerpt of the source included.

use std::collections::HashSet;
use std::fmt;

use crate::excerpt::{LineIndex, Place};
use crate::token::Span;

pub use crate::code::Code;

/// The errors a run reports; of those beyond only the number is told.
pub const MAX_ERRORS: usize = 50;

/// The errors after which reading ends.
const STOP: usize = 1000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// There is no module.
    Error,
    /// There is a module, but probably not the one that was meant.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Which kind of thing; stable, for programs.
    pub code: Code,
    /// What is wrong, in a sentence for people.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to write at the caret; may be empty.
    pub label: String,
    /// What would put it right.
    pub suggestion: Option<String>,
    /// What else helps to understand it.
    pub help: Option<String>,
    /// Other places that have to do with it, and what they have to do with it.
    pub related: Vec<(Place, String)>,
}

/// All that is wrong with a text, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// The name of the text.
    pub file: String,
    /// At most [`MAX_ERRORS`] errors and as many warnings.
    pub list: Vec<Diagnostic>,
    /// How many errors are not in the list.
    pub omitted: usize,
    /// Whether reading ended early because there were so many.
    pub stopped: bool,
}

impl Diagnostics {
    /// The number of errors, those not in the list included.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count() + self.omitted
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.omitted == 0
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::render::plain(self))
    }
}

impl std::error::Error for Diagnostics {}

/// A diagnostic before its places are looked up.
#[derive(Debug)]
struct Draft {
    severity: Severity,
    code: Code,
    span: Span,
    message: String,
    label: String,
    suggestion: Option<String>,
    help: Option<String>,
    related: Vec<(Span, String)>,
}

/// Collects diagnostics while a text is read.
#[derive(Debug, Default)]
pub(crate) struct Report {
    drafts: Vec<Draft>,
    errors: usize,
    warnings: usize,
    /// What was reported where, so that a name looked at twice is not reported twice.
    seen: HashSet<(Code, Span)>,
}

/// Adds to the diagnostic just reported; does nothing if it was one too many.
pub(crate) struct Amend<'r>(Option<&'r mut Draft>);

impl Report {
    /// Reports an error.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) -> Amend<'_> {
        if !self.is_full() && !self.seen.insert((code, span)) {
            return Amend(None);
        }
        self.errors += 1;
        let keep = self.errors <= MAX_ERRORS;
        self.add(keep, Severity::Error, code, span, message)
    }

    /// Reports a warning.
    pub fn warning(&mut self, code: Code, span: Span, message: impl Into<String>) -> Amend<'_> {
        self.warnings += 1;
        let keep = self.warnings <= MAX_ERRORS;
        self.add(keep, Severity::Warning, code, span, message)
    }

    fn add(&mut self, keep: bool, severity: Severity, code: Code, span: Span, message: impl Into<String>) -> Amend<'_> {
        if !keep {
            return Amend(None);
        }
        self.drafts.push(Draft {
            severity,
            code,
            span,
            message: message.into(),
            label: String::new(),
            suggestion: None,
            help: None,
            related: Vec::new(),
        });
        Amend(self.drafts.last_mut())
    }

    /// The diagnostic reported last of those that are kept.
    pub fn last(&mut self) -> Amend<'_> {
        Amend(self.drafts.last_mut())
    }

    /// Whether there were errors.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether there were so many errors that reading on is of no use.
    pub fn is_full(&self) -> bool {
        self.errors >= STOP
    }

    /// Looks up all places.
    pub fn finish(mut self, file: &str, source: &str) -> Diagnostics {
        let lines = LineIndex::new(source);
        self.drafts.sort_by_key(|draft| (draft.span, draft.severity));
        let omitted = self.errors.saturating_sub(MAX_ERRORS);
        let stopped = self.is_full();
        let place = |span| Place::new(span, source, &lines);
        let finish = |draft: Draft| Diagnostic {
            severity: draft.severity,
            code: draft.code,
            message: draft.message,
            place: place(draft.span),
            label: draft.label,
            suggestion: draft.suggestion,
            help: draft.help,
            related: draft.related.into_iter().map(|(span, text)| (place(span), text)).collect(),
        };
        Diagnostics { file: file.to_owned(), list: self.drafts.into_iter().map(finish).collect(), omitted, stopped }
    }
}

impl Amend<'_> {
    /// Whether the diagnostic is told and not only counted.
    pub fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// Sets the text at the caret.
    pub fn label(self, text: impl Into<String>) -> Self {
        self.with(|draft| draft.label = text.into())
    }

    /// Says what would put it right.
    pub fn suggest(self, text: impl Into<String>) -> Self {
        self.with(|draft| draft.suggestion = Some(text.into()))
    }

    /// Says what helps to understand it.
    pub fn help(self, text: impl Into<String>) -> Self {
        self.with(|draft| draft.help = Some(text.into()))
    }

    /// Points at another place.
    pub fn related(self, span: Span, text: impl Into<String>) -> Self {
        self.with(|draft| draft.related.push((span, text.into())))
    }

    /// Suggests the name that is most like the one written, if one is.
    pub fn did_you_mean<N: AsRef<str> + Ord>(self, written: &str, names: impl IntoIterator<Item = N>) -> Self {
        self.with(|draft| {
            if let Some(name) = crate::suggest::nearest(written, names) {
                draft.suggestion = Some(format!("did you mean `{}`?", name.as_ref()));
            }
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Draft)) -> Self {
        if let Some(draft) = &mut self.0 {
            change(draft);
        }
        self
    }
}
