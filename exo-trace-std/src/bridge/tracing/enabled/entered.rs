//! Which spans the calling thread is inside of, and what was current before each.
//!
//! What was current before belongs to the thread, not to the span: several threads may be inside of one
//! span. The list grows with the deepest nesting there was; nothing else of it is allocated. It is without
//! a destructor, which makes it cheap to reach; a second thread-local gives its memory back.
//!
//! Most spans are entered at once where they began, so the last one that began here is remembered: then
//! nobody has to look for it where spans are kept.

use crate::counters::Counter;
use crate::recording::{self, Beside, Bridged, leave};
use exo_trace_core::{Current, Stay};
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use tracing_core::span::Id;

/// How many spans a thread can be inside of at once: more than its stack has room for in most programs.
/// One more is not made current, which is counted.
const ENTERED_MAX: usize = 16_384;

/// Which span it is: the layer's number, and the number that the layer's subscriber has given it.
type Name = (u32, u64);

struct Entered {
    name: Name,
    /// None where tracing was switched off: that entry is there to be left, before an earlier one is.
    stay: Option<Stay>,
    rare: Option<Box<Rare>>,
}

/// What hardly any entry has.
#[derive(Default)]
struct Rare {
    /// As [`Recorder::enter_again`](exo_trace_core::Recorder::enter_again) says it.
    was_gone: Option<Current>,
    /// What OpenTelemetry holds, where we are joined with it: it is there to be dropped.
    beside: Beside,
}

type List = ManuallyDrop<RefCell<Vec<Entered>>>;

thread_local! {
    static BEGUN: Cell<(Name, Current)> = const { Cell::new(((0, 0), Current::NONE)) };
    static ENTERED: List = const { ManuallyDrop::new(RefCell::new(Vec::new())) };
    static AT_THE_END: AtTheEnd = const { AtTheEnd };
}

/// Gives the memory of the list back when the thread ends.
struct AtTheEnd;

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        let _ = ENTERED.try_with(|entered| drop(entered.take()));
    }
}

/// Remembers the span that began last on this thread, or that it is not one of ours.
#[inline]
pub(super) fn remember(layer: u32, id: &Id, own: Option<Current>) {
    let begun = own.map_or(((0, 0), Current::NONE), |own| ((layer, id.into_u64()), own));
    let _ = BEGUN.try_with(|last| last.set(begun));
}

/// Makes the span current that began last on this thread; `false` when that is another one.
///
/// A number is given again only after its span has ended, and by the thread that gave it first: then
/// another one is remembered here, or none.
#[inline]
pub(super) fn enter_last(layer: u32, id: &Id) -> bool {
    let name = (layer, id.into_u64());
    let Ok((last, own)) = BEGUN.try_with(Cell::get) else { return false };
    let is_it = last == name;
    if is_it {
        with_room(|list| recording::enter(own, |stay, was_gone| push(list, name, stay, was_gone)));
    }
    is_it
}

/// Makes a span current on this thread.
pub(super) fn enter(layer: u32, id: &Id, span: &Bridged) {
    let name = (layer, id.into_u64());
    with_room(|list| span.enter(|stay, was_gone| push(list, name, stay, was_gone)));
}

#[inline(always)]
fn push(list: &mut Vec<Entered>, name: Name, stay: Option<Stay>, was_gone: Option<Current>) {
    let rare = was_gone.map(|gone| Box::new(Rare { was_gone: Some(gone), ..Rare::default() }));
    list.push(Entered { name, stay, rare });
}

/// Calls `f` with the list, if it has room for one more.
#[inline(always)]
fn with_room(f: impl FnOnce(&mut Vec<Entered>)) {
    let _ = ENTERED.try_with(|entered| {
        // Borrowed only in this file, where no code of anybody else runs.
        let Ok(mut list) = entered.try_borrow_mut() else { return };
        if list.len() == list.capacity() && !may_grow(&list) {
            return;
        }
        f(&mut list);
        let is_to_tell =
            recording::is_joined() && list.last().is_some_and(|last| last.stay.is_some());
        drop(list);
        if is_to_tell {
            tell_others(entered);
        }
    });
}

/// Makes the span that was entered last current for OpenTelemetry as well. That runs its code, so the
/// list is not borrowed meanwhile.
#[cold]
#[inline(never)]
fn tell_others(entered: &RefCell<Vec<Entered>>) {
    let beside = recording::beside_current();
    if let Ok(mut list) = entered.try_borrow_mut()
        && let Some(last) = list.last_mut()
    {
        last.rare.get_or_insert_default().beside = beside;
    }
}

/// Tells whether the list may grow: not past its bound, which is counted, nor while the thread is torn
/// down and nobody would give its memory back. Then what is current stays so.
#[cold]
#[inline(never)]
fn may_grow(list: &[Entered]) -> bool {
    let is_full = list.len() >= ENTERED_MAX;
    if is_full {
        Counter::EntersRefused.add(1);
    }
    !is_full && AT_THE_END.try_with(|_| ()).is_ok()
}

/// Leaves a span, wherever it was entered among others, and tells whether others may go on to say
/// something of it.
#[inline]
pub(super) fn exit(layer: u32, id: &Id) -> bool {
    let name = (layer, id.into_u64());
    let exited = ENTERED.try_with(|entered| {
        let mut list = entered.try_borrow_mut().ok()?;
        let place = list.iter().rposition(|entered| entered.name == name)?;
        Some(list.remove(place))
    });
    // What OpenTelemetry held is dropped here, where the list is not borrowed any more.
    let Ok(Some(Entered { stay: Some(stay), rare, .. })) = exited else { return false };
    leave(&stay, rare.as_ref().and_then(|rare| rare.was_gone))
}
