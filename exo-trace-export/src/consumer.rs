//! Programs that want to see each span: registered by name, isolated from each other.
//!
//! Each consumer has its own thread and its own bounded queue, so a slow one loses only its own
//! spans. A panic is caught, counted, and the next span comes as if nothing had happened. Spans
//! made inside `consume` are suppressed, or a consumer would feed itself.

use crate::SpanData;
use crate::note::note;
use exo_trace_std::PerProcess;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};

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
    ///
    /// Asked once, when it is registered.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }
}

/// How many names are remembered, so that nothing is said of them twice.
const NAMES_SAID_MAX: usize = 1_024;

/// A forked child has its parent's, and none where one was just coming or going.
static CONSUMERS: PerProcess<Mutex<List>> = PerProcess::new();
/// Counts changes, so that the drain looks at the list only when it changed.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// Who is registered. No code of the program's own runs while this is locked.
#[derive(Debug, Default)]
struct List {
    registered: Vec<Registered>,
    /// Names of which it was said that they are registered again.
    said: BTreeSet<String>,
}

struct Registered {
    name: String,
    consumer: Arc<dyn SpanConsumer>,
}

impl std::fmt::Debug for Registered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl List {
    /// Puts a consumer in the place of the one of this name, which is returned, or at the end.
    fn put(&mut self, new: Registered) -> Option<Registered> {
        match self.registered.iter_mut().find(|known| known.name == new.name) {
            Some(known) => Some(std::mem::replace(known, new)),
            None => {
                self.registered.push(new);
                None
            }
        }
    }

    /// Tells whether nothing was said of this name yet; from here on it was.
    fn is_news(&mut self, name: &str) -> bool {
        self.said.len() < NAMES_SAID_MAX && self.said.insert(name.to_owned())
    }
}

fn consumers() -> MutexGuard<'static, List> {
    CONSUMERS.lock()
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
    let name = consumer.name().to_owned();
    let consumer: Arc<dyn SpanConsumer> = Arc::new(consumer);
    let mut list = consumers();
    let replaced = list.put(Registered { name: name.clone(), consumer });
    let is_news = replaced.is_some() && list.is_news(&name);
    drop(list);
    changed();
    if is_news {
        note(format_args!("consumer {name:?} is registered again and replaces itself"));
    }
    // Its destructor may register another, or panic: last, and not under the lock.
    drop(replaced);
}

/// Takes a consumer out; `false` when none has this name.
pub fn unregister_consumer(name: &str) -> bool {
    let mut list = consumers();
    let place = list.registered.iter().position(|known| known.name == name);
    let gone = place.map(|place| list.registered.remove(place));
    drop(list);
    changed();
    // As in `register_consumer`: `gone` dies here.
    gone.is_some()
}

/// Returns the names of all consumers, in the order they were registered.
#[doc(alias = "list_span_consumers")]
pub fn list_consumers() -> Vec<String> {
    consumers().registered.iter().map(|known| known.name.clone()).collect()
}

/// Returns the consumer with this name.
#[doc(alias = "get_span_consumer")]
pub fn get_consumer(name: &str) -> Option<Arc<dyn SpanConsumer>> {
    let list = consumers();
    let known = list.registered.iter().find(|known| known.name == name)?;
    Some(Arc::clone(&known.consumer))
}

/// Takes all consumers out.
#[doc(alias = "clear_span_consumers")]
pub fn clear_consumers() {
    let gone = std::mem::take(&mut consumers().registered);
    changed();
    drop(gone);
}

/// Returns all consumers if the list is another than at `seen`.
pub(crate) fn changes_since(seen: &mut Option<u64>) -> Option<Vec<Arc<dyn SpanConsumer>>> {
    // Relaxed: a change seen a pass later is seen early enough.
    let now = CHANGES.load(Relaxed);
    if *seen == Some(now) {
        return None;
    }
    *seen = Some(now);
    Some(consumers().registered.iter().map(|known| Arc::clone(&known.consumer)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_name_is_said_once_and_not_without_end() {
        let mut list = List::default();
        assert!(list.is_news("a") && list.is_news("b"));
        assert!(!list.is_news("a") && !list.is_news("b"));
        (0..2 * NAMES_SAID_MAX).for_each(|n| _ = list.is_news(&n.to_string()));
        assert_eq!(list.said.len(), NAMES_SAID_MAX);
    }
}
