//! Where spans come from, in OTLP JSON: the process, and the crate of their call sites.

use super::value::KeyValues;
use crate::Scope;
use crate::resource::Resource;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

pub(super) struct OtlpResource<'a>(pub(super) &'a Resource);

impl Serialize for OtlpResource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let attributes: Vec<_> = self.0.attributes().collect();
        let mut resource = serializer.serialize_map(Some(1))?;
        resource.serialize_entry("attributes", &KeyValues(attributes.iter().copied()))?;
        resource.end()
    }
}

pub(super) struct OtlpScope(pub(super) Scope);

impl Serialize for OtlpScope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut scope = serializer.serialize_map(Some(2))?;
        scope.serialize_entry("name", self.0.name)?;
        scope.serialize_entry("version", self.0.version)?;
        scope.end()
    }
}
