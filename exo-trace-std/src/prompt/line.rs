//! A logged call as one line of text, whatever the names in it hold.

use super::breakdown::TokenBreakdown;
use super::entry::ExecutionLogEntry;
use std::fmt::Write;

/// Returns a line without an end; what is not known is not in it.
pub(super) fn line(entry: &ExecutionLogEntry) -> String {
    let TokenBreakdown { system_tokens, user_tokens, assistant_tokens, .. } = entry.breakdown;
    let TokenBreakdown { tool_tokens, other_tokens, total_tokens, .. } = entry.breakdown;
    let method = entry.breakdown.method();
    let mut line = format!(
        "{}: {} messages, {total_tokens} tokens ({method}): system={system_tokens} \
         user={user_tokens} assistant={assistant_tokens} tool={tool_tokens} other={other_tokens}",
        entry.model_name.escape_debug(),
        entry.message_count,
    );
    write_more(&mut line, entry);
    line
}

fn write_more(line: &mut String, entry: &ExecutionLogEntry) {
    let mut more = |text: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = write!(line, ", {text}");
    };
    if entry.response_tokens > 0 && entry.response_method == entry.breakdown.method() {
        more(format_args!("response={}", entry.response_tokens));
    } else if entry.response_tokens > 0 {
        more(format_args!("response={} ({})", entry.response_tokens, entry.response_method));
    }
    if entry.context_window > 0 {
        let share = entry.breakdown.total_tokens as f64 / entry.context_window as f64 * 100.0;
        more(format_args!("{share:.1} % of {}", entry.context_window));
    }
    if let Some(cost) = entry.cost_usd {
        more(format_args!("${cost:.6}"));
    }
    if entry.duration_s != 0.0 {
        more(format_args!("{:.3} s", entry.duration_s));
    }
    if !entry.agent_name.is_empty() {
        more(format_args!("agent {}", entry.agent_name.escape_debug()));
    }
    for (place, tool) in entry.tool_names.iter().enumerate() {
        let label = if place == 0 { "tools " } else { "" };
        more(format_args!("{label}{}", tool.escape_debug()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::breakdown::CountMethod;
    use crate::prompt::entry::Execution;

    #[test]
    fn a_line_stays_one_line() {
        let execution = Execution { model_name: "a\nb", ..Execution::default() };
        let mut entry = ExecutionLogEntry::new(2, &execution);
        entry.breakdown = TokenBreakdown::default().with("user", 3).with("critic", 4);
        entry.response_tokens = 5;
        let expected = "a\\nb: 2 messages, 7 tokens (estimate): \
            system=0 user=3 assistant=0 tool=0 other=4, response=5";
        assert_eq!(line(&entry), expected);
    }

    #[test]
    fn what_is_known_besides_stands_behind() {
        let execution = Execution {
            agent_name: "researcher",
            model_name: "gpt-4o",
            context_window: 1_000,
            tool_names: &["search", "read\u{1b}_file"],
            duration_s: 1.2345,
            breakdown: Some(TokenBreakdown::default().with("user", 250)),
        };
        let mut entry = ExecutionLogEntry::new(1, &execution);
        entry.response_tokens = 5;
        entry.response_method = CountMethod::Encoding("o200k_base");
        entry.cost_usd = Some(0.000_675);
        let expected = "gpt-4o: 1 messages, 250 tokens (estimate): system=0 user=250 assistant=0 \
            tool=0 other=0, response=5 (o200k_base), 25.0 % of 1000, $0.000675, 1.234 s, \
            agent researcher, tools search, read\\u{1b}_file";
        assert_eq!(line(&entry), expected);
    }
}
