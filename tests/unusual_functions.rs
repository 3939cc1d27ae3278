//! Less usual functions return what they did, and a call site knows the line it stands on.
#![deny(unused)]

use exo_trace::testing::capture;
use exo_trace::traced;
use futures::executor::block_on;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use std::cell::{Ref, RefCell};
use std::pin::Pin;
use std::task::Poll;

struct Cell(RefCell<String>);
impl Cell {
    #[traced]
    async fn borrowed(&self) -> Result<Ref<'_, String>, String> {
        self.0.try_borrow().map_err(|e| e.to_string())
    }
    #[traced]
    fn borrowed_now(&self) -> Result<Ref<'_, String>, String> {
        Ok(self.0.borrow())
    }
    #[traced]
    fn poll(mut self: Pin<&mut Self>) -> Poll<Result<usize, String>> {
        let me = self.as_mut();
        let len = me.0.borrow().len();
        Poll::Ready(Ok(len))
    }
    #[traced]
    #[allow(clippy::type_complexity, reason = "the type is the story")]
    fn visitor<'s>(&'s self) -> Box<dyn Fn(&str) -> Result<usize, String> + 's> {
        Box::new(|text| Ok(text.len() + self.0.borrow().len()))
    }
    #[traced]
    async fn with(&self, f: &mut (dyn FnMut(&str) + Send)) {
        f(&self.0.borrow())
    }
    #[traced(attributes(len = self.0.borrow().len(), first = { let s = self.0.borrow(); s.len() }))]
    fn by_self(&self) -> usize {
        self.0.borrow().len()
    }
}

/// Lines are those of the functions.
#[traced(name = "many lines")]
#[inline]
fn placed() {}

macro_rules! typed {
    ($name:ident -> $output:ty { $body:expr }) => {
        #[traced(ret)]
        fn $name() -> $output {
            $body
        }
    };
}
typed!(from_a_type -> Result<u8, String> { Ok(1) });
typed!(unit_type -> () { () });

#[traced(extract_args)]
async fn slices(a: &[u8], b: &mut [u8], c: Option<&str>, d: &dyn std::fmt::Debug) -> usize {
    b[0] = a[0];
    a.len() + usize::from(c.is_some()) + format!("{d:?}").len()
}

#[traced(ret)]
async fn unit_ret() {}

#[traced(future)]
async fn carries_a_future(n: u8) -> Result<BoxFuture<'static, Result<u8, String>>, String> {
    if n == 0 {
        return Err("zero".into());
    }
    Ok(Box::pin(async move { Ok(n) }))
}

#[traced(iterator)]
async fn carries_an_iterator(n: u8) -> Result<Box<dyn Iterator<Item = u8>>, String> {
    Ok(Box::new(0..n))
}

#[traced]
fn generic_stream<T: Send + 'static>(items: Vec<T>) -> BoxStream<'static, T> {
    Box::pin(futures::stream::iter(items))
}

mod hidden {
    pub(crate) struct Error;
    #[exo_trace::traced]
    pub(crate) fn generic<T, E>(r: Result<T, E>) -> Result<T, E> {
        r
    }
    #[exo_trace::traced]
    pub(crate) async fn of<T: Default>() -> Result<T, Error> {
        Ok(T::default())
    }
}

#[traced]
fn outer_loop(n: u8) -> Result<u8, String> {
    let mut i = 0;
    let found = 'a: loop {
        for _ in 0..2 {
            if i == 3 {
                break 'a i;
            }
            if i == n {
                return Err("no".into());
            }
            i += 1;
        }
    };
    Ok(found)
}

mod boxed_by_a_method {
    use futures::FutureExt;
    #[exo_trace::traced(ret)]
    pub(crate) fn only_here(n: u8) -> futures::future::BoxFuture<'static, u8> {
        async move { n }.map(|n| n + 1).boxed()
    }
}

#[traced(name = "with {braces} and {n}")]
fn template(n: u8) -> u8 {
    n
}

#[test]
fn they_return_what_they_did() {
    let mut cell = Cell(RefCell::new("ab".into()));
    assert_eq!(block_on(cell.borrowed()).unwrap().len(), 2);
    assert_eq!(cell.borrowed_now().unwrap().len(), 2);
    assert!(Pin::new(&mut cell).poll().is_ready());
    assert_eq!(cell.visitor()("x"), Ok(3));
    let mut seen = 0;
    block_on(cell.with(&mut |text| seen += text.len()));
    assert_eq!((seen, cell.by_self()), (2, 2));
    assert_eq!(from_a_type(), Ok(1));
    unit_type();
    assert_eq!(block_on(slices(&[1], &mut [2], None, &3)), 2);
    block_on(unit_ret());
    assert_eq!(block_on(async { carries_a_future(2).await.unwrap().await }), Ok(2));
    assert_eq!(block_on(carries_an_iterator(2)).unwrap().count(), 2);
    assert_eq!(block_on(futures::StreamExt::count(generic_stream(vec![1, 2]))), 2);
    assert!(hidden::generic::<u8, hidden::Error>(Err(hidden::Error)).is_err());
    assert!(block_on(hidden::of::<u8>()).is_ok());
    assert_eq!(outer_loop(5), Ok(3));
    assert_eq!(block_on(boxed_by_a_method::only_here(1)), 2);
    assert_eq!(template(5), 5);
}

#[test]
fn a_call_site_knows_its_line() {
    let trace = capture(|| {
        placed();
        let _s = exo_trace::span_sync!("span");
    });
    let text = include_str!("unusual_functions.rs");
    let line = |what: &str| {
        let before = text.lines().position(|line| line.contains(what)).expect("it stands there");
        Some((before as i64 + 1).into())
    };
    let lines = ["many lines", "span"]
        .map(|name| trace.named(name)[0].attribute("code.line.number").map(|line| line.to_owned()));
    assert_eq!(lines, [line("fn placed"), line("let _s")]);
    let function = trace.named("many lines")[0].attribute("code.function.name");
    assert_eq!(function, Some("unusual_functions::placed".into()));
}
