//! The layer itself: what `tracing` reports, passed on to the span it is about.
//!
//! What belongs to a span stands among its extensions. Fields are shown to us by code of their own,
//! which may use `tracing` again; so none is looked at while the extensions are locked.

use super::entered;
use super::event;
use super::fields::{SaidOfItself, SpanFields, Speaker};
use super::site::Site;
use crate::recording::{Bridged, Facts};
use crate::sync::{Relaxed, StaticAtomicU32};
use exo_trace_core::Current;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Subscriber};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

/// Returns a layer that turns spans and events of `tracing` into those of the current trace.
pub fn layer() -> Layer {
    static LAYERS: StaticAtomicU32 = StaticAtomicU32::new(0);
    // Relaxed: all that is asked of it is to differ.
    Layer { number: LAYERS.fetch_add(1, Relaxed) }
}

/// A layer of `tracing-subscriber` that turns spans and events into those of the current trace.
///
/// [`layer`] makes one. A subscriber takes no more than one: a second records everything again, and ends
/// the first one's spans where they begin.
#[derive(Debug)]
#[must_use = "a layer does nothing until a subscriber has it"]
pub struct Layer {
    /// Tells its spans from those of another subscriber, which numbers its own alike.
    number: u32,
}

impl<S> tracing_subscriber::Layer<S> for Layer
where
    S: Subscriber + for<'l> LookupSpan<'l>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let metadata = attributes.metadata();
        let site = Site::of(metadata);
        let parent = if attributes.is_contextual() {
            None
        } else {
            Some(parent_of(id, &context).unwrap_or(Current::NONE))
        };
        let begun = Bridged::begin(parent, site.map(Site::callsite), metadata.name());
        entered::remember(self.number, id, begun.as_ref().and_then(Bridged::inside));
        let Some(mut span) = begun else { return };
        if span.is_recording() {
            let speaker = Speaker::Beginning(&mut span);
            let mut fields = SpanFields::of(speaker, metadata, site);
            attributes.record(&mut fields);
            let said = fields.finish();
            remember(&mut span, said, site);
        }
        if let Some(place) = context.span(id) {
            // Another layer of ours may have been here.
            place.extensions_mut().replace(span);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(place) = context.span(id) else { return };
        let Some(facts) = facts_of(&place) else { return };
        let is_explained = place.extensions().get().is_some_and(Bridged::is_explained);
        let metadata = place.metadata();
        let site = Site::of(metadata);
        let speaker = Speaker::Later(facts);
        let mut fields = SpanFields::of(speaker, metadata, site).after(is_explained);
        values.record(&mut fields);
        let said = fields.finish();
        if said != SaidOfItself::default()
            && let Some(span) = place.extensions_mut().get_mut::<Bridged>()
        {
            remember(span, said, site);
        }
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        let followed = context.span(follows).and_then(|place| {
            let extensions = place.extensions();
            extensions.get::<Bridged>().and_then(Bridged::span_context)
        });
        let Some(followed) = followed else { return };
        if let Some(facts) = context.span(id).as_ref().and_then(facts_of) {
            facts.add_link(&followed, ());
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let facts = if event.is_contextual() {
            Facts::here()
        } else {
            let place = event.parent().and_then(|id| context.span(id));
            match place.as_ref().and_then(facts_of) {
                Some(facts) => facts,
                None => return,
            }
        };
        if !facts.is_none()
            && event::write(event, facts)
            && let Some(place) = context.event_span(event)
            && let Some(span) = place.extensions().get::<Bridged>()
            && span.is_of(facts)
        {
            span.explain();
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if !entered::enter_last(self.number, id)
            && let Some(place) = context.span(id)
            && let Some(span) = place.extensions().get::<Bridged>()
        {
            entered::enter(self.number, id, span);
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let is_known_elsewhere = entered::exit(self.number, id);
        if is_known_elsewhere
            && let Some(place) = context.span(id)
            && let Some(span) = place.extensions().get::<Bridged>()
        {
            span.mark_foreign();
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(place) = context.span(&id)
            && let Some(span) = place.extensions_mut().get_mut::<Bridged>()
        {
            span.end();
        }
    }
}

/// Keeps with a span what its fields said of it.
fn remember(span: &mut Bridged, said: SaidOfItself, site: Option<&'static Site>) {
    if let (Some(kind), Some(site)) = (said.kind, site) {
        span.relocate(site.callsite_of(kind));
    }
    if said.is_explained {
        span.explain();
    }
}

/// Returns what is current inside the parent that was given to a span, or inside the nearest span
/// above that one which the layer gets to see.
fn parent_of<S>(id: &Id, context: &Context<'_, S>) -> Option<Current>
where
    S: Subscriber + for<'l> LookupSpan<'l>,
{
    let place = context.span(id)?.parent()?;
    let extensions = place.extensions();
    extensions.get().and_then(Bridged::inside)
}

/// Returns what lets this thread say more of a span; `None` where that is not recorded.
fn facts_of<S>(place: &SpanRef<'_, S>) -> Option<Facts>
where
    S: Subscriber + for<'l> LookupSpan<'l>,
{
    let extensions = place.extensions();
    extensions.get::<Bridged>().map(Bridged::facts).filter(|facts| !facts.is_none())
}
