//! The agent's loop: plan, run tools side by side, look closer, answer, stop.
//!
//! The model decides which tools run; the loop bounds how often. After the last step it is asked
//! for an answer and may call nothing more.

use crate::conversation::{Message, ToolCall, ToolChoice};
use crate::library::Library;
use crate::model::{Model, ModelError};
use crate::reply::Reply;
use crate::screen::Screen;
use crate::tools::{ToolError, ToolOutput, Toolbox, definitions, label, refused};
use exo_trace::{PromptLogger, compute_token_breakdown, plan, traced};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::pin::pin;

/// Rounds of tool calls before the answer.
const STEPS_MAX: usize = 2;
/// Tools that run in one step; further calls are told to wait.
const CALLS_PER_STEP_MAX: usize = 8;
/// File names the model is told, those nearest to the root first.
const NAMES_TOLD_MAX: usize = 100;

/// A model with tools.
#[derive(Debug)]
pub(crate) struct Agent {
    model: Model,
    toolbox: Toolbox,
    prompts: PromptLogger,
}

impl Agent {
    pub(crate) fn new(model: Model, toolbox: Toolbox) -> Self {
        Self { model, toolbox, prompts: PromptLogger::new() }
    }

    /// Finds out what `question` asks and returns the answer, which has also been shown.
    ///
    /// # Errors
    ///
    /// Fails if the model can not be reached or understood; a failing tool is only told to the model.
    #[traced(agent = "researcher", attributes(exo.agent.max_steps = STEPS_MAX))]
    pub(crate) async fn research(
        &self,
        question: &str,
        screen: &mut Screen,
    ) -> Result<Reply, AgentError> {
        let mut conversation = opening(question, self.toolbox.library());
        let mut calls = self.plan(&mut conversation).await?;
        for number in 1..=STEPS_MAX {
            if calls.is_empty() {
                break;
            }
            calls = self.step(number, calls, &mut conversation, screen).await?;
        }
        self.answer(conversation, screen).await
    }

    async fn plan(&self, conversation: &mut Vec<Message>) -> Result<Vec<ToolCall>, AgentError> {
        // Whose plan it is stands in the span above.
        plan("").start().run(self.ask_for_calls(conversation)).await
    }

    /// Runs the tools of `calls` and returns what the model wants next, nothing after the last step.
    #[traced(chain, name = "step {exo.agent.step}", attributes(exo.agent.step = number))]
    async fn step(
        &self,
        number: usize,
        calls: Vec<ToolCall>,
        conversation: &mut Vec<Message>,
        screen: &mut Screen,
    ) -> Result<Vec<ToolCall>, AgentError> {
        screen.begin_step(number, calls.len())?;
        let results = self.use_tools(&calls, screen).await?;
        conversation.extend(results);
        if number == STEPS_MAX {
            return Ok(Vec::new());
        }
        self.ask_for_calls(conversation).await
    }

    #[traced(chain)]
    async fn answer(
        &self,
        mut conversation: Vec<Message>,
        screen: &mut Screen,
    ) -> Result<Reply, AgentError> {
        conversation.push(Message::User { content: CLOSING.to_owned() });
        screen.begin("answer")?;
        let reply = self.chat(&conversation, ToolChoice::None, |text| screen.stream(text)).await?;
        screen.close()?;
        Ok(reply)
    }

    async fn ask_for_calls(
        &self,
        conversation: &mut Vec<Message>,
    ) -> Result<Vec<ToolCall>, AgentError> {
        let reply = self.chat(conversation, ToolChoice::Auto, |_| Ok(())).await?;
        conversation.push(reply.to_message());
        Ok(reply.tool_calls)
    }

    /// Sends the conversation and follows the reply to its end; `hear` gets the text as it comes.
    async fn chat(
        &self,
        conversation: &[Message],
        choice: ToolChoice,
        mut hear: impl FnMut(&str) -> io::Result<()>,
    ) -> Result<Reply, AgentError> {
        let stream = self.model.stream(conversation.to_vec(), definitions(), choice).await?;
        let mut stream = pin!(stream);
        let mut reply = Reply::default();
        while let Some(chunk) = stream.next().await {
            let heard = reply.text.len();
            reply.add(chunk?)?;
            hear(&reply.text[heard..])?;
        }
        if reply.finish_reason.is_none() {
            return Err(ModelError::Broken("no reason to finish was given".to_owned()).into());
        }
        // An event on the step that asked: how many tokens of each role went to the model.
        let sent = compute_token_breakdown(conversation);
        self.prompts.log(conversation, &reply.text, self.model.name(), sent);
        Ok(reply)
    }

    /// Runs tools side by side and returns their results as messages, in the order of the calls.
    async fn use_tools(
        &self,
        calls: &[ToolCall],
        screen: &mut Screen,
    ) -> Result<Vec<Message>, AgentError> {
        let run = |(slot, call)| async move { (slot, call, self.use_tool(slot, call).await) };
        let mut running: FuturesUnordered<_> = calls.iter().enumerate().map(run).collect();
        let mut results = Vec::with_capacity(calls.len());
        while let Some((slot, call, result)) = running.next().await {
            screen.tool(slot, &label(call), &result)?;
            results.push((slot, tool_message(call, result)));
        }
        results.sort_by_key(|(slot, _)| *slot);
        Ok(results.into_iter().map(|(_, message)| message).collect())
    }

    async fn use_tool(&self, slot: usize, call: &ToolCall) -> Result<ToolOutput, ToolError> {
        if slot >= CALLS_PER_STEP_MAX {
            return Err(refused(call, ToolError::TooManyCalls(CALLS_PER_STEP_MAX)));
        }
        self.toolbox.execute(call).await
    }
}

const CLOSING: &str = "Answer the question now, in at most four short sentences and without \
    Markdown. Use only what the tools returned. After each sentence name its source as (file:line).";

fn opening(question: &str, library: &Library) -> Vec<Message> {
    let documents = library.documents();
    let names = documents.iter().take(NAMES_TOLD_MAX).map(|one| one.name.as_str());
    let names: Vec<_> = names.collect();
    let content = format!(
        "You research a directory of {} text files. Call tools to find what the question asks; \
         call several at once where they do not depend on each other. You get {STEPS_MAX} rounds \
         of calls. The files nearest to its root: {}",
        documents.len(),
        names.join(", ")
    );
    let question = question.to_owned();
    vec![Message::System { content }, Message::User { content: question }]
}

fn tool_message(call: &ToolCall, result: Result<ToolOutput, ToolError>) -> Message {
    Message::Tool {
        tool_call_id: call.id.clone(),
        content: result.map_or_else(|error| error.to_content(), |output| output.content),
    }
}

/// Why a run ended without an answer.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum AgentError {
    Model(ModelError),
    Screen(io::Error),
}

impl From<ModelError> for AgentError {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}

impl From<io::Error> for AgentError {
    fn from(error: io::Error) -> Self {
        Self::Screen(error)
    }
}

impl Display for AgentError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(error) => error.fmt(f),
            Self::Screen(error) => write!(f, "the answer can not be shown: {error}"),
        }
    }
}

impl std::error::Error for AgentError {}
