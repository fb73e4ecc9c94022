//! Superclasses, interfaces and fields (chapter *Types and values*, *Classes and interfaces*), which can lie in different modules.

use super::{LinkError, Linker, sorted};
use crate::program::{ClassId, Field, InterfaceId};
use limosa_spec::{TypeDefinition, limits};
use std::rc::Rc;

/// How far the walk over a hierarchy is with a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    New,
    Begun,
    Done,
}

impl Linker {
    /// Works out what every class and interface is below.
    pub(super) fn relate_classes(&mut self) -> Result<(), LinkError> {
        for interface in self.interfaces_in_order()? {
            let mut all = vec![interface];
            for above in self.extended(interface) {
                all.extend_from_slice(&self.interfaces[above].extends);
            }
            let all = sorted(all);
            self.limit("interfaces of an interface", all.len() - 1, limits::INTERFACES)?;
            self.interfaces[interface].extends = all;
        }
        for class in self.classes_in_order()? {
            self.complete_class(class)?;
        }
        Ok(())
    }

    /// The direct superclass of a class.
    fn superclass(&self, class: ClassId) -> Option<ClassId> {
        let Some((module, entry)) = self.class_sources[class] else { return self.classes[class].superclass };
        let unit = &self.modules[module];
        let TypeDefinition::Class(definition) = &unit.module.types[entry] else { return None };
        self.is_class(unit.resolve(definition.superclass?))
    }

    /// The interfaces that an interface names.
    fn extended(&self, interface: InterfaceId) -> Vec<InterfaceId> {
        let (module, entry) = self.interface_sources[interface];
        let unit = &self.modules[module];
        let TypeDefinition::Interface(definition) = &unit.module.types[entry] else { return Vec::new() };
        definition.extends.iter().filter_map(|&above| self.is_interface(unit.resolve(above))).collect()
    }

    /// The classes, each behind its superclass.
    fn classes_in_order(&self) -> Result<Vec<ClassId>, LinkError> {
        let above = |class| self.superclass(class).into_iter().collect();
        in_order(self.classes.len(), above).map_err(|class| LinkError::Cycle(self.classes[class].name.to_string()))
    }

    /// The interfaces, each behind those it extends.
    fn interfaces_in_order(&self) -> Result<Vec<InterfaceId>, LinkError> {
        let above = |interface| self.extended(interface);
        in_order(self.interfaces.len(), above).map_err(|interface| LinkError::Cycle(self.interfaces[interface].name.to_string()))
    }

    /// Works out a class whose superclass is complete.
    fn complete_class(&mut self, class: ClassId) -> Result<(), LinkError> {
        let superclass = self.superclass(class);
        let above = superclass.map(|superclass| &self.classes[superclass]);
        let inherited_fields = above.map_or(0, |above| above.inherited_fields + above.fields.len());
        let inherited = above.map_or_else(|| Rc::from([]), |above| above.interfaces.clone());
        self.classes[class].superclass = superclass;
        self.classes[class].inherited_fields = inherited_fields;
        self.classes[class].interfaces = inherited.clone();
        if let Some((module, entry)) = self.class_sources[class] {
            self.complete_definition(class, module, entry, &inherited);
        }
        let complete = &self.classes[class];
        self.limit("interfaces of a class", complete.interfaces.len(), limits::INTERFACES)?;
        self.limit("fields of an object", inherited_fields + complete.fields.len(), limits::FIELDS)?;
        self.limit("classes above a class", self.depth(class), limits::SUPERCLASS_DEPTH)
    }

    fn complete_definition(&mut self, class: ClassId, module: usize, entry: usize, inherited: &Rc<[InterfaceId]>) {
        let unit = &self.modules[module];
        let TypeDefinition::Class(definition) = &unit.module.types[entry] else { return };
        let fields = definition.fields.iter().map(|field| Field { name: unit.text(field.name), ty: unit.resolve(field.ty) }).collect();
        let mut interfaces = inherited.to_vec();
        for &interface in &definition.interfaces {
            if let Some(interface) = self.is_interface(unit.resolve(interface)) {
                interfaces.extend_from_slice(&self.interfaces[interface].extends);
            }
        }
        if interfaces.len() > inherited.len() {
            self.classes[class].interfaces = sorted(interfaces);
        }
        self.classes[class].fields = fields;
    }

    /// How many classes are above a class.
    fn depth(&self, class: ClassId) -> usize {
        std::iter::successors(self.classes[class].superclass, |&above| self.classes[above].superclass).count()
    }

    fn limit(&self, what: &'static str, found: usize, most: u32) -> Result<(), LinkError> {
        if found > most as usize { Err(LinkError::TooMany(what)) } else { Ok(()) }
    }
}

/// The numbers below `count`, each behind all that are `above` it; or one that is above itself.
fn in_order(count: usize, above: impl Fn(usize) -> Vec<usize>) -> Result<Vec<usize>, usize> {
    let mut order = Vec::with_capacity(count);
    let mut walk = vec![Walk::New; count];
    for start in 0..count {
        let mut path = vec![(start, false)];
        while let Some((number, is_complete)) = path.pop() {
            match walk[number] {
                Walk::Begun if is_complete => {
                    walk[number] = Walk::Done;
                    order.push(number);
                }
                Walk::Begun => return Err(number),
                Walk::Done => {}
                Walk::New => {
                    walk[number] = Walk::Begun;
                    path.push((number, true));
                    path.extend(above(number).into_iter().filter(|&above| walk[above] != Walk::Done).map(|above| (above, false)));
                }
            }
        }
    }
    Ok(order)
}
