//! `docs/diagnostics.md` lists the codes. Set `BLESS=1` to write the list.

use std::fs;
use std::path::Path;

use limosa_assembler::Code;

const BEGIN: &str = "| code | meaning |\n|---|---|\n";

#[test]
fn the_guide_lists_every_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics.md");
    let guide = fs::read_to_string(&path).unwrap();
    let (before, rest) = guide.split_once(BEGIN).unwrap();
    let end = rest.find("\n\n").map_or(rest.len(), |at| at + 1);
    let rows: String = Code::ALL.iter().map(|code| format!("| `{}` | {} |\n", code.name(), code.meaning())).collect();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{rows}{}", &rest[end..])).unwrap();
    } else {
        assert_eq!(&rest[..end], rows);
    }
}
