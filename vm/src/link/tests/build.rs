//! Modules built by hand, tersely.

use crate::link::{HostSignature, HostSignatures, HostSlot, HostType, LinkError, link};
use crate::program::Linked;
use limosa_spec::instruction::Code;
use limosa_spec::module::{Body, Constant, Export, ExportItem, Function, FunctionImport, Global};
use limosa_spec::types::{ClassDefinition, FieldDefinition, InterfaceDefinition, MethodDefinition, Parameter, Signature};
use limosa_spec::{Module, Opcode, Type, TypeDefinition};
use std::collections::HashMap;
use std::sync::Arc;

/// A module under construction. Named types are added before structural ones.
pub struct Build {
    pub module: Module,
    strings: HashMap<String, u32>,
}

impl Build {
    pub fn new(name: &str) -> Build {
        let mut build = Build { module: Module::default(), strings: HashMap::new() };
        build.module.manifest.name = build.string(name);
        build
    }

    pub fn string(&mut self, text: &str) -> u32 {
        let strings = &mut self.module.strings;
        *self.strings.entry(text.to_owned()).or_insert_with(|| {
            strings.push(text.into());
            strings.len() as u32 - 1
        })
    }

    fn add(&mut self, definition: TypeDefinition) -> Type {
        if let Some(index) = self.module.types.iter().position(|known| *known == definition) {
            return Type::defined(index as u32);
        }
        self.module.types.push(definition);
        Type::defined(self.module.types.len() as u32 - 1)
    }

    /// A class; its fields and methods are added by [`Build::field`] and the others.
    pub fn class(&mut self, name: &str, superclass: Option<Type>) -> Type {
        let name = self.string(name);
        self.add(TypeDefinition::Class(ClassDefinition {
            name,
            import: None,
            is_final: false,
            is_abstract: false,
            superclass,
            interfaces: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
        }))
    }

    pub fn interface(&mut self, name: &str, extends: &[Type]) -> Type {
        let name = self.string(name);
        let (extends, methods) = (extends.to_vec(), Vec::new());
        self.add(TypeDefinition::Interface(InterfaceDefinition { name, import: None, extends, methods }))
    }

    pub fn import_class(&mut self, module: &str, name: &str, superclass: Option<Type>) -> Type {
        let module = self.string(module);
        let ty = self.class(name, superclass);
        self.edit(ty).import = Some(module);
        ty
    }

    pub fn import_interface(&mut self, module: &str, name: &str, extends: &[Type]) -> Type {
        let module = self.string(module);
        let ty = self.interface(name, extends);
        match &mut self.module.types[ty.defined_index().unwrap() as usize] {
            TypeDefinition::Interface(interface) => interface.import = Some(module),
            _ => panic!("not an interface"),
        }
        ty
    }

    pub fn edit(&mut self, ty: Type) -> &mut ClassDefinition {
        match &mut self.module.types[ty.defined_index().unwrap() as usize] {
            TypeDefinition::Class(class) => class,
            _ => panic!("not a class"),
        }
    }

    pub fn field(&mut self, class: Type, name: &str, ty: Type) {
        let name = self.string(name);
        self.edit(class).fields.push(FieldDefinition { name, ty });
    }

    /// A method of a class or interface; with a body if `body` is given.
    pub fn method(&mut self, owner: Type, name: &str, signature: Type, body: Option<u32>) {
        let method = MethodDefinition { name: self.string(name), signature, body, is_final: false };
        match &mut self.module.types[owner.defined_index().unwrap() as usize] {
            TypeDefinition::Class(class) => class.methods.push(method),
            TypeDefinition::Interface(interface) => interface.methods.push(method),
            _ => panic!("not a named type"),
        }
    }

    /// A method of a class with a body that does nothing, for signatures without results.
    pub fn concrete(&mut self, class: Type, name: &str, parameters: &[Type]) -> u32 {
        let all: Vec<Type> = std::iter::once(class).chain(parameters.iter().copied()).collect();
        let body = self.function(&format!("{}.{name}.{}", class.code(), self.module.functions.len()), &all, &[]);
        let signature = self.signature(parameters, &[]);
        self.method(class, name, signature, Some(body));
        body
    }

    pub fn array(&mut self, element: Type) -> Type {
        self.add(TypeDefinition::Array(element))
    }

    pub fn signature(&mut self, parameters: &[Type], results: &[Type]) -> Type {
        self.add(TypeDefinition::Function(Signature { parameters: nullable(parameters), results: nullable(results) }))
    }

    pub fn fiber(&mut self, parameters: &[Type], results: &[Type]) -> Type {
        self.add(TypeDefinition::Fiber(Signature { parameters: nullable(parameters), results: nullable(results) }))
    }

    /// Must come before all functions defined.
    pub fn import(&mut self, module: &str, name: &str, signature: Type) -> u32 {
        let (module, name) = (self.string(module), self.string(name));
        self.module.imports.push(FunctionImport { module, name, signature });
        self.module.imports.len() as u32 - 1
    }

    /// A function that returns zeros and nulls.
    pub fn function(&mut self, name: &str, parameters: &[Type], results: &[Type]) -> u32 {
        let mut code = Code::default();
        let registers = parameters.len() as u32;
        let list: Vec<u32> = (0..results.len() as u32).map(|result| registers + result).collect();
        code.push(Opcode::Ret, &[&[list.len() as u32], list.as_slice()].concat());
        let locals = results.to_vec();
        self.function_of(name, parameters, results, locals, code)
    }

    pub fn function_of(&mut self, name: &str, parameters: &[Type], results: &[Type], locals: Vec<Type>, code: Code) -> u32 {
        let name = self.string(name);
        let signature = self.signature(parameters, results);
        let body = Body { locals, code, ..Body::default() };
        self.module.functions.push(Function { name, signature, body });
        (self.module.imports.len() + self.module.functions.len()) as u32 - 1
    }

    pub fn global(&mut self, name: &str, ty: Type, initial: Constant) {
        let name = self.string(name);
        self.module.globals.push(Global { name, ty, initial });
    }

    pub fn export_function(&mut self, name: &str, function: u32) {
        let name = self.string(name);
        self.module.exports.push(Export { name, item: ExportItem::Function(function) });
    }

    pub fn export_type(&mut self, name: &str, ty: Type) {
        let name = self.string(name);
        self.module.exports.push(Export { name, item: ExportItem::Type(ty) });
    }
}

fn nullable(types: &[Type]) -> Vec<Parameter> {
    types.iter().map(|&ty| Parameter { ty, non_null: false }).collect()
}

/// Verifies and links modules, without a host.
pub fn link_all(builds: Vec<Build>) -> Result<Linked, LinkError> {
    link_with(builds, &Host::default())
}

/// Verifies and links modules with a host.
pub fn link_with(builds: Vec<Build>, host: &dyn HostSignatures) -> Result<Linked, LinkError> {
    let verify = |build: Build| Arc::new(limosa_spec::verify::verify(build.module).expect("the test's module verifies"));
    let modules: Vec<_> = builds.into_iter().map(verify).collect();
    link(&modules, host)
}

/// The error of modules that must not link.
pub fn link_error(builds: Vec<Build>) -> LinkError {
    match link_all(builds) {
        Ok(_) => panic!("linked"),
        Err(error) => error,
    }
}

/// A host with the functions listed.
#[derive(Default)]
pub struct Host(pub Vec<(&'static str, &'static str, HostSignature)>);

impl HostSignatures for Host {
    fn find(&self, module: &str, name: &str) -> Option<(u32, &HostSignature)> {
        let index = self.0.iter().position(|function| function.0 == module && function.1 == name)?;
        Some((index as u32, &self.0[index].2))
    }

    fn names<'a>(&'a self, module: &str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
        let module = module.to_owned();
        Box::new(self.0.iter().filter(move |function| function.0 == module).map(|function| function.1))
    }
}

/// A host parameter or result.
pub fn host_slot(ty: HostType, non_null: bool) -> HostSlot {
    HostSlot { ty, non_null }
}

/// How a type is spelled.
pub fn type_name(linked: &Linked, ty: u32) -> &str {
    &linked.types[ty as usize].name
}
