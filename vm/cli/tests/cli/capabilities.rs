//! What programs may touch: nothing, until an option says so.

use crate::support::{Scratch, vm};

/// Calls a function of one text; prints its result.
fn calling(function: &str, argument: &str) -> String {
    format!(
        "module caller
import func {function}(str!) -> str
import func std.io.print(str!)
entry main
func main() {{
    var text: str
    const.str text, \"{argument}\"
    call text, {function}(text)
    br.null text, none
    call std.io.print(text)
none:
    ret
}}
"
    )
}

fn reading(path: &str) -> String {
    calling("std.fs.read_text", path).replace("-> str\nimport func std.io", "-> str!\nimport func std.io")
}

#[test]
fn files_are_read_where_allowed() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("data")).unwrap();
    let file = scratch.write("data/file", "contents");
    let program = scratch.write("read.vasm", reading(&file));
    let ran = vm(["run", &program]).ended(1);
    let expected = format!(
        "uncaught CapabilityError: reading `{file}` is not allowed; --allow-read={file} allows it\n    at std.fs.read_text (host)\n    at caller.main (read.vasm:8)\n"
    );
    assert_eq!(ran.err, expected);
    assert_eq!(vm(["run", &format!("--allow-read={file}"), &program]).good().out, "contents");
    assert_eq!(vm(["run", "--allow-read", &scratch.path("data"), &program]).good().out, "contents");
    assert_eq!(vm(["run", "--allow-read=/", &program]).good().out, "contents");
    for other in [&format!("--allow-read={}", scratch.write("other", "")), &format!("--allow-write={file}")] {
        vm(["run", other, &program]).ended(1).told("CapabilityError");
    }
}

#[test]
fn paths_do_not_lead_out() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("in")).unwrap();
    let secret = scratch.write("secret", "secret");
    let allow = format!("--allow-read={}", scratch.path("in"));
    vm(["run", &allow, &scratch.write("up.vasm", reading(&scratch.path("in/../secret")))]).ended(1).told("CapabilityError");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&secret, scratch.path("in/link")).unwrap();
        vm(["run", &allow, &scratch.write("link.vasm", reading(&scratch.path("in/link")))]).ended(1).told("CapabilityError");
        std::os::unix::fs::symlink(scratch.path("in"), scratch.path("alias")).unwrap();
        scratch.write("in/file", "inside");
        let alias = format!("--allow-read={}", scratch.path("alias"));
        let program = scratch.write("alias.vasm", reading(&scratch.path("in/file")));
        assert_eq!(vm(["run", &alias, &program]).good().out, "inside");
    }
    let _ = secret;
}

#[test]
fn files_are_written_where_allowed() {
    let scratch = Scratch::new();
    let file = scratch.path("new");
    let source = format!(
        "module writer
import func std.fs.write_text(str!, str!)
entry main
func main() {{
    var path: str, text: str
    const.str path, \"{file}\"
    const.str text, \"written\"
    call std.fs.write_text(path, text)
    ret
}}
"
    );
    let program = scratch.write("write.vasm", source);
    vm(["run", &program]).ended(1).told(&format!("--allow-write={file}"));
    vm(["run", &format!("--allow-read={file}"), &program]).ended(1).told("CapabilityError");
    assert!(!std::fs::exists(&file).unwrap());
    vm(["run", &format!("--allow-write={file}"), &program]).good();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "written");
}

#[test]
fn environment_clock_and_chance_need_their_options() {
    let scratch = Scratch::new();
    let env = scratch.write("env.vasm", calling("std.env.var", "LIMOSA_TEST"));
    vm(["run", &env]).ended(1).told("`LIMOSA_TEST` is not allowed; --allow-env allows it");
    assert_eq!(vm(["run", "--allow-env", &env]).good().out, "");
    for (function, option) in
        [("std.time.now", "--allow-clock"), ("std.time.monotonic", "--allow-clock"), ("std.random.i64", "--allow-random")]
    {
        let source = format!(
            "module m\nimport func {function}() -> i64\nentry main\nfunc main() {{\n    var n: i64\n    call n, {function}()\n    ret\n}}\n"
        );
        let program = scratch.write("number.vasm", source);
        vm(["run", &program]).ended(1).told(&format!("{option} allows it"));
        vm(["run", option, &program]).good();
        vm(["run", "--allow-env", "--allow-read=/", "--allow-write=/", &program]).ended(1).told("CapabilityError");
    }
}

#[test]
fn a_denial_can_be_caught() {
    let scratch = Scratch::new();
    let source = reading("/etc/passwd")
        .replace("    var text: str\n", "    catch CapabilityError e from start to end goto denied\n    var text: str, e: Error\nstart:\n");
    let source = source
        .replace("none:\n", "none:\nend:\n")
        .replace("    ret\n}\n", "    ret\ndenied:\n    get text, e, Error.message\n    call std.io.print(text)\n    ret\n}\n");
    let ran = vm(["run", &scratch.write("caught.vasm", source)]).good();
    assert_eq!(ran.out, "reading `/etc/passwd` is not allowed; --allow-read=/etc/passwd allows it");
}

#[test]
fn what_cannot_be_allowed_is_wrong_usage() {
    let scratch = Scratch::new();
    let program = scratch.write("read.vasm", reading("x"));
    let file = scratch.write("file", "");
    vm(["run", &format!("--allow-read={file}/x"), &program]).ended(2).told("--allow-read");
    vm(["run", "--allow-write=", &program]).ended(2);
}
