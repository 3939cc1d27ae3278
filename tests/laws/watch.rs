//! The laws between spans, checked span by span, for a handful of them or for hours.
//!
//! Spans come in any order. Two pages remember them: what has ended, and which parents their children
//! wait for. When a page is full the older one is forgotten, so memory is bounded, and a span that is
//! spoken of is carried over to the new page. What a watch cannot see therefore:
//!
//! - a parent that came more than a page before its child: that child waits in vain, and counts among
//!   [`Watch::never_came`];
//! - a span that ends again after more than a page: a [`Sample`] of all ids sees a share of those;
//! - whether a child ended within its parent, which is no law: a task may outlive who spawned it.
//!
//! A watch with room for all spans forgets none, and sees all but the last.

use super::sample::{MixedBuild, Sample};
use super::{Broken, Law, alone};
use exo_trace::{SpanData, SpanId};
use std::collections::HashMap;

/// How many numbers a sample remembers at most: one in some thousand after hours.
const SAMPLE_MAX: usize = 1 << 17;

/// Where a span stands, and from when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) span_id: u64,
    pub(crate) trace_id: [u64; 2],
    pub(crate) parent: Parent,
    pub(crate) start_unix_nano: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Parent {
    None,
    /// In another process: nobody here can say whether it exists.
    Remote,
    Here(u64),
}

/// What is known of a span that came, or of one that its children wait for.
#[derive(Clone, Copy, Debug)]
struct Known {
    has_ended: bool,
    trace_id: [u64; 2],
    /// Its own start; of one that is waited for, the earliest start of its children.
    start_unix_nano: u64,
}

type Page = HashMap<u64, Known, MixedBuild>;

#[derive(Debug)]
pub(crate) struct Watch {
    now: Page,
    before: Page,
    page_len: usize,
    ids: Sample,
    roots: Sample,
    seen: u64,
    forgotten_in_vain: u64,
}

impl Watch {
    /// Returns one that remembers at least the last `page_len` spans and parents, with all the memory
    /// it will ever have.
    pub(crate) fn remembering(page_len: usize) -> Self {
        let page =
            || touched(Page::with_capacity_and_hasher(page_len + 2, <_>::default()), page_len);
        let sample = || Sample::of(page_len.min(SAMPLE_MAX));
        let (ids, roots) = (sample(), sample());
        Self { now: page(), before: page(), page_len, ids, roots, seen: 0, forgotten_in_vain: 0 }
    }

    /// Holds the next span to every law.
    pub(crate) fn see(&mut self, span: &SpanData<'_>) -> Result<(), Broken> {
        let placed = self.place(Place::of(span));
        placed.and_then(|()| alone::stands_for_itself(span)).map_err(|broken| broken.of(span))
    }

    /// Holds the next span to the laws between spans.
    pub(crate) fn place(&mut self, place: Place) -> Result<(), Broken> {
        self.seen += 1;
        if self.now.len() >= self.page_len {
            self.turn();
        }
        let ended = self.ends(&place);
        let stands = match place.parent {
            Parent::None => self.is_the_only_root(&place),
            Parent::Remote => Ok(()),
            Parent::Here(parent_id) => self.stands_below(&place, parent_id),
        };
        ended.and(stands)
    }

    /// Returns how many spans it saw.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    /// Returns how many parents did not come, or not yet.
    pub(crate) fn never_came(&self) -> u64 {
        self.forgotten_in_vain + self.awaited().count() as u64
    }

    /// Holds the parents that did not come to having been counted as lost.
    pub(crate) fn parents_exist_but(&self, lost: u64) -> Result<(), Broken> {
        let never_came = self.never_came();
        Broken::unless(never_came <= lost, Law::ParentsExist, || {
            format!("{never_came} never came, and {lost} spans were lost")
        })
    }

    /// Returns the parents that are waited for and not forgotten.
    pub(crate) fn awaited(&self) -> impl Iterator<Item = SpanId> {
        let all = self.now.iter().chain(&self.before);
        all.filter(|(_, known)| !known.has_ended).filter_map(|(id, _)| SpanId::new(*id))
    }

    /// Returns of how many ids one is remembered to the end.
    pub(crate) fn one_in(&self) -> u64 {
        self.ids.one_in()
    }

    fn turn(&mut self) {
        let awaited = self.before.values().filter(|known| !known.has_ended);
        self.forgotten_in_vain += awaited.count() as u64;
        self.before.clear();
        std::mem::swap(&mut self.now, &mut self.before);
    }

    /// Returns what is known of a span, on the page that is not forgotten next.
    fn known(&mut self, id: u64) -> Option<&mut Known> {
        if let Some(known) = self.before.remove(&id) {
            self.now.insert(id, known);
        }
        self.now.get_mut(&id)
    }

    fn ends(&mut self, place: &Place) -> Result<(), Broken> {
        let is_new = self.ids.is_new(place.span_id);
        let own = Known::ended(place);
        let Some(known) = self.known(place.span_id) else {
            self.now.insert(place.span_id, own);
            return Broken::unless(is_new, Law::EndsOnce, || format!("{place:x?}, long before"));
        };
        let awaited = std::mem::replace(known, own);
        Broken::unless(!awaited.has_ended && is_new, Law::EndsOnce, || format!("{place:x?}"))?;
        own.holds(&awaited)
    }

    fn is_the_only_root(&mut self, place: &Place) -> Result<(), Broken> {
        let is_new = self.roots.is_new(place.trace_id[0] ^ place.trace_id[1].rotate_left(32));
        Broken::unless(is_new, Law::OneTraceOneRoot, || format!("{place:x?}"))
    }

    fn stands_below(&mut self, place: &Place, parent_id: u64) -> Result<(), Broken> {
        let child = Known { has_ended: false, ..Known::ended(place) };
        let Some(parent) = self.known(parent_id) else {
            self.now.insert(parent_id, child);
            return Ok(());
        };
        if parent.has_ended {
            return parent.holds(&child);
        }
        parent.start_unix_nano = parent.start_unix_nano.min(place.start_unix_nano);
        let is_kept = parent.trace_id == place.trace_id;
        Broken::unless(is_kept, Law::StandsInItsParentsTrace, || format!("{place:x?}, by siblings"))
    }
}

/// Returns a page all of whose memory was written to once: the system gives none before that, and what
/// grows because a page fills up would look like a leak.
fn touched(mut page: Page, page_len: usize) -> Page {
    let nobody = Known { has_ended: true, trace_id: [0; 2], start_unix_nano: 0 };
    page.extend((0..page_len as u64).map(|id| (id, nobody)));
    page.clear();
    page
}

impl Place {
    fn of(span: &SpanData<'_>) -> Self {
        let parent = match span.parent_span_id() {
            None => Parent::None,
            Some(_) if span.is_parent_remote() => Parent::Remote,
            Some(id) => Parent::Here(u64::from_be_bytes(id.to_bytes())),
        };
        Self {
            span_id: u64::from_be_bytes(span.span_id().to_bytes()),
            trace_id: span.trace_id().to_words(),
            parent,
            start_unix_nano: span.start_unix_nano(),
        }
    }
}

impl Known {
    fn ended(place: &Place) -> Self {
        let Place { trace_id, start_unix_nano, .. } = *place;
        Self { has_ended: true, trace_id, start_unix_nano }
    }

    /// Holds a parent to what its children, of whom `child` began first, ask of it.
    fn holds(&self, child: &Self) -> Result<(), Broken> {
        let is_one_trace = self.trace_id == child.trace_id;
        let how = || format!("{child:x?} in {self:x?}");
        Broken::unless(is_one_trace, Law::StandsInItsParentsTrace, how)?;
        let is_within = child.start_unix_nano >= self.start_unix_nano;
        Broken::unless(is_within, Law::BeginsWithinItsParent, how)
    }
}
