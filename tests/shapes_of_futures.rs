//! Async functions and functions that return futures, in every shape, give what they gave before.
#![deny(missing_docs, unreachable_pub, unused, clippy::all, rust_2018_idioms)]

use exo_trace::traced;
use futures::executor::block_on;
use futures::future::{BoxFuture, FutureExt, LocalBoxFuture};
use std::fmt::Display;
use std::pin::Pin;

mod async_functions {
    use super::*;

    #[traced]
    async fn unit() {}

    #[traced]
    async fn early(n: u8) {
        if n > 1 {
            return;
        }
        unit().await;
    }

    #[traced(extract_args, ret)]
    async fn add(a: u8, b: u8) -> u8 {
        a + b
    }

    #[traced]
    async fn converts(text: &str) -> Result<i32, Box<dyn std::error::Error>> {
        if text.is_empty() {
            return Err("empty".into());
        }
        unit().await;
        Ok(text.parse::<i32>()?)
    }

    #[traced(err, ret)]
    async fn collected(text: &str) -> Result<Vec<u8>, String> {
        text.split(',').map(|part| part.parse().map_err(|_| part.to_owned())).collect()
    }

    #[traced]
    async fn nested_impl(n: u8) -> Result<impl Iterator<Item = u8> + Clone, String> {
        if n == 0 {
            return Err("none".into());
        }
        Ok(0..n)
    }

    #[traced]
    async fn opaque<'a>(text: &'a str) -> impl Display + 'a {
        text
    }

    #[traced]
    async fn generic<T, E>(value: Result<T, E>) -> Result<T, E>
    where
        T: Send,
    {
        value
    }

    #[traced]
    async fn dyn_value(n: u8) -> Box<dyn Display + Send> {
        if n == 0 {
            return Box::new("none");
        }
        Box::new(n)
    }

    #[traced]
    fn recursive(n: u8) -> BoxFuture<'static, Result<u8, String>> {
        async move { if n == 0 { Ok(0) } else { Ok(recursive(n - 1).await? + 1) } }.boxed()
    }

    #[traced]
    async fn yields_future(n: u8) -> BoxFuture<'static, u8> {
        async move { n }.boxed()
    }

    #[traced]
    async fn owned(a: String, mut b: Vec<u8>) -> usize {
        b.push(1);
        unit().await;
        a.len() + b.len()
    }

    fn is_send<T: Send>(value: T) -> T {
        value
    }

    #[test]
    fn an_async_function_returns_what_it_did() {
        block_on(is_send(early(2)));
        block_on(is_send(early(0)));
        assert_eq!(block_on(is_send(add(1, 2))), 3);
        assert_eq!(block_on(converts("4")).unwrap(), 4);
        assert!(block_on(converts("")).is_err() && block_on(converts("x")).is_err());
        assert_eq!(block_on(is_send(collected("1,2"))), Ok(vec![1, 2]));
        assert_eq!(block_on(nested_impl(2)).map(Iterator::count), Ok(2));
        assert_eq!(block_on(opaque("o")).to_string(), "o");
        assert_eq!(block_on(is_send(generic::<u8, ()>(Ok(1)))), Ok(1));
        assert_eq!(block_on(dyn_value(0)).to_string(), "none");
        assert_eq!(block_on(dyn_value(5)).to_string(), "5");
        assert_eq!(block_on(is_send(recursive(3))), Ok(3));
        assert_eq!(block_on(async { yields_future(3).await.await }), 3);
        assert_eq!(block_on(is_send(owned("ab".into(), vec![]))), 3);
    }
}

mod futures_returned {
    use super::*;

    type Reply<'a> = Pin<Box<dyn Future<Output = Result<u8, String>> + Send + 'a>>;

    #[traced]
    fn bare(text: &str) -> impl Future<Output = Result<usize, String>> + Send + '_ {
        async move {
            if text.is_empty() {
                return Err("empty".into());
            }
            Ok(text.len())
        }
    }

    #[traced]
    fn prepared(text: &str) -> impl Future<Output = usize> + use<> {
        if text.is_empty() {
            return std::future::ready(0);
        }
        let len = text.len();
        std::future::ready(len)
    }

    #[traced]
    fn pinned<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
        Box::pin(async move { text.len() })
    }

    #[traced(ret, err(Debug))]
    fn pinned_late(text: String) -> Pin<Box<dyn Future<Output = Result<usize, String>> + Send>> {
        if text.is_empty() {
            return Box::pin(std::future::ready(Err(text)));
        }
        let len = text.len();
        Box::pin(async move { Ok(len) })
    }

    #[traced]
    fn local(text: &str) -> LocalBoxFuture<'_, usize> {
        async move { text.len() }.boxed_local()
    }

    #[traced(future)]
    fn aliased(text: &str) -> Reply<'_> {
        Box::pin(async move { u8::try_from(text.len()).map_err(|error| error.to_string()) })
    }

    #[traced]
    fn unpin(n: u8) -> Box<dyn Future<Output = u8> + Unpin + Send> {
        Box::new(std::future::ready(n))
    }

    struct Service;

    #[async_trait::async_trait]
    trait Call {
        async fn call(&self, text: &str) -> Result<usize, String>;
        #[traced]
        async fn default(&self, n: u8) -> u8 {
            n
        }
    }

    #[async_trait::async_trait]
    impl Call for Service {
        #[traced(name = "call {text}", extract_args)]
        async fn call(&self, text: &str) -> Result<usize, String> {
            if text.is_empty() {
                return Err("empty".into());
            }
            let len: usize = self.default(3).await.into();
            Ok(text.len() + len)
        }
    }

    #[test]
    fn a_future_returned_gives_what_it_did() {
        assert_eq!(block_on(bare("ab")), Ok(2));
        assert!(block_on(bare("")).is_err());
        assert_eq!(block_on(prepared("ab")), 2);
        assert_eq!(block_on(pinned("abc")), 3);
        assert_eq!(block_on(pinned_late("abc".into())), Ok(3));
        assert!(block_on(pinned_late(String::new())).is_err());
        assert_eq!(block_on(local("abc")), 3);
        assert_eq!(block_on(aliased("abc")), Ok(3));
        assert_eq!(block_on(unpin(3)), 3);
        assert_eq!(block_on(Service.call("ab")), Ok(5));
        assert!(block_on(Service.call("")).is_err());
    }
}
