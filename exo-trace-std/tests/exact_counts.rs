//! Exact counts are exact: another implementation, by another algorithm, comes to the same ones.
//!
//! Counted are files in several scripts and in code: whole, line by line, and cut at every letter,
//! so that words, blanks and marks end in all the places they can.
#![cfg(feature = "tiktoken")]

use exo_trace_std::{
    CountMethod, Message, PromptLogger, compute_token_breakdown_for, count_tokens, estimate_tokens,
};

const CORPUS: [(&str, &str); 9] = [
    ("english", include_str!("corpus/english.txt")),
    ("european", include_str!("corpus/european.txt")),
    ("greek and cyrillic", include_str!("corpus/greek_and_cyrillic.txt")),
    ("right to left", include_str!("corpus/right_to_left.txt")),
    ("indic and thai", include_str!("corpus/indic_and_thai.txt")),
    ("han, kana, hangul", include_str!("corpus/han_kana_hangul.txt")),
    ("signs", include_str!("corpus/signs.txt")),
    ("code", include_str!("corpus/code.txt")),
    ("blanks", BLANKS),
];

/// Here rather than in a file, where an editor would tidy it up.
const BLANKS: &str = "one\ttab  two   three\n\n\nlines \n  \n   more\r\n\r\nwindows\r\rold \t \t mixed\n\
    \t\ttabs\n        eight\n\u{b}\u{c}pages\u{85}next\u{a0}hard\u{2003}wide\u{3000}wider \
    \u{2028}line\u{feff}mark   \n\n   ";

/// How the other implementation counts a text.
type Count = fn(&str) -> usize;

/// A model of each encoding that both implementations know.
const ENCODINGS: [(&str, Count); 2] = [
    ("gpt-4o", |text| bpe_openai::o200k_base().count(text)),
    ("gpt-4", |text| bpe_openai::cl100k_base().count(text)),
];

fn assert_agreed(what: &str, text: &str) {
    for (model, other) in ENCODINGS {
        let counted = count_tokens(model, text);
        assert_eq!(counted, Some(other(text) as u64), "{model}, {what}: {text:?}");
    }
}

#[test]
fn whole_texts_count_the_same() {
    for (name, text) in CORPUS {
        assert_agreed(name, text);
        assert_agreed(name, &text.to_uppercase());
        assert_agreed(name, &text.repeat(3));
    }
}

#[test]
fn lines_and_words_count_the_same() {
    for (name, text) in CORPUS {
        text.lines().chain(text.split(' ')).for_each(|part| assert_agreed(name, part));
    }
}

#[test]
fn texts_cut_at_any_letter_count_the_same() {
    for (name, text) in CORPUS {
        for line in text.split_inclusive("\n\n") {
            let starts = line.char_indices().map(|(start, _)| start).step_by(7);
            starts.for_each(|start| assert_agreed(name, &line[start..]));
            let ends = line.char_indices().map(|(end, _)| end).step_by(5);
            ends.for_each(|end| assert_agreed(name, &line[..end]));
        }
    }
}

#[test]
fn a_conversation_is_the_sum_of_its_texts() {
    let other = |text| bpe_openai::o200k_base().count(text) as u64;
    let [(_, english), (_, european), .., (_, code), _] = CORPUS;
    let messages = [
        Message::system(english),
        Message::user(european).with_image(),
        Message::assistant("").with_tool_call("search", r#"{"query": "tide gauge"}"#),
        Message::tool(code),
    ];
    let breakdown = compute_token_breakdown_for("gpt-4o", &messages);
    assert_eq!(breakdown.system_tokens, other(english));
    assert_eq!(breakdown.user_tokens, other(european) + 85);
    assert_eq!(breakdown.assistant_tokens, other("search") + other(r#"{"query": "tide gauge"}"#));
    assert_eq!(breakdown.tool_tokens, other(code));
    let by_role = [breakdown.system_tokens, breakdown.user_tokens, breakdown.assistant_tokens];
    assert_eq!(breakdown.total_tokens, by_role.iter().sum::<u64>() + breakdown.tool_tokens);
    assert_eq!(breakdown.method().as_str(), "o200k_base");
}

/// An answer in Greek is not what its letters say: four of them make no token.
#[test]
fn an_answer_is_counted_when_the_entries_are_read_and_not_when_it_is_logged() {
    let (_, greek) = CORPUS[2];
    let messages = [Message::user("How fast do tides rise?")];
    let breakdown = compute_token_breakdown_for("gpt-4o", &messages);
    let exact = bpe_openai::o200k_base().count(greek) as u64;
    let estimate = (estimate_tokens(greek), CountMethod::Estimate);
    assert_ne!(exact, estimate.0);

    let logger = PromptLogger::new().with_exact_responses(greek.len());
    let logged = logger.log(&messages, greek, "gpt-4o", breakdown);
    assert_eq!((logged.response_tokens, logged.response_method), estimate);
    // There is no room for another until the first is counted.
    logger.log(&messages, greek, "gpt-4o", breakdown);
    for _ in 0..2 {
        let entries = logger.entries();
        let counted: Vec<_> =
            entries.iter().map(|entry| (entry.response_tokens, entry.response_method)).collect();
        let first = (exact, CountMethod::Encoding("o200k_base"));
        assert_eq!(counted, [first, estimate]);
        assert_eq!(logger.responses_estimated(), 1);
    }
    logger.log(&messages, greek, "gpt-4o", breakdown);
    assert_eq!(logger.entries().last().map(|entry| entry.response_tokens), Some(exact));
}

#[test]
fn nobody_keeps_an_answer_who_was_not_asked_to() {
    let messages = [Message::user("How fast do tides rise?")];
    let breakdown = compute_token_breakdown_for("gpt-4o", &messages);
    let logger = PromptLogger::new();
    let logged = logger.log(&messages, "A metre an hour.", "gpt-4o", breakdown);
    assert_eq!((logged.response_tokens, logged.response_method), (4, CountMethod::Estimate));
    assert_eq!(logger.entries(), [logged]);
    assert_eq!(logger.responses_estimated(), 0, "nobody wanted it otherwise");
}
