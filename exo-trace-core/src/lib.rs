//! What a span is made of and how it leaves a thread: ids, call sites, values, records, rings.
//!
//! No `std`, no `alloc`, no `unsafe`. Nothing on the record path allocates, locks, waits, fails or
//! calls the system; a full ring refuses the newest record and counts it. Threads, tasks and
//! exporters live in other crates: this one never learns that they exist.
//!
//! Start at [`Recorder`] for the writing side and at [`Reader`] for the other.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod attribute;
mod callsite;
mod clock;
pub mod compact;
mod current;
mod detours;
mod ending;
mod formatted;
mod gaps;
mod gathered;
mod hex;
mod id;
mod identity_id;
mod identity_turn;
#[cfg(any(target_has_atomic = "ptr", feature = "critical-section"))]
mod intern;
mod key;
mod number;
mod open_span;
mod padded;
mod reader;
mod record;
mod recorder;
mod reentry;
mod refusal;
mod ring;
mod said;
mod span_context;
mod straight;
#[cfg(feature = "stream")]
pub mod stream;
mod sync;
mod traceparent;
mod value;
mod word;

pub use attribute::{Attribute, AttributeValue, Field};
pub use callsite::{CALLSITES_MAX, Callsite, CallsiteFacts, CallsiteId, SpanKind};
pub use clock::Clock;
pub use current::{Before, Current};
pub use formatted::{FORMATTED_BYTES_MAX, Formatted};
pub use gathered::{GATHERED_WORDS_MAX, Gathered};
pub use id::{IdGenerator, ParseIdError, SpanId, TraceId};
pub use identity_id::IdentityId;
pub use identity_turn::IdentityTurn;
pub use key::{InternedKey, KEYS_MAX, Key, KeyId};
pub use open_span::{ATTRIBUTE_WORDS_MAX, BEFORE_CALL_SITE, OpenSpan};
pub use reader::Reader;
pub use record::{
    DecodeError, Dropped, Encoded, Event, Facts, Failure, Fields, Link, Outcome, Record,
    SpanRecord, StatusCode, StatusRecord, Written,
};
pub use recorder::Recorder;
pub use reentry::Stay;
pub use refusal::{CapacityError, Full};
pub use ring::{RING_WORDS_MIN, Ring, Writer};
pub use said::Said;
pub use span_context::{SpanContext, TraceFlags};
pub use straight::Room;
pub use traceparent::{ParseTraceparentError, TRACEPARENT_BYTES, Traceparent};
pub use value::{Texts, Value};
pub use word::{Atom, Slot};
