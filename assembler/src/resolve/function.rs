//! The body of a function: declarations first, then handlers, lines and instructions in order.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use limosa_spec::module::{Body, Constant, FunctionDebug, Handler, LineEntry};
use limosa_spec::types::{Signature, TypeKind};
use limosa_spec::verify::type_name;

use crate::diagnostic::Code;
use crate::source_map::FunctionMap;
use crate::syntax::{CatchStatement, FunctionHead, FunctionItem, Prefix, StatementKind};
use crate::token::Span;

use super::Resolver;
use super::debug::add_line;
use super::names::Kind;
use super::registers::{Label, Registers};

/// The state while the body of a function is made.
pub(crate) struct Function<'f, 's, 'r> {
    pub resolver: &'f mut Resolver<'s, 'r>,
    pub name: Cow<'s, str>,
    pub signature: Option<Signature>,
    pub registers: Registers<'s>,
    pub labels: HashMap<Cow<'s, str>, Label>,
    pub constants: HashMap<Constant, u32>,
    pub body: Body,
    pub map: FunctionMap,
    /// Names in statements that could not be parsed.
    pub lost: HashSet<&'s str>,
    /// The operands of the instruction being made.
    pub operands: Vec<u32>,
    lines: Vec<LineEntry>,
    /// The file of the last `.line`, if there was one: then instructions no longer get lines by themselves.
    line_file: Option<u32>,
}

impl<'s, 'r> Resolver<'s, 'r> {
    /// Makes the body of a function and puts it in its place.
    pub fn function(&mut self, item: &'s FunctionItem) {
        let Some(head) = &item.head else { return };
        let name = self.name(head.name);
        // Of two functions of one name, which was reported, the second has no place to go.
        let index = self.names.functions.get(&name).filter(|found| found.span == head.name).map(|found| found.index);
        let signature = index.and_then(|index| self.module.signature(index)).cloned();
        let mut function = Function {
            resolver: self,
            name,
            signature,
            registers: Registers::default(),
            labels: HashMap::new(),
            constants: HashMap::new(),
            body: Body::default(),
            map: FunctionMap { name: head.name, ..FunctionMap::default() },
            lost: HashSet::new(),
            operands: Vec::new(),
            lines: Vec::new(),
            line_file: None,
        };
        function.run(head, item);
        let Function { body, mut map, registers, lines, .. } = function;
        map.registers = registers.places.iter().map(|place| place.0).collect();
        self.debug.function(FunctionDebug { lines, registers: registers.debug_names });
        let imports = self.module.imports.len();
        let Some(index) = index.map(|index| index as usize) else { return };
        if let Some(slot) = index.checked_sub(imports).and_then(|index| self.module.functions.get_mut(index)) {
            slot.body = body;
            self.map.functions[index] = map;
        }
    }
}

impl<'s> Function<'_, 's, '_> {
    fn run(&mut self, head: &'s FunctionHead, item: &'s FunctionItem) {
        self.declare(head, &item.statements);
        for statement in &item.statements {
            if self.resolver.report.is_full() {
                return;
            }
            for prefix in &statement.prefixes {
                if let Prefix::Line(file, line) = prefix {
                    self.line(*file, *line);
                }
            }
            match &statement.kind {
                StatementKind::Catch(catch) => self.handler(catch),
                StatementKind::Instruction(mnemonic, operands) => {
                    if self.line_file.is_none() && self.resolver.debug.is_automatic() {
                        let line = self.resolver.lines.line(mnemonic.start);
                        let file = self.resolver.debug.own_file();
                        self.add_line(file, line);
                    }
                    self.instruction(*mnemonic, operands);
                }
                StatementKind::Empty | StatementKind::Var(_) | StatementKind::Broken(_) => {}
            }
        }
        // A line that no instruction follows says nothing.
        let instructions = self.body.code.len() as u32;
        self.lines.retain(|entry| entry.start < instructions);
        if !self.resolver.report.has_errors() {
            self.warn_unused();
        }
    }

    fn add_line(&mut self, file: u32, line: u32) {
        add_line(&mut self.lines, LineEntry { start: self.body.code.len() as u32, file, line });
    }

    fn line(&mut self, file: Option<Span>, span: Span) {
        let line = span.text(self.resolver.source).parse::<u32>().ok().filter(|&line| line > 0);
        let Some(line) = line else {
            self.resolver.report.error(Code::InvalidLine, span, "a line is a number from 1 to 4294967295");
            return;
        };
        let file = match file {
            Some(span) => {
                let name = self.resolver.string_literal(span);
                self.resolver.debug.file(&name)
            }
            None => self.line_file.unwrap_or_else(|| self.resolver.debug.own_file()),
        };
        self.line_file = Some(file);
        self.add_line(file, line);
    }

    fn handler(&mut self, catch: &CatchStatement) {
        let class = self.resolver.ty(catch.class);
        if let Some(class) = class
            && !matches!(class.kind(), TypeKind::WellKnown(_) | TypeKind::Defined(_))
        {
            let (name, span) = (type_name(&self.resolver.module, class), self.resolver.terms.span(catch.class));
            self.resolver
                .report
                .error(Code::TypeCategory, span, format!("`{name}` is not a class"))
                .help("handlers take `Error` and classes that extend it");
        }
        let register = self.register(catch.register);
        let [start, end, target] = [catch.from, catch.to, catch.target].map(|label| self.label(label));
        if let (Some(class), Some(register), Some(start), Some(end), Some(target)) = (class, register, start, end, target) {
            self.body.handlers.push(Handler { start, end, class, target, register });
            self.map.handlers.push(catch.span);
        }
    }

    /// Finds a function for an operand.
    pub fn find(&mut self, kind: Kind, span: Span) -> Option<u32> {
        self.resolver.find(kind, span)
    }
}
