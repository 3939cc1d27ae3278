//! Asking another agent: its card first, then a message over HTTP, inside a span of the call.
//!
//! The context goes along in the request's headers: `send_traced` writes them, and nothing else is to do.

use crate::Error;
use crate::message::Message;
use crate::serve::{SEND, WELL_KNOWN};
use exo_trace::agent;
use exo_trace::bridge::reqwest::SendTraced;
use reqwest::{Client, Url};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An agent in another process.
#[derive(Clone)]
pub(crate) struct Peer {
    client: Client,
    name: String,
    url: Url,
}

impl Peer {
    /// Reads the card of the agent at `url`.
    pub(crate) async fn meet(url: &str) -> Result<Self, Error> {
        // Built beside the other example, clients ask for ciphers. Refused where they are installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let card: Value = client.get(format!("{url}{WELL_KNOWN}")).send().await?.json().await?;
        let name = card["name"].as_str().ok_or("the card has no name")?.to_owned();
        Ok(Self { client, name, url: card["url"].as_str().ok_or("the card has no URL")?.parse()? })
    }

    /// Asks it, and returns what it says. The span fails where it cannot be reached or says no.
    pub(crate) async fn ask(&self, text: &str, data: impl Serialize) -> Result<Message, Error> {
        let host = self.url.host_str().unwrap_or_default().to_owned();
        let port = i64::from(self.url.port_or_known_default().unwrap_or_default());
        let call = agent(self.name.clone()).remote(host).server_port(port).start();
        call.run(async {
            let params = json!({"message": Message::new("user", text, data)});
            let request = json!({"jsonrpc": "2.0", "id": 1, "method": SEND, "params": params});
            let answer = self.client.post(self.url.clone()).json(&request).send_traced().await?;
            let mut answer: Value = answer.error_for_status()?.json().await?;
            match answer.get("error") {
                Some(error) => Err(error["message"].as_str().unwrap_or("refused").into()),
                None => Ok(serde_json::from_value(answer["result"].take())?),
            }
        })
        .await
    }
}
