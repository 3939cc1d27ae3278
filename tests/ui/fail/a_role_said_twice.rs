//! A function is a tool, or an agent, or a chain.
use exo_trace::traced;

#[traced(tool, agent = "researcher")]
fn search() {}

#[traced(agent)]
fn research() {}

#[traced(chain = "answer")]
fn answer() {}

#[traced(tool, attributes(gen_ai.tool.name = "other"))]
fn other() {}

fn main() {}
