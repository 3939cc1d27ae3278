//! Semantic Conventions: the names under which back ends look for models, agents and tools.
//!
//! The page's three tables. Each name is a constant, made by one rule: upper case, dots to
//! underscores.
//!
//! **GenAI Attributes**
//!
//! | attribute | constant | what it says |
//! |---|---|---|
//! | `gen_ai.system` | [`GEN_AI_SYSTEM`] | the provider, such as `"openai"` |
//! | `gen_ai.request.model` | [`GEN_AI_REQUEST_MODEL`] | the model that was asked for |
//! | `gen_ai.request.temperature` | [`GEN_AI_REQUEST_TEMPERATURE`] | the temperature to sample with |
//! | `gen_ai.request.max_tokens` | [`GEN_AI_REQUEST_MAX_TOKENS`] | how long the answer may be |
//! | `gen_ai.response.model` | [`GEN_AI_RESPONSE_MODEL`] | the model that answered |
//! | `gen_ai.usage.prompt_tokens` | [`GEN_AI_USAGE_PROMPT_TOKENS`] | tokens of the prompt |
//! | `gen_ai.usage.completion_tokens` | [`GEN_AI_USAGE_COMPLETION_TOKENS`] | tokens of the answer |
//!
//! **Agent Attributes**
//!
//! | attribute | constant | what it says |
//! |---|---|---|
//! | `exo.agent.name` | [`EXO_AGENT_NAME`] | the agent |
//! | `exo.agent.step` | [`EXO_AGENT_STEP`] | the number of its step |
//! | `exo.agent.status` | [`EXO_AGENT_STATUS`] | how it ended |
//!
//! **Tool Attributes**
//!
//! | attribute | constant | what it says |
//! |---|---|---|
//! | `exo.tool.name` | [`EXO_TOOL_NAME`] | the tool |
//! | `exo.tool.status` | [`EXO_TOOL_STATUS`] | how it ended |
//! | `exo.tool.error` | [`EXO_TOOL_ERROR`] | what went wrong, if anything |
//!
//! A constant stands in brackets where attributes are written, and as it is wherever a key is asked
//! for. A literal says the same, and one that is misspelt by a letter or two is refused by the
//! compiler.
//!
//! ```
//! use exo_trace::semconv::{self, status};
//! use exo_trace::{Span, Value, attributes, span_sync, traced};
//!
//! #[traced(attributes([semconv::EXO_TOOL_NAME] = "search"))]
//! fn search(query: &str) -> usize {
//!     Span::current().set_attribute(semconv::EXO_TOOL_STATUS, status::SUCCESS);
//!     query.len()
//! }
//!
//! let trace = exo_trace::testing::capture(|| {
//!     let agent = span_sync!("run", exo.agent.name = "researcher", [semconv::EXO_AGENT_STEP] = 3);
//!     let question = attributes! {
//!         [semconv::GEN_AI_SYSTEM] = "openai",
//!         [semconv::GEN_AI_REQUEST_MODEL] = "gpt-4o",
//!         [semconv::GEN_AI_REQUEST_TEMPERATURE] = 0.2,
//!     };
//!     let call = Span::start("ask", question);
//!     call.set_attribute(semconv::GEN_AI_USAGE_PROMPT_TOKENS, 500);
//!     call.end();
//!     search("quantum computing");
//!     agent.set_attribute(semconv::EXO_AGENT_STATUS, status::SUCCESS);
//! });
//!
//! let [run, ask, search] = ["run", "ask", "search"].map(|name| trace.named(name)[0]);
//! assert_eq!(run.attribute(semconv::EXO_AGENT_NAME), Some(Value::Text("researcher")));
//! assert_eq!(run.attribute("exo.agent.step"), Some(Value::I64(3)));
//! assert_eq!(run.attribute(semconv::EXO_AGENT_STATUS), Some(Value::Text("success")));
//! assert_eq!(ask.attribute("gen_ai.system"), Some(Value::Text("openai")));
//! assert_eq!(ask.attribute(semconv::GEN_AI_USAGE_PROMPT_TOKENS), Some(Value::I64(500)));
//! assert_eq!(search.attribute(semconv::EXO_TOOL_NAME), Some(Value::Text("search")));
//! assert_eq!(search.attribute(semconv::EXO_TOOL_ERROR), None);
//! ```
//!
//! # More than the page
//!
//! [`semconv`] holds the whole list of the package, every name of OpenTelemetry's GenAI conventions,
//! and those that OpenInference, Langfuse and Traceloop read. Each says its type, its stability and,
//! where it is an older name, what replaces it. The values that conventions know stand in modules:
//!
//! ```
//! use exo_trace::semconv::{self, openinference, operation, provider, span_kind};
//!
//! assert_eq!(operation::EXECUTE_TOOL, "execute_tool");
//! assert_eq!(provider::AWS_BEDROCK, "aws.bedrock");
//! assert_eq!(openinference::OPENINFERENCE_SPAN_KIND.as_str(), "openinference.span.kind");
//! assert_eq!(span_kind::CHAIN, "CHAIN");
//!
//! // The package's names that are no attributes.
//! assert_eq!(format!("{}gpt-4o", semconv::SPAN_PREFIX_LLM), "llm.gpt-4o");
//! assert_eq!(semconv::METRIC_AGENT_RUN_DURATION, "agent_run_duration");
//! ```
//!
//! [`semconv`]: crate::semconv
//! [`GEN_AI_SYSTEM`]: crate::semconv::GEN_AI_SYSTEM
//! [`GEN_AI_REQUEST_MODEL`]: crate::semconv::GEN_AI_REQUEST_MODEL
//! [`GEN_AI_REQUEST_TEMPERATURE`]: crate::semconv::GEN_AI_REQUEST_TEMPERATURE
//! [`GEN_AI_REQUEST_MAX_TOKENS`]: crate::semconv::GEN_AI_REQUEST_MAX_TOKENS
//! [`GEN_AI_RESPONSE_MODEL`]: crate::semconv::GEN_AI_RESPONSE_MODEL
//! [`GEN_AI_USAGE_PROMPT_TOKENS`]: crate::semconv::GEN_AI_USAGE_PROMPT_TOKENS
//! [`GEN_AI_USAGE_COMPLETION_TOKENS`]: crate::semconv::GEN_AI_USAGE_COMPLETION_TOKENS
//! [`EXO_AGENT_NAME`]: crate::semconv::EXO_AGENT_NAME
//! [`EXO_AGENT_STEP`]: crate::semconv::EXO_AGENT_STEP
//! [`EXO_AGENT_STATUS`]: crate::semconv::EXO_AGENT_STATUS
//! [`EXO_TOOL_NAME`]: crate::semconv::EXO_TOOL_NAME
//! [`EXO_TOOL_STATUS`]: crate::semconv::EXO_TOOL_STATUS
//! [`EXO_TOOL_ERROR`]: crate::semconv::EXO_TOOL_ERROR
