//! Functions written for `tracing`'s `#[instrument]` keep their arguments: one `use` is all that moves.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::testing::{capture, capture_async};
use exo_trace::traced as instrument;
use exo_trace::{Context, Span, SpanContext, SpanData, Trace, TraceFlags, span_sync};
use futures::executor::block_on;
use std::fmt::{self, Display};
use tokio::task::yield_now;

#[derive(Debug)]
struct Request {
    id: u64,
    path: String,
}

impl Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.path, self.id)
    }
}

fn request() -> Request {
    Request { id: 7, path: "/ask".into() }
}

const TENANT: &str = "tenant";

const fn tenant_key() -> &'static str {
    "tenant.key"
}

#[instrument(
    "answer",
    fields(a = 1, caller.id = %user, ?request, %request.path, next = user + 1, {TENANT} = "exo", {tenant_key()} = ?user)
)]
fn answer(user: u64, request: &Request) -> u64 {
    user + request.id
}

#[test]
fn fields_are_attributes_with_the_same_sigils() {
    let trace = capture(|| assert_eq!(answer(5, &request()), 12));
    let text = concat!(
        r#"answer a=1 caller.id="5" request="Request { id: 7, path: \"/ask\" }" request.path="/ask" "#,
        r#"next=6 tenant="exo" tenant.key="5""#,
        "\n"
    );
    assert_eq!(laws::text_of(&trace), text);
}

mod field {
    #[derive(Debug)]
    pub(crate) struct Empty;

    pub(crate) fn debug<T>(value: T) -> T {
        value
    }
}

#[instrument(fields(result, later = field::Empty, shown = field::debug(&n)))]
fn doubled(n: u32) -> u32 {
    let _: (field::Empty, u32) = (field::Empty, field::debug(n));
    Span::current().set_attribute("result", n * 2);
    n * 2
}

#[test]
fn a_field_without_a_value_waits_for_one() {
    let trace = capture(|| assert_eq!(doubled(4), 8));
    assert_eq!(laws::text_of(&trace), "doubled shown=\"4\" result=8\n");
}

struct Store {
    name: &'static str,
}

impl Store {
    #[instrument(skip(self, secret), fields(self.name = %self.name))]
    fn open(&self, secret: &str) -> usize {
        secret.len()
    }

    #[instrument(extract_args, skip(self), fields(secret = "***"))]
    async fn read(&mut self, key: u32, secret: &str) -> usize {
        yield_now().await;
        secret.len() + key as usize
    }

    #[instrument(skip_all)]
    fn close(self, secret: &str) -> usize {
        secret.len()
    }
}

#[test]
fn what_is_skipped_is_not_recorded_and_the_rest_only_where_it_is_asked_for() {
    let trace = capture(|| {
        let mut store = Store { name: "kv" };
        let lengths = (store.open("s3"), block_on(store.read(1, "s3")), store.close("s3"));
        assert_eq!(lengths, (2, 3, 2));
    });
    let text = "open self.name=\"kv\"\nread secret=\"***\" arg.key=1\nclose\n";
    assert_eq!(laws::text_of(&trace), text);
}

enum Level {}

const TARGET: &str = "app::audit";
const NAME: &str = "audit";

#[instrument(level = "debug", target = "app")]
fn by_text() {}

#[instrument(level = Level::WARN, target = TARGET, name = NAME)]
fn by_constant(_: Option<Level>) {}

#[instrument(level = 5)]
fn by_number() {}

#[test]
fn levels_and_targets_are_said_under_the_names_that_tracing_opentelemetry_gives_them() {
    let trace = capture(|| {
        by_text();
        by_constant(None);
        by_number();
    });
    let text = concat!(
        "by_text level=\"DEBUG\" target=\"app\"\n",
        "audit level=\"WARN\" target=\"app::audit\"\n",
        "by_number level=\"ERROR\"\n"
    );
    assert_eq!(laws::text_of(&trace), text);
}

#[instrument(err, ret)]
fn parsed(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

#[instrument(ret(Display), err(Debug, level = "warn"))]
async fn found(id: u64) -> Result<Request, fmt::Error> {
    yield_now().await;
    if id == 7 { Ok(request()) } else { Err(fmt::Error) }
}

#[instrument(ret(level = Level::WARN, Debug), err(level = 4))]
fn shown() -> Request {
    request()
}

#[test]
fn a_result_is_told_by_its_value_or_by_its_error() {
    let trace = capture(|| {
        assert!(parsed("3").is_ok() && parsed("x").is_err());
        assert!(block_on(found(7)).is_ok() && block_on(found(8)).is_err());
        assert_eq!(shown().id, 7);
    });
    laws::text_of(&trace);
    let told: Vec<_> = trace.spans().iter().map(|span| span.attribute("ret")).collect();
    let debug = "Request { id: 7, path: \"/ask\" }";
    assert_eq!(told, [Some(3.into()), None, Some("/ask #7".into()), None, Some(debug.into())]);
    let failed = trace.named("found")[1];
    assert_eq!(failed.status(), exo_trace::Status::error("Error"));
}

#[instrument(parent = parent)]
fn below(parent: &Span) {
    drop(span_sync!("inside"));
}

#[instrument(parent = parent)]
async fn below_later(parent: Option<SpanContext>) -> Result<(), fmt::Error> {
    yield_now().await;
    drop(span_sync!("inside"));
    Ok(())
}

#[test]
fn a_span_begins_below_the_parent_it_is_given_and_leaves_what_was_current() {
    let trace = capture(|| {
        let far = Span::start("far", ());
        let _near = span_sync!("near");
        let before = Context::current().span_context();
        below(&far);
        block_on(below_later(far.span_context())).expect("nothing fails");
        assert_eq!(Context::current().span_context(), before);
        drop(span_sync!("after"));
    });
    let text = "far\n  below\n    inside\n  below_later\n    inside\nnear\n  after\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[instrument(parent = None)]
fn root() -> Option<SpanContext> {
    drop(span_sync!("inside"));
    Context::current().span_context()
}

#[instrument(parent = elsewhere, tool)]
fn remote(elsewhere: &SpanContext, fails: bool) -> Result<Option<SpanContext>, String> {
    if fails { Err("no".into()) } else { Ok(Context::current().span_context()) }
}

#[test]
fn a_parent_of_another_trace_is_left_whole_and_no_parent_begins_one() {
    let trace = capture(|| {
        let here = span_sync!("here");
        let before = Context::current().span_context();
        let own = root().expect("a root is somebody");
        assert_ne!(own.trace_id, before.expect("it is current").trace_id);
        let there = remote(&own, false).expect("it does not fail").expect("a tool is somebody");
        assert_eq!(there.trace_id, own.trace_id);
        assert!(remote(&own, true).is_err());
        assert_eq!(Context::current().span_context(), before);
        drop(span_sync!("after"));
        drop(here);
    });
    assert_eq!(laws::text_of(&trace), "here\n  after\n");
}

#[instrument(parent = parent)]
fn passes_on(parent: SpanContext) -> Option<SpanContext> {
    drop(span_sync!("inside"));
    Context::current().span_context()
}

#[test]
fn below_a_parent_that_is_not_sampled_nothing_is_recorded_and_its_ids_go_on() {
    let trace = capture(|| {
        let here = span_sync!("here");
        let sampled = here.span_context().expect("it is recorded");
        let unsampled = SpanContext { flags: TraceFlags::new(0), ..sampled };
        let passed_on = passes_on(unsampled).expect("the ids go on");
        assert_eq!(passed_on.span_id, unsampled.span_id);
        assert!(!passed_on.is_sampled());
        drop(span_sync!("after"));
    });
    assert_eq!(laws::text_of(&trace), "here\n  after\n");
}

#[instrument(follows_from = causes)]
fn joins(causes: &[SpanContext]) {}

#[instrument(follows_from = [cause, &Span::start("late", ())])]
async fn follows(cause: &Span) {}

fn linked(trace: &Trace, span: &SpanData<'_>) -> Vec<String> {
    let names = |id| trace.spans().iter().find(|span| span.span_id() == id).map(SpanData::name);
    let links = span.links().map(|link| link.context.span_id);
    links.map(|id| names(id).expect("it is in the trace").to_string()).collect()
}

#[tokio::test]
async fn what_it_follows_from_is_linked() {
    let trace = capture_async(async {
        let (first, second) = (Span::start("first", ()), Span::start("second", ()));
        let causes = [&first, &second].map(|span| span.span_context().expect("it is recorded"));
        joins(&causes);
        follows(&first).await;
    })
    .await;
    laws::text_of(&trace);
    assert_eq!(linked(&trace, trace.named("joins")[0]), ["first", "second"]);
    assert_eq!(linked(&trace, trace.named("follows")[0]), ["first", "late"]);
}
