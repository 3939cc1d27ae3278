//! A span as one JSON object: the keys that consumers and files rely on.

use super::{Event, Link, SpanData};
use crate::resource::Resource;
use exo_trace_std::{Status, Value};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::fmt;

impl Serialize for SpanData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut span = serializer.serialize_map(Some(14))?;
        span.serialize_entry("name", &self.name())?;
        span.serialize_entry("trace_id", &Shown(self.trace_id()))?;
        span.serialize_entry("span_id", &Shown(self.span_id()))?;
        span.serialize_entry("parent_span_id", &self.parent_span_id().map(Shown))?;
        span.serialize_entry("kind", self.kind().as_str())?;
        span.serialize_entry("start_time_unix_nano", &self.start_unix_nano())?;
        span.serialize_entry("end_time_unix_nano", &self.end_unix_nano())?;
        span.serialize_entry("duration_ms", &(self.duration().as_secs_f64() * 1e3))?;
        span.serialize_entry("status", &StatusObject(&self.status()))?;
        span.serialize_entry("attributes", &Object(|| self.attributes()))?;
        span.serialize_entry("events", &List(|| self.events()))?;
        span.serialize_entry("links", &List(|| self.links()))?;
        span.serialize_entry("resource", self.resource())?;
        let scope = self.scope();
        let scope = [("name", scope.name), ("version", scope.version)];
        span.serialize_entry("scope", &Object(|| scope.map(|(k, v)| (k, Value::Text(v)))))?;
        span.end()
    }
}

impl fmt::Display for SpanData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Object(|| self.attributes()).serialize(serializer)
    }
}

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_map(Some(3))?;
        event.serialize_entry("name", self.name)?;
        event.serialize_entry("time_unix_nano", &self.time_unix_nano)?;
        event.serialize_entry("attributes", &Object(|| self.attributes.iter().copied()))?;
        event.end()
    }
}

impl Serialize for Link<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut link = serializer.serialize_map(Some(3))?;
        link.serialize_entry("trace_id", &Shown(self.context.trace_id))?;
        link.serialize_entry("span_id", &Shown(self.context.span_id))?;
        link.serialize_entry("attributes", &Object(|| self.attributes.iter().copied()))?;
        link.end()
    }
}

/// Something written as its `Display` says.
struct Shown<T>(T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

struct StatusObject<'a>(&'a Status<'a>);

impl Serialize for StatusObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut status = serializer.serialize_map(None)?;
        status.serialize_entry("code", self.0.code().as_str())?;
        if !self.0.description().is_empty() {
            status.serialize_entry("description", self.0.description())?;
        }
        status.end()
    }
}

/// Keys and values as an object, made anew each time it is written.
pub(crate) struct Object<F>(pub(crate) F);

impl<'a, F: Fn() -> I, I: IntoIterator<Item = (&'a str, Value<'a>)>> Serialize for Object<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for (key, value) in (self.0)() {
            object.serialize_entry(key, &Json(value))?;
        }
        object.end()
    }
}

struct List<F>(F);

impl<F: Fn() -> I, I: IntoIterator<Item: Serialize>> Serialize for List<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for item in (self.0)() {
            list.serialize_element(&item)?;
        }
        list.end()
    }
}

struct Json<'a>(Value<'a>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Empty => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(value),
            Value::I64(value) => serializer.serialize_i64(value),
            Value::U64(value) => serializer.serialize_u64(value),
            Value::F64(value) => serializer.serialize_f64(value),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Texts(texts) => {
                let mut list = serializer.serialize_seq(Some(texts.len()))?;
                texts.iter().try_for_each(|text| list.serialize_element(text))?;
                list.end()
            }
            // Interned texts are resolved before they come here.
            _ => Err(S::Error::custom("value has no JSON form")),
        }
    }
}
