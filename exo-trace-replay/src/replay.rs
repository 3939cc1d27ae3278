//! Files become requests, one after another; what the collector finds too long goes in halves.

use crate::lines::{LINE_BYTES_MAX, Line, Lines};
use crate::protobuf;
use crate::screen::Screen;
use crate::sum::Sum;
use exo_trace_export::__request::Request;
use exo_trace_export::Protocol;
use exo_trace_export::exporter::Sent;
use serde_json::error::Category;
use std::io::{self, BufRead};
use std::path::Path;

/// What every collector takes as one request.
const REQUEST_BYTES_MAX: usize = 4_000_000;
/// After so many refusals in a row it is not the requests that are wrong, but the place they go to.
const REFUSALS_MAX: u32 = 10;

pub(crate) struct Replay<'a, F> {
    protocol: Protocol,
    screen: &'a Screen,
    send: F,
    sum: Sum,
    refusals: u32,
    /// The collector was away for as long as patience lasted, or took nothing: nor will it the next.
    has_given_up: bool,
}

/// Where a line stands, as it is told to a person.
struct Place<'a>(&'a Path, u64);

impl<'a, F: FnMut(Vec<u8>) -> Sent> Replay<'a, F> {
    pub(crate) fn new(protocol: Protocol, screen: &'a Screen, send: F) -> Self {
        Self { protocol, screen, send, sum: Sum::default(), refusals: 0, has_given_up: false }
    }

    pub(crate) fn sum(&self) -> Sum {
        self.sum
    }

    /// Replays a file; `false` when there is no use in going on.
    pub(crate) fn file(&mut self, path: &Path) -> bool {
        let before = std::mem::take(&mut self.sum);
        let mut lines = 0;
        let read = Lines::open(path).and_then(|from| self.lines_of(from, path, before, &mut lines));
        if let Err(error) = read {
            self.sum.unreadable += 1;
            self.screen.complain(&format!("{}: {error}", path.display()));
        }
        self.screen.file_done(path, lines, &self.sum);
        self.sum += before;
        !self.has_given_up
    }

    fn lines_of(
        &mut self,
        mut from: Lines<impl BufRead>,
        path: &Path,
        before: Sum,
        lines: &mut u64,
    ) -> io::Result<()> {
        while let Some(line) = from.next()? {
            *lines = line.number;
            self.line(&line, path);
            let mut sum = before;
            sum += self.sum;
            self.screen.advance(line.bytes, line.number, &sum);
            if self.has_given_up {
                self.complain(&Place(path, line.number), "given up; what follows was not read");
                break;
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &Line<'_>, path: &Path) {
        let place = Place(path, line.number);
        let Some(text) = line.text else {
            self.sum.unreadable += 1;
            return self.complain(&place, &format!("longer than {LINE_BYTES_MAX} bytes, left out"));
        };
        if text.trim_ascii().is_empty() {
            return;
        }
        match Request::read(text) {
            Ok(request) => self.request(text, request, &place),
            Err(error) if error.classify() == Category::Eof => {
                self.sum.torn += 1;
                self.complain(&place, "torn, left out");
            }
            Err(error) => {
                self.sum.unreadable += 1;
                self.complain(&place, &format!("no OTLP JSON: {error}"));
            }
        }
    }

    /// Sends a line's request, whole if it can be.
    fn request(&mut self, text: &[u8], whole: Request<'_>, place: &Place<'_>) {
        // JSON goes as it stands, with all that we know nothing of.
        let body = match self.protocol {
            Protocol::HttpJson => Ok(text.to_vec()),
            _ => protobuf::encode(&whole),
        };
        let mut parts = self.part(&whole, body, place);
        while let Some(part) = parts.pop() {
            let body = match self.protocol {
                Protocol::HttpJson => serde_json::to_vec(&part),
                _ => protobuf::encode(&part),
            };
            parts.extend(self.part(&part, body, place));
        }
    }

    /// Sends a request, or returns its halves, the first one last.
    fn part<'t>(
        &mut self,
        part: &Request<'t>,
        body: serde_json::Result<Vec<u8>>,
        place: &Place<'_>,
    ) -> Vec<Request<'t>> {
        let spans = part.spans() as u64;
        if spans == 0 {
            return Vec::new();
        }
        let body = match body {
            Ok(body) => body,
            Err(error) => {
                self.fail(spans, &format!("no OTLP JSON: {error}"), place);
                return Vec::new();
            }
        };
        let is_long = body.len() > REQUEST_BYTES_MAX;
        let halves = || part.halves().map(|[first, second]| vec![second, first]);
        if let Some(halves) = is_long.then(halves).flatten() {
            return halves;
        }
        if self.has_given_up {
            self.sum.failed += spans;
            return Vec::new();
        }
        match (self.send)(body) {
            Sent::Accepted { rejected, message } => self.accept(spans, rejected, &message, place),
            Sent::TooLong { reason } => match halves() {
                Some(halves) => return halves,
                None => self.fail(spans, &reason, place),
            },
            Sent::GivenUp { reason } => {
                self.has_given_up = true;
                self.fail(spans, &reason, place);
            }
            Sent::Refused { reason } => {
                self.refusals += 1;
                self.has_given_up = self.refusals >= REFUSALS_MAX;
                self.fail(spans, &reason, place);
            }
            unknown => self.fail(spans, &format!("{unknown:?}"), place),
        }
        Vec::new()
    }

    fn accept(&mut self, spans: u64, rejected: u64, message: &str, place: &Place<'_>) {
        self.refusals = 0;
        let rejected = rejected.min(spans);
        self.sum.accepted += spans - rejected;
        self.sum.rejected += rejected;
        if rejected > 0 {
            self.complain(place, &format!("{rejected} of {spans} spans rejected: {message}"));
        } else if !message.is_empty() {
            self.complain(place, message);
        }
    }

    fn fail(&mut self, spans: u64, reason: &str, place: &Place<'_>) {
        self.sum.failed += spans;
        self.complain(place, &format!("{spans} spans failed: {reason}"));
    }

    fn complain(&self, Place(path, line): &Place<'_>, what: &str) {
        self.screen.complain(&format!("{}:{line}: {what}", path.display()));
    }
}
