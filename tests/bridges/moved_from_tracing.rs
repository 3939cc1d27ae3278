//! The same functions under `tracing`'s `#[instrument]` and under `#[traced]` say the same of themselves.
//!
//! They are written once and compiled twice. Arguments are skipped: those `#[traced]` records only when
//! it is asked to, and under names of its own.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::testing::capture;
use exo_trace::{Trace, Value};
use std::fmt::{self, Debug, Display};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

/// What a span said when it began.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    name: String,
    has_parent: bool,
    level: String,
    /// Empty where the function's module is the target, which no `#[traced]` says.
    target: String,
    /// As texts, sorted.
    fields: Vec<(String, String)>,
}

#[derive(Debug)]
struct Request {
    id: u64,
    path: &'static str,
}

impl Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.path, self.id)
    }
}

const TENANT: &str = "tenant";
const TARGET: &str = "app::audit";
const NAME: &str = "a name in a constant";

macro_rules! with_both {
    ($($functions:item)*) => {
        mod by_tracing {
            use super::*;
            use tracing::instrument;
            $($functions)*
        }

        mod by_this {
            use super::*;
            use exo_trace::traced as instrument;
            $($functions)*
        }
    };
}

with_both! {
    #[instrument]
    pub(super) fn plain() {
        for fails in [false, true] {
            let _ = named("x", &Request { id: 7, path: "/ask" }, fails);
        }
        leveled(1);
        let mut store = Store { name: "kv", reads: 0 };
        store.read("key");
        futures::executor::block_on(later(3));
        alone();
        let _ = futures::executor::block_on(told(Some(4)));
    }

    #[instrument("positional", skip(request, user, fails), fields(request = %request, ?user, a = 1, ok = true), err)]
    fn named(user: &str, request: &Request, fails: bool) -> Result<f64, String> {
        if fails { Err(format!("{} of {user}", request.id)) } else { Ok(1.5) }
    }

    #[instrument(level = "debug", target = TARGET, name = NAME, skip_all, fields(n, next = n + 1, {TENANT} = "exo"))]
    fn leveled(n: u64) -> u64 {
        n
    }

    struct Store {
        name: &'static str,
        reads: u32,
    }

    impl Store {
        #[instrument(level = tracing::Level::WARN, skip(self, key), fields(%self.name, store.key = key, store.reads = ?self.reads), ret)]
        fn read(&mut self, key: &str) -> usize {
            self.reads += 1;
            key.len()
        }
    }

    #[instrument(level = 4, skip_all, fields(waits = tracing::field::Empty, by = tracing::field::debug(n), half = f64::from(n) / 2.0), ret(Display, level = "trace"))]
    async fn later(n: u32) -> u32 {
        std::future::ready(n).await
    }

    #[instrument(parent = None, fields(alone = 'a'.is_alphabetic()))]
    fn alone() {}

    #[instrument(err(Debug, level = "info"), ret(Debug), skip(n), fields(n = n))]
    async fn told(n: Option<u64>) -> Result<u64, fmt::Error> {
        n.ok_or(fmt::Error)
    }
}

/// Keeps what each span says when it begins.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<Said>>>);

#[derive(Default)]
struct Texts(Vec<(String, String)>);

impl Visit for Texts {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name().to_owned(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name().to_owned(), format!("{value:?}")));
    }
}

impl Layer<Registry> for Listener {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, context: Context<'_, Registry>) {
        let mut texts = Texts::default();
        span.record(&mut texts);
        texts.0.sort();
        let facts = span.metadata();
        let target = Some(facts.target()).filter(|target| !target.starts_with(module_path!()));
        let said = Said {
            name: facts.name().to_owned(),
            has_parent: span.is_contextual() && context.lookup_current().is_some(),
            level: facts.level().to_string(),
            target: target.unwrap_or_default().to_owned(),
            fields: texts.0,
        };
        self.0.lock().expect("no listener panics").push(said);
    }
}

fn text_of(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::F64(value) => format!("{value:?}"),
        other => panic!("no field here is {other:?}"),
    }
}

/// Tells whether a key is a field, and not a fact of the call site or of how the span ended.
fn is_field(key: &str) -> bool {
    !["level", "target", "ret", "error.type", "exo.outcome"].contains(&key)
        && !key.starts_with("code.")
}

fn said_here(trace: &Trace) -> Vec<Said> {
    let ids: Vec<_> = trace.spans().iter().map(|span| span.span_id()).collect();
    let mut spans: Vec<_> = trace.spans().iter().collect();
    spans.sort_by_key(|span| span.start_unix_nano());
    let said = spans.into_iter().map(|span| {
        let fields = span.attributes().filter(|(key, _)| is_field(key));
        let mut fields: Vec<_> =
            fields.map(|(key, value)| (key.to_owned(), text_of(value))).collect();
        fields.sort();
        Said {
            name: span.name().to_string(),
            has_parent: span.parent_span_id().is_some_and(|parent| ids.contains(&parent)),
            level: span.attribute("level").map_or("INFO".to_owned(), text_of),
            target: span.attribute("target").map(text_of).unwrap_or_default(),
            fields,
        }
    });
    said.collect()
}

#[test]
fn what_a_function_said_under_instrument_it_says_under_traced() {
    let listener = Listener::default();
    let subscriber = tracing_subscriber::registry().with(listener.clone());
    tracing::subscriber::with_default(subscriber, by_tracing::plain);
    let trace = capture(by_this::plain);
    let mut before = listener.0.lock().expect("no listener panics").clone();
    // A root of its own is no part of the capture.
    before.retain(|said| said.name != "alone");
    assert_eq!(before.len(), 7);
    assert_eq!(said_here(&trace), before);
}
