//! What the tools have found so far, read back from the conversation as a model would.

use crate::conversation::Message;
use crate::tools::calculator::Calculation;
use crate::tools::read_file::Page;
use crate::tools::search::Found;

/// Results of tools, in the order of their calls; failures are not among them.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) searches: Vec<Found>,
    pub(super) pages: Vec<Page>,
    pub(super) calculations: Vec<Calculation>,
}

impl Findings {
    pub(super) fn of(messages: &[Message]) -> Self {
        let mut findings = Self::default();
        for message in messages {
            if let Message::Tool { tool_call_id, content } = message {
                findings.add(tool_name(messages, tool_call_id), content);
            }
        }
        findings
    }

    fn add(&mut self, name: &str, content: &str) {
        match name {
            "search" => self.searches.extend(serde_json::from_str::<Found>(content)),
            "read_file" => self.pages.extend(serde_json::from_str::<Page>(content)),
            "calculator" => {
                let calculation = serde_json::from_str::<Calculation>(content);
                self.calculations.extend(calculation);
            }
            _ => {}
        }
    }
}

/// Returns the name of the tool that the call `id` asked for.
fn tool_name<'a>(messages: &'a [Message], id: &str) -> &'a str {
    let calls = messages.iter().flat_map(|message| match message {
        Message::Assistant { tool_calls, .. } => tool_calls.as_slice(),
        _ => &[],
    });
    calls
        .filter(|call| call.id == id)
        .map(|call| call.function.name.as_str())
        .next()
        .unwrap_or_default()
}
