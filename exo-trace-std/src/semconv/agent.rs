//! Who acts, for whom, and at which step: agents, workflows, conversations, sessions, tasks.

use super::convention::keys;

keys! {
    /// The agent's name.
    ///
    /// The conventions' name for it is [`GEN_AI_AGENT_NAME`]; OpenInference's is
    /// [`openinference::AGENT_NAME`](super::openinference::AGENT_NAME).
    #[doc(alias = "AGENT_NAME")]
    EXO_AGENT_NAME = "exo.agent.name": "string", "page";
    /// The number of the agent's step.
    #[doc(alias = "AGENT_STEP")]
    EXO_AGENT_STEP = "exo.agent.step": "int", "page";
    /// How the agent's run ended; see [`status`](super::status).
    EXO_AGENT_STATUS = "exo.agent.status": "enum(string)", "page";
    /// Which agent it is.
    #[doc(alias = "AGENT_ID")]
    EXO_AGENT_ID = "exo.agent.id": "string", "package";
    /// What sort of agent it is.
    #[doc(alias = "AGENT_TYPE")]
    EXO_AGENT_TYPE = "exo.agent.type": "string", "package";
    /// The model that the agent uses.
    #[doc(alias = "AGENT_MODEL")]
    EXO_AGENT_MODEL = "exo.agent.model": "string", "package";
    /// How many steps the agent may take.
    #[doc(alias = "AGENT_MAX_STEPS")]
    EXO_AGENT_MAX_STEPS = "exo.agent.max_steps": "int", "package";
    /// Whether the run succeeded: `"1"` or `"0"`, a dimension of the package's metrics.
    #[doc(alias = "AGENT_RUN_SUCCESS")]
    EXO_AGENT_RUN_SUCCESS = "exo.agent.run.success": "string", "package";
    /// The agent's name, for people to read.
    GEN_AI_AGENT_NAME = "gen_ai.agent.name": "string", "development";
    /// Which hosted agent it is; an agent in this process has none.
    GEN_AI_AGENT_ID = "gen_ai.agent.id": "string", "development";
    /// What the agent is for; on spans, never on metrics.
    GEN_AI_AGENT_DESCRIPTION = "gen_ai.agent.description": "string", "development";
    /// The version of a hosted agent.
    GEN_AI_AGENT_VERSION = "gen_ai.agent.version": "string", "development";
    /// Which agent the process is there for.
    GEN_AI_MAIN_AGENT_ID = "gen_ai.main_agent.id": "string", "development";
    /// The name of the agent that the process is there for.
    GEN_AI_MAIN_AGENT_NAME = "gen_ai.main_agent.name": "string", "development";
    /// What the agent does that the process is there for.
    GEN_AI_MAIN_AGENT_DESCRIPTION = "gen_ai.main_agent.description": "string", "development";
    /// The name of a workflow, one of few.
    GEN_AI_WORKFLOW_NAME = "gen_ai.workflow.name": "string", "development";
    /// Whether an agent or workflow runs inside another one.
    GEN_AI_INVOCATION_IS_NESTED = "gen_ai.invocation.is_nested": "boolean", "proposal";
    /// Which conversation it belongs to; never made up where there is none.
    GEN_AI_CONVERSATION_ID = "gen_ai.conversation.id": "string", "development";
    /// True where the model was given a shortened conversation; absent otherwise.
    GEN_AI_CONVERSATION_COMPACTED = "gen_ai.conversation.compacted": "boolean", "development";
    /// The session, as Phoenix and Langfuse read it.
    SESSION_ID = "session.id": "string", "development";
    /// The user, as Phoenix and Langfuse read it.
    USER_ID = "user.id": "string", "development";
    /// The session, in the package's word.
    EXO_SESSION_ID = "exo.session.id": "string", "package";
    /// The user, in the package's word.
    EXO_USER_ID = "exo.user.id": "string", "package";
    /// The trace, in the package's word; a span has its trace id anyway.
    EXO_TRACE_ID = "exo.trace.id": "string", "package";
    /// The task that is worked on.
    EXO_TASK_ID = "exo.task.id": "string", "package";
    /// What the task is, in the words of whoever gave it.
    EXO_TASK_INPUT = "exo.task.input": "string", "package";
}
