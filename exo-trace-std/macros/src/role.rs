//! The words `tool`, `agent` and `chain`: what a function is to an agent, said as the conventions say it.
//!
//! All of it is constant, so it lives in the call site. How the function came out is told by its
//! outcome, and put into words on the other side of the ring.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token};

use crate::grammar::{Attribute, Attributes, Key, Value};
use crate::literal::Constant;
use crate::refusals::Refusals;

const OPERATION: &str = "gen_ai.operation.name";
const TOOL_NAME: &str = "gen_ai.tool.name";
const AGENT_NAME: &str = "gen_ai.agent.name";
const SPAN_KIND: &str = "openinference.span.kind";

/// One of the words, as it was said.
pub(crate) struct Role {
    word: Ident,
    what: What,
}

enum What {
    Tool(Option<LitStr>),
    Agent(LitStr),
    Chain,
}

impl Role {
    /// Reads what follows `tool`: nothing, or `= "name"`.
    ///
    /// # Errors
    ///
    /// Returns an error at anything else.
    pub(crate) fn tool(word: Ident, input: ParseStream) -> syn::Result<Self> {
        let name = if input.peek(Token![=]) { Some(read_name(&word, input)?) } else { None };
        Ok(Self { word, what: What::Tool(name) })
    }

    /// Reads what follows `agent`: `= "name"`.
    ///
    /// # Errors
    ///
    /// Returns an error at `agent` where it stands alone, or at what is no text.
    pub(crate) fn agent(word: Ident, input: ParseStream) -> syn::Result<Self> {
        if !input.peek(Token![=]) {
            let message = "argument `agent` has no value, expected `agent = \"text\"`";
            return Err(syn::Error::new(word.span(), message));
        }
        let name = read_name(&word, input)?;
        Ok(Self { word, what: What::Agent(name) })
    }

    /// Returns the role that `chain` is.
    pub(crate) fn chain(word: Ident) -> Self {
        Self { word, what: What::Chain }
    }

    /// Returns the error of a role that follows another.
    pub(crate) fn second(&self, first: &Self) -> syn::Error {
        let (word, first) = (&self.word, &first.word);
        let message =
            format!("argument `{word}` follows `{first}`, expected one of tool, agent, chain");
        syn::Error::new(word.span(), message)
    }

    /// Returns the word that says it.
    pub(crate) fn word(&self) -> String {
        self.word.to_string()
    }

    /// Tells whether the span is recorded even where its trace is not sampled.
    pub(crate) fn is_measured(&self) -> bool {
        matches!(self.what, What::Tool(_) | What::Agent(_))
    }

    /// Returns the name of the span of the function that is called `function`.
    pub(crate) fn span_name(&self, function: &str) -> String {
        match &self.what {
            What::Tool(_) | What::Agent(_) => {
                let name = self.name(function).replace('{', "{{").replace('}', "}}");
                format!("{} {name}", self.operation())
            }
            What::Chain => function.to_owned(),
        }
    }

    /// Puts what it says of the function called `function` before the attributes of its span.
    ///
    /// # Errors
    ///
    /// Returns an error at each attribute that says it already.
    pub(crate) fn describe(&self, function: &str, attributes: &mut Attributes) -> syn::Result<()> {
        let said: Vec<(&str, String)> = match &self.what {
            What::Tool(_) => {
                vec![(OPERATION, self.operation().into()), (TOOL_NAME, self.name(function))]
            }
            What::Agent(_) => {
                vec![(OPERATION, self.operation().into()), (AGENT_NAME, self.name(function))]
            }
            What::Chain => vec![(SPAN_KIND, "CHAIN".into())],
        };
        let mut refusals = Refusals::default();
        for attribute in &attributes.list {
            if let Key::Literal { text, .. } = &attribute.key
                && said.iter().any(|(key, _)| key == text)
            {
                let word = &self.word;
                let message = format!(
                    "attribute `{text}` is given twice, expected each key once: `{word}` says it"
                );
                refusals.push(&attribute.key, message);
            }
        }
        let said = said.into_iter().map(|(key, value)| Attribute {
            key: Key::Literal { text: key.to_owned(), written: self.written() },
            value: Value::Constant(Constant::Text(value)),
        });
        attributes.list.splice(0..0, said);
        refusals.into_result()
    }

    fn operation(&self) -> &'static str {
        if let What::Agent(_) = self.what { "invoke_agent" } else { "execute_tool" }
    }

    fn name(&self, function: &str) -> String {
        match &self.what {
            What::Tool(Some(name)) | What::Agent(name) => name.value(),
            What::Tool(None) | What::Chain => function.to_owned(),
        }
    }

    fn written(&self) -> TokenStream {
        self.word.to_token_stream()
    }
}

fn read_name(word: &Ident, input: ParseStream) -> syn::Result<LitStr> {
    input.parse::<Token![=]>()?;
    let name: LitStr = input.parse().map_err(|error| {
        syn::Error::new(error.span(), format!("{word} is no text, expected a string literal"))
    })?;
    if name.value().is_empty() {
        let message = format!("{word} is \"\", expected a name");
        return Err(syn::Error::new(name.span(), message));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use crate::args::Args;

    fn role(text: &str) -> (String, Vec<String>) {
        let mut args: Args = syn::parse_str(text).unwrap();
        let role = args.role.take().unwrap();
        role.describe("search", &mut args.attributes).unwrap();
        let keys = args.attributes.list.iter().map(|attribute| attribute.key.identity()).collect();
        (role.span_name("search"), keys)
    }

    fn refusal(text: &str) -> String {
        let args = syn::parse_str::<Args>(text);
        args.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_tool_is_called_as_its_function_unless_it_has_a_name() {
        let keys = ["gen_ai.operation.name", "gen_ai.tool.name", "depth"].map(String::from).into();
        assert_eq!(role("tool, attributes(depth = 1)"), ("execute_tool search".into(), keys));
        assert_eq!(role("tool = \"web {search}\"").0, "execute_tool web {{search}}");
    }

    #[test]
    fn an_agent_has_a_name_and_a_chain_has_none() {
        assert_eq!(role("agent = \"researcher\"").0, "invoke_agent researcher");
        let keys = vec![String::from("openinference.span.kind")];
        assert_eq!(role("chain"), ("search".into(), keys));
    }

    #[test]
    fn one_function_has_one_role() {
        for (args, expected) in [
            ("agent", "argument `agent` has no value, expected `agent = \"text\"`"),
            ("agent = 1", "agent is no text, expected a string literal"),
            ("tool = \"\"", "tool is \"\", expected a name"),
            (
                "tool, agent = \"a\"",
                "argument `agent` follows `tool`, expected one of tool, agent, chain",
            ),
            ("chain = 1", "argument `chain` takes no value, expected `chain` alone"),
        ] {
            assert_eq!(refusal(args), expected);
        }
    }
}
