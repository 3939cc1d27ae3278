//! Which shape a function has: what its caller gets, and so how long its span lasts.

use syn::punctuated::Punctuated;
use syn::{GenericArgument, Ident, PathArguments, Token, TraitBound, Type, TypeParamBound};

use super::returns::{can_fail, declared, erased, first_type, good_of, last, of_result, ungrouped};
use crate::args::Args;
use crate::carries::{Carries, Said};
use crate::function::Function;
use crate::refusals::Refusals;

/// Traits whose promise the span's future, stream or iterator keeps when what it drives does.
const KEPT: [&str; 11] = [
    "Send",
    "Sync",
    "Unpin",
    "UnwindSafe",
    "RefUnwindSafe",
    "FusedIterator",
    "FusedStream",
    "FusedFuture",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "Sized",
];

/// The shape of one function.
pub(crate) struct Shape {
    pub(crate) is_async: bool,
    /// The return type with `_` for `impl Trait`; `None` where that leaves nothing to say.
    pub(crate) returned: Option<Type>,
    pub(crate) can_fail: bool,
    /// An async function might return a future of its own, by a name that does not show it.
    pub(crate) may_return_a_future: bool,
    pub(crate) carried: Option<Carried>,
}

/// A future, stream or iterator that the caller drives.
pub(crate) struct Carried {
    pub(crate) carries: Carries,
    pub(crate) holder: Holder,
    /// It comes as the good value of a `Result`.
    pub(crate) in_result: bool,
    /// What a future returns, or what an item is, where the type says so.
    pub(crate) output: Option<Type>,
}

/// What the caller holds it by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Holder {
    /// `impl Trait`: the type may be another.
    Bare,
    /// `Box<dyn Trait>`.
    Box,
    /// `Pin<Box<dyn Trait>>`.
    PinBox,
}

impl Shape {
    /// Reads the shape off the signature, or takes it from the arguments.
    pub(crate) fn of(args: &Args, function: &Function) -> Self {
        let signature = &function.signature;
        let declared = declared(&signature.output);
        let is_async = signature.asyncness.is_some();
        let carried = match &args.carries {
            Some(said) => Some(as_said(said, &declared)),
            None if is_async => None,
            None => seen(&declared),
        };
        let is_said_to_fail = args.error_text.is_some();
        let returned = Some(erased(&declared))
            .filter(|returned| !matches!(returned, Type::Infer(_) | Type::Never(_)));
        let is_unclear = can_fail(&declared) || matches!(declared, Type::ImplTrait(_));
        Self {
            is_async,
            returned,
            can_fail: can_fail(&declared) || is_said_to_fail,
            may_return_a_future: is_unclear && of_result(&declared).is_none(),
            carried,
        }
    }
}

impl Shape {
    /// Refuses `ret` where the function returns what has no one value, and a `Result` that was not
    /// said to be one.
    ///
    /// # Errors
    ///
    /// Returns an error at `ret`, and one at the word that should be `stream(result)`, say.
    pub(crate) fn check(&self, args: &Args, function: &Function) -> syn::Result<()> {
        let mut refusals = Refusals::default();
        refusals.keep(self.check_ret(args));
        if let Some(said) = &args.carries
            && let Some(name) = seems_a_result(said, &declared(&function.signature.output))
        {
            let word = &said.word;
            let message = format!(
                "argument `{word}` stands on a function that returns a `{name}<…>`, expected `{word}(result)`: a type counts as a Result where its name ends so, or where that is said"
            );
            refusals.push(word, message);
        }
        refusals.into_result()
    }

    fn check_ret(&self, args: &Args) -> syn::Result<()> {
        let returned = match self.carried.as_ref().map(|carried| carried.carries) {
            Some(Carries::Stream) => "a stream",
            Some(Carries::Iterator) => "an iterator",
            Some(Carries::Future) | None => return Ok(()),
        };
        match &args.ret {
            None => Ok(()),
            Some(ret) => Err(syn::Error::new(
                ret.word.span(),
                format!(
                    "argument `ret` stands on a function that returns {returned}, expected one that returns a value"
                ),
            )),
        }
    }
}

/// Returns the name of a type that holds what was said, but is not what was said, nor is it said
/// to be a `Result`: no such type can be wrapped.
fn seems_a_result<'a>(said: &Said, declared: &'a Type) -> Option<&'a Ident> {
    if said.in_result || of_result(declared).is_some() || seen(declared).is_some() {
        return None;
    }
    let Type::Path(path) = declared else {
        return None;
    };
    let held = seen(&good_of(declared)?)?;
    (held.carries == said.carries).then_some(&last(&path.path)?.ident)
}

impl Carried {
    /// Tells whether a future's output might be an error.
    pub(crate) fn output_can_fail(&self) -> bool {
        self.output.as_ref().is_none_or(can_fail)
    }
}

/// Returns what the arguments say is carried; an alias that shows no holder is taken for a pinned
/// box, of an iterator for a box.
fn as_said(said: &Said, declared: &Type) -> Carried {
    let carries = said.carries;
    let in_result = if said.in_result { Some(good_of(declared)) } else { of_result(declared) };
    let good = match &in_result {
        Some(good) => good.as_ref(),
        None => Some(declared),
    };
    let unseen = if carries == Carries::Iterator { Holder::Box } else { Holder::PinBox };
    let (holder, output) = match good {
        Some(Type::ImplTrait(bounds)) => {
            (Holder::Bare, first_trait(&bounds.bounds).and_then(output_of))
        }
        Some(good) => match seen(good) {
            Some(found) => (found.holder, found.output),
            None => (if is_box(good) { Holder::Box } else { unseen }, None),
        },
        None => (unseen, None),
    };
    Carried { carries, holder, in_result: in_result.is_some(), output }
}

/// Returns what the type itself shows, without looking into a `Result`.
fn seen(written: &Type) -> Option<Carried> {
    match ungrouped(written) {
        Type::ImplTrait(bounds) => from_bounds(&bounds.bounds, Holder::Bare),
        Type::Path(path) => {
            let segment = last(&path.path)?;
            let inside = first_type(segment);
            match segment.ident.to_string().as_str() {
                "BoxFuture" | "LocalBoxFuture" => {
                    Some(Carried { output: inside, ..pinned(Carries::Future) })
                }
                "BoxStream" | "LocalBoxStream" => {
                    Some(Carried { output: inside, ..pinned(Carries::Stream) })
                }
                "Pin" => boxed(inside.as_ref()?, Holder::PinBox),
                "Box" => boxed(written, Holder::Box),
                _ => None,
            }
        }
        _ => None,
    }
}

fn pinned(carries: Carries) -> Carried {
    Carried { carries, holder: Holder::PinBox, in_result: false, output: None }
}

/// Reads `Box<dyn Trait>`.
fn boxed(written: &Type, holder: Holder) -> Option<Carried> {
    let Type::Path(path) = ungrouped(written) else {
        return None;
    };
    let segment = last(&path.path).filter(|segment| segment.ident == "Box")?;
    match first_type(segment)? {
        Type::TraitObject(object) => from_bounds(&object.bounds, holder),
        _ => None,
    }
}

fn is_box(written: &Type) -> bool {
    matches!(written, Type::Path(path) if last(&path.path).is_some_and(|segment| segment.ident == "Box"))
}

/// Finds the one trait that says what is carried; any trait that a wrapper would lose refuses it.
fn from_bounds(bounds: &Punctuated<TypeParamBound, Token![+]>, holder: Holder) -> Option<Carried> {
    let mut found = None;
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else {
            continue;
        };
        let name = last(&bound.path)?.ident.to_string();
        match (carried_by(&name), KEPT.contains(&name.as_str())) {
            (Some(carries), _) => {
                let output = output_of(bound).or(found.and_then(|found: Carried| found.output));
                found = Some(Carried { carries, holder, in_result: false, output });
            }
            (None, true) => {}
            (None, false) => return None,
        }
    }
    found
}

fn carried_by(name: &str) -> Option<Carries> {
    match name {
        "Future" => Some(Carries::Future),
        "Stream" => Some(Carries::Stream),
        "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator" => Some(Carries::Iterator),
        _ => None,
    }
}

fn first_trait(bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<&TraitBound> {
    bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => Some(bound),
        _ => None,
    })
}

/// Returns `T` of `Future<Output = T>`, `Stream<Item = T>` and `Iterator<Item = T>`.
fn output_of(bound: &TraitBound) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = &last(&bound.path)?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assigned)
            if assigned.ident == "Output" || assigned.ident == "Item" =>
        {
            Some(assigned.ty.clone())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(args: &str, function: &str) -> Shape {
        let function: Function = syn::parse_str(function).unwrap();
        Shape::of(&syn::parse_str(args).unwrap(), &function)
    }

    fn carried(args: &str, output: &str) -> Option<(Carries, Holder, bool)> {
        let shape = shape(args, &format!("fn f() -> {output} {{}}"));
        shape.carried.map(|carried| (carried.carries, carried.holder, carried.in_result))
    }

    #[test]
    fn what_the_type_shows_needs_no_word() {
        use Carries::{Future, Iterator, Stream};
        use Holder::{Bare, Box, PinBox};
        for (output, expected) in [
            ("impl Future<Output = u8> + Send + 'a", (Future, Bare, false)),
            ("impl futures::Stream<Item = u8>", (Stream, Bare, false)),
            ("impl DoubleEndedIterator<Item = u8> + ExactSizeIterator", (Iterator, Bare, false)),
            ("Pin<Box<dyn Future<Output = u8> + Send + '_>>", (Future, PinBox, false)),
            ("::core::pin::Pin<Box<dyn Stream<Item = u8>>>", (Stream, PinBox, false)),
            ("BoxFuture<'static, u8>", (Future, PinBox, false)),
            ("LocalBoxStream<'_, u8>", (Stream, PinBox, false)),
            ("Box<dyn Iterator<Item = u8> + '_>", (Iterator, Box, false)),
            ("Box<dyn Stream<Item = u8> + Unpin>", (Stream, Box, false)),
        ] {
            assert_eq!(carried("", output), Some(expected), "{output}");
        }
    }

    #[test]
    fn what_a_wrapper_would_lose_stays_as_it_is() {
        for output in [
            "impl Iterator<Item = u8> + Clone",
            "impl Fn() -> u8",
            "Box<dyn Error>",
            "Pin<&mut T>",
            "u8",
        ] {
            assert_eq!(carried("", output), None, "{output}");
        }
        assert_eq!(carried("", "Result<impl Stream<Item = u8>, E>"), None);
    }

    #[test]
    fn a_word_looks_behind_an_alias_and_into_a_result() {
        use Holder::{Bare, Box, PinBox};
        assert_eq!(carried("stream", "Tokens"), Some((Carries::Stream, PinBox, false)));
        assert_eq!(carried("iterator", "Lines"), Some((Carries::Iterator, Box, false)));
        assert_eq!(
            carried("stream", "Result<impl Stream, E>"),
            Some((Carries::Stream, Bare, true))
        );
        assert_eq!(
            carried("stream", "io::Result<BoxStream<'a, u8>>"),
            Some((Carries::Stream, PinBox, true))
        );
        assert_eq!(carried("stream", "LlmResult"), Some((Carries::Stream, PinBox, true)));
        for output in ["Res<BoxStream<'a, u8>>", "Res<Tokens>", "Opened"] {
            let expected = Some((Carries::Stream, PinBox, true));
            assert_eq!(carried("stream(result)", output), expected, "{output}");
        }
        assert_eq!(
            carried("stream(result)", "Res<impl Stream>"),
            Some((Carries::Stream, Bare, true))
        );
    }

    #[test]
    fn a_result_by_another_name_has_to_be_said() {
        let refusal = |args: &str, output: &str| {
            let args = syn::parse_str(args).unwrap();
            let function = syn::parse_str(&format!("fn f() -> {output} {{}}")).unwrap();
            let refused = Shape::of(&args, &function).check(&args, &function);
            refused.err().map(|error| error.to_string())
        };
        let refused = refusal("stream", "my::Res<BoxStream<'a, u8>>").unwrap();
        assert!(refused.contains("returns a `Res<…>`, expected `stream(result)`"), "{refused}");
        for (args, output) in [
            ("stream(result)", "Res<BoxStream<'a, u8>>"),
            ("stream", "io::Result<BoxStream<'a, u8>>"),
            ("stream", "BoxStream<'a, BoxStream<'a, u8>>"),
            ("stream", "Tokens<u8>"),
            ("future", "Later<BoxStream<'a, u8>>"),
            ("", "Res<BoxStream<'a, u8>>"),
        ] {
            assert_eq!(refusal(args, output), None, "{args}: {output}");
        }
    }

    #[test]
    fn an_async_function_carries_only_what_it_is_told() {
        assert!(shape("", "async fn f() -> impl Stream<Item = u8> {}").carried.is_none());
        let told = shape("stream", "async fn f() -> impl Stream<Item = u8> {}");
        assert!(told.is_async && told.carried.is_some() && told.returned.is_none());
    }

    #[test]
    fn a_future_tells_whether_it_can_fail() {
        let can_fail = |output: &str| {
            let shape = shape("", &format!("fn f() -> {output} {{}}"));
            shape.carried.is_some_and(|carried| carried.output_can_fail())
        };
        assert!(can_fail("impl Future<Output = Result<u8, E>>"));
        assert!(can_fail("BoxFuture<'a, Reply>"));
        assert!(!can_fail("impl Future<Output = u8> + Send"));
    }
}
