//! A sync function, a method and a trait method take `#[traced]` as they stand.
#![forbid(unsafe_code)]
#![deny(missing_docs, unreachable_pub, unused)]

use exo_trace::traced;

struct Counter(u32);

impl Counter {
    #[traced]
    fn bump(&mut self) -> Result<&mut u32, String> {
        self.0 = self.0.checked_add(1).ok_or("full")?;
        Ok(&mut self.0)
    }
}

trait Describe {
    fn name(&self) -> &'static str;

    #[traced]
    fn describe(&self) -> String {
        format!("a {}", self.name())
    }
}

impl Describe for Counter {
    #[traced]
    fn name(&self) -> &'static str {
        "counter"
    }
}

#[traced]
fn first<'a, T>(list: &'a [T]) -> Option<&'a T>
where
    T: Send,
{
    let item = list.first()?;
    Some(item)
}

fn main() {
    let mut counter = Counter(0);
    assert_eq!(counter.bump(), Ok(&mut 1));
    assert_eq!(counter.describe(), "a counter");
    assert_eq!(first(&[3, 4]), Some(&3));
}
