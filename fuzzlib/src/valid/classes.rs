//! Classes and interfaces: inheritance, overriding, abstract and final methods, and a body for each method that needs one.

use super::subtype::above;
use super::world::World;
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature};
use limosa_spec::{Type, TypeDefinition, WellKnown};
use std::collections::BTreeMap;

/// A method that a class has, its own or inherited.
#[derive(Debug, Clone, Copy)]
struct Has {
    signature: Type,
    has_body: bool,
    is_final: bool,
}

/// Makes the classes and interfaces of a module.
pub fn make(world: &mut World<'_, '_>) {
    let interfaces = world.choices.below(3) as u32;
    let classes = 1 + world.choices.below(5) as u32;
    // Places first, so that members can be of any of these types.
    for index in 0..interfaces {
        let name = world.string(&format!("I{index}"));
        let definition = InterfaceDefinition { name, import: None, extends: Vec::new(), methods: Vec::new() };
        world.module.types.push(TypeDefinition::Interface(definition));
    }
    for index in 0..classes {
        let name = world.string(&format!("C{index}"));
        world.module.types.push(TypeDefinition::Class(ClassDefinition {
            name,
            import: None,
            is_final: false,
            is_abstract: false,
            superclass: None,
            interfaces: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
        }));
    }
    world.sign();
    (0..interfaces).for_each(|index| interface(world, index));
    let mut methods: Vec<BTreeMap<u32, Has>> = Vec::new();
    for index in 0..classes {
        let has = Class { world, index, interfaces, methods: &methods }.make();
        methods.push(has);
    }
}

/// The signature of a method: like a function's, without the receiver.
fn method_signature(world: &mut World<'_, '_>) -> Type {
    let signature = world.signature();
    world.structural(TypeDefinition::Function(signature))
}

fn interface(world: &mut World<'_, '_>, index: u32) {
    let mut extends = Vec::new();
    for earlier in 0..index {
        if world.choices.chance(1, 2) {
            extends.push(Type::defined(earlier));
        }
    }
    let mut methods = Vec::new();
    for number in 0..1 + world.choices.below(2) {
        let signature = method_signature(world);
        let name = world.string(&format!("i{index}m{number}"));
        methods.push(MethodDefinition { name, signature, body: None, is_final: false });
    }
    if let TypeDefinition::Interface(interface) = &mut world.module.types[index as usize] {
        interface.extends = extends;
        interface.methods = methods;
    }
}

/// A class being made: the numbers of classes begin behind those of the interfaces.
struct Class<'w, 'm, 'c, 'a> {
    world: &'w mut World<'c, 'a>,
    index: u32,
    interfaces: u32,
    methods: &'m [BTreeMap<u32, Has>],
}

impl Class<'_, '_, '_, '_> {
    fn ty(&self) -> Type {
        Type::defined(self.interfaces + self.index)
    }

    fn definition(&mut self) -> &mut ClassDefinition {
        match &mut self.world.module.types[(self.interfaces + self.index) as usize] {
            TypeDefinition::Class(class) => class,
            _ => unreachable!("classes stand behind the interfaces"),
        }
    }

    /// Makes it; gives the methods it has.
    fn make(mut self) -> BTreeMap<u32, Has> {
        let (superclass, mut has) = self.superclass();
        let is_abstract = self.world.choices.chance(1, 5);
        let is_final = !is_abstract && self.world.choices.chance(1, 6);
        let mut interfaces = Vec::new();
        for interface in 0..self.interfaces {
            if self.world.choices.chance(1, 2) {
                interfaces.push(Type::defined(interface));
            }
        }
        let definition = self.definition();
        (definition.superclass, definition.interfaces, definition.is_abstract, definition.is_final) =
            (superclass, interfaces, is_abstract, is_final);
        self.fields();
        let mut own: Vec<(u32, Type, bool)> = self.overrides(&has, is_abstract);
        for number in 0..self.world.choices.below(3) {
            let signature = method_signature(self.world);
            let name = self.world.string(&format!("c{}m{number}", self.index));
            own.push((name, signature, is_abstract && self.world.choices.chance(1, 2)));
        }
        self.implement(&mut own, &has, is_abstract);
        for (name, signature, without_body) in own {
            let method = self.method(name, signature, without_body);
            has.insert(name, Has { signature, has_body: method.body.is_some(), is_final: method.is_final });
            self.definition().methods.push(method);
        }
        has
    }

    fn superclass(&mut self) -> (Option<Type>, BTreeMap<u32, Has>) {
        match self.world.choices.below(8) {
            0 | 1 => (None, BTreeMap::new()),
            2 => {
                let class = self.world.choices.pick(&[WellKnown::Error, WellKnown::DivisionError, WellKnown::HostError]);
                (Some(Type::well_known(class.unwrap_or(WellKnown::Error))), BTreeMap::new())
            }
            _ => {
                let earlier = self.world.choices.below(self.index as usize) as u32;
                let ty = Type::defined(self.interfaces + earlier);
                match self.world.module.definition(ty) {
                    Some(TypeDefinition::Class(class)) if earlier < self.index && !class.is_final => {
                        (Some(ty), self.methods[earlier as usize].clone())
                    }
                    _ => (None, BTreeMap::new()),
                }
            }
        }
    }

    fn fields(&mut self) {
        const STORED: [Type; 8] = [Type::I8, Type::U8, Type::I16, Type::U16, Type::I32, Type::I64, Type::F32, Type::F64];
        let mut fields = Vec::new();
        for number in 0..self.world.choices.below(6) {
            let ty = if self.world.choices.chance(1, 2) {
                self.world.choices.pick(&STORED).unwrap_or(Type::I32)
            } else {
                self.world.register_type()
            };
            let name = self.world.string(&format!("x{number}"));
            fields.push(FieldDefinition { name, ty });
        }
        self.definition().fields = fields;
    }

    /// The inherited methods that this class overrides.
    fn overrides(&mut self, has: &BTreeMap<u32, Has>, is_abstract: bool) -> Vec<(u32, Type, bool)> {
        let mut own = Vec::new();
        for (&name, method) in has {
            let must = !method.has_body && !is_abstract;
            if must || !method.is_final && self.world.choices.chance(1, 2) {
                own.push((name, method.signature, is_abstract && self.world.choices.chance(1, 4)));
            }
        }
        own
    }

    /// Adds the methods of the interfaces that are missing.
    fn implement(&mut self, own: &mut Vec<(u32, Type, bool)>, has: &BTreeMap<u32, Has>, is_abstract: bool) {
        for ty in above(&self.world.module, self.ty()) {
            let Some(TypeDefinition::Interface(interface)) = self.world.module.definition(ty) else { continue };
            for method in interface.methods.clone() {
                let is_there = has.contains_key(&method.name) || own.iter().any(|(name, ..)| *name == method.name);
                let is_left_out = is_abstract && self.world.choices.chance(1, 2);
                if !is_there && !is_left_out {
                    own.push((method.name, method.signature, false));
                }
            }
        }
    }

    /// A method of this class, and the plan of its body.
    fn method(&mut self, name: u32, signature: Type, without_body: bool) -> MethodDefinition {
        if without_body {
            return MethodDefinition { name, signature, body: None, is_final: false };
        }
        let mut receivers = above(&self.world.module, self.ty());
        receivers.extend([self.ty(), self.ty(), self.ty(), self.ty(), Type::ANY]);
        let ty = self.world.choices.pick(&receivers).filter(|_| self.world.choices.chance(1, 3)).unwrap_or(self.ty());
        let Signature { mut parameters, results } = self.world.module.function_type(signature).cloned().unwrap_or_default();
        parameters.insert(0, Parameter { ty, non_null: self.world.choices.chance(1, 2) });
        let called = format!("C{}.{}", self.index, self.world.module.string(name));
        let body = self.world.function(&called, Signature { parameters, results });
        MethodDefinition { name, signature, body: Some(body), is_final: self.world.choices.chance(1, 8) }
    }
}
