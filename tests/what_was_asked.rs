//! A traced function records what was asked for and keeps what it knew, whatever the code around it is called.
#![deny(unused)]

use exo_trace::testing::capture;
use exo_trace::{StatusCode, traced};
use futures::executor::block_on;
use std::panic::Location;

/// The caller's own traits, on every type there is, with the words that come to mind first.
mod blanket {
    pub(crate) trait Hijack {
        fn put(&self) -> u8 {
            1
        }
        fn put_field(&self) -> u8 {
            self.put()
        }
        fn failure(&self) -> Option<u8> {
            None
        }
    }
    impl<T: ?Sized> Hijack for T {}
}
use blanket::Hijack;

#[traced(name = "login {{token}}")]
fn login(token: &str) -> usize {
    token.len()
}

#[traced(name = "{{{user}}} logs in with {{token}}")]
fn login_of(user: &str, token: &str) -> usize {
    user.len() + token.len()
}

#[traced(extract_args, ret)]
fn parse(text: &str) -> Result<u8, String> {
    text.parse::<u8>().map_err(|error| error.to_string())
}

#[traced(err(Debug), extract_args)]
async fn parse_later(text: &str) -> Result<u8, String> {
    text.parse::<u8>().map_err(|error| error.to_string())
}

#[traced]
#[track_caller]
fn line() -> u32 {
    Location::caller().line()
}

#[test]
fn a_literal_in_doubled_braces_records_no_parameter() {
    let trace = capture(|| assert_eq!(login("secret"), 6));
    let span = trace.named("login {token}")[0];
    assert_eq!(span.attribute("arg.token"), None);
    assert!(!trace.to_text().contains("secret"));
}

#[test]
fn a_placeholder_beside_doubled_braces_is_filled() {
    let trace = capture(|| assert_eq!(login_of("ada", "secret"), 9));
    let span = trace.named("{ada} logs in with {token}")[0];
    assert_eq!(span.attribute("arg.user"), Some("ada".into()));
    assert!(!trace.to_text().contains("secret"));
}

#[test]
fn a_blanket_trait_of_the_caller_takes_no_call_of_ours() {
    assert_eq!((1.put_field(), 1.failure()), (1, None));
    let trace = capture(|| {
        assert!(parse("x").is_err());
        assert!(block_on(parse_later("x")).is_err());
    });
    for name in ["parse", "parse_later"] {
        let span = trace.named(name)[0];
        assert_eq!(span.attribute("arg.text"), Some("x".into()), "{name}");
        assert_eq!(span.status().code(), StatusCode::Error, "{name}");
    }
}

#[test]
fn a_function_that_cannot_fail_still_knows_its_caller() {
    let (there, here) = (line(), line!());
    assert_eq!(there, here);
}
