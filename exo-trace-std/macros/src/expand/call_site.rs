//! The static that stands beside every span: what is known of it while compiling.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::Expr;

use crate::grammar::{Attribute, Attributes, Key, Value};
use crate::kind::Kind;

/// The facts of one call site.
pub(crate) struct CallSite<'a> {
    /// The path of the crate's `__private` module.
    pub(crate) private: &'a TokenStream,
    /// A text or a constant.
    pub(crate) name: &'a dyn ToTokens,
    pub(crate) kind: Kind,
    /// The function itself, or `None` for a span inside of one, whose name no macro knows.
    pub(crate) function: Option<&'a str>,
    /// Where the line is taken from.
    pub(crate) place: Span,
    pub(crate) attributes: &'a Attributes,
    /// The span to begin below, where it is not the current one.
    pub(crate) parent: Option<&'a Expr>,
}

impl CallSite<'_> {
    /// Returns `static __EXO_TRACE_SITE`, and a `let` that begins its span under the name `span`.
    pub(crate) fn begin(&self, puts: &TokenStream) -> TokenStream {
        self.begin_by(&Ident::new("begin", Span::mixed_site()), puts)
    }

    /// As [`CallSite::begin`], for a span that is recorded even where its trace is not sampled.
    pub(crate) fn begin_measured(&self, puts: &TokenStream) -> TokenStream {
        self.begin_by(&Ident::new("begin_measured", Span::mixed_site()), puts)
    }

    /// As [`CallSite::begin`], for a span whose times are coarse.
    pub(crate) fn begin_coarse(&self, puts: &TokenStream) -> TokenStream {
        self.begin_by(&Ident::new("begin_coarse", Span::mixed_site()), puts)
    }

    /// As [`CallSite::begin`], with the attributes left to whoever asks whether it is recording.
    pub(crate) fn begin_bare(&self, puts: &TokenStream) -> TokenStream {
        let here = Span::mixed_site();
        let (site, begun) = self.begun(&Ident::new("begin", here));
        let mutable = (!puts.is_empty()).then(|| quote_spanned!(here=> mut));
        quote_spanned!(here=> #site let #mutable span = #begun;)
    }

    fn begin_by(&self, begin: &Ident, puts: &TokenStream) -> TokenStream {
        let here = Span::mixed_site();
        let private = self.private;
        let (site, begun) = self.begun(begin);
        if puts.is_empty() {
            return quote_spanned! {here=> #site let span = #begun; };
        }
        quote_spanned! {here=>
            #site
            let mut span = #begun;
            if #private::Begun::is_recording(&span) { #puts }
        }
    }

    /// Returns the static, and the expression that begins its span.
    fn begun(&self, begin: &Ident) -> (TokenStream, TokenStream) {
        let here = Span::mixed_site();
        let private = self.private;
        let site = self.to_static();
        let begun = match self.parent {
            None => quote_spanned!(here=> #private::#begin(&__EXO_TRACE_SITE)),
            Some(parent) => {
                let begin = format_ident!("{begin}_below", span = here);
                let parent = span_ref(private, parent);
                quote_spanned!(here=> #private::#begin(&__EXO_TRACE_SITE, || #parent))
            }
        };
        (site, begun)
    }

    fn to_static(&self) -> TokenStream {
        let here = Span::mixed_site();
        let Self { private, name, .. } = self;
        let kind = self.kind.variant();
        let line = quote_spanned!(self.place=> ::core::line!());
        let file = quote_spanned!(self.place=> ::core::file!());
        let module = quote_spanned!(here=> ::core::module_path!());
        let function = match self.function {
            Some(name) => quote_spanned!(here=> ::core::concat!(#module, "::", #name)),
            None => quote_spanned!(here=> ""),
        };
        let constants =
            self.attributes.list.iter().filter_map(|attribute| constant(private, attribute));
        quote_spanned! {here=>
            static __EXO_TRACE_SITE: #private::Callsite = #private::Callsite::new(&#private::CallsiteFacts {
                name: #name,
                kind: #private::SpanKind::#kind,
                function: #function,
                module: #module,
                file: #file,
                line: #line,
                scope_name: #private::scope_name!(),
                scope_version: #private::scope_version!(),
                attributes: const { &[#(#constants),*] },
            });
        }
    }
}

/// Returns what `expr` names, as a `SpanRef`.
pub(crate) fn span_ref(private: &TokenStream, expr: &impl ToTokens) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #private::span_ref(#expr))
}

fn constant(private: &TokenStream, attribute: &Attribute) -> Option<TokenStream> {
    match attribute {
        Attribute { key: Key::Literal { text, .. }, value: Value::Constant(value) } => {
            let value = value.to_value(private);
            Some(quote_spanned!(Span::mixed_site()=> (#private::Key::new(#text), #value)))
        }
        _ => None,
    }
}
