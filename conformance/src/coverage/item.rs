//! What the suite has to cover: read off the instruction table, the list of rules and the list of limits, so that a new row asks for its
//! own tests.

use limosa_spec::verify::Rule;
use limosa_spec::{Effects, Opcode, WellKnown, limits};

/// Something that some program has to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// An instruction does its work: a program fails without it.
    Works(Opcode),
    /// An instruction is not another one of the same operands: a program fails if the second stands in place of the first.
    Differs(Opcode, Opcode),
    /// An instruction charges for the bytes it touches: a program uses other fuel without it.
    Charges(Opcode),
    /// An instruction throws an exception of the class where a handler of its function takes it.
    Caught(Opcode, WellKnown),
    /// An instruction throws an exception of the class that nothing takes.
    Uncaught(Opcode, WellKnown),
    /// A module is refused by the rule.
    Rule(Rule),
    /// A module at the limit is accepted, and one past it is refused.
    Limit(&'static str),
}

impl Item {
    /// All there are.
    pub fn all() -> Vec<Item> {
        let mut items: Vec<Item> = Opcode::ALL.iter().flat_map(|&opcode| of_instruction(opcode)).collect();
        items.extend(Rule::ALL.iter().map(|&rule| Item::Rule(rule)));
        items.extend(limits::ALL.iter().map(|limit| Item::Limit(limit.name)));
        items
    }

    /// What stands in the list of what is missing.
    pub fn describe(self) -> String {
        match self {
            Item::Works(opcode) => format!("{}: no program fails without it", opcode.mnemonic()),
            Item::Differs(opcode, other) => {
                format!("{}: no program fails with {} in its place", opcode.mnemonic(), other.mnemonic())
            }
            Item::Charges(opcode) => format!("{}: no program tells what it charges", opcode.mnemonic()),
            Item::Caught(opcode, class) => format!("{}: {} within a handler", opcode.mnemonic(), class.name()),
            Item::Uncaught(opcode, class) => format!("{}: {} uncaught", opcode.mnemonic(), class.name()),
            Item::Rule(rule) => format!("rule {rule}: no module is refused by it alone"),
            Item::Limit(name) => format!("limit {name}: no module at it and one past it"),
        }
    }
}

fn of_instruction(opcode: Opcode) -> Vec<Item> {
    let mut items = Vec::new();
    // What always throws is covered by its exception.
    if !opcode.effects().intersects(Effects::THROWS | Effects::UNREACHABLE) {
        items.push(Item::Works(opcode));
    }
    items.extend(Opcode::ALL.iter().filter(|&&other| may_stand_for(opcode, other)).map(|&other| Item::Differs(opcode, other)));
    if opcode.effects().contains(Effects::CHARGES) {
        items.push(Item::Charges(opcode));
    }
    for class in opcode.traps() {
        items.extend([Item::Caught(opcode, class), Item::Uncaught(opcode, class)]);
    }
    items
}

/// Whether a module with the second instruction in place of the first is one that the verifier accepts too.
fn may_stand_for(opcode: Opcode, other: Opcode) -> bool {
    let ends = |opcode: Opcode| opcode.effects().contains(Effects::ENDS_BLOCK);
    opcode != other && opcode.roles() == other.roles() && opcode.typing() == other.typing() && ends(opcode) == ends(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_follow_the_tables() {
        let items = Item::all();
        assert!(items.contains(&Item::Works(Opcode::AddI64)));
        assert!(items.contains(&Item::Differs(Opcode::AddI64, Opcode::SubI64)));
        assert!(!items.contains(&Item::Differs(Opcode::AddI64, Opcode::AddI32)));
        assert!(items.contains(&Item::Caught(Opcode::DivI64, WellKnown::DivisionError)));
        assert!(items.contains(&Item::Uncaught(Opcode::DivI64, WellKnown::DivisionError)));
        assert!(!items.contains(&Item::Works(Opcode::Throw)));
        assert!(items.contains(&Item::Charges(Opcode::StrEq)) && !items.contains(&Item::Charges(Opcode::StrLen)));
        assert_eq!(items.iter().filter(|item| matches!(item, Item::Rule(_))).count(), Rule::ALL.len());
        assert_eq!(items.iter().filter(|item| matches!(item, Item::Limit(_))).count(), limits::ALL.len());
    }
}
