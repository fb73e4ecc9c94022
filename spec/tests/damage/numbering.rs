//! Files that say something in a way other than the canonical one.

use super::{Case, case, with};
use limosa_spec::DecodeRule as Rule;
use limosa_spec::format::Section::{Exports, Globals, Imports, Manifest, Strings, Types};

pub fn cases() -> Vec<Case> {
    let two: &[u8] = &[2, 1, b'm', 1, b'n'];
    // A function type and an array; an import uses the first.
    let import = |ty| [1, 0, 0, ty];
    vec![
        case(Rule::StringDuplicate, Strings, with(&[(Strings, &[2, 1, b'm', 1, b'm']), (Manifest, &[0, 0, 0, 0, 0, 1, 1])])),
        case(Rule::StringUnused, Strings, with(&[(Strings, two)])),
        case(Rule::StringOrder, Manifest, with(&[(Strings, two), (Manifest, &[1, 0, 0, 0, 0, 1, 0])])),
        case(Rule::StringIndex, Manifest, with(&[(Manifest, &[1, 0, 0, 0, 0, 0])])),
        case(Rule::StringIndex, Manifest, with(&[(Strings, &[0])])),
        case(Rule::StringIndex, Globals, with(&[(Globals, &[1, 0, 9, 5, 1])])),
        case(Rule::StringIndex, Exports, with(&[(Exports, &[1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0])])),
        case(Rule::TypeNamedFirst, Types, with(&[(Types, &[2, 2, 0, 1, 0, 0, 0, 0])])),
        case(Rule::TypeDuplicate, Types, with(&[(Types, &[2, 3, 0, 0, 3, 0, 0]), (Imports, &[2, 0, 0, 64, 0, 0, 65])])),
        case(Rule::TypeUnused, Types, with(&[(Types, &[1, 2, 0])])),
        case(Rule::TypeOrder, Imports, with(&[(Types, &[2, 2, 0, 3, 0, 0]), (Imports, &import(65))])),
        // An array of itself, and of its successor.
        case(Rule::TypeOrder, Types, with(&[(Types, &[1, 2, 64]), (Imports, &import(64))])),
        case(Rule::TypeOrder, Types, with(&[(Types, &[2, 2, 65, 2, 0]), (Imports, &import(64))])),
        // An array of an array, after one that is used later.
        case(Rule::TypeOrder, Imports, with(&[(Types, &[3, 2, 0, 2, 1, 2, 65]), (Imports, &import(66))])),
        case(Rule::TypeIndex, Imports, with(&[(Types, &[1, 2, 0]), (Imports, &import(65))])),
        case(Rule::TypeIndex, Imports, with(&[(Imports, &[1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f])])),
    ]
}
