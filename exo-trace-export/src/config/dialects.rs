//! By which names attributes are written.

use super::choices::{Choices, Source};
use super::error::Refusal;
use super::{ConfigError, TraceConfig};
use crate::dialect::{Dialect, Dialects};
use std::str::FromStr;

/// No variable of OpenTelemetry's says it: its names are one of several dialects here.
const DIALECTS: &str = "EXO_TRACE_DIALECTS";
const EXPECTED: &str = "page, gen_ai, gen_ai_141 or openinference";

impl TraceConfig {
    /// Decides the dialects; an empty set is refused.
    pub(super) fn choose_dialects(&self, choices: &mut Choices<'_>) -> Dialects {
        let given = self.dialects.map(|given| match given.is_empty() {
            true => Err(Refusal::of("empty", EXPECTED)),
            false => Ok(given),
        });
        let taken = choices.take("dialects", given, &[DIALECTS], read_list);
        let (dialects, source) = taken.unwrap_or((Dialects::default(), Source::Default));
        choices.show("dialects", dialects, source);
        dialects
    }
}

/// Reads words with commas between them; one that is not known refuses the list.
fn read_list(text: &str) -> Result<Dialects, Refusal> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let dialects: Dialects = words.map(read).collect::<Result<_, _>>()?;
    if dialects.is_empty() { Err(Refusal::of_text(text, EXPECTED)) } else { Ok(dialects) }
}

fn read(text: &str) -> Result<Dialect, Refusal> {
    Dialect::with_word(text).ok_or_else(|| Refusal::of_text(text, EXPECTED))
}

impl FromStr for Dialect {
    type Err = ConfigError;

    /// Reads a dialect's word in any case.
    fn from_str(text: &str) -> Result<Self, ConfigError> {
        read(text).map_err(|refusal| refusal.in_field("dialects"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws::{in_environment, refused, resolved};
    use super::*;

    #[test]
    fn code_wins_over_the_variable_and_the_variable_over_the_default() {
        let variable = [(DIALECTS, "OpenInference, gen_ai_141,")];
        let both = Dialects::from([Dialect::GenAi141, Dialect::OpenInference]);
        assert_eq!(in_environment(&[]).dialects, Dialects::default());
        assert_eq!(in_environment(&variable).dialects, both);
        let config = TraceConfig::default().dialects(Dialect::Page);
        assert_eq!(resolved(&config, &variable).dialects, Dialect::Page.into());
        let shown = config.effective().to_string();
        let line = shown.lines().find(|line| line.starts_with("dialects")).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["dialects", "page", "code"]);
    }

    #[test]
    fn a_word_that_is_none_of_them_is_named() {
        let noted = in_environment(&[(DIALECTS, "page,genai")]);
        let message = format!(r#"{DIALECTS} is "genai", expected {EXPECTED}"#);
        assert_eq!((noted.dialects, noted.notes), (Dialects::default(), vec![message]));
        let empty = refused(TraceConfig::default().dialects([]));
        assert_eq!(empty, format!("dialects is empty, expected {EXPECTED}"));
        let comma = in_environment(&[(DIALECTS, ",")]);
        assert_eq!(comma.dialects, Dialects::default());
    }
}
