//! What one span adds to the five metrics of the Python package.
//!
//! There the counts of tokens were dimensions, so that every run began time series of its own; here
//! tokens are divided into input and output, and by names alone.

use super::calls::Calls;
use super::catalog;
use super::dimensions::Dimensions;
use super::instruments::Instruments;
use super::said::{self, Said};
use super::work::Work;
use opentelemetry::{Key, KeyValue};

/// The page's own keys, in the namespace of the configuration.
pub(super) struct Names {
    agent: Key,
    agent_success: Key,
    tool: Key,
    tool_success: Key,
}

impl Names {
    pub(super) fn within(namespace: &str) -> Self {
        let key = |name| Key::new(format!("{namespace}.{name}"));
        Self {
            agent: key("agent.name"),
            agent_success: key("agent.run.success"),
            tool: key("tool.name"),
            tool_success: key("tool.step.success"),
        }
    }

    /// Records what one span has to say; `own` are an agent's own calls.
    pub(super) fn record(&self, to: &mut Instruments, work: Work, said: &Said<'_>, own: &Calls) {
        match work {
            Work::Agent | Work::RemoteAgent => self.agent(to, said, own),
            Work::Tool => self.tool(to, said),
            _ => {}
        }
    }

    fn agent(&self, to: &mut Instruments, said: &Said<'_>, own: &Calls) {
        let about = || {
            named(&self.agent, said, &said::AGENT_NAME)
                .text("gen_ai.request.model", said, &said::REQUEST_MODEL)
                .and(success(&self.agent_success, said))
        };
        let run = about();
        to.seconds(&catalog::PAGE_AGENT_DURATION, said.seconds_long(), run.list());
        to.add(&catalog::PAGE_AGENT_RUNS, 1, run.list());
        // What the run says of itself, else what the calls in it said.
        let input = said.count(&said::INPUT_TOKENS).unwrap_or(own.input_tokens);
        let output = said.count(&said::OUTPUT_TOKENS).unwrap_or(own.output_tokens);
        if input == 0 && output == 0 {
            return;
        }
        for (kind, tokens) in [("input", input), ("output", output)] {
            let about = about().and(KeyValue::new("gen_ai.token.type", kind));
            to.size(&catalog::PAGE_AGENT_TOKENS, tokens, about.list());
        }
    }

    fn tool(&self, to: &mut Instruments, said: &Said<'_>) {
        let mut about = named(&self.tool, said, &said::TOOL_NAME);
        if let Some(agent) = said.text(&said::AGENT_NAME) {
            about = about.and(KeyValue::new(self.agent.clone(), agent.to_owned()));
        }
        let about = about.and(success(&self.tool_success, said));
        to.seconds(&catalog::PAGE_TOOL_DURATION, said.seconds_long(), about.list());
        to.add(&catalog::PAGE_TOOL_STEPS, 1, about.list());
    }
}

fn named(key: &Key, said: &Said<'_>, fact: &'static said::Spellings) -> Dimensions {
    let name = said.text(fact).map(|name| KeyValue::new(key.clone(), name.to_owned()));
    name.into_iter().fold(Dimensions::default(), Dimensions::and)
}

/// The package writes it as a text.
fn success(key: &Key, said: &Said<'_>) -> KeyValue {
    KeyValue::new(key.clone(), if said.is_success() { "1" } else { "0" })
}
