//! What a module says, with every reference replaced by what it refers to: renumbering must not change it. Written without the
//! traversal that renumbering uses.

use limosa_spec::Type;
use limosa_spec::instruction::Operand;
use limosa_spec::module::{Constant, ExportItem, Function, Module};
use limosa_spec::opcodes::OperandRole;
use limosa_spec::types::{MethodDefinition, Parameter, Signature, TypeDefinition};

/// The lines of a module's meaning.
pub fn meaning(module: &Module) -> Vec<String> {
    let view = View(module);
    let string = |index: u32| format!("{:?}", module.string(index));
    let manifest = &module.manifest;
    let capabilities: Vec<String> = manifest.capabilities.iter().map(|&name| string(name)).collect();
    let mut lines = vec![format!("module {} {:?} {:?} {capabilities:?}", string(manifest.name), manifest.version, manifest.entry)];
    lines.extend(module.types.iter().filter(|definition| is_named(definition)).map(|definition| view.named(definition)));
    lines.extend(
        module
            .imports
            .iter()
            .map(|import| format!("import {} {} {}", string(import.module), string(import.name), view.ty(import.signature))),
    );
    for global in &module.globals {
        lines.push(format!("global {} {} {}", string(global.name), view.ty(global.ty), view.constant(global.initial)));
    }
    lines.extend(module.data.iter().map(|data| format!("data {} {:?}", string(data.name), data.bytes)));
    for export in &module.exports {
        let item = match export.item {
            ExportItem::Function(function) => format!("function {function}"),
            ExportItem::Type(ty) => view.ty(ty),
        };
        lines.push(format!("export {} {item}", string(export.name)));
    }
    for (index, function) in module.functions.iter().enumerate() {
        view.function(function, &mut lines);
        view.debug(index, function.body.code.len(), &mut lines);
    }
    lines
}

fn is_named(definition: &TypeDefinition) -> bool {
    matches!(definition, TypeDefinition::Class(_) | TypeDefinition::Interface(_))
}

struct View<'a>(&'a Module);

impl View<'_> {
    fn string(&self, index: u32) -> &str {
        self.0.string(index)
    }

    /// A named type by its place among the named ones, a structural type by its structure.
    fn ty(&self, ty: Type) -> String {
        match self.0.definition(ty) {
            None => format!("{ty:?}"),
            Some(TypeDefinition::Array(element)) => format!("[{}]", self.ty(*element)),
            Some(TypeDefinition::Function(signature)) => format!("fn{}", self.signature(signature)),
            Some(TypeDefinition::Fiber(signature)) => format!("fiber{}", self.signature(signature)),
            Some(TypeDefinition::Class(_) | TypeDefinition::Interface(_)) => {
                let index = ty.defined_index().expect("it has a definition") as usize;
                format!("named {}", self.0.types[..index].iter().filter(|definition| is_named(definition)).count())
            }
        }
    }

    fn types(&self, types: &[Type]) -> String {
        types.iter().map(|&ty| self.ty(ty)).collect::<Vec<_>>().join(", ")
    }

    fn signature(&self, signature: &Signature) -> String {
        let list = |parameters: &[Parameter]| {
            let texts =
                parameters.iter().map(|parameter| format!("{}{}", self.ty(parameter.ty), if parameter.non_null { "!" } else { "" }));
            texts.collect::<Vec<_>>().join(", ")
        };
        format!("({})->({})", list(&signature.parameters), list(&signature.results))
    }

    fn methods(&self, methods: &[MethodDefinition]) -> String {
        let method = |method: &MethodDefinition| {
            format!("{:?} {} {:?} {}; ", self.string(method.name), self.ty(method.signature), method.body, method.is_final)
        };
        methods.iter().map(method).collect()
    }

    fn named(&self, definition: &TypeDefinition) -> String {
        match definition {
            TypeDefinition::Class(class) => {
                let fields: Vec<String> =
                    class.fields.iter().map(|field| format!("{:?} {}", self.string(field.name), self.ty(field.ty))).collect();
                let import = class.import.map(|module| self.string(module));
                let superclass = class.superclass.map(|ty| self.ty(ty));
                let flags = (class.is_final, class.is_abstract);
                let interfaces = self.types(&class.interfaces);
                let methods = self.methods(&class.methods);
                format!("class {:?} {import:?} {flags:?} {superclass:?} {interfaces} {fields:?} {methods}", self.string(class.name))
            }
            TypeDefinition::Interface(interface) => {
                let import = interface.import.map(|module| self.string(module));
                let (extends, methods) = (self.types(&interface.extends), self.methods(&interface.methods));
                format!("interface {:?} {import:?} {extends} {methods}", self.string(interface.name))
            }
            _ => String::new(),
        }
    }

    fn constant(&self, constant: Constant) -> String {
        match constant {
            Constant::Str(index) => format!("{:?}", self.string(index)),
            Constant::F32(value) if value.is_nan() => "nan32".into(),
            Constant::F64(value) if value.is_nan() => "nan64".into(),
            other => format!("{:?} {:#x}", other.ty(), other.bits()),
        }
    }

    fn function(&self, function: &Function, lines: &mut Vec<String>) {
        let body = &function.body;
        lines.push(format!("function {:?} {} {}", self.string(function.name), self.ty(function.signature), self.types(&body.locals)));
        for handler in &body.handlers {
            let (range, class) = ((handler.start, handler.end), self.ty(handler.class));
            lines.push(format!("handler {range:?} {class} {} {}", handler.target, handler.register));
        }
        let parameters = self.0.function_type(function.signature).map_or(0, |signature| signature.parameters.len());
        let registers = (parameters + body.locals.len()) as u32;
        let read = |operand: u32| match operand.checked_sub(registers) {
            Some(index) => self.constant(body.constants[index as usize]),
            None => format!("r{operand}"),
        };
        for (index, instruction) in body.code.instructions.iter().enumerate() {
            let mut line = instruction.opcode.mnemonic().to_string();
            for operand in body.code.operands_of(index) {
                line += &match operand {
                    Operand::One(OperandRole::Use(_), operand) => read(operand),
                    Operand::One(OperandRole::Type, code) => self.ty(Type::from_code(code)),
                    Operand::One(OperandRole::String, index) => format!("{:?}", self.string(index)),
                    Operand::One(_, number) => format!("{number}"),
                    Operand::Member(_, class, index) => format!("{}.{index}", self.ty(Type::from_code(class))),
                    Operand::List(OperandRole::Uses, list) => {
                        format!("{:?}", list.iter().map(|&operand| read(operand)).collect::<Vec<_>>())
                    }
                    Operand::List(_, list) => format!("{list:?}"),
                };
                line.push(' ');
            }
            lines.push(line);
        }
    }

    /// The source line of each instruction, and the names of the registers.
    fn debug(&self, index: usize, instructions: usize, lines: &mut Vec<String>) {
        let Some(debug) = &self.0.debug else { return };
        let function = &debug.functions[index];
        for pc in 0..instructions as u32 {
            let entry = function.lines.iter().rev().find(|entry| entry.start <= pc);
            lines.extend(entry.map(|entry| format!("{pc}: {} {}", debug.strings[debug.files[entry.file as usize] as usize], entry.line)));
        }
        lines.extend(function.registers.iter().map(|entry| format!("r{} {}", entry.register, debug.strings[entry.name as usize])));
    }
}
