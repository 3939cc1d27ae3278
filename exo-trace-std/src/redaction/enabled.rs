//! How an argument passes the rule, where there is one, before its call site writes it.
//!
//! The rule sees the whole text, before it is cut: half a secret would not be recognized. Numbers and
//! truth values pass it as text, and stay what they are where it leaves them alone.

use super::{IS_SET, REDACTION_PANICKED, Redaction, Redactor, own_rule};
use crate::counters::Counter;
use crate::sync::Relaxed;
use exo_trace_core::{Field, InternedKey, Texts, Value};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;

/// Puts an argument as the rule leaves it: one load where there is no rule.
#[inline(always)]
pub(crate) fn passed(key: &'static InternedKey, field: Field<'_>, put: impl FnOnce(Field<'_>)) {
    if IS_SET.load(Relaxed) == 0 {
        put(field);
    } else {
        passed_rule(key, field, put);
    }
}

/// Allocates, and runs the program's rule.
#[cold]
#[inline(never)]
fn passed_rule(key: &'static InternedKey, field: Field<'_>, put: impl FnOnce(Field<'_>)) {
    // A copy, because the rule may put another into force.
    let redactor = own_rule().read().unwrap_or_else(PoisonError::into_inner).clone();
    let Some(redactor) = redactor else { return put(field) };
    let place = Redaction::new(key.key().as_str(), None);
    match field {
        Field::Value(Value::Empty) => put(field),
        Field::Value(Value::Texts(texts)) => {
            let texts: Vec<_> = texts.iter().map(|text| asked(&redactor, &place, text)).collect();
            let texts: Vec<_> = texts.iter().map(AsRef::as_ref).collect();
            put(Field::Value(Value::Texts(Texts::Borrowed(&texts))));
        }
        field => {
            let text = text_of(field);
            let redacted = asked(&redactor, &place, &text);
            match field {
                Field::Value(_) if redacted == text => put(field),
                _ => put(Field::Value(Value::Text(&redacted))),
            }
        }
    }
}

fn asked<'t>(redactor: &Redactor, place: &Redaction<'_>, text: &'t str) -> Cow<'t, str> {
    redactor.redacted(place, text).unwrap_or_else(|| {
        Counter::RedactionsPanicked.add(1);
        Cow::Borrowed(REDACTION_PANICKED)
    })
}

fn text_of<'a>(field: Field<'a>) -> Cow<'a, str> {
    match field {
        Field::Value(Value::Text(text)) => Cow::Borrowed(text),
        Field::Value(Value::Bool(value)) => value.to_string().into(),
        Field::Value(Value::I64(value)) => value.to_string().into(),
        Field::Value(Value::U64(value)) => value.to_string().into(),
        Field::Value(Value::F64(value)) => value.to_string().into(),
        Field::Value(Value::Interned(id)) => id.key().map_or("", |key| key.as_str()).into(),
        Field::Display(value) => formatted(format_args!("{value}")),
        Field::Debug(value) => formatted(format_args!("{value:?}")),
        _ => Cow::Borrowed(""),
    }
}

fn formatted(arguments: std::fmt::Arguments<'_>) -> Cow<'static, str> {
    let formatted = catch_unwind(AssertUnwindSafe(|| std::fmt::format(arguments)));
    match formatted {
        Ok(text) => text.into(),
        Err(payload) => {
            // Dropping it would run the caller's code once more, outside the net.
            std::mem::forget(payload);
            Counter::FormatPanicked.add(1);
            "(panicked while it was formatted)".into()
        }
    }
}
