//! The shape of a trace whose spans begin at the same time: its text, with siblings in order of their names.

use exo_trace::Trace;

/// One span of the text, with what stands below it.
struct Branch<'a> {
    depth: usize,
    line: &'a str,
    below: Vec<Branch<'a>>,
}

/// Checks a captured trace and returns its text, in an order that no scheduler has a say in.
pub(crate) fn shape_of(trace: &Trace) -> String {
    let text = super::text_of(trace);
    let mut lines = text.lines().peekable();
    let mut branches = Vec::new();
    while let Some(branch) = branch(&mut lines) {
        branches.push(branch);
    }
    write(branches)
}

fn branch<'a>(lines: &mut std::iter::Peekable<std::str::Lines<'a>>) -> Option<Branch<'a>> {
    let line = lines.next()?;
    let depth = depth_of(line);
    let mut below = Vec::new();
    while lines.peek().is_some_and(|next| depth_of(next) > depth) {
        below.extend(branch(lines));
    }
    Some(Branch { depth, line: line.trim_start(), below })
}

fn depth_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn write(branches: Vec<Branch<'_>>) -> String {
    let mut texts: Vec<String> = branches
        .into_iter()
        .map(|branch| {
            let Branch { depth, line, below } = branch;
            format!("{}{line}\n{}", " ".repeat(depth), write(below))
        })
        .collect();
    texts.sort();
    texts.concat()
}
