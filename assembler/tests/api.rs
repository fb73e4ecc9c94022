//! The library's surface: how diagnostics are rendered, what is refused before parsing, and what maps an instruction to its text.

use limosa_assembler::{Code, Severity, Span, assemble, assemble_bytes, assemble_mapped, render};

const WRONG: &str = "module m\nfunc f() {\n    jump \"lop\"\nloop:\n    jump lop\n}\n";

#[test]
fn json_is_one_object_a_line() {
    let diagnostics = assemble("dir/m.vasm", WRONG).unwrap_err();
    let json = render::json(&diagnostics);
    let objects: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        objects,
        [
            serde_json::json!({
                "file": "dir/m.vasm", "line": 3, "col": 10, "code": "operand-shape", "severity": "error",
                "message": "expected a label, found `\"lop\"`", "suggestion": null,
            }),
            serde_json::json!({
                "file": "dir/m.vasm", "line": 5, "col": 10, "code": "unknown-label", "severity": "error",
                "message": "there is no label `lop` in `f`", "suggestion": "did you mean `loop`?",
            }),
        ]
    );
}

#[test]
fn diagnostics_are_values() {
    let diagnostics = assemble("m.vasm", WRONG).unwrap_err();
    assert_eq!((diagnostics.errors(), diagnostics.omitted), (2, 0));
    let second = &diagnostics.list[1];
    assert_eq!((second.code, second.severity), (Code::UnknownLabel, Severity::Error));
    assert_eq!(second.place.span.text(WRONG), "lop");
    assert_eq!((second.place.line, second.place.column), (5, 10));
}

#[test]
fn colour_adds_escape_sequences_and_nothing_else() {
    let diagnostics = assemble("m.vasm", WRONG).unwrap_err();
    let coloured = render::colour(&diagnostics);
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\x1b') {
        stripped.push_str(before);
        rest = &after[after.find('m').unwrap() + 1..];
    }
    stripped.push_str(rest);
    assert_ne!(coloured, stripped);
    assert_eq!(stripped, render::plain(&diagnostics));
}

#[test]
fn bytes_that_are_not_utf8_are_named_by_offset() {
    let diagnostics = assemble_bytes("m.vasm", b"module m\nfunc caf\xe9() {}\n").unwrap_err();
    let [diagnostic] = diagnostics.list.as_slice() else { panic!("{diagnostics}") };
    assert_eq!(diagnostic.code, Code::InvalidUtf8);
    assert_eq!(diagnostic.message, "byte 0xe9 at offset 17 is not valid UTF-8");
    assert_eq!((diagnostic.place.line, diagnostic.place.column), (2, 9));
}

#[test]
fn a_text_beyond_the_limit_is_refused() {
    let text = " ".repeat(limosa_assembler::MAX_SOURCE + 1);
    let diagnostics = assemble("m.vasm", &text).unwrap_err();
    assert_eq!(diagnostics.list[0].code, Code::TooLarge);
}

#[test]
fn instructions_and_operands_are_found_in_the_text() {
    let source = "module m\nfunc f(a: i64) -> i64 {\n    call a, f(1)\n    ret a\n}\nimport func x.y()\n";
    let assembly = assemble_mapped("m.vasm", source).unwrap();
    let text = |span: Option<Span>| span.map(|span| span.text(source));
    // The imported function comes first.
    assert_eq!(text(assembly.map.instruction(1, 0)), Some("call a, f(1)"));
    assert_eq!([0, 1, 2].map(|operand| text(assembly.map.operand(1, 0, operand))), [Some("a"), Some("f"), Some("1")]);
    assert_eq!(text(assembly.map.operand(1, 0, 3)), None);
    assert_eq!(text(assembly.map.instruction(1, 1)), Some("ret a"));
    assert_eq!(assembly.map.instruction(1, 2), None);
    assert_eq!(assembly.map.instruction(0, 0), None);
}

#[test]
fn a_text_gives_the_same_module_under_any_path_of_one_name() {
    let source = "module m\nfunc f() {\n    ret\n}\n";
    assert_eq!(assemble("a/b/m.vasm", source).unwrap(), assemble("c:\\d\\m.vasm", source).unwrap());
    let module = assemble("a/b/m.vasm", source).unwrap();
    assert_eq!(&*module.debug.unwrap().strings[0], "m.vasm");
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_blanks() {
    let unix = "module m\nfunc f(a: i64) {\n    ret\n}\n";
    let dos = format!("\u{feff}{}", unix.replace('\n', "\r\n"));
    assert_eq!(assemble("m.vasm", &dos).unwrap(), assemble("m.vasm", unix).unwrap());
}
