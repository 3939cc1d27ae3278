//! A content that is too long, made short enough and still JSON.
//!
//! Long texts are cut first, all to the same length, half as long each time it does not fit yet: a
//! long instruction must not push out the question at the end. If that is not enough, lists lose their
//! last items; what even then does not fit becomes one string of its beginning.

use serde_json::Value;

/// To how many bytes a text is cut at most before items are left out.
const TEXT_BYTES_MIN: usize = 64;

/// Returns JSON of `bytes_max` bytes at most, and whether something is missing.
pub(super) fn cut(value: &Value, bytes_max: usize) -> (String, bool) {
    let mut text_max = bytes_max;
    loop {
        let mut writer =
            Writer { json: String::new(), bytes_max, text_max, is_cut: false, is_short: false };
        let fits = writer.value(value, 0);
        let is_last = text_max <= TEXT_BYTES_MIN;
        if fits && (!writer.is_short || is_last) {
            return (writer.json, writer.is_cut);
        }
        if is_last {
            return (beginning(value, bytes_max), true);
        }
        text_max /= 2;
    }
}

/// Returns one JSON string with the beginning of a value's own JSON.
fn beginning(value: &Value, bytes_max: usize) -> String {
    let json = value.to_string();
    quoted(&json, bytes_max).0
}

/// Returns a JSON string of `bytes_max` bytes at most, quotes included, and whether it was cut.
fn quoted(text: &str, bytes_max: usize) -> (String, bool) {
    let mut kept = text.get(..text.floor_char_boundary(bytes_max)).unwrap_or_default();
    loop {
        let json = Value::from(kept).to_string();
        if json.len() <= bytes_max.max(2) {
            return (json, kept.len() < text.len());
        }
        // Escapes are longer than what they stand for: by so much at least it is too long.
        let over = (json.len() - bytes_max.max(2)).div_ceil(6).max(1);
        kept = kept
            .get(..kept.floor_char_boundary(kept.len().saturating_sub(over)))
            .unwrap_or_default();
    }
}

struct Writer {
    json: String,
    bytes_max: usize,
    text_max: usize,
    /// Whether something is missing.
    is_cut: bool,
    /// Whether a list is shorter than it was.
    is_short: bool,
}

impl Writer {
    /// Appends a value, and leaves room for `reserved` bytes after it; `false` where it does not fit.
    fn value(&mut self, value: &Value, reserved: usize) -> bool {
        match value {
            Value::String(text) => {
                let (json, is_cut) = quoted(text, self.text_max);
                self.is_cut |= is_cut;
                self.push(&json, reserved)
            }
            Value::Array(items) => self.items(items, reserved),
            Value::Object(fields) => {
                let fields: Vec<_> = fields.iter().collect();
                self.fields(&fields, reserved)
            }
            scalar => self.push(&scalar.to_string(), reserved),
        }
    }

    fn items(&mut self, items: &[Value], reserved: usize) -> bool {
        if !self.push("[", reserved + 1) {
            return false;
        }
        for (place, item) in items.iter().enumerate() {
            let before = self.json.len();
            let separator = if place == 0 { "" } else { "," };
            if !self.push(separator, reserved + 1) || !self.value(item, reserved + 1) {
                self.json.truncate(before);
                (self.is_cut, self.is_short) = (true, true);
                break;
            }
        }
        self.push("]", reserved)
    }

    /// Never leaves one out: who reads a message needs its role.
    fn fields(&mut self, fields: &[(&String, &Value)], reserved: usize) -> bool {
        // Later ones have their room before an earlier one takes all.
        let least = |(name, value): &(&String, &Value)| name.len() + 4 + self.least(value);
        let mut rest: usize = fields.iter().map(least).sum::<usize>() + 1;
        if !self.push("{", reserved + rest) {
            return false;
        }
        for (place, (name, value)) in fields.iter().enumerate() {
            rest -= name.len() + 4 + self.least(value);
            let separator = if place == 0 { "" } else { "," };
            let name = Value::from(name.as_str());
            if !self.push(&format!("{separator}{name}:"), reserved + rest)
                || !self.value(value, reserved + rest)
            {
                return false;
            }
        }
        self.push("}", reserved)
    }

    /// Returns about how many bytes a value takes at least.
    fn least(&self, value: &Value) -> usize {
        match value {
            Value::String(text) => text.len().min(self.text_max) + 2,
            Value::Array(_) | Value::Object(_) => 2,
            scalar => scalar.to_string().len(),
        }
    }

    fn push(&mut self, text: &str, reserved: usize) -> bool {
        let fits = self.json.len() + text.len() + reserved <= self.bytes_max;
        if fits {
            self.json.push_str(text);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn message(role: &str, content: &str) -> Value {
        json!({"role": role, "parts": [{"type": "text", "content": content}]})
    }

    #[test]
    fn what_fits_is_whole() {
        let value = json!([message("user", "why \"rings\"?\n"), 1.5, null]);
        assert_eq!(cut(&value, 1_000), (value.to_string(), false));
        assert_eq!(cut(&value, value.to_string().len()), (value.to_string(), false));
    }

    #[test]
    fn a_long_instruction_does_not_push_out_the_question() {
        let value = json!([message("system", &"rule ".repeat(100_000)), message("user", "why?")]);
        let (json, is_cut) = cut(&value, 4_096);
        let read: Value = serde_json::from_str(&json).unwrap();
        assert!(is_cut && json.len() <= 4_096);
        assert_eq!((&read[1], &read[0]["role"]), (&message("user", "why?"), &json!("system")));
        let kept = read[0]["parts"][0]["content"].as_str().unwrap();
        assert!(kept.len() >= 1_000 && kept.starts_with("rule rule"), "{} bytes", kept.len());
    }

    #[test]
    fn too_many_messages_lose_the_last_ones_and_each_keeps_its_role() {
        let value = Value::from(vec![message("user", &"word ".repeat(50)); 1_000]);
        let (json, is_cut) = cut(&value, 4_096);
        let read: Value = serde_json::from_str(&json).unwrap();
        let read = read.as_array().unwrap();
        assert!(is_cut && read.len() > 20 && read.len() < 1_000, "{} messages", read.len());
        assert!(read.iter().all(|message| message["role"] == "user"));
    }

    #[test]
    fn a_list_deep_inside_leaves_room_for_what_comes_after_it() {
        let value = json!({"numbers": (0..10_000).collect::<Vec<_>>(), "of": "primes"});
        let (json, is_cut) = cut(&value, 1_000);
        let read: Value = serde_json::from_str(&json).unwrap();
        assert!(is_cut && read["of"] == "primes" && read["numbers"][100] == 100, "{json}");
    }

    #[test]
    fn a_map_that_cannot_be_made_short_is_the_beginning_of_its_text() {
        let fields = (0..10_000).map(|number| (format!("field {number}"), json!(number)));
        let value = Value::Object(fields.collect());
        let (json, is_cut) = cut(&value, 1_000);
        let read: String = serde_json::from_str(&json).unwrap();
        assert!(is_cut && json.len() <= 1_000 && read.starts_with(r#"{"field 0":0,"#), "{json}");
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,200}".prop_map(Value::from),
            "[\"\\\\\u{1}\n😀]{0,100}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inside| {
            prop_oneof![
                prop::collection::vec(inside.clone(), 0..8).prop_map(Value::from),
                prop::collection::btree_map(".{0,8}", inside, 0..8)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_cut_is_json_and_short_enough(value in any_value(), bytes_max in 2_usize..2_000) {
            let (json, is_cut) = cut(&value, bytes_max);
            prop_assert!(json.len() <= bytes_max);
            let read: Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(is_cut, read != value);
            if value.to_string().len() <= bytes_max {
                prop_assert!(!is_cut);
            }
        }
    }
}
