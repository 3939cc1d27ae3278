//! Where context travels: names with texts, as headers, metadata and maps have them.

use std::collections::HashMap;
use std::hash::BuildHasher;

/// How many bytes of all headers of one name are read as a list, commas included: eight times what
/// baggage may be long, and more than a `tracestate` can fill.
///
/// A member that does not end before it is left out, with all that follow; for a `tracestate` that is an
/// error. So the cost of a request's headers has a bound, whatever its server lets in.
pub const HEADER_BYTES_READ_MAX: usize = 64 << 10;

/// Fields with names that compare without case, to be read and written.
///
/// Implemented for `HashMap<String, String>`, `Vec<(String, String)>` and [`DictCarrier`](super::DictCarrier); with the
/// features `http` and `tonic` for their headers and metadata, and in [`bridge::mcp`](crate::bridge) for JSON.
pub trait Carrier {
    /// Returns the first value under a name.
    fn get(&self, key: &str) -> Option<&str>;

    /// Sets the only value under a name.
    fn set(&mut self, key: &str, value: String);

    /// Shows every value under a name, in their order: a header may stand several times.
    ///
    /// By default the first.
    fn each_value<'c>(&'c self, key: &str, see: &mut dyn FnMut(&'c str)) {
        if let Some(value) = self.get(key) {
            see(value);
        }
    }
}

/// A name that stands there in several cases has several values, in the order of those: a map has none.
impl<S: BuildHasher> Carrier for HashMap<String, String, S> {
    fn get(&self, key: &str) -> Option<&str> {
        let exact = HashMap::get(self, key).map(String::as_str);
        let named = || self.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key));
        exact.or_else(|| named().min().map(|(_, value)| value.as_str()))
    }

    fn set(&mut self, key: &str, value: String) {
        self.retain(|name, _| !name.eq_ignore_ascii_case(key));
        self.insert(key.to_owned(), value);
    }

    fn each_value<'c>(&'c self, key: &str, see: &mut dyn FnMut(&'c str)) {
        let named = self.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key));
        let mut named = named.collect::<Vec<_>>();
        named.sort_unstable();
        named.into_iter().for_each(|(_, value)| see(value));
    }
}

impl Carrier for Vec<(String, String)> {
    fn get(&self, key: &str) -> Option<&str> {
        self.iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value.as_str())
    }

    fn set(&mut self, key: &str, value: String) {
        let place = self.iter().position(|(name, _)| name.eq_ignore_ascii_case(key));
        let mut number = 0;
        self.retain(|(name, _)| {
            number += 1;
            Some(number - 1) == place || !name.eq_ignore_ascii_case(key)
        });
        match place.and_then(|place| self.get_mut(place)) {
            Some((_, old)) => *old = value,
            None => self.push((key.to_owned(), value)),
        }
    }

    fn each_value<'c>(&'c self, key: &str, see: &mut dyn FnMut(&'c str)) {
        let named = self.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key));
        named.for_each(|(_, value)| see(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_list_keeps_its_order_and_one_value_of_what_is_set() {
        let mut list = pairs(&[("Baggage", "a=1"), ("x", "y"), ("BAGGAGE", "b=2")]);
        let mut seen = Vec::new();
        list.each_value("baggage", &mut |value| seen.push(value));
        assert_eq!(seen, ["a=1", "b=2"]);
        Carrier::set(&mut list, "baggage", "c=3".to_owned());
        assert_eq!(list, pairs(&[("Baggage", "c=3"), ("x", "y")]));
    }

    #[test]
    fn a_map_finds_a_name_in_any_case() {
        let mut map: HashMap<_, _> = pairs(&[("Baggage", "a=1")]).into_iter().collect();
        assert_eq!(Carrier::get(&map, "bAGGAGE"), Some("a=1"));
        Carrier::set(&mut map, "baggage", "b=2".to_owned());
        assert_eq!((map.len(), Carrier::get(&map, "baggage")), (1, Some("b=2")));
    }

    #[test]
    fn a_map_has_every_value_of_a_name_in_several_cases() {
        let named = [("b", "3"), ("Baggage", "b=2"), ("BAGGAGE", "a=1")];
        let mut map: HashMap<_, _> = pairs(&named).into_iter().collect();
        let mut seen = Vec::new();
        map.each_value("baggage", &mut |value| seen.push(value));
        assert_eq!((seen, Carrier::get(&map, "baggage")), (vec!["a=1", "b=2"], Some("a=1")));
        Carrier::set(&mut map, "baggage", "c=3".to_owned());
        assert_eq!((map.len(), Carrier::get(&map, "Baggage")), (2, Some("c=3")));
    }
}
