//! An iterator keeps its direction and its length; one that must be `Clone` is left as it is.
use exo_trace::traced;

#[traced]
fn numbers(count: u8) -> impl DoubleEndedIterator<Item = u8> + ExactSizeIterator {
    0..count
}

#[traced]
fn words(text: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    Box::new(text.split(' '))
}

#[traced]
fn again(count: u8) -> impl Iterator<Item = u8> + Clone {
    0..count
}

fn main() {
    assert_eq!(numbers(3).rev().next(), Some(2));
    assert_eq!(numbers(3).len(), 3);
    assert_eq!(words("a b").count(), 2);
    assert_eq!(again(3).clone().count(), 3);
}
