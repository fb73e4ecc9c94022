//! Integer arithmetic where Rust's operators do not say it in one word (chapters *Execution*, *Integers*, and *Instructions*, *Integer
//! arithmetic*).

/// What the two integer types have in common, so that each operation is written once.
pub trait Integer: Copy + Ord {
    /// The number of the same bits without sign.
    type Unsigned: Copy + Ord;
    /// Bits without sign.
    fn unsigned(self) -> Self::Unsigned;
    /// A shift or rotate distance, modulo the width.
    fn distance(self) -> u32;
    /// The high half of the product of double width.
    fn high_product(self, other: Self) -> Self;
    /// Likewise without signs.
    fn high_product_unsigned(self, other: Self) -> Self;
    /// The quotient, truncated; None for division by zero.
    fn quotient(self, other: Self) -> Option<Self>;
    /// The remainder with the sign of the dividend; None for division by zero.
    fn remainder(self, other: Self) -> Option<Self>;
    /// The quotient without signs.
    fn quotient_unsigned(self, other: Self) -> Option<Self>;
    /// The remainder without signs.
    fn remainder_unsigned(self, other: Self) -> Option<Self>;
}

macro_rules! integers {
    ($($signed:ident $unsigned:ident $double:ident $double_unsigned:ident;)*) => {$(
        impl Integer for $signed {
            type Unsigned = $unsigned;
            fn unsigned(self) -> $unsigned {
                self as $unsigned
            }
            fn distance(self) -> u32 {
                (self as $unsigned % $unsigned::BITS as $unsigned) as u32
            }
            fn high_product(self, other: $signed) -> $signed {
                ($double::from(self) * $double::from(other) >> $signed::BITS) as $signed
            }
            fn high_product_unsigned(self, other: $signed) -> $signed {
                ($double_unsigned::from(self as $unsigned) * $double_unsigned::from(other as $unsigned) >> $signed::BITS) as $signed
            }
            fn quotient(self, other: $signed) -> Option<$signed> {
                (other != 0).then(|| self.wrapping_div(other))
            }
            fn remainder(self, other: $signed) -> Option<$signed> {
                (other != 0).then(|| self.wrapping_rem(other))
            }
            fn quotient_unsigned(self, other: $signed) -> Option<$signed> {
                (self as $unsigned).checked_div(other as $unsigned).map(|quotient| quotient as $signed)
            }
            fn remainder_unsigned(self, other: $signed) -> Option<$signed> {
                (self as $unsigned).checked_rem(other as $unsigned).map(|remainder| remainder as $signed)
            }
        }
    )*};
}
integers! {
    i32 u32 i64 u64;
    i64 u64 i128 u128;
}
