//! Programs that want to see each span: registered by name, isolated from each other.
//!
//! Each consumer has its own thread and its own bounded queue, so a slow one loses only its own
//! spans. A panic is caught, counted, and the next span comes as if nothing had happened. Spans
//! made inside `consume` are suppressed, or a consumer would feed itself.

use crate::SpanData;
use crate::note::note;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Sees each finished span once.
///
/// ```
/// use exo_trace_export::{SpanConsumer, SpanData, register_consumer, unregister_consumer};
/// use std::fs::OpenOptions;
/// use std::io::Write;
///
/// struct LogConsumer;
///
/// impl SpanConsumer for LogConsumer {
///     fn consume(&self, span: &SpanData<'_>) {
///         let file = OpenOptions::new().create(true).append(true).open("spans.log");
///         if let Ok(mut file) = file {
///             let _ = writeln!(file, "{span}");
///         }
///     }
/// }
///
/// register_consumer(LogConsumer);
/// # unregister_consumer(std::any::type_name::<LogConsumer>());
/// ```
pub trait SpanConsumer: Send + Sync + 'static {
    /// Looks at one span. May be slow, may panic: neither reaches anybody else.
    #[doc(alias = "dispatch_spans")]
    fn consume(&self, span: &SpanData<'_>);

    /// Returns the name it is registered under: the type's, unless it says otherwise.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }
}

static CONSUMERS: Mutex<Vec<Arc<dyn SpanConsumer>>> = Mutex::new(Vec::new());
/// Counts changes, so that the drain looks at the list only when it changed.
static CHANGES: AtomicU64 = AtomicU64::new(0);

fn consumers() -> MutexGuard<'static, Vec<Arc<dyn SpanConsumer>>> {
    CONSUMERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn changed() {
    // Relaxed: the list itself is behind its lock.
    CHANGES.fetch_add(1, Relaxed);
}

/// Registers a consumer, before or after `init`, with any backend.
///
/// One of the same name is replaced in its place, which is said once on standard error.
#[doc(alias = "register_span_consumer")]
pub fn register_consumer(consumer: impl SpanConsumer) {
    let consumer: Arc<dyn SpanConsumer> = Arc::new(consumer);
    let mut list = consumers();
    let same = list.iter().position(|known| known.name() == consumer.name());
    let replaced = match same.and_then(|place| list.get_mut(place)) {
        Some(known) => Some(std::mem::replace(known, Arc::clone(&consumer))),
        None => {
            list.push(Arc::clone(&consumer));
            None
        }
    };
    drop(list);
    changed();
    if replaced.is_some() {
        note(format_args!(
            "consumer {:?} is registered again and replaces itself",
            consumer.name()
        ));
    }
}

/// Takes a consumer out; `false` when none has this name.
pub fn unregister_consumer(name: &str) -> bool {
    let mut list = consumers();
    let before = list.len();
    let mut gone = Vec::new();
    list.retain(|consumer| {
        let stays = consumer.name() != name;
        if !stays {
            gone.push(Arc::clone(consumer));
        }
        stays
    });
    let is_gone = list.len() < before;
    // A consumer's own destructor may register another: not under the lock.
    drop(list);
    drop(gone);
    changed();
    is_gone
}

/// Returns the names of all consumers, in the order they were registered.
#[doc(alias = "list_span_consumers")]
pub fn list_consumers() -> Vec<String> {
    consumers().iter().map(|consumer| consumer.name().to_owned()).collect()
}

/// Returns the consumer with this name.
#[doc(alias = "get_span_consumer")]
pub fn get_consumer(name: &str) -> Option<Arc<dyn SpanConsumer>> {
    consumers().iter().find(|consumer| consumer.name() == name).map(Arc::clone)
}

/// Takes all consumers out.
#[doc(alias = "clear_span_consumers")]
pub fn clear_consumers() {
    let gone = std::mem::take(&mut *consumers());
    drop(gone);
    changed();
}

/// Returns all consumers if the list is another than at `seen`.
pub(crate) fn changes_since(seen: &mut Option<u64>) -> Option<Vec<Arc<dyn SpanConsumer>>> {
    // Relaxed: a change seen a pass later is seen early enough.
    let now = CHANGES.load(Relaxed);
    if *seen == Some(now) {
        return None;
    }
    *seen = Some(now);
    Some(consumers().clone())
}
