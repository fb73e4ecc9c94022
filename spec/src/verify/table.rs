//! The instruction table in the form the linear pass reads: per opcode a row of small numbers, made at compile time.

use crate::opcodes::{OperandRole, RegisterKind, TypingRule};

/// An operand's bits: what kind of value a register or constant holds, and whether it can be written.
pub(super) mod bits {
    /// An `i32`.
    pub const I32: u8 = 1;
    /// An `i64`.
    pub const I64: u8 = 1 << 1;
    /// An `f32`.
    pub const F32: u8 = 1 << 2;
    /// An `f64`.
    pub const F64: u8 = 1 << 3;
    /// A reference.
    pub const REFERENCE: u8 = 1 << 4;
    /// A register, not a constant.
    pub const REGISTER: u8 = 1 << 5;
    /// A register or constant of the function.
    pub const OPERAND: u8 = 1 << 6;
    /// Set in a role that is not one register or constant.
    pub const SPECIAL: u8 = 1 << 7;
}

/// The most operands a row has.
const MAX_ROLES: usize = 5;
/// So many operands are checked at once: most instructions have no more.
pub(super) const FIRST: usize = 3;
/// One more than the greatest opcode, rounded up.
const ROWS_LEN: usize = 0x200;

/// What the linear pass knows of an opcode.
#[derive(Clone, Copy)]
pub(super) struct Row {
    count: u8,
    /// How many of the first [`FIRST`] operands are one register or constant before the first that is not.
    plain: u8,
    /// Their checks, then zeros.
    first: [u8; FIRST],
    /// What comes after them.
    pub tail: Tail,
    /// For a register or constant the [`bits`] it must have; [`bits::SPECIAL`] plus the role's number in [`SPECIAL_ROLES`] otherwise.
    checks: [u8; MAX_ROLES],
    /// How the operands' types depend on one another.
    pub typing: TypingRule,
}

/// The roles that are not one register or constant, by number.
pub(super) const SPECIAL_ROLES: [OperandRole; 11] = [
    OperandRole::Defs,
    OperandRole::Uses,
    OperandRole::Label,
    OperandRole::Labels,
    OperandRole::Type,
    OperandRole::Function,
    OperandRole::Field,
    OperandRole::Method,
    OperandRole::Global,
    OperandRole::String,
    OperandRole::Data,
];

/// What operands an instruction has besides the first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// None.
    None,
    /// One label.
    Label,
    /// Others.
    Others,
}

const fn kind_bits(kind: RegisterKind) -> u8 {
    match kind {
        RegisterKind::I32 => bits::I32,
        RegisterKind::I64 => bits::I64,
        RegisterKind::F32 => bits::F32,
        RegisterKind::F64 => bits::F64,
        RegisterKind::Ref => bits::REFERENCE,
        RegisterKind::Any => bits::OPERAND,
    }
}

const fn check(role: OperandRole) -> u8 {
    match role {
        OperandRole::Def(kind) => kind_bits(kind) | bits::REGISTER,
        OperandRole::Use(kind) => kind_bits(kind),
        OperandRole::Defs => bits::SPECIAL,
        OperandRole::Uses => bits::SPECIAL | 1,
        OperandRole::Label => bits::SPECIAL | 2,
        OperandRole::Labels => bits::SPECIAL | 3,
        OperandRole::Type => bits::SPECIAL | 4,
        OperandRole::Function => bits::SPECIAL | 5,
        OperandRole::Field => bits::SPECIAL | 6,
        OperandRole::Method => bits::SPECIAL | 7,
        OperandRole::Global => bits::SPECIAL | 8,
        OperandRole::String => bits::SPECIAL | 9,
        OperandRole::Data => bits::SPECIAL | 10,
    }
}

impl Row {
    const fn new(roles: &[OperandRole], typing: TypingRule) -> Row {
        let (mut checks, mut first) = ([0; MAX_ROLES], [0; FIRST]);
        let (mut index, mut plain) = (0, 0);
        while index < roles.len() {
            checks[index] = check(roles[index]);
            if checks[index] & bits::SPECIAL == 0 && plain == index && plain < FIRST {
                first[plain] = checks[index];
                plain += 1;
            }
            index += 1;
        }
        let tail = if plain == roles.len() {
            Tail::None
        } else if plain + 1 == roles.len() && matches!(roles[plain], OperandRole::Label) {
            Tail::Label
        } else {
            Tail::Others
        };
        Row { count: roles.len() as u8, plain: plain as u8, first, tail, checks, typing }
    }

    /// The checks of its operands in their order.
    #[inline]
    pub(super) fn checks(&self) -> &[u8] {
        &self.checks[..usize::from(self.count)]
    }

    /// The checks of the first operands, one register or constant each; zero, which everything passes, where there is none.
    #[inline]
    pub(super) fn first_checks(&self) -> [u8; FIRST] {
        self.first
    }

    /// How many operands those are.
    #[inline]
    pub(super) fn plain(&self) -> usize {
        usize::from(self.plain)
    }
}

macro_rules! build_rows {
    ($($variant:ident = $code:literal, $mnemonic:literal, [$($role:ident $(($kind:ident))?),*], $typing:ident, $($effect:ident)|+, $meaning:literal;)*) => {
        /// The rows by opcode.
        pub(super) static ROWS: [Row; ROWS_LEN] = {
            #[allow(unused_imports, reason = "as in the table")]
            use {OperandRole::*, RegisterKind::*};
            let mut rows = [Row::new(&[], TypingRule::Fixed); ROWS_LEN];
            $(rows[$code] = Row::new(&[$($role $(($kind))?),*], TypingRule::$typing);)*
            rows
        };
    };
}
crate::for_each_opcode!(build_rows);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opcodes::Opcode;

    #[test]
    fn rows_say_what_the_table_says() {
        for &opcode in Opcode::ALL {
            let row = &ROWS[usize::from(opcode.code())];
            assert_eq!(row.typing, opcode.typing());
            assert_eq!(row.checks().len(), opcode.roles().len());
            for (&check, &role) in row.checks().iter().zip(opcode.roles()) {
                match role {
                    OperandRole::Def(_) => assert!(check & bits::SPECIAL == 0 && check & bits::REGISTER != 0),
                    OperandRole::Use(_) => assert_eq!(check & (bits::SPECIAL | bits::REGISTER), 0),
                    _ => assert_eq!(SPECIAL_ROLES[usize::from(check & !bits::SPECIAL)], role),
                }
            }
        }
    }
}
