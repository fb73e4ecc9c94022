//! Literals: the place they stand in says what type they have.

use limosa_spec::Type;
use limosa_spec::module::Constant;
use limosa_spec::verify::type_name;

use crate::diagnostic::Code;
use crate::literal::{self, LiteralError};
use crate::render::shorten;
use crate::syntax::{TermId, TermKind};
use crate::token::Span;

use super::Resolver;

impl Resolver<'_, '_> {
    /// The constant a literal stands for where the type is `ty`. None if it fits no such place, which has been reported.
    pub fn constant(&mut self, id: TermId, ty: Type) -> Option<Constant> {
        let terms = self.terms;
        let term = terms.get(id);
        match (&term.kind, ty) {
            (TermKind::Number, Type::I32) => self.number(term.span, ty, literal::i32).map(Constant::I32),
            (TermKind::Number, Type::I64) => self.number(term.span, ty, literal::i64).map(Constant::I64),
            (TermKind::Number, Type::F32) => self.number(term.span, ty, literal::f32).map(Constant::F32),
            (TermKind::Number, Type::F64) => self.number(term.span, ty, literal::f64).map(Constant::F64),
            (TermKind::Char, Type::I32) => self.character(term.span).map(|c| Constant::I32(c as i32)),
            (TermKind::Char, Type::I64) => self.character(term.span).map(|c| Constant::I64(i64::from(c as u32))),
            (TermKind::Null, ty) if ty.is_reference() => Some(Constant::Null),
            _ => {
                self.wrong_literal(term.span, &term.kind, ty);
                None
            }
        }
    }

    fn character(&mut self, span: Span) -> Option<char> {
        let value = literal::character(span.text(self.source));
        value.map_err(|error| self.escape_error(span, &error)).ok()
    }

    fn number<T>(&mut self, span: Span, ty: Type, parse: impl Fn(&str) -> Result<T, LiteralError>) -> Option<T> {
        let text = span.text(self.source);
        let error = match parse(text) {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let (written, wanted) = (shorten(text), type_name(&self.module, ty));
        match error {
            LiteralError::Malformed(reason) => {
                self.report.error(Code::InvalidNumber, span, format!("`{written}` is not a number")).help(reason);
            }
            LiteralError::OutOfRange => {
                let error = self.report.error(Code::NumberRange, span, format!("`{written}` does not fit `{wanted}`"));
                match ty {
                    Type::I32 => error.help("an `i32` is a number from -2147483648 to 4294967295; those above 2147483647 wrap"),
                    Type::I64 => error.help("an `i64` is a number from -2^63 to 2^64 - 1; those from 2^63 on wrap"),
                    _ => error.suggest("write `inf` for infinity"),
                };
            }
            LiteralError::NotAnInteger => {
                self.report.error(Code::LiteralType, span, format!("`{written}` is a float; `{wanted}` is needed here"));
            }
            LiteralError::NotAFloat => {
                self.report
                    .error(Code::LiteralType, span, format!("`{written}` is an integer; `{wanted}` is needed here"))
                    .help("floats are written with decimal digits");
            }
        }
        None
    }

    fn wrong_literal(&mut self, span: Span, kind: &TermKind, ty: Type) {
        let written = shorten(span.text(self.source));
        let wanted = match ty {
            Type::ANY => "a reference".to_owned(),
            ty => format!("`{}`", type_name(&self.module, ty)),
        };
        let error = self.report.error(Code::LiteralType, span, format!("`{written}` does not fit here; {wanted} is needed"));
        let in_code = self.in_code;
        match kind {
            TermKind::String if in_code && ty.is_reference() => {
                error.suggest("load the string into a register with `const.str` and use that")
            }
            TermKind::Number | TermKind::Char if in_code && ty == Type::ANY => {
                error.help("numbers become objects by `box.i32` and its relatives")
            }
            TermKind::Null => error.help("only references can be null"),
            _ => error,
        };
    }
}
