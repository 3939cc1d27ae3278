//! Trace context and baggage as members of JSON objects, and where those stand in JSON-RPC.

use crate::propagation::{Carrier, DictCarrier, Propagators};
use serde_json::{Map, Value};

/// Members that are texts are read; a name that stands several times in other cases is one name.
impl Carrier for Map<String, Value> {
    fn get(&self, key: &str) -> Option<&str> {
        let in_any_case = || self.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        let member = Self::get(self, key).or_else(|| in_any_case().map(|(_, value)| value));
        member.and_then(Value::as_str)
    }

    fn set(&mut self, key: &str, value: String) {
        self.retain(|name, _| !name.eq_ignore_ascii_case(key));
        self.insert(key.to_owned(), Value::String(value));
    }
}

/// An object is read and written, `null` becomes one; any other value says nothing and stays as it is.
impl Carrier for Value {
    fn get(&self, key: &str) -> Option<&str> {
        self.as_object().and_then(|members| Carrier::get(members, key))
    }

    fn set(&mut self, key: &str, value: String) {
        if self.is_null() {
            *self = Self::Object(Map::new());
        }
        if let Some(members) = self.as_object_mut() {
            Carrier::set(members, key, value);
        }
    }
}

/// The member of a request that holds what it is about.
pub(super) const PARAMS: &str = "params";

/// What a JSON value is in JSON-RPC.
pub(super) enum Part {
    /// A whole request, or a notification.
    Request,
    /// The answer to one.
    Answer,
    /// No message: the `params` of a request, or something in them.
    Params,
}

/// Tells what a value is.
pub(super) fn part_of(value: &Value) -> Part {
    match (value.get("jsonrpc"), value.get("method")) {
        (None, _) => Part::Params,
        (Some(_), Some(_)) => Part::Request,
        (Some(_), None) => Part::Answer,
    }
}

/// Returns the calling thread's context as fields; nothing where there is nothing to say.
pub(super) fn said() -> Option<DictCarrier> {
    let mut said = DictCarrier::new();
    Propagators::chosen().inject(&mut said);
    (!said.is_empty()).then_some(said)
}

/// Writes fields into an object.
pub(super) fn write(object: &mut Value, said: &DictCarrier) {
    said.items().for_each(|(name, value)| Carrier::set(object, name, value.to_owned()));
}

/// Returns a member of an object that is one itself, made where there is none; nothing where another
/// value is in its place.
pub(super) fn member<'v>(object: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    let member = object.as_object_mut()?.entry(name).or_insert(Value::Null);
    if member.is_null() {
        *member = Value::Object(Map::new());
    }
    member.is_object().then_some(member)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_is_found_in_any_case_and_set_once() {
        let mut object = json!({"Baggage": "a=1", "traceparent": 7});
        assert_eq!(Carrier::get(&object, "baggage"), Some("a=1"));
        assert_eq!(Carrier::get(&object, "traceparent"), None);
        Carrier::set(&mut object, "baggage", "b=2".to_owned());
        assert_eq!(object, json!({"traceparent": 7, "baggage": "b=2"}));
    }

    #[test]
    fn only_what_is_an_object_or_nothing_can_be_written() {
        let (mut nothing, mut list) = (Value::Null, json!([1]));
        Carrier::set(&mut nothing, "baggage", "a=1".to_owned());
        Carrier::set(&mut list, "baggage", "a=1".to_owned());
        assert_eq!((nothing, list), (json!({"baggage": "a=1"}), json!([1])));
    }
}
