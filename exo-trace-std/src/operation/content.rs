//! What was said to a model and to a tool, and what they answered: captured where it is asked for.
//!
//! Each setter is one load where contents are not captured, and nothing in a trace that is not sampled:
//! its argument is neither looked at nor copied.

use super::{AgentSpan, ChatSpan, McpSpan, ToolSpan, WorkflowSpan};
use crate::{Content, Messages, Transcript, semconv};

/// Contents of what has a conversation; `$answered` notes that an answer came.
macro_rules! conversation {
    ($name:ident, |$span:ident| $answered:block) => {
        impl $name {
            /// Captures the conversation as the model was given it: `gen_ai.input.messages`.
            ///
            /// Not written unless `TraceConfig::capture_content` or its variable asks for it; then the
            /// messages are turned into JSON here and now.
            #[inline]
            pub fn input_messages<M: Messages + ?Sized>(&mut self, messages: &M) -> &mut Self {
                let key = semconv::GEN_AI_INPUT_MESSAGES;
                self.span.capture(key, |json| write(messages, json));
                self
            }

            /// Captures what the model said, one message for each answer: `gen_ai.output.messages`.
            ///
            /// As [`input_messages`](Self::input_messages).
            #[inline]
            pub fn output_messages<M: Messages + ?Sized>(&mut self, messages: &M) -> &mut Self {
                let $span = self;
                $answered;
                let key = semconv::GEN_AI_OUTPUT_MESSAGES;
                $span.span.capture(key, |json| write(messages, json));
                $span
            }

            /// Captures instructions that the model was given apart from the conversation:
            /// `gen_ai.system_instructions`.
            #[inline]
            pub fn system_instructions(&mut self, text: &str) -> &mut Self {
                let key = semconv::GEN_AI_SYSTEM_INSTRUCTIONS;
                self.span.capture(key, |json| json.push_str(&Transcript::parts_of(text)));
                self
            }
        }
    };
}

conversation!(ChatSpan, |span| { span.has_answer = true });
conversation!(AgentSpan, |span| {});
conversation!(WorkflowSpan, |span| {});

fn write<M: Messages + ?Sized>(messages: &M, json: &mut String) {
    let mut transcript = Transcript::new();
    messages.transcribe(&mut transcript);
    json.push_str(&transcript.to_string());
}

/// Contents of a call of a tool.
macro_rules! arguments_and_result {
    ($name:ident) => {
        impl $name {
            /// Captures what the tool is given, as JSON: `gen_ai.tool.call.arguments`.
            ///
            /// Not written unless `TraceConfig::capture_content` or its variable asks for it.
            #[inline]
            pub fn arguments<C: Content + ?Sized>(&mut self, arguments: &C) -> &mut Self {
                let key = semconv::GEN_AI_TOOL_CALL_ARGUMENTS;
                self.span.capture(key, |json| arguments.write_json(json));
                self
            }

            /// Captures what the tool gives back, as JSON: `gen_ai.tool.call.result`.
            ///
            /// Not written unless `TraceConfig::capture_content` or its variable asks for it.
            #[inline]
            pub fn result<C: Content + ?Sized>(&mut self, result: &C) -> &mut Self {
                let key = semconv::GEN_AI_TOOL_CALL_RESULT;
                self.span.capture(key, |json| result.write_json(json));
                self
            }
        }
    };
}

arguments_and_result!(ToolSpan);
arguments_and_result!(McpSpan);
