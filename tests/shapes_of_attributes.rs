//! Arguments of any type, attributes of any form, and spans without a function compile and do no harm.
#![deny(missing_docs, unreachable_pub, unused, clippy::all, rust_2018_idioms)]

use exo_trace::{Key, traced};
use futures::executor::block_on;

const AGENT_STEP: Key = Key::new("exo.agent.step");

mod arguments {
    use super::*;

    pub(crate) struct Opaque;
    #[derive(Debug)]
    pub(crate) struct Shown(#[allow(dead_code, reason = "read by Debug")] pub(crate) u8);

    #[traced(extract_args)]
    #[allow(clippy::too_many_arguments, reason = "a caller's attribute, to be kept")]
    fn every_type<T>(
        b: bool,
        i: u32,
        f: f64,
        text: &str,
        owned: String,
        debug: &Shown,
        opaque: Opaque,
        generic: T,
        (left, right): (u8, u8),
        callback: impl Fn() -> u8,
        _: u8,
        list: &mut Vec<u8>,
    ) -> usize {
        list.push(callback());
        drop((opaque, generic));
        usize::from(b)
            + i as usize
            + f as usize
            + text.len()
            + owned.len()
            + usize::from(debug.0 + left + right)
    }

    #[traced(
        name = "names {topic} {exo.agent.name}",
        attributes(
            source = "api",
            "my key" = 1.5,
            [AGENT_STEP] = 3,
            exo.agent.name = topic,
            length = topic.len() + 1,
            by_debug = ?topic,
            by_display = %(topic.len()),
            negative = -4,
            topic,
        ),
        kind = producer,
        skip(token)
    )]
    fn attributes(topic: &str, token: &str) -> usize {
        topic.len() + token.len()
    }

    #[traced(attributes(span, guard = guard, result = ?result, returned, carried = %carried))]
    fn names_that_might_clash(
        span: u8,
        guard: u8,
        result: Option<u8>,
        returned: u8,
        carried: u8,
    ) -> Result<u8, String> {
        let returned = returned + span + guard + result.unwrap_or(0);
        Ok(returned + carried)
    }

    #[traced(allow_unknown, attributes(exo.agent.nam = 1))]
    fn a_name_of_ones_own() {}

    #[test]
    fn arguments_of_any_type_compile() {
        let mut list = vec![];
        let callback = || 3;
        let sum = every_type(
            true,
            2,
            3.0,
            "ab",
            "c".into(),
            &Shown(1),
            Opaque,
            [Opaque],
            (1, 1),
            callback,
            9,
            &mut list,
        );
        assert_eq!((sum, list), (12, vec![3]));
        assert_eq!(attributes("ab", "c"), 3);
        assert_eq!(names_that_might_clash(1, 2, Some(3), 4, 5), Ok(15));
        a_name_of_ones_own();
    }
}

mod without_a_prelude {
    #![no_implicit_prelude]

    #[::exo_trace::traced(extract_args, ret)]
    fn sync(text: &str) -> ::std::result::Result<usize, ::std::string::String> {
        ::std::result::Result::Ok(text.len())
    }

    #[::exo_trace::traced(stream)]
    async fn stream(
        n: u8,
    ) -> ::std::result::Result<::futures::stream::BoxStream<'static, u8>, ::std::string::String>
    {
        ::std::result::Result::Ok(::std::boxed::Box::pin(::futures::stream::iter(0..n)))
    }

    #[::std::prelude::v1::test]
    fn nothing_of_the_prelude_is_needed() {
        let _span = ::exo_trace::span_sync!("x", step = 1, len = sync("a").is_ok());
        ::std::assert!(sync("abc").is_ok());
        ::std::assert!(::futures::executor::block_on(stream(3)).is_ok());
        ::std::assert!(::futures::executor::block_on(::exo_trace::span_async!("y", { true })));
    }
}

mod spans {
    use super::*;

    async fn work(topic: &str) -> usize {
        topic.len()
    }

    #[test]
    fn a_guard_holds_its_scope() {
        let topic = String::from("abc");
        let span = 1;
        let _plain = exo_trace::span_sync!("plain");
        let _with = exo_trace::span_sync!(
            "with",
            step = span,
            topic,
            size = topic.len() + 1,
            [AGENT_STEP] = 3,
        );
        let _unknown = exo_trace::span_sync!("unknown", allow_unknown; exo.agent.nam = span);
        drop(exo_trace::span_sync!("at once"));
        assert_eq!(topic.len(), 3);
    }

    #[test]
    fn a_future_gives_its_output() {
        let topic = String::from("abc");
        block_on(async {
            assert_eq!(exo_trace::span_async!("block", topic, { work(&topic).await + 1 }).await, 4);
            assert_eq!(exo_trace::span_async!("call", step = 1, work(&topic)).await, 3);
            let future = work(&topic);
            assert_eq!(exo_trace::span_async!("variable", future).await, 3);
            let future = work(&topic);
            assert_eq!(exo_trace::span_async!("variable", step = 1, future,).await, 3);
            assert_eq!(
                exo_trace::span_async!("generic", std::future::ready::<Result<u8, ()>>(Ok(1)))
                    .await,
                Ok(1)
            );
            let failed: Result<u8, String> = exo_trace::span_async!("early", {
                Err("x".to_owned())?;
                Ok(1)
            })
            .await;
            assert!(failed.is_err());
        });
        let taken = exo_trace::span_async!("move", topic, async move { topic.len() });
        assert_eq!(std::thread::spawn(|| block_on(taken)).join().unwrap(), 3);
    }

    fn lengths<const N: usize>(attributes: [exo_trace::Attribute<'_>; N]) -> usize {
        attributes.len()
    }

    #[test]
    fn attributes_live_to_the_end_of_their_statement() {
        let topic = String::from("abc");
        assert_eq!(lengths(exo_trace::attributes! {}), 0);
        assert_eq!(
            lengths(exo_trace::attributes! { source = "api", step = 1, f = -1.5, b = true }),
            4
        );
        assert_eq!(
            lengths(
                exo_trace::attributes! { topic, upper = topic.to_uppercase(), url = %topic, request = ?topic }
            ),
            4
        );
        assert_eq!(lengths(exo_trace::attributes! { allow_unknown; exo.agent.nam = "x" }), 1);
    }
}
