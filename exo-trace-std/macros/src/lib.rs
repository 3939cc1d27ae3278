//! The macros of exo-trace: `#[traced]`, and the parts of `span_sync!`, `span_async!` and `attributes!` that need more than `macro_rules!`.
//!
//! Use them through the crate `exo-trace`; what they write calls that crate's `__private` module
//! and nothing else. The map: `args`, `carries`, `fields`, `forms`, `level`, `name`, `text` and `grammar` read what
//! was written, `known` finds misspelt names, `role` says what tools and agents are, `function` takes the function apart, `traced` decides what becomes of it, `expand`
//! writes what all macros share.

mod args;
mod carries;
mod expand;
mod fields;
mod forms;
mod function;
mod grammar;
mod kind;
mod known;
mod level;
mod literal;
mod name;
mod pace;
mod refusals;
mod role;
mod text;
mod traced;

use proc_macro::TokenStream;

/// Records a span for each call of a function.
///
/// ```text
/// #[traced]
/// #[traced(name = "research {topic}", attributes(source = "api"), extract_args, skip(token))]
/// ```
///
/// It stands on functions, methods, trait methods with a body, and `async` ones of each. What the
/// function returns decides how long the span lasts:
///
/// - a value: to the return; an `async fn` from its first poll to its completion or drop.
/// - `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture`, `LocalBoxFuture`: from the first poll to the future's end; its parent is the span that is current at the call.
/// - `impl Stream`, `Pin<Box<dyn Stream>>`, `BoxStream`, `LocalBoxStream`: from the first poll to the stream's end, parent as above.
/// - `impl Iterator`, `Box<dyn Iterator>`: from the first step to the iterator's end, parent as above.
///
/// The span is current while the function, future, stream or iterator runs, and at no other time.
/// An `Err`, a panic, and a drop before the end are recorded as what they are. A stream or iterator
/// has failed once an item was an `Err`, which is told of; later ones are not. `impl Iterator +
/// Clone` and other promises that a wrapper can not keep leave the span on the call alone.
///
/// # Arguments
///
/// - `name = "…"`, `"…"`: the span's name; without it, the function's. `{parameter}` also records that
///   parameter as `arg.parameter`; `{attribute.key}` stands for an attribute, `{{` and `}}` for braces.
///   `name = CONSTANT`: of a constant that is a text, in which `{…}` stands for attributes alone.
/// - `attributes(key = value, …)`: the keys and values of `attributes!`. Values may use the
///   parameters; they are borrowed, and evaluated only where a span is recorded. Literals cost nothing.
/// - `extract_args`, `extract_args = true`: records each parameter as `arg.<name>`: numbers and
///   booleans by their type, else by `Display`, else by `Debug`, else by the type's name.
/// - `fields(key = value, …)`: attributes as `tracing` writes them, see below. With `extract_args` one
///   takes the place of the parameter of its name.
/// - `skip(a, b)`, `skip_all`: parameters that `extract_args` leaves out. Alone they record nothing.
/// - `kind = client`: `client`, `server`, `producer`, `consumer` or `internal`.
/// - `clock = "coarse"`: both times of the span are those of the drain's last pass, at most some 5 ms old
///   while spans come and exact while none do, for what happens with every token. They never lie before
///   what its thread recorded last, nor before a span around it that began on that thread. `"precise"` is
///   the default. Not beside `tool`, `agent` or `parent`; a sync function's body moves into a closure.
/// - `level = "debug"`, `level = Level::DEBUG`, `level = 2`: the attribute `level`; nothing is filtered by it.
/// - `target = "…"`, `target = CONSTANT`: the attribute `target`.
/// - `parent = …`: the span to begin below, where that is not the current one: a `&Span`, `Span::current()`,
///   a `SpanContext` or an option of one; `None` begins a trace. Evaluated only where tracing is on.
/// - `follows_from = …`: links to each of the spans in a list of the same.
/// - `err`, `err(Display)`, `err(Debug)`: by which text an error is recorded. `err` is the default:
///   `Display`, else `Debug`.
/// - `ret`: records the returned value as `ret`, as `extract_args` records a parameter, and of a
///   `Result` the good value. `ret(Display)`, `ret(Debug)`: by that text.
/// - `future`, `stream`, `iterator`: says what is returned where a type alias hides it, or where an
///   `async fn` or a `Result` returns it: `#[traced(stream)] async fn … -> Result<impl Stream, E>`
///   is one span over the await and the stream. An alias is taken for a box (`Pin<Box<dyn …>>`, for
///   iterators `Box<dyn …>`), and for a `Result` if its name ends so.
/// - `future(result)`, `stream(result)`, `iterator(result)`: says that it comes in a `Result` whose
///   alias has another name: `#[traced(stream(result))] async fn … -> Res<BoxStream<'static, u8>>`.
/// - `tool`, `tool = "name"`: the function is a tool: its span is `execute_tool` and its name, with
///   the attributes of one. `Err` gives `exo.tool.status` `error` and `exo.tool.error`, another value
///   `success`, a drop before the end `cancelled`. Recorded even where its trace is not sampled.
/// - `agent = "name"`: the function runs an agent: `invoke_agent` and its name, and `exo.agent.status`
///   as above. Recorded even where its trace is not sampled.
/// - `chain`: the function leads others: `openinference.span.kind` is `CHAIN`.
/// - `crate = path`: where exo-trace is, if not at `::exo_trace`.
/// - `allow_unknown`: accepts keys that almost are a known `gen_ai.` or `exo.` name.
///
/// # From `#[instrument]`
///
/// The arguments of `tracing`'s attribute are accepted where they mean the same, so that
/// `use exo_trace::traced as instrument;` is all that moves:
///
/// | in `#[instrument(…)]` | here |
/// |---|---|
/// | `"name"`, `name = …` | the same, but `{…}` in it is filled in; write `{{` for a brace |
/// | all parameters, by default | none, because an agent's hold what users wrote; `extract_args` records them, as `arg.<name>` |
/// | `skip(self, a)`, `skip_all` | the same; `self` is left out anyway |
/// | `fields(a = 1, b.c = %d, e = ?f, %g, ?self.h, {KEY} = i)` | the same, where each value may be what an attribute may be; a key that almost is a known one is refused |
/// | `fields(a)`, `fields(a = field::Empty)` | the same: no value yet; `Span::current().set_attribute("a", …)` gives it one, announced or not |
/// | `fields(otel.name = …)`, `otel.kind`, `otel.status_…` | refused: `name`, `kind`, `Span::current().set_status(…)` say it |
/// | `level`, `target` | attributes of those names, as `tracing-opentelemetry` writes them, where they are given; no filter; a level of another name than the five is refused |
/// | `parent`, `follows_from` | the same, of spans of exo-trace |
/// | `err`, `err(Debug)`, `err(level = …)` | the same, but an error is an `exception` event and the status of the span, with or without `err`; the level has no say |
/// | `ret`, `ret(Display)`, `ret(level = …)` | the attribute `ret` and no event; the level has no say; numbers stay numbers |
///
/// # Limits
///
/// A `const fn` can not be traced. Where the function may return an error, has `ret`, or returns a
/// future, stream or iterator, its body moves into a closure, which does not know the caller: there
/// `#[track_caller]` is refused, and elsewhere it holds. Inside `#[async_trait]` a parameter written
/// as a pattern has the name that `async_trait` gives it.
///
/// Without the feature `enabled` the arguments are checked and the function stays untouched.
#[proc_macro_attribute]
pub fn traced(args: TokenStream, item: TokenStream) -> TokenStream {
    traced::expand(args.into(), item.into()).into()
}

/// Begins and enters a span: `span_sync!` with its crate's path before the arguments.
///
/// ```text
/// span_sync_in!([$crate] "step", exo.agent.step = 1, topic)
/// ```
#[proc_macro]
pub fn span_sync_in(input: TokenStream) -> TokenStream {
    expand::span_sync_in(input.into()).into()
}

/// Makes a future with a span around it: `span_async!` with its crate's path before the arguments.
///
/// ```text
/// span_async_in!([$crate] "step", exo.agent.step = 1, { fetch(topic).await })
/// ```
#[proc_macro]
pub fn span_async_in(input: TokenStream) -> TokenStream {
    expand::span_async_in(input.into()).into()
}

/// Makes an array of attributes: `attributes!` with its crate's path before the list.
///
/// A key is `source`, `gen_ai.request.model`, `"my key"` or `[semconv::EXO_AGENT_STEP]`; a value
/// is `= expr`, `= %expr` (by `Display`) or `= ?expr` (by `Debug`); `topic`, `%topic` and `?topic`
/// stand for `topic = topic` and so on. A key that is one or two edits away from a known `gen_ai.`
/// or `exo.` name is refused, unless the list begins with `allow_unknown;`.
///
/// ```text
/// attributes_in!([$crate] source = "api", url = %url, topic)
/// attributes_in!([$crate] allow_unknown; exo.agent.mood = "calm")
/// ```
#[proc_macro]
pub fn attributes_in(input: TokenStream) -> TokenStream {
    expand::attributes_in(input.into()).into()
}
