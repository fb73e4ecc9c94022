//! Calls: what is called says how many arguments and results there are and what types literals among the arguments have.

use limosa_spec::types::{Parameter, TypeDefinition};
use limosa_spec::verify::type_name;
use limosa_spec::{Opcode, OperandRole, Type};

use crate::diagnostic::Code;
use crate::render::shorten;
use crate::syntax::{TermId, TermKind};
use crate::token::Span;

use super::function::Function;
use super::members::MemberKind;
use super::names::Kind;
use super::operands::{Want, counted};

/// The types that the values of a list are assigned to.
#[derive(Clone, Copy)]
pub(crate) struct Arguments<'p> {
    /// The class or interface whose method is called.
    receiver: Option<Type>,
    /// None if the callee is not known.
    parameters: Option<&'p [Parameter]>,
}

impl<'p> Arguments<'p> {
    pub fn from_parameters(parameters: Option<&'p [Parameter]>) -> Arguments<'p> {
        Arguments { receiver: None, parameters }
    }

    /// What the value at a position must be.
    pub fn at(&self, position: usize) -> Want {
        let position = match self.receiver {
            Some(receiver) if position == 0 => return Want::Type(receiver),
            Some(_) => position - 1,
            None => position,
        };
        self.parameters.and_then(|parameters| parameters.get(position)).map_or(Want::Unknown, |parameter| Want::Type(parameter.ty))
    }

    fn len(&self) -> Option<usize> {
        Some(self.parameters?.len() + usize::from(self.receiver.is_some()))
    }
}

/// What is called, as far as it is known.
#[derive(Default)]
struct Callee {
    receiver: Option<Type>,
    signature: Option<(Vec<Parameter>, Vec<Parameter>)>,
    /// Where it is declared.
    declared: Option<Span>,
}

impl Function<'_, '_, '_> {
    /// Appends a callee and its arguments.
    pub fn callee(&mut self, opcode: Opcode, role: OperandRole, id: TermId, results: &[TermId]) {
        let terms = self.resolver.terms;
        let term = terms.get(id);
        let TermKind::Apply(name, arguments) = &term.kind else {
            let what = match role {
                OperandRole::Method => "a method with its receiver such as `Point.area(p)`",
                _ => "a call with its arguments in parentheses such as `f(x)`",
            };
            return self.wrong_shape(term.span, what);
        };
        let callee = match role {
            OperandRole::Function => self.called_function(*name),
            OperandRole::Method => self.called_method(opcode, *name),
            _ => self.called_register(*name),
        };
        let (parameters, result_types) = match &callee.signature {
            Some((parameters, results)) => (Some(parameters.as_slice()), Some(results.as_slice())),
            None => (None, None),
        };
        let wanted = Arguments { receiver: callee.receiver, parameters };
        let rest = Span::new(name.end, term.span.end);
        self.check_arguments(opcode, *name, rest, arguments, &wanted, callee.declared);
        if opcode.roles().contains(&OperandRole::Defs) {
            self.check_results(*name, results, result_types, callee.declared);
        }
        self.list(arguments, wanted);
    }

    fn called_function(&mut self, name: Span) -> Callee {
        let function = self.find(Kind::Function, name);
        self.operands.push(function.unwrap_or(0));
        self.map.operands.push(name);
        let Some(index) = function else { return Callee::default() };
        let signature = self.resolver.module.signature(index);
        Callee {
            receiver: None,
            signature: signature.map(|signature| (signature.parameters.clone(), signature.results.clone())),
            declared: self.resolver.function_span(index),
        }
    }

    fn called_method(&mut self, opcode: Opcode, name: Span) -> Callee {
        let member = self.resolver.find_member(MemberKind::Method, name);
        let (owner, index) = member.unwrap_or((Type::I32, 0));
        self.operands.extend([owner.code(), index]);
        self.map.operands.push(name);
        if member.is_none() {
            return Callee::default();
        }
        let (methods, is_interface) = match self.resolver.module.definition(owner) {
            Some(TypeDefinition::Class(class)) => (&class.methods, false),
            Some(TypeDefinition::Interface(interface)) => (&interface.methods, true),
            _ => return Callee::default(),
        };
        let signature = methods.get(index as usize).map(|method| method.signature);
        let for_interface = matches!(opcode, Opcode::CallInterface | Opcode::TailInterface);
        if for_interface != is_interface {
            let (what, other) = match (is_interface, opcode) {
                (true, Opcode::TailVirtual) => ("an interface", "tail.interface"),
                (true, _) => ("an interface", "call.interface"),
                (false, Opcode::TailInterface) => ("a class", "tail.virtual"),
                (false, _) => ("a class", "call.virtual"),
            };
            let message = format!("`{}` is {what}", type_name(&self.resolver.module, owner));
            self.resolver.report.error(Code::TypeCategory, name, message).suggest(format!("use `{other}`"));
        }
        Callee { receiver: Some(owner), signature: signature.and_then(|ty| self.parameters_of(ty)), declared: None }
    }

    fn called_register(&mut self, name: Span) -> Callee {
        let register = self.register(name);
        self.operands.push(register.unwrap_or(0));
        self.map.operands.push(name);
        let Some(index) = register.map(|register| register as usize) else { return Callee::default() };
        let Some(ty) = self.registers.types[index] else { return Callee::default() };
        let declared = self.registers.places[index].0;
        let signature = self.parameters_of(ty);
        if signature.is_none() {
            let (written, found) = (shorten(name.text(self.resolver.source)), type_name(&self.resolver.module, ty));
            self.resolver
                .report
                .error(Code::OperandType, name, format!("`{written}` is of type `{found}`, which cannot be called"))
                .related(declared, "declared here");
        }
        Callee { receiver: None, signature, declared: Some(declared) }
    }

    fn check_arguments(
        &mut self,
        opcode: Opcode,
        name: Span,
        parentheses: Span,
        arguments: &[TermId],
        wanted: &Arguments<'_>,
        declared: Option<Span>,
    ) {
        let Some(count) = wanted.len() else { return };
        let given = arguments.len();
        let binds = opcode == Opcode::Closure;
        if given == count || binds && given < count {
            return;
        }
        let written = shorten(name.text(self.resolver.source));
        let verb = if binds { "binds at most" } else { "takes" };
        let receiver = if wanted.receiver.is_some() { ", the receiver first" } else { "" };
        let message = format!("`{written}` {verb} {}{receiver}, {given} given", counted(count, "argument"));
        let error = self.resolver.report.error(Code::ArgumentCount, parentheses, message);
        if let Some(declared) = declared {
            error.related(declared, "declared here");
        }
    }

    fn check_results(&mut self, name: Span, given: &[TermId], results: Option<&[Parameter]>, declared: Option<Span>) {
        let Some(results) = results else { return };
        if results.len() == given.len() {
            return;
        }
        let terms = self.resolver.terms;
        let span = match given {
            [] => name,
            [first, .., last] => terms.span(*first).to(terms.span(*last)),
            [only] => terms.span(*only),
        };
        let written = shorten(name.text(self.resolver.source));
        let message = format!("`{written}` has {}, {} taken", counted(results.len(), "result"), registers(given.len()));
        let error =
            self.resolver.report.error(Code::ResultCount, span, message).help("the registers for the results stand before the call");
        if let Some(declared) = declared {
            error.related(declared, "declared here");
        }
    }

    /// Appends the values that a fiber hands out. The fiber type was appended before.
    pub fn yielded(&mut self, id: TermId, results: &[TermId], mnemonic: Span) {
        let terms = self.resolver.terms;
        let term = terms.get(id);
        let TermKind::Group(values) = &term.kind else {
            return self.wrong_shape(term.span, "the values handed out in parentheses");
        };
        let ty = Type::from_code(self.operands.last().copied().unwrap_or(0));
        let signature = match self.resolver.module.definition(ty) {
            Some(TypeDefinition::Fiber(_)) => self.parameters_of(ty),
            _ => None,
        };
        let (taken, handed) = match &signature {
            Some((parameters, results)) => (Some(parameters.as_slice()), Some(results.as_slice())),
            None => (None, None),
        };
        if let Some(handed) = handed
            && handed.len() != values.len()
        {
            let message = format!("the fiber hands out {}, {} given", counted(handed.len(), "value"), values.len());
            self.resolver.report.error(Code::ArgumentCount, term.span, message);
        }
        if let Some(taken) = taken
            && taken.len() != results.len()
        {
            let message = format!("the fiber is resumed with {}, {} taken", counted(taken.len(), "value"), registers(results.len()));
            let span = results.first().map_or(mnemonic, |&first| terms.span(first).to(terms.span(results[results.len() - 1])));
            self.resolver.report.error(Code::ResultCount, span, message);
        }
        let handed = handed.map(<[Parameter]>::to_vec);
        self.list(values, Arguments::from_parameters(handed.as_deref()));
    }
}

fn registers(count: usize) -> String {
    counted(count, "register")
}
