//! What the verifier hands out: modules and functions that cannot be made in any other way, and what it learned of them.

use super::error::VerifyError;
use super::function::{self, Scratch};
use super::hierarchy::Hierarchy;
use crate::module::{Constant, Function, FunctionIndex, Module};
use crate::opcodes::Opcode;
use crate::types::{Parameter, Type};
use std::ops::Deref;

/// A module whose declarations are verified, but not yet its functions: all but the rules about code hold.
///
/// For those who verify functions one by one, when they are first called.
#[derive(Debug, Clone)]
pub struct DeclaredModule {
    module: Module,
    hierarchy: Hierarchy,
}

impl DeclaredModule {
    /// Verifies the declarations of a module.
    ///
    /// # Errors
    /// The first rule they break, and where.
    pub fn new(module: Module) -> Result<DeclaredModule, VerifyError> {
        match super::check_declarations(&module) {
            Ok(hierarchy) => Ok(DeclaredModule { module, hierarchy }),
            Err(error) => Err(super::in_module(*error, &module)),
        }
    }

    /// Verifies one function.
    ///
    /// # Errors
    /// The first rule it breaks, and where.
    ///
    /// # Panics
    /// If `index` is not that of a function the module defines.
    pub fn verify_function(&self, index: FunctionIndex) -> Result<VerifiedFunction<'_>, VerifyError> {
        let mut scratch = Scratch::default();
        function::check(&self.module, &self.hierarchy, index as usize - self.module.imports.len(), &mut scratch)
            .map_err(|error| super::in_module(*error, &self.module))?;
        Ok(VerifiedFunction { module: self, index })
    }

    /// Verifies all functions.
    ///
    /// # Errors
    /// The first rule one of them breaks, and where.
    pub fn verify(self) -> Result<VerifiedModule, VerifyError> {
        let mut scratch = Scratch::default();
        for index in 0..self.module.functions.len() {
            function::check(&self.module, &self.hierarchy, index, &mut scratch).map_err(|error| super::in_module(*error, &self.module))?;
        }
        let mut closures: Vec<ClosureShape> =
            scratch.closures.into_iter().map(|(function, captures)| ClosureShape { function, captures }).collect();
        closures.sort_unstable();
        closures.dedup();
        Ok(VerifiedModule { declared: self, closures })
    }

    /// Whether a value of type `from` may stand where one of type `to` is asked for. Both must be types of this module.
    #[must_use]
    pub fn is_assignable(&self, from: Type, to: Type) -> bool {
        self.hierarchy.is_assignable(from, to)
    }

    /// The class that a class of this module, or a well-known one, extends.
    #[must_use]
    pub fn superclass(&self, class: Type) -> Option<Type> {
        self.hierarchy.superclass(class)
    }

    /// The type table's indices of the interfaces a class or interface has, extended and inherited ones included, ascending.
    #[must_use]
    pub fn interfaces(&self, ty: Type) -> &[u32] {
        self.hierarchy.interfaces(ty)
    }

    /// The types of a function's registers. Empty for a function the module does not define.
    #[must_use]
    pub fn registers(&self, function: FunctionIndex) -> Registers<'_> {
        let parameters = self.module.signature(function).map_or(&[][..], |signature| &signature.parameters);
        match self.defined(function) {
            Some(function) => Registers { parameters, locals: &function.body.locals, constants: &function.body.constants },
            None => Registers { parameters: &[], locals: &[], constants: &[] },
        }
    }

    fn defined(&self, function: FunctionIndex) -> Option<&Function> {
        (function as usize).checked_sub(self.module.imports.len()).and_then(|index| self.module.functions.get(index))
    }
}

impl Deref for DeclaredModule {
    type Target = Module;

    fn deref(&self) -> &Module {
        &self.module
    }
}

/// A module that keeps every rule. Only [`verify`](super::verify) and [`DeclaredModule::verify`] make one, and nothing can change it.
#[derive(Debug, Clone)]
pub struct VerifiedModule {
    declared: DeclaredModule,
    closures: Vec<ClosureShape>,
}

impl VerifiedModule {
    /// What the module's `closure` instructions make: each pair of function and number of captures once, ascending.
    #[must_use]
    pub fn closures(&self) -> &[ClosureShape] {
        &self.closures
    }

    /// A function the module defines.
    #[must_use]
    pub fn function(&self, index: FunctionIndex) -> Option<VerifiedFunction<'_>> {
        self.declared.defined(index).map(|_| VerifiedFunction { module: &self.declared, index })
    }

    /// The functions the module defines, in their order.
    pub fn verified_functions(&self) -> impl ExactSizeIterator<Item = VerifiedFunction<'_>> {
        let imports = self.imports.len();
        (0..self.functions.len()).map(move |index| VerifiedFunction { module: &self.declared, index: (imports + index) as FunctionIndex })
    }

    /// Gives up the proof.
    #[must_use]
    pub fn into_module(self) -> Module {
        self.declared.module
    }
}

impl Deref for VerifiedModule {
    type Target = DeclaredModule;

    fn deref(&self) -> &DeclaredModule {
        &self.declared
    }
}

/// A function that keeps every rule, in a module whose declarations do. Only the verifier makes one.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedFunction<'m> {
    module: &'m DeclaredModule,
    index: FunctionIndex,
}

impl<'m> VerifiedFunction<'m> {
    /// The module it is defined in.
    #[must_use]
    pub fn module(self) -> &'m DeclaredModule {
        self.module
    }

    /// Its index, imported functions counted.
    #[must_use]
    pub fn index(self) -> FunctionIndex {
        self.index
    }

    /// What it is made of.
    #[must_use]
    pub fn definition(self) -> &'m Function {
        &self.module.module.functions[self.index as usize - self.module.module.imports.len()]
    }

    /// The types of its registers and constants.
    #[must_use]
    pub fn registers(self) -> Registers<'m> {
        self.module.registers(self.index)
    }

    /// What its `closure` instructions make, in their order.
    pub fn closures(self) -> impl Iterator<Item = ClosureShape> + 'm {
        let code = &self.definition().body.code;
        let is_closure = |&index: &usize| code.instructions[index].opcode == Opcode::Closure;
        (0..code.len()).filter(is_closure).map(|index| {
            let operands = code.raw_operands(index);
            ClosureShape { function: operands[1], captures: operands[2] }
        })
    }
}

/// What a `closure` instruction makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClosureShape {
    /// The function that is run.
    pub function: FunctionIndex,
    /// How many of its first parameters are bound.
    pub captures: u32,
}

/// The types of a function's operands: registers are the parameters, then the locals; constants follow.
#[derive(Debug, Clone, Copy)]
pub struct Registers<'m> {
    parameters: &'m [Parameter],
    locals: &'m [Type],
    constants: &'m [Constant],
}

impl Registers<'_> {
    /// The number of registers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parameters.len() + self.locals.len()
    }

    /// Whether there are no registers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of a register.
    #[must_use]
    pub fn get(&self, register: u32) -> Option<Type> {
        let index = register as usize;
        match self.parameters.get(index) {
            Some(parameter) => Some(parameter.ty),
            None => self.locals.get(index - self.parameters.len()).copied(),
        }
    }

    /// The type of a register or constant; [`Type::NULL`] for the constant null.
    #[must_use]
    pub fn operand(&self, operand: u32) -> Option<Type> {
        self.get(operand).or_else(|| self.constant(operand).map(Constant::ty))
    }

    /// The constant an operand names, if it names one.
    #[must_use]
    pub fn constant(&self, operand: u32) -> Option<Constant> {
        (operand as usize).checked_sub(self.len()).and_then(|index| self.constants.get(index)).copied()
    }

    /// The types of all registers in their order.
    pub fn iter(&self) -> impl Iterator<Item = Type> {
        self.parameters.iter().map(|parameter| parameter.ty).chain(self.locals.iter().copied())
    }
}
