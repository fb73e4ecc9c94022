//! Where the entries of functions stand: in a cell of each function, and in the tables of classes, where a call needs no load to find
//! the cell. An entry changes once, when its function is prepared, and then everywhere.
#![allow(unsafe_code, reason = "writes entries where they stand in tables")]

use super::FunctionId;
use crate::interp::Word;
use limosa_abi::EntryCell;

/// A function, and a place in a table where its entry stands.
pub(crate) type EntryPlace = (FunctionId, *const EntryCell);

/// Where the entries of all functions stand.
pub(crate) struct Entries {
    cells: Vec<EntryCell>,
    /// The places in tables, by function.
    places: Vec<EntryPlace>,
}

impl Entries {
    /// The cells of so many functions, and these places in tables that live as long as the program.
    pub fn new(functions: usize, mut places: Vec<EntryPlace>) -> Entries {
        places.sort_unstable();
        Entries { cells: (0..functions).map(|_| EntryCell::empty()).collect(), places }
    }

    /// The function's own cell.
    pub fn cell(&self, function: FunctionId) -> &EntryCell {
        &self.cells[function as usize]
    }

    /// The places in tables that hold the function's entry.
    pub fn places(&self, function: FunctionId) -> impl Iterator<Item = *const EntryCell> {
        let start = self.places.partition_point(|&(of, _)| of < function);
        self.places[start..].iter().take_while(move |&&(of, _)| of == function).map(|&(_, place)| place)
    }

    /// Lets all calls of the function lead to this entry.
    pub fn set(&self, function: FunctionId, entry: *const Word) {
        self.cell(function).store(entry.cast());
        for place in self.places(function) {
            // SAFETY: the tables live as long as the program (linker).
            unsafe { (*place).store(entry.cast()) };
        }
    }
}
