//! The writer: answers with the two best lines that were found, once the librarian stands by them.

use crate::Error;
use crate::ask::Peer;
use crate::librarian::{Quotation, Wish};
use crate::message::Message;
use crate::process::LIBRARIAN;
use crate::serve::Worker;
use crate::trace::USER;
use exo_trace::bridge::tokio::spawn;
use exo_trace::{Span, attributes, get_baggage, traced};
use serde::Deserialize;
use serde_json::json;

pub(crate) struct Writer;

impl Worker for Writer {
    const NAME: &str = "writer";
    const SKILL: &str = "Answers a question with lines that were found, after it has checked them.";

    #[traced(agent = "writer")]
    async fn answer(&self, message: Message) -> Result<Message, Error> {
        // What the librarian said came by way of the planner, and names the span that it was said in.
        let found = Message::deserialize(message.data())?;
        if let Some(origin) = found.origin() {
            Span::current().add_link(&origin, attributes! { reason = "quoted" });
        }
        let best = Vec::<Quotation>::deserialize(found.data())?.into_iter().take(2);
        let librarian = Peer::meet(&std::env::var(LIBRARIAN)?).await?;
        let checks: Vec<_> = best.map(|line| spawn(checked(librarian.clone(), line))).collect();
        let mut lines = Vec::new();
        for check in checks {
            lines.extend(check.await??);
        }
        Ok(Message::new("agent", &compose(&lines), json!({"for": get_baggage(USER)})))
    }
}

/// Returns the line if it stands where it is said to.
async fn checked(librarian: Peer, line: Quotation) -> Result<Option<Quotation>, Error> {
    let answer = librarian.ask("Does it stand there?", Wish::Check(line.clone())).await?;
    Ok(answer.data().as_bool().unwrap_or_default().then_some(line))
}

#[traced(tool)]
fn compose(lines: &[Quotation]) -> String {
    let quoted = lines
        .iter()
        .map(|Quotation { document, line, text, .. }| format!("{text} ({document}:{line})"));
    let text = quoted.collect::<Vec<_>>().join("\n");
    let words = text.split_whitespace().count();
    Span::current().set_attribute("exo.tool.result", &format!("{words} words"));
    text
}
