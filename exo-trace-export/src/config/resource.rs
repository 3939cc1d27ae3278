//! Who sends the spans: the service's name and the attributes of its resource.

use super::choices::{Choices, Source};
use super::environment::pairs;
use super::error::Refusal;
use super::{ResourceValue, TraceConfig};

const SERVICE_NAME: &str = "service.name";
const ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";
/// What the service and the namespace are called when nobody says.
const NAME: &str = "exo";

/// A resource attribute, and who gave it.
type Given = (String, ResourceValue, Source);

impl TraceConfig {
    /// Decides the service's name and all attributes: its name first, then the environment's, then
    /// code's, then what this library says of itself, then what was detected. Each key once; code
    /// wins, and what was detected gives way to all others.
    pub(super) fn choose_resource(
        &self,
        choices: &mut Choices<'_>,
    ) -> (String, Vec<(String, ResourceValue)>) {
        let attributes = self.attributes(choices);
        let (service_name, source) = self.service_name_among(&attributes, choices);
        choices.show("service_name", &service_name, source);
        let mut resource = vec![(SERVICE_NAME.to_owned(), service_name.as_str().into())];
        for (key, value, source) in attributes.into_iter().filter(|given| given.0 != SERVICE_NAME) {
            choices.show(&format!("resource.{key}"), &value, source);
            resource.push((key, value));
        }
        for (key, value) in [
            ("telemetry.sdk.name", "exo-trace"),
            ("telemetry.sdk.language", "rust"),
            ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
        ] {
            if is_new(&resource, key) {
                resource.push((key.to_owned(), value.into()));
            }
        }
        let surroundings = choices.surroundings;
        for (key, value) in &surroundings.detected.0 {
            if is_new(&resource, key) {
                choices.show(&format!("resource.{key}"), value, Source::Detected);
                resource.push(((*key).to_owned(), value.clone()));
            }
        }
        (service_name, resource)
    }

    /// Decides the namespace; an empty one counts as unset.
    pub(super) fn choose_namespace(&self, choices: &mut Choices<'_>) -> String {
        let given = self.namespace.clone().filter(|namespace| !namespace.is_empty());
        let source = if given.is_some() { Source::Code } else { Source::Default };
        let namespace = given.unwrap_or_else(|| NAME.to_owned());
        choices.show("namespace", &namespace, source);
        namespace
    }

    /// Joins the environment's attributes with code's.
    fn attributes(&self, choices: &mut Choices<'_>) -> Vec<Given> {
        let mut attributes = Vec::new();
        let from_environment = choices.take_variable(ATTRIBUTES, |text| {
            let expected = "a list like `key=value,key=value`, percent-encoded";
            pairs(text).ok_or_else(|| Refusal::of_text(text, expected))
        });
        let (listed, source) = from_environment.unwrap_or((Vec::new(), Source::Default));
        for (key, value) in listed {
            put(&mut attributes, (key, value.into(), source));
        }
        for (key, value) in &self.extra {
            let checked = match key.as_str() {
                "" => Err(Refusal::of_text(key, "a key that is not empty")),
                _ => Ok((key.clone(), value.clone(), Source::Code)),
            };
            if let Some(attribute) = choices.take_code("extra", checked) {
                put(&mut attributes, attribute);
            }
        }
        attributes
    }

    /// Returns the first name that is not empty: the field's, `extra`'s, the variable's, the
    /// attribute list's, the default.
    fn service_name_among(
        &self,
        attributes: &[Given],
        choices: &mut Choices<'_>,
    ) -> (String, Source) {
        let listed = attributes.iter().find(|given| given.0 == SERVICE_NAME);
        let listed = listed.map(|(_, value, source)| (value.to_string(), *source));
        let listed = listed.filter(|(name, _)| !name.is_empty());
        let field = self.service_name.clone().filter(|name| !name.is_empty());
        let in_code = field.map(|name| (name, Source::Code));
        in_code
            .or_else(|| listed.clone().filter(|(_, source)| *source == Source::Code))
            .or_else(|| choices.take_variable("OTEL_SERVICE_NAME", |name| Ok(name.to_owned())))
            .or(listed)
            .unwrap_or_else(|| (NAME.to_owned(), Source::Default))
    }
}

fn is_new(resource: &[(String, ResourceValue)], key: &str) -> bool {
    resource.iter().all(|(known, _)| known != key)
}

fn put(attributes: &mut Vec<Given>, attribute: Given) {
    match attributes.iter_mut().find(|known| known.0 == attribute.0) {
        Some(known) => *known = attribute,
        None => attributes.push(attribute),
    }
}
