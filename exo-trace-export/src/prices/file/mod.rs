//! Prices in a TOML file, where feature `toml` is on; `examples/prices.toml` shows the form.

#[cfg(not(feature = "toml"))]
mod disabled;
#[cfg(feature = "toml")]
mod enabled;

#[cfg(not(feature = "toml"))]
pub(crate) use disabled::read_file;
#[cfg(feature = "toml")]
pub(crate) use enabled::read_file;
