//! Functions: head, registers, handlers, labels and instructions.

use super::Printer;
use super::debug::RegisterText;
use crate::limits;
use crate::module::{Body, Function, FunctionDebug, Handler};
use crate::opcodes::OperandRole;
use crate::types::{Parameter, Type};

/// The column of instructions in functions whose lines are written before them.
const AFTER_LINES: usize = 16;

/// What is needed while a function is written.
pub(super) struct FunctionText<'m> {
    pub body: &'m Body,
    pub results: &'m [Parameter],
    /// The types of the registers.
    pub types: Vec<Type>,
    pub registers: Vec<RegisterText<'m>>,
    /// For each instruction, and the end, the number of its label if it has one.
    pub labels: Vec<Option<u32>>,
}

impl<'m> Printer<'m> {
    /// Writes all functions.
    pub fn functions(&mut self) {
        for (index, function) in self.module.functions.iter().enumerate() {
            self.function(index, function);
            if self.out.is_full() {
                return;
            }
        }
    }

    fn function(&mut self, index: usize, function: &'m Function) {
        let signature = self.module.function_type(function.signature);
        let parameters = signature.map_or(&[][..], |signature| &signature.parameters);
        let results = signature.map_or(&[][..], |signature| &signature.results);
        let types = parameters.iter().map(|parameter| parameter.ty).chain(function.body.locals.iter().copied()).collect();
        let count = (parameters.len() + function.body.locals.len()).min(limits::REGISTERS as usize);
        let debug = self.function_debug(index);
        let registers = self.register_texts(debug, count);
        let text = FunctionText { body: &function.body, results, types, registers, labels: labels(&function.body) };
        self.out.line();
        self.head(function, parameters, &text);
        self.variables(parameters.len(), &text);
        for handler in &function.body.handlers {
            self.handler(handler, &text);
        }
        self.code(debug, &text);
        self.out.push("}");
        self.out.line();
    }

    fn head(&mut self, function: &Function, parameters: &[Parameter], text: &FunctionText<'m>) {
        self.out.push("func ");
        self.string_as_name(function.name);
        let Some(signature) = self.module.function_type(function.signature) else {
            self.out.push(&format!("<signature {}> {{", function.signature.code()));
            return self.out.line();
        };
        self.out.push("(");
        for (index, &parameter) in parameters.iter().enumerate() {
            if index > 0 {
                self.out.comma();
            }
            self.declared_register(index as u32, text);
            self.out.push(": ");
            self.parameter(parameter);
        }
        self.out.push(")");
        self.results(&signature.results);
        self.out.push(" {");
        self.out.line();
    }

    /// Writes the registers that follow the parameters, those of one type together.
    fn variables(&mut self, parameters: usize, text: &FunctionText<'m>) {
        let mut register = parameters as u32;
        let mut open = false;
        for run in text.body.locals.chunk_by(|left, right| left == right) {
            if open && self.out.is_wide() {
                self.out.line();
                open = false;
            }
            for index in 0..run.len() {
                self.out.push(if open { ", " } else { "    var " });
                open = true;
                self.declared_register(register, text);
                register += 1;
                // A line may end only after a type.
                if index + 1 < run.len() && self.out.is_wide() {
                    self.type_after_colon(run[index]);
                    self.out.line();
                    open = false;
                }
            }
            self.type_after_colon(run[0]);
            if self.out.is_full() {
                return;
            }
        }
        if open {
            self.out.line();
        }
    }

    fn type_after_colon(&mut self, ty: Type) {
        self.out.push(": ");
        self.ty(ty);
    }

    fn declared_register(&mut self, register: u32, text: &FunctionText<'m>) {
        self.register(register, text);
        if let Some(RegisterText::Numbered(name)) = text.registers.get(register as usize) {
            self.out.push(" ");
            self.out.string(name);
        }
    }

    /// Writes a register.
    pub fn register(&mut self, register: u32, text: &FunctionText<'m>) {
        match text.registers.get(register as usize) {
            Some(RegisterText::Own(name)) => self.out.name(name),
            Some(RegisterText::Numbered(_) | RegisterText::Nameless) => self.out.push(&format!("r{register}")),
            None => self.out.push(&format!("<register {register}>")),
        }
    }

    fn handler(&mut self, handler: &Handler, text: &FunctionText<'m>) {
        self.out.push("    catch ");
        self.ty(handler.class);
        self.out.push(" ");
        self.register(handler.register, text);
        for (keyword, label) in [(" from ", handler.start), (" to ", handler.end), (" goto ", handler.target)] {
            self.out.push(keyword);
            self.label(label, text);
        }
        self.out.line();
    }

    /// Writes a label.
    pub fn label(&mut self, target: u32, text: &FunctionText<'m>) {
        match text.labels.get(target as usize).copied().flatten() {
            Some(number) => self.out.push(&format!("L{number}")),
            None => self.out.push(&format!("<instruction {target}>")),
        }
    }

    fn code(&mut self, debug: Option<&FunctionDebug>, text: &FunctionText<'m>) {
        let mut lines = debug.map_or(&[][..], |debug| &debug.lines).iter().peekable();
        let column = if lines.peek().is_some() { AFTER_LINES } else { 4 };
        let mut file = 0;
        for index in 0..text.body.code.len() {
            self.label_line(index, text);
            while let Some(entry) = lines.next_if(|entry| entry.start as usize <= index) {
                // Only modules that cannot be verified have two entries for one instruction, or entries out of order.
                if self.out.column() > 0 {
                    self.out.line();
                }
                self.out.push("    ");
                self.line_directive(*entry, &mut file);
                self.out.push(" ");
            }
            self.out.pad(column);
            self.instruction(index, text);
            self.out.line();
            if self.out.is_full() {
                return;
            }
        }
        self.label_line(text.body.code.len(), text);
    }

    fn label_line(&mut self, index: usize, text: &FunctionText<'m>) {
        if text.labels.get(index).copied().flatten().is_some() {
            self.label(index as u32, text);
            self.out.push(":");
            self.out.line();
        }
    }
}

/// Numbers the instructions that something names, in their order.
fn labels(body: &Body) -> Vec<Option<u32>> {
    let mut named = vec![false; body.code.len() + 1];
    let mut name = |target: u32| {
        if let Some(slot) = named.get_mut(target as usize) {
            *slot = true;
        }
    };
    for handler in &body.handlers {
        [handler.start, handler.end, handler.target].into_iter().for_each(&mut name);
    }
    for instruction in &body.code.instructions {
        let roles = instruction.opcode.roles();
        if !roles.iter().any(|role| matches!(role, OperandRole::Label | OperandRole::Labels)) {
            continue;
        }
        let mut operands = super::operands::Words::new(body, instruction.start);
        for &role in roles {
            match role {
                OperandRole::Label => operands.next().into_iter().for_each(&mut name),
                OperandRole::Labels => operands.list().iter().copied().for_each(&mut name),
                _ => operands.skip(role),
            }
        }
    }
    let mut next = 0;
    let number = |named: bool| {
        next += u32::from(named);
        named.then(|| next - 1)
    };
    named.into_iter().map(number).collect()
}
