//! The canonical numbering: strings, structural types, constants and source files are numbered by first use, so that one module has
//! one sequence of bytes.
//!
//! `traverse` is the one place that knows what "first" means. [`canonicalize`] walks it to renumber, the decoder walks it to check
//! that there is nothing to renumber.

mod check;
mod renumber;

pub(crate) use check::Check;
pub use renumber::canonicalize;

use crate::decode::DecodeRule;
use crate::format::Section;
use crate::instruction::{Code, Instruction};
use crate::module::{Body, Constant, Debug, ExportItem, Module};
use crate::shape::{GLANCE, Glance, Slot, shape_of};
use crate::types::{Parameter, Type, TypeDefinition};

/// A rule broken by the references of a module in memory, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{section} section: {message} [{rule}]")]
pub struct Broken {
    /// The rule.
    pub rule: DecodeRule,
    /// The section whose reference it is.
    pub section: Section,
    /// The function, as an index into [`Module::functions`], if it is in one.
    pub function: Option<usize>,
    /// The instruction, if it is in one.
    pub instruction: Option<usize>,
    /// What is wrong, in words.
    pub message: String,
}

/// The result of a visit.
type Visit = Result<(), Box<Broken>>;

#[cold]
fn broken(rule: DecodeRule, message: impl Into<String>) -> Box<Broken> {
    // The traversal knows the place and fills it in on the way out.
    Box::new(Broken { rule, section: Section::Manifest, function: None, instruction: None, message: message.into() })
}

/// What is done at each reference of the traversal.
trait Numbering {
    /// A string of the module's table.
    fn string(&mut self, index: &mut u32) -> Visit;
    /// A type, in most cases not one of the table.
    fn ty(&mut self, ty: &mut Type) -> Visit;
    /// The number below which types need no visit.
    fn known_types(&self) -> u32;
    /// The constants of a function whose code comes next.
    fn enter(&mut self, constants: &[Constant]) -> Visit;
    /// A constant of the function entered.
    fn constant(&mut self, index: &mut u32) -> Visit;
    /// The end of the function entered.
    fn leave(&mut self, constants: &mut Vec<Constant>) -> Visit;
    /// The file of a line entry.
    fn file(&mut self, index: &mut u32) -> Visit;
    /// The name of a register; all line entries have been visited.
    fn register_name(&mut self, index: &mut u32) -> Visit;
}

/// Visits every reference of a module in the order that numbering follows: tables, code, debug. `named` are the classes and
/// interfaces, taken out of the module's type table; `registers` are the numbers of registers of its functions.
fn traverse<N: Numbering>(module: &mut Module, named: &mut [TypeDefinition], registers: &[u32], n: &mut N) -> Visit {
    traverse_tables(module, named, n)?;
    for (index, (function, &registers)) in module.functions.iter_mut().zip(registers).enumerate() {
        traverse_body(&mut function.body, index, registers, n)?;
    }
    module.debug.as_mut().map_or(Ok(()), |debug| traverse_debug(debug, n))
}

/// The first part of the traversal: manifest, named types, imports, functions, globals, data, exports.
fn traverse_tables<N: Numbering>(module: &mut Module, named: &mut [TypeDefinition], n: &mut N) -> Visit {
    manifest(module, n).map_err(in_section(Section::Manifest))?;
    named.iter_mut().try_for_each(|definition| named_type(definition, n)).map_err(in_section(Section::Types))?;
    imports(module, n).map_err(in_section(Section::Imports))?;
    functions(module, n).map_err(in_section(Section::Functions))?;
    globals(module, n).map_err(in_section(Section::Globals))?;
    module.data.iter_mut().try_for_each(|data| n.string(&mut data.name)).map_err(in_section(Section::Data))?;
    exports(module, n).map_err(in_section(Section::Exports))
}

/// The second part of the traversal, function by function.
fn traverse_body<N: Numbering>(body: &mut Body, index: usize, registers: u32, n: &mut N) -> Visit {
    visit_body(body, registers, n).map_err(|mut broken| {
        broken.section = Section::Code;
        broken.function = Some(index);
        broken
    })
}

/// The last part of the traversal.
fn traverse_debug<N: Numbering>(debug: &mut Debug, n: &mut N) -> Visit {
    visit_debug(debug, n).map_err(in_section(Section::Debug))
}

/// Puts the section into an error.
fn in_section(section: Section) -> impl Fn(Box<Broken>) -> Box<Broken> {
    move |mut broken| {
        broken.section = section;
        broken
    }
}

fn manifest<N: Numbering>(module: &mut Module, n: &mut N) -> Visit {
    n.string(&mut module.manifest.name)?;
    module.manifest.capabilities.iter_mut().try_for_each(|name| n.string(name))
}

fn named_type<N: Numbering>(definition: &mut TypeDefinition, n: &mut N) -> Visit {
    let methods = match definition {
        TypeDefinition::Class(class) => {
            n.string(&mut class.name)?;
            class.import.iter_mut().try_for_each(|module| n.string(module))?;
            class.superclass.iter_mut().try_for_each(|ty| n.ty(ty))?;
            class.interfaces.iter_mut().try_for_each(|ty| n.ty(ty))?;
            for field in &mut class.fields {
                n.string(&mut field.name)?;
                n.ty(&mut field.ty)?;
            }
            &mut class.methods
        }
        TypeDefinition::Interface(interface) => {
            n.string(&mut interface.name)?;
            interface.import.iter_mut().try_for_each(|module| n.string(module))?;
            interface.extends.iter_mut().try_for_each(|ty| n.ty(ty))?;
            &mut interface.methods
        }
        TypeDefinition::Array(_) | TypeDefinition::Function(_) | TypeDefinition::Fiber(_) => return Ok(()),
    };
    for method in methods {
        n.string(&mut method.name)?;
        n.ty(&mut method.signature)?;
    }
    Ok(())
}

fn imports<N: Numbering>(module: &mut Module, n: &mut N) -> Visit {
    for import in &mut module.imports {
        n.string(&mut import.module)?;
        n.string(&mut import.name)?;
        n.ty(&mut import.signature)?;
    }
    Ok(())
}

fn functions<N: Numbering>(module: &mut Module, n: &mut N) -> Visit {
    for function in &mut module.functions {
        n.string(&mut function.name)?;
        n.ty(&mut function.signature)?;
    }
    Ok(())
}

fn globals<N: Numbering>(module: &mut Module, n: &mut N) -> Visit {
    for global in &mut module.globals {
        n.string(&mut global.name)?;
        n.ty(&mut global.ty)?;
        if let Constant::Str(index) = &mut global.initial {
            n.string(index)?;
        }
    }
    Ok(())
}

fn exports<N: Numbering>(module: &mut Module, n: &mut N) -> Visit {
    for export in &mut module.exports {
        n.string(&mut export.name)?;
        if let ExportItem::Type(ty) = &mut export.item {
            n.ty(ty)?;
        }
    }
    Ok(())
}

fn visit_body<N: Numbering>(body: &mut Body, registers: u32, n: &mut N) -> Visit {
    for run in body.locals.chunk_by_mut(|left, right| left == right) {
        n.ty(&mut run[0])?;
        let ty = run[0];
        run.fill(ty);
    }
    body.handlers.iter_mut().try_for_each(|handler| n.ty(&mut handler.class))?;
    n.enter(&body.constants)?;
    visit_code(&mut body.code, registers, n)?;
    n.leave(&mut body.constants)
}

fn visit_code<N: Numbering>(code: &mut Code, registers: u32, n: &mut N) -> Visit {
    let Code { instructions, operands } = code;
    let mut bounds = glance_bounds(registers, n);
    for (index, &Instruction { opcode, start }) in instructions.iter().enumerate() {
        let shape = shape_of(opcode);
        let operands = operands.get_mut(start as usize..).unwrap_or_default();
        // Most instructions name registers and types seen before; operands of the next instruction that get into view do no harm.
        if let Some(first) = operands.first_chunk::<GLANCE>() {
            let within = |place: usize| first[place] < bounds[shape.glance[place] as usize];
            if within(0) & within(1) & within(2) & within(3) {
                continue;
            }
        }
        referring(shape.slots(), operands, registers, n).map_err(|broken| at_instruction(index, broken))?;
        bounds = glance_bounds(registers, n);
    }
    Ok(())
}

/// The number below which an operand of each [`Glance`] needs no visit.
fn glance_bounds<N: Numbering>(registers: u32, n: &N) -> [u32; 4] {
    let mut bounds = [0; 4];
    bounds[Glance::Any as usize] = u32::MAX;
    bounds[Glance::Register as usize] = registers;
    bounds[Glance::KnownType as usize] = n.known_types();
    bounds
}

#[cold]
fn at_instruction(index: usize, mut broken: Box<Broken>) -> Box<Broken> {
    broken.instruction = Some(index);
    broken
}

#[cold]
fn odd_operands() -> Box<Broken> {
    broken(DecodeRule::Truncated, "the operands do not have the shape the table gives")
}

/// Visits the operands of an instruction with lists, types or strings among them.
fn referring<N: Numbering>(slots: &[Slot], mut operands: &mut [u32], registers: u32, n: &mut N) -> Visit {
    for &slot in slots {
        let (first, rest) = std::mem::take(&mut operands).split_first_mut().ok_or_else(odd_operands)?;
        operands = rest;
        match slot {
            Slot::Plain | Slot::Label => {}
            Slot::Use => pool_operand(first, registers, n)?,
            Slot::Type => visit_type_code(first, n)?,
            Slot::String => n.string(first)?,
            Slot::PlainList | Slot::UseList | Slot::LabelList => {
                let (list, rest) = std::mem::take(&mut operands).split_at_mut_checked(*first as usize).ok_or_else(odd_operands)?;
                operands = rest;
                if slot == Slot::UseList {
                    list.iter_mut().try_for_each(|operand| pool_operand(operand, registers, n))?;
                }
            }
        }
    }
    Ok(())
}

fn visit_type_code<N: Numbering>(code: &mut u32, n: &mut N) -> Visit {
    let mut ty = Type::from_code(*code);
    n.ty(&mut ty)?;
    *code = ty.code();
    Ok(())
}

/// Visits the constant that a use names, if it names one.
#[inline]
fn pool_operand<N: Numbering>(operand: &mut u32, registers: u32, n: &mut N) -> Visit {
    if let Some(mut index) = operand.checked_sub(registers) {
        n.constant(&mut index)?;
        *operand = registers + index;
    }
    Ok(())
}

fn visit_debug<N: Numbering>(debug: &mut Debug, n: &mut N) -> Visit {
    let in_function = |index: usize| {
        move |mut broken: Box<Broken>| {
            broken.function = Some(index);
            broken
        }
    };
    for (index, function) in debug.functions.iter_mut().enumerate() {
        function.lines.iter_mut().try_for_each(|entry| n.file(&mut entry.file)).map_err(in_function(index))?;
    }
    for (index, function) in debug.functions.iter_mut().enumerate() {
        function.registers.iter_mut().try_for_each(|entry| n.register_name(&mut entry.name)).map_err(in_function(index))?;
    }
    Ok(())
}

/// Calls `visit` with each type a structural type is made of, in order.
fn for_each_component(definition: &mut TypeDefinition, mut visit: impl FnMut(&mut Type) -> Visit) -> Visit {
    match definition {
        TypeDefinition::Array(element) => visit(element),
        TypeDefinition::Function(signature) | TypeDefinition::Fiber(signature) => {
            let mut parameter = |parameter: &mut Parameter| visit(&mut parameter.ty);
            signature.parameters.iter_mut().try_for_each(&mut parameter)?;
            signature.results.iter_mut().try_for_each(parameter)
        }
        TypeDefinition::Class(_) | TypeDefinition::Interface(_) => Ok(()),
    }
}

/// Whether the definition is of a class or interface.
fn is_named(definition: &TypeDefinition) -> bool {
    matches!(definition, TypeDefinition::Class(_) | TypeDefinition::Interface(_))
}

/// The numbers of registers of the functions defined. A signature that is none counts as empty: the decoder and the verifier refuse it.
fn register_counts(module: &Module) -> Vec<u32> {
    let count = |function: &crate::module::Function| {
        let parameters = module.function_type(function.signature).map_or(0, |signature| signature.parameters.len());
        (parameters + function.body.locals.len()) as u32
    };
    module.functions.iter().map(count).collect()
}
