//! Records that came before what they need, in the order in which they came.

use super::message::Message;
use std::collections::VecDeque;

/// How many records wait at most; the oldest makes room for the newest.
const WAITING_MAX: usize = 4_096;
/// How many bytes of text wait at most.
const WAITING_TEXT_BYTES_MAX: usize = 256 << 10;
/// For how many boot frames a record waits for the origin of a trace, or a link for its span.
const ROUNDS_MAX: u32 = 3;

/// Records of one boot that wait.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    messages: VecDeque<Held>,
    text_bytes: usize,
    /// How many of them lead to a span that may be the next to come.
    links: usize,
    rounds: u32,
}

/// One record that waits.
#[derive(Debug)]
struct Held {
    message: Message,
    since: u32,
}

impl Waiting {
    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Tells whether one of them may wait for a span.
    pub(super) fn has_links(&self) -> bool {
        self.links > 0
    }

    /// Lets a record wait; returns those that have to go for it.
    pub(super) fn push(&mut self, message: Message) -> Vec<Message> {
        self.put_back_anew(message);
        let mut gone = Vec::new();
        while self.messages.len() > WAITING_MAX || self.text_bytes > WAITING_TEXT_BYTES_MAX {
            let Some(held) = self.messages.pop_front() else { break };
            gone.push(self.without(held));
        }
        gone
    }

    /// Begins another round and returns the records that have waited for too many.
    pub(super) fn round(&mut self) -> Vec<Message> {
        self.rounds = self.rounds.wrapping_add(1);
        let rounds = self.rounds;
        let is_old = |held: &Held| rounds.wrapping_sub(held.since) > ROUNDS_MAX;
        let old = self.messages.iter().take_while(|held| is_old(held)).count();
        let gone: Vec<_> = self.messages.drain(..old).collect();
        gone.into_iter().map(|held| self.without(held)).collect()
    }

    /// Takes all of them out, to be tried again.
    pub(super) fn take(&mut self) -> Vec<(Message, u32)> {
        (self.text_bytes, self.links) = (0, 0);
        self.messages.drain(..).map(|held| (held.message, held.since)).collect()
    }

    /// Puts one back that was taken out and still waits.
    pub(super) fn put_back(&mut self, message: Message, since: u32) {
        self.text_bytes += text_bytes(&message);
        self.links += usize::from(is_link(&message));
        self.messages.push_back(Held { message, since });
    }

    /// Puts one back that will wait as if it had come just now.
    pub(super) fn put_back_anew(&mut self, message: Message) {
        self.put_back(message, self.rounds);
    }

    fn without(&mut self, held: Held) -> Message {
        self.text_bytes -= text_bytes(&held.message);
        self.links -= usize::from(is_link(&held.message));
        held.message
    }
}

fn text_bytes(message: &Message) -> usize {
    match message {
        Message::Text { text, .. } => text.len(),
        _ => 0,
    }
}

fn is_link(message: &Message) -> bool {
    matches!(message, Message::Link { .. })
}
