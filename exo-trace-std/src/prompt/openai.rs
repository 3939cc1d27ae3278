//! The messages of `async-openai`'s chat requests, counted as the JSON they are sent as.
//!
//! Each message is turned into JSON first, one at a time, so that it counts what the same message
//! counts when it comes as JSON, whatever parts the client's types gain.

use super::messages::{Messages, Piece};
use crate::Transcript;
use async_openai::types::chat::{ChatCompletionRequestMessage, CreateChatCompletionRequest};

impl Messages for ChatCompletionRequestMessage {
    fn message_count(&self) -> usize {
        1
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        // Texts, lists and maps with texts as keys: none of these can fail to become JSON.
        if let Ok(message) = serde_json::to_value(self) {
            message.for_each_piece(take);
        }
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        if let Ok(message) = serde_json::to_value(self) {
            transcript.provider_messages(&message);
        }
    }
}

impl Messages for CreateChatCompletionRequest {
    fn message_count(&self) -> usize {
        self.messages.len()
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        self.messages.for_each_piece(take);
    }

    fn transcribe(&self, transcript: &mut Transcript) {
        self.messages.transcribe(transcript);
    }
}
