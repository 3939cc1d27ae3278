//! How the command is called.

use exo_trace_export::{Protocol, TraceConfig};
use lexopt::{Arg, Parser, ValueExt};
use std::path::PathBuf;
use std::time::Duration;

pub(crate) const HELP: &str = "\
Sends files of OTLP JSON lines, as exo-trace's file exporter writes them, to a collector.

exo-trace-replay [OPTIONS] FILE...

  --endpoint URL      the collector [default: http://localhost:4317]
  --protocol NAME     grpc, http/protobuf or http/json [default: by the port, else grpc]
  --header NAME=VALUE a header of every request; may be given again
  --patience SECONDS  how long one request is tried again while the collector is away [default: 60]
  --help, --version

What is not said here comes from the environment: OTEL_EXPORTER_OTLP_ENDPOINT and the others.
Rotated files are replayed oldest first when they are named so: spans.2.jsonl spans.1.jsonl spans.jsonl

Exit code: 0 when the collector has every span; 1 when it has not; 2 when called wrongly.
A line that a crash tore is named and left out. Nothing is read past the line at which the collector stayed
away, or refused the tenth request in a row.";

const PATIENCE: Duration = Duration::from_secs(60);

/// What somebody wants.
pub(crate) enum Asked {
    Replay(Box<Arguments>),
    Help,
    Version,
}

pub(crate) struct Arguments {
    /// At least one.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) config: TraceConfig,
    pub(crate) patience: Duration,
}

impl Arguments {
    pub(crate) fn read(mut words: Parser) -> Result<Asked, lexopt::Error> {
        let (mut files, mut config, mut patience) = (Vec::new(), TraceConfig::default(), PATIENCE);
        while let Some(word) = words.next()? {
            match word {
                Arg::Value(file) => files.push(PathBuf::from(file)),
                Arg::Long("endpoint") => config = config.endpoint(words.value()?.string()?),
                Arg::Long("protocol") => {
                    let protocol = words.value()?.string()?.parse::<Protocol>();
                    config = config.protocol(protocol.map_err(|error| error.to_string())?);
                }
                Arg::Long("header") => {
                    let header = words.value()?.string()?;
                    // The value may be secret, so it is not shown.
                    let pair = header.split_once('=').ok_or("--header expects NAME=VALUE")?;
                    config = config.headers([pair]);
                }
                Arg::Long("patience") => {
                    patience = Duration::from_secs(words.value()?.parse()?);
                }
                Arg::Long("help") | Arg::Short('h') => return Ok(Asked::Help),
                Arg::Long("version") | Arg::Short('V') => return Ok(Asked::Version),
                unknown => return Err(unknown.unexpected()),
            }
        }
        if files.is_empty() {
            return Err("no file is named, expected at least one".into());
        }
        Ok(Asked::Replay(Box::new(Self { files, config, patience })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Asked, String> {
        Arguments::read(Parser::from_args(words)).map_err(|error| error.to_string())
    }

    #[test]
    fn files_and_options_come_in_any_order() {
        let words =
            ["a.jsonl", "--protocol=http/json", "--header", "k=v=w", "b.jsonl", "--patience=5"];
        let Ok(Asked::Replay(arguments)) = read(&words) else { panic!("it is called rightly") };
        assert_eq!(arguments.files, [PathBuf::from("a.jsonl"), PathBuf::from("b.jsonl")]);
        assert_eq!(arguments.patience, Duration::from_secs(5));
        let config = TraceConfig::default().protocol(Protocol::HttpJson).headers([("k", "v=w")]);
        assert!(arguments.config == config);
    }

    #[test]
    fn a_mistake_is_named_and_a_secret_is_not() {
        for (words, error) in [
            (vec![], "no file is named, expected at least one"),
            (vec!["--header", "secret"], "--header expects NAME=VALUE"),
            (vec!["--speed"], "invalid option '--speed'"),
        ] {
            assert_eq!(read(&words).err().as_deref(), Some(error));
        }
        let error = read(&["--protocol", "smoke"]).err().unwrap();
        assert!(error.contains("grpc, http/protobuf or http/json"), "{error}");
    }
}
