//! The spans of several processes as one tree: who is below whom, and whether anybody is missing.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

/// All spans that a collector got in one run.
#[derive(Debug)]
pub struct Tree {
    /// In the order they are drawn.
    pub(crate) rows: Vec<Row>,
    processes: usize,
    roots: usize,
    orphans: usize,
}

/// A span, the process that it comes from, and the branch that it hangs on.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) span: Span,
    pub(crate) process: String,
    pub(crate) branch: String,
}

impl Tree {
    /// Puts spans below their parents, in the order they began. What has no parent, or one that did not
    /// come, stands at the left edge.
    pub fn of(requests: Vec<ExportTraceServiceRequest>) -> Self {
        let (mut rows, mut processes) = (Vec::new(), Vec::new());
        for resource_spans in requests.into_iter().flat_map(|request| request.resource_spans) {
            let resource = resource_spans.resource.unwrap_or_default();
            let process = text(&resource.attributes, "service.name").unwrap_or_default().to_owned();
            // Two that go by the same name differ in something else that they say of themselves.
            if !processes.contains(&resource) {
                processes.push(resource);
            }
            let spans = resource_spans.scope_spans.into_iter().flat_map(|scope| scope.spans);
            rows.extend(spans.map(|span| Row { span, process: process.clone(), ..Row::default() }));
        }
        let known: HashSet<_> = rows.iter().map(|row| row.span.span_id.clone()).collect();
        let mut below: HashMap<_, Vec<Row>> = HashMap::new();
        for row in rows {
            let parent = &row.span.parent_span_id;
            let parent = if known.contains(parent) { parent.clone() } else { Vec::new() };
            below.entry(parent).or_default().push(row);
        }
        let edge = below.remove(&Vec::new()).unwrap_or_default();
        let roots = edge.iter().filter(|row| row.span.parent_span_id.is_empty()).count();
        let processes = processes.len();
        let mut tree = Self { rows: Vec::new(), processes, roots, orphans: edge.len() - roots };
        tree.hang(edge, None, &mut below);
        tree
    }

    /// Hangs siblings, and what is below each, on a branch; nobody hangs below the edge itself.
    fn hang(
        &mut self,
        mut siblings: Vec<Row>,
        branch: Option<&str>,
        below: &mut HashMap<Vec<u8>, Vec<Row>>,
    ) {
        siblings.sort_by_key(|row| row.span.start_time_unix_nano);
        let last = siblings.len().saturating_sub(1);
        for (at, mut row) in siblings.into_iter().enumerate() {
            let (own, onward) = if at == last { ("└ ", "  ") } else { ("├ ", "│ ") };
            let children = below.remove(&row.span.span_id).unwrap_or_default();
            row.branch = branch.map_or_else(String::new, |branch| format!("{branch}{own}"));
            self.rows.push(row);
            let onward = branch.map_or_else(String::new, |branch| format!("{branch}{onward}"));
            self.hang(children, Some(&onward), below);
        }
    }

    /// Tells whether it is one trace with one root and nobody is missing in between.
    pub fn is_whole(&self) -> bool {
        (self.traces().len(), self.roots, self.orphans) == (1, 1, 0)
    }

    fn traces(&self) -> BTreeSet<&[u8]> {
        self.rows.iter().map(|row| row.span.trace_id.as_slice()).collect()
    }

    /// Returns the names of all processes.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        self.rows.iter().map(|row| row.process.as_str()).collect()
    }
}

impl fmt::Display for Tree {
    /// What it comes to, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for trace_id in self.traces() {
            let digits = trace_id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            write!(f, "trace {digits}: ")?;
        }
        let carry = self.rows.iter().filter(|row| text(&row.span.attributes, "user_id").is_some());
        let (spans, processes, carry) = (self.rows.len(), self.processes, carry.count());
        let (roots, plural) = (self.roots, if self.roots == 1 { "" } else { "s" });
        write!(f, "{spans} spans of {processes} processes, {roots} root{plural}, ")?;
        write!(f, "{} orphans, baggage on {carry}", self.orphans)
    }
}

/// Returns the text of an attribute.
pub(crate) fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}
