//! Every must and must-not of W3C Trace Context level 2 that is about the text of a `traceparent`.
//!
//! What it asks of headers (their names, how often they come) is proved where headers are known.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_core::{
    IdGenerator, ParseIdError, ParseTraceparentError as Error, SpanContext, SpanId, TraceFlags,
    TraceId,
};
use proptest::prelude::*;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

fn read(text: &str) -> Result<SpanContext, Error> {
    SpanContext::from_traceparent(text)
}

/// Reads the recommendation's example with other flags and writes it again.
fn flags_sent_of(received: &str) -> String {
    let context =
        read(&format!("00-{TRACE}-{PARENT}-{received}")).expect("the flags are two digits");
    context.to_traceparent().as_str()[53..].to_owned()
}

#[test]
fn section_3_2_2_the_fields_are_joined_by_dashes() {
    for dash in [2, 35, 52] {
        let mut text = format!("00-{TRACE}-{PARENT}-01");
        text.replace_range(dash..=dash, "_");
        assert_eq!(read(&text), Err(Error::Separator), "{text}");
    }
}

#[test]
fn section_3_2_2_1_version_ff_is_refused() {
    assert_eq!(read(&format!("ff-{TRACE}-{PARENT}-01")), Err(Error::VersionForbidden));
    assert!(read(&format!("fe-{TRACE}-{PARENT}-01")).is_ok());
}

#[test]
fn section_3_2_2_1_a_version_is_two_lower_case_digits() {
    for version in ["FE", "0A", ".0", "0.", "  ", "+1", "0x"] {
        let refused = read(&format!("{version}-{TRACE}-{PARENT}-01"));
        assert!(refused.is_err(), "{version}: {refused:?}");
    }
    for version in ["0", "000", "0000", ""] {
        let refused = read(&format!("{version}-{TRACE}-{PARENT}-01"));
        assert!(
            matches!(refused, Err(Error::Length(_) | Error::Separator)),
            "{version}: {refused:?}"
        );
    }
}

#[test]
fn section_3_2_2_2_version_00_is_exactly_55_bytes() {
    let text = format!("00-{TRACE}-{PARENT}-01");
    assert_eq!(text.len(), 55);
    assert!(read(&text).is_ok());
    for more in ["-", ".", "-what-the-future-will-be-like", ",", "0"] {
        let long = format!("{text}{more}");
        assert_eq!(read(&long), Err(Error::Length(long.len())), "{long}");
    }
    for length in 0..55 {
        assert_eq!(read(&text[..length]), Err(Error::Length(length)));
    }
}

#[test]
fn section_3_2_2_3_a_trace_id_of_zeros_is_refused() {
    let text = format!("00-{}-{PARENT}-01", "0".repeat(32));
    assert_eq!(read(&text), Err(Error::TraceId(ParseIdError::Zero)));
}

#[test]
fn section_3_2_2_3_a_trace_id_is_32_lower_case_digits() {
    for (trace, position, found) in [
        (".bf92f3577b34da6a3ce929d0e0e4736", 0, b'.'),
        ("4bf92f3577b34da6a3ce929d0e0e473.", 31, b'.'),
        ("4bf92f3577b34da6a3ce929d0E0e4736", 25, b'E'),
        ("4bf92f3577b34da6a3ce929d0e0e473g", 31, b'g'),
        ("4bf92f3577b34da6 3ce929d0e0e4736", 16, b' '),
    ] {
        let expected = Error::TraceId(ParseIdError::Digit { position, found });
        assert_eq!(read(&format!("00-{trace}-{PARENT}-01")), Err(expected));
    }
    for trace in [&TRACE[1..], &format!("{TRACE}0")] {
        assert!(read(&format!("00-{trace}-{PARENT}-01")).is_err(), "{trace}");
    }
}

#[test]
fn section_3_2_2_4_a_parent_id_of_zeros_is_refused() {
    let text = format!("00-{TRACE}-{}-01", "0".repeat(16));
    assert_eq!(read(&text), Err(Error::SpanId(ParseIdError::Zero)));
}

#[test]
fn section_3_2_2_4_a_parent_id_is_16_lower_case_digits() {
    for (parent, position, found) in [
        (".0f067aa0ba902b7", 0, b'.'),
        ("00f067aa0ba902b.", 15, b'.'),
        ("00F067aa0ba902b7", 2, b'F'),
    ] {
        let expected = Error::SpanId(ParseIdError::Digit { position, found });
        assert_eq!(read(&format!("00-{TRACE}-{parent}-01")), Err(expected));
    }
    for parent in [&PARENT[1..], &format!("{PARENT}0")] {
        assert!(read(&format!("00-{TRACE}-{parent}-01")).is_err(), "{parent}");
    }
}

#[test]
fn section_3_2_2_5_flags_are_two_lower_case_digits() {
    for (flags, position, found) in [(".0", 0, b'.'), ("0.", 1, b'.'), ("0A", 1, b'A')] {
        let expected = Error::Flags(ParseIdError::Digit { position, found });
        assert_eq!(read(&format!("00-{TRACE}-{PARENT}-{flags}")), Err(expected));
    }
    for flags in ["", "1", "001"] {
        assert!(read(&format!("00-{TRACE}-{PARENT}-{flags}")).is_err(), "{flags}");
    }
}

#[test]
fn section_3_2_2_5_1_the_sampled_flag_is_the_lowest_bit_whatever_the_others_are() {
    for flags in 0..=u8::MAX {
        let context = read(&format!("00-{TRACE}-{PARENT}-{flags:02x}")).expect("any byte is flags");
        assert_eq!(context.is_sampled(), flags & 1 == 1, "{flags:02x}");
    }
}

#[test]
fn section_3_2_2_5_2_the_random_flag_is_sent_as_it_came() {
    for (received, sent) in [("00", "00"), ("01", "01"), ("02", "02"), ("03", "03")] {
        assert_eq!(flags_sent_of(received), sent);
    }
}

#[test]
fn section_3_2_2_5_3_other_flags_are_set_to_zero() {
    for received in 0..=u8::MAX {
        assert_eq!(flags_sent_of(&format!("{received:02x}")), format!("{:02x}", received & 3));
    }
}

#[test]
fn section_3_2_3_the_examples_say_what_they_say_there() {
    for (flags, is_sampled) in [("01", true), ("00", false)] {
        let context = read(&format!("00-{TRACE}-{PARENT}-{flags}")).expect("it is the example");
        assert_eq!(context.trace_id, TRACE.parse().expect("it is an id"));
        assert_eq!(context.span_id, PARENT.parse().expect("it is an id"));
        assert_eq!(context.is_sampled(), is_sampled);
        assert!(context.is_remote);
    }
}

#[test]
fn section_3_2_4_a_higher_version_is_read_by_its_first_four_fields() {
    for version in ["01", "cc", "fe"] {
        for more in ["", "-", "-what-the-future-will-be-like", "-\u{e9}-"] {
            let context = read(&format!("{version}-{TRACE}-{PARENT}-01{more}"));
            let context = context.unwrap_or_else(|error| panic!("{version}{more}: {error}"));
            assert_eq!(context.trace_id.to_string(), TRACE);
        }
    }
}

#[test]
fn section_3_2_4_a_higher_version_ends_or_goes_on_with_a_dash() {
    for more in [".", ".what-the-future-will-be-like", "0", "\u{e9}"] {
        let text = format!("cc-{TRACE}-{PARENT}-01{more}");
        assert_eq!(read(&text), Err(Error::Length(text.len())), "{text}");
    }
}

#[test]
fn section_3_2_4_a_higher_version_is_at_least_55_bytes() {
    let text = format!("cc-{TRACE}-{PARENT}-0");
    assert_eq!(read(&text), Err(Error::Length(54)));
}

#[test]
fn section_3_2_4_the_ids_of_a_higher_version_are_checked_too() {
    let zeros = "0".repeat(32);
    assert!(read(&format!("cc-{zeros}-{PARENT}-01")).is_err());
    assert!(read(&format!("cc-{TRACE}-{}-01", &zeros[..16])).is_err());
    assert!(read(&format!("cc-{}-{PARENT}-01", TRACE.to_uppercase())).is_err());
    assert!(read(&format!("cc-{TRACE}_{PARENT}-01")).is_err());
    assert!(read(&format!("cc-{TRACE}-{PARENT}_01")).is_err());
}

#[test]
fn section_3_2_4_and_3_4_what_is_sent_is_of_version_00() {
    let context = read(&format!("cc-{TRACE}-{PARENT}-ff-more")).expect("a later version is read");
    assert_eq!(context.to_traceparent().as_str(), format!("00-{TRACE}-{PARENT}-03"));
}

#[test]
fn section_5_5_of_rfc_9110_blanks_around_a_field_are_no_part_of_it() {
    let text = format!("00-{TRACE}-{PARENT}-01");
    for blank in [format!(" {text}"), format!("{text}\t"), format!("\t {text} \t")] {
        assert_eq!(read(&blank), read(&text), "{blank:?}");
    }
    assert!(read(&format!("\n{text}")).is_err());
}

#[test]
fn ids_that_are_drawn_are_sent_as_they_print() {
    let ids = IdGenerator::new(11);
    for tick in 0..10_000 {
        let context = SpanContext {
            trace_id: ids.trace_id(tick),
            span_id: ids.span_id(tick),
            flags: TraceFlags::SAMPLED.with(TraceFlags::RANDOM),
            is_remote: false,
        };
        let printed = format!("00-{}-{}-03", context.trace_id, context.span_id);
        assert_eq!(context.to_traceparent().as_str(), printed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_context_comes_back_as_it_went(
        trace in 1_u128..,
        parent in 1_u64..,
        flags in 0_u8..4,
        version in 0_u8..0xff,
    ) {
        let context = SpanContext {
            trace_id: TraceId::new(trace).expect("it is not zero"),
            span_id: SpanId::new(parent).expect("it is not zero"),
            flags: TraceFlags::new(flags),
            is_remote: true,
        };
        let mut text = context.to_traceparent().as_str().to_owned();
        text.replace_range(..2, &format!("{version:02x}"));
        prop_assert_eq!(read(&text), Ok(context));
    }

    #[test]
    fn any_text_is_a_context_or_an_error_that_can_be_read(text in "\\PC*") {
        if let Err(error) = read(&text) {
            prop_assert!(error.to_string().starts_with("traceparent"));
        }
    }

    #[test]
    fn what_is_nearly_a_traceparent_is_read_only_when_it_is_one(
        text in "(00|01|fe|ff|0G)[-_][0-9a-fA]{31,33}[-_][0-9a-f]{15,17}[-_][0-3]{1,3}(-.*)?",
    ) {
        if let Ok(context) = read(&text) {
            prop_assert_eq!(&context.to_traceparent()[3..52], &text[3..52]);
        }
    }
}
