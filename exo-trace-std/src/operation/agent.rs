//! A run of an agent, a workflow of several, and the plan that an agent makes.

use super::handle::handle;
use super::request::request;
use super::run_status::{StatusOf, WrittenStatus};
use super::{RunStatus, Usage, keys, site};
use crate::semconv::error_type;
use crate::{AttributeSource, Operation};
use exo_trace_core::{Texts, Value};
use std::borrow::Cow;

static STATUS: StatusOf = StatusOf { key: &keys::AGENT_STATUS, unnamed: error_type::OTHER };

request! {
    /// A run of an agent that has not begun; made by [`agent`].
    ///
    /// What is not set is not written.
    AgentRequest {
        given { name => AGENT_NAME, address => SERVER_ADDRESS, }
        texts {
            /// Sets `gen_ai.request.model`: the model, where the agent has only one.
            model => REQUEST_MODEL,
            /// Sets `gen_ai.agent.description`.
            description => AGENT_DESCRIPTION,
            /// Sets `gen_ai.agent.id`: what a service that hosts the agent calls it.
            id => AGENT_ID,
            /// Sets `gen_ai.agent.version`: the version of a hosted agent.
            version => AGENT_VERSION,
            /// Sets `gen_ai.provider.name`: who runs a hosted agent.
            provider => PROVIDER_NAME,
            /// Sets `gen_ai.conversation.id`: which conversation, session or thread it belongs to.
            conversation => CONVERSATION_ID,
            /// Sets `gen_ai.data_source.id`: what the agent looks things up in.
            data_source => DATA_SOURCE_ID,
            /// Sets `gen_ai.output.type`: `text`, `json`, `image` or `speech`, as it was asked for.
            output_type => OUTPUT_TYPE,
        }
        wholes {
            /// Sets `exo.agent.step`: the number of the step.
            step => AGENT_STEP,
            /// Sets `exo.agent.max_steps`: how many steps it may take.
            max_steps => AGENT_MAX_STEPS,
            /// Sets `gen_ai.request.max_tokens`: how many tokens each answer may have.
            max_tokens => REQUEST_MAX_TOKENS,
            /// Sets `gen_ai.request.seed`: what makes the answers repeatable.
            seed => REQUEST_SEED,
            /// Sets `gen_ai.request.choice.count`: how many answers are asked for, if not one.
            choice_count => REQUEST_CHOICE_COUNT,
            /// Sets `server.port`: the port of the host that runs a [remote](Self::remote) agent.
            server_port => SERVER_PORT,
        }
        reals {
            /// Sets `gen_ai.request.temperature`.
            temperature => REQUEST_TEMPERATURE,
            /// Sets `gen_ai.request.top_p`.
            top_p => REQUEST_TOP_P,
            /// Sets `gen_ai.request.frequency_penalty`.
            frequency_penalty => REQUEST_FREQUENCY_PENALTY,
            /// Sets `gen_ai.request.presence_penalty`.
            presence_penalty => REQUEST_PRESENCE_PENALTY,
        }
        flags {}
        lists {
            /// Sets `gen_ai.request.stop_sequences`: texts that end an answer.
            ///
            /// The list is allocated.
            stop_sequences => REQUEST_STOP_SEQUENCES,
        }
    }
}

/// Runs an agent.
///
/// ```
/// use exo_trace_std::{agent, chat};
///
/// let run = agent("researcher").step(1).start();
/// run.in_scope(|| {
///     chat("openai", "gpt-4o").start().end();
/// });
/// run.end();
/// ```
#[inline(always)]
pub fn agent(name: impl Into<Cow<'static, str>>) -> AgentRequest {
    let name = name.into();
    AgentRequest::at(site::INVOKE_AGENT.of(&name), name, Cow::Borrowed(""))
}

impl<A: AttributeSource> AgentRequest<A> {
    /// Makes it a call of an agent that runs elsewhere: the span is a client's, and the host that
    /// answers is its `server.address`.
    ///
    /// A hosted agent is known by its [provider](Self::provider) too; where its host is not known, an
    /// empty address is not written.
    ///
    /// ```
    /// use exo_trace_std::agent;
    ///
    /// let call = agent("writer").remote("agents.example.com").server_port(443).provider("example");
    /// call.start().end();
    /// ```
    #[inline(always)]
    pub fn remote(mut self, address: impl Into<Cow<'static, str>>) -> Self {
        self.site = site::INVOKE_REMOTE_AGENT.of(self.name.as_deref().unwrap_or_default());
        self.address = Some(address.into());
        self
    }

    /// Begins the run, as a child of the current span.
    #[inline(always)]
    pub fn start(self) -> AgentSpan {
        AgentSpan { span: self.begin(), status: WrittenStatus::default() }
    }
}

/// A run of an agent under way: cancelled, unless somebody ends it.
#[derive(Debug)]
#[must_use = "the run ends when this is dropped"]
pub struct AgentSpan {
    pub(super) span: Operation,
    status: WrittenStatus,
}

handle!(AgentSpan);

impl AgentSpan {
    /// Says how many tokens the whole run took, where no model call below it says so.
    pub fn usage(&mut self, usage: Usage) -> &mut Self {
        usage.each(|key, count| self.span.say(key, count));
        self
    }

    /// Says why each answer of the run ended: `gen_ai.response.finish_reasons`.
    pub fn finish_reasons(&mut self, reasons: &[&str]) -> &mut Self {
        let reasons = Value::Texts(Texts::Borrowed(reasons));
        self.span.say(&keys::RESPONSE_FINISH_REASONS, reasons);
        self
    }

    /// Says how it came out: `exo.agent.status`.
    ///
    /// The last word counts, be it a panic, but an error that was told of stays: after it success and
    /// cancelled say nothing, and a text of your own stands beside it.
    pub fn status(&mut self, status: RunStatus<'_>) -> &mut Self {
        self.status.tell(&mut self.span, &STATUS, status);
        self
    }
}

impl Drop for AgentSpan {
    #[inline(always)]
    fn drop(&mut self) {
        self.status.settle(&mut self.span, &STATUS);
    }
}

request! {
    /// A workflow that has not begun; made by [`workflow`].
    WorkflowRequest {
        given { name => WORKFLOW_NAME, }
        texts {
            /// Sets `gen_ai.conversation.id`: which conversation, session or thread it belongs to.
            conversation => CONVERSATION_ID,
        }
        wholes {}
        reals {}
        flags {}
        lists {}
    }
}

/// Runs a workflow: several agents, or steps, that have a name together.
#[inline(always)]
pub fn workflow(name: impl Into<Cow<'static, str>>) -> WorkflowRequest {
    let name = name.into();
    WorkflowRequest::at(site::INVOKE_WORKFLOW.of(&name), name)
}

impl<A: AttributeSource> WorkflowRequest<A> {
    /// Begins the workflow, as a child of the current span.
    #[inline(always)]
    pub fn start(self) -> WorkflowSpan {
        WorkflowSpan { span: self.begin() }
    }
}

/// A workflow under way: cancelled, unless somebody ends it.
#[derive(Debug)]
#[must_use = "the workflow ends when this is dropped"]
pub struct WorkflowSpan {
    pub(super) span: Operation,
}

handle!(WorkflowSpan);

request! {
    /// A plan that is not made yet; made by [`plan`].
    PlanRequest {
        given { agent => AGENT_NAME, }
        texts {
            /// Sets `gen_ai.conversation.id`: which conversation, session or thread it belongs to.
            conversation => CONVERSATION_ID,
        }
        wholes {
            /// Sets `exo.agent.step`: the number of the step.
            step => AGENT_STEP,
        }
        reals {}
        flags {}
        lists {}
    }
}

/// Lets an agent plan what to do; the model call that does is a child of it.
#[inline(always)]
pub fn plan(agent: impl Into<Cow<'static, str>>) -> PlanRequest {
    let agent = agent.into();
    PlanRequest::at(site::PLAN.of(&agent), agent)
}

impl<A: AttributeSource> PlanRequest<A> {
    /// Begins the plan, as a child of the current span.
    #[inline(always)]
    pub fn start(self) -> PlanSpan {
        PlanSpan { span: self.begin() }
    }
}

/// A plan in the making: cancelled, unless somebody ends it.
#[derive(Debug)]
#[must_use = "the plan ends when this is dropped"]
pub struct PlanSpan {
    span: Operation,
}

handle!(PlanSpan);
