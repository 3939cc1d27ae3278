//! Every must and must-not of W3C Baggage, and the upper limits that it leaves to the implementer.

use exo_trace_std::propagation::{
    BAGGAGE_BYTES_MAX, BAGGAGE_MEMBER_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Baggage,
    BaggageError as Error, Decoding,
};

fn read(text: &str) -> (Baggage, usize) {
    Baggage::from_headers([text], Decoding::Percent)
}

/// Reads what nothing is wrong with.
fn whole(text: &str) -> Baggage {
    let (baggage, dropped) = read(text);
    assert_eq!(dropped, 0, "{text:?}");
    baggage
}

fn pairs(baggage: &Baggage) -> Vec<(&str, &str)> {
    baggage.iter().collect()
}

fn sent(baggage: &Baggage) -> String {
    baggage.to_header().unwrap_or_default()
}

#[test]
fn section_3_several_headers_are_one_list_in_order() {
    let headers = ["userId=alice", "serverNode=DF%2028,isProduction=false"];
    let (baggage, dropped) = Baggage::from_headers(headers, Decoding::Percent);
    let expected = [("userId", "alice"), ("serverNode", "DF 28"), ("isProduction", "false")];
    assert_eq!((pairs(&baggage), dropped), (expected.to_vec(), 0));
}

#[test]
fn section_3_3_1_a_member_needs_a_key_and_an_equals_sign() {
    let (baggage, dropped) = read("key1=val1,key2=val2,a,=val3,;p=1");
    assert_eq!(pairs(&baggage), [("key1", "val1"), ("key2", "val2")]);
    assert_eq!(dropped, 3);
}

#[test]
fn section_3_3_1_an_empty_value_is_one_and_an_empty_member_is_nothing() {
    let baggage = whole(",key1=, ,\t,key2=val2,");
    assert_eq!(pairs(&baggage), [("key1", ""), ("key2", "val2")]);
    assert_eq!(sent(&baggage), "key1=,key2=val2");
    assert_eq!(whole("").to_header(), None);
}

#[test]
fn section_3_3_1_1_a_key_is_sent_once_and_its_last_value_counts() {
    let baggage = whole("a=1,b=2;old,a=3;p,b=4");
    assert_eq!(sent(&baggage), "a=3;p,b=4");
    assert_eq!(baggage.len(), 2);
}

#[test]
fn section_3_3_1_2_a_key_is_a_token() {
    let signs = "!#$%&'*+-.^_`|~";
    for other in (0..=0x7f).map(char::from) {
        let key = format!("a{other}z");
        let is_token = other.is_ascii_alphanumeric() || signs.contains(other);
        let mut baggage = Baggage::new();
        assert_eq!(baggage.insert(&key, "v").is_ok(), is_token, "{other:?}");
        // On the wire an equals sign ends the key instead.
        let (baggage, _) = read(&format!("{key}=v"));
        assert_eq!(baggage.get(&key).is_some(), is_token, "{other:?}");
    }
    for key in ["", "é", " a", "a "] {
        assert_eq!(Baggage::new().insert(key, "v"), Err(Error::Key(key.into())));
    }
}

#[test]
fn section_3_3_1_2_a_key_is_not_decoded_and_its_case_counts() {
    let baggage = whole("user%49d=1,userId=2,userid=3");
    assert_eq!(pairs(&baggage), [("user%49d", "1"), ("userId", "2"), ("userid", "3")]);
}

#[test]
fn section_3_3_1_2_and_3_blanks_around_keys_and_values_are_no_part_of_them() {
    let baggage = whole("userId =   alice ,\tserverNode\t=\tDF%2028 , isProduction = false");
    let expected = [("userId", "alice"), ("serverNode", "DF 28"), ("isProduction", "false")];
    assert_eq!(pairs(&baggage), expected);
}

#[test]
fn section_3_3_1_3_what_is_no_baggage_octet_is_percent_encoded() {
    for byte in 0..=0x7f_u8 {
        let mut baggage = Baggage::new();
        baggage.insert("k", &char::from(byte).to_string()).expect("any character is a value");
        // Encoded though they need not be: the plus and the equals sign.
        let is_octet = matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
        let stands = is_octet && !b"%+=".contains(&byte);
        let expected = if stands { char::from(byte).into() } else { format!("%{byte:02X}") };
        assert_eq!(sent(&baggage), format!("k={expected}"));
    }
}

#[test]
fn section_3_3_1_3_a_value_with_anything_else_raw_in_it_is_left_out() {
    for raw in ["a b", "a\"b", "a\\b", "a\u{7f}b", "a\tb", "é", "a\nb"] {
        let (baggage, dropped) = read(&format!("good=1,k={raw},fine=2"));
        assert_eq!((pairs(&baggage), dropped), (vec![("good", "1"), ("fine", "2")], 1), "{raw:?}");
    }
}

#[test]
fn section_3_3_1_3_the_percent_sign_is_encoded() {
    let mut baggage = Baggage::new();
    baggage.insert("share", "100%41").expect("any text is a value");
    assert_eq!(sent(&baggage), "share=100%2541");
    assert_eq!(whole("share=100%2541"), baggage);
}

#[test]
fn section_3_3_1_3_a_percent_sign_that_encodes_nothing_stands_for_itself() {
    let baggage = whole("a=100%,b=%zz,c=%4,d=%%41");
    assert_eq!(pairs(&baggage), [("a", "100%"), ("b", "%zz"), ("c", "%4"), ("d", "%A")]);
    assert_eq!(whole(&sent(&baggage)), baggage);
}

#[test]
fn section_3_3_1_3_what_need_not_be_encoded_may_be_in_either_case() {
    assert_eq!(whole("k=%41%6c%6C").get("k"), Some("All"));
}

#[test]
fn section_3_3_1_3_octets_that_are_no_utf_8_become_the_replacement_character() {
    for (text, expected) in [
        ("k=%FF", "\u{fffd}"),
        ("k=a%C3%28b", "a\u{fffd}(b"),
        ("k=%E2%82", "\u{fffd}"),
        ("k=%ED%A0%80", "\u{fffd}\u{fffd}\u{fffd}"),
        ("k=%C3%A9", "é"),
    ] {
        assert_eq!(whole(text).get("k"), Some(expected), "{text}");
    }
}

#[test]
fn section_3_3_1_3_an_equals_sign_may_be_in_a_value() {
    let baggage = whole("k=a=b==c;p==q=,l==");
    assert_eq!(pairs(&baggage), [("k", "a=b==c"), ("l", "=")]);
    assert_eq!(baggage.properties("k").collect::<Vec<_>>(), [("p", Some("=q="))]);
    assert_eq!(whole(&sent(&baggage)), baggage);
}

#[test]
fn section_3_3_1_4_properties_are_kept_apart_and_sent_again_as_they_came() {
    let text = "key1=value1;property1 ; property2, key2 = value2, key3=value3; propertyKey = %41%";
    let baggage = whole(text);
    assert_eq!(pairs(&baggage), [("key1", "value1"), ("key2", "value2"), ("key3", "value3")]);
    let said = |key| baggage.properties(key).collect::<Vec<_>>();
    assert_eq!(said("key1"), [("property1", None), ("property2", None)]);
    assert_eq!(said("key2"), []);
    assert_eq!(said("key3"), [("propertyKey", Some("%41%"))]);
    let expected = "key1=value1;property1;property2,key2=value2,key3=value3;propertyKey=%41%";
    assert_eq!(sent(&baggage), expected);
}

#[test]
fn section_3_3_1_4_a_broken_property_costs_its_member() {
    for said in [";", ";;p", ";p;", ";=v", ";p q", ";p=a b", ";p=\"", ";é"] {
        let (baggage, dropped) = read(&format!("good=1,k=v{said}"));
        assert_eq!((pairs(&baggage), dropped), (vec![("good", "1")], 1), "{said:?}");
    }
    let mut baggage = Baggage::new();
    assert_eq!(
        baggage.insert_with_properties("k", "v", "p q"),
        Err(Error::Properties("p q".into()))
    );
    baggage.insert_with_properties("k", "v", "p = 1; q").expect("they are properties");
    assert_eq!(sent(&baggage), "k=v;p=1;q");
}

#[test]
fn section_3_3_2_64_members_of_8192_bytes_together_are_carried() {
    // 64 members, 63 commas: 127 bytes each, and two more for the first.
    let member = |number: usize, bytes: usize| format!("k{number:02}={}", "v".repeat(bytes - 4));
    let members = (0..64).map(|number| member(number, if number == 0 { 128 } else { 127 }));
    let text = members.collect::<Vec<_>>().join(",");
    assert_eq!(text.len(), BAGGAGE_BYTES_MAX);
    assert_eq!(sent(&whole(&text)), text);
}

#[test]
fn section_3_3_2_8192_bytes_are_carried_though_they_leave_no_room_for_care() {
    let member = |key: &str| format!("{key}={}", "+".repeat(BAGGAGE_MEMBER_BYTES_MAX - 3));
    let text = format!("{},{}", member("k"), member("l"));
    assert_eq!(text.len(), BAGGAGE_BYTES_MAX - 1);
    assert_eq!(sent(&whole(&text)), text);
}

#[test]
fn section_3_3_2_180_members_are_the_most_that_are_kept() {
    let list = |members| (0..members).map(|number| format!("k{number}=v")).collect::<Vec<_>>();
    assert_eq!(whole(&list(BAGGAGE_MEMBERS_MAX).join(",")).len(), BAGGAGE_MEMBERS_MAX);
    let (mut baggage, dropped) = read(&list(BAGGAGE_MEMBERS_MAX + 7).join(","));
    assert_eq!((baggage.len(), dropped), (BAGGAGE_MEMBERS_MAX, 7));
    assert_eq!(baggage.insert("one", "more"), Err(Error::Members));
    assert_eq!(baggage.insert("k0", "other"), Ok(()));
    assert!(baggage.remove("k1") && !baggage.remove("k1"));
    assert_eq!(baggage.insert("one", "more"), Ok(()));
}

#[test]
fn section_3_3_2_a_member_has_up_to_4096_encoded_bytes() {
    let mut baggage = Baggage::new();
    // A space is three bytes on the wire.
    let fits = " ".repeat((BAGGAGE_MEMBER_BYTES_MAX - 2) / 3);
    assert_eq!(baggage.insert("k", &fits), Ok(()));
    let bytes = 2 + 3 * (fits.len() + 1);
    assert_eq!(baggage.insert("k", &format!("{fits} ")), Err(Error::MemberBytes(bytes)));
    assert_eq!(baggage.get("k"), Some(&*fits));
    let long = format!("{}=v,k=v", "k".repeat(BAGGAGE_MEMBER_BYTES_MAX - 1));
    assert_eq!(read(&long).1, 1);
}

#[test]
fn section_3_3_2_no_member_is_carried_in_part_and_later_ones_still_may_be() {
    let large = "v".repeat(4_000);
    let (baggage, dropped) = read(&format!("a={large},b={large},c={large},d=small"));
    assert_eq!(dropped, 1);
    assert_eq!(pairs(&baggage), [("a", &*large), ("b", &*large), ("d", "small")]);
    assert!(sent(&baggage).len() <= BAGGAGE_BYTES_MAX);
}

#[test]
fn section_3_3_2_the_limits_are_of_all_headers_together() {
    let large = |key| format!("{key}={}", "v".repeat(4_000));
    let headers = [large("a"), large("b"), large("c")];
    let (baggage, dropped) =
        Baggage::from_headers(headers.iter().map(String::as_str), Decoding::Percent);
    assert_eq!((baggage.len(), dropped), (2, 1));
}

#[test]
fn section_3_3_2_what_grows_when_it_is_sent_again_is_held_to_the_limits_too() {
    // Each `%FF` becomes U+FFFD, which is nine bytes on the wire.
    let (baggage, dropped) = read(&format!("a={},b={}", "%FF".repeat(450), "%FF".repeat(1_300)));
    assert_eq!((baggage.len(), dropped), (1, 1));
    assert_eq!(sent(&baggage).len(), 2 + 450 * 9);
}

#[test]
fn section_3_3_3_the_example_is_read_as_it_is_explained() {
    let text =
        "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue";
    assert_eq!(whole(text).len(), 3);
    assert_eq!(sent(&whole(text)), text.replace(' ', ""));
}

#[test]
fn section_3_4_the_examples_are_read_and_written() {
    let mut baggage = Baggage::new();
    for (key, value) in [("userId", "Amélie"), ("serverNode", "DF 28"), ("isProduction", "false")]
    {
        baggage.insert(key, value).expect("it is in the recommendation");
    }
    let text = "userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false";
    assert_eq!(sent(&baggage), text);
    assert_eq!(whole(text), baggage);
}

#[test]
fn section_3_5_members_are_added_changed_and_deleted() {
    let mut baggage = whole("a=1;p,b=2,c=3");
    baggage.insert("d", "4").expect("there is room");
    baggage.insert("a", "5").expect("there is room");
    assert!(baggage.remove("b"));
    assert_eq!(sent(&baggage), "a=5,c=3,d=4");
}

#[test]
fn what_is_taken_out_leaves_its_room() {
    let mut baggage = Baggage::new();
    let large = "v".repeat(BAGGAGE_MEMBER_BYTES_MAX - 2);
    for turn in 0..100 {
        assert_eq!(baggage.insert("a", &large), Ok(()), "{turn}");
        assert_eq!(baggage.insert("b", &large[1..]), Ok(()), "{turn}");
        assert_eq!(baggage.insert("c", ""), Err(Error::Bytes(BAGGAGE_BYTES_MAX + 3)), "{turn}");
        assert!(baggage.remove(if turn % 2 == 0 { "a" } else { "b" }));
    }
}

#[test]
fn a_plus_sign_is_a_space_only_where_it_was_asked_for() {
    let text = "k=a+b%2Bc,a%23b=1";
    assert_eq!(pairs(&whole(text)), [("k", "a+b+c"), ("a%23b", "1")]);
    let (form, dropped) = Baggage::from_headers([text], Decoding::Form);
    assert_eq!((pairs(&form), dropped), (vec![("k", "a b+c"), ("a#b", "1")], 0));
    // Both kinds of reader understand what is sent.
    let text = sent(&form);
    assert_eq!(text, "k=a%20b%2Bc,a#b=1");
    assert_eq!(Baggage::from_headers([&*text], Decoding::Form).0, whole(&text));
    let (form, dropped) = Baggage::from_headers(["a+b=1"], Decoding::Form);
    assert_eq!((form.len(), dropped), (0, 1));
}

#[test]
fn a_refusal_says_what_is_wrong_and_no_value() {
    let mut baggage = Baggage::new();
    let error = baggage.insert("user id", "secret").unwrap_err().to_string();
    assert!(error.starts_with("baggage key is \"user id\", expected letters"), "{error}");
    let error = baggage.insert("k", &"secret".repeat(1_000)).unwrap_err().to_string();
    assert_eq!(error, "baggage member has 6002 bytes, expected at most 4096");
}

#[test]
fn section_3_3_2_no_care_makes_a_member_longer_than_readers_take() {
    let mut baggage = Baggage::new();
    let value = "=".repeat(BAGGAGE_MEMBER_BYTES_MAX - 2);
    let half = "+".repeat(BAGGAGE_MEMBER_BYTES_MAX / 3);
    for value in [&value, &half] {
        baggage.insert("k", value).unwrap();
        assert_eq!(whole(&sent(&baggage)).get("k"), Some(value.as_str()));
    }
}
