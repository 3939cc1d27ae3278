#!/usr/bin/env bash
# Proves that call sites compile to nothing without the feature `enabled`.
#
# Each function is written twice, plain and with spans in it, and compiled for release. Without the
# feature the instructions of the two are the same; with it they differ, or this looks at nothing.
# `#[traced]` leaves the function as it is written, whatever its shape; what is a value of its own, as
# the spans of macros, functions and types are, has to be seen through by the compiler.
#
# Not compared, for they are values that stay: the futures of `span_async`, `.traced` and `Context::scope`,
# which drop the future inside with its output: some ten instructions.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}/off

mkdir -p "$work/src" "$work/examples"
if [ -f "$root/Cargo.lock" ]; then cp "$root/Cargo.lock" "$work/"; fi
cat > "$work/Cargo.toml" <<TOML
[package]
name = "off"
version = "0.0.0"
edition = "2024"

[features]
enabled = ["exo-trace/enabled"]

[dependencies]
exo-trace = { package = "exo-trace-std", path = "$root/exo-trace-std", default-features = false }
futures-core = { version = "0.3", default-features = false }

[[example]]
name = "plain"
crate-type = ["rlib"]

[[example]]
name = "spans"
crate-type = ["rlib"]

[workspace]
TOML
: > "$work/src/lib.rs"

cat > "$work/examples/plain.rs" <<'RUST'
use futures_core::Stream;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub fn guarded_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(7));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn traced_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(9));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn asked_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(11));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn named_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(13));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn awaited_sum(numbers: &[u64], topic: &str) -> Poll<Result<u64, String>> {
    pin!(awaited_sum_of(numbers, topic)).poll(&mut Context::from_waker(Waker::noop()))
}

async fn awaited_sum_of(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(15));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn returned_sum(numbers: &[u64], topic: &str) -> Poll<Result<u64, String>> {
    pin!(returned_sum_of(numbers, topic)).poll(&mut Context::from_waker(Waker::noop()))
}

fn returned_sum_of(numbers: &[u64], topic: &str) -> impl Future<Output = Result<u64, String>> {
    async move {
        let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(17));
        if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
    }
}

pub fn blocked_sum(numbers: &[u64], topic: &str) -> Poll<Result<u64, String>> {
    let sum = async {
        let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(23));
        if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
    };
    pin!(async { sum.await }).poll(&mut Context::from_waker(Waker::noop()))
}

#[inline(never)]
pub fn streamed_sum(numbers: &[u64]) -> u64 {
    let mut stream = pin!(streamed_sum_of(numbers));
    let mut task = Context::from_waker(Waker::noop());
    let mut sum = 0;
    while let Poll::Ready(Some(number)) = stream.as_mut().poll_next(&mut task) {
        sum ^= number;
    }
    sum
}

fn streamed_sum_of(numbers: &[u64]) -> impl Stream<Item = u64> {
    Turned(numbers.iter(), 19)
}

#[inline(never)]
pub fn iterated_sum(numbers: &[u64]) -> u64 {
    iterated_sum_of(numbers).fold(0, |sum, number| sum ^ number)
}

fn iterated_sum_of(numbers: &[u64]) -> impl Iterator<Item = u64> {
    numbers.iter().map(|number| number.rotate_left(21))
}

struct Turned<'n>(std::slice::Iter<'n, u64>, u32);

impl Stream for Turned<'_> {
    type Item = u64;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
        let turn = self.1;
        Poll::Ready(self.0.next().map(|number| number.rotate_left(turn)))
    }
}
RUST
cat > "$work/examples/spans.rs" <<'RUST'
use futures_core::Stream;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub fn guarded_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let span = exo_trace::span_sync!("sum", topic, count = numbers.len(), all = ?numbers);
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(7));
    span.set_attribute("sum", sum);
    exo_trace::Span::current().add_event("summed", ());
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

#[exo_trace::traced(attributes(source = "api", count = numbers.len()), extract_args)]
pub fn traced_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(9));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn asked_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let mut call = exo_trace::chat("openai", "gpt-4o").temperature(0.2).seed(numbers.len()).start();
    let xor = || numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(11));
    let sum = call.in_scope(xor);
    call.system_instructions(topic);
    exo_trace::tool("xor").start().arguments(topic).result(topic);
    call.usage(exo_trace::Usage::new(sum, 1)).finish("stop");
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn named_sum(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let _span = exo_trace::span_sync("sum", exo_trace::attributes! { topic, count = numbers.len() });
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(13));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn awaited_sum(numbers: &[u64], topic: &str) -> Poll<Result<u64, String>> {
    pin!(awaited_sum_of(numbers, topic)).poll(&mut Context::from_waker(Waker::noop()))
}

#[exo_trace::traced(attributes(count = numbers.len()))]
async fn awaited_sum_of(numbers: &[u64], topic: &str) -> Result<u64, String> {
    let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(15));
    if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
}

pub fn returned_sum(numbers: &[u64], topic: &str) -> Poll<Result<u64, String>> {
    pin!(returned_sum_of(numbers, topic)).poll(&mut Context::from_waker(Waker::noop()))
}

#[exo_trace::traced]
fn returned_sum_of(numbers: &[u64], topic: &str) -> impl Future<Output = Result<u64, String>> {
    async move {
        let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(17));
        if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
    }
}

pub fn blocked_sum(numbers: &[u64], topic: &str) -> Poll<Result<u64, String>> {
    let sum = async {
        let sum = numbers.iter().fold(0, |sum, number| sum ^ number.rotate_left(23));
        if sum == 0 { Err(topic.to_owned()) } else { Ok(sum) }
    };
    pin!(exo_trace::span_async!("sum", topic, count = numbers.len(), sum))
        .poll(&mut Context::from_waker(Waker::noop()))
}

#[inline(never)]
pub fn streamed_sum(numbers: &[u64]) -> u64 {
    let mut stream = pin!(streamed_sum_of(numbers));
    let mut task = Context::from_waker(Waker::noop());
    let mut sum = 0;
    while let Poll::Ready(Some(number)) = stream.as_mut().poll_next(&mut task) {
        sum ^= number;
    }
    sum
}

#[exo_trace::traced]
fn streamed_sum_of(numbers: &[u64]) -> impl Stream<Item = u64> {
    Turned(numbers.iter(), 19)
}

#[inline(never)]
pub fn iterated_sum(numbers: &[u64]) -> u64 {
    iterated_sum_of(numbers).fold(0, |sum, number| sum ^ number)
}

#[exo_trace::traced]
fn iterated_sum_of(numbers: &[u64]) -> impl Iterator<Item = u64> {
    numbers.iter().map(|number| number.rotate_left(21))
}

struct Turned<'n>(std::slice::Iter<'n, u64>, u32);

impl Stream for Turned<'_> {
    type Item = u64;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
        let turn = self.1;
        Poll::Ready(self.0.next().map(|number| number.rotate_left(turn)))
    }
}
RUST

# Compiles example $2 with the flags that follow and leaves its assembly in $1.s.
compile() {
    local assembly=$1 example=$2
    shift 2
    cargo rustc --quiet --release --manifest-path "$work/Cargo.toml" --example "$example" "$@" \
        -- --emit asm="$work/$assembly.s" -C codegen-units=1
}

# The instructions of function $2 in $1.s. Names that the compiler makes from the crate's are
# replaced: there the crates differ.
instructions() {
    awk -v name="$2" '
        /^[_A-Za-z][^ \t]*:/ { inside = index($1, name) > 0 }
        /cfi_endproc/ { inside = 0 }
        inside && /^[ \t]+[a-z]/' "$work/$1.s" |
        sed -E 's/_(R|ZN)[A-Za-z0-9_$.]+/NAME/g; s/\.L[A-Za-z0-9_.]+/LABEL/g'
}

compile plain plain
compile silent spans
compile recording spans --features enabled

for function in guarded_sum traced_sum asked_sum named_sum awaited_sum returned_sum blocked_sum \
    streamed_sum iterated_sum; do
    plain=$(instructions plain "$function")
    silent=$(instructions silent "$function")
    recording=$(instructions recording "$function")
    if [ "$(wc -l <<< "$plain")" -lt 5 ]; then
        echo "$function: no instructions found, expected its assembly" >&2
        exit 1
    fi
    if ! diff <(echo "$plain") <(echo "$silent") >&2; then
        echo "$function: compiles to more than the plain function, expected nothing" >&2
        exit 1
    fi
    if [ "$plain" = "$recording" ]; then
        echo "$function: compiles to nothing with the feature too, so the comparison is blind" >&2
        exit 1
    fi
    echo "$function: $(wc -l <<< "$plain") instructions, with spans and without"
done
