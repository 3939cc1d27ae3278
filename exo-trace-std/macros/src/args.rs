//! The arguments of `#[traced(…)]`, read one by one so that a wrong one does not hide the next.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Path, Token, parenthesized, parse_quote, token};

use crate::carries::{Carries, Said};
use crate::grammar::Attributes;
use crate::kind::Kind;
use crate::known;
use crate::refusals::Refusals;
use crate::role::Role;

/// The words that `#[traced]` knows, in the order of its documentation.
const WORDS: [&str; 16] = [
    "name",
    "attributes",
    "extract_args",
    "skip",
    "skip_all",
    "kind",
    "err",
    "ret",
    "future",
    "stream",
    "iterator",
    "tool",
    "agent",
    "chain",
    "crate",
    "allow_unknown",
];

/// Everything that was said in the parentheses of `#[traced]`.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Option<LitStr>,
    pub(crate) attributes: Attributes,
    pub(crate) extract_args: bool,
    pub(crate) skip: Vec<Ident>,
    pub(crate) skip_all: bool,
    pub(crate) kind: Kind,
    pub(crate) error_text: Option<ErrorText>,
    pub(crate) ret: Option<Ident>,
    pub(crate) carries: Option<Said>,
    pub(crate) role: Option<Role>,
    pub(crate) root: Option<Path>,
}

/// Which of its two texts an error is recorded by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ErrorText {
    Display,
    Debug,
}

impl Parse for Args {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut args = Self::default();
        let mut seen = HashSet::new();
        let mut refusals = Refusals::default();
        while !input.is_empty() {
            if let Err(error) = args.parse_one(input, &mut seen) {
                refusals.add(error);
                skip_to_comma(input)?;
            }
            if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() {
                refusals.add(input.error("expected `,` between arguments of #[traced]"));
                skip_to_comma(input)?;
                input.parse::<Option<Token![,]>>()?;
            }
        }
        refusals.keep(args.attributes.check());
        refusals.into_result()?;
        Ok(args)
    }
}

impl Args {
    /// Returns the path of the crate whose `__private` the expansion calls.
    pub(crate) fn root(&self) -> Path {
        self.root.clone().unwrap_or_else(|| parse_quote!(::exo_trace))
    }

    fn parse_one(&mut self, input: ParseStream, seen: &mut HashSet<String>) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            return Err(
                input.error(format!("expected an argument of #[traced]: {}", listed_words()))
            );
        }
        let word = Ident::parse_any(input)?;
        if !seen.insert(word.to_string()) {
            return Err(syn::Error::new(
                word.span(),
                format!("argument `{word}` is given twice, expected it once"),
            ));
        }
        match word.to_string().as_str() {
            "name" => self.name = Some(parse_name(&word, input)?),
            "attributes" => self.attributes = self.parse_attributes(&word, input)?,
            "extract_args" => self.extract_args = parse_flag(input)?,
            "skip" => self.skip = parse_skip(&word, input)?,
            "skip_all" => self.skip_all = bare(&word, input)?,
            "kind" => self.kind = parse_kind(&word, input)?,
            "err" => self.error_text = Some(parse_error_text(input)?),
            "ret" => self.ret = bare(&word, input)?.then_some(word),
            "future" => self.carry(word, Carries::Future, input)?,
            "stream" => self.carry(word, Carries::Stream, input)?,
            "iterator" => self.carry(word, Carries::Iterator, input)?,
            "tool" => self.play(Role::tool(word, input)?)?,
            "agent" => self.play(Role::agent(word, input)?)?,
            "chain" => self.play(bare(&word, input).map(|_| Role::chain(word))?)?,
            "crate" => self.root = Some(parse_root(&word, input)?),
            "allow_unknown" => self.attributes.allow_unknown = bare(&word, input)?,
            _ => return Err(unknown(&word)),
        }
        Ok(())
    }

    fn parse_attributes(&self, word: &Ident, input: ParseStream) -> syn::Result<Attributes> {
        let read = in_parentheses(word, "(key = value, …)", input, Attributes::parse)?;
        Ok(Attributes {
            allow_unknown: read.allow_unknown || self.attributes.allow_unknown,
            ..read
        })
    }

    fn play(&mut self, role: Role) -> syn::Result<()> {
        if let Some(first) = &self.role {
            return Err(role.second(first));
        }
        self.role = Some(role);
        Ok(())
    }

    fn carry(&mut self, word: Ident, carries: Carries, input: ParseStream) -> syn::Result<()> {
        let said = Said::parse(word, carries, input)?;
        if let Some(Said { word: first, .. }) = &self.carries {
            let word = said.word;
            let message = format!(
                "argument `{word}` follows `{first}`, expected one of future, stream, iterator"
            );
            return Err(syn::Error::new(word.span(), message));
        }
        self.carries = Some(said);
        Ok(())
    }
}

fn parse_name(word: &Ident, input: ParseStream) -> syn::Result<LitStr> {
    equals(word, "= \"text\"", input)?;
    literal(input, "name", "a string literal")
}

fn parse_flag(input: ParseStream) -> syn::Result<bool> {
    if !input.peek(Token![=]) {
        return Ok(true);
    }
    input.parse::<Token![=]>()?;
    literal::<LitBool>(input, "extract_args", "true or false").map(|value| value.value)
}

fn parse_skip(word: &Ident, input: ParseStream) -> syn::Result<Vec<Ident>> {
    let names = in_parentheses(
        word,
        "(parameter, …)",
        input,
        Punctuated::<Ident, Token![,]>::parse_terminated,
    )?;
    Ok(names.into_iter().collect())
}

fn parse_kind(word: &Ident, input: ParseStream) -> syn::Result<Kind> {
    equals(word, "= client", input)?;
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Kind::parse(&text.value(), text.span());
    }
    let word: Ident = literal(input, "kind", Kind::EXPECTED)?;
    Kind::parse(&word.to_string(), word.span())
}

fn parse_error_text(input: ParseStream) -> syn::Result<ErrorText> {
    if !input.peek(token::Paren) {
        return Ok(ErrorText::Display);
    }
    let inside;
    parenthesized!(inside in input);
    let word: Ident = literal(&inside, "err", "Display or Debug")?;
    match word.to_string().as_str() {
        "Display" => Ok(ErrorText::Display),
        "Debug" => Ok(ErrorText::Debug),
        _ => {
            Err(syn::Error::new(word.span(), format!("err is `{word}`, expected Display or Debug")))
        }
    }
}

fn parse_root(word: &Ident, input: ParseStream) -> syn::Result<Path> {
    equals(word, "= path", input)?;
    if input.peek(LitStr) {
        return input.parse::<LitStr>()?.parse_with(Path::parse_mod_style);
    }
    input.call(Path::parse_mod_style)
}

/// Reads the parentheses after `word`, which mean `form`.
fn in_parentheses<T>(
    word: &Ident,
    form: &str,
    input: ParseStream,
    read: fn(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            word.span(),
            format!("argument `{word}` stands alone, expected `{word}{form}`"),
        ));
    }
    let inside;
    parenthesized!(inside in input);
    read(&inside)
}

fn bare(word: &Ident, input: ParseStream) -> syn::Result<bool> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(true);
    }
    Err(syn::Error::new(
        word.span(),
        format!("argument `{word}` takes no value, expected `{word}` alone"),
    ))
}

fn equals(word: &Ident, form: &str, input: ParseStream) -> syn::Result<()> {
    if input.peek(Token![=]) {
        return input.parse::<Token![=]>().map(drop);
    }
    Err(syn::Error::new(
        word.span(),
        format!("argument `{word}` has no value, expected `{word} {form}`"),
    ))
}

/// Reads one literal or word; anything else is refused by what was written.
fn literal<T: Parse>(input: ParseStream, word: &str, expected: &str) -> syn::Result<T> {
    let ahead = input.fork();
    input.parse().map_err(|error| {
        let written = rest_of_argument(&ahead);
        if written.is_empty() {
            return syn::Error::new(
                error.span(),
                format!("{word} has no value, expected {expected}"),
            );
        }
        syn::Error::new_spanned(&written, format!("{word} is `{written}`, expected {expected}"))
    })
}

fn unknown(word: &Ident) -> syn::Error {
    let expected = match known::nearest(&WORDS, &word.to_string()) {
        Some(near) => format!("`{near}`"),
        None => format!("one of {}", listed_words()),
    };
    syn::Error::new(word.span(), format!("argument is `{word}`, expected {expected}"))
}

fn listed_words() -> String {
    WORDS.join(", ")
}

/// Passes over what is left of a refused argument.
fn skip_to_comma(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn rest_of_argument(input: ParseStream) -> TokenStream {
    let mut written = TokenStream::new();
    while let (false, Ok(tree)) = (input.peek(Token![,]), input.parse::<TokenTree>()) {
        written.extend([tree]);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Args {
        syn::parse_str(text).unwrap()
    }

    fn refusals(text: &str) -> Vec<String> {
        let error = syn::parse_str::<Args>(text).err().unwrap();
        error.into_iter().map(|one| one.to_string()).collect()
    }

    #[test]
    fn every_argument_is_read() {
        let args = args(
            r#"name = "x", attributes(source = "api"), extract_args = true, skip(a, b), skip_all, kind = "Client", err(Debug), ret, stream, crate = ::other, allow_unknown"#,
        );
        assert_eq!(args.name.unwrap().value(), "x");
        assert_eq!(args.attributes.list.len(), 1);
        assert!(
            args.extract_args
                && args.skip_all
                && args.ret.is_some()
                && args.attributes.allow_unknown
        );
        assert_eq!(args.skip.len(), 2);
        assert_eq!(args.kind, Kind::Client);
        assert_eq!(args.error_text, Some(ErrorText::Debug));
        assert_eq!(args.carries.unwrap().carries, Carries::Stream);
        assert!(args.root.is_some());
    }

    #[test]
    fn extract_args_can_be_said_to_be_off() {
        assert!(args("extract_args").extract_args);
        assert!(!args("extract_args = false").extract_args);
    }

    #[test]
    fn allow_unknown_holds_wherever_it_stands() {
        assert!(args("allow_unknown, attributes(exo.agent.nam = 1)").attributes.allow_unknown);
        assert!(args("attributes(exo.agent.nam = 1), allow_unknown").attributes.allow_unknown);
        assert!(args("attributes(allow_unknown; exo.agent.nam = 1)").attributes.allow_unknown);
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let expected = [
            "name is `5`, expected a string literal",
            "kind is `boss`, expected client, server, producer, consumer or internal",
            "argument is `nmae`, expected `name`",
            "argument `ret` is given twice, expected it once",
        ];
        assert_eq!(refusals("name = 5, kind = boss, nmae = \"y\", ret, ret"), expected);
    }

    #[test]
    fn a_value_of_the_wrong_form_is_named() {
        assert_eq!(refusals("name"), ["argument `name` has no value, expected `name = \"text\"`"]);
        assert_eq!(
            refusals("skip"),
            ["argument `skip` stands alone, expected `skip(parameter, …)`"]
        );
        assert_eq!(refusals("ret = true"), ["argument `ret` takes no value, expected `ret` alone"]);
        assert_eq!(refusals("extract_args = 1"), ["extract_args is `1`, expected true or false"]);
        assert_eq!(refusals("err(Short)"), ["err is `Short`, expected Display or Debug"]);
        assert_eq!(
            refusals("future, stream"),
            ["argument `stream` follows `future`, expected one of future, stream, iterator"]
        );
    }
}
