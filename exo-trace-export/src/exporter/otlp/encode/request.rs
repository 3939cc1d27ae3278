//! The frame around the spans: one resource, and a list of spans for each instrumentation scope.
//!
//! Spans of different call sites come mixed. Those of the first scope of a request are written where
//! the request itself is, which for most programs is all of them; each other scope has a sheet of its
//! own that is copied behind the first when the request is finished.

use super::any_value::put_attribute;
use super::protobuf::{close_long, open_long, open_long_len, put_sized, put_text};
use crate::exporter::otlp_schema::SCHEMA_URL;
use crate::resource::Resource;
use crate::span_data::Scope;
use bytes::Bytes;

/// How much memory a sheet that is not in use may keep.
const IDLE_BYTES_MAX: usize = 64 << 10;

/// The field of `ExportTraceServiceRequest`.
const RESOURCE_SPANS: u8 = 1;
/// Fields of `ResourceSpans`.
const RESOURCE: u8 = 1;
const SCOPE_SPANS: u8 = 2;
/// The field of `Resource`.
const RESOURCE_ATTRIBUTES: u8 = 1;
/// The field of `ScopeSpans` with the scope; its spans are written elsewhere.
const SCOPE: u8 = 1;
/// Fields of `InstrumentationScope`.
const SCOPE_NAME: u8 = 1;
const SCOPE_VERSION: u8 = 2;
/// A field of `ResourceSpans` and of `ScopeSpans`.
const SCHEMA: u8 = 3;

/// All that stands around the spans of a request.
#[derive(Debug)]
pub(super) struct Sheets {
    /// What a request begins with: `ResourceSpans`, its resource in it.
    head: Box<[u8]>,
    /// The field `schema_url`.
    schema: Box<[u8]>,
    sheets: Vec<Sheet>,
    /// The scopes in this request, in the order they came.
    open: Vec<usize>,
    /// How long the request would be with the spans it has.
    len: usize,
    /// How long the last request was: room that the next one will need.
    last_len: usize,
}

/// The spans of one scope.
#[derive(Debug)]
struct Sheet {
    scope: Scope,
    /// What its `ScopeSpans` begin with.
    head: Box<[u8]>,
    bytes: Vec<u8>,
}

/// Where the bytes of a sheet ended before a span was written to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    sheet: usize,
    is_new: bool,
    bytes: usize,
    len: usize,
}

impl Sheets {
    pub(super) fn new(resource: &Resource) -> Self {
        let mut attributes = Vec::new();
        for (key, value) in resource.attributes() {
            put_attribute(&mut attributes, RESOURCE_ATTRIBUTES, key, value);
        }
        let mut head = Vec::new();
        open_long(&mut head, RESOURCE_SPANS);
        put_sized(&mut head, RESOURCE, attributes.len());
        head.extend_from_slice(&attributes);
        let mut schema = Vec::new();
        put_text(&mut schema, SCHEMA, SCHEMA_URL);
        let (sheets, open) = (Vec::new(), Vec::new());
        Self { head: head.into(), schema: schema.into(), sheets, open, len: 0, last_len: 0 }
    }

    /// Returns the place of a scope's sheet.
    pub(super) fn of(&mut self, scope: Scope) -> usize {
        let known = self.sheets.iter().position(|sheet| sheet.scope == scope);
        known.unwrap_or_else(|| {
            let mut content = Vec::new();
            put_text(&mut content, SCOPE_NAME, scope.name);
            put_text(&mut content, SCOPE_VERSION, scope.version);
            let mut head = Vec::new();
            open_long(&mut head, SCOPE_SPANS);
            put_sized(&mut head, SCOPE, content.len());
            head.extend_from_slice(&content);
            self.sheets.push(Sheet { scope, head: head.into(), bytes: Vec::new() });
            self.sheets.len() - 1
        })
    }

    /// How many bytes the request would have.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How many bytes the request would have with this sheet open.
    pub(super) fn len_with(&self, sheet: usize) -> usize {
        let sheet = &self.sheets[sheet];
        let opened = if sheet.bytes.is_empty() { sheet.head.len() + self.schema.len() } else { 0 };
        let begun = if self.open.is_empty() { self.head.len() + self.schema.len() } else { 0 };
        self.len + opened + begun
    }

    /// Opens a sheet for one more span, and returns where that can be undone and its bytes.
    #[inline]
    pub(super) fn write(&mut self, sheet: usize) -> (Mark, &mut Vec<u8>) {
        let is_new = self.sheets[sheet].bytes.is_empty();
        let (len, open) = (self.len, self.open.len());
        if is_new {
            self.begin(sheet);
        }
        let bytes = &mut self.sheets[sheet].bytes;
        let before = bytes.len();
        debug_assert!(!is_new || self.open.len() == open + 1, "a sheet is open or empty");
        (Mark { sheet, is_new, bytes: before, len }, bytes)
    }

    #[cold]
    #[inline(never)]
    fn begin(&mut self, place: usize) {
        let Self { head, schema, sheets, open, len, last_len } = self;
        let sheet = &mut sheets[place];
        if open.is_empty() {
            sheet.bytes.reserve(*last_len);
            sheet.bytes.extend_from_slice(head);
            *len = head.len() + schema.len();
        }
        sheet.bytes.extend_from_slice(&sheet.head);
        *len += sheet.head.len() + schema.len();
        open.push(place);
    }

    /// Counts what was written since `mark`.
    #[inline]
    pub(super) fn written(&mut self, mark: Mark) {
        self.len += self.sheets[mark.sheet].bytes.len() - mark.bytes;
    }

    /// Takes back what was written since `mark`.
    pub(super) fn undo(&mut self, mark: Mark) {
        let bytes = &mut self.sheets[mark.sheet].bytes;
        if mark.is_new {
            bytes.clear();
            self.open.pop();
        } else {
            bytes.truncate(mark.bytes);
        }
        self.len = mark.len;
    }

    /// Returns the request and begins another; empty when it has no spans.
    pub(super) fn finish(&mut self) -> Bytes {
        let Self { head, schema, sheets, open, len, last_len } = self;
        let mut places = std::mem::take(open).into_iter();
        let Some(first) = places.next() else { return Bytes::new() };
        let mut request = std::mem::take(&mut sheets[first].bytes);
        request.extend_from_slice(schema);
        close_long(&mut request, head.len() + open_long_len());
        for place in places {
            let start = request.len() + open_long_len();
            let bytes = &mut sheets[place].bytes;
            request.append(bytes);
            bytes.shrink_to(IDLE_BYTES_MAX);
            request.extend_from_slice(schema);
            close_long(&mut request, start);
        }
        request.extend_from_slice(schema);
        close_long(&mut request, open_long_len());
        debug_assert_eq!(request.len(), *len, "a request is as long as it was measured");
        *last_len = std::mem::take(len);
        request.into()
    }
}
