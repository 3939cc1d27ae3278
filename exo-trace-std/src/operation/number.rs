//! Numbers as callers have them: of any width, and perhaps not at all.

use exo_trace_core::Value;

/// A whole number, or `None` for one that was not given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a whole number",
    label = "expected an integer, or an `Option` of one"
)]
pub trait Whole: sealed::Sealed {
    /// Returns it as the value of an attribute.
    fn to_value(self) -> Value<'static>;
}

/// A number with a fraction, or `None` for one that was not given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number with a fraction",
    label = "expected an `f32` or `f64`, or an `Option` of one"
)]
pub trait Real: sealed::Sealed {
    /// Returns it as the value of an attribute.
    fn to_value(self) -> Value<'static>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($form:ident: $($type:ty),*) => {$(
        impl sealed::Sealed for $type {}
        impl sealed::Sealed for Option<$type> {}

        impl $form for $type {
            #[inline(always)]
            fn to_value(self) -> Value<'static> {
                Value::from(self)
            }
        }

        impl $form for Option<$type> {
            #[inline(always)]
            fn to_value(self) -> Value<'static> {
                Value::from(self)
            }
        }
    )*};
}

numbers!(Whole: u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

impl sealed::Sealed for f32 {}
impl sealed::Sealed for Option<f32> {}
impl sealed::Sealed for f64 {}
impl sealed::Sealed for Option<f64> {}

impl Real for f64 {
    #[inline(always)]
    fn to_value(self) -> Value<'static> {
        Value::F64(self)
    }
}

impl Real for Option<f64> {
    #[inline(always)]
    fn to_value(self) -> Value<'static> {
        self.map_or(Value::Empty, Value::F64)
    }
}

impl Real for f32 {
    #[inline(always)]
    fn to_value(self) -> Value<'static> {
        Value::F64(as_written(self))
    }
}

impl Real for Option<f32> {
    #[inline(always)]
    fn to_value(self) -> Value<'static> {
        self.map_or(Value::Empty, |value| Value::F64(as_written(value)))
    }
}

/// Returns the number that `0.2_f32` was meant to be, 0.2, and not 0.20000000298: clients keep a
/// temperature in 32 bits. Six decimal places are what those bits hold of a number below one.
#[inline]
fn as_written(value: f32) -> f64 {
    let wide = f64::from(value);
    let rounded = (wide * 1e6).round() / 1e6;
    if rounded as f32 == value { rounded } else { wide }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_number_reads_as_it_was_written() {
        assert_eq!(Real::to_value(0.2_f32), Value::F64(0.2));
        assert_eq!(Real::to_value(Some(1.1_f32)), Value::F64(1.1));
        assert_eq!(Real::to_value(f32::MIN_POSITIVE), Value::F64(f64::from(f32::MIN_POSITIVE)));
        assert!(matches!(Real::to_value(f32::NAN), Value::F64(value) if value.is_nan()));
        assert_eq!(Real::to_value(None::<f32>), Value::Empty);
    }

    #[test]
    fn a_number_that_was_not_given_is_no_value() {
        assert_eq!(Whole::to_value(512), Value::I64(512));
        assert_eq!(Whole::to_value(None::<u32>), Value::Empty);
    }
}
