//! The arguments of `#[traced(…)]`, read one by one so that a wrong one does not hide the next.

use std::collections::HashSet;

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, LitBool, LitStr, Path, Token, parse_quote};

use crate::carries::{Carries, Said};
use crate::fields::Fields;
use crate::forms::{bare, equals, in_parentheses, literal, skip_to_comma};
use crate::grammar::{Attribute, Attributes, Key, Value};
use crate::kind::Kind;
use crate::known;
use crate::level;
use crate::literal::Constant;
use crate::name::Name;
use crate::pace::Pace;
use crate::refusals::Refusals;
use crate::role::Role;
use crate::text::{Ret, Text};

/// The words that `#[traced]` knows, in the order of its documentation.
const WORDS: [&str; 22] = [
    "name",
    "attributes",
    "fields",
    "extract_args",
    "skip",
    "skip_all",
    "kind",
    "clock",
    "level",
    "target",
    "parent",
    "follows_from",
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
    pub(crate) name: Option<Name>,
    /// Those of `attributes`, `fields`, `level` and `target`.
    pub(crate) attributes: Attributes,
    /// The plain names among the fields, with a value or without.
    pub(crate) fields: HashSet<String>,
    pub(crate) extract_args: bool,
    pub(crate) skip: Vec<Ident>,
    pub(crate) skip_all: bool,
    pub(crate) kind: Kind,
    pub(crate) pace: Pace,
    pub(crate) parent: Option<Expr>,
    pub(crate) follows_from: Option<Expr>,
    pub(crate) error_text: Option<Text>,
    pub(crate) ret: Option<Ret>,
    pub(crate) carries: Option<Said>,
    pub(crate) role: Option<Role>,
    pub(crate) root: Option<Path>,
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
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            once("name", text.span(), seen)?;
            self.name = Some(Name::Text(text));
            return Ok(());
        }
        if !input.peek(Ident::peek_any) {
            return Err(
                input.error(format!("expected an argument of #[traced]: {}", listed_words()))
            );
        }
        let word = Ident::parse_any(input)?;
        once(&word.to_string(), word.span(), seen)?;
        self.parse_word(word, input)
    }

    fn parse_word(&mut self, word: Ident, input: ParseStream) -> syn::Result<()> {
        match word.to_string().as_str() {
            "name" => self.name = Some(parse_name(&word, input)?),
            "attributes" => self.add(parse_pairs(&word, input)?),
            "fields" => self.add_fields(parse_pairs(&word, input)?),
            "extract_args" => self.extract_args = parse_flag(input)?,
            "skip" => self.skip = parse_skip(&word, input)?,
            "skip_all" => self.skip_all = bare(&word, input)?,
            "kind" => self.kind = parse_kind(&word, input)?,
            "clock" => self.pace = parse_pace(word, input)?,
            "level" => self.say(&word, parse_level(&word, input)?),
            "target" => self.say(&word, parse_target(&word, input)?),
            "parent" => self.parent = Some(parse_expr(&word, "= &span", input)?),
            "follows_from" => self.follows_from = Some(parse_expr(&word, "= [&span]", input)?),
            "err" => self.error_text = Text::parse(&word, input)?.or(Some(Text::Display)),
            "ret" => self.ret = Some(Ret::parse(word, input)?),
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

    fn add(&mut self, read: Attributes) {
        self.attributes.allow_unknown |= read.allow_unknown;
        self.attributes.list.extend(read.list);
    }

    fn add_fields(&mut self, read: Fields) {
        self.attributes.list.extend(read.attributes);
        self.fields = read.names;
    }

    /// Lets the span say `word` of itself.
    fn say(&mut self, word: &Ident, value: Value) {
        let key = Key::Literal { text: word.to_string(), written: word.to_token_stream() };
        self.attributes.list.push(Attribute { key, value });
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

fn parse_name(word: &Ident, input: ParseStream) -> syn::Result<Name> {
    equals(word, "= \"text\"", input)?;
    Name::parse(input)
}

fn parse_pairs<T: Parse>(word: &Ident, input: ParseStream) -> syn::Result<T> {
    in_parentheses(word, "(key = value, …)", input, T::parse)
}

fn parse_flag(input: ParseStream) -> syn::Result<bool> {
    if !input.peek(Token![=]) {
        return Ok(true);
    }
    input.parse::<Token![=]>()?;
    literal::<LitBool>(input, "extract_args", "true or false").map(|value| value.value)
}

/// Reads the parameters to leave out, `self` among them.
fn parse_skip(word: &Ident, input: ParseStream) -> syn::Result<Vec<Ident>> {
    let names = |inside: ParseStream| inside.parse_terminated(Ident::parse_any, Token![,]);
    let names = in_parentheses(word, "(parameter, …)", input, names)?;
    Ok(names.into_iter().collect())
}

fn parse_level(word: &Ident, input: ParseStream) -> syn::Result<Value> {
    equals(word, "= \"debug\"", input)?;
    level::parse(input).map(|level| Value::Constant(Constant::Text(level.to_owned())))
}

/// Reads a text, or the path of a constant.
fn parse_target(word: &Ident, input: ParseStream) -> syn::Result<Value> {
    equals(word, "= \"text\"", input)?;
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(Value::Constant(Constant::Text(text.value())));
    }
    let constant: Path = literal(input, "target", "a string literal or a constant")?;
    Ok(Value::Expr(parse_quote!(#constant)))
}

fn parse_expr(word: &Ident, form: &str, input: ParseStream) -> syn::Result<Expr> {
    equals(word, form, input)?;
    input.parse()
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

fn parse_pace(word: Ident, input: ParseStream) -> syn::Result<Pace> {
    equals(&word, "= \"coarse\"", input)?;
    let text: LitStr = literal(input, "clock", Pace::EXPECTED)?;
    Pace::parse(word, &text.value(), text.span())
}

fn parse_root(word: &Ident, input: ParseStream) -> syn::Result<Path> {
    equals(word, "= path", input)?;
    if input.peek(LitStr) {
        return input.parse::<LitStr>()?.parse_with(Path::parse_mod_style);
    }
    input.call(Path::parse_mod_style)
}

fn once(word: &str, place: Span, seen: &mut HashSet<String>) -> syn::Result<()> {
    if seen.insert(word.to_owned()) {
        return Ok(());
    }
    Err(syn::Error::new(place, format!("argument `{word}` is given twice, expected it once")))
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
        assert_eq!(args.name.unwrap().text().unwrap(), "x");
        assert_eq!(args.attributes.list.len(), 1);
        assert!(
            args.extract_args
                && args.skip_all
                && args.ret.is_some()
                && args.attributes.allow_unknown
        );
        assert_eq!(args.skip.len(), 2);
        assert_eq!(args.kind, Kind::Client);
        assert_eq!(args.error_text, Some(Text::Debug));
        assert_eq!(args.carries.unwrap().carries, Carries::Stream);
        assert!(args.root.is_some());
    }

    #[test]
    fn the_arguments_of_instrument_are_read() {
        let args = args(
            r#""x", level = Level::DEBUG, target = "t", fields(a = 1, b, %c.d), skip(self, e), parent = None, follows_from = causes, err(level = "warn"), ret(Display)"#,
        );
        assert_eq!(args.name.unwrap().text().unwrap(), "x");
        let keys: Vec<_> = args.attributes.list.iter().map(|one| one.key.identity()).collect();
        assert_eq!(keys, ["level", "target", "a", "c.d"]);
        assert!(args.fields.contains("b") && args.parent.is_some() && args.follows_from.is_some());
        assert_eq!(args.skip.len(), 2);
        assert_eq!(args.error_text, Some(Text::Display));
        assert_eq!(args.ret.unwrap().text, Some(Text::Display));
        assert_eq!(
            refusals("\"x\", name = NAME"),
            ["argument `name` is given twice, expected it once"]
        );
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
            "name is `5`, expected a string literal or a constant",
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
        assert_eq!(
            refusals("clock = \"fast\""),
            ["clock is `fast`, expected \"coarse\" or \"precise\""]
        );
        assert_eq!(refusals("err(Short)"), ["err is `Short`, expected Display or Debug"]);
        assert_eq!(
            refusals("future, stream"),
            ["argument `stream` follows `future`, expected one of future, stream, iterator"]
        );
    }
}
