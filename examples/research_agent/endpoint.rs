//! Where the model answers: the server that the environment names, or none.
//!
//! `OPENAI_BASE_URL` decides; `OPENAI_MODEL` must then name a model, and `OPENAI_API_KEY` is sent
//! if set (a server on this machine often needs none).

use reqwest::Url;
use std::fmt::{self, Debug, Display, Formatter};

/// A chat-completions server and the model asked of it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) base_url: Url,
    pub(crate) api_key: Option<String>,
    pub(crate) model: String,
}

impl Endpoint {
    /// Reads the endpoint through `variable`, which looks up an environment variable.
    ///
    /// # Errors
    ///
    /// Refuses a base URL that is no http or https URL, and one without a model's name.
    pub(crate) fn from_variables(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, EndpointError> {
        let set = |name| variable(name).filter(|value| !value.trim().is_empty());
        let Some(base_url) = set("OPENAI_BASE_URL") else {
            return Ok(None);
        };
        let url = Url::parse(&base_url).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        Ok(Some(Self {
            base_url: url.ok_or(EndpointError::BaseUrl(base_url))?,
            api_key: set("OPENAI_API_KEY"),
            model: set("OPENAI_MODEL").ok_or(EndpointError::NoModel)?,
        }))
    }

    /// Returns the URL that chats are posted to.
    pub(crate) fn chat_url(&self) -> Url {
        let mut url = self.base_url.clone();
        let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }

    /// Says whether the server runs on this machine, where a proxy would only be in the way.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.base_url.host_str().unwrap_or_default();
        matches!(host, "localhost" | "[::1]") || host.starts_with("127.")
    }
}

impl Debug for Endpoint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} (key not shown)", self.model, self.base_url)
    }
}

/// Why the environment names no usable model.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum EndpointError {
    BaseUrl(String),
    NoModel,
}

impl Display for EndpointError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl(value) => write!(
                f,
                "OPENAI_BASE_URL is \"{value}\", expected something like http://localhost:11434/v1"
            ),
            Self::NoModel => f.write_str(
                "OPENAI_MODEL is not set, expected the name of a model that OPENAI_BASE_URL serves",
            ),
        }
    }
}

impl std::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    fn endpoint(base_url: &str, model: &str) -> Result<Option<Endpoint>, String> {
        let variable = |name: &str| match name {
            "OPENAI_BASE_URL" => Some(base_url.to_owned()),
            "OPENAI_MODEL" => Some(model.to_owned()),
            "OPENAI_API_KEY" => Some("sk-secret".to_owned()),
            _ => None,
        };
        Endpoint::from_variables(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn a_base_url_with_or_without_a_slash_gives_the_same_chats() {
        for base_url in ["https://models.example/v1", "https://models.example/v1/"] {
            let url = endpoint(base_url, "m").unwrap().unwrap().chat_url();
            assert_eq!(url.as_str(), "https://models.example/v1/chat/completions");
        }
    }

    #[test]
    fn what_is_wrong_in_the_environment_is_named() {
        assert!(endpoint("", "m").unwrap().is_none());
        let error = endpoint("ftp://x", "m").unwrap_err();
        assert!(error.contains("\"ftp://x\", expected"), "{error}");
        let error = endpoint("http://localhost/v1", "").unwrap_err();
        assert!(error.starts_with("OPENAI_MODEL is not set"), "{error}");
    }

    #[test]
    fn a_key_is_never_shown() {
        let endpoint = endpoint("http://127.0.0.1:1/v1", "m").unwrap().unwrap();
        assert!(!format!("{endpoint:?}").contains("secret"));
        assert!(endpoint.is_loopback());
    }
}
