//! Trace context and baggage in the headers of HTTP.
//!
//! Headers are a [`Carrier`]: whoever has the middleware of [`bridge::tower`](crate::bridge) needs none
//! of this; whoever has not writes and reads them here.
//!
//! ```
//! use exo_trace_std::Context;
//! use exo_trace_std::propagation::Propagators;
//! use http::{HeaderMap, HeaderValue};
//!
//! let mut headers = HeaderMap::new();
//! let sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
//! headers.insert("traceparent", HeaderValue::from_static(sent));
//!
//! let caller = Propagators::chosen().extract_over(Context::empty(), &headers);
//! let mut onward = HeaderMap::new();
//! Propagators::chosen().inject_context(&caller, &mut onward);
//! assert_eq!(onward["traceparent"], sent);
//! ```

use crate::propagation::Carrier;
use http::header::{HeaderMap, HeaderName, HeaderValue};

/// What a value that is no UTF-8 reads as: a text that no format takes for one of its own.
const NO_TEXT: &str = "\u{fffd}";

/// Values are read as UTF-8. One that is none reads as U+FFFD, so that a broken `traceparent` beside a
/// good one is still two. What HTTP does not allow as a name or value is not set.
impl Carrier for HeaderMap {
    fn get(&self, key: &str) -> Option<&str> {
        Self::get(self, key).map(text_of)
    }

    fn set(&mut self, key: &str, value: String) {
        let name = HeaderName::from_bytes(key.as_bytes());
        let value = HeaderValue::from_maybe_shared(value.into_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            // A map with room for no more headers stays as it is.
            let _ = self.try_insert(name, value);
        }
    }

    fn each_value<'c>(&'c self, key: &str, see: &mut dyn FnMut(&'c str)) {
        self.get_all(key).iter().for_each(|value| see(text_of(value)));
    }
}

fn text_of(value: &HeaderValue) -> &str {
    str::from_utf8(value.as_bytes()).unwrap_or(NO_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Context;
    use crate::propagation::Propagators;

    const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn seen(headers: &HeaderMap) -> Vec<&str> {
        let mut seen = Vec::new();
        headers.each_value("Baggage", &mut |value| seen.push(value));
        seen
    }

    #[test]
    fn fields_of_one_name_are_seen_in_their_order() {
        let mut headers = HeaderMap::new();
        headers.append("baggage", HeaderValue::from_static("a=1"));
        headers.append("x", HeaderValue::from_static("y"));
        headers.append("baggage", HeaderValue::from_bytes("b=ä".as_bytes()).unwrap());
        assert_eq!(seen(&headers), ["a=1", "b=ä"]);
        Carrier::set(&mut headers, "BAGGAGE", "c=3".to_owned());
        assert_eq!((seen(&headers), headers.len()), (vec!["c=3"], 2));
    }

    #[test]
    fn what_is_no_text_counts_as_a_broken_header() {
        let mut headers = HeaderMap::new();
        headers.append("traceparent", HeaderValue::from_static(SENT));
        headers.append("traceparent", HeaderValue::from_bytes(b"\xff").unwrap());
        let caller = Propagators::default().extract_over(Context::empty(), &headers);
        assert_eq!(caller.span_context(), None);
    }

    #[test]
    fn what_is_no_header_is_not_set() {
        let mut headers = HeaderMap::new();
        Carrier::set(&mut headers, "no name", "value".to_owned());
        Carrier::set(&mut headers, "name", "two\nlines".to_owned());
        assert!(headers.is_empty());
    }
}
