//! Where a board's bytes come from.

use std::fs::File;
use std::io::{self, Read};
use std::net::TcpStream;

/// Opens a serial port, a file, a socket or standard input by its name.
pub(crate) fn open(name: &str) -> io::Result<Box<dyn Read + Send>> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
    Ok(match (name, name.strip_prefix("tcp://")) {
        ("-", _) => Box::new(io::stdin()),
        (_, Some(address)) => Box::new(TcpStream::connect(address).map_err(named)?),
        (path, None) => Box::new(File::open(path).map_err(named)?),
    })
}
