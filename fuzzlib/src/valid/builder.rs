//! A function on its way: instructions whose constants and labels get their numbers at the end, when all registers are known.

use super::world::World;
use limosa_spec::module::{Constant, Handler};
use limosa_spec::{Code, Opcode, OperandRole, Type};

/// What stands for a constant of the pool until the registers are counted.
const CONSTANT: u32 = 1 << 31;
/// Registers of a function; far below the limit, so that frames stay small.
const MOST_REGISTERS: usize = 120;

/// A place in the code, not yet known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label(pub u32);

/// An entry of the handler table, by labels.
#[derive(Debug, Clone, Copy)]
struct Entry {
    start: Label,
    end: Label,
    class: Type,
    target: Label,
    register: u32,
}

/// A function on its way.
pub struct Builder<'w, 'c, 'a> {
    pub world: &'w mut World<'c, 'a>,
    /// Its plan's number.
    pub index: usize,
    /// The types of its registers.
    pub registers: Vec<Type>,
    /// Registers that nothing but a loop writes.
    reserved: Vec<bool>,
    /// Registers that are not null here, unless something strange happened.
    pub ready: Vec<u32>,
    /// How many more statements there may be.
    pub budget: usize,
    /// How deep statements are nested.
    pub depth: usize,
    parameters: usize,
    constants: Vec<Constant>,
    code: Vec<(Opcode, Vec<u32>)>,
    labels: Vec<u32>,
    entries: Vec<Entry>,
}

impl<'w, 'c, 'a> Builder<'w, 'c, 'a> {
    /// A function without code.
    pub fn new(world: &'w mut World<'c, 'a>, index: usize) -> Builder<'w, 'c, 'a> {
        let parameters = &world.plans[index].signature.parameters;
        let registers: Vec<Type> = parameters.iter().map(|parameter| parameter.ty).collect();
        let is_ready = |&register: &u32| parameters[register as usize].non_null;
        let ready = (0..registers.len() as u32).filter(is_ready).collect();
        Builder {
            index,
            reserved: vec![false; registers.len()],
            parameters: registers.len(),
            registers,
            ready,
            budget: 0,
            depth: 0,
            constants: Vec::new(),
            code: Vec::new(),
            labels: Vec::new(),
            entries: Vec::new(),
            world,
        }
    }

    /// A new register; an old one of the type if there are too many.
    pub fn register(&mut self, ty: Type) -> u32 {
        if self.registers.len() >= MOST_REGISTERS
            && let Some(register) = self.pick_register(|found| found == ty)
        {
            return register;
        }
        self.registers.push(ty);
        self.reserved.push(false);
        self.registers.len() as u32 - 1
    }

    /// A register that only a loop writes.
    pub fn reserve(&mut self, ty: Type) -> u32 {
        self.registers.push(ty);
        self.reserved.push(true);
        self.registers.len() as u32 - 1
    }

    /// One of the registers whose types will do, that may be written.
    pub fn pick_register(&mut self, wanted: impl Fn(Type) -> bool) -> Option<u32> {
        let found: Vec<u32> = (0..self.registers.len())
            .filter(|&index| !self.reserved[index] && wanted(self.registers[index]))
            .map(|index| index as u32)
            .collect();
        self.world.choices.pick(&found)
    }

    /// The operand that is a constant.
    pub fn constant(&mut self, constant: Constant) -> u32 {
        let index = self.constants.iter().position(|other| *other == constant).unwrap_or_else(|| {
            self.constants.push(constant);
            self.constants.len() - 1
        });
        CONSTANT | index as u32
    }

    /// Appends an instruction.
    pub fn emit(&mut self, opcode: Opcode, operands: &[u32]) {
        self.code.push((opcode, operands.to_vec()));
    }

    /// A label that is placed later.
    pub fn label(&mut self) -> Label {
        self.labels.push(0);
        Label(self.labels.len() as u32 - 1)
    }

    /// Places a label before the next instruction.
    pub fn place(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.code.len() as u32;
    }

    /// Whether nothing was put down since the label was placed.
    pub fn is_empty_since(&self, label: Label) -> bool {
        self.labels[label.0 as usize] as usize == self.code.len()
    }

    /// Appends an entry of the handler table.
    pub fn catch(&mut self, start: Label, end: Label, class: Type, target: Label, register: u32) {
        self.entries.push(Entry { start, end, class, target, register });
    }

    /// Puts the body into the module.
    pub fn finish(mut self) {
        let registers = self.registers.len() as u32;
        let resolve = |operand: u32| if operand & CONSTANT == 0 { operand } else { registers + (operand & !CONSTANT) };
        let labels = std::mem::take(&mut self.labels);
        let mut code = Code::default();
        for (opcode, mut operands) in std::mem::take(&mut self.code) {
            patch(opcode, &mut operands, &labels, resolve);
            code.push(opcode, &operands);
        }
        let at = |label: Label| labels[label.0 as usize];
        let handler = |entry: &Entry| Handler {
            start: at(entry.start),
            end: at(entry.end),
            class: entry.class,
            target: at(entry.target),
            register: entry.register,
        };
        let body = &mut self.world.module.functions[self.index].body;
        body.handlers = self.entries.iter().map(handler).collect();
        body.locals = self.registers.split_off(self.parameters);
        body.constants = self.constants;
        body.code = code;
    }
}

/// Gives labels and constants among the operands their numbers.
fn patch(opcode: Opcode, operands: &mut [u32], labels: &[u32], resolve: impl Fn(u32) -> u32) {
    let mut at = 0;
    for &role in opcode.roles() {
        let (start, count) = match role {
            OperandRole::Defs | OperandRole::Uses | OperandRole::Labels => (at + 1, operands[at] as usize),
            OperandRole::Field | OperandRole::Method => (at, 2),
            _ => (at, 1),
        };
        for operand in &mut operands[start..start + count] {
            match role {
                OperandRole::Use(_) | OperandRole::Uses => *operand = resolve(*operand),
                OperandRole::Label | OperandRole::Labels => *operand = labels[*operand as usize],
                _ => {}
            }
        }
        at = start + count;
    }
}
