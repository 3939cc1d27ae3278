//! How a batch, which only this crate knows, fills a request.

use super::JsonRequest;
use crate::SpanData;
use crate::batch::Batch;
use std::ops::Range;

impl JsonRequest {
    /// Adds spans of `batch` from `places` until the next would pass the bound; returns how many.
    pub(crate) fn push(&mut self, batch: &Batch, mut places: Range<usize>) -> usize {
        let all = places.len();
        let full = places.position(|place| !self.add(&SpanData::borrowed(batch, place)));
        full.unwrap_or(all)
    }

    /// Adds one span that is longer than the bound alone, without what makes it so; `false` when
    /// not even that helps.
    pub(crate) fn push_cut(&mut self, batch: &Batch, place: usize) -> bool {
        self.add_cut(&SpanData::borrowed(batch, place))
    }
}
