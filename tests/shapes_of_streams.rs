//! Functions that return streams and iterators, in every shape, give the items they gave before.
#![deny(missing_docs, unreachable_pub, unused, clippy::all, rust_2018_idioms)]

use exo_trace::{Outcome, StatusCode, traced};
use futures::executor::block_on;
use futures::stream::{self, BoxStream, LocalBoxStream, Stream, StreamExt};
use std::fmt;
use std::iter::FusedIterator;
use std::pin::Pin;

mod streams_returned {
    use super::*;

    type Tokens = Pin<Box<dyn Stream<Item = u8> + Send>>;
    type Numbers = Pin<Box<dyn Stream<Item = Res<usize>>>>;
    type LlmResult = Result<Tokens, String>;
    type Res<T> = Result<T, Box<dyn std::error::Error>>;

    /// An error that can only be debugged.
    #[derive(Debug)]
    struct Refused<'a>(#[allow(dead_code, reason = "it is told of by `Debug`")] &'a str);

    impl<'a> From<&'a str> for Refused<'a> {
        fn from(part: &'a str) -> Self {
            Self(part)
        }
    }

    #[traced(extract_args)]
    fn bare(n: u8) -> impl Stream<Item = u8> + Send {
        stream::iter(0..n)
    }

    #[traced]
    fn generator(text: &str) -> impl Stream<Item = Result<usize, String>> + '_ {
        async_stream::try_stream! {
            for part in text.split(',') {
                let number: usize = part.parse().map_err(|_| part.to_owned())?;
                yield number;
            }
        }
    }

    /// What an item's error is, only the signature says: by name, by alias, and with a lifetime.
    #[traced]
    fn generator_boxed(text: &str) -> BoxStream<'_, Result<usize, Refused<'_>>> {
        Box::pin(async_stream::try_stream! {
            for part in text.split(',') {
                let number: usize = part.parse().map_err(|_| part)?;
                yield number;
            }
        })
    }

    #[traced(stream)]
    fn generator_aliased(text: String) -> Numbers {
        Box::pin(async_stream::try_stream! {
            for part in text.split(',') {
                let number: usize = part.parse()?;
                yield number;
            }
        })
    }

    #[traced]
    fn boxed(n: u8) -> BoxStream<'static, u8> {
        stream::iter(0..n).boxed()
    }

    #[traced]
    fn local(text: &str) -> LocalBoxStream<'_, char> {
        if text.is_empty() {
            return Box::pin(stream::empty());
        }
        Box::pin(stream::iter(text.chars()))
    }

    #[traced]
    fn pinned(n: u8) -> Pin<Box<dyn Stream<Item = u8> + Send>> {
        Box::pin(stream::iter(0..n))
    }

    #[traced(stream)]
    fn aliased(n: u8) -> Tokens {
        Box::pin(stream::iter(0..n))
    }

    #[traced(stream, extract_args)]
    async fn opened(n: u8) -> Result<impl Stream<Item = u8>, String> {
        if n == 0 {
            return Err("none".into());
        }
        std::future::ready(()).await;
        Ok(stream::iter(0..n))
    }

    #[traced(stream)]
    async fn opened_boxed(n: u8) -> Result<BoxStream<'static, u8>, Box<dyn std::error::Error>> {
        let n = u8::try_from(u32::from(n) * 100)?;
        Ok(stream::iter(0..n).boxed())
    }

    #[traced(stream)]
    async fn opened_alias(n: u8) -> LlmResult {
        if n == 0 { Err("none".into()) } else { Ok(Box::pin(stream::iter(0..n))) }
    }

    #[traced(stream(result))]
    async fn opened_by_another_name(n: u8) -> Res<BoxStream<'static, u8>> {
        if n == 0 {
            return Err("none".into());
        }
        Ok(stream::iter(0..n).boxed())
    }

    #[traced(stream(result))]
    fn opened_bare_by_another_name(n: u8) -> Res<impl Stream<Item = u8>> {
        let n = u8::try_from(u32::from(n) * 100)?;
        Ok(stream::iter(0..n))
    }

    #[traced(stream)]
    async fn opened_surely(n: u8) -> impl Stream<Item = u8> {
        stream::iter(0..n)
    }

    #[traced(stream)]
    fn opened_sync(n: u8) -> Result<impl Stream<Item = u8>, std::fmt::Error> {
        if n == 0 { Err(std::fmt::Error) } else { Ok(stream::iter(0..n)) }
    }

    fn count<S: Stream>(stream: S) -> usize {
        block_on(stream.count())
    }

    #[test]
    fn a_result_by_any_name_can_be_said_to_hold_the_stream() {
        assert_eq!(block_on(opened_by_another_name(3)).map(count).ok(), Some(3));
        assert_eq!(opened_bare_by_another_name(2).map(count).ok(), Some(200));
        let trace = exo_trace::testing::capture(|| {
            assert!(block_on(opened_by_another_name(0)).is_err());
            assert!(opened_bare_by_another_name(3).is_err());
        });
        for name in ["opened_by_another_name", "opened_bare_by_another_name"] {
            assert_eq!(trace.named(name)[0].status().code(), StatusCode::Error, "{name}");
        }
    }

    #[test]
    fn a_stream_that_yields_an_error_has_failed() {
        let trace = exo_trace::testing::capture(|| {
            assert_eq!(count(generator("1,2,x,4")), 3);
            assert_eq!(count(generator_boxed("1,y")), 2);
            assert_eq!(count(generator_aliased("z".into())), 1);
        });
        for (name, message) in [
            ("generator", "x"),
            ("generator_boxed", "Refused(\"y\")"),
            ("generator_aliased", "invalid digit found in string"),
        ] {
            let status = trace.named(name)[0].status();
            assert_eq!(
                (status.code(), status.description()),
                (StatusCode::Error, message),
                "{name}"
            );
        }
    }

    #[test]
    fn a_stream_returned_gives_what_it_did() {
        assert_eq!(count(bare(3)), 3);
        assert_eq!(count(generator("1,2")), 2);
        assert_eq!(count(boxed(3)), 3);
        assert_eq!(count(local("abc")), 3);
        assert_eq!(count(local("")), 0);
        assert_eq!(count(pinned(3)), 3);
        assert_eq!(count(aliased(3)), 3);
        assert_eq!(block_on(opened(3)).map(count), Ok(3));
        assert!(block_on(opened(0)).is_err());
        assert_eq!(block_on(opened_boxed(2)).map(count).ok(), Some(200));
        assert!(block_on(opened_boxed(3)).is_err());
        assert_eq!(block_on(opened_alias(3)).map(count), Ok(3));
        assert!(block_on(opened_alias(0)).is_err());
        assert_eq!(count(block_on(opened_surely(3))), 3);
        assert_eq!(opened_sync(3).map(count), Ok(3));
        assert!(opened_sync(0).is_err());
    }
}

mod iterators_returned {
    use super::*;

    type Lines<'a> = Box<dyn Iterator<Item = &'a str> + 'a>;

    #[traced]
    fn bare(text: &str) -> impl Iterator<Item = &str> {
        text.split(',')
    }

    #[traced]
    fn backwards(n: u8) -> impl DoubleEndedIterator<Item = u8> + ExactSizeIterator {
        0..n
    }

    #[traced]
    fn boxed<'a>(text: &'a str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
        if text.is_empty() {
            return Box::new(std::iter::empty());
        }
        Box::new(text.split(','))
    }

    #[traced(iterator)]
    fn aliased(text: &str) -> Lines<'_> {
        Box::new(text.lines())
    }

    #[traced]
    fn cloneable(n: u8) -> impl Iterator<Item = u8> + Clone {
        0..n
    }

    #[traced]
    fn parsed(text: &str) -> impl DoubleEndedIterator<Item = Result<u8, &str>> + FusedIterator {
        text.split(',').map(|part| part.parse().map_err(|_| part))
    }

    #[traced]
    fn generic<T, E>(items: Vec<Result<T, E>>) -> impl Iterator<Item = Result<T, E>> {
        items.into_iter()
    }

    #[test]
    fn an_iterator_that_yields_an_error_has_failed() {
        let trace = exo_trace::testing::capture(|| {
            // Nobody goes on after the first one.
            assert!(parsed("1,x,3,y").collect::<Result<Vec<_>, _>>().is_err());
            assert_eq!(parsed("1,2").rev().flatten().count(), 2);
            assert_eq!(generic(vec![Ok(1), Err(fmt::Error), Ok(3), Err(fmt::Error)]).count(), 4);
        });
        let outcomes: Vec<_> = trace.named("parsed").iter().map(|span| span.outcome()).collect();
        assert_eq!(outcomes, [Outcome::Error, Outcome::Ended]);
        assert_eq!(trace.named("parsed")[0].status().description(), "x");
        let generic = trace.named("generic")[0];
        assert_eq!((generic.outcome(), generic.events().count()), (Outcome::Error, 1));
    }

    #[traced(iterator)]
    fn fallible(n: u8) -> Result<impl Iterator<Item = u8>, String> {
        if n == 0 { Err("none".into()) } else { Ok(0..n) }
    }

    #[test]
    fn an_iterator_says_how_long_each_item_took_after_the_first() {
        let trace = exo_trace::testing::capture(|| {
            assert_eq!(backwards(0).count() + backwards(1).count() + backwards(3).count(), 4);
        });
        let said = ["exo.stream.time_to_first_item", "exo.stream.time_per_item"];
        let spans = trace.named("backwards").into_iter();
        let said: Vec<_> =
            spans.map(|span| said.map(|key| span.attribute(key).is_some())).collect();
        assert_eq!(said, [[false, false], [true, false], [true, true]]);
    }

    #[test]
    fn an_iterator_returned_gives_what_it_did() {
        assert_eq!(bare("a,b").count(), 2);
        assert_eq!(backwards(3).rev().collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(backwards(3).len(), 3);
        assert_eq!(boxed("a,b").count(), 2);
        assert_eq!(aliased("a\nb").count(), 2);
        assert_eq!(cloneable(2).clone().count(), 2);
        assert_eq!(fallible(2).map(Iterator::count), Ok(2));
        assert!(fallible(0).is_err());
    }
}
