//! `#[track_caller]` holds where the body stays in its function; in a closure it would tell the closure's place.

use syn::Attribute;

use super::body;
use super::shape::Shape;
use crate::args::Args;
use crate::carries::Carries;
use crate::function::Function;

/// Refuses `#[track_caller]` on a function whose body has to move into a closure.
///
/// # Errors
///
/// Returns an error at `#[track_caller]` that says what the closure is for.
pub(crate) fn check(args: &Args, function: &Function, shape: &Shape) -> syn::Result<()> {
    let (Some(attribute), Some(reason)) = (
        function.attributes.iter().find(|attribute| tracks_caller(attribute)),
        reason_for_a_closure(args, function, shape),
    ) else {
        return Ok(());
    };
    let message = format!(
        "`#[track_caller]` stands on a function {reason}, expected one whose body stays in place: #[traced] moves this body into a closure, which does not know the caller; trace a function that this one calls instead"
    );
    Err(syn::Error::new_spanned(attribute, message))
}

fn tracks_caller(attribute: &Attribute) -> bool {
    attribute.path().is_ident("track_caller")
}

/// An async body is no part of the function that its caller calls, traced or not.
fn reason_for_a_closure(args: &Args, function: &Function, shape: &Shape) -> Option<&'static str> {
    if shape.is_async {
        return None;
    }
    if let Some(carried) = &shape.carried {
        return (!body::is_async_block(carried, &function.body)).then_some(match carried.carries {
            Carries::Future => "that returns a future",
            Carries::Stream => "that returns a stream",
            Carries::Iterator => "that returns an iterator",
        });
    }
    match (shape.can_fail, &args.ret) {
        (true, _) => Some("whose return type may be an error"),
        (false, Some(_)) => Some("whose value is recorded by `ret`"),
        (false, None) => args.pace.is_coarse().then_some("with a coarse clock"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(args: &str, function: &str) -> Option<String> {
        let args = syn::parse_str(args).unwrap();
        let function = syn::parse_str(&format!("#[track_caller] {function}")).unwrap();
        let refused = check(&args, &function, &Shape::of(&args, &function));
        refused.err().map(|error| error.to_string())
    }

    #[test]
    fn a_body_that_stays_in_place_knows_its_caller() {
        for function in [
            "fn f() {}",
            "fn f(&self) -> &'static Location<'static> { Location::caller() }",
            "fn f() -> Option<u8> { None }",
            "async fn f() -> Result<(), E> { Ok(()) }",
            "fn f() -> impl Future<Output = u8> { async { 1 } }",
        ] {
            assert_eq!(refusal("extract_args", function), None, "{function}");
        }
    }

    #[test]
    fn a_body_that_moves_into_a_closure_is_refused_with_the_reason() {
        for (args, function, reason) in [
            ("", "fn f() -> Result<(), E> { Ok(()) }", "whose return type may be an error"),
            ("", "fn f() -> Reply { Reply }", "whose return type may be an error"),
            ("ret", "fn f() -> u8 { 1 }", "whose value is recorded by `ret`"),
            ("", "fn f() -> impl Future<Output = u8> { ready(1) }", "that returns a future"),
            ("", "fn f() -> BoxStream<'static, u8> { s() }", "that returns a stream"),
            ("", "fn f() -> impl Iterator<Item = u8> { 0..1 }", "that returns an iterator"),
        ] {
            let refusal = refusal(args, function).unwrap();
            assert!(refusal.contains(reason), "{function}: {refusal}");
        }
        assert_eq!(check_without_track_caller("fn f() -> Result<(), E> { Ok(()) }"), None);
    }

    fn check_without_track_caller(function: &str) -> Option<String> {
        let (args, function) = (Args::default(), syn::parse_str(function).unwrap());
        let refused = check(&args, &function, &Shape::of(&args, &function));
        refused.err().map(|error| error.to_string())
    }
}
