//! Which type the place of a constant has: what the assembler will take a literal there for.

use super::Printer;
use super::function::FunctionText;
use super::operands::Words;
use crate::opcodes::{Opcode, OperandRole, TypingRule};
use crate::types::{Signature, Type, TypeDefinition, TypeKind};

impl<'m> Printer<'m> {
    /// The type of what the operand at the front of `words` says is stored to: a field, the elements of an array, or a global.
    pub fn stored_to(&self, opcode: Opcode, role: OperandRole, words: &Words<'m>, text: &FunctionText<'m>) -> Option<Type> {
        let operand = words.peek(0)?;
        let ty = match role {
            OperandRole::Field => {
                let (owner, index) = (Type::from_code(operand), words.peek(1)? as usize);
                match (owner.kind(), self.module.definition(owner)) {
                    (TypeKind::WellKnown(class), _) => class.fields().get(index)?.ty,
                    (_, Some(TypeDefinition::Class(class))) => class.fields.get(index)?.ty,
                    _ => return None,
                }
            }
            OperandRole::Global => self.module.globals.get(operand as usize)?.ty,
            OperandRole::Use(_) if matches!(opcode.typing(), TypingRule::ArraySet | TypingRule::ArrayFill) => {
                match self.module.definition(*text.types.get(operand as usize)?) {
                    Some(TypeDefinition::Array(element)) => *element,
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(ty.register_type())
    }

    /// The types of the arguments of the callee at the front of `words`.
    pub fn argument_types(&self, role: OperandRole, words: &Words<'m>, text: &FunctionText<'m>) -> Vec<Type> {
        let (receiver, signature) = self.callee(role, words, text).unwrap_or_default();
        let parameters = signature.iter().flat_map(|signature| &signature.parameters).map(|parameter| parameter.ty);
        receiver.into_iter().chain(parameters).collect()
    }

    fn callee(&self, role: OperandRole, words: &Words<'m>, text: &FunctionText<'m>) -> Option<(Option<Type>, Option<&'m Signature>)> {
        let operand = words.peek(0)?;
        match role {
            OperandRole::Function => Some((None, self.module.signature(operand))),
            OperandRole::Method => {
                let owner = Type::from_code(operand);
                let methods = match self.module.definition(owner)? {
                    TypeDefinition::Class(class) => &class.methods,
                    TypeDefinition::Interface(interface) => &interface.methods,
                    TypeDefinition::Array(_) | TypeDefinition::Function(_) | TypeDefinition::Fiber(_) => return None,
                };
                let method = methods.get(words.peek(1)? as usize)?;
                Some((Some(owner), self.module.function_type(method.signature)))
            }
            _ => Some((None, self.callable(*text.types.get(operand as usize)?))),
        }
    }

    /// Parameters and results of a function or fiber type.
    fn callable(&self, ty: Type) -> Option<&'m Signature> {
        match self.module.definition(ty)? {
            TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => Some(signature),
            TypeDefinition::Class(_) | TypeDefinition::Interface(_) | TypeDefinition::Array(_) => None,
        }
    }

    /// The types of the values that a fiber of the type hands out.
    pub fn handed_out(&self, fiber: Type) -> Vec<Type> {
        let signature = self.callable(fiber);
        signature.map_or_else(Vec::new, |signature| signature.results.iter().map(|result| result.ty).collect())
    }
}
