//! Any headers are read, what is read fits its limits, and what is sent is read again as it was.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_std::propagation::{
    BAGGAGE_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Baggage, Decoding, TRACE_STATE_BYTES_MAX,
    TRACE_STATE_MEMBERS_MAX, TraceState,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Texts that are nearly a list of members, and now and then something else.
fn any_header() -> impl Strategy<Value = String> {
    let member = "[ \t]?[a-z0-9_@ ]{0,9}=?[ -~é]{0,20}(;[a-z]{0,3}=?[!-~]{0,9}){0,2}[ \t]?";
    let list = vec(member, 0..40).prop_map(|members| members.join(","));
    prop_oneof![list, "\\PC*", "([a-z]{1,300}=[!-~]{1,300},){0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 250, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_trace_state_that_is_read_is_read_again(headers in vec(any_header(), 0..3)) {
        let Ok(state) = TraceState::from_headers(headers.iter().map(String::as_str)) else {
            return Ok(());
        };
        prop_assert!(state.as_str().len() <= TRACE_STATE_BYTES_MAX);
        prop_assert!(state.len() <= TRACE_STATE_MEMBERS_MAX);
        prop_assert_eq!(state.as_str().parse(), Ok(state));
    }

    #[test]
    fn a_trace_state_made_of_members_has_them(
        members in vec(("[a-z0-9][a-z0-9_@*/-]{0,20}", "[ -+.-<>-~]{0,20}[!-+.-<>-~]"), 1..32),
    ) {
        let mut state = TraceState::default();
        for (key, value) in &members {
            state = state.with(key, value).expect("both are well formed");
            prop_assert_eq!(state.iter().next(), Some((&**key, &**value)));
        }
        for (key, _) in &members {
            let last = members.iter().rev().find(|(other, _)| other == key);
            prop_assert_eq!(state.get(key), last.map(|(_, value)| &**value));
            let without = state.without(key);
            prop_assert_eq!(without.get(key), None);
        }
    }

    #[test]
    fn baggage_that_is_read_is_sent_and_read_again(
        headers in vec(any_header(), 0..4),
        is_form in any::<bool>(),
    ) {
        let decoding = if is_form { Decoding::Form } else { Decoding::Percent };
        let headers = headers.iter().map(String::as_str);
        let listed = headers.clone().flat_map(|header| header.split(',')).count();
        let (baggage, dropped) = Baggage::from_headers(headers, decoding);
        prop_assert!(baggage.len() <= BAGGAGE_MEMBERS_MAX);
        prop_assert!(baggage.len() + dropped <= listed);
        let header = baggage.to_header().unwrap_or_default();
        prop_assert!(header.len() <= BAGGAGE_BYTES_MAX);
        prop_assert_eq!(Baggage::from_headers([&*header], Decoding::Percent), (baggage, 0));
    }

    #[test]
    fn baggage_of_any_values_comes_back_or_is_refused(
        members in vec(("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}", any::<String>()), 0..40),
    ) {
        let mut baggage = Baggage::new();
        for (key, value) in &members {
            let before = baggage.clone();
            match baggage.insert(key, value) {
                Ok(()) => prop_assert_eq!(baggage.get(key), Some(&**value)),
                Err(_) => prop_assert_eq!(&baggage, &before),
            }
        }
        let header = baggage.to_header().unwrap_or_default();
        prop_assert!(header.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert_eq!(Baggage::from_headers([&*header], Decoding::Percent), (baggage, 0));
    }
}
