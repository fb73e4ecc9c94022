//! The instruction table: the single source of the instruction set.
//!
//! One row per instruction: variant, code, mnemonic, operand roles, typing rule, effects and meaning. Opcode numbers,
//! encoder, decoder, disassembler, verifier, assembler and the instruction reference of the book all derive from these rows
//! through [`for_each_opcode!`]. In the meaning column the operands are called `a`, `b`, `c`, … in the order of the row.
//!
//! Codes below 0x100 are one byte; the others stand behind [`SECOND_PAGE`].

use bitflags::bitflags;

/// The byte that escapes to the second page: the code of such an instruction is `0x100 +` the byte that follows.
pub const SECOND_PAGE: u8 = 0xff;

/// The type an operand's register must have; [`RegisterKind::Ref`] and [`RegisterKind::Any`] leave the rest to the typing rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegisterKind {
    /// A 32-bit integer.
    I32,
    /// A 64-bit integer.
    I64,
    /// An IEEE 754 binary32.
    F32,
    /// An IEEE 754 binary64.
    F64,
    /// Any reference.
    Ref,
    /// Any register type.
    Any,
}

/// What an operand of an instruction is, and so how it is encoded, printed and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperandRole {
    /// A register that is written.
    Def(RegisterKind),
    /// A register or constant that is read: an index below the register count is a register, the others are the constant pool.
    Use(RegisterKind),
    /// A count, then that many registers that are written.
    Defs,
    /// A count, then that many registers or constants that are read.
    Uses,
    /// An instruction of the same function.
    Label,
    /// A count, then that many labels.
    Labels,
    /// A type.
    Type,
    /// A function: imported ones first, then those defined.
    Function,
    /// Two numbers: a class, by its type number, and the index of one of the fields it declares itself.
    Field,
    /// Two numbers: a class or interface, by its type number, and the index of one of the methods it declares itself.
    Method,
    /// A global.
    Global,
    /// A string of the string table.
    String,
    /// A data segment.
    Data,
}

/// How the operands' types depend on one another, beyond what their roles say. The verifier has one function for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each rule is named after its instruction and written out in the verification chapter")]
pub enum TypingRule {
    Fixed,
    Move,
    DefStr,
    TypeTest,
    Cast,
    New,
    FieldGet,
    FieldSet,
    IdentityHash,
    ArrayNew,
    ArrayLen,
    ArrayGet,
    ArraySet,
    ArrayCopy,
    ArrayFill,
    ArrayData,
    ByteLoad,
    ByteStore,
    UseStr,
    StrToStr,
    StrToBytes,
    StrFromBytes,
    Box,
    Unbox,
    GlobalGet,
    GlobalSet,
    Call,
    CallVirtual,
    CallInterface,
    CallClosure,
    Tail,
    TailVirtual,
    TailInterface,
    TailClosure,
    Closure,
    Ret,
    Throw,
    FiberNew,
    FiberResume,
    FiberYield,
    FiberDone,
}

bitflags! {
    /// What an instruction may do besides writing its results.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Effects: u32 {
        /// Nothing.
        const NONE = 0;
        /// May throw `NullError`.
        const NULL = 1;
        /// May throw `IndexError`.
        const INDEX = 1 << 1;
        /// May throw `DivisionError`.
        const DIVISION = 1 << 2;
        /// May throw `OverflowError`.
        const OVERFLOW = 1 << 3;
        /// May throw `CastError`.
        const CAST = 1 << 4;
        /// May throw `NegativeSizeError`.
        const NEGATIVE_SIZE = 1 << 5;
        /// May throw `EncodingError`.
        const ENCODING = 1 << 6;
        /// May throw `FiberError`.
        const FIBER = 1 << 7;
        /// Throws `UnreachableError`.
        const UNREACHABLE = 1 << 8;
        /// Throws its operand.
        const THROWS = 1 << 9;
        /// Allocates, so may collect and may throw `OutOfMemory`.
        const ALLOCATES = 1 << 10;
        /// Enters another frame, so may throw `StackOverflow` or anything the callee throws.
        const CALLS = 1 << 11;
        /// Charges fuel for the bytes it touches: `bytes / 16`, rounded down, before it does anything.
        const CHARGES = 1 << 12;
        /// Control never falls through to the next instruction.
        const ENDS_BLOCK = 1 << 13;
    }
}

/// Calls the macro named with all rows of the instruction table.
#[macro_export]
macro_rules! for_each_opcode {
    ($callback:ident) => {
        $callback! {
            MovI32 = 0x0000, "mov.i32", [Def(I32), Use(I32)], Fixed, NONE, "Copies `b` to `a`.";
            MovI64 = 0x0001, "mov.i64", [Def(I64), Use(I64)], Fixed, NONE, "Copies `b` to `a`.";
            MovF32 = 0x0002, "mov.f32", [Def(F32), Use(F32)], Fixed, NONE, "Copies `b` to `a`.";
            MovF64 = 0x0003, "mov.f64", [Def(F64), Use(F64)], Fixed, NONE, "Copies `b` to `a`.";
            MovRef = 0x0004, "mov.ref", [Def(Ref), Use(Ref)], Move, NONE, "Copies the reference `b` to `a`; the type of `b` must be assignable to the type of `a`.";
            ConstStr = 0x0005, "const.str", [Def(Ref), String], DefStr, ALLOCATES, "Sets `a` to the string constant. Every execution in one isolate gives the same object.";
            AddI32 = 0x0006, "add.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "Wrapping sum of `b` and `c`.";
            SubI32 = 0x0007, "sub.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "Wrapping difference of `b` and `c`.";
            MulI32 = 0x0008, "mul.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "Wrapping product of `b` and `c`.";
            DivI32 = 0x0009, "div.i32", [Def(I32), Use(I32), Use(I32)], Fixed, DIVISION, "Signed quotient, truncated; `MIN / -1` is `MIN`.";
            RemI32 = 0x000a, "rem.i32", [Def(I32), Use(I32), Use(I32)], Fixed, DIVISION, "Signed remainder with the sign of `b`; `MIN % -1` is 0.";
            AndI32 = 0x000b, "and.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "Bitwise and.";
            OrI32 = 0x000c, "or.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "Bitwise or.";
            XorI32 = 0x000d, "xor.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "Bitwise exclusive or.";
            ShlI32 = 0x000e, "shl.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "`b` shifted left by `c` modulo the width.";
            ShrI32 = 0x000f, "shr.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "`b` shifted right arithmetically by `c` modulo the width.";
            ShruI32 = 0x0010, "shru.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "`b` shifted right logically by `c` modulo the width.";
            AddI64 = 0x0011, "add.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "Wrapping sum of `b` and `c`.";
            SubI64 = 0x0012, "sub.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "Wrapping difference of `b` and `c`.";
            MulI64 = 0x0013, "mul.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "Wrapping product of `b` and `c`.";
            DivI64 = 0x0014, "div.i64", [Def(I64), Use(I64), Use(I64)], Fixed, DIVISION, "Signed quotient, truncated; `MIN / -1` is `MIN`.";
            RemI64 = 0x0015, "rem.i64", [Def(I64), Use(I64), Use(I64)], Fixed, DIVISION, "Signed remainder with the sign of `b`; `MIN % -1` is 0.";
            AndI64 = 0x0016, "and.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "Bitwise and.";
            OrI64 = 0x0017, "or.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "Bitwise or.";
            XorI64 = 0x0018, "xor.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "Bitwise exclusive or.";
            ShlI64 = 0x0019, "shl.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "`b` shifted left by `c` modulo the width.";
            ShrI64 = 0x001a, "shr.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "`b` shifted right arithmetically by `c` modulo the width.";
            ShruI64 = 0x001b, "shru.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "`b` shifted right logically by `c` modulo the width.";
            WidenI64 = 0x001c, "widen.i64", [Def(I64), Use(I32)], Fixed, NONE, "`b` sign-extended to 64 bits.";
            WidenuI64 = 0x001d, "widenu.i64", [Def(I64), Use(I32)], Fixed, NONE, "`b` zero-extended to 64 bits.";
            WrapI32 = 0x001e, "wrap.i32", [Def(I32), Use(I64)], Fixed, NONE, "The low 32 bits of `b`.";
            FloatF64I64 = 0x001f, "float.f64.i64", [Def(F64), Use(I64)], Fixed, NONE, "The signed integer `b` as a float, rounded to nearest, ties to even.";
            TruncI64F64 = 0x0020, "trunc.i64.f64", [Def(I64), Use(F64)], Fixed, NONE, "`b` truncated towards zero to a signed integer, saturating; NaN gives 0.";
            FloatF64I32 = 0x0021, "float.f64.i32", [Def(F64), Use(I32)], Fixed, NONE, "The signed integer `b` as a float, rounded to nearest, ties to even.";
            TruncI32F64 = 0x0022, "trunc.i32.f64", [Def(I32), Use(F64)], Fixed, NONE, "`b` truncated towards zero to a signed integer, saturating; NaN gives 0.";
            AddF64 = 0x0023, "add.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "IEEE 754 sum.";
            SubF64 = 0x0024, "sub.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "IEEE 754 difference.";
            MulF64 = 0x0025, "mul.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "IEEE 754 product.";
            DivF64 = 0x0026, "div.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "IEEE 754 quotient.";
            SqrtF64 = 0x0027, "sqrt.f64", [Def(F64), Use(F64)], Fixed, NONE, "IEEE 754 square root.";
            NegF64 = 0x0028, "neg.f64", [Def(F64), Use(F64)], Fixed, NONE, "`b` with its sign inverted.";
            AbsF64 = 0x0029, "abs.f64", [Def(F64), Use(F64)], Fixed, NONE, "`b` with its sign cleared.";
            AddF32 = 0x002a, "add.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "IEEE 754 sum.";
            SubF32 = 0x002b, "sub.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "IEEE 754 difference.";
            MulF32 = 0x002c, "mul.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "IEEE 754 product.";
            DivF32 = 0x002d, "div.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "IEEE 754 quotient.";
            EqI32 = 0x002e, "eq.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if equal, else 0.";
            NeI32 = 0x002f, "ne.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if different, else 0.";
            LtI32 = 0x0030, "lt.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b < c`, signed, else 0.";
            LeI32 = 0x0031, "le.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b <= c`, signed, else 0.";
            GtI32 = 0x0032, "gt.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b > c`, signed, else 0.";
            GeI32 = 0x0033, "ge.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b >= c`, signed, else 0.";
            LtuI32 = 0x0034, "ltu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b < c`, unsigned, else 0.";
            LeuI32 = 0x0035, "leu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b <= c`, unsigned, else 0.";
            GtuI32 = 0x0036, "gtu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b > c`, unsigned, else 0.";
            GeuI32 = 0x0037, "geu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "1 if `b >= c`, unsigned, else 0.";
            EqI64 = 0x0038, "eq.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if equal, else 0.";
            NeI64 = 0x0039, "ne.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if different, else 0.";
            LtI64 = 0x003a, "lt.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b < c`, signed, else 0.";
            LeI64 = 0x003b, "le.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b <= c`, signed, else 0.";
            GtI64 = 0x003c, "gt.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b > c`, signed, else 0.";
            GeI64 = 0x003d, "ge.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b >= c`, signed, else 0.";
            LtuI64 = 0x003e, "ltu.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b < c`, unsigned, else 0.";
            LeuI64 = 0x003f, "leu.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b <= c`, unsigned, else 0.";
            GtuI64 = 0x0040, "gtu.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b > c`, unsigned, else 0.";
            GeuI64 = 0x0041, "geu.i64", [Def(I32), Use(I64), Use(I64)], Fixed, NONE, "1 if `b >= c`, unsigned, else 0.";
            EqF64 = 0x0042, "eq.f64", [Def(I32), Use(F64), Use(F64)], Fixed, NONE, "1 if equal, else 0.";
            NeF64 = 0x0043, "ne.f64", [Def(I32), Use(F64), Use(F64)], Fixed, NONE, "1 if different or unordered, else 0.";
            LtF64 = 0x0044, "lt.f64", [Def(I32), Use(F64), Use(F64)], Fixed, NONE, "1 if `b < c`, else 0.";
            LeF64 = 0x0045, "le.f64", [Def(I32), Use(F64), Use(F64)], Fixed, NONE, "1 if `b <= c`, else 0.";
            GtF64 = 0x0046, "gt.f64", [Def(I32), Use(F64), Use(F64)], Fixed, NONE, "1 if `b > c`, else 0.";
            GeF64 = 0x0047, "ge.f64", [Def(I32), Use(F64), Use(F64)], Fixed, NONE, "1 if `b >= c`, else 0.";
            EqRef = 0x0048, "eq.ref", [Def(I32), Use(Ref), Use(Ref)], Fixed, NONE, "1 if both are the same object or both null, else 0.";
            IsNull = 0x0049, "is_null", [Def(I32), Use(Ref)], Fixed, NONE, "1 if `b` is null, else 0.";
            Jump = 0x004a, "jump", [Label], Fixed, ENDS_BLOCK, "Goes on at the label.";
            BrEqI32 = 0x004b, "br.eq.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if equal.";
            BrNeI32 = 0x004c, "br.ne.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if different.";
            BrLtI32 = 0x004d, "br.lt.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a < b`, signed.";
            BrLeI32 = 0x004e, "br.le.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a <= b`, signed.";
            BrGtI32 = 0x004f, "br.gt.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a > b`, signed.";
            BrGeI32 = 0x0050, "br.ge.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a >= b`, signed.";
            BrLtuI32 = 0x0051, "br.ltu.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a < b`, unsigned.";
            BrLeuI32 = 0x0052, "br.leu.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a <= b`, unsigned.";
            BrGtuI32 = 0x0053, "br.gtu.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a > b`, unsigned.";
            BrGeuI32 = 0x0054, "br.geu.i32", [Use(I32), Use(I32), Label], Fixed, NONE, "Branches if `a >= b`, unsigned.";
            BrEqI64 = 0x0055, "br.eq.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if equal.";
            BrNeI64 = 0x0056, "br.ne.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if different.";
            BrLtI64 = 0x0057, "br.lt.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a < b`, signed.";
            BrLeI64 = 0x0058, "br.le.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a <= b`, signed.";
            BrGtI64 = 0x0059, "br.gt.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a > b`, signed.";
            BrGeI64 = 0x005a, "br.ge.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a >= b`, signed.";
            BrLtuI64 = 0x005b, "br.ltu.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a < b`, unsigned.";
            BrLeuI64 = 0x005c, "br.leu.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a <= b`, unsigned.";
            BrGtuI64 = 0x005d, "br.gtu.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a > b`, unsigned.";
            BrGeuI64 = 0x005e, "br.geu.i64", [Use(I64), Use(I64), Label], Fixed, NONE, "Branches if `a >= b`, unsigned.";
            BrEqF64 = 0x005f, "br.eq.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if equal.";
            BrNeF64 = 0x0060, "br.ne.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if different or unordered.";
            BrLtF64 = 0x0061, "br.lt.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if `a < b`.";
            BrLeF64 = 0x0062, "br.le.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if `a <= b`.";
            BrGtF64 = 0x0063, "br.gt.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if `a > b`.";
            BrGeF64 = 0x0064, "br.ge.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if `a >= b`.";
            BrNltF64 = 0x0065, "br.nlt.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if not `a < b`, so also if unordered.";
            BrNleF64 = 0x0066, "br.nle.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if not `a <= b`, so also if unordered.";
            BrNgtF64 = 0x0067, "br.ngt.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if not `a > b`, so also if unordered.";
            BrNgeF64 = 0x0068, "br.nge.f64", [Use(F64), Use(F64), Label], Fixed, NONE, "Branches if not `a >= b`, so also if unordered.";
            BrEqRef = 0x0069, "br.eq.ref", [Use(Ref), Use(Ref), Label], Fixed, NONE, "Branches if both are the same object or both null.";
            BrNeRef = 0x006a, "br.ne.ref", [Use(Ref), Use(Ref), Label], Fixed, NONE, "Branches if they are not the same object.";
            BrNull = 0x006b, "br.null", [Use(Ref), Label], Fixed, NONE, "Branches if `a` is null.";
            BrNonnull = 0x006c, "br.nonnull", [Use(Ref), Label], Fixed, NONE, "Branches if `a` is not null.";
            Switch = 0x006d, "switch", [Use(I32), Labels, Label], Fixed, ENDS_BLOCK, "Goes on at the label whose position in the list is `a`, at the last label if `a` (unsigned) is beyond the list.";
            Is = 0x006e, "is", [Def(I32), Use(Ref), Type], TypeTest, NONE, "1 if `b` is not null and an instance of the type, else 0.";
            Cast = 0x006f, "cast", [Def(Ref), Use(Ref), Type], Cast, CAST, "Copies `b` to `a` if it is null or an instance of the type, else throws.";
            New = 0x0070, "new", [Def(Ref), Type], New, ALLOCATES, "A new object of the class, all fields zero or null.";
            Get = 0x0071, "get", [Def(Any), Use(Ref), Field], FieldGet, NULL, "The field of the object `b`. `i8` and `i16` fields are sign-extended, `u8` and `u16` zero-extended.";
            Set = 0x0072, "set", [Use(Ref), Field, Use(Any)], FieldSet, NULL, "Stores `c` to the field of the object `a`; storage types keep the low bits.";
            ArrayNew = 0x0073, "array.new", [Def(Ref), Type, Use(I64)], ArrayNew, NEGATIVE_SIZE | ALLOCATES | CHARGES, "A new array, of the array type `b`, of `c` elements, zero or null.";
            ArrayLen = 0x0074, "array.len", [Def(I64), Use(Ref)], ArrayLen, NULL, "The number of elements of `b`.";
            ArrayGet = 0x0075, "array.get", [Def(Any), Use(Ref), Use(I64)], ArrayGet, NULL | INDEX, "Element `c` of the array `b`.";
            ArraySet = 0x0076, "array.set", [Use(Ref), Use(I64), Use(Any)], ArraySet, NULL | INDEX, "Stores `c` to element `b` of the array `a`.";
            ArrayCopy = 0x0077, "array.copy", [Use(Ref), Use(I64), Use(Ref), Use(I64), Use(I64)], ArrayCopy, NULL | INDEX | CHARGES, "Copies `e` elements from array `c` at `d` to array `a` at `b`, as if through a temporary; nothing is copied when it throws.";
            ArrayFill = 0x0078, "array.fill", [Use(Ref), Use(I64), Use(Any), Use(I64)], ArrayFill, NULL | INDEX | CHARGES, "Sets `d` elements of array `a` from `b` on to `c`; nothing is set when it throws.";
            StrLen = 0x0079, "str.len", [Def(I64), Use(Ref)], UseStr, NULL, "The length of `b` in bytes.";
            StrByte = 0x007a, "str.byte", [Def(I32), Use(Ref), Use(I64)], UseStr, NULL | INDEX, "Byte `c` of `b`.";
            StrSlice = 0x007b, "str.slice", [Def(Ref), Use(Ref), Use(I64), Use(I64)], StrToStr, NULL | INDEX | ENCODING | ALLOCATES | CHARGES, "The bytes of `b` from `c` up to, but not including, `d`; throws off a character boundary.";
            StrConcat = 0x007c, "str.concat", [Def(Ref), Use(Ref), Use(Ref)], StrToStr, NULL | ALLOCATES | CHARGES, "`b` followed by `c`.";
            StrEq = 0x007d, "str.eq", [Def(I32), Use(Ref), Use(Ref)], UseStr, NULL | CHARGES, "1 if `b` and `c` have the same bytes, else 0.";
            StrCmp = 0x007e, "str.cmp", [Def(I32), Use(Ref), Use(Ref)], UseStr, NULL | CHARGES, "-1, 0 or 1 as `b` is before, equal to or after `c` in byte order.";
            StrHash = 0x007f, "str.hash", [Def(I32), Use(Ref)], UseStr, NULL | CHARGES, "XXH32 of the bytes of `b` with seed 0.";
            StrToBytes = 0x0080, "str.to_bytes", [Def(Ref), Use(Ref)], StrToBytes, NULL | ALLOCATES | CHARGES, "A new byte array with the bytes of `b`.";
            StrFromBytes = 0x0081, "str.from_bytes", [Def(Ref), Use(Ref), Use(I64), Use(I64)], StrFromBytes, NULL | INDEX | ENCODING | ALLOCATES | CHARGES, "A string of the bytes of the byte array `b` from `c` up to, but not including, `d`; throws if they are not UTF-8.";
            GlobalGet = 0x0082, "global.get", [Def(Any), Global], GlobalGet, NONE, "The value of the global.";
            GlobalSet = 0x0083, "global.set", [Global, Use(Any)], GlobalSet, NONE, "Sets the global.";
            Call = 0x0084, "call", [Defs, Function, Uses], Call, CALLS, "Calls the function.";
            CallVirtual = 0x0085, "call.virtual", [Defs, Method, Uses], CallVirtual, NULL | CALLS, "Calls the method of the class by the dynamic class of the first argument.";
            CallInterface = 0x0086, "call.interface", [Defs, Method, Uses], CallInterface, NULL | CALLS, "Calls the method of the interface by the dynamic class of the first argument.";
            CallClosure = 0x0087, "call.closure", [Defs, Use(Ref), Uses], CallClosure, NULL | CALLS, "Calls the closure.";
            Tail = 0x0088, "tail", [Function, Uses], Tail, CALLS | ENDS_BLOCK, "Calls the function in place of the current frame.";
            TailVirtual = 0x0089, "tail.virtual", [Method, Uses], TailVirtual, NULL | CALLS | ENDS_BLOCK, "Calls the method of the class in place of the current frame.";
            TailInterface = 0x008a, "tail.interface", [Method, Uses], TailInterface, NULL | CALLS | ENDS_BLOCK, "Calls the method of the interface in place of the current frame.";
            TailClosure = 0x008b, "tail.closure", [Use(Ref), Uses], TailClosure, NULL | CALLS | ENDS_BLOCK, "Calls the closure in place of the current frame.";
            Closure = 0x008c, "closure", [Def(Ref), Function, Uses], Closure, ALLOCATES, "A closure of the function with its first parameters bound to the values listed; `a` has exactly the function type that is left.";
            Ret = 0x008d, "ret", [Uses], Ret, NULL | ENDS_BLOCK, "Returns the values to the caller; throws if one declared non-null is null.";
            Throw = 0x008e, "throw", [Use(Ref)], Throw, NULL | THROWS | ENDS_BLOCK, "Throws the object `a`, an instance of `Error`.";
            // Second page, behind the prefix byte.
            DivuI32 = 0x0100, "divu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, DIVISION, "Unsigned quotient.";
            RemuI32 = 0x0101, "remu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, DIVISION, "Unsigned remainder.";
            RotlI32 = 0x0102, "rotl.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "`b` rotated left by `c` modulo the width.";
            RotrI32 = 0x0103, "rotr.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "`b` rotated right by `c` modulo the width.";
            MinI32 = 0x0104, "min.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "The smaller of `b` and `c`, signed.";
            MaxI32 = 0x0105, "max.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "The larger of `b` and `c`, signed.";
            MinuI32 = 0x0106, "minu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "The smaller of `b` and `c`, unsigned.";
            MaxuI32 = 0x0107, "maxu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "The larger of `b` and `c`, unsigned.";
            MulhiI32 = 0x0108, "mulhi.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "High half of the signed product of double width.";
            MulhiuI32 = 0x0109, "mulhiu.i32", [Def(I32), Use(I32), Use(I32)], Fixed, NONE, "High half of the unsigned product of double width.";
            AddCheckedI32 = 0x010a, "add_checked.i32", [Def(I32), Use(I32), Use(I32)], Fixed, OVERFLOW, "Sum of `b` and `c`; throws if it does not fit the signed type.";
            SubCheckedI32 = 0x010b, "sub_checked.i32", [Def(I32), Use(I32), Use(I32)], Fixed, OVERFLOW, "Difference of `b` and `c`; throws if it does not fit the signed type.";
            MulCheckedI32 = 0x010c, "mul_checked.i32", [Def(I32), Use(I32), Use(I32)], Fixed, OVERFLOW, "Product of `b` and `c`; throws if it does not fit the signed type.";
            DivuI64 = 0x010d, "divu.i64", [Def(I64), Use(I64), Use(I64)], Fixed, DIVISION, "Unsigned quotient.";
            RemuI64 = 0x010e, "remu.i64", [Def(I64), Use(I64), Use(I64)], Fixed, DIVISION, "Unsigned remainder.";
            RotlI64 = 0x010f, "rotl.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "`b` rotated left by `c` modulo the width.";
            RotrI64 = 0x0110, "rotr.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "`b` rotated right by `c` modulo the width.";
            MinI64 = 0x0111, "min.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "The smaller of `b` and `c`, signed.";
            MaxI64 = 0x0112, "max.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "The larger of `b` and `c`, signed.";
            MinuI64 = 0x0113, "minu.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "The smaller of `b` and `c`, unsigned.";
            MaxuI64 = 0x0114, "maxu.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "The larger of `b` and `c`, unsigned.";
            MulhiI64 = 0x0115, "mulhi.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "High half of the signed product of double width.";
            MulhiuI64 = 0x0116, "mulhiu.i64", [Def(I64), Use(I64), Use(I64)], Fixed, NONE, "High half of the unsigned product of double width.";
            AddCheckedI64 = 0x0117, "add_checked.i64", [Def(I64), Use(I64), Use(I64)], Fixed, OVERFLOW, "Sum of `b` and `c`; throws if it does not fit the signed type.";
            SubCheckedI64 = 0x0118, "sub_checked.i64", [Def(I64), Use(I64), Use(I64)], Fixed, OVERFLOW, "Difference of `b` and `c`; throws if it does not fit the signed type.";
            MulCheckedI64 = 0x0119, "mul_checked.i64", [Def(I64), Use(I64), Use(I64)], Fixed, OVERFLOW, "Product of `b` and `c`; throws if it does not fit the signed type.";
            NegI32 = 0x011a, "neg.i32", [Def(I32), Use(I32)], Fixed, NONE, "Wrapping negation of `b`.";
            ClzI32 = 0x011b, "clz.i32", [Def(I32), Use(I32)], Fixed, NONE, "Number of leading zero bits of `b`; the width for 0.";
            CtzI32 = 0x011c, "ctz.i32", [Def(I32), Use(I32)], Fixed, NONE, "Number of trailing zero bits of `b`; the width for 0.";
            PopcntI32 = 0x011d, "popcnt.i32", [Def(I32), Use(I32)], Fixed, NONE, "Number of one bits of `b`.";
            Ext8I32 = 0x011e, "ext8.i32", [Def(I32), Use(I32)], Fixed, NONE, "Low 8 bits of `b`, sign-extended.";
            Ext16I32 = 0x011f, "ext16.i32", [Def(I32), Use(I32)], Fixed, NONE, "Low 16 bits of `b`, sign-extended.";
            NegI64 = 0x0120, "neg.i64", [Def(I64), Use(I64)], Fixed, NONE, "Wrapping negation of `b`.";
            ClzI64 = 0x0121, "clz.i64", [Def(I64), Use(I64)], Fixed, NONE, "Number of leading zero bits of `b`; the width for 0.";
            CtzI64 = 0x0122, "ctz.i64", [Def(I64), Use(I64)], Fixed, NONE, "Number of trailing zero bits of `b`; the width for 0.";
            PopcntI64 = 0x0123, "popcnt.i64", [Def(I64), Use(I64)], Fixed, NONE, "Number of one bits of `b`.";
            Ext8I64 = 0x0124, "ext8.i64", [Def(I64), Use(I64)], Fixed, NONE, "Low 8 bits of `b`, sign-extended.";
            Ext16I64 = 0x0125, "ext16.i64", [Def(I64), Use(I64)], Fixed, NONE, "Low 16 bits of `b`, sign-extended.";
            Ext32I64 = 0x0126, "ext32.i64", [Def(I64), Use(I64)], Fixed, NONE, "Low 32 bits of `b`, sign-extended.";
            FloatuF64I64 = 0x0127, "floatu.f64.i64", [Def(F64), Use(I64)], Fixed, NONE, "The unsigned integer `b` as a float, rounded to nearest, ties to even.";
            TruncuI64F64 = 0x0128, "truncu.i64.f64", [Def(I64), Use(F64)], Fixed, NONE, "`b` truncated towards zero to an unsigned integer, saturating; NaN gives 0.";
            FloatuF64I32 = 0x0129, "floatu.f64.i32", [Def(F64), Use(I32)], Fixed, NONE, "The unsigned integer `b` as a float, rounded to nearest, ties to even.";
            TruncuI32F64 = 0x012a, "truncu.i32.f64", [Def(I32), Use(F64)], Fixed, NONE, "`b` truncated towards zero to an unsigned integer, saturating; NaN gives 0.";
            FloatF32I64 = 0x012b, "float.f32.i64", [Def(F32), Use(I64)], Fixed, NONE, "The signed integer `b` as a float, rounded to nearest, ties to even.";
            FloatuF32I64 = 0x012c, "floatu.f32.i64", [Def(F32), Use(I64)], Fixed, NONE, "The unsigned integer `b` as a float, rounded to nearest, ties to even.";
            TruncI64F32 = 0x012d, "trunc.i64.f32", [Def(I64), Use(F32)], Fixed, NONE, "`b` truncated towards zero to a signed integer, saturating; NaN gives 0.";
            TruncuI64F32 = 0x012e, "truncu.i64.f32", [Def(I64), Use(F32)], Fixed, NONE, "`b` truncated towards zero to an unsigned integer, saturating; NaN gives 0.";
            FloatF32I32 = 0x012f, "float.f32.i32", [Def(F32), Use(I32)], Fixed, NONE, "The signed integer `b` as a float, rounded to nearest, ties to even.";
            FloatuF32I32 = 0x0130, "floatu.f32.i32", [Def(F32), Use(I32)], Fixed, NONE, "The unsigned integer `b` as a float, rounded to nearest, ties to even.";
            TruncI32F32 = 0x0131, "trunc.i32.f32", [Def(I32), Use(F32)], Fixed, NONE, "`b` truncated towards zero to a signed integer, saturating; NaN gives 0.";
            TruncuI32F32 = 0x0132, "truncu.i32.f32", [Def(I32), Use(F32)], Fixed, NONE, "`b` truncated towards zero to an unsigned integer, saturating; NaN gives 0.";
            PromoteF64 = 0x0133, "promote.f64", [Def(F64), Use(F32)], Fixed, NONE, "`b` as an f64, exactly.";
            DemoteF32 = 0x0134, "demote.f32", [Def(F32), Use(F64)], Fixed, NONE, "`b` rounded to nearest f32, ties to even.";
            BitsI32F32 = 0x0135, "bits.i32.f32", [Def(I32), Use(F32)], Fixed, NONE, "The bits of `b`; every NaN gives `0x7fc00000`.";
            BitsI64F64 = 0x0136, "bits.i64.f64", [Def(I64), Use(F64)], Fixed, NONE, "The bits of `b`; every NaN gives `0x7ff8000000000000`.";
            BitsF32I32 = 0x0137, "bits.f32.i32", [Def(F32), Use(I32)], Fixed, NONE, "The float whose bits are `b`.";
            BitsF64I64 = 0x0138, "bits.f64.i64", [Def(F64), Use(I64)], Fixed, NONE, "The float whose bits are `b`.";
            RemF64 = 0x0139, "rem.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "Remainder of the truncated quotient, with the sign of `b`, exact (C `fmod`).";
            MinF64 = 0x013a, "min.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "IEEE 754-2019 minimum: NaN if either is NaN; -0.0 is below 0.0.";
            MaxF64 = 0x013b, "max.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "IEEE 754-2019 maximum: NaN if either is NaN; 0.0 is above -0.0.";
            CopysignF64 = 0x013c, "copysign.f64", [Def(F64), Use(F64), Use(F64)], Fixed, NONE, "`b` with the sign of `c`; a NaN `c` counts as positive.";
            FloorF64 = 0x013d, "floor.f64", [Def(F64), Use(F64)], Fixed, NONE, "Largest integral value not above `b`.";
            CeilF64 = 0x013e, "ceil.f64", [Def(F64), Use(F64)], Fixed, NONE, "Smallest integral value not below `b`.";
            TruncF64 = 0x013f, "trunc.f64", [Def(F64), Use(F64)], Fixed, NONE, "`b` rounded to an integral value towards zero.";
            NearestF64 = 0x0140, "nearest.f64", [Def(F64), Use(F64)], Fixed, NONE, "`b` rounded to the nearest integral value, ties to even.";
            FmaF64 = 0x0141, "fma.f64", [Def(F64), Use(F64), Use(F64), Use(F64)], Fixed, NONE, "`b * c + d` rounded once.";
            RemF32 = 0x0142, "rem.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "Remainder of the truncated quotient, with the sign of `b`, exact (C `fmod`).";
            MinF32 = 0x0143, "min.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "IEEE 754-2019 minimum: NaN if either is NaN; -0.0 is below 0.0.";
            MaxF32 = 0x0144, "max.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "IEEE 754-2019 maximum: NaN if either is NaN; 0.0 is above -0.0.";
            CopysignF32 = 0x0145, "copysign.f32", [Def(F32), Use(F32), Use(F32)], Fixed, NONE, "`b` with the sign of `c`; a NaN `c` counts as positive.";
            SqrtF32 = 0x0146, "sqrt.f32", [Def(F32), Use(F32)], Fixed, NONE, "IEEE 754 square root.";
            NegF32 = 0x0147, "neg.f32", [Def(F32), Use(F32)], Fixed, NONE, "`b` with its sign inverted.";
            AbsF32 = 0x0148, "abs.f32", [Def(F32), Use(F32)], Fixed, NONE, "`b` with its sign cleared.";
            FloorF32 = 0x0149, "floor.f32", [Def(F32), Use(F32)], Fixed, NONE, "Largest integral value not above `b`.";
            CeilF32 = 0x014a, "ceil.f32", [Def(F32), Use(F32)], Fixed, NONE, "Smallest integral value not below `b`.";
            TruncF32 = 0x014b, "trunc.f32", [Def(F32), Use(F32)], Fixed, NONE, "`b` rounded to an integral value towards zero.";
            NearestF32 = 0x014c, "nearest.f32", [Def(F32), Use(F32)], Fixed, NONE, "`b` rounded to the nearest integral value, ties to even.";
            FmaF32 = 0x014d, "fma.f32", [Def(F32), Use(F32), Use(F32), Use(F32)], Fixed, NONE, "`b * c + d` rounded once.";
            EqF32 = 0x014e, "eq.f32", [Def(I32), Use(F32), Use(F32)], Fixed, NONE, "1 if equal, else 0.";
            NeF32 = 0x014f, "ne.f32", [Def(I32), Use(F32), Use(F32)], Fixed, NONE, "1 if different or unordered, else 0.";
            LtF32 = 0x0150, "lt.f32", [Def(I32), Use(F32), Use(F32)], Fixed, NONE, "1 if `b < c`, else 0.";
            LeF32 = 0x0151, "le.f32", [Def(I32), Use(F32), Use(F32)], Fixed, NONE, "1 if `b <= c`, else 0.";
            GtF32 = 0x0152, "gt.f32", [Def(I32), Use(F32), Use(F32)], Fixed, NONE, "1 if `b > c`, else 0.";
            GeF32 = 0x0153, "ge.f32", [Def(I32), Use(F32), Use(F32)], Fixed, NONE, "1 if `b >= c`, else 0.";
            BrEqF32 = 0x0154, "br.eq.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if equal.";
            BrNeF32 = 0x0155, "br.ne.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if different or unordered.";
            BrLtF32 = 0x0156, "br.lt.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if `a < b`.";
            BrLeF32 = 0x0157, "br.le.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if `a <= b`.";
            BrGtF32 = 0x0158, "br.gt.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if `a > b`.";
            BrGeF32 = 0x0159, "br.ge.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if `a >= b`.";
            BrNltF32 = 0x015a, "br.nlt.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if not `a < b`, so also if unordered.";
            BrNleF32 = 0x015b, "br.nle.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if not `a <= b`, so also if unordered.";
            BrNgtF32 = 0x015c, "br.ngt.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if not `a > b`, so also if unordered.";
            BrNgeF32 = 0x015d, "br.nge.f32", [Use(F32), Use(F32), Label], Fixed, NONE, "Branches if not `a >= b`, so also if unordered.";
            HashRef = 0x015e, "hash.ref", [Def(I32), Use(Ref)], IdentityHash, NULL, "The identity hash of an object: a number of its isolate, given at first use, from 1 upwards.";
            ArrayData = 0x015f, "array.data", [Def(Ref), Type, Data], ArrayData, ALLOCATES | CHARGES, "A new array, of the array type `b`, of numbers with the little-endian contents of the data segment.";
            Load16I32 = 0x0160, "load16.i32", [Def(I32), Use(Ref), Use(I64)], ByteLoad, NULL | INDEX, "Two bytes of the byte array `b` from index `c`, little-endian, sign-extended.";
            Load16uI32 = 0x0161, "load16u.i32", [Def(I32), Use(Ref), Use(I64)], ByteLoad, NULL | INDEX, "Two bytes of the byte array `b` from index `c`, little-endian, zero-extended.";
            LoadI32 = 0x0162, "load.i32", [Def(I32), Use(Ref), Use(I64)], ByteLoad, NULL | INDEX, "A value in little-endian order from the byte array `b` at byte index `c`.";
            LoadI64 = 0x0163, "load.i64", [Def(I64), Use(Ref), Use(I64)], ByteLoad, NULL | INDEX, "A value in little-endian order from the byte array `b` at byte index `c`.";
            LoadF32 = 0x0164, "load.f32", [Def(F32), Use(Ref), Use(I64)], ByteLoad, NULL | INDEX, "A value in little-endian order from the byte array `b` at byte index `c`.";
            LoadF64 = 0x0165, "load.f64", [Def(F64), Use(Ref), Use(I64)], ByteLoad, NULL | INDEX, "A value in little-endian order from the byte array `b` at byte index `c`.";
            Store16I32 = 0x0166, "store16.i32", [Use(Ref), Use(I64), Use(I32)], ByteStore, NULL | INDEX, "The low two bytes of `c`, little-endian, to the byte array `a` at byte index `b`.";
            StoreI32 = 0x0167, "store.i32", [Use(Ref), Use(I64), Use(I32)], ByteStore, NULL | INDEX, "`c` in little-endian order to the byte array `a` at byte index `b`; a NaN is stored in canonical form.";
            StoreI64 = 0x0168, "store.i64", [Use(Ref), Use(I64), Use(I64)], ByteStore, NULL | INDEX, "`c` in little-endian order to the byte array `a` at byte index `b`; a NaN is stored in canonical form.";
            StoreF32 = 0x0169, "store.f32", [Use(Ref), Use(I64), Use(F32)], ByteStore, NULL | INDEX, "`c` in little-endian order to the byte array `a` at byte index `b`; a NaN is stored in canonical form.";
            StoreF64 = 0x016a, "store.f64", [Use(Ref), Use(I64), Use(F64)], ByteStore, NULL | INDEX, "`c` in little-endian order to the byte array `a` at byte index `b`; a NaN is stored in canonical form.";
            BoxI32 = 0x016b, "box.i32", [Def(Ref), Use(I32)], Box, ALLOCATES, "A new object of the well-known class that boxes i32.";
            BoxI64 = 0x016c, "box.i64", [Def(Ref), Use(I64)], Box, ALLOCATES, "A new object of the well-known class that boxes i64.";
            BoxF32 = 0x016d, "box.f32", [Def(Ref), Use(F32)], Box, ALLOCATES, "A new object of the well-known class that boxes f32.";
            BoxF64 = 0x016e, "box.f64", [Def(Ref), Use(F64)], Box, ALLOCATES, "A new object of the well-known class that boxes f64.";
            UnboxI32 = 0x016f, "unbox.i32", [Def(I32), Use(Ref)], Unbox, NULL | CAST, "The number in `b`, which must be a box of i32.";
            UnboxI64 = 0x0170, "unbox.i64", [Def(I64), Use(Ref)], Unbox, NULL | CAST, "The number in `b`, which must be a box of i64.";
            UnboxF32 = 0x0171, "unbox.f32", [Def(F32), Use(Ref)], Unbox, NULL | CAST, "The number in `b`, which must be a box of f32.";
            UnboxF64 = 0x0172, "unbox.f64", [Def(F64), Use(Ref)], Unbox, NULL | CAST, "The number in `b`, which must be a box of f64.";
            Unreachable = 0x0173, "unreachable", [], Fixed, UNREACHABLE | ENDS_BLOCK, "Throws: marks a place the program never reaches.";
            FiberNew = 0x0174, "fiber.new", [Def(Ref), Type, Use(Ref)], FiberNew, NULL | ALLOCATES, "A new suspended fiber of the fiber type, that will run the closure `c`.";
            FiberResume = 0x0175, "fiber.resume", [Defs, Use(Ref), Uses], FiberResume, NULL | FIBER | CALLS, "Runs the fiber until it yields or returns and gives the values it hands out. The first time the values given are its arguments, later the results of its yield.";
            FiberYield = 0x0176, "fiber.yield", [Defs, Type, Uses], FiberYield, FIBER | CALLS, "Suspends the running fiber, which must be of the fiber type, and hands the values to its resumer; gives the values of the next resume.";
            FiberDone = 0x0177, "fiber.done", [Def(I32), Use(Ref)], FiberDone, NULL, "1 if the fiber has returned or thrown, else 0.";
        }
    };
}

macro_rules! define_opcodes {
    ($($variant:ident = $code:literal, $mnemonic:literal, [$($role:ident $(($kind:ident))?),*], $typing:ident, $($effect:ident)|+, $meaning:literal;)*) => {
        /// An instruction's operation; its number is its code in the module format.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Opcode {
            $(#[doc = $meaning] $variant = $code,)*
        }

        impl Opcode {
            /// All instructions in the order of the table.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$variant,)*];

            /// The instruction with this code, if there is one.
            #[must_use]
            pub fn from_code(code: u16) -> Option<Opcode> {
                match code {
                    $($code => Some(Opcode::$variant),)*
                    _ => None,
                }
            }

            /// The name in the text form, such as `add.i64`.
            #[must_use]
            pub fn mnemonic(self) -> &'static str {
                match self {
                    $(Opcode::$variant => $mnemonic,)*
                }
            }

            /// The name of the table row, such as `AddI64`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Opcode::$variant => stringify!($variant),)*
                }
            }

            /// The operands in their order.
            #[must_use]
            pub fn roles(self) -> &'static [OperandRole] {
                #[allow(unused_imports, reason = "rows without operands use neither")]
                use {OperandRole::*, RegisterKind::*};
                match self {
                    $(Opcode::$variant => const { &[$($role $(($kind))?),*] },)*
                }
            }

            /// How the operands' types depend on one another.
            #[must_use]
            pub fn typing(self) -> TypingRule {
                match self {
                    $(Opcode::$variant => TypingRule::$typing,)*
                }
            }

            /// What it may do besides writing its results.
            #[must_use]
            pub fn effects(self) -> Effects {
                match self {
                    $(Opcode::$variant => const { Effects::empty()$(.union(Effects::$effect))+ },)*
                }
            }

            /// What it does, in one line of Markdown.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Opcode::$variant => $meaning,)*
                }
            }
        }
    };
}
for_each_opcode!(define_opcodes);

impl Opcode {
    /// The instruction with this mnemonic, if there is one.
    #[must_use]
    pub fn from_mnemonic(mnemonic: &str) -> Option<Opcode> {
        Opcode::ALL.iter().copied().find(|opcode| opcode.mnemonic() == mnemonic)
    }

    /// The code in the module format.
    #[must_use]
    pub fn code(self) -> u16 {
        self as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_mnemonics_are_unique_and_found_again() {
        for &opcode in Opcode::ALL {
            assert_eq!(Opcode::from_code(opcode.code()), Some(opcode));
            assert_eq!(Opcode::from_mnemonic(opcode.mnemonic()), Some(opcode));
            assert_ne!(opcode.code(), u16::from(SECOND_PAGE));
        }
    }
}
