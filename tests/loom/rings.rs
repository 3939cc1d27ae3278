//! Lanes of two small records, what is written to them, and what is read.

use crate::lane::Lane;
use exo_trace_core::{Full, Reader, Record, Slot, SpanId, Writer};

/// Two records of [`NAME`]'s length.
const RING_WORDS: usize = 8;
const NAME: &str = "x";
/// Whose threads claim lanes.
pub(crate) const PROCESS: u32 = 7;

/// Returns a lane that a thread has claimed. It lives for ever, so that a thread's writer can be made
/// before the thread is.
///
/// It loads the position that it stores later; why that must not be on its thread is said in `explored`.
pub(crate) fn claimed() -> &'static Lane {
    Box::leak(Box::new(Lane::claimed(RING_WORDS, PROCESS).expect("a power of two")))
}

/// Appends a record of four words that says `number`.
pub(crate) fn record<W: Fn()>(
    writer: &Writer<'_, Box<[Slot]>, W>,
    number: u64,
) -> Result<(), Full> {
    let span_id = SpanId::new(number).expect("not zero");
    writer.record(&Record::Name { span_id, name: NAME })
}

/// Appends a record as a thread does that ends after it.
pub(crate) fn record_last<W: Fn()>(writer: &Writer<'_, Box<[Slot]>, W>, number: u64) {
    record(writer, number).expect("the ring has room");
    writer.close();
}

/// Adds the numbers of all records there are to `numbers`, and tells whether there were any.
pub(crate) fn read(reader: &mut Reader<'_, Box<[Slot]>>, numbers: &mut Vec<u64>) -> bool {
    let mut words = [0; RING_WORDS];
    let filled = reader.read(&mut words);
    let mut rest = &words[..filled];
    while let Some(&header) = rest.first() {
        let (record, after) = rest.split_at(Record::words(header));
        match Record::decode(record) {
            Ok(Record::Name { span_id, name: NAME }) => numbers.push(span_id.to_word()),
            other => panic!("{other:?}, expected a name"),
        }
        rest = after;
    }
    filled > 0
}

/// One visit of the drain.
pub(crate) fn visit(lane: &Lane, numbers: &mut Vec<u64>) {
    lane.empty(|reader| read(reader, numbers));
}
