//! How a returned value shows whether it is an error, whatever its type.
//!
//! `Err(e)` gives the type of `e` and its `Display`, else its `Debug`, else only its type; anything
//! else is no error. Chosen by method look-up, as for arguments, and named as oddly for their reason.

use exo_trace_core::Field;
use std::any::type_name;
use std::fmt::{Debug, Display};

/// An error value, as a span records it.
#[derive(Clone, Copy, Debug)]
pub struct Failed<'a> {
    /// `error.type` and `exception.type`.
    pub type_name: &'static str,
    /// `exception.message` and the status description.
    pub message: Field<'a>,
}

impl<'a> Failed<'a> {
    /// Returns the failure that this error is.
    pub fn of<E: Display + ?Sized>(error: &'a &E) -> Self {
        Self { type_name: type_name::<E>(), message: Field::display(error) }
    }
}

/// A returned value whose error is told by `Display` where there is one.
#[derive(Debug)]
pub struct Returned<'a, T>(pub &'a T);

/// A returned value whose error is told by `Debug`.
#[derive(Debug)]
pub struct ReturnedDebug<'a, T>(pub &'a T);

/// First: an error that can be displayed.
pub trait DisplayFailure<'a> {
    /// Returns the failure, if it is one.
    fn __exo_failure(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: Display> DisplayFailure<'a> for &&&Returned<'a, Result<T, E>> {
    #[inline]
    fn __exo_failure(&self) -> Option<Failed<'a>> {
        let error = self.0.as_ref().err()?;
        Some(Failed { type_name: type_name::<E>(), message: Field::display(error) })
    }
}

/// Second: an error that can be debugged.
pub trait DebugFailure<'a> {
    /// Returns the failure, if it is one.
    fn __exo_failure(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E: Debug> DebugFailure<'a> for &&Returned<'a, Result<T, E>> {
    #[inline]
    fn __exo_failure(&self) -> Option<Failed<'a>> {
        debug_failure(self.0)
    }
}

impl<'a, T, E: Debug> DebugFailure<'a> for &&ReturnedDebug<'a, Result<T, E>> {
    #[inline]
    fn __exo_failure(&self) -> Option<Failed<'a>> {
        debug_failure(self.0)
    }
}

fn debug_failure<T, E: Debug>(returned: &Result<T, E>) -> Option<Failed<'_>> {
    let error = returned.as_ref().err()?;
    Some(Failed { type_name: type_name::<E>(), message: Field::debug(error) })
}

/// Third: an error that says nothing.
pub trait SilentFailure<'a> {
    /// Returns the failure, if it is one.
    fn __exo_failure(&self) -> Option<Failed<'a>>;
}

impl<'a, T, E> SilentFailure<'a> for &Returned<'a, Result<T, E>> {
    #[inline]
    fn __exo_failure(&self) -> Option<Failed<'a>> {
        silent_failure(self.0)
    }
}

impl<'a, T, E> SilentFailure<'a> for &ReturnedDebug<'a, Result<T, E>> {
    #[inline]
    fn __exo_failure(&self) -> Option<Failed<'a>> {
        silent_failure(self.0)
    }
}

fn silent_failure<T, E>(returned: &Result<T, E>) -> Option<Failed<'_>> {
    returned.as_ref().err()?;
    let message = Field::Value(exo_trace_core::Value::Text(""));
    Some(Failed { type_name: type_name::<E>(), message })
}

/// Last: no error at all.
pub trait NoFailure<'a> {
    /// Returns `None`.
    fn __exo_failure(&self) -> Option<Failed<'a>>;
}

impl<'a, T> NoFailure<'a> for Returned<'a, T> {
    #[inline(always)]
    fn __exo_failure(&self) -> Option<Failed<'a>> {
        None
    }
}

impl<'a, T> NoFailure<'a> for ReturnedDebug<'a, T> {
    #[inline(always)]
    fn __exo_failure(&self) -> Option<Failed<'a>> {
        None
    }
}

/// A returned value of which only the good is wanted.
#[derive(Debug)]
pub struct Good<'a, T>(pub &'a T);

/// First: what is in an `Ok`.
pub trait GoodOfResult<'a> {
    /// The type of the good value.
    type Good;
    /// Returns the good value, if it is one.
    fn __exo_good(&self) -> Option<&'a Self::Good>;
}

impl<'a, T, E> GoodOfResult<'a> for &Good<'a, Result<T, E>> {
    type Good = T;

    #[inline]
    fn __exo_good(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

/// Last: what is no `Result` is good.
pub trait GoodOfAny<'a> {
    /// The type of the value.
    type Good;
    /// Returns the value.
    fn __exo_good(&self) -> Option<&'a Self::Good>;
}

impl<'a, T> GoodOfAny<'a> for Good<'a, T> {
    type Good = T;

    #[inline]
    fn __exo_good(&self) -> Option<&'a T> {
        Some(self.0)
    }
}
