//! Superclasses and interfaces across modules: that nothing extends itself, how deep each class is, and everything it implements.

use super::LinkError;
use super::error::clip;
use super::limits::{Budget, exceeded};
use super::named::{ClassSource, Named, NamedType};
use super::types::Types;
use crate::program::{ClassId, RuntimeTypeKind, TypeId};
use limosa_spec::limits;
use std::rc::Rc;

/// How the program's classes and interfaces relate.
pub(super) struct Hierarchy {
    /// By class id.
    pub classes: Vec<ClassRelations>,
    /// By interface: the runtime types of itself and all it extends, ascending.
    pub interfaces: Vec<Rc<[TypeId]>>,
    /// The classes so that each follows its superclass.
    pub order: Vec<ClassId>,
}

/// What a class extends and implements.
#[derive(Clone)]
pub(super) struct ClassRelations {
    /// The class it extends.
    pub superclass: Option<ClassId>,
    /// The classes from the root to itself.
    pub display: Rc<[ClassId]>,
    /// The runtime types of all interfaces it implements, ascending.
    pub interfaces: Rc<[TypeId]>,
}

impl Hierarchy {
    /// Works it out, and notes the depths in the types.
    pub fn new(named: &Named<'_>, types: &mut Types, budget: &mut Budget) -> Result<Hierarchy, LinkError> {
        let interfaces = close_interfaces(named, types, budget)?;
        let superclasses: Vec<_> = (0..named.classes.len()).map(|class| superclass_of(named, types, class)).collect();
        let order = superclasses_first(named, &superclasses)?;
        let none: Rc<[TypeId]> = Rc::from([]);
        let empty = ClassRelations { superclass: None, display: Rc::from([]), interfaces: none };
        let mut classes = vec![empty; named.classes.len()];
        for &class in &order {
            let superclass = superclasses[class as usize];
            let above = superclass.map(|superclass| classes[superclass as usize].clone());
            let mut display = above.as_ref().map_or_else(Vec::new, |above| above.display.to_vec());
            if display.len() > limits::SUPERCLASS_DEPTH as usize {
                return Err(exceeded("classes above a class", limits::SUPERCLASS_DEPTH as usize));
            }
            display.push(class);
            budget.take::<u32>(display.len())?;
            let kind = RuntimeTypeKind::Class { class, depth: (display.len() - 1) as u16 };
            types.types[named.classes[class as usize].type_id as usize].kind = kind;
            let inherited = above.map_or_else(|| Rc::from([]), |above| above.interfaces);
            let interfaces = all_interfaces(named, types, &interfaces, class, inherited, budget)?;
            classes[class as usize] = ClassRelations { superclass, display: display.into(), interfaces };
        }
        Ok(Hierarchy { classes, interfaces, order })
    }

    /// Whether `class` extends `ancestor`, directly or not.
    pub fn extends(&self, class: ClassId, ancestor: ClassId) -> bool {
        class != ancestor && self.classes[class as usize].display.contains(&ancestor)
    }

    /// The class and those above it, from the class upwards.
    pub fn upwards(&self, class: ClassId) -> impl Iterator<Item = ClassId> + '_ {
        self.classes[class as usize].display.iter().rev().copied()
    }
}

fn superclass_of(named: &Named<'_>, types: &Types, class: usize) -> Option<ClassId> {
    match named.classes[class].source {
        ClassSource::WellKnown(class) => class.superclass().map(|superclass| superclass as ClassId),
        ClassSource::Module { module, definition, .. } => {
            definition.superclass.and_then(|superclass| types.class_of(types.of(module, superclass)))
        }
    }
}

/// The classes in an order in which each follows its superclass.
fn superclasses_first(named: &Named<'_>, superclasses: &[Option<ClassId>]) -> Result<Vec<ClassId>, LinkError> {
    let mut order = Vec::with_capacity(superclasses.len());
    let mut state = vec![Visit::New; superclasses.len()];
    let mut path = Vec::new();
    for start in 0..superclasses.len() {
        let mut next = Some(start);
        while let Some(class) = next {
            match state[class] {
                Visit::Done => break,
                Visit::Open => return Err(LinkError::Cycle { name: clip(&named.classes[class].name) }),
                Visit::New => {
                    state[class] = Visit::Open;
                    path.push(class);
                    next = superclasses[class].map(|superclass| superclass as usize);
                }
            }
        }
        while let Some(class) = path.pop() {
            state[class] = Visit::Done;
            order.push(class as ClassId);
        }
    }
    Ok(order)
}

/// Where a depth-first walk stands with a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Open,
    Done,
}

/// For each interface the runtime types of itself and all it extends.
fn close_interfaces(named: &Named<'_>, types: &Types, budget: &mut Budget) -> Result<Vec<Rc<[TypeId]>>, LinkError> {
    let direct = |interface: usize| -> Vec<u32> {
        let node = &named.interfaces[interface];
        let position = |&ty| match named.kind(types.of(node.module, ty)) {
            Some(NamedType::Interface(position)) => Some(position),
            _ => None,
        };
        node.definition.extends.iter().filter_map(position).collect()
    };
    let mut state = vec![Visit::New; named.interfaces.len()];
    let mut closed: Vec<Rc<[TypeId]>> = vec![Rc::from([]); named.interfaces.len()];
    let mut path: Vec<(usize, Vec<u32>, usize)> = Vec::new();
    for start in 0..named.interfaces.len() {
        if state[start] == Visit::Done {
            continue;
        }
        state[start] = Visit::Open;
        path.push((start, direct(start), 0));
        while let Some((interface, extended, position)) = path.last_mut() {
            if let Some(&next) = extended.get(*position) {
                *position += 1;
                match state[next as usize] {
                    Visit::Done => {}
                    Visit::Open => return Err(LinkError::Cycle { name: clip(&named.interfaces[next as usize].name) }),
                    Visit::New => {
                        state[next as usize] = Visit::Open;
                        path.push((next as usize, direct(next as usize), 0));
                    }
                }
                continue;
            }
            let mut all = Vec::from([named.interfaces[*interface].type_id]);
            for &next in extended.iter() {
                budget.take::<TypeId>(closed[next as usize].len())?;
                all.extend_from_slice(&closed[next as usize]);
            }
            state[*interface] = Visit::Done;
            closed[*interface] = sorted(all);
            path.pop();
        }
    }
    Ok(closed)
}

/// All interfaces of a class; the superclass's own list if the class adds none.
fn all_interfaces(
    named: &Named<'_>,
    types: &Types,
    closed: &[Rc<[TypeId]>],
    class: ClassId,
    inherited: Rc<[TypeId]>,
    budget: &mut Budget,
) -> Result<Rc<[TypeId]>, LinkError> {
    let ClassSource::Module { module, definition, .. } = named.classes[class as usize].source else { return Ok(inherited) };
    if definition.interfaces.is_empty() {
        return Ok(inherited);
    }
    budget.take::<TypeId>(inherited.len())?;
    let mut all = inherited.to_vec();
    for &interface in &definition.interfaces {
        if let Some(NamedType::Interface(position)) = named.kind(types.of(module, interface)) {
            budget.take::<TypeId>(closed[position as usize].len())?;
            all.extend_from_slice(&closed[position as usize]);
        }
    }
    Ok(sorted(all))
}

fn sorted(mut list: Vec<TypeId>) -> Rc<[TypeId]> {
    list.sort_unstable();
    list.dedup();
    list.into()
}
