//! What an agent does besides asking a model: tools and skills.

use super::convention::keys;

keys! {
    /// The tool's name.
    ///
    /// The conventions' name for it is [`GEN_AI_TOOL_NAME`]; OpenInference's is
    /// [`openinference::TOOL_NAME`](super::openinference::TOOL_NAME).
    #[doc(alias = "TOOL_NAME")]
    EXO_TOOL_NAME = "exo.tool.name": "string", "page";
    /// How the tool's run ended; see [`status`](super::status).
    EXO_TOOL_STATUS = "exo.tool.status": "enum(string)", "page";
    /// What went wrong, absent where nothing did.
    #[doc(alias = "TOOL_ERROR")]
    EXO_TOOL_ERROR = "exo.tool.error": "string", "page";
    /// Which of the model's calls it answers, in the package's word.
    #[doc(alias = "TOOL_CALL_ID")]
    EXO_TOOL_CALL_ID = "exo.tool.call_id": "string", "package";
    /// What the tool was given, in the package's word.
    #[doc(alias = "TOOL_ARGUMENTS")]
    EXO_TOOL_ARGUMENTS = "exo.tool.arguments": "string", "package";
    /// What the tool gave back, in the package's word.
    #[doc(alias = "TOOL_RESULT")]
    EXO_TOOL_RESULT = "exo.tool.result": "string", "package";
    /// Seconds that the tool took, in the package's word; a span has its duration anyway.
    #[doc(alias = "TOOL_DURATION")]
    EXO_TOOL_DURATION = "exo.tool.duration": "double", "package";
    /// Whether the tool succeeded: `"1"` or `"0"`, a dimension of the package's metrics.
    #[doc(alias = "TOOL_STEP_SUCCESS")]
    EXO_TOOL_STEP_SUCCESS = "exo.tool.step.success": "string", "package";
    /// The tool's name.
    GEN_AI_TOOL_NAME = "gen_ai.tool.name": "string", "development";
    /// Which of the model's calls it answers.
    GEN_AI_TOOL_CALL_ID = "gen_ai.tool.call.id": "string", "development";
    /// What the tool is for.
    GEN_AI_TOOL_DESCRIPTION = "gen_ai.tool.description": "string", "development";
    /// What sort of tool it is; see [`tool_type`](super::tool_type).
    GEN_AI_TOOL_TYPE = "gen_ai.tool.type": "string", "development";
    /// What the tool was given; only where capture is on.
    GEN_AI_TOOL_CALL_ARGUMENTS = "gen_ai.tool.call.arguments": "any", "development";
    /// What the tool gave back; only where capture is on.
    GEN_AI_TOOL_CALL_RESULT = "gen_ai.tool.call.result": "any", "development";
    /// The tools that a model was offered; only where capture is on.
    GEN_AI_TOOL_DEFINITIONS = "gen_ai.tool.definitions": "any", "development";
    /// The name of a skill.
    GEN_AI_SKILL_NAME = "gen_ai.skill.name": "string", "development";
    /// What a skill is for.
    GEN_AI_SKILL_DESCRIPTION = "gen_ai.skill.description": "string", "development";
    /// Where a skill was loaded from, without secrets.
    GEN_AI_SKILL_SOURCE_URI = "gen_ai.skill.source.uri": "string", "development";
    /// Which file of a skill was read, as a path inside the skill.
    GEN_AI_SKILL_RESOURCE_NAME = "gen_ai.skill.resource.name": "string", "development";
}
