fn main() {
    let path = std::env::args().nth(1).unwrap();
    let source = std::fs::read(&path).unwrap();
    match limosa_assembler::assemble_bytes(&path, &source) {
        Ok(assembly) => {
            print!("{}", assembly.warnings);
            let text = String::from_utf8(source).unwrap();
            let verified = limosa_spec::verify(assembly.module);
            println!("{}", if verified.is_ok() { "verified" } else { "refused" });
            if let Err(error) = verified {
                print!("{}", assembly.map.explain(&error, &path, &text));
            }
        }
        Err(diagnostics) => print!("{}", limosa_assembler::render::colour(&diagnostics)),
    }
}
