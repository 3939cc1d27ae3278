//! One attribute on its way from a call site into a record.
//!
//! A value that needs formatting is carried as a reference and formatted only when the span is
//! recorded, so that an unsampled span never runs a `Display`.

use crate::{InternedKey, Value};
use core::fmt::{Debug, Display};

/// What can be the value of an attribute as it is: whatever [`Value`] is made from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of an attribute",
    label = "expected a bool, a number or a text",
    note = "write `%value` to record it as its `Display` says, or `?value` for its `Debug`"
)]
pub trait AttributeValue<'a> {
    /// Returns it as a value.
    fn to_value(&'a self) -> Value<'a>;
}

#[diagnostic::do_not_recommend]
impl<'a, T: ?Sized + 'a> AttributeValue<'a> for T
where
    Value<'a>: From<&'a T>,
{
    #[inline(always)]
    fn to_value(&'a self) -> Value<'a> {
        Value::from(self)
    }
}

/// An attribute's value at the call site: ready, or still to be formatted.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Field<'a> {
    /// A value as it is.
    Value(Value<'a>),
    /// Written as its `Display` says (`%value` in the attribute grammar).
    Display(&'a dyn Display),
    /// Written as its `Debug` says (`?value` in the attribute grammar).
    Debug(&'a dyn Debug),
}

impl<'a> Field<'a> {
    /// Returns a field that is a value already; takes it by reference, so nothing is moved.
    #[inline(always)]
    pub fn value<T: AttributeValue<'a> + ?Sized>(value: &'a T) -> Self {
        Self::Value(value.to_value())
    }

    /// Returns a field that is formatted with `Display` when the span is recorded.
    #[inline(always)]
    pub fn display<T: Display>(value: &'a T) -> Self {
        Self::Display(value)
    }

    /// Returns a field that is formatted with `Debug` when the span is recorded.
    #[inline(always)]
    pub fn debug<T: Debug>(value: &'a T) -> Self {
        Self::Debug(value)
    }
}

impl<'a, T: Into<Value<'a>>> From<T> for Field<'a> {
    #[inline(always)]
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl Debug for Field<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Display(value) => value.fmt(f),
            Self::Debug(value) => value.fmt(f),
        }
    }
}

/// A key and a value, as `attributes!` makes them: an array of these is on the stack.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    /// The key, with its number beside it.
    pub key: &'static InternedKey,
    /// The value.
    pub field: Field<'a>,
}

impl<'a> Attribute<'a> {
    /// Returns the attribute of this key and value.
    #[inline(always)]
    pub const fn new(key: &'static InternedKey, field: Field<'a>) -> Self {
        Self { key, field }
    }
}
