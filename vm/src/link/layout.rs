//! Where the fields of each class lie in its objects.
//!
//! The fields of the superclass come first, so an object of a class is laid out as one of the superclass. A class's own fields are
//! placed by descending size, in the order of their declaration within a size; each takes the lowest place that is aligned for it and
//! free, so gaps that alignment left in the superclass's part are filled.

use super::LinkError;
use super::hierarchy::Hierarchy;
use super::limits::{Budget, exceeded};
use super::named::{ClassSource, Named};
use crate::program::ClassId;
use limosa_abi::object::{HEADER_BYTES, OBJECT_ALIGNMENT};
use limosa_spec::{Type, limits};
use std::rc::Rc;

/// The layout of a class's objects.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// Where the own fields lie, by field index.
    pub offsets: Vec<u32>,
    /// The offsets of all fields that are references, inherited ones too, ascending.
    pub references: Rc<[u32]>,
    /// The end of the last field.
    end: u32,
    /// Free bytes before it, as start and end, ascending.
    gaps: Vec<(u32, u32)>,
    /// Fields, inherited ones too.
    fields: u32,
}

impl Layout {
    /// The layout of a class with no fields.
    fn empty() -> Layout {
        Layout { end: HEADER_BYTES as u32, ..Layout::default() }
    }

    /// Bytes of an object, header included.
    pub fn size(&self) -> u32 {
        self.end.next_multiple_of(OBJECT_ALIGNMENT as u32)
    }

    /// The layout of a class with these fields besides those of the class laid out here.
    pub fn extend(&self, fields: &[Type], budget: &mut Budget) -> Result<Layout, LinkError> {
        let count = self.fields as usize + fields.len();
        if count > limits::FIELDS as usize {
            return Err(exceeded("fields in a class", limits::FIELDS as usize));
        }
        let mut layout = Layout { offsets: vec![0; fields.len()], fields: count as u32, ..self.clone() };
        for size in [8, 4, 2, 1] {
            for (index, _) in fields.iter().enumerate().filter(|(_, ty)| ty.storage_size() == size) {
                layout.offsets[index] = layout.place(size);
            }
        }
        let own = fields.iter().zip(&layout.offsets).filter(|(ty, _)| ty.is_reference());
        let mut references: Vec<u32> = own.map(|(_, &offset)| offset).collect();
        if !references.is_empty() {
            references.extend_from_slice(&self.references);
            references.sort_unstable();
            budget.take::<u32>(references.len())?;
            layout.references = references.into();
        }
        Ok(layout)
    }

    /// The lowest free place for a field of this size, now taken.
    fn place(&mut self, size: u32) -> u32 {
        let fits = |&(start, end): &(u32, u32)| start.next_multiple_of(size) + size <= end;
        if let Some(index) = self.gaps.iter().position(fits) {
            let (start, end) = self.gaps.remove(index);
            let offset = start.next_multiple_of(size);
            if offset + size < end {
                self.gaps.insert(index, (offset + size, end));
            }
            if start < offset {
                self.gaps.insert(index, (start, offset));
            }
            return offset;
        }
        let offset = self.end.next_multiple_of(size);
        if self.end < offset {
            self.gaps.push((self.end, offset));
        }
        self.end = offset + size;
        offset
    }
}

/// The layouts by class id.
pub(super) fn lay_out(named: &Named<'_>, hierarchy: &Hierarchy, budget: &mut Budget) -> Result<Vec<Layout>, LinkError> {
    let mut layouts = vec![Layout::empty(); named.classes.len()];
    for &class in &hierarchy.order {
        let fields = field_types(named, class);
        let superclass = hierarchy.classes[class as usize].superclass;
        let layout = match superclass {
            Some(superclass) => layouts[superclass as usize].extend(&fields, budget)?,
            None => Layout::empty().extend(&fields, budget)?,
        };
        layouts[class as usize] = layout;
    }
    Ok(layouts)
}

fn field_types(named: &Named<'_>, class: ClassId) -> Vec<Type> {
    match named.classes[class as usize].source {
        ClassSource::WellKnown(class) => class.fields().iter().map(|field| field.ty).collect(),
        ClassSource::Module { definition, .. } => definition.fields.iter().map(|field| field.ty).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TYPES: [Type; 10] = [Type::I64, Type::F64, Type::I32, Type::F32, Type::STR, Type::ANY, Type::I16, Type::U16, Type::I8, Type::U8];

    fn extend(layout: &Layout, fields: &[Type]) -> Layout {
        layout.extend(fields, &mut Budget::new()).unwrap()
    }

    #[test]
    fn large_fields_come_first_and_gaps_of_the_superclass_are_filled() {
        let base = extend(&Layout::empty(), &[Type::I8, Type::I32]);
        assert_eq!((base.offsets.as_slice(), base.size()), ([12, 8].as_slice(), 16));
        let derived = extend(&base, &[Type::U8, Type::F64, Type::I16]);
        assert_eq!((derived.offsets.as_slice(), derived.size()), ([13, 16, 14].as_slice(), 24));
        let last = extend(&derived, &[Type::STR, Type::I8]);
        assert_eq!((last.offsets.as_slice(), last.size()), ([24, 28].as_slice(), 32));
        assert_eq!(*last.references, [24]);
        let base = extend(&Layout::empty(), &[Type::I32]);
        let derived = extend(&base, &[Type::I8, Type::F64, Type::I8, Type::I8, Type::I8, Type::I8]);
        assert_eq!((derived.offsets.as_slice(), derived.size()), ([12, 16, 13, 14, 15, 24].as_slice(), 32));
    }

    #[test]
    fn fields_beyond_the_limit_are_refused() {
        let full = extend(&Layout::empty(), &vec![Type::I8; limits::FIELDS as usize]);
        let error = full.extend(&[Type::I8], &mut Budget::new()).err();
        assert_eq!(error, Some(LinkError::Limit { what: "fields in a class", limit: 4096 }));
    }

    proptest! {
        #[test]
        fn fields_are_aligned_and_apart_and_do_not_move(
            chain in prop::collection::vec(prop::collection::vec(prop::sample::select(&TYPES[..]), 0..12), 1..8),
        ) {
            let mut layout = Layout::empty();
            let mut taken: Vec<(u32, u32)> = vec![(0, HEADER_BYTES as u32)];
            let mut references = Vec::new();
            for fields in &chain {
                layout = extend(&layout, fields);
                prop_assert_eq!(layout.offsets.len(), fields.len());
                for (&offset, ty) in layout.offsets.iter().zip(fields) {
                    let end = offset + ty.storage_size();
                    prop_assert_eq!(offset % ty.storage_size(), 0);
                    prop_assert!(end <= layout.size());
                    prop_assert!(taken.iter().all(|&(start, stop)| end <= start || stop <= offset));
                    taken.push((offset, end));
                    if ty.is_reference() {
                        references.push(offset);
                    }
                }
                references.sort_unstable();
                prop_assert_eq!(&*layout.references, references.as_slice());
            }
            let used: u32 = taken.iter().map(|(start, end)| end - start).sum();
            prop_assert!(layout.size() <= used + 8 * chain.len() as u32);
        }
    }
}
