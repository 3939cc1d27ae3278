//! Whether contents are captured, what may be kept of them, and how much.
//!
//! We write contents to spans. Of the modes that the variable knows, those with spans switch capture on;
//! `EVENT_ONLY` asks for events alone, which we do not write, so it is noted and nothing is captured.
//!
//! Source: OpenTelemetry's GenAI utilities for Python; `true` and `false` are what older
//! instrumentations read.

use super::TraceConfig;
use super::choices::{Choices, Source};
use super::error::Refusal;
use super::ranges::WholeNumber;
use crate::content::{CONTENT_BYTES_MAX, Editor};
use exo_trace_std::{CONTENT_QUEUE_BYTES_MAX, Redaction, Redactor};
use std::borrow::Cow;
use std::ops::RangeInclusive;

const CAPTURE: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
const EXPECTED: &str = "NO_CONTENT, SPAN_ONLY, SPAN_AND_EVENT, true or false";
const BYTES_RANGE: RangeInclusive<usize> = 64..=16 << 20;
const QUEUE_BYTES_RANGE: RangeInclusive<usize> = 4 << 10..=1 << 30;

/// What code says of contents.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SaidOfContent {
    capture: Option<bool>,
    bytes_max: Option<usize>,
    queue_bytes_max: Option<usize>,
    redactor: Option<Redactor>,
}

#[cfg(feature = "serde")]
impl SaidOfContent {
    pub(super) fn of_switch(capture: Option<bool>) -> Self {
        Self { capture, ..Self::default() }
    }
}

/// What was said, by whoever uses the program: not captured unless asked for.
impl TraceConfig {
    /// Says whether messages, and what tools are given and give back, are captured; off by default.
    ///
    /// It is what people wrote and read, and it goes wherever the spans go. See [`TraceConfig::redact`].
    #[must_use]
    pub fn capture_content(mut self, capture_content: bool) -> Self {
        self.content.capture = Some(capture_content);
        self
    }

    /// Sets a rule for what may be stored: it is shown every text of a captured content, and every
    /// value of `extract_args`, and says what stands in its place.
    ///
    /// It sees texts whole, before they are cut. Numbers come as text; roles and types of messages do
    /// not come. Contents are shown on the drain's thread, which a slow rule holds up; arguments where
    /// the call is, before they are written anywhere. A rule that panics costs that content or
    /// argument: a note stands there, and `Losses::redactions_panicked` counts it. Attributes of the
    /// program's own, names and errors do not pass it.
    ///
    /// ```
    /// use exo_trace_export::TraceConfig;
    ///
    /// let config = TraceConfig::new("my-agent").capture_content(true).redact(|place, text| {
    ///     match place.field() {
    ///         Some("password") => "***".into(),
    ///         _ => text.replace("sk-live-", "***").into(),
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn redact(
        mut self,
        rule: impl for<'t> Fn(&Redaction<'_>, &'t str) -> Cow<'t, str> + Send + Sync + 'static,
    ) -> Self {
        self.content.redactor = Some(Redactor::new(rule));
        self
    }

    /// Sets how many bytes of one content are kept. A longer one is cut inside, so that it stays JSON,
    /// and named in `exo.truncated`.
    #[must_use]
    pub fn content_bytes_max(mut self, bytes: usize) -> Self {
        self.content.bytes_max = Some(bytes);
        self
    }

    /// Sets how many bytes of contents may wait for the drain, and as many for spans that are still open.
    /// What finds no room is counted: the newest is refused there, the oldest gives way here.
    #[must_use]
    pub fn content_queue_bytes_max(mut self, bytes: usize) -> Self {
        self.content.queue_bytes_max = Some(bytes);
        self
    }

    /// Decides whether contents are captured.
    pub(super) fn choose_capture(&self, choices: &mut Choices<'_>) -> bool {
        let taken =
            choices.take("capture_content", self.content.capture.map(Ok), &[CAPTURE], read_mode);
        let (capture, source) = taken.unwrap_or((false, Source::Default));
        choices.show("capture_content", capture, source);
        capture
    }

    pub(super) fn choose_content_queue(&self, choices: &mut Choices<'_>) -> usize {
        let bound = WholeNumber {
            field: "content_queue_bytes_max",
            given: self.content.queue_bytes_max,
            variables: &[],
            range: QUEUE_BYTES_RANGE,
            default: CONTENT_QUEUE_BYTES_MAX,
        };
        bound.choose(choices)
    }

    /// Decides what may be kept of a content.
    pub(super) fn choose_editor(&self, choices: &mut Choices<'_>) -> Editor {
        let bound = WholeNumber {
            field: "content_bytes_max",
            given: self.content.bytes_max,
            variables: &[],
            range: BYTES_RANGE,
            default: CONTENT_BYTES_MAX,
        };
        let bytes_max = bound.choose(choices);
        let redactor = self.content.redactor.clone();
        let source = if redactor.is_some() { Source::Code } else { Source::Default };
        choices.show("redact", redactor.is_some(), source);
        Editor { redactor, bytes_max }
    }
}

fn read_mode(text: &str) -> Result<bool, Refusal> {
    match text.to_ascii_lowercase().as_str() {
        "no_content" | "false" => Ok(false),
        "span_only" | "span_and_event" | "true" => Ok(true),
        _ => Err(Refusal::of_text(text, EXPECTED)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws::{in_environment, refused, resolved};
    use super::*;

    #[test]
    fn nothing_is_captured_unless_code_or_the_variable_asks_for_spans() {
        let captures = |mode: &str| in_environment(&[(CAPTURE, mode)]).settings.captures_contents;
        assert!(!in_environment(&[]).settings.captures_contents);
        for mode in ["SPAN_ONLY", "span_and_event", "True"] {
            assert!(captures(mode), "{mode}");
        }
        for mode in ["NO_CONTENT", "no_content", "false", ""] {
            assert!(!captures(mode) && in_environment(&[(CAPTURE, mode)]).notes.is_empty());
        }
        let on = [(CAPTURE, "SPAN_ONLY")];
        let config = TraceConfig::default();
        assert!(!resolved(&config.clone().capture_content(false), &on).settings.captures_contents);
        assert!(resolved(&config.capture_content(true), &[]).settings.captures_contents);
    }

    #[test]
    fn a_mode_that_cannot_be_followed_captures_nothing_and_is_named() {
        for mode in ["EVENT_ONLY", "yes", "1"] {
            let noted = in_environment(&[(CAPTURE, mode)]);
            assert!(!noted.settings.captures_contents);
            assert_eq!(noted.notes, [format!("{CAPTURE} is {mode:?}, expected {EXPECTED}")]);
        }
    }

    #[test]
    fn bounds_have_ranges_and_a_rule_is_equal_to_itself() {
        let refusal = refused(TraceConfig::default().content_bytes_max(10));
        assert!(refusal.starts_with("content_bytes_max is 10, expected a whole number from 64"));
        let config = TraceConfig::default().redact(|_, text| text.into());
        assert_eq!(config, config.clone());
        assert_ne!(config, TraceConfig::default().redact(|_, text| text.into()));
        let shown = config.effective().to_string();
        let line = shown.lines().find(|line| line.starts_with("redact")).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["redact", "true", "code"]);
    }
}
