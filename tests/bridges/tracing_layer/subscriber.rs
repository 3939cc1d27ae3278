//! The subscriber of a story, and a trace without what all of its spans say alike.
#![allow(dead_code, reason = "not each story needs all of it")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace::bridge::tracing::layer;
use std::sync::Once;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

/// Lets all threads of the process report to the layer.
pub(crate) fn subscribe() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = registry().with(layer());
        tracing::subscriber::set_global_default(subscriber).expect("nobody else does it");
    });
}

/// Leaves the level and the target out of a trace's text.
pub(crate) fn shape_of(text: &str) -> String {
    let is_said = |word: &&str| !word.starts_with("level=") && !word.starts_with("target=");
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split(' ').filter(is_said).collect();
        words.join(" ") + "\n"
    });
    lines.collect()
}
