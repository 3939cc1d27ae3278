//! The macros that place a call site where they stand: thin wrappers that know where this crate is.

/// Begins a span that is current until the guard is dropped, at the cost of two clock reads.
///
/// The name is a literal; the attributes follow the one grammar: `step = 1`,
/// `gen_ai.request.model = model`, `"my key" = 1.5`, `[CONSTANT] = 3`, `url = %url`,
/// `request = ?request`, `topic`. They are evaluated only when the span is recorded, and said together: one
/// that leaves early, by `?` or a panic, takes the numbers and truth values before it along.
///
/// ```
/// use exo_trace_std::span_sync;
///
/// let topic = String::from("rings");
/// let _span = span_sync!("research", topic, exo.agent.step = 1);
/// ```
#[macro_export]
macro_rules! span_sync {
    ($($tokens:tt)*) => {
        $crate::__private::span_sync_in!([$crate] $($tokens)*)
    };
}

/// Puts a span around a block or a future: current while it is polled, ended with it.
///
/// ```
/// use exo_trace_std::span_async;
///
/// async fn answer() -> u32 {
///     span_async!("answer", step = 1, { 42 }).await
/// }
/// ```
#[macro_export]
macro_rules! span_async {
    ($($tokens:tt)*) => {
        $crate::__private::span_async_in!([$crate] $($tokens)*)
    };
}

/// Makes an array of attributes on the stack, their keys interned beside it.
///
/// ```
/// use exo_trace_std::{attributes, span_sync};
///
/// let _span = span_sync("search", attributes! { query = "rings", limit = 3 });
/// ```
///
/// A text that is known while compiling can be interned: then it takes one word of a record,
/// whatever its length, instead of a copy.
///
/// ```
/// use exo_trace_std::{InternedKey, Key, attributes, span_sync};
///
/// static MODEL: InternedKey = InternedKey::new(Key::new("claude-with-a-rather-long-name"));
/// let _span = span_sync("chat", attributes! { gen_ai.request.model = MODEL.id() });
/// ```
#[macro_export]
macro_rules! attributes {
    ($($tokens:tt)*) => {
        $crate::__private::attributes_in!([$crate] $($tokens)*)
    };
}
