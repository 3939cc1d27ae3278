//! Functions and methods of every shape compile under `#[traced]` and return what they returned before.
#![deny(missing_docs, unreachable_pub, unused, clippy::all, rust_2018_idioms)]

use exo_trace::traced;
use futures::executor::block_on;
use std::collections::HashMap;
use std::fmt::Display;

mod sync_functions {
    use super::*;

    #[traced]
    fn plain() {}

    #[traced]
    fn sum(a: i32, b: i32) -> i32 {
        a + b
    }

    #[traced]
    fn parse(text: &str) -> Result<i32, std::num::ParseIntError> {
        let number: i32 = text.parse()?;
        if number < 0 {
            return Ok(0);
        }
        Ok(number)
    }

    #[traced(err(Debug), ret)]
    fn boxed_error(text: &str) -> Result<i32, Box<dyn std::error::Error + Send + Sync>> {
        if text.is_empty() {
            return Err("empty".into());
        }
        Ok(text.parse::<i32>()?)
    }

    #[traced]
    fn no_error_text(fail: bool) -> Result<(), Silent> {
        if fail { Err(Silent) } else { Ok(()) }
    }
    struct Silent;

    #[traced]
    fn generic<T, const N: usize>(value: &T) -> [T; N]
    where
        T: Clone + Display,
    {
        std::array::from_fn(|_| value.clone())
    }

    #[traced]
    fn longest<'a>(a: &'a str, b: &'a str) -> Result<&'a str, ()> {
        Ok(if a.len() > b.len() { a } else { b })
    }

    #[traced]
    fn nested_impl(n: u8) -> Result<impl Iterator<Item = u8>, String> {
        if n == 0 {
            return Err("none".into());
        }
        Ok(0..n)
    }

    #[traced]
    fn opaque(n: u8) -> impl Display {
        n
    }

    #[traced]
    fn factorial(n: u64) -> u64 {
        if n == 0 { 1 } else { n * factorial(n - 1) }
    }

    #[traced]
    fn mutates(mut list: Vec<u8>, (a, mut b): (u8, u8)) -> std::io::Result<Vec<u8>> {
        b += a;
        list.push(b);
        Ok(list)
    }

    #[traced]
    extern "C" fn foreign(x: u8) -> u8 {
        x
    }

    #[traced]
    #[must_use]
    #[inline]
    #[allow(clippy::needless_return, reason = "a caller's attribute, to be kept")]
    fn decorated() -> u8 {
        return 3;
    }

    #[traced]
    fn diverges(really: bool) -> Result<u8, String> {
        if really {
            loop {
                std::hint::spin_loop();
            }
        }
        Ok(1)
    }

    #[traced]
    fn never() -> ! {
        panic!("never")
    }

    #[traced]
    fn unfinished() -> Result<u8, String> {
        unimplemented!("a body that never gives a value")
    }

    #[traced]
    fn takes_impl(values: impl Iterator<Item = u8>) -> Option<u8> {
        let first = values.into_iter().next()?;
        Some(first)
    }

    #[traced]
    fn r#match(r#type: u8) -> u8 {
        r#type
    }

    #[traced]
    fn inner_attribute() -> u8 {
        #![allow(unused_variables, reason = "a caller's attribute, to be kept")]
        let unused = 1;
        2
    }

    macro_rules! made {
        ($name:ident, $output:ty) => {
            #[traced(extract_args)]
            fn $name(value: u8) -> Result<$output, String> {
                Ok(<$output>::from(value))
            }
        };
    }
    made!(made_by_a_macro, u32);

    #[test]
    fn a_sync_function_returns_what_it_did() {
        plain();
        assert_eq!(sum(1, 2), 3);
        assert_eq!(parse("4"), Ok(4));
        assert_eq!(parse("-4"), Ok(0));
        assert!(parse("x").is_err());
        assert!(boxed_error("").is_err() && boxed_error("y").is_err());
        assert_eq!(boxed_error("5").ok(), Some(5));
        assert!(no_error_text(true).is_err() && no_error_text(false).is_ok());
        assert_eq!(generic::<_, 2>(&"x"), ["x", "x"]);
        assert_eq!(longest("ab", "c"), Ok("ab"));
        assert_eq!(nested_impl(3).map(Iterator::count), Ok(3));
        assert!(nested_impl(0).is_err());
        assert_eq!(opaque(7).to_string(), "7");
        assert_eq!(factorial(5), 120);
        assert_eq!(mutates(vec![1], (2, 3)).ok(), Some(vec![1, 5]));
        assert_eq!(foreign(9), 9);
        assert_eq!(decorated(), 3);
        assert_eq!(diverges(false), Ok(1));
        assert_eq!(takes_impl(4..6), Some(4));
        assert_eq!(r#match(4), 4);
        assert_eq!(inner_attribute(), 2);
        assert_eq!(made_by_a_macro(8), Ok(8));
        assert!(std::panic::catch_unwind(|| never()).is_err());
        assert!(std::panic::catch_unwind(unfinished).is_err());
    }
}

mod methods {
    use super::*;

    #[derive(Default)]
    pub(crate) struct Agent {
        notes: Vec<String>,
        by_name: HashMap<String, u32>,
    }

    impl Agent {
        #[traced]
        pub(crate) fn new() -> Self {
            Self::default()
        }

        #[traced(extract_args)]
        fn slot(&mut self, name: &str) -> Result<&mut u32, String> {
            if name.is_empty() {
                return Err("no name".to_owned());
            }
            Ok(self.by_name.entry(name.to_owned()).or_default())
        }

        #[traced]
        fn notes_mut(&mut self) -> &mut Vec<String> {
            &mut self.notes
        }

        #[traced]
        fn last(&self) -> Option<&str> {
            self.notes.last().map(String::as_str)
        }

        #[traced]
        fn into_notes(self) -> Result<Vec<String>, ()> {
            Ok(self.notes)
        }

        #[traced(extract_args)]
        async fn fetch(&mut self, topic: &str) -> Result<&str, std::io::Error> {
            self.notes.push(topic.to_owned());
            Ok(self.notes.last().map_or("", String::as_str))
        }

        #[traced]
        async fn boxed_self(self: Box<Self>) -> usize {
            self.notes.len()
        }
    }

    pub(crate) trait Tool {
        const NAME: &'static str;
        type Output;

        fn call(&self, input: &str) -> Self::Output;

        #[traced(extract_args)]
        fn describe(&self, loud: bool) -> String
        where
            Self: Sized,
        {
            if loud { Self::NAME.to_uppercase() } else { Self::NAME.to_owned() }
        }
    }

    pub(crate) struct Search;

    impl Tool for Search {
        const NAME: &'static str = "search";
        type Output = Result<usize, String>;

        #[traced(kind = client)]
        fn call(&self, input: &str) -> Self::Output {
            if input.is_empty() { Err("empty".into()) } else { Ok(input.len()) }
        }
    }

    pub(crate) trait Fetch {
        #[traced]
        async fn twice(&self, n: u8) -> Result<u8, String> {
            self.once(n).await?;
            self.once(n).await
        }

        async fn once(&self, n: u8) -> Result<u8, String>;

        fn later(&self, n: u8) -> impl Future<Output = u8> + Send;
    }

    impl Fetch for Search {
        #[traced(kind = "server")]
        async fn once(&self, n: u8) -> Result<u8, String> {
            Ok(n + 1)
        }

        #[traced]
        fn later(&self, n: u8) -> impl Future<Output = u8> + Send {
            async move { n }
        }
    }

    #[test]
    fn a_method_returns_what_it_did() {
        let mut agent = Agent::new();
        *agent.slot("a").unwrap() += 2;
        assert_eq!(agent.slot("a"), Ok(&mut 2));
        assert!(agent.slot("").is_err());
        agent.notes_mut().push("n".to_owned());
        assert_eq!(agent.last(), Some("n"));
        assert_eq!(block_on(agent.fetch("m")).unwrap(), "m");
        assert_eq!(agent.into_notes().unwrap().len(), 2);
        assert_eq!(block_on(Box::new(Agent::new()).boxed_self()), 0);
        assert_eq!(Search.describe(true), "SEARCH");
        assert_eq!(Search.call("abc"), Ok(3));
        assert_eq!(block_on(Search.twice(3)), Ok(4));
        assert_eq!(block_on(Search.later(3)), 3);
    }
}
