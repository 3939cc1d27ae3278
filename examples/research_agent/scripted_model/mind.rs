//! Decides what the scripted model says next: plan searches, look closer, or answer from what came back.
//!
//! It knows nothing but the conversation. The question gives the words to search for, the results
//! give the file to open and the numbers to compute with, and the answer quotes them. Like a real
//! model it also asks for a file that is not there and for an index that takes too long.

use super::findings::Findings;
use super::numbers::expression;
use super::quote::{place, quote};
use super::topics::topics;
use crate::conversation::{ChatRequest, FunctionCall, Message, ToolChoice};
use crate::tools::search::{Found, Hit};
use serde_json::{Value, json};

/// What the model says, and the tools it wants.
#[derive(Debug)]
pub(super) struct Thought {
    pub(super) text: String,
    pub(super) calls: Vec<FunctionCall>,
}

/// Returns the next thought in the conversation of `chat`.
pub(super) fn think(chat: &ChatRequest) -> Thought {
    let question = question(&chat.messages);
    let may_call = chat.tool_choice == ToolChoice::Auto && !chat.tools.is_empty();
    match rounds(&chat.messages) {
        0 if may_call => plan(question, &chat.messages),
        1 if may_call => look_closer(question, &Findings::of(&chat.messages)),
        _ => answer(question, &Findings::of(&chat.messages)),
    }
}

fn question(messages: &[Message]) -> &str {
    let asked = messages.iter().find_map(|message| match message {
        Message::User { content } => Some(content.as_str()),
        _ => None,
    });
    asked.unwrap_or_default()
}

/// Counts how often the model has called tools before.
fn rounds(messages: &[Message]) -> usize {
    let has_calls = |message: &&Message| match message {
        Message::Assistant { tool_calls, .. } => !tool_calls.is_empty(),
        _ => false,
    };
    messages.iter().filter(has_calls).count()
}

fn plan(question: &str, messages: &[Message]) -> Thought {
    let topics = topics(question);
    let names: Vec<_> = topics.iter().map(|topic| format!("\"{topic}\"")).collect();
    let searches = topics.iter().map(|topic| call("search", json!({ "query": topic })));
    let guess = call("read_file", json!({ "path": guessed_file(messages) }));
    Thought {
        text: format!("I look for {}.", names.join(" and ")),
        calls: searches.chain([guess]).collect(),
    }
}

/// Returns a name that a directory might have and this one, as far as the model was told, has not.
fn guessed_file(messages: &[Message]) -> String {
    let is_listed = |name: &str| {
        messages.iter().any(|message| match message {
            Message::System { content } => content.contains(name),
            _ => false,
        })
    };
    let mut name = "NOTES.md".to_owned();
    for number in 2..1_000 {
        if !is_listed(&name) {
            break;
        }
        name = format!("NOTES-{number}.md");
    }
    name
}

fn look_closer(question: &str, findings: &Findings) -> Thought {
    let best = findings.searches.iter().find_map(|found| found.best.first());
    let reading = best.map(|hit| call("read_file", json!({ "path": hit.file, "line": hit.line })));
    let sum = sum(question, findings)
        .map(|sum| call("calculator", json!({ "expression": sum.expression })));
    let index = call("index_all", json!({}));
    Thought {
        text: best.map_or("Nothing yet.".to_owned(), |hit| format!("{} looks right.", place(hit))),
        calls: reading.into_iter().chain(sum).chain([index]).collect(),
    }
}

/// An expression worth computing, and where its numbers come from.
struct Sum<'a> {
    expression: String,
    source: Source<'a>,
}

enum Source<'a> {
    Question,
    Hit(&'a Hit),
    HitCounts,
}

fn sum<'a>(question: &str, findings: &'a Findings) -> Option<Sum<'a>> {
    let asked = expression(question).map(|expression| Sum { expression, source: Source::Question });
    let mut hits = findings.searches.iter().flat_map(|found| &found.best);
    let spelled = || {
        hits.find_map(|hit| {
            let expression = expression(&hit.text)?;
            Some(Sum { expression, source: Source::Hit(hit) })
        })
    };
    asked.or_else(spelled).or_else(|| {
        let counts: Vec<_> = findings.searches.iter().map(|found| found.hits.to_string()).collect();
        let expression = counts.join(" + ");
        (!counts.is_empty()).then_some(Sum { expression, source: Source::HitCounts })
    })
}

fn answer(question: &str, findings: &Findings) -> Thought {
    let computed = computed(question, findings);
    let mut quoted: Vec<&Hit> = Vec::new();
    let mut lines = Vec::new();
    for found in &findings.searches {
        match fitting_hit(found, &quoted, computed.as_ref()) {
            Some(hit) => {
                lines.push(sentence(hit, findings, computed.as_ref()));
                quoted.push(hit);
            }
            None if found.hits == 0 => lines.push(format!("No file has \"{}\".", found.query)),
            None => {}
        }
    }
    lines.extend(computed.and_then(|computed| remark(&computed, &quoted)));
    if lines.is_empty() {
        lines.push("The tools found nothing.".to_owned());
    }
    Thought { text: lines.join("\n"), calls: Vec::new() }
}

/// A sum with the calculator's result: "32768 * 8 = 262144".
struct Computed<'a> {
    equation: String,
    source: Source<'a>,
}

impl Computed<'_> {
    /// Says whether `text` has the result as a number of its own, with or without commas.
    fn is_told_by(&self, text: &str) -> bool {
        let result = self.equation.rsplit(" = ").next().unwrap_or_default();
        let text = text.replace(',', "");
        text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == result)
    }
}

fn computed<'a>(question: &str, findings: &'a Findings) -> Option<Computed<'a>> {
    let Sum { expression, source } = sum(question, findings)?;
    let done = findings.calculations.iter().find(|done| done.expression == expression)?;
    let result = done.result.to_string();
    let equation = if expression == result { result } else { format!("{expression} = {result}") };
    Some(Computed { equation, source })
}

/// Returns the best hit not quoted yet; one whose numbers were computed with goes before.
fn fitting_hit<'a>(
    found: &'a Found,
    quoted: &[&Hit],
    computed: Option<&Computed<'_>>,
) -> Option<&'a Hit> {
    let fresh = |hit: &&Hit| !quoted.contains(hit);
    let is_computed = |hit: &&Hit| {
        let source = computed.map(|computed| &computed.source);
        matches!(source, Some(Source::Hit(source)) if source == hit)
    };
    let mut candidates = found.best.iter().filter(fresh);
    let first = candidates.clone().next();
    candidates.find(is_computed).or(first)
}

fn sentence(hit: &Hit, findings: &Findings, computed: Option<&Computed<'_>>) -> String {
    let place = place(hit);
    match computed {
        Some(computed @ Computed { equation, source: Source::Hit(source) }) if *source == hit => {
            // The equation completes a short sentence, so none of the next is needed.
            let quote = quote(hit, &[]);
            match computed.is_told_by(&quote) {
                true => format!("{quote} ({place})."),
                false => format!("{quote}: {equation} ({place})."),
            }
        }
        _ => format!("{} ({place}).", quote(hit, &findings.pages)),
    }
}

/// Returns the equation as a sentence of its own, unless a quote has told it.
fn remark(computed: &Computed<'_>, quoted: &[&Hit]) -> Option<String> {
    let equation = &computed.equation;
    match computed.source {
        Source::Hit(hit) if quoted.contains(&hit) => None,
        Source::Hit(hit) => Some(format!("{equation} ({}).", place(hit))),
        Source::Question => Some(format!("{equation}.")),
        Source::HitCounts => Some(format!("Sentences that match: {equation}.")),
    }
}

fn call(name: &str, arguments: Value) -> FunctionCall {
    FunctionCall { name: name.to_owned(), arguments: arguments.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{answer, guessed_file, look_closer};
    use crate::conversation::Message;
    use crate::scripted_model::findings::Findings;
    use crate::tools::calculator::Calculation;
    use crate::tools::search::{Found, Hit};

    fn findings(text: &str, done: &[(&str, f64)]) -> Findings {
        let hit = |line| Hit {
            file: "a.md".to_owned(),
            line,
            under: String::new(),
            text: text.to_owned(),
        };
        let found =
            |query: &str, hits| Found { query: query.to_owned(), hits, best: vec![hit(hits)] };
        let calculation = |(expression, result): &(&str, f64)| Calculation {
            expression: (*expression).to_owned(),
            result: *result,
        };
        Findings {
            searches: vec![found("bed", 3)],
            pages: Vec::new(),
            calculations: done.iter().map(calculation).collect(),
        }
    }

    #[test]
    fn numbers_in_what_was_found_are_computed_with_and_quoted() {
        let found = findings("A barn has 12 rows of 30 beds.", &[("12 * 30", 360.0)]);
        let calls = look_closer("How many beds?", &found).calls;
        let asked: Vec<_> = calls.iter().map(|call| call.arguments.as_str()).collect();
        let expected = ["{\"line\":3,\"path\":\"a.md\"}", "{\"expression\":\"12 * 30\"}", "{}"];
        assert_eq!(asked, expected);
        let said = answer("How many beds?", &found).text;
        assert_eq!(said, "A barn has 12 rows of 30 beds: 12 * 30 = 360 (a.md:3).");
    }

    #[test]
    fn a_result_that_the_sentence_tells_is_not_told_twice() {
        let found =
            findings("A barn has 12 rows of 300 beds: 3,600 beds.", &[("12 * 300", 3600.0)]);
        let said = answer("How many beds?", &found).text;
        assert_eq!(said, "A barn has 12 rows of 300 beds: 3,600 beds (a.md:3).");
    }

    #[test]
    fn the_question_may_bring_its_own_numbers() {
        let found = findings("Beds are made of wood.", &[("4 * 5", 20.0)]);
        let said = answer("What is 4 times 5 beds?", &found).text;
        assert_eq!(said, "Beds are made of wood (a.md:3).\n4 * 5 = 20.");
    }

    #[test]
    fn a_calculator_that_failed_is_not_quoted() {
        let said = answer("Beds?", &findings("Beds are made of wood.", &[])).text;
        assert_eq!(said, "Beds are made of wood (a.md:3).");
        assert_eq!(answer("Beds?", &Findings::default()).text, "The tools found nothing.");
    }

    #[test]
    fn the_guessed_file_is_none_of_those_it_was_told() {
        let content = "The files: NOTES.md, NOTES-2.md".to_owned();
        assert_eq!(guessed_file(&[Message::System { content }]), "NOTES-3.md");
    }
}
