//! The verbs every handle of a span has, saying nothing.

macro_rules! fact_methods {
    () => {
        /// Forgets the attribute.
        #[inline(always)]
        pub fn set_attribute<'a>(
            &self,
            _key: impl Into<Cow<'static, str>>,
            _value: impl Into<Value<'a>>,
        ) {
        }

        /// Forgets the attributes.
        #[inline(always)]
        pub fn set_attributes(&self, _attributes: impl crate::AttributeSource) {}

        /// Forgets the event.
        #[inline(always)]
        pub fn add_event(&self, _name: &str, _attributes: impl crate::AttributeSource) {}

        /// Forgets the error.
        #[inline(always)]
        pub fn record_error<E: std::fmt::Display + ?Sized>(&self, _error: &E) {}

        /// Forgets the status.
        #[inline(always)]
        pub fn set_status(&self, _status: Status<'_>) {}

        /// Forgets the link.
        #[inline(always)]
        pub fn add_link(&self, _context: &SpanContext, _attributes: impl crate::AttributeSource) {}

        /// Returns `None`: the span is neither recorded nor passed on.
        #[inline(always)]
        pub fn span_context(&self) -> Option<SpanContext> {
            None
        }
    };
}
pub(super) use fact_methods;
