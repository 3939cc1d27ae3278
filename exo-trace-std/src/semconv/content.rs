//! What was said: messages, instructions, prompt templates.
//!
//! Nothing of this is recorded unless capture is switched on, for it is what users wrote and read.
//! Type `any` is a JSON text on a span.
//!
//! Source: OpenTelemetry GenAI semantic conventions, "Events", section on content.

use super::convention::keys;

keys! {
    /// The conversation as the model was given it, in order.
    GEN_AI_INPUT_MESSAGES = "gen_ai.input.messages": "any", "development";
    /// What the model said, one message for each answer.
    GEN_AI_OUTPUT_MESSAGES = "gen_ai.output.messages": "any", "development";
    /// The instructions that the model was given apart from the conversation, as a list of parts.
    GEN_AI_SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions": "any", "development";
    /// The prompt as one text, as the package and older conventions have it.
    GEN_AI_PROMPT = "gen_ai.prompt": "string", "development" => GEN_AI_INPUT_MESSAGES;
    /// The answer as one text, as the package and older conventions have it.
    GEN_AI_COMPLETION = "gen_ai.completion": "string", "development" => GEN_AI_OUTPUT_MESSAGES;
    /// The name of the prompt's template.
    GEN_AI_PROMPT_NAME = "gen_ai.prompt.name": "string", "development";
    /// The version of the prompt's template.
    GEN_AI_PROMPT_VERSION = "gen_ai.prompt.version": "string", "development";
    /// What was put into a prompt's template: a dot and the variable's name follow.
    GEN_AI_PROMPT_VARIABLE = "gen_ai.prompt.variable": "template[string]", "development";
}
