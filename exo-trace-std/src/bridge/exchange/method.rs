//! The method of a request as one of few: what anybody may write in that place would make names without end.

use super::site::keys;
use crate::Exchange;
use crate::semconv::http_method::{
    CONNECT, DELETE, GET, HEAD, OPTIONS, OTHER, PATCH, POST, PUT, QUERY, TRACE,
};
use exo_trace_core::Value;
use std::sync::OnceLock;

/// The methods of RFC 9110, `PATCH` of RFC 5789, and `QUERY`.
const KNOWN: [&str; 10] = [GET, POST, PUT, DELETE, HEAD, OPTIONS, PATCH, CONNECT, TRACE, QUERY];
/// A list with commas that takes the place of [`KNOWN`].
const KNOWN_VARIABLE: &str = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS";
/// How many methods that list has at most.
const METHODS_MAX: usize = 32;

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bridge) enum Method {
    /// One of those that are expected, in the case that it has.
    Known(&'static str),
    /// Any other.
    Other,
}

impl Method {
    /// Returns which it is.
    pub(in crate::bridge) fn of(method: &http::Method) -> Self {
        Self::among(known(), method.as_str())
    }

    /// Says it, and what was sent where nobody expects that.
    pub(in crate::bridge) fn say(self, sent: &http::Method, exchange: &mut Exchange) {
        match self {
            Self::Known(method) => exchange.say_literal(&keys::HTTP_REQUEST_METHOD, method),
            Self::Other => {
                exchange.say_literal(&keys::HTTP_REQUEST_METHOD, OTHER);
                let sent = Value::Text(sent.as_str());
                exchange.say(&keys::HTTP_REQUEST_METHOD_ORIGINAL, sent);
            }
        }
    }

    fn among(known: &[&'static str], method: &str) -> Self {
        known.iter().find(|known| **known == method).map_or(Self::Other, |known| Self::Known(known))
    }
}

/// Returns the methods that are expected, read from the environment at the first request.
fn known() -> &'static [&'static str] {
    static LISTED: OnceLock<Vec<&'static str>> = OnceLock::new();
    let listed = || std::env::var(KNOWN_VARIABLE).map_or(KNOWN.to_vec(), |list| listed(&list));
    LISTED.get_or_init(listed)
}

/// Reads a list. Its names live as long as the process, and are read once.
fn listed(list: &str) -> Vec<&'static str> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.take(METHODS_MAX).map(|name| &*Box::leak(name.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_known_in_its_own_case() {
        assert_eq!(Method::among(&KNOWN, "GET"), Method::Known("GET"));
        assert_eq!(Method::among(&KNOWN, "get"), Method::Other);
        assert_eq!(Method::among(&KNOWN, "PURGE"), Method::Other);
    }

    #[test]
    fn a_list_of_methods_takes_the_place_of_the_known_ones() {
        let known = listed("GET, PURGE,,");
        assert_eq!(known, ["GET", "PURGE"]);
        assert_eq!(Method::among(&known, "POST"), Method::Other);
    }
}
