//! A formatted text is cut on a character boundary, keeps all that fits, and says that it was cut.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use core::fmt::Write;
use exo_trace_core::Formatted;
use proptest::collection::vec;
use proptest::prelude::*;

fn check<const N: usize>(parts: &[String]) {
    let mut text = Formatted::<N>::new();
    let answers: Vec<bool> = parts.iter().map(|part| text.write_str(part).is_ok()).collect();
    let whole = parts.concat();
    assert!(whole.starts_with(text.as_str()), "{text:?} begins {whole:?}");
    assert_eq!(text.is_cut(), whole.len() > N);
    if text.is_cut() {
        let next = whole[text.as_str().len()..].chars().next().expect("something was cut");
        assert!(text.as_str().len() + next.len_utf8() > N, "{next:?} would have fitted");
    } else {
        assert_eq!(text.as_str(), whole);
    }
    let is_ok_first = answers.iter().position(|&ok| !ok).unwrap_or(answers.len());
    assert!(answers[is_ok_first..].iter().all(|&ok| !ok), "formatting stops at the first cut");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_in_however_many_parts(parts in vec(any::<String>(), 0..5)) {
        check::<0>(&parts);
        check::<1>(&parts);
        check::<7>(&parts);
        check::<64>(&parts);
        check::<4096>(&parts);
    }
}
