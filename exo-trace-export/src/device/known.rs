//! What is known of one boot, and what a record means by it, or what it lacks.

use super::identity::Identity;
use super::message::{Span, Told};
use super::origins::{Origin, Origins};
use super::record::{DeviceRecord, DeviceSite, DeviceSpan};
use exo_trace_core::compact::{LocalId, Target};
use exo_trace_core::stream::TICKS_BITS;
use exo_trace_core::{SpanContext, TraceFlags, TraceId};
use std::collections::HashMap;
use std::sync::Arc;

/// How many call sites one boot may name.
const SITES_MAX: usize = 4_096;

/// What a record waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Need {
    /// What the clock says.
    Clock,
    /// The name of the call site with this number.
    Site(u16),
    /// The context of the trace with this root.
    Context(LocalId),
    /// The trace of this span.
    Trace(LocalId),
}

/// What is known of one boot.
#[derive(Debug)]
pub(super) struct Known {
    identity: Identity,
    ticks: Option<u64>,
    sites: HashMap<u16, Arc<DeviceSite>>,
    pub(super) origins: Origins,
}

impl Known {
    /// Begins with a boot's seed.
    pub(super) fn of_boot(seed: u64) -> Self {
        Self {
            identity: Identity::of_boot(seed),
            ticks: None,
            sites: HashMap::from([(0, Arc::new(DeviceSite::not_listed()))]),
            origins: Origins::default(),
        }
    }

    /// Learns what the clock says.
    pub(super) fn learn_ticks(&mut self, ticks: u64) {
        self.ticks = Some(ticks);
    }

    /// Learns what a call site is called; what was known first stands.
    pub(super) fn learn_site(&mut self, site: DeviceSite) {
        if self.sites.len() < SITES_MAX {
            self.sites.entry(site.number).or_insert_with(|| Arc::new(site));
        }
    }

    /// Returns what a record says.
    ///
    /// # Errors
    ///
    /// Says what it lacks first.
    pub(super) fn meaning(&self, told: &Told) -> Result<DeviceRecord, Need> {
        Ok(match *told {
            Told::Span(span) => DeviceRecord::Span(self.span(&span)?),
            Told::Event { site, span, ticks, values } => DeviceRecord::Event {
                site: self.site(site)?,
                span_id: self.identity.span_id(span),
                ticks: self.extended(ticks)?,
                values,
            },
            Told::Attributes { site, span, values } => DeviceRecord::Attributes {
                site: self.site(site)?,
                span_id: self.identity.span_id(span),
                values,
            },
            Told::Text { site, span, is_cut, ref text } => DeviceRecord::Text {
                site: self.site(site)?,
                span_id: self.identity.span_id(span),
                is_cut,
                text: text.clone(),
            },
            Told::Link { span, to } => {
                let context = match to {
                    Target::Remote(context) => context,
                    Target::Local(to) => self.context(to)?,
                };
                DeviceRecord::Link { span_id: self.identity.span_id(span), context }
            }
        })
    }

    fn span(&self, span: &Span) -> Result<DeviceSpan, Need> {
        let (end_ticks, site) = (self.extended(span.end)?, self.site(span.site)?);
        let origin = self.origins.of_span(span).ok_or(Need::Context(span.root))?;
        let (trace_id, flags) = self.trace(span.root, origin);
        let (parent_id, is_parent_remote) = match (span.parent, origin) {
            (Some(parent), _) => (Some(self.identity.span_id(parent)), false),
            (None, Origin::Remote(context)) => (Some(context.span_id), true),
            (None, Origin::Here) => (None, false),
        };
        Ok(DeviceSpan {
            site,
            trace_id,
            span_id: self.identity.span_id(span.id),
            parent_id,
            is_parent_remote,
            flags,
            start_ticks: end_ticks.saturating_sub(span.ticks),
            end_ticks,
            outcome: span.outcome,
            dropped: span.dropped,
            values: span.values,
        })
    }

    fn context(&self, span: LocalId) -> Result<SpanContext, Need> {
        let root = self.origins.root_of(span).ok_or(Need::Trace(span))?;
        let origin = self.origins.of(root).ok_or(Need::Context(root))?;
        let (trace_id, flags) = self.trace(root, origin);
        let span_id = self.identity.span_id(span);
        Ok(SpanContext { trace_id, span_id, flags, is_remote: false })
    }

    fn trace(&self, root: LocalId, origin: Origin) -> (TraceId, TraceFlags) {
        match origin {
            Origin::Remote(context) => (context.trace_id, context.flags),
            Origin::Here => {
                (self.identity.trace_id(root), TraceFlags::SAMPLED.with(TraceFlags::RANDOM))
            }
        }
    }

    fn site(&self, number: u16) -> Result<Arc<DeviceSite>, Need> {
        self.sites.get(&number).cloned().ok_or(Need::Site(number))
    }

    /// Returns the whole tick count that ends in these bits and is nearest to the last anchor's.
    fn extended(&self, low: u64) -> Result<u64, Need> {
        let anchor = self.ticks.ok_or(Need::Clock)?;
        let unused = u64::BITS - TICKS_BITS;
        let distance = (low.wrapping_sub(anchor) << unused) as i64 >> unused;
        Ok(anchor.saturating_add_signed(distance))
    }
}
