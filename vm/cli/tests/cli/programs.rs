//! Little programs that the tests run.

pub const HELLO: &str = r#"module hello 1.0.0
import func std.io.println(str!)
entry main
func main() {
    var text: str
    const.str text, "hello, wörld"
    call std.io.println(text)
    ret
}
"#;

/// Returns 7.
pub const SEVEN: &str = "module seven\nentry main\nfunc main() -> i32 {\n    ret 7\n}\n";

/// Never ends.
pub const ENDLESS: &str = "module endless\nentry main\nfunc main() {\nagain:\n    jump again\n}\n";

/// Prints its arguments, one a line.
pub const ARGS: &str = r#"module args
import func std.env.args() -> [str]!
import func std.io.println(str!)
entry main
func main() {
    var args: [str], arg: str, index, count: i64
    call args, std.env.args()
    array.len count, args
    jump check
next:
    array.get arg, args, index
    call std.io.println(arg)
    add.i64 index, index, 1
check:
    br.lt.i64 index, count, next
    ret
}
"#;

/// An exception with a cause.
pub const CHAIN: &str = r#"module chain
entry main
func divide(n: i32) -> i32 {
    var r: i32
    div.i32 r, 1, n
    ret r
}
func main() {
    catch DivisionError caught from start to end goto wrap
    var caught: Error, r: i32, e: HostError, text: str
start:
    call r, divide(0)
end:
    ret
wrap:
    new e, HostError
    const.str text, "could not compute"
    set e, Error.message, text
    set e, Error.cause, caught
    throw e
}
"#;

/// Copies lines until there are none.
pub const CAT: &str = r#"module cat
import func std.io.read_line() -> str
import func std.io.println(str!)
entry main
func main() {
    var line: str
next:
    call line, std.io.read_line()
    br.null line, done
    call std.io.println(line)
    jump next
done:
    ret
}
"#;

/// Prints a line for ever.
pub const YES: &str = r#"module yes
import func std.io.println(str!)
entry main
func main() {
    var y: str
    const.str y, "yes yes yes yes yes yes yes yes"
again:
    call std.io.println(y)
    jump again
}
"#;

/// Makes an array that does not fit, again and again.
pub const HUNGRY: &str = r#"module hungry
class Node { next: Node  data: [i64] }
entry main
func main() {
    var node, last: Node, data: [i64]
again:
    new node, Node
    set node, Node.next, last
    array.new data, [i64], 1000
    set node, Node.data, data
    mov.ref last, node
    jump again
}
"#;

/// Exits with the number given as its argument.
pub const EXIT: &str = r#"module exit
import func std.env.args() -> [str]!
import func std.fmt.parse_i64(str!) -> (i32, i64)
import func std.process.exit(i32)
import func std.io.print(str!)
entry main
func main() -> i32 {
    catch Error e from start to end goto end
    var args: [str], arg: str, ok, code: i32, number: i64, e: Error
start:
    call args, std.env.args()
    array.get arg, args, 0
    call std.io.print(arg)
    call ok, number, std.fmt.parse_i64(arg)
    wrap.i32 code, number
    call std.process.exit(code)
end:
    ret 99
}
"#;
