//! How the command is called.

use lexopt::{Arg, Parser, ValueExt};

pub(crate) const HELP: &str = "\
Hands the spans of a board on to a collector, the console, or both.

exo-trace-bridge [OPTIONS] FROM

  FROM                a serial port or a file, HOST:PORT after tcp://, or - for standard input
  --resource KEY=VALUE  said of a board that does not say it itself; may be given again
  --help

Set the speed of a serial port first: stty -F /dev/ttyACM0 115200 raw
Where spans go comes from the environment: OTEL_TRACES_EXPORTER (otlp, console), OTEL_EXPORTER_OTLP_ENDPOINT
and the others.

Exit code: 0 when every record of the board was delivered; 1 when some were not; 2 when called wrongly.";

/// What somebody wants.
pub(crate) enum Asked {
    Bridge(Arguments),
    Help,
}

pub(crate) struct Arguments {
    pub(crate) from: String,
    pub(crate) resource: Vec<(String, String)>,
}

impl Arguments {
    pub(crate) fn read(mut words: Parser) -> Result<Asked, lexopt::Error> {
        let (mut from, mut resource) = (None, Vec::new());
        while let Some(word) = words.next()? {
            match word {
                Arg::Value(value) if from.is_none() => from = Some(value.string()?),
                Arg::Long("resource") => {
                    let pair = words.value()?.string()?;
                    let (key, value) =
                        pair.split_once('=').ok_or("--resource expects KEY=VALUE")?;
                    resource.push((key.to_owned(), value.to_owned()));
                }
                Arg::Long("help") | Arg::Short('h') => return Ok(Asked::Help),
                unknown => return Err(unknown.unexpected()),
            }
        }
        let from = from.ok_or("nothing to read is named, expected a port, a file, tcp:// or -")?;
        Ok(Asked::Bridge(Self { from, resource }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Asked, String> {
        Arguments::read(Parser::from_args(words)).map_err(|error| error.to_string())
    }

    #[test]
    fn one_stream_is_named_and_as_much_is_said_of_it_as_one_likes() {
        let words = ["--resource=room=a=b", "-", "--resource", "device.id=7"];
        let Ok(Asked::Bridge(arguments)) = read(&words) else { panic!("it is called rightly") };
        assert_eq!(arguments.from, "-");
        let said = [("room", "a=b"), ("device.id", "7")];
        assert_eq!(arguments.resource, said.map(|(key, value)| (key.into(), value.into())));
        assert!(matches!(read(&["--help"]), Ok(Asked::Help)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |words: &[&str]| read(words).err().unwrap_or_default();
        assert!(wrong(&[]).contains("nothing to read"));
        assert!(wrong(&["a", "b"]).contains("unexpected argument"));
        assert!(wrong(&["a", "--resource", "b"]).contains("KEY=VALUE"));
    }
}
