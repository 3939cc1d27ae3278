//! Any `baggage` is read as OpenTelemetry's propagator reads it, or a named rule says why not; what is
//! sent is read again, by both.
//!
//! Members are compared one by one, and lists with the members they are made of: a difference that no
//! rule foretells is a crash.
#![no_main]

use exo_trace_std::propagation::{
    BAGGAGE_BYTES_MAX, BAGGAGE_MEMBER_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Baggage, Decoding,
};
use libfuzzer_sys::fuzz_target;
use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::BaggagePropagator;
use percent_encoding::percent_decode_str;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// How many members they read, and how long a header.
const THEIR_MEMBERS_MAX: usize = 64;
const THEIR_BYTES_MAX: usize = 8_192;

/// A key, its value and its properties.
type Member = (String, String, String);
type Members = BTreeMap<String, (String, String)>;

/// What lists of members are made of, the right and the wrong.
const PIECES: &[&str] = &[
    "a",
    "b",
    "c",
    "A",
    "=",
    "=",
    "=1",
    ",",
    ",",
    ",a=1",
    ",b=2;p",
    ";",
    ";p",
    ";p=1",
    "; q = 2 ",
    " ",
    "\t",
    "\n",
    "%",
    "%41",
    "%20",
    "%2C",
    "%FF",
    "%C3%A9",
    "%25",
    "+",
    "é",
    "\"",
    "\u{a0}",
    "==",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "\\",
];

fuzz_target!(|bytes: &[u8]| {
    let (&often, bytes) = bytes.split_first().unwrap_or((&1, bytes));
    // One in eight is said often enough to pass each limit.
    let times = if often < 224 { 1 } else { often % 16 };
    let text = text_of(bytes).repeat(usize::from(times));
    compare_lists(&text);
    let headers = || text.split('\n');
    let joined = text.replace('\n', ",");
    for decoding in [Decoding::Percent, Decoding::Form] {
        let read = Baggage::from_headers(headers(), decoding);
        assert_eq!(read, Baggage::from_headers([&*joined], decoding));
        check_sent(&read.0);
    }
});

/// Reads bytes as text, or, every other time, as pieces of a list: chance alone seldom writes one.
fn text_of(bytes: &[u8]) -> String {
    match bytes.split_last() {
        Some((last, bytes)) if last % 2 == 0 => {
            bytes.iter().map(|byte| PIECES[usize::from(*byte) % PIECES.len()]).collect()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn ours(text: &str) -> Baggage {
    Baggage::from_headers([text], Decoding::Percent).0
}

/// One header, as their propagator asks for it.
struct Header<'a>(&'a str);

impl Extractor for Header<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "baggage").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["baggage"]
    }
}

/// What the SDK's propagator makes of a header.
fn theirs(text: &str) -> Members {
    static PROPAGATOR: LazyLock<BaggagePropagator> = LazyLock::new(<_>::default);
    let context = PROPAGATOR.extract_with_context(&Context::new(), &Header(text));
    let read = context.baggage().iter();
    read.map(|(key, (value, said))| (key.to_string(), (value.to_string(), said.to_string())))
        .collect()
}

fn members(baggage: &Baggage) -> Vec<Member> {
    let text = |key| {
        let said = baggage.properties(key);
        let said = said.map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name.to_owned(),
        });
        said.collect::<Vec<_>>().join(";")
    };
    baggage.iter().map(|(key, value)| (key.to_owned(), value.to_owned(), text(key))).collect()
}

/// A member alone, as both read it.
struct Alone {
    ours: Option<Member>,
    theirs: Option<Member>,
    is_broken: bool,
}

impl Alone {
    fn read(text: &str) -> Self {
        let ours = members(&ours(text)).into_iter().next();
        let theirs = theirs(text).into_iter().next();
        let theirs = theirs.map(|(key, (value, said))| (key, value, said));
        compare_members(text, ours.as_ref(), theirs.as_ref());
        Self { ours, theirs, is_broken: is_broken(text) }
    }
}

fn compare_members(text: &str, ours: Option<&Member>, theirs: Option<&Member>) {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => assert_foretold(text, ours, theirs),
        (None, Some(_)) => assert!(is_refused_by_us(text), "they read what we refuse: {text:?}"),
        (Some(ours), None) => assert!(is_refused_by_them(text, ours), "we read {text:?}"),
        (None, None) => {}
    }
}

/// Applies their rules to what we read, and then it must be what they read.
fn assert_foretold(text: &str, (key, _, said): &Member, theirs: &Member) {
    // Rule: they end a value at its second equals sign.
    let pair = text.split(';').next().unwrap_or_default();
    let value = pair.split('=').nth(1).unwrap_or_default();
    // Rules: they decode keys and properties too, then take blanks off what they decoded, and leave
    // those before and behind a property's equals sign.
    let said = said.split(';').filter(|said| !said.is_empty()).filter_map(decoded);
    let said = said.collect::<Vec<_>>().join(";");
    let without_blanks = |text: &str| text.replace([' ', '\t'], "");
    assert_eq!(Some(&theirs.0), decoded(key).as_ref(), "{text:?}");
    assert_eq!(Some(&theirs.1), decoded(value).as_ref(), "{text:?}");
    assert_eq!(without_blanks(&theirs.2), without_blanks(&said), "{text:?}");
}

fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    Some(text.trim().to_owned())
}

/// Rule: a member that is not too long may be so once it is sent again: U+FFFD is nine bytes.
fn is_refused_by_us(text: &str) -> bool {
    let grows = text.len() + text.matches('%').count() * 9 > BAGGAGE_MEMBER_BYTES_MAX;
    grows || is_broken(text)
}

/// Rules: we hold keys, values and properties to the grammar, and members to their limit.
fn is_broken(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    let (pair, said) = text.split_once(';').unwrap_or((text, "p"));
    let Some((key, value)) = pair.split_once('=') else { return true };
    let is_property = |property: &str| {
        let (key, value) = property.split_once('=').unwrap_or((property, ""));
        is_token(key) && is_octets(value)
    };
    let is_well_formed = is_token(key) && is_octets(value) && said.split(';').all(is_property);
    text.len() > BAGGAGE_MEMBER_BYTES_MAX || !is_well_formed
}

fn is_token(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    let is_sign = |sign: char| sign.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(sign);
    !text.is_empty() && text.chars().all(is_sign)
}

fn is_octets(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    text.chars().all(|sign| sign.is_ascii_graphic() && !"\",;\\".contains(sign))
}

/// Rules: they drop what is no UTF-8 once decoded, where we write U+FFFD, and keys that decode to none.
fn is_refused_by_them(text: &str, (key, _, _): &Member) -> bool {
    let pair = text.split(';').next().unwrap_or_default();
    let value = pair.split('=').nth(1).unwrap_or_default();
    decoded(value).is_none() || decoded(key).is_none_or(|key| !is_token(&key))
}

fn compare_lists(text: &str) {
    let joined = text.replace('\n', ",");
    // A text that is said often has the same members again and again.
    let mut alone: HashMap<&str, Alone> = HashMap::new();
    let mut foretold = Members::new();
    for member in joined.split(',').take(THEIR_MEMBERS_MAX) {
        let alone = alone.entry(member).or_insert_with(|| Alone::read(member));
        if let Some((key, value, said)) = &alone.theirs {
            foretold.insert(key.clone(), (value.clone(), said.clone()));
        }
    }
    // Rule: they read nothing of a long header, and of others the first members, broken ones counted.
    if joined.len() > THEIR_BYTES_MAX {
        foretold.clear();
    }
    assert_eq!(theirs(&joined), foretold, "{joined:?}");
    // Rule: we read 180 members that are well formed, and put in those that there is room for.
    let (mut foretold, mut dropped, mut whole) = (Baggage::new(), 0, 0);
    for member in joined.split(',').filter(|member| !member.trim_matches([' ', '\t']).is_empty()) {
        let alone = alone.entry(member).or_insert_with(|| Alone::read(member));
        let one = alone.ours.as_ref().filter(|_| whole < BAGGAGE_MEMBERS_MAX);
        whole += usize::from(!alone.is_broken);
        let put = one.is_some_and(|(key, value, said)| match said.is_empty() {
            true => foretold.insert(key, value).is_ok(),
            false => foretold.insert_with_properties(key, value, said).is_ok(),
        });
        dropped += usize::from(!put);
    }
    let read = Baggage::from_headers([&*joined], Decoding::Percent);
    assert_eq!(read, (foretold, dropped), "{joined:?}");
}

/// What is sent fits, is well formed, and is read by both as it was meant.
fn check_sent(baggage: &Baggage) {
    let Some(header) = baggage.to_header() else {
        assert!(baggage.is_empty());
        return;
    };
    assert!(
        header.len() <= BAGGAGE_BYTES_MAX && header.bytes().all(|byte| byte.is_ascii_graphic())
    );
    let back = Baggage::from_headers([&*header], Decoding::Percent);
    assert_eq!(back, (baggage.clone(), 0));
    // Where there was room for care, a reader of forms reads the same, but for keys with signs in them.
    let is_careful = !header.split(',').any(|member| {
        let value = member.split(';').next().and_then(|pair| pair.split_once('='));
        value.is_some_and(|(_, value)| value.contains(['+', '=']))
    });
    if is_careful && baggage.iter().all(|(key, _)| !key.contains(['+', '%'])) {
        assert_eq!(Baggage::from_headers([&*header], Decoding::Form), (baggage.clone(), 0));
    }
    let theirs = theirs(&header);
    // Rules: as above, they decode keys, which may make one of two, and take blanks off decoded values.
    if is_careful && baggage.iter().all(|(key, _)| !key.contains('%')) {
        for (key, value) in baggage.iter().take(THEIR_MEMBERS_MAX) {
            let read = theirs.get(key).map(|(value, _)| &**value);
            assert_eq!(read, Some(value.trim()), "{header:?}");
        }
    }
}
