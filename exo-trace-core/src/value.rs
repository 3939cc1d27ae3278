//! What an attribute can say: the OpenTelemetry value types, borrowed.
//!
//! Bool, integers, doubles and interned text take one word of a record; other text is copied.
//! OpenTelemetry has no unsigned 64-bit type: a `u64` that fits becomes an `I64`, a larger one stays
//! a [`Value::U64`] and is written as its digits where a format cannot hold it.

use crate::KeyId;

/// The value of an attribute.
///
/// ```
/// use exo_trace_core::Value;
///
/// assert_eq!(Value::from(3_u8), Value::I64(3));
/// assert_eq!(Value::from("api"), Value::Text("api"));
/// assert_eq!(Value::from(None::<i64>), Value::Empty);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Nothing: an attribute with this value is not written.
    Empty,
    /// A truth value.
    Bool(bool),
    /// A signed integer.
    I64(i64),
    /// An unsigned integer above `i64::MAX`.
    U64(u64),
    /// A double.
    F64(f64),
    /// A text.
    Text(&'a str),
    /// A text that was interned: one word, whatever its length.
    Interned(KeyId),
    /// A short array of texts.
    Texts(Texts<'a>),
}

/// A short array of texts: borrowed from the caller, or from a record's words.
#[derive(Clone, Copy, Debug)]
pub enum Texts<'a> {
    /// The caller's array.
    Borrowed(&'a [&'a str]),
    /// As a record holds them: `count` times a length word and the padded bytes.
    Encoded {
        /// The words of all texts.
        words: &'a [u64],
        /// How many texts there are.
        count: usize,
    },
}

impl<'a> Texts<'a> {
    /// Returns how many texts there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Borrowed(texts) => texts.len(),
            Self::Encoded { count, .. } => *count,
        }
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (borrowed, mut rest, mut left) = match *self {
            Self::Borrowed(texts) => (texts, &[][..], 0),
            Self::Encoded { words, count } => (&[][..], words, count),
        };
        let encoded = core::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let (text, after) = crate::record::split_text(rest)?;
            rest = after;
            Some(text)
        });
        borrowed.iter().copied().chain(encoded)
    }
}

impl PartialEq for Texts<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

macro_rules! from_scalars {
    ($($type:ty: $value:ident => $made:expr;)*) => {$(
        impl From<$type> for Value<'_> {
            #[inline(always)]
            fn from($value: $type) -> Self {
                $made
            }
        }

        impl From<&$type> for Value<'_> {
            #[inline(always)]
            fn from(&$value: &$type) -> Self {
                $made
            }
        }

        // One for each type: a blanket impl over `Option<T>` sends the trait solver round in circles.
        impl From<Option<$type>> for Value<'_> {
            #[inline(always)]
            fn from(value: Option<$type>) -> Self {
                value.map_or(Value::Empty, Value::from)
            }
        }

        impl From<&Option<$type>> for Value<'_> {
            #[inline(always)]
            fn from(value: &Option<$type>) -> Self {
                value.map_or(Value::Empty, Value::from)
            }
        }
    )*};
}

from_scalars! {
    bool: value => Value::Bool(value);
    i8: value => Value::I64(value.into());
    i16: value => Value::I64(value.into());
    i32: value => Value::I64(value.into());
    i64: value => Value::I64(value);
    isize: value => Value::I64(value as i64);
    u8: value => Value::I64(value.into());
    u16: value => Value::I64(value.into());
    u32: value => Value::I64(value.into());
    u64: value => i64::try_from(value).map_or(Value::U64(value), Value::I64);
    usize: value => i64::try_from(value).map_or(Value::U64(value as u64), Value::I64);
    f32: value => Value::F64(value.into());
    f64: value => Value::F64(value);
    KeyId: value => Value::Interned(value);
}

impl<'a> From<&'a str> for Value<'a> {
    #[inline(always)]
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    #[inline(always)]
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Value::Empty, Value::Text)
    }
}

macro_rules! from_texts {
    ($($type:ty),*) => {$(
        impl<'a> From<&'a $type> for Value<'a> {
            #[inline(always)]
            fn from(text: &'a $type) -> Self {
                Value::Text(text)
            }
        }

        impl<'a> From<&'a Option<$type>> for Value<'a> {
            #[inline(always)]
            fn from(text: &'a Option<$type>) -> Self {
                text.as_ref().map_or(Value::Empty, Value::from)
            }
        }
    )*};
}

from_texts!(&str, &&str);

#[cfg(feature = "alloc")]
from_texts!(
    alloc::string::String,
    &alloc::string::String,
    alloc::borrow::Cow<'_, str>,
    alloc::boxed::Box<str>,
    alloc::rc::Rc<str>,
    alloc::sync::Arc<str>
);

impl<'a> From<&'a [&'a str]> for Value<'a> {
    fn from(texts: &'a [&'a str]) -> Self {
        Value::Texts(Texts::Borrowed(texts))
    }
}

impl<'a, const N: usize> From<&'a [&'a str; N]> for Value<'a> {
    fn from(texts: &'a [&'a str; N]) -> Self {
        Value::Texts(Texts::Borrowed(texts))
    }
}

impl<'a> From<&'a &'a [&'a str]> for Value<'a> {
    fn from(texts: &'a &'a [&'a str]) -> Self {
        Value::Texts(Texts::Borrowed(texts))
    }
}

impl<'a> From<&Value<'a>> for Value<'a> {
    fn from(value: &Value<'a>) -> Self {
        *value
    }
}
