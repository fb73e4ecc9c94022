//! Calls of every kind, tail calls, and fibers.

use super::builder::Builder;
use super::subtype::{above, is_assignable};
use limosa_spec::types::{Parameter, Signature};
use limosa_spec::{Opcode, Type, TypeDefinition};

/// Something that can be called: the operands that name it, the type of the receiver, and the rest of the signature.
struct Callee {
    head: Vec<u32>,
    receiver: Option<Type>,
    signature: Signature,
}

impl Builder<'_, '_, '_> {
    /// A call of any kind.
    pub fn any_call(&mut self) {
        let opcode = match self.world.choices.below(10) {
            0..=3 => Opcode::Call,
            4 | 5 => Opcode::CallVirtual,
            6 => Opcode::CallInterface,
            7 => Opcode::CallClosure,
            8 => return self.fiber(Opcode::FiberResume),
            _ => return self.fiber_yield(),
        };
        self.call(opcode);
    }

    /// A call.
    pub fn call(&mut self, opcode: Opcode) {
        let Some(callee) = self.callee(opcode, |_| true) else { return };
        let mut operands = self.results(&callee.signature.results);
        operands.extend(&callee.head);
        self.arguments(&mut operands, &callee);
        self.emit(opcode, &operands);
    }

    /// A tail call, of this kind or any; false if nothing fits.
    pub fn tail_call(&mut self, opcode: Option<Opcode>) -> bool {
        const KINDS: [Opcode; 4] = [Opcode::Tail, Opcode::TailVirtual, Opcode::TailInterface, Opcode::TailClosure];
        let opcode = opcode.or_else(|| self.world.choices.pick(&KINDS)).unwrap_or(Opcode::Tail);
        let module = &self.world.module;
        let wanted = self.world.plans[self.index].signature.results.clone();
        let fit =
            |(found, wanted): (&Parameter, &Parameter)| is_assignable(module, found.ty, wanted.ty) && (found.non_null || !wanted.non_null);
        let fits: Vec<Signature> = self
            .signatures()
            .into_iter()
            .filter(|signature| signature.results.len() == wanted.len() && signature.results.iter().zip(&wanted).all(fit))
            .collect();
        let Some(callee) = self.callee(opcode, |signature| fits.contains(signature)) else { return false };
        let mut operands = callee.head.clone();
        self.arguments(&mut operands, &callee);
        self.emit(opcode, &operands);
        true
    }

    /// All signatures of the module.
    fn signatures(&self) -> Vec<Signature> {
        let signature = |definition: &TypeDefinition| match definition {
            TypeDefinition::Function(signature) => Some(signature.clone()),
            _ => None,
        };
        self.world.module.types.iter().filter_map(signature).collect()
    }

    fn callee(&mut self, opcode: Opcode, fits: impl Fn(&Signature) -> bool) -> Option<Callee> {
        match opcode {
            Opcode::Call | Opcode::Tail => self.function_callee(fits),
            Opcode::CallClosure | Opcode::TailClosure => {
                let mut found = Vec::new();
                for function in 0..self.world.functions() {
                    found.extend((0..=self.world.signature_of(function).parameters.len()).map(|bound| (function, bound)));
                }
                found.retain(|&(function, bound)| fits(&self.world.rest_of(function, bound)));
                let (function, bound) = self.world.choices.pick(&found)?;
                let ty = self.world.closure_type(function, bound);
                let closure = self.exactly(ty);
                Some(Callee { head: vec![closure], receiver: None, signature: self.world.rest_of(function, bound) })
            }
            _ => {
                let of_interface = matches!(opcode, Opcode::CallInterface | Opcode::TailInterface);
                let mut found = Vec::new();
                for (index, definition) in self.world.module.types.iter().enumerate() {
                    let methods = match definition {
                        TypeDefinition::Class(class) if !of_interface => &class.methods,
                        TypeDefinition::Interface(interface) if of_interface => &interface.methods,
                        _ => continue,
                    };
                    found
                        .extend(methods.iter().enumerate().map(|(method, definition)| (index as u32, method as u32, definition.signature)));
                }
                found.retain(|&(_, _, signature)| self.world.module.function_type(signature).is_some_and(&fits));
                let (owner, method, signature) = self.world.choices.pick(&found)?;
                let ty = Type::defined(owner);
                let signature = self.world.module.function_type(signature).cloned()?;
                Some(Callee { head: vec![ty.code(), method], receiver: Some(ty), signature })
            }
        }
    }

    /// A function, mostly one further on, so that most programs end.
    fn function_callee(&mut self, fits: impl Fn(&Signature) -> bool) -> Option<Callee> {
        let imports = self.world.module.imports.len() as u32;
        let own = imports + self.index as u32;
        let anywhere = self.world.choices.chance(1, 12);
        let is_callable = |&function: &u32| function < imports || function > own || anywhere && function != imports;
        let found: Vec<u32> =
            (0..self.world.functions()).filter(is_callable).filter(|&function| fits(&self.world.signature_of(function))).collect();
        // The library is called now and then only.
        let defined: Vec<u32> = found.iter().copied().filter(|&function| function > own).collect();
        let found = if self.world.choices.chance(1, 4) || defined.is_empty() { found } else { defined };
        let function = self.world.choices.pick(&found)?;
        Some(Callee { head: vec![function], receiver: None, signature: self.world.signature_of(function) })
    }

    fn arguments(&mut self, operands: &mut Vec<u32>, callee: &Callee) {
        let at = operands.len();
        operands.push((callee.signature.parameters.len() + usize::from(callee.receiver.is_some())) as u32);
        let types = callee.receiver.into_iter().chain(callee.signature.parameters.iter().map(|parameter| parameter.ty));
        for ty in types.collect::<Vec<Type>>() {
            let value = self.value(ty);
            operands.push(value);
        }
        debug_assert_eq!(operands[at] as usize, operands.len() - at - 1);
    }

    /// Registers for results, all different: new ones, or a class above what comes.
    fn results(&mut self, results: &[Parameter]) -> Vec<u32> {
        let mut operands = vec![results.len() as u32];
        for result in results {
            let mut types = if result.ty.is_reference() { above(&self.world.module, result.ty) } else { Vec::new() };
            types.push(result.ty);
            let ty = if self.world.choices.chance(1, 6) { self.world.choices.pick(&types) } else { None };
            let mut register = self.target(ty.unwrap_or(result.ty));
            while operands[1..].contains(&register) {
                register = self.reserve(result.ty);
            }
            operands.push(register);
        }
        operands
    }

    /// An instruction on fibers.
    pub fn fiber(&mut self, opcode: Opcode) {
        let Some(ty) = self.world.fiber_type() else { return };
        let Some(TypeDefinition::Fiber(signature)) = self.world.module.definition(ty).cloned() else { return };
        let fiber = self.exactly(ty);
        let times = match opcode {
            Opcode::FiberResume => 1 + self.world.choices.below(3),
            _ => 0,
        };
        for _ in 0..times {
            let mut operands = self.results(&signature.results);
            operands.push(fiber);
            let callee = Callee { head: Vec::new(), receiver: None, signature: signature.clone() };
            self.arguments(&mut operands, &callee);
            self.emit(Opcode::FiberResume, &operands);
        }
        if opcode != Opcode::FiberNew {
            let to = self.target(Type::I32);
            self.emit(Opcode::FiberDone, &[to, fiber]);
        }
    }

    /// Hands values to whoever resumed the fiber that this function is expected to run in.
    pub fn fiber_yield(&mut self) {
        let bound = self.world.plans[self.index].bound;
        let own = (self.world.module.imports.len() + self.index) as u32;
        // The entry point never runs in a fiber that knows its type.
        let ty = if self.index != 0 && self.world.choices.chance(7, 8) {
            let rest = self.world.rest_of(own, bound);
            Some(self.world.structural(TypeDefinition::Fiber(rest)))
        } else {
            self.world.fiber_type()
        };
        let Some(ty) = ty else { return };
        let Some(TypeDefinition::Fiber(signature)) = self.world.module.definition(ty).cloned() else { return };
        let mut operands = self.results(&signature.parameters);
        operands.push(ty.code());
        let given = Signature { parameters: signature.results, results: Vec::new() };
        self.arguments(&mut operands, &Callee { head: Vec::new(), receiver: None, signature: given });
        self.emit(Opcode::FiberYield, &operands);
    }
}
