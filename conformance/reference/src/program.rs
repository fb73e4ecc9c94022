//! A linked program (chapter *Linking*): one table each of types, classes, interfaces, functions and globals for all its modules.
//!
//! Everything is looked up the way the specification says it, by name and along the superclasses; there are no dispatch tables.

use crate::host::HostFunction;
use limosa_spec::module::{Body, Constant};
use limosa_spec::verify::VerifiedModule;
use limosa_spec::{Type, WellKnown};
use std::collections::HashMap;
use std::rc::Rc;

/// Number of a type of the program. Numbers below 64 are those of the module format.
pub type TypeId = u32;
/// Number of a class of the program; the well-known ones come first.
pub type ClassId = usize;
/// Number of an interface of the program.
pub type InterfaceId = usize;
/// Number of a function of the program.
pub type FunctionId = usize;
/// Number of a text that some module has: equal texts have equal numbers.
pub type Text = u32;

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named as in the text form")]
pub enum Kind {
    I32,
    I64,
    F32,
    F64,
    I8,
    U8,
    I16,
    U16,
    Any,
    Str,
    Class(ClassId),
    Interface(InterfaceId),
    Array(TypeId),
    Function(Signature),
    Fiber(Signature),
    /// No type: a number below 64 that the format does not use, or the type of the constant null.
    Reserved,
}

impl Kind {
    /// Whether it is a type of fields and elements only.
    #[must_use]
    pub fn is_storage(&self) -> bool {
        matches!(self, Kind::I8 | Kind::U8 | Kind::I16 | Kind::U16)
    }

    /// Whether its values are references.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        !self.is_storage() && !matches!(self, Kind::I32 | Kind::I64 | Kind::F32 | Kind::F64 | Kind::Reserved)
    }

    /// Bytes of a field or element.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match self {
            Kind::I8 | Kind::U8 => 1,
            Kind::I16 | Kind::U16 => 2,
            Kind::I64 | Kind::F64 => 8,
            _ => 4,
        }
    }
}

/// Parameters and results.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The parameters.
    pub parameters: Rc<[Slot]>,
    /// The results.
    pub results: Rc<[Slot]>,
}

/// The type of a parameter or result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The type.
    pub ty: TypeId,
    /// Whether null is refused.
    pub non_null: bool,
}

/// All types, each once.
#[derive(Debug, Default)]
pub struct Types {
    kinds: Vec<Kind>,
    numbers: HashMap<Kind, TypeId>,
}

impl Types {
    /// The types of the format.
    #[must_use]
    pub fn new() -> Types {
        use Kind::{Any, F32, F64, I8, I16, I32, I64, Str, U8, U16};
        let mut kinds = vec![I32, I64, F32, F64, I8, U8, I16, U16, Any, Str];
        kinds.resize(Type::FIRST_WELL_KNOWN as usize, Kind::Reserved);
        kinds.extend((0..WellKnown::ALL.len()).map(Kind::Class));
        kinds.resize(Type::FIRST_DEFINED as usize, Kind::Reserved);
        let numbers = kinds.iter().cloned().zip(0..).filter(|(kind, _)| *kind != Kind::Reserved).collect();
        let mut types = Types { kinds, numbers };
        // Whatever a module names: byte arrays are made of strings, arrays of `i32` are what traces are.
        types.add(Kind::Array(Type::U8.code()));
        types.add(Kind::Array(Type::I32.code()));
        types
    }

    /// What a type is.
    #[must_use]
    pub fn kind(&self, ty: TypeId) -> &Kind {
        self.kinds.get(ty as usize).unwrap_or(&Kind::Reserved)
    }

    /// The number of a type, given now if it is new.
    pub fn add(&mut self, kind: Kind) -> TypeId {
        if let Some(number) = self.find(&kind) {
            return number;
        }
        let number = self.kinds.len() as TypeId;
        self.kinds.push(kind.clone());
        self.numbers.insert(kind, number);
        number
    }

    /// The number of a type, if the program has it.
    #[must_use]
    pub fn find(&self, kind: &Kind) -> Option<TypeId> {
        self.numbers.get(kind).copied()
    }

    /// The parameters and results of a function or fiber type.
    #[must_use]
    pub fn signature(&self, ty: TypeId) -> Option<&Signature> {
        match self.kind(ty) {
            Kind::Function(signature) | Kind::Fiber(signature) => Some(signature),
            _ => None,
        }
    }
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// Its name with that of its module: `geo.Point`.
    pub name: Rc<str>,
    /// Its type.
    pub ty: TypeId,
    /// The class above it.
    pub superclass: Option<ClassId>,
    /// All interfaces it has, ascending.
    pub interfaces: Rc<[InterfaceId]>,
    /// How many fields its instances have from the classes above it; they come first.
    pub inherited_fields: usize,
    /// The fields it declares itself.
    pub fields: Vec<Field>,
    /// The methods it declares itself.
    pub methods: HashMap<Text, Method>,
    /// Nothing extends it.
    pub is_final: bool,
    /// It has no instances of its own.
    pub is_abstract: bool,
}

/// A field of a class.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: Text,
    /// Its type.
    pub ty: TypeId,
}

/// A method of a class or interface.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// Its function type, without the receiver.
    pub signature: TypeId,
    /// The function that runs; None if it is abstract.
    pub body: Option<FunctionId>,
    /// No class may override it.
    pub is_final: bool,
}

/// An interface.
#[derive(Debug)]
pub struct Interface {
    /// Its name with that of its module.
    pub name: Rc<str>,
    /// Itself and all it extends, ascending.
    pub extends: Rc<[InterfaceId]>,
    /// The methods it declares itself.
    pub methods: HashMap<Text, Method>,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// The module it is of.
    pub module_name: Rc<str>,
    /// Its name there.
    pub name: Rc<str>,
    /// Its type.
    pub signature: Signature,
    /// What runs.
    pub code: FunctionCode,
    /// The types of its registers.
    pub registers: Vec<TypeId>,
}

/// What runs when a function is called.
#[derive(Debug)]
pub enum FunctionCode {
    /// The function with this index among those the module with this number defines.
    Guest {
        /// The module.
        module: usize,
        /// The function.
        index: usize,
    },
    /// A function of the host.
    Host(&'static HostFunction),
}

/// What the numbers in a module's code stand for.
#[derive(Debug)]
pub struct Names {
    /// The module.
    pub module: VerifiedModule,
    /// By entry of its type table.
    pub types: Vec<TypeId>,
    /// By function index, imported ones first.
    pub functions: Vec<FunctionId>,
    /// By string index.
    pub texts: Vec<Text>,
    /// By entry of the type table: the fields it declares or states, as positions in an instance and types.
    pub fields: Vec<Vec<(usize, TypeId)>>,
    /// By entry of the type table: the names of the methods it declares or states.
    pub methods: Vec<Vec<Text>>,
    /// The program's number of its first global.
    pub first_global: usize,
}

/// A global.
#[derive(Debug, Clone, Copy)]
pub struct Global {
    /// Its type.
    pub ty: TypeId,
    /// Its initial value; a string by its number in the program.
    pub initial: Constant,
}

/// A linked program.
#[derive(Debug)]
pub struct Program {
    /// Its modules.
    pub modules: Vec<Names>,
    /// Its types.
    pub types: Types,
    /// Its classes.
    pub classes: Vec<Class>,
    /// Its interfaces.
    pub interfaces: Vec<Interface>,
    /// Its functions.
    pub functions: Vec<Function>,
    /// Its globals.
    pub globals: Vec<Global>,
    /// All texts.
    pub texts: Vec<Rc<str>>,
    /// The function it starts with.
    pub entry: Option<FunctionId>,
}

impl Program {
    /// The body of a function that a module defines.
    #[must_use]
    pub fn body(&self, function: &Function) -> Option<&Body> {
        match function.code {
            FunctionCode::Guest { module, index } => Some(&self.modules.get(module)?.module.functions.get(index)?.body),
            FunctionCode::Host(_) => None,
        }
    }

    /// A class and those above it, from itself upwards.
    pub fn upwards(&self, class: ClassId) -> impl Iterator<Item = (ClassId, &Class)> {
        let mut next = Some(class);
        std::iter::from_fn(move || {
            let class = next?;
            let found = self.classes.get(class)?;
            next = found.superclass;
            Some((class, found))
        })
    }

    /// Whether a class is another or below it.
    #[must_use]
    pub fn extends(&self, class: ClassId, other: ClassId) -> bool {
        self.upwards(class).any(|(above, _)| above == other)
    }

    /// The body of a method in the most derived class, among this one and those above it, that gives it one.
    #[must_use]
    pub fn find_body(&self, class: ClassId, name: Text) -> Option<FunctionId> {
        self.upwards(class).find_map(|(_, class)| class.methods.get(&name)?.body)
    }

    /// The types of the fields of a class's instances: those of the topmost class first.
    #[must_use]
    pub fn field_types(&self, class: ClassId) -> Vec<TypeId> {
        let mut above: Vec<&Class> = self.upwards(class).map(|(_, class)| class).collect();
        above.reverse();
        above.iter().flat_map(|class| class.fields.iter().map(|field| field.ty)).collect()
    }

    /// The type that a type of a module is in the program.
    #[must_use]
    pub fn resolve(&self, module: usize, ty: Type) -> TypeId {
        match ty.defined_index() {
            Some(index) => self.modules.get(module).and_then(|names| names.types.get(index as usize)).copied().unwrap_or(Type::NULL.code()),
            None => ty.code(),
        }
    }

    /// The position in an instance, and the type, of a field that an instruction of a module names.
    #[must_use]
    pub fn field(&self, module: usize, class: Type, field: u32) -> Option<(usize, TypeId)> {
        match class.defined_index() {
            Some(index) => self.modules.get(module)?.fields.get(index as usize)?.get(field as usize).copied(),
            None => {
                let Kind::Class(class) = *self.types.kind(class.code()) else { return None };
                let class = self.classes.get(class)?;
                Some((class.inherited_fields + field as usize, class.fields.get(field as usize)?.ty))
            }
        }
    }

    /// The name of a method that an instruction of a module names.
    #[must_use]
    pub fn method(&self, module: usize, ty: Type, method: u32) -> Option<Text> {
        self.modules.get(module)?.methods.get(ty.defined_index()? as usize)?.get(method as usize).copied()
    }
}
