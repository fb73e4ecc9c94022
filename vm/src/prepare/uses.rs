//! Which results are used once, and where: what a superinstruction hands on in a register need not be in its slot then.
//!
//! A result counts only if all of its life is within a run of instructions without a target of a branch or handler inside, so that one
//! pass in order finds it, in time and memory proportional to the code: a register that is read before it is written in any such run
//! carries values from one run to another, and none of its values count.

use limosa_spec::module::Body;
use limosa_spec::{Operand, OperandRole};

/// For each instruction with one result the only one that uses it.
pub(super) struct Uses {
    only: Vec<u32>,
}

const NONE: u32 = u32::MAX;

/// What is known of a register within the run at hand.
#[derive(Clone, Copy)]
struct Life {
    /// The run in which it was written last.
    run: u32,
    /// The instruction that wrote it; [`NONE`] if that has other results as well.
    written_by: u32,
    uses: u32,
    last_use: u32,
    /// It carries a value from one run to another.
    crosses: bool,
}

impl Uses {
    /// Looks through a function with so many registers.
    pub fn of(body: &Body, registers: u32, is_target: &[bool]) -> Uses {
        let unused = Life { run: NONE, written_by: NONE, uses: 0, last_use: 0, crosses: false };
        let mut pass = Pass { registers: vec![unused; registers as usize], only: vec![NONE; body.code.len()], run: 0 };
        let mut written = vec![NONE; body.code.len()];
        for (pc, is_target) in is_target.iter().enumerate() {
            pass.run += u32::from(*is_target);
            for operand in body.code.operands_of(pc) {
                match operand {
                    Operand::One(OperandRole::Use(_), register) => pass.used(register, pc as u32),
                    Operand::List(OperandRole::Uses, registers) => registers.iter().for_each(|&register| pass.used(register, pc as u32)),
                    _ => {}
                }
            }
            for operand in body.code.operands_of(pc) {
                match operand {
                    Operand::One(OperandRole::Def(_), register) => {
                        pass.written(register, pc as u32);
                        written[pc] = register;
                    }
                    Operand::List(OperandRole::Defs, registers) => registers.iter().for_each(|&register| pass.written(register, NONE)),
                    _ => {}
                }
            }
        }
        pass.finish(&written)
    }

    /// The only instruction that uses the result of one.
    pub fn only_use(&self, pc: u32) -> Option<u32> {
        self.only.get(pc as usize).copied().filter(|&only| only != NONE)
    }
}

struct Pass {
    registers: Vec<Life>,
    only: Vec<u32>,
    run: u32,
}

impl Pass {
    /// A register, or a constant, which is no matter.
    fn used(&mut self, register: u32, pc: u32) {
        let Some(life) = self.registers.get_mut(register as usize) else { return };
        if life.run != self.run {
            life.crosses = true;
            return;
        }
        life.uses += 1;
        life.last_use = pc;
    }

    fn written(&mut self, register: u32, pc: u32) {
        let Some(life) = self.registers.get_mut(register as usize) else { return };
        note(&mut self.only, life);
        *life = Life { run: self.run, written_by: pc, uses: 0, last_use: 0, crosses: life.crosses };
    }

    fn finish(mut self, written: &[u32]) -> Uses {
        for life in &self.registers {
            note(&mut self.only, life);
        }
        for (only, &register) in self.only.iter_mut().zip(written) {
            if self.registers.get(register as usize).is_none_or(|life| life.crosses) {
                *only = NONE;
            }
        }
        Uses { only: self.only }
    }
}

/// The end of a value's life.
fn note(only: &mut [u32], life: &Life) {
    if life.uses == 1
        && let Some(only) = only.get_mut(life.written_by as usize)
    {
        *only = life.last_use;
    }
}
