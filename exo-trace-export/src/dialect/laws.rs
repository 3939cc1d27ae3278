//! What holds for every set of dialects, compared with a table written out by hand.

use super::{Attributes, CameOut, Dialect, Dialects, Vocabulary};
use exo_trace_std::Value;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A key; the page's names, those of the conventions, those of version 1.41, OpenInference's.
type Row = (&'static str, [&'static [&'static str]; 4]);

const SAME: [&[&str]; 4] = [&[], &["="], &["="], &[]];

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("gen_ai.provider.name", [&["gen_ai.system"], &["="], &["="], &["llm.provider", "llm.system"]]),
    ("gen_ai.request.model",
        [&["="], &["="], &["="], &["llm.model_name", "llm.request.model_name"]]),
    ("gen_ai.request.temperature", [&["="], &["="], &["="], &[]]),
    ("gen_ai.request.max_tokens", [&["="], &["="], &["="], &[]]),
    ("gen_ai.response.model", [&["="], &["="], &["="], &["llm.response.model_name"]]),
    ("gen_ai.usage.input_tokens",
        [&["gen_ai.usage.prompt_tokens"], &["="], &["="], &["llm.token_count.prompt"]]),
    ("gen_ai.usage.output_tokens",
        [&["gen_ai.usage.completion_tokens"], &["="], &["="], &["llm.token_count.completion"]]),
    ("gen_ai.usage.cache_read.input_tokens",
        [&[], &["="], &["="], &["llm.token_count.prompt_details.cache_read"]]),
    ("gen_ai.usage.cache_write.input_tokens", [&[], &["="],
        &["gen_ai.usage.cache_creation.input_tokens"],
        &["llm.token_count.prompt_details.cache_write"]]),
    ("gen_ai.usage.reasoning.output_tokens",
        [&[], &["="], &["="], &["llm.token_count.completion_details.reasoning"]]),
    ("gen_ai.prompt.version", [&[], &["="], &["="], &["llm.prompt_template.version"]]),
    ("gen_ai.response.finish_reasons", SAME),
    ("gen_ai.agent.name", [&["exo.agent.name"], &["="], &["="], &["agent.name"]]),
    ("gen_ai.tool.name", [&["exo.tool.name"], &["="], &["="], &["tool.name"]]),
    ("gen_ai.tool.call.id", [&[], &["="], &["="], &["tool.id"]]),
    ("gen_ai.input.messages", [&[], &["="], &["="], &["input.value"]]),
    ("gen_ai.tool.call.result", [&[], &["="], &["="], &["output.value"]]),
    ("gen_ai.usage.cost", [&["exo.cost.total_usd"], &["="], &["="], &["llm.cost.total"]]),
    ("gen_ai.retrieval.top_k", [&[], &["="], &["gen_ai.request.top_k"], &[]]),
    ("gen_ai.operation.name", SAME),
    ("gen_ai.conversation.id", SAME),
    ("exo.agent.step", [&[]; 4]),
    ("exo.agent.status", [&[]; 4]),
    ("exo.tool.status", [&[]; 4]),
    ("session.id", [&["exo.session.id"], &["="], &["="], &["="]]),
    ("user.id", [&["exo.user.id"], &["="], &["="], &["="]]),
    ("exo.task.id", [&[]; 4]),
    ("of.the.program", [&[]; 4]),
];

fn dialects(bits: u8) -> Dialects {
    let all = Dialect::ALL.into_iter().enumerate();
    all.filter(|(place, _)| bits & 1 << place != 0).map(|(_, dialect)| dialect).collect()
}

/// Returns the names that the chosen dialects have for a row.
fn chosen((key, columns): &Row, dialects: Dialects) -> BTreeSet<&'static str> {
    let columns = Dialect::ALL.iter().zip(columns);
    let columns = columns.filter(|(dialect, _)| dialects.contains(**dialect));
    let names = columns.flat_map(|(_, names)| names.iter());
    names.map(|name| if *name == "=" { *key } else { *name }).collect()
}

fn names<'a>(vocabulary: &'a Vocabulary, said: &Attributes<'a>) -> Vec<&'a str> {
    vocabulary.spelt(said).into_iter().map(|(name, _)| name).collect()
}

proptest! {
    #[test]
    fn what_stands_under_a_key_is_written_under_exactly_the_table_s_names(
        bits in 1..16_u8,
        rows in proptest::sample::subsequence((0..TABLE.len()).collect::<Vec<_>>(), 0..TABLE.len()),
    ) {
        let vocabulary = Vocabulary::new(dialects(bits), "exo");
        let said: Vec<_> =
            rows.iter().map(|row| (TABLE[*row].0, Value::Text("said"))).collect();
        let written = names(&vocabulary, &said);
        let set: BTreeSet<_> = written.iter().copied().collect();
        prop_assert_eq!(written.len(), set.len(), "each once: {:?}", written);
        let wanted = rows.iter().flat_map(|row| {
            let names = chosen(&TABLE[*row], dialects(bits));
            if names.is_empty() { BTreeSet::from([TABLE[*row].0]) } else { names }
        });
        prop_assert_eq!(set, wanted.collect());
        for (key, columns) in rows.iter().map(|row| TABLE[*row]) {
            for name in columns.into_iter().flatten().filter(|name| **name != "=") {
                let answer = vocabulary.answer(&vocabulary.said(&said, CameOut::Success), None, name);
                prop_assert!(answer.is_some(), "{} answers to {}", key, name);
            }
        }
    }

    #[test]
    fn what_somebody_wrote_in_any_dialect_stands_and_the_chosen_names_are_added(
        bits in 1..16_u8,
        drawn in proptest::collection::vec((0..TABLE.len(), 0..4_usize), 0..12),
    ) {
        let vocabulary = Vocabulary::new(dialects(bits), "exo");
        let mut said: Vec<(&str, Value<'_>)> = Vec::new();
        for (place, (row, column)) in drawn.into_iter().enumerate() {
            let name = TABLE[row].1[column].first().copied().unwrap_or("=");
            let name = if name == "=" { TABLE[row].0 } else { name };
            // These say less than their keys, or are keys themselves.
            let is_one_way =
                ["input.value", "output.value", "gen_ai.request.top_k", "exo.cost.total_usd"];
            if !is_one_way.contains(&name) && said.iter().all(|(known, _)| *known != name) {
                said.push((name, Value::I64(place as i64)));
            }
        }
        let written = vocabulary.spelt(&said);
        let of = |name: &str| -> Vec<_> {
            written.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value).collect()
        };
        for (name, value) in &said {
            let is_key = TABLE.iter().any(|(key, _)| key == name);
            if !is_key {
                prop_assert_eq!(of(name), [*value], "{} stands in {:?}", name, written);
            }
            let row = TABLE.iter().find(|(key, columns)| {
                key == name || columns.iter().any(|names| names.contains(name))
            });
            for wanted in chosen(row.expect("it is drawn from it"), dialects(bits)) {
                prop_assert_eq!(of(wanted).len(), 1, "{} once in {:?}", wanted, written);
            }
        }
    }
}

#[test]
fn the_cost_of_a_run_is_read_as_no_calls_cost() {
    let vocabulary = Vocabulary::default();
    let said = vec![("exo.cost.total_usd", Value::F64(0.5))];
    assert_eq!(vocabulary.spelt(&said), said, "back ends add up what calls cost");
    let answer =
        vocabulary.answer(&vocabulary.said(&said, CameOut::Success), None, "llm.cost.total");
    assert_eq!(answer, None);
}

#[test]
fn two_facts_with_one_name_are_both_told() {
    let vocabulary = Vocabulary::new(Dialect::GenAi141.into(), "exo");
    let said =
        [("gen_ai.retrieval.top_k", Value::I64(5)), ("gen_ai.request.top_k", Value::I64(40))];
    let written =
        [("gen_ai.retrieval.top_k", Value::I64(5)), ("gen_ai.request.top_k", Value::F64(40.0))];
    assert_eq!(vocabulary.spelt(&said), written);
    assert_eq!(Vocabulary::default().spelt(&said[1..]), said[1..]);
    assert_eq!(vocabulary.spelt(&said[..1]), [("gen_ai.request.top_k", Value::F64(5.0))]);
}

#[test]
fn a_namespace_takes_the_place_of_exo_and_both_are_answered_to() {
    let vocabulary = Vocabulary::new(Dialects::default(), "acme");
    let said = [("gen_ai.tool.name", Value::Text("search")), ("exo.agent.step", Value::I64(3))];
    let failed = vocabulary.said(&said, CameOut::Error("no luck"));
    let written = [
        ("acme.tool.name", Value::Text("search")),
        ("gen_ai.tool.name", Value::Text("search")),
        ("acme.agent.step", Value::I64(3)),
        ("acme.tool.status", Value::Text("error")),
        ("acme.tool.error", Value::Text("no luck")),
    ];
    assert_eq!(vocabulary.written(&failed), written);
    for (name, value) in written {
        assert_eq!(vocabulary.answer(&failed, None, name), Some(value));
        let original = name.replace("acme.", "exo.");
        assert_eq!(vocabulary.answer(&failed, None, &original), Some(value));
    }
    assert_eq!(vocabulary.answer(&failed, None, "acme.agent.status"), None);
}

#[test]
fn openinference_knows_every_kind_of_work() {
    let vocabulary = Vocabulary::new(Dialect::OpenInference.into(), "exo");
    let kind = |said: &Attributes<'_>| {
        let name = "openinference.span.kind";
        let written = vocabulary.written(&vocabulary.said(said, CameOut::Success));
        let kind = written.into_iter().find(|(known, _)| *known == name);
        kind.map(|(_, value)| format!("{value:?}"))
    };
    for (operation, expected) in [
        ("chat", "LLM"),
        ("text_completion", "LLM"),
        ("embeddings", "EMBEDDING"),
        ("retrieval", "RETRIEVER"),
        ("execute_tool", "TOOL"),
        ("invoke_agent", "AGENT"),
        ("create_agent", "AGENT"),
        ("plan", "AGENT"),
        ("invoke_workflow", "CHAIN"),
    ] {
        let operation = ("gen_ai.operation.name", Value::Text(operation));
        let agent = ("gen_ai.agent.name", Value::Text("researcher"));
        assert_eq!(kind(&[operation, agent]), Some(format!("Text({expected:?})")));
        let said = ("openinference.span.kind", Value::Text("GUARDRAIL"));
        assert_eq!(kind(&[operation, said]), Some(String::from(r#"Text("GUARDRAIL")"#)));
    }
    let tool = ("exo.tool.name", Value::Text("search"));
    assert_eq!(kind(&[tool]), Some(String::from(r#"Text("TOOL")"#)));
    assert_eq!(kind(&[("n", Value::I64(1))]), None);
}

#[test]
fn a_sum_is_made_of_what_is_known_and_nothing_is_guessed() {
    let vocabulary = Vocabulary::new(Dialect::OpenInference.into(), "exo");
    let total = |said: &Attributes<'static>| {
        vocabulary.answer(&vocabulary.said(said, CameOut::Success), None, "llm.token_count.total")
    };
    let (input, output) = ("gen_ai.usage.prompt_tokens", "gen_ai.usage.output_tokens");
    assert_eq!(total(&[(input, Value::I64(500)), (output, Value::I64(150))]), Some(650.into()));
    assert_eq!(total(&[(input, Value::I64(500))]), None);
    assert_eq!(total(&[(input, Value::I64(i64::MAX)), (output, Value::I64(1))]), None);
}

#[test]
fn openinference_has_one_reason_for_several_and_a_name_of_its_own_for_what_embeds() {
    let vocabulary = Vocabulary::new(Dialect::OpenInference.into(), "exo");
    let answer = |said: &Attributes<'static>, name: &str| {
        vocabulary.answer(&vocabulary.said(said, CameOut::Success), None, name)
    };
    let reasons = ("gen_ai.response.finish_reasons", ["stop", "length"].as_slice().into());
    assert_eq!(answer(&[reasons], "llm.finish_reason"), Some("stop".into()));
    let none: &[&str] = &[];
    let none = ("gen_ai.response.finish_reasons", none.into());
    assert_eq!(answer(&[none], "llm.finish_reason"), None);
    let by_hand = ("gen_ai.response.finish_reasons", Value::Text("stop"));
    assert_eq!(answer(&[by_hand], "llm.finish_reason"), Some("stop".into()));

    let embeds = ("gen_ai.operation.name", Value::Text("embeddings"));
    let asked = ("gen_ai.request.model", Value::Text("text-embedding-3-small"));
    let name = "embedding.model_name";
    assert_eq!(answer(&[embeds, asked], name), Some("text-embedding-3-small".into()));
    assert_eq!(answer(&[asked], name), None, "that is a call of another kind");
}
