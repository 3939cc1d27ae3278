//! Any records, joined and encoded, are requests that say what the OpenTelemetry SDK would have said,
//! under the names of any dialects.
//!
//! The SDK is asked about one input in four, which takes most of the time. The encoders are a process's, as
//! they are outside: what one input leaves in them the next one meets.
#![no_main]

#[path = "../../exo-trace-export/tests/oracle/mod.rs"]
mod oracle;

use exo_trace_core::{
    Callsite, CallsiteFacts, InternedKey, Key, KeyId, Ring, Slot, SpanKind, Value,
};
use exo_trace_export::__encode::{self, Joiner, Requests};
use exo_trace_export::{Dialect, Dialects};
use exo_trace_fuzz::drawn::Drawn;
use exo_trace_fuzz::script::Script;
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

/// How many keys there are: enough that a number drawn from bytes often is one.
const KEYS: usize = 4_096;
/// Longer than whatever comes of one input.
const BYTES_MAX: usize = 64 << 20;
/// Bits of the byte that says the dialects: whether the SDK is asked, if none of these is set, and whether
/// the records are drawn.
const UNASKED: u8 = 0b0011_0000;
const DRAWN: u8 = 0b1000_0000;
const SPANS: u64 = 3;
const DIALECTS: [Dialect; 4] =
    [Dialect::Page, Dialect::GenAi, Dialect::GenAi141, Dialect::OpenInference];

const PLAIN: CallsiteFacts = CallsiteFacts {
    name: "plain",
    kind: SpanKind::Internal,
    function: "agent::plain",
    module: "agent",
    file: "agent.rs",
    line: 7,
    scope_name: "agent",
    scope_version: "1.0",
    attributes: &[],
};

static CALLSITES: [Callsite; 3] = [
    Callsite::new(&PLAIN),
    Callsite::new(&CallsiteFacts {
        name: "{key 201} {key 202} {error.type} {{}}",
        attributes: &[
            (Key::new("key 201"), Value::I64(-1)),
            (Key::new("key 202"), Value::Bool(true)),
            (Key::new("gen_ai.usage.cost"), Value::F64(0.5)),
        ],
        ..PLAIN
    }),
    Callsite::new(&CallsiteFacts { scope_name: "tools", kind: SpanKind::Client, ..PLAIN }),
];

/// What joins and writes spans, by dialects; of encoders one for each bound.
type Kept = (HashMap<u8, Joiner>, HashMap<(u8, usize), Requests>);

thread_local! {
    /// It takes longer to make them than to encode a few spans.
    static KEPT: RefCell<Kept> = RefCell::default();
}

fuzz_target!(|bytes: &[u8]| KEPT.with_borrow_mut(|kept| encode(kept, bytes)));

fn encode((joiners, encoders): &mut Kept, bytes: &[u8]) {
    static KEY_IDS: OnceLock<Vec<KeyId>> = OnceLock::new();
    let keys = KEY_IDS.get_or_init(interned);
    let (&[bytes_max, how], records) = bytes.split_first_chunk().unwrap_or((&[0, 0], bytes));
    // Half of all inputs are records, of every kind and with every type of value; the others nearly so.
    let words = if how & DRAWN != 0 { drawn(records, keys) } else { words(records) };
    let dialects = how % 16;
    let joiner = joiners.entry(dialects).or_insert_with(|| joiner(dialects));
    let spans = joiner.join(&words);
    let mut write = |bytes_max, see: &mut dyn FnMut(usize, &[u8])| {
        let encoder = encoders.entry((dialects, bytes_max));
        encoder.or_insert_with(|| Requests::of(&spans, bytes_max)).write(&spans, see)
    };
    let mut all = spans.spans();
    write(BYTES_MAX, &mut |count, request| match how & UNASKED {
        0 => oracle::check(request, all.by_ref().take(count)),
        _ => all.by_ref().take(count).for_each(drop),
    });
    assert_eq!(all.count(), 0, "no span is left out");
    let bytes_max = usize::from(bytes_max % 16).pow(2) * 16;
    let mut seen = 0;
    let lost = write(bytes_max, &mut |count, request| {
        assert!(request.len() <= bytes_max);
        assert!(count == 0 || oracle::spans(request).len() == count);
        seen += count;
    });
    assert_eq!(seen + lost, spans.spans().count());
}

fn joiner(chosen: u8) -> Joiner {
    let chosen = DIALECTS.iter().enumerate().filter(|(place, _)| chosen >> place & 1 != 0);
    let dialects: Dialects = chosen.map(|(_, dialect)| *dialect).collect();
    Joiner::of("fuzz", dialects, "exo")
}

/// Gives every key a number: those that a dialect knows, then others.
fn interned() -> Vec<KeyId> {
    let names = __encode::names();
    let key = |number| {
        let other = || -> &'static str { format!("key {number}").leak() };
        let name = names.get(number).copied().unwrap_or_else(other);
        let key: &'static InternedKey = Box::leak(Box::new(InternedKey::new(Key::new(name))));
        key.id()
    };
    let mut keys: Vec<KeyId> = (0..KEYS).map(key).collect();
    keys.truncate(names.len() + 16);
    keys
}

/// Draws records, of a few spans.
fn drawn(bytes: &[u8], keys: &[KeyId]) -> Vec<u64> {
    static RING: Ring<[Slot; 1 << 13]> = Ring::new();
    let (writer, mut reader) = (RING.writer(|| {}), RING.reader());
    let (mut script, mut words, mut record) = (Script::new(bytes), Vec::new(), [0; 1 << 10]);
    while !script.rest().is_empty() {
        let callsite = script.below(4);
        writer.record(&Drawn::with_keys(&mut script, keys).record()).expect("it is empty");
        let read = reader.read(&mut record);
        place(&mut record[..read], callsite);
        words.extend_from_slice(&record[..read]);
    }
    words
}

/// Makes words of bytes: a kind, a length and a call site, then the words of one record, and again.
fn words(mut bytes: &[u8]) -> Vec<u64> {
    let mut words = Vec::new();
    while let Some((&[kind, len, callsite], rest)) = bytes.split_first_chunk() {
        let len = usize::from(len % 24) + 2;
        let (record, after) = rest.split_at(rest.len().min(len * 8));
        bytes = after;
        let start = words.len();
        let chunks = record.chunks_exact(8);
        words.extend(chunks.map(|word| u64::from_le_bytes(word.try_into().expect("eight bytes"))));
        shape(&mut words[start..], u64::from(kind) % 7 + 1, usize::from(callsite));
    }
    words
}

/// Puts right what chance alone seldom does: kind, length, call site, and a span that is there.
fn shape(record: &mut [u64], kind: u64, callsite: usize) {
    let len = record.len() as u64;
    if let Some(header) = record.first_mut() {
        let few = *header >> 24 & 3;
        *header = *header & 0x1f_ff00 | few << 24 | kind | len << 32;
    }
    place(record, callsite);
}

/// Puts a record to one of few spans, and a span to one of few call sites.
fn place(record: &mut [u64], callsite: usize) {
    let id = CALLSITES.get(callsite % 4).and_then(Callsite::id);
    let site = id.map_or(0, |id| u64::from(id.to_number()));
    let is_span = record.first().is_some_and(|header| *header as u8 == 1);
    if let Some(header) = record.first_mut().filter(|_| is_span) {
        // The trace of a span is sampled, or no request holds it.
        *header = *header & (u64::MAX >> 16) | site << 48 | 1 << 8;
    }
    if let Some(span_id) = record.get_mut(if is_span { 3 } else { 1 }) {
        *span_id = *span_id % SPANS + 1;
    }
}
