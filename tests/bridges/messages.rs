//! One trace over messages that say their context themselves: on a pipe, and through a queue.

use exo_trace::bridge::{a2a, mcp};
use exo_trace::testing::capture;
use exo_trace::{get_baggage, mcp_call, mcp_serve, set_baggage, span_sync};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write, pipe};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Answers requests, a line each, until nobody asks any more.
fn serve(requests: PipeReader, mut answers: PipeWriter) {
    for line in BufReader::new(requests).lines() {
        let request: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let caller = mcp::extract(&request);
        let _carried = caller.attach();
        let method = request["method"].as_str().unwrap().to_owned();
        let Some(id) = request.get("id") else {
            mcp_serve(method).start_in(&caller).end();
            continue;
        };
        let tool = request["params"]["name"].as_str().unwrap().to_owned();
        let answer = mcp_serve(method).tool(tool).request_id(id.to_string()).start_in(&caller);
        let found = answer.in_scope(|| {
            let _span = span_sync!("search", user = get_baggage("user").as_deref());
            json!({"content": [{"type": "text", "text": "three hits"}]})
        });
        answer.end();
        let answer = json!({"jsonrpc": "2.0", "id": id, "result": found});
        writeln!(answers, "{answer}").unwrap();
    }
}

/// A client at its end of the pipes.
struct Client {
    requests: PipeWriter,
    answers: BufReader<PipeReader>,
}

impl Client {
    fn send(&mut self, mut message: Value) {
        mcp::inject(&mut message);
        writeln!(self.requests, "{message}").unwrap();
    }

    fn call(&mut self, id: u32, tool: &'static str) {
        let call = mcp_call("tools/call").tool(tool).request_id(id.to_string()).start();
        let params = json!({"name": tool, "arguments": {"query": "rust"}});
        let request = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
        call.in_scope(|| self.send(request));
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert!(answer.contains("three hits"), "{answer}");
        call.end();
    }

    fn cancel(&mut self) {
        let call = mcp_call("notifications/cancelled").start();
        let params = json!({"requestId": 2});
        let message =
            json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params});
        call.in_scope(|| self.send(message));
        call.end();
    }
}

#[test]
fn a_tool_on_the_other_side_of_a_pipe_is_in_the_trace_of_its_call() {
    let ((requests, to_server), (answers, to_client)) = (pipe().unwrap(), pipe().unwrap());
    let server = std::thread::spawn(|| serve(requests, to_client));
    let trace = capture(|| {
        let _run = span_sync!("run");
        set_baggage("user", "ada");
        let mut client = Client { requests: to_server, answers: BufReader::new(answers) };
        client.call(1, "search");
        client.cancel();
        client.call(2, "search");
        drop(client);
        server.join().unwrap();
    });
    assert_eq!(trace.to_text(), include_str!("traces/mcp.txt"));
}

/// An agent that works on what comes when it comes, all on one thread.
fn work(queue: Receiver<Value>) {
    for message in queue {
        let _caller = a2a::extract(&message).attach();
        let _span = span_sync!("work", id = message["messageId"].as_str());
    }
}

#[test]
fn a_message_that_waited_in_a_queue_is_in_the_trace_of_its_sender() {
    let (sender, queue) = channel();
    let worker = std::thread::spawn(|| work(queue));
    let send = |id: &str, sender: &Sender<Value>| {
        let mut message = json!({"role": "user", "messageId": id, "parts": []});
        let _ask = span_sync!("ask");
        a2a::inject(&mut message);
        sender.send(message).unwrap();
    };
    let first = capture(|| send("m-1", &sender));
    assert!(first.to_text().starts_with("ask\n"));
    sender.send(json!({"role": "user", "messageId": "m-2", "parts": []})).unwrap();
    let third = capture(|| {
        send("m-3", &sender);
        drop(sender);
        worker.join().unwrap();
    });
    assert_eq!(third.to_text(), "ask\n  work id=\"m-3\"\n");
}
