//! Any words are a record or an error; a record goes through a ring and comes out the same.
#![no_main]

use exo_trace_core::{Record, Ring, Slot};
use libfuzzer_sys::fuzz_target;

/// The longest record a ring of [`RING_WORDS`] takes.
const RECORD_WORDS_MAX: usize = 1 << 10;
const RING_WORDS: usize = RECORD_WORDS_MAX << 3;

/// One ring for all inputs: each goes on where the last stopped, so every place in a lap occurs.
static RING: Ring<[Slot; RING_WORDS]> = Ring::new();

fuzz_target!(|bytes: &[u8]| {
    let mut words: Vec<u64> = bytes
        .chunks_exact(8)
        .take(RECORD_WORDS_MAX)
        .map(|word| u64::from_ne_bytes(word.try_into().expect("eight bytes")))
        .collect();
    check(&words);
    // Once more with the header's length set right, which chance alone seldom does.
    let length = words.len() as u64;
    if let Some(header) = words.first_mut() {
        *header = *header & !(0xffff << 32) | length << 32;
        check(&words);
    }
});

fn check(words: &[u64]) {
    let Ok(record) = Record::decode(words) else { return };
    let once = through_the_ring(&record);
    let again = Record::decode(&once).expect("what the writer wrote is a record");
    assert_eq!(through_the_ring(&again), once);
    // A record with a NaN in it does not equal itself; its words were compared above.
    assert!(again == record || record != record);
}

fn through_the_ring(record: &Record<'_>) -> Vec<u64> {
    let writer = RING.writer(|| {});
    writer.record(record).expect("an empty ring of eight times its length has room");
    let mut words = vec![0; RECORD_WORDS_MAX];
    let filled = RING.reader().read(&mut words);
    words.truncate(filled);
    words
}
