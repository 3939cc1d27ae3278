//! What a tool was given and what it gave back, as JSON.

use serde_json::Value;
use std::borrow::Cow;

/// Something that can be written down as JSON.
///
/// Implemented for texts and for [`serde_json::Value`]. A text that is JSON stays as it is; any other,
/// and whatever an implementation writes that is none, becomes a JSON string.
///
/// ```
/// use exo_trace_std::Content;
///
/// struct Place { latitude: f64, longitude: f64 }
///
/// impl Content for Place {
///     fn write_json(&self, json: &mut String) {
///         json.push_str(&format!("[{},{}]", self.latitude, self.longitude));
///     }
/// }
/// ```
pub trait Content {
    /// Appends itself as JSON. Called where contents are captured, and nowhere else.
    fn write_json(&self, json: &mut String);
}

impl Content for str {
    fn write_json(&self, json: &mut String) {
        json.push_str(self);
    }
}

impl Content for String {
    fn write_json(&self, json: &mut String) {
        self.as_str().write_json(json);
    }
}

impl Content for Cow<'_, str> {
    fn write_json(&self, json: &mut String) {
        self.as_ref().write_json(json);
    }
}

impl Content for Value {
    fn write_json(&self, json: &mut String) {
        json.push_str(&self.to_string());
    }
}

impl<C: Content + ?Sized> Content for &C {
    fn write_json(&self, json: &mut String) {
        (**self).write_json(json);
    }
}
