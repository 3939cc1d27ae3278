//! What can stand where attributes are wanted: nothing, an array of them, a slice.

use exo_trace_core::Attribute;

/// Attributes of a span, an event or a link.
///
/// `()` where there are none, the array that [`attributes!`](crate::attributes) makes, or a slice.
pub trait AttributeSource {
    /// Returns the attributes in order.
    fn attributes(&self) -> impl Iterator<Item = Attribute<'_>>;
}

impl AttributeSource for () {
    #[inline(always)]
    fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        std::iter::empty()
    }
}

impl<const N: usize> AttributeSource for [Attribute<'_>; N] {
    #[inline(always)]
    fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        self.iter().copied()
    }
}

impl AttributeSource for [Attribute<'_>] {
    #[inline(always)]
    fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        self.iter().copied()
    }
}

impl<T: AttributeSource + ?Sized> AttributeSource for &T {
    #[inline(always)]
    fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        (**self).attributes()
    }
}
