//! The page in Rust, section by section.
