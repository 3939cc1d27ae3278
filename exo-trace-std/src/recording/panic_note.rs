//! What a panic said, and where: noted by a hook, because a destructor cannot see the payload.

use super::facts::Facts;
use super::pen;
use crate::keys;
use exo_trace_core::{Field, Formatted, InternedKey, SpanId, Value, Written};
use std::cell::RefCell;
use std::fmt::Write;
use std::panic::PanicHookInfo;
use std::sync::Once;

/// How many bytes of a panic's message are kept.
const MESSAGE_BYTES_MAX: usize = 512;
/// How many bytes of a panic's file name are kept.
const FILE_BYTES_MAX: usize = 256;

struct Note {
    ticks: u64,
    message: Formatted<MESSAGE_BYTES_MAX>,
    file: Formatted<FILE_BYTES_MAX>,
    line: u32,
}

thread_local! {
    static NOTE: RefCell<Note> = const {
        RefCell::new(Note {
            ticks: 0,
            message: Formatted::new(),
            file: Formatted::new(),
            line: 0,
        })
    };
}

/// Chains a hook that notes each panic's message and place for the spans it ends.
///
/// Once a process: the hook stays, and calls the one that was there before it.
pub fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            note(info);
            before(info);
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    let _ = NOTE.try_with(|note| {
        // Borrowed only here and below, never across a caller's code; a panic in a panic aborts.
        let Ok(mut note) = note.try_borrow_mut() else { return };
        *note = Note {
            // By the thread's own clock: what begins after it, coarse or not, is no older.
            ticks: pen::with(pen::Pen::ticks).unwrap_or_default(),
            message: Formatted::new(),
            file: Formatted::new(),
            line: info.location().map_or(0, |place| place.line()),
        };
        // A text that is too long is cut; the error says only that.
        let _ = note.message.write_str(info.payload_as_str().unwrap_or("(no message)"));
        let _ = note.file.write_str(info.location().map_or("", |place| place.file()));
    });
}

/// Writes what the panic said that ends this span.
///
/// A note older than the span, or as old as one whose times are coarse, is another panic's: this one was
/// resumed, and a payload that is resumed runs no hook.
#[cold]
#[inline(never)]
pub(super) fn write(span_id: Option<SpanId>, start_ticks: u64) {
    let facts = Facts::of_span(span_id);
    let _ = NOTE.try_with(|note| match note.try_borrow() {
        Ok(note) if note.ticks > start_ticks => write_noted(facts, &note),
        _ => facts.fail_with("panic", Field::Value(Value::Text("")), &[]),
    });
}

fn write_noted(facts: Facts, note: &Note) -> bool {
    let place = |key: &'static InternedKey, value| Written {
        key: key.id(),
        order: 0,
        is_cut: false,
        value,
    };
    let file = place(&keys::CODE_FILE_PATH, Value::Text(note.file.as_str()));
    let line = place(&keys::CODE_LINE_NUMBER, Value::I64(note.line.into()));
    let message = Field::Value(Value::Text(note.message.as_str()));
    let places = [file, line];
    facts.fail_with("panic", message, if note.line > 0 { &places } else { &[] })
}
