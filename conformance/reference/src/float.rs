//! Float arithmetic where Rust's operators do not say it (chapters *Execution*, *Floats*, and *Instructions*, *Float arithmetic*).

macro_rules! floats {
    ($($module:ident $ty:ident;)*) => {$(
        /// Operations on floats of this width.
        pub mod $module {
            /// `minimum` of IEEE 754-2019: NaN if either is NaN; -0.0 is below 0.0.
            #[must_use]
            pub fn minimum(a: $ty, b: $ty) -> $ty {
                if a.is_nan() || b.is_nan() {
                    $ty::NAN
                } else if a == b {
                    if a.is_sign_negative() { a } else { b }
                } else if a < b {
                    a
                } else {
                    b
                }
            }

            /// `maximum` of IEEE 754-2019: NaN if either is NaN; 0.0 is above -0.0.
            #[must_use]
            pub fn maximum(a: $ty, b: $ty) -> $ty {
                if a.is_nan() || b.is_nan() {
                    $ty::NAN
                } else if a == b {
                    if a.is_sign_negative() { b } else { a }
                } else if a > b {
                    a
                } else {
                    b
                }
            }

            /// The first with the sign of the second; a NaN counts as positive.
            #[must_use]
            pub fn copy_sign(a: $ty, b: $ty) -> $ty {
                if !b.is_nan() && b.is_sign_negative() { -a.abs() } else { a.abs() }
            }
        }
    )*};
}
floats! {
    single f32;
    double f64;
}

#[cfg(test)]
mod tests {
    use super::double::{copy_sign, maximum, minimum};

    #[test]
    fn zeros_have_an_order_and_nan_wins() {
        let bits = |value: f64| value.to_bits();
        assert_eq!(bits(minimum(0.0, -0.0)), bits(-0.0));
        assert_eq!(bits(minimum(-0.0, 0.0)), bits(-0.0));
        assert_eq!(bits(maximum(0.0, -0.0)), bits(0.0));
        assert_eq!(bits(maximum(-0.0, 0.0)), bits(0.0));
        assert!(minimum(1.0, f64::NAN).is_nan() && maximum(f64::NAN, 1.0).is_nan());
        assert_eq!((minimum(1.0, 2.0), maximum(1.0, 2.0)), (1.0, 2.0));
        assert_eq!(bits(copy_sign(-1.0, -f64::NAN)), bits(1.0));
        assert_eq!(bits(copy_sign(1.0, -0.0)), bits(-1.0));
    }
}
