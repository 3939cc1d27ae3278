//! A model without a network: a chat-completions server whose replies follow from the conversation.

mod findings;
mod mind;
mod numbers;
mod quote;
mod server;
mod speech;
mod topics;

pub(crate) use server::{Pace, ScriptedModel};
