//! Globals: `b` is not used, `c d` is the program's number of the global.
#![allow(unsafe_code, reason = "handlers")]

use crate::interp::dispatch::Dispatch;

handler! {
    /// `a = global`
    pub(crate) fn get[D: Dispatch](pc, fp, cx, fuel, _acc, facc) {
        // SAFETY: frame, types; the index is below the number of the program's globals (linker).
        unsafe {
            let value = *(*cx).globals.add((*pc).immediate() as u32 as usize);
            *fp.add((*pc).a as usize) = value;
            D::next(pc.add(1), fp, cx, fuel, value, facc)
        }
    }
}

handler! {
    /// `a = global`, an f64.
    pub(crate) fn get_float[D: Dispatch](pc, fp, cx, fuel, acc, _facc) {
        // SAFETY: as above.
        unsafe {
            let value = *(*cx).globals.add((*pc).immediate() as u32 as usize).cast::<f64>();
            *fp.add((*pc).a as usize).cast::<f64>() = value;
            D::next(pc.add(1), fp, cx, fuel, acc, value)
        }
    }
}

handler! {
    /// `global = a`: globals are roots, so there is no barrier.
    pub(crate) fn set[D: Dispatch](pc, fp, cx, fuel, acc, facc) {
        // SAFETY: as above.
        unsafe {
            *(*cx).globals.add((*pc).immediate() as u32 as usize) = *fp.add((*pc).a as usize);
            D::next(pc.add(1), fp, cx, fuel, acc, facc)
        }
    }
}
