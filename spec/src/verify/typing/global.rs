//! Globals.

use super::super::error::Check;
use super::super::function::Checker;

impl Checker<'_> {
    pub(super) fn check_global_get(&self, words: &[u32]) -> Check {
        self.gives(0, words[0], self.module.globals[words[1] as usize].ty)
    }

    pub(super) fn check_global_set(&self, words: &[u32]) -> Check {
        self.takes(1, words[1], self.module.globals[words[0] as usize].ty)
    }
}
