//! The command line: a question in plain words, and the directory to research.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
Researches a directory of .md and .txt files with a language model and tools.

usage: research_agent [QUESTION…] [--dir DIR]

  QUESTION     what to find out; without it: what happens when a ring is full
  --dir DIR    the directory to research; without it: what stands at the root of this repository
  --help       prints this

environment:
  OPENAI_BASE_URL    a server of the chat-completions protocol, as http://localhost:11434/v1;
                     without it a scripted model answers, which needs no network
  OPENAI_MODEL       the model asked of that server
  OPENAI_API_KEY     sent to that server if set
  OTEL_TRACES_EXPORTER           where spans go: console, memory, otlp, or none; without it the
                                 console, and otlp beside it if an endpoint is given
  OTEL_EXPORTER_OTLP_ENDPOINT    an OpenTelemetry collector, as http://localhost:4317; it needs no
                                 other variable, and the last line says what it got
  COLUMNS, NO_COLOR              how wide to print where no terminal says so; no colours
";

const QUESTION: &str = "What happens when a ring is full, and how many bytes does one thread hold?";
const QUESTION_BYTES_MAX: usize = 4_000;

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Arguments {
    Help,
    /// Without a directory it is about this repository.
    Research {
        question: String,
        directory: Option<PathBuf>,
    },
}

impl Arguments {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    ///
    /// Names an option that does not exist, a missing directory and a question that is too long.
    pub(crate) fn parse(
        arguments: impl IntoIterator<Item = String>,
    ) -> Result<Self, ArgumentError> {
        let mut words = Vec::new();
        let mut directory = None;
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--help" | "-h" => return Ok(Self::Help),
                "--dir" => directory = Some(directory_from(arguments.next())?),
                "--" => words.extend(arguments.by_ref()),
                option if option.starts_with("--dir=") => {
                    let value = option.strip_prefix("--dir=").map(str::to_owned);
                    directory = Some(directory_from(value)?);
                }
                option if option.starts_with('-') => {
                    return Err(ArgumentError::UnknownOption(argument));
                }
                _ => words.push(argument),
            }
        }
        let question = question_from(&words)?;
        Ok(Self::Research { question, directory })
    }
}

fn directory_from(value: Option<String>) -> Result<PathBuf, ArgumentError> {
    let value = value.filter(|value| !value.is_empty());
    value.map(PathBuf::from).ok_or(ArgumentError::NoDirectory)
}

fn question_from(words: &[String]) -> Result<String, ArgumentError> {
    let question = words.join(" ").trim().to_owned();
    match question.len() {
        0 if words.is_empty() => Ok(QUESTION.to_owned()),
        1..=QUESTION_BYTES_MAX if question.contains(char::is_alphanumeric) => Ok(question),
        0..=QUESTION_BYTES_MAX => Err(ArgumentError::NoWords(question)),
        bytes => Err(ArgumentError::LongQuestion(bytes)),
    }
}

/// Why the command line is not understood.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub(crate) enum ArgumentError {
    UnknownOption(String),
    NoDirectory,
    NoWords(String),
    LongQuestion(usize),
}

impl Display for ArgumentError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOption(option) => {
                write!(f, "option is \"{option}\", expected --dir or --help")
            }
            Self::NoDirectory => f.write_str("--dir has no value, expected a directory"),
            Self::NoWords(question) => {
                write!(f, "question is \"{question}\", expected at least one word")
            }
            Self::LongQuestion(bytes) => {
                write!(f, "question has {bytes} bytes, expected at most {QUESTION_BYTES_MAX}")
            }
        }
    }
}

impl std::error::Error for ArgumentError {}

#[cfg(test)]
mod tests {
    use super::{Arguments, QUESTION};
    use std::path::PathBuf;

    fn parse(line: &[&str]) -> Result<(String, Option<PathBuf>), String> {
        match Arguments::parse(line.iter().map(|word| (*word).to_owned())) {
            Ok(Arguments::Research { question, directory }) => Ok((question, directory)),
            Ok(Arguments::Help) => Err("help".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn words_need_no_quotes_and_the_directory_may_stand_anywhere() {
        let expected = ("Who owns a ring?".to_owned(), Some(PathBuf::from("docs")));
        for line in [
            ["Who", "owns", "--dir", "docs", "a", "ring?"].as_slice(),
            &["--dir=docs", "Who owns a ring?"],
        ] {
            assert_eq!(parse(line), Ok(expected.clone()));
        }
        assert_eq!(parse(&[]), Ok((QUESTION.to_owned(), None)));
        assert_eq!(parse(&["--", "--dir", "is what?"]).unwrap().0, "--dir is what?");
    }

    #[test]
    fn what_is_wrong_is_named_with_what_was_expected() {
        for (line, message) in [
            (["--fast"].as_slice(), "option is \"--fast\", expected --dir or --help"),
            (&["--dir"], "--dir has no value, expected a directory"),
            (&["?!"], "question is \"?!\", expected at least one word"),
            (&[""], "question is \"\", expected at least one word"),
            (&["why", "-h"], "help"),
        ] {
            assert_eq!(parse(line), Err(message.to_owned()));
        }
        let long = "x".repeat(4_001);
        assert_eq!(
            parse(&[&long]),
            Err("question has 4001 bytes, expected at most 4000".to_owned())
        );
    }
}
