//! The planner: starts the two workers, chooses what to look for, asks one, and lets the other answer.

use crate::ask::Peer;
use crate::librarian::Wish;
use crate::message::Message;
use crate::process::WorkerProcess;
use crate::trace::{SESSION, USER, config};
use crate::{Error, say};
use exo_trace::{set_baggage, traced};
use exo_trace_a2a::Collector;
use std::time::Duration;

const DELIVERY: Duration = Duration::from_secs(10);
/// Words that stand everywhere.
const COMMON: &str = "a and are does happens how in is many of the to what when";

/// Lets the three agents answer, and returns how it went with the collector that has all their spans.
pub(crate) async fn run(
    question: &str,
    librarian: &[String],
    writer: &[String],
) -> Result<(Result<(), Error>, Collector), Error> {
    let collector = Collector::start().await?;
    let trace = exo_trace::init(config("planner").endpoint(collector.url()))?;
    let librarian = WorkerProcess::start(librarian, collector.url(), "").await?;
    let writer = WorkerProcess::start(writer, collector.url(), &librarian.url).await?;
    say("librarian", &format!("{} (process {})", librarian.url, librarian.id()))?;
    say("writer", &format!("{} (process {})", writer.url, writer.id()))?;
    say("question", question)?;

    set_baggage(USER, "ada");
    set_baggage(SESSION, "s-42");
    let peers = (Peer::meet(&librarian.url).await?, Peer::meet(&writer.url).await?);
    let answer = answer(question, &peers.0, &peers.1).await;
    if let Ok(answer) = &answer {
        say("answer", &format!("for {}:", answer.data()["for"].as_str().unwrap_or("nobody")))?;
        answer.text().lines().try_for_each(|line| say("", line))?;
    }

    // A worker that stops delivers its spans first.
    writer.stop().await?;
    librarian.stop().await?;
    let delivery = trace.shutdown_async(DELIVERY).await;
    if !delivery.is_complete() {
        return Err(delivery.lost.to_string().into());
    }
    Ok((answer.map(drop), collector))
}

#[traced(agent = "planner")]
async fn answer(question: &str, librarian: &Peer, writer: &Peer) -> Result<Message, Error> {
    let words = plan(question);
    let found = librarian.ask(&format!("Find {}.", words.join(", ")), Wish::Find(words)).await?;
    writer.ask(question, found).await
}

/// Chooses the words to look for.
#[traced]
fn plan(question: &str) -> Vec<String> {
    let question = question.to_lowercase();
    let words = question.split(|letter: char| !letter.is_alphanumeric());
    let is_common = |word: &str| COMMON.split(' ').any(|common| common == word);
    words.filter(|word| !word.is_empty() && !is_common(word)).map(str::to_owned).collect()
}
