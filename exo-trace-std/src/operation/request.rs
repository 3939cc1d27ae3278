//! What is known before an operation begins: setters, and nothing else until `start`.
//!
//! A request is plain data that moves through its setters. What was never set is known to the
//! compiler, so that a call site holds only the code of what it says.

/// Declares a request: its setters by the kind of value, and how they describe the span.
macro_rules! request {
    (
        $(#[$doc:meta])*
        $name:ident {
            given { $($given:ident => $given_key:ident,)* }
            texts { $($(#[$text_doc:meta])* $text:ident => $text_key:ident,)* }
            wholes { $($(#[$whole_doc:meta])* $whole:ident => $whole_key:ident,)* }
            reals { $($(#[$real_doc:meta])* $real:ident => $real_key:ident,)* }
            flags { $($(#[$flag_doc:meta])* $flag:ident => $flag_key:ident,)* }
            lists { $($(#[$list_doc:meta])* $list:ident => $list_key:ident,)* }
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[must_use = "nothing begins before `start`"]
        pub struct $name<A = ()> {
            site: &'static exo_trace_core::Callsite,
            $($given: Option<std::borrow::Cow<'static, str>>,)*
            $($text: Option<std::borrow::Cow<'static, str>>,)*
            $($whole: exo_trace_core::Value<'static>,)*
            $($real: exo_trace_core::Value<'static>,)*
            $($flag: exo_trace_core::Value<'static>,)*
            $($list: Vec<std::borrow::Cow<'static, str>>,)*
            more: A,
        }

        impl $name {
            #[inline(always)]
            pub(super) fn at(
                site: &'static exo_trace_core::Callsite,
                $($given: std::borrow::Cow<'static, str>,)*
            ) -> Self {
                Self {
                    site,
                    $($given: Some($given),)*
                    $($text: None,)*
                    $($whole: exo_trace_core::Value::Empty,)*
                    $($real: exo_trace_core::Value::Empty,)*
                    $($flag: exo_trace_core::Value::Empty,)*
                    $($list: Vec::new(),)*
                    more: (),
                }
            }

            /// Adds attributes of the caller's own, as [`attributes!`](crate::attributes) makes
            /// them.
            #[inline(always)]
            pub fn attributes<A: crate::AttributeSource>(self, attributes: A) -> $name<A> {
                $name {
                    site: self.site,
                    $($given: self.$given,)*
                    $($text: self.$text,)*
                    $($whole: self.$whole,)*
                    $($real: self.$real,)*
                    $($flag: self.$flag,)*
                    $($list: self.$list,)*
                    more: attributes,
                }
            }
        }

        impl<A: crate::AttributeSource> $name<A> {
            $($(#[$text_doc])*
            #[inline(always)]
            pub fn $text(mut self, text: impl Into<std::borrow::Cow<'static, str>>) -> Self {
                self.$text = Some(text.into());
                self
            })*

            $($(#[$whole_doc])*
            #[inline(always)]
            pub fn $whole(mut self, number: impl super::number::Whole) -> Self {
                self.$whole = number.to_value();
                self
            })*

            $($(#[$real_doc])*
            #[inline(always)]
            pub fn $real(mut self, number: impl super::number::Real) -> Self {
                self.$real = number.to_value();
                self
            })*

            $($(#[$flag_doc])*
            #[inline(always)]
            pub fn $flag(mut self) -> Self {
                self.$flag = exo_trace_core::Value::Bool(true);
                self
            })*

            $($(#[$list_doc])*
            pub fn $list<T: Into<std::borrow::Cow<'static, str>>>(
                mut self,
                texts: impl IntoIterator<Item = T>,
            ) -> Self {
                self.$list = texts.into_iter().map(Into::into).collect();
                self
            })*

            /// Begins the span, with everything that was said so far.
            #[inline(always)]
            pub(super) fn begin(self) -> crate::Operation {
                let mut span = crate::Operation::begin(self.site);
                let mut gathered = <exo_trace_core::Gathered>::new();
                if let Some(mut said) = span.description(&mut gathered) {
                    $(said.text(&super::keys::$given_key, self.$given);)*
                    $(said.text(&super::keys::$text_key, self.$text);)*
                    $(said.value(&super::keys::$whole_key, self.$whole);)*
                    $(said.value(&super::keys::$real_key, self.$real);)*
                    $(said.value(&super::keys::$flag_key, self.$flag);)*
                    $(said.list(&super::keys::$list_key, self.$list);)*
                    said.more(self.more);
                    span.write(&gathered);
                }
                span
            }
        }
    };
}
pub(super) use request;
