//! Runs what the model asks for: reads the call, starts the tool, and drops it when its time is up.
//!
//! Whatever goes wrong becomes a result that the model reads; a tool never ends the run. Each call is
//! a span, also one that is refused before a tool begins.

use super::calculator::calculator;
use super::index_all::index_all;
use super::output::observed;
use super::read_file::read_file;
use super::search::search;
use super::{ToolError, ToolOutput};
use crate::conversation::{FunctionDefinition, ToolCall, ToolDefinition, ToolKind};
use crate::library::Library;
use exo_trace::{ToolSpan, attributes, tool};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Enough for a slow disk.
const DEADLINE: Duration = Duration::from_secs(5);
/// What an index of everything is worth waiting for.
const INDEX_DEADLINE: Duration = Duration::from_millis(140);

/// The tools over one library.
#[derive(Clone, Debug)]
pub(crate) struct Toolbox {
    library: Arc<Library>,
}

impl Toolbox {
    pub(crate) fn new(library: Arc<Library>) -> Self {
        Self { library }
    }

    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    /// Runs one tool call to its end or to its deadline.
    ///
    /// # Errors
    ///
    /// Names an unknown tool, arguments that do not fit, and whatever the tool itself refuses.
    pub(crate) async fn execute(&self, call: &ToolCall) -> Result<ToolOutput, ToolError> {
        match ToolRequest::parse(call) {
            Ok(request) => self.run_within(request.deadline(), call, request).await,
            Err(error) => Err(refused(call, error)),
        }
    }

    async fn run_within(
        &self,
        deadline: Duration,
        call: &ToolCall,
        request: ToolRequest,
    ) -> Result<ToolOutput, ToolError> {
        let mut span = begin(call);
        let deadline_ms = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        span.attributes(attributes! { exo.tool.deadline_ms = deadline_ms });
        match timeout(deadline, observed(span, self.run(request))).await {
            Ok(result) => result,
            Err(_elapsed) => Err(ToolError::DeadlinePassed(deadline)),
        }
    }

    async fn run(&self, request: ToolRequest) -> Result<ToolOutput, ToolError> {
        match request {
            ToolRequest::Search(ask) => search(Arc::clone(&self.library), ask.query).await,
            ToolRequest::ReadFile(ask) => read_file(&self.library, &ask.path, ask.line).await,
            ToolRequest::Calculator(ask) => calculator(&ask.expression),
            ToolRequest::IndexAll => index_all(&self.library).await,
        }
    }
}

/// Begins the span of a call; the model may make names up, so the name is a value.
fn begin(call: &ToolCall) -> ToolSpan {
    tool(call.function.name.clone()).call_id(call.id.clone()).kind("function").start()
}

/// Returns `error`, for which `call` is not even begun; its span says so.
pub(crate) fn refused(call: &ToolCall, error: ToolError) -> ToolError {
    begin(call).fail_as(error.kind(), &error);
    error
}

/// A tool call that was understood; its `Display` is short enough for a progress line.
#[derive(Debug)]
enum ToolRequest {
    Search(SearchArguments),
    ReadFile(ReadFileArguments),
    Calculator(CalculatorArguments),
    IndexAll,
}

#[derive(Debug, Deserialize)]
struct SearchArguments {
    query: String,
}

#[derive(Debug, Deserialize)]
struct ReadFileArguments {
    path: String,
    line: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct CalculatorArguments {
    expression: String,
}

impl ToolRequest {
    fn parse(call: &ToolCall) -> Result<Self, ToolError> {
        let name = call.function.name.as_str();
        match name {
            "search" => arguments(call).map(Self::Search),
            "read_file" => arguments(call).map(Self::ReadFile),
            "calculator" => arguments(call).map(Self::Calculator),
            "index_all" => Ok(Self::IndexAll),
            _ => Err(ToolError::UnknownTool(name.to_owned())),
        }
    }

    fn deadline(&self) -> Duration {
        match self {
            Self::IndexAll => INDEX_DEADLINE,
            Self::Search(_) | Self::ReadFile(_) | Self::Calculator(_) => DEADLINE,
        }
    }
}

fn arguments<T: DeserializeOwned>(call: &ToolCall) -> Result<T, ToolError> {
    let text = &call.function.arguments;
    serde_json::from_str(text)
        .map_err(|error| ToolError::BadArguments(format!("arguments are {text:?}: {error}")))
}

impl Display for ToolRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Search(ask) => write!(f, "search \"{}\"", ask.query),
            Self::ReadFile(ask) => write!(f, "read_file {}", ask.path),
            Self::Calculator(ask) => write!(f, "calculator {}", ask.expression),
            Self::IndexAll => f.write_str("index_all"),
        }
    }
}

/// Returns what a progress line says of `call`: the tool and its argument, or the name alone.
pub(crate) fn label(call: &ToolCall) -> String {
    match ToolRequest::parse(call) {
        Ok(request) => request.to_string(),
        Err(_) => call.function.name.clone(),
    }
}

/// Returns what the model is told about the tools.
pub(crate) fn definitions() -> Vec<ToolDefinition> {
    let text = json!({ "type": "string" });
    vec![
        define(
            "search",
            "Finds sentences in the files that hold the given words. Best first, with file and line.",
            json!({ "type": "object", "properties": { "query": text }, "required": ["query"] }),
        ),
        define(
            "read_file",
            "Reads a file of the directory, forty lines from a little above `line` on.",
            json!({
                "type": "object",
                "properties": { "path": text, "line": { "type": "integer", "minimum": 1 } },
                "required": ["path"],
            }),
        ),
        define(
            "calculator",
            "Evaluates numbers with + - * / and parentheses.",
            json!({ "type": "object", "properties": { "expression": text }, "required": ["expression"] }),
        ),
        define(
            "index_all",
            "Counts for every set of up to sixteen words in how many files they occur together.",
            json!({ "type": "object", "properties": {} }),
        ),
    ]
}

fn define(name: &str, description: &str, parameters: Value) -> ToolDefinition {
    ToolDefinition {
        kind: ToolKind::Function,
        function: FunctionDefinition {
            name: name.to_owned(),
            description: description.to_owned(),
            parameters,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{ToolRequest, Toolbox, label};
    use crate::conversation::{FunctionCall, ToolCall, ToolKind};
    use crate::library::Library;
    use std::sync::Arc;
    use std::time::Duration;

    fn toolbox() -> (tempfile::TempDir, Toolbox) {
        let home = tempfile::tempdir().unwrap();
        let text: String = (0..200).map(|n| format!("word{n} ")).collect();
        std::fs::write(home.path().join("a.md"), text).unwrap();
        let library = Library::open(home.path()).unwrap();
        (home, Toolbox::new(Arc::new(library)))
    }

    fn call(name: &str, arguments: &str) -> ToolCall {
        let function = FunctionCall { name: name.to_owned(), arguments: arguments.to_owned() };
        ToolCall { id: "call_0".to_owned(), kind: ToolKind::Function, function }
    }

    #[tokio::test]
    async fn an_unknown_tool_is_named_and_the_known_ones_are_offered() {
        let (_home, toolbox) = toolbox();
        let error = toolbox.execute(&call("browse", "{}")).await.unwrap_err();
        assert_eq!(error.kind(), "unknown_tool");
        let expected = "tool is \"browse\", expected search, read_file, calculator or index_all";
        assert_eq!(error.to_string(), expected);
    }

    #[tokio::test]
    async fn arguments_that_do_not_fit_are_told_to_the_model() {
        let (_home, toolbox) = toolbox();
        for arguments in ["", "{\"query\":", "{\"q\":\"x\"}", "[1]"] {
            let error = toolbox.execute(&call("search", arguments)).await.unwrap_err();
            assert_eq!(error.kind(), "bad_arguments", "{arguments}");
        }
        assert_eq!(label(&call("search", "{}")), "search");
    }

    #[tokio::test]
    async fn an_index_of_everything_is_dropped_at_its_deadline() {
        let (_home, toolbox) = toolbox();
        // A deadline that has passed before the first look still lets the tool begin.
        let index_all = call("index_all", "{}");
        let result = toolbox.run_within(Duration::ZERO, &index_all, ToolRequest::IndexAll).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), "deadline_passed");
        let error = toolbox.execute(&call("index_all", "{}")).await.unwrap_err();
        assert_eq!(error.to_string(), "gave up after 140 ms");
    }
}
