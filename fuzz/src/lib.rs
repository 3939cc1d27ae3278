//! What fuzz targets share: bytes read as a script, records drawn from it, and what should become of them.
pub mod drawn;
pub mod json_drawn;
pub mod lives;
pub mod ring_model;
pub mod script;
