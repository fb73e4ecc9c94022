//! Linking modules to a program (chapter *Linking*): every import finds what it asked for, and what modules state about one another's
//! classes is proved.
//!
//! The order: types ([`types`]), classes and interfaces ([`classes`]), functions ([`functions`]), then what must hold of the whole:
//! methods ([`methods`]) and the statements of imports ([`claims`]).

mod claims;
mod classes;
mod functions;
mod methods;
mod types;

use crate::names;
use crate::program::{Class, Function, FunctionId, Global, Interface, InterfaceId, Names, Program, Text, TypeId, Types};
use limosa_spec::Type;
use limosa_spec::module::{Constant, ExportItem, Module, StringIndex};
use limosa_spec::verify::VerifiedModule;
use std::collections::HashMap;
use std::rc::Rc;

/// Why modules cannot be linked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Two modules have the same name.
    #[error("there are two modules named `{0}`")]
    DuplicateModule(String),
    /// An import finds nothing, or something else.
    #[error("module `{importer}` imports {what}, which {reason}")]
    Import {
        /// The importing module.
        importer: String,
        /// What it imports.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// A type is above itself.
    #[error("`{0}` extends itself")]
    Cycle(String),
    /// A class breaks a rule about methods.
    #[error("the class `{class}` {reason}")]
    Class {
        /// The class.
        class: String,
        /// What it does wrong.
        reason: String,
    },
    /// There is too much of something.
    #[error("the program has too many {0}")]
    TooMany(&'static str),
}

/// Links verified modules, in the order in which the host lists them.
///
/// # Errors
/// What is missing, or not what its importer states.
pub fn link(modules: Vec<VerifiedModule>) -> Result<Program, LinkError> {
    let mut linker = Linker::new(modules)?;
    linker.number_named_types();
    linker.resolve_types()?;
    linker.relate_classes()?;
    linker.define_functions();
    linker.resolve_functions()?;
    linker.declare_methods();
    linker.check_methods()?;
    linker.prove_imports()?;
    Ok(linker.finish())
}

/// A program in the making.
struct Linker {
    modules: Vec<Unit>,
    by_name: HashMap<Text, usize>,
    texts: Texts,
    types: Types,
    classes: Vec<Class>,
    interfaces: Vec<Interface>,
    /// Where each class is defined; the well-known ones nowhere.
    class_sources: Vec<Option<(usize, usize)>>,
    /// Where each interface is defined.
    interface_sources: Vec<(usize, usize)>,
    functions: Vec<Function>,
}

/// A module on its way into a program.
struct Unit {
    module: VerifiedModule,
    /// By string index.
    texts: Vec<Text>,
    /// Exported functions, by their index.
    functions_exported: HashMap<Text, usize>,
    /// Exported classes and interfaces, by their entry of the type table.
    types_exported: HashMap<Text, usize>,
    /// By entry of the type table.
    types: Vec<TypeId>,
    /// By function index.
    functions: Vec<FunctionId>,
    fields: Vec<Vec<(usize, TypeId)>>,
    methods: Vec<Vec<Text>>,
}

/// All texts, each once.
#[derive(Default)]
struct Texts {
    numbers: HashMap<Rc<str>, Text>,
    texts: Vec<Rc<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> Text {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let text: Rc<str> = Rc::from(text);
        let number = self.texts.len() as Text;
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        number
    }
}

impl Unit {
    fn text(&self, string: StringIndex) -> Text {
        self.texts[string as usize]
    }

    fn name(&self) -> String {
        names::name(self.module.string(self.module.manifest.name))
    }

    /// A type of this module as a type of the program. The module's type table must have been resolved.
    fn resolve(&self, ty: Type) -> TypeId {
        ty.defined_index().map_or(ty.code(), |index| self.types[index as usize])
    }

    /// `module.name` in messages.
    fn qualified(&self, module: StringIndex, name: StringIndex) -> String {
        format!("{}.{}", names::name(self.module.string(module)), names::name(self.module.string(name)))
    }
}

impl Linker {
    fn new(modules: Vec<VerifiedModule>) -> Result<Linker, LinkError> {
        let mut texts = Texts::default();
        let mut by_name = HashMap::new();
        let mut units: Vec<Unit> = Vec::new();
        for module in modules {
            let unit = Unit::new(module, &mut texts);
            if by_name.insert(unit.text(unit.module.manifest.name), units.len()).is_some() {
                return Err(LinkError::DuplicateModule(unit.name()));
            }
            units.push(unit);
        }
        Ok(Linker {
            modules: units,
            by_name,
            texts,
            types: Types::new(),
            classes: Vec::new(),
            interfaces: Vec::new(),
            class_sources: Vec::new(),
            interface_sources: Vec::new(),
            functions: Vec::new(),
        })
    }

    /// An import's error.
    fn import_error(&self, module: usize, what: String, reason: impl Into<String>) -> LinkError {
        LinkError::Import { importer: self.modules[module].name(), what, reason: reason.into() }
    }

    fn finish(self) -> Program {
        let mut globals = Vec::new();
        let mut modules = Vec::new();
        for unit in self.modules {
            let first_global = globals.len();
            for global in &unit.module.globals {
                let initial = match global.initial {
                    Constant::Str(string) => Constant::Str(unit.text(string)),
                    number => number,
                };
                globals.push(Global { ty: unit.resolve(global.ty), initial });
            }
            let Unit { module, texts, types, functions, fields, methods, .. } = unit;
            modules.push(Names { module, types, functions, texts, fields, methods, first_global });
        }
        let entry = modules.iter().find_map(|names| names.module.manifest.entry.map(|entry| names.functions[entry as usize]));
        Program {
            modules,
            types: self.types,
            classes: self.classes,
            interfaces: self.interfaces,
            functions: self.functions,
            globals,
            texts: self.texts.texts,
            entry,
        }
    }
}

impl Unit {
    fn new(module: VerifiedModule, texts: &mut Texts) -> Unit {
        let numbers: Vec<Text> = module.strings.iter().map(|text| texts.number(text)).collect();
        let (mut functions_exported, mut types_exported) = (HashMap::new(), HashMap::new());
        for export in &module.exports {
            let name = numbers[export.name as usize];
            match export.item {
                ExportItem::Function(function) => functions_exported.insert(name, function as usize),
                ExportItem::Type(ty) => ty.defined_index().and_then(|index| types_exported.insert(name, index as usize)),
            };
        }
        let plain: &Module = &module;
        let (types, fields, methods) =
            (vec![Type::NULL.code(); plain.types.len()], vec![Vec::new(); plain.types.len()], vec![Vec::new(); plain.types.len()]);
        Unit { texts: numbers, functions_exported, types_exported, types, functions: Vec::new(), fields, methods, module }
    }
}

/// The classes and interfaces of one, ascending, each once.
fn sorted(mut list: Vec<InterfaceId>) -> Rc<[InterfaceId]> {
    list.sort_unstable();
    list.dedup();
    list.into()
}
