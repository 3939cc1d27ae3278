//! Every must and must-not of W3C Trace Context level 2 that is about the text of a `tracestate`.

use exo_trace_std::propagation::{
    ParseTraceStateError as Error, TRACE_STATE_BYTES_MAX, TRACE_STATE_MEMBERS_MAX, TraceState,
};

fn read(text: &str) -> Result<TraceState, Error> {
    text.parse()
}

fn written(text: &str) -> String {
    read(text).unwrap_or_else(|error| panic!("{text:?}: {error}")).to_string()
}

/// A list of members `m00=…`, each as long as asked.
fn list(members: usize, member_bytes: usize) -> String {
    let value = "v".repeat(member_bytes - 4);
    let members = (0..members).map(|number| format!("m{number:02}={value}"));
    members.collect::<Vec<_>>().join(",")
}

#[test]
fn section_3_3_2_several_headers_are_one_list_in_order() {
    let headers = ["foo=1,bar=2", "rojo=1,congo=2", "baz=3"];
    let state = TraceState::from_headers(headers).expect("each is one");
    assert_eq!(state.as_str(), "foo=1,bar=2,rojo=1,congo=2,baz=3");
    assert_eq!(state.len(), 5);
}

#[test]
fn section_3_3_2_empty_headers_and_members_are_accepted() {
    for (headers, expected) in [
        (vec![""], ""),
        (vec![" \t"], ""),
        (vec!["foo=1", ""], "foo=1"),
        (vec!["", "foo=1"], "foo=1"),
        (vec![",foo=1, ,\t,bar=2,"], "foo=1,bar=2"),
    ] {
        let state = TraceState::from_headers(headers).expect("emptiness is no mistake");
        assert_eq!(state.as_str(), expected);
        assert_eq!(state.is_empty(), expected.is_empty());
    }
}

#[test]
fn section_3_3_2_blanks_around_members_are_ignored() {
    assert_eq!(written("foo=1 \t , \t bar=2, \t baz=3"), "foo=1,bar=2,baz=3");
    assert_eq!(written("\t foo=1 \t"), "foo=1");
    assert_eq!(read("foo =1"), Err(Error::Key("foo ".into())));
    assert_eq!(read("foo\u{a0}=1"), Err(Error::Key("foo\u{a0}".into())));
}

#[test]
fn section_3_3_2_a_list_has_up_to_32_members() {
    assert_eq!(read(&list(TRACE_STATE_MEMBERS_MAX, 8)).map(|state| state.len()), Ok(32));
    assert_eq!(read(&list(TRACE_STATE_MEMBERS_MAX + 1, 8)), Err(Error::Members));
    let first = list(TRACE_STATE_MEMBERS_MAX, 8);
    assert_eq!(TraceState::from_headers([&*first, "one=more"]), Err(Error::Members));
    let gaps = format!("{}{first}{}", ",".repeat(100), ",".repeat(100));
    assert_eq!(written(&gaps), first);
}

#[test]
fn section_3_3_2_1_a_member_is_a_key_and_a_value() {
    for text in ["foo", "foo=1,bar", "a:b"] {
        assert!(matches!(read(text), Err(Error::Separator(_))), "{text}");
    }
}

#[test]
fn section_3_3_2_2_1_a_key_begins_with_a_letter_or_a_digit() {
    for key in ["a", "0", "4foo", "a@", "tenant@system", "0tenant@0system", "foo@@bar", "a@b@c"] {
        assert_eq!(read(&format!("{key}=1")).map(|state| state.len()), Ok(1), "{key}");
    }
    for key in ["", "_a", "-a", "*a", "/a", "@a"] {
        assert_eq!(read(&format!("{key}=1")), Err(Error::Key(key.into())));
    }
}

#[test]
fn section_3_3_2_2_1_a_key_is_made_of_lower_case_letters_digits_and_five_signs() {
    let all = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@";
    assert_eq!(read(&format!("{all}=1")).expect("all of them may be").get(all), Some("1"));
    for other in (0..=0x7f).map(char::from).filter(|other| !all.contains(*other)) {
        // A comma ends the member, an equals sign the key.
        let refused = read(&format!("a{other}a=1"));
        assert!(refused.is_err() || other == '=', "{other:?}");
    }
    assert!(read("é=1").is_err());
}

#[test]
fn section_3_3_2_2_1_a_key_has_up_to_256_characters() {
    assert!(read(&format!("{}=1", "z".repeat(256))).is_ok());
    assert!(read(&format!("{}@{}=1", "t".repeat(241), "v".repeat(14))).is_ok());
    assert!(matches!(read(&format!("foo=1,{}=1", "z".repeat(257))), Err(Error::Key(_))));
}

#[test]
fn section_3_3_2_2_2_a_value_is_printable_without_comma_and_equals_sign() {
    let all: String = (' '..='~').filter(|sign| !",=".contains(*sign)).collect();
    assert_eq!(read(&format!("foo={all}")).expect("all of them may be").get("foo"), Some(&*all));
    for value in ["bar=baz", "a\tb", "a\nb", "a\u{7f}b", "é", "=", "a\u{0}b"] {
        assert_eq!(read(&format!("foo={value}")), Err(Error::Value(value.into())));
    }
}

#[test]
fn section_3_3_2_2_2_a_value_has_1_to_256_characters() {
    assert!(read(&format!("foo={}", "v".repeat(256))).is_ok());
    assert!(matches!(read(&format!("foo={}", "v".repeat(257))), Err(Error::Value(_))));
    assert_eq!(read("foo=,bar=3"), Err(Error::Value("".into())));
    assert_eq!(read("foo= \t,bar=3"), Err(Error::Value("".into())));
}

#[test]
fn section_3_3_2_2_2_leading_blanks_are_kept_and_trailing_ones_are_not() {
    let state = read("foo=  a b  ,bar=1").expect("blanks may lead");
    assert_eq!(state.get("foo"), Some("  a b"));
    assert_eq!(state.as_str(), "foo=  a b,bar=1");
    assert!(read("foo=\ta").is_err());
}

#[test]
fn section_3_3_3_a_key_given_twice_is_kept_once_the_later_which_stands_first() {
    for (headers, expected) in [
        (vec!["foo=1,foo=1"], "foo=1"),
        (vec!["foo=1,foo=2"], "foo=1"),
        (vec!["foo=2,bar=3", "foo=1,baz=4"], "foo=2,bar=3,baz=4"),
    ] {
        let state = TraceState::from_headers(headers).expect("a duplicate may be discarded");
        assert_eq!(state.as_str(), expected);
    }
}

#[test]
fn section_3_3_3_1_at_least_512_characters_are_carried() {
    let one = format!("{}={}", "k".repeat(255), "v".repeat(256));
    assert_eq!((one.len(), written(&one)), (512, one.clone()));
    for members in 2..=TRACE_STATE_MEMBERS_MAX {
        // As long as they may be, with the commas between them.
        let text = list(members, (512 - (members - 1)) / members);
        assert_eq!(written(&text), text);
    }
}

#[test]
fn section_3_3_3_1_over_the_limit_long_members_go_first_whole_and_from_the_end() {
    let long = |key: &str| format!("{key}={}", "v".repeat(250));
    let short = list(24, 128);
    // 3,095 bytes of short members and a comma leave room for four long ones.
    let text =
        [long("x1"), long("x2"), short.clone(), long("x3"), long("x4"), long("x5")].join(",");
    assert!(text.len() > TRACE_STATE_BYTES_MAX);
    let kept = read(&text).expect("it is well formed");
    let expected = [long("x1"), long("x2"), short, long("x3"), long("x4")].join(",");
    assert_eq!(kept.as_str(), expected);
    assert!(kept.as_str().len() <= TRACE_STATE_BYTES_MAX);
}

#[test]
fn section_3_3_3_1_members_of_128_characters_are_never_left_out() {
    let text = list(TRACE_STATE_MEMBERS_MAX, 128);
    assert_eq!(text.len(), TRACE_STATE_BYTES_MAX);
    assert_eq!(written(&text), text);
}

#[test]
fn section_3_5_the_order_of_what_is_not_changed_is_kept() {
    let text = "z=1,a=2,m=3,b=4";
    assert_eq!(written(text), text);
    let state = read(text).expect("it is one");
    assert_eq!(state.without("a").as_str(), "z=1,m=3,b=4");
    assert_eq!(state.without("none"), state);
    assert_eq!(state.with("new", "5").expect("both may be").as_str(), "new=5,z=1,a=2,m=3,b=4");
}

#[test]
fn section_3_5_a_changed_key_moves_to_the_front() {
    let state = read("rojo=1,congo=2,other=3").expect("it is one");
    assert_eq!(state.with("congo", "4").expect("both may be").as_str(), "congo=4,rojo=1,other=3");
}

#[test]
fn section_3_5_adding_never_gives_a_key_twice_and_never_a_33rd() {
    let full = read(&list(TRACE_STATE_MEMBERS_MAX, 8)).expect("it is full");
    let more = full.with("new", "1").expect("both may be");
    assert_eq!(more.len(), TRACE_STATE_MEMBERS_MAX);
    assert_eq!(
        (more.get("new"), more.get("m30").is_some(), more.get("m31")),
        (Some("1"), true, None)
    );
    let same = full.with("m31", "1").expect("both may be");
    assert_eq!((same.len(), same.get("m31"), same.get("m30").is_some()), (32, Some("1"), true));
}

#[test]
fn what_cannot_be_a_member_cannot_be_added() {
    let state = TraceState::default();
    assert_eq!(state.with("Key", "v"), Err(Error::Key("Key".into())));
    assert_eq!(state.with("key", "v "), Err(Error::Value("v ".into())));
    assert_eq!(state.with("key", ""), Err(Error::Value("".into())));
}

#[test]
fn a_mistake_is_named_and_its_text_cut() {
    let error = read(&format!("foo=1,{}=1", "K".repeat(5_000))).unwrap_err().to_string();
    assert!(error.starts_with("tracestate key is \"KKKK") && error.contains('…'), "{error}");
    assert!(error.len() < 200, "{error}");
    let error = read("no equals sign").unwrap_err().to_string();
    assert_eq!(error, "tracestate member is \"no equals sign\", expected key=value");
    let error = read(&list(33, 8)).unwrap_err().to_string();
    assert_eq!(error, "tracestate has more than 32 members");
}
