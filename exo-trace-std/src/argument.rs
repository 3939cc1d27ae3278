//! How `extract_args` turns an argument of any type into an attribute.
//!
//! Numbers, truth values and texts keep their type; else `Display`, else `Debug`, else the type's
//! name. The choice is made by how many references method look-up has to take off, which works for
//! every type a function can have, on stable Rust. The method is called where the caller's traits
//! are in scope, so its name is one that no trait of theirs has.

use crate::{Begun, SpanGuard, redaction};
use exo_trace_core::{Field, InternedKey, Value};
use std::any::type_name;
use std::fmt::{Debug, Display};

/// An argument, to be put with as many `&` in front as there are ways to put it.
#[derive(Debug)]
pub struct Argument<'a, T: ?Sized>(pub &'a T);

/// Where an argument is put: a span that begins, or one that ends with the value it returns. It passes
/// the program's rule for what may be stored, where there is one.
pub trait Put {
    /// Puts a field.
    fn put_field(&mut self, key: &'static InternedKey, field: Field<'_>);
}

impl Put for Begun {
    #[inline(always)]
    fn put_field(&mut self, key: &'static InternedKey, field: Field<'_>) {
        redaction::passed(key, field, |field| self.put(key, field));
    }
}

impl Put for SpanGuard {
    #[inline(always)]
    fn put_field(&mut self, key: &'static InternedKey, field: Field<'_>) {
        redaction::passed(key, field, |field| self.put(key, field));
    }
}

/// The first way: as it is.
pub trait PutValue {
    /// Puts the argument.
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey);
}

impl<'a, T: ?Sized> PutValue for &&&Argument<'a, T>
where
    Value<'a>: From<&'a T>,
{
    #[inline(always)]
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey) {
        into.put_field(key, Field::value(self.0));
    }
}

/// The second way: as `Display` writes it.
pub trait PutDisplay {
    /// Puts the argument.
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey);
}

impl<T: Display + ?Sized> PutDisplay for &&Argument<'_, T> {
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey) {
        into.put_field(key, Field::display(&self.0));
    }
}

/// The third way: as `Debug` writes it.
pub trait PutDebug {
    /// Puts the argument.
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey);
}

impl<T: Debug + ?Sized> PutDebug for &Argument<'_, T> {
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey) {
        into.put_field(key, Field::debug(&self.0));
    }
}

/// The last way: the name of its type.
pub trait PutTypeName {
    /// Puts the argument.
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey);
}

impl<T: ?Sized> PutTypeName for Argument<'_, T> {
    fn __exo_put<S: Put>(&self, into: &mut S, key: &'static InternedKey) {
        into.put_field(key, Field::Value(Value::Text(type_name::<T>())));
    }
}
