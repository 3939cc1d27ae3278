//! Records that came before what they need: a queue for each span, and for each need whose heads lack it.
//!
//! What is said of a span comes out in the order in which it came, and the span itself behind it: only the
//! first record of a span has a need, the others wait for the first. Whatever becomes known is thus asked
//! of those alone that wait for it.

use super::known::Need;
use super::message::Told;
use exo_trace_core::compact::LocalId;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// How many records wait at most; the oldest makes room for the newest.
const WAITING_MAX: usize = 4_096;
/// How many bytes of text wait at most.
const WAITING_TEXT_BYTES_MAX: usize = 256 << 10;
/// For how many boot frames a record waits for the origin of a trace, or a link for its span.
const ROUNDS_MAX: u64 = 3;

/// Records of one boot that wait, by their place among all that ever did.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    held: BTreeMap<u64, Held>,
    queues: HashMap<LocalId, VecDeque<u64>>,
    lacking: HashMap<Need, BTreeSet<u64>>,
    /// By the round since which they wait.
    ages: BTreeSet<(u64, u64)>,
    text_bytes: usize,
    rounds: u64,
    next: u64,
}

/// One record that waits.
#[derive(Debug)]
struct Held {
    told: Told,
    since: u64,
    /// What the first of its span lacks.
    need: Option<Need>,
}

impl Waiting {
    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// Tells whether anything of a span waits: whatever else comes of it does so behind that.
    pub(super) fn has(&self, span: LocalId) -> bool {
        self.queues.contains_key(&span)
    }

    /// Lets a record wait, for its need or behind others of its span.
    pub(super) fn push(&mut self, told: Told, need: Option<Need>) {
        let (number, since) = (self.next, self.rounds);
        self.next += 1;
        self.text_bytes += text_bytes(&told);
        self.queues.entry(told.span()).or_default().push_back(number);
        self.ages.insert((since, number));
        self.held.insert(number, Held { told, since, need: None });
        if let Some(need) = need {
            self.lacks(number, need);
        }
    }

    /// Returns the oldest where there are too many.
    pub(super) fn one_too_many(&self) -> Option<u64> {
        let is_too_much = self.held.len() > WAITING_MAX || self.text_bytes > WAITING_TEXT_BYTES_MAX;
        self.oldest().filter(|_| is_too_much)
    }

    /// Returns the oldest of all, which is the first of its span.
    pub(super) fn oldest(&self) -> Option<u64> {
        self.held.first_key_value().map(|(number, _)| *number)
    }

    /// Returns the first record of a span that waits.
    pub(super) fn first(&self, span: LocalId) -> Option<(u64, &Told)> {
        let number = *self.queues.get(&span)?.front()?;
        Some((number, &self.held.get(&number)?.told))
    }

    /// Returns a record that waits.
    pub(super) fn get(&self, number: u64) -> Option<&Told> {
        self.held.get(&number).map(|held| &held.told)
    }

    /// Notes what the first record of a span lacks.
    pub(super) fn lacks(&mut self, number: u64, need: Need) {
        if let Some(held) = self.held.get_mut(&number) {
            held.need = Some(need);
            self.lacking.entry(need).or_default().insert(number);
        }
    }

    /// Takes the first record of its span out.
    pub(super) fn take(&mut self, number: u64) -> Option<Told> {
        let Held { told, since, need } = self.held.remove(&number)?;
        self.ages.remove(&(since, number));
        self.text_bytes -= text_bytes(&told);
        if let Some(need) = need
            && let Some(lacking) = self.lacking.get_mut(&need)
        {
            lacking.remove(&number);
            if lacking.is_empty() {
                self.lacking.remove(&need);
            }
        }
        if let Some(queue) = self.queues.get_mut(&told.span()) {
            queue.pop_front();
            if queue.is_empty() {
                self.queues.remove(&told.span());
            }
        }
        Some(told)
    }

    /// Returns the spans whose first record waited for this, the oldest first; none does any more.
    pub(super) fn woken(&mut self, need: Need) -> Vec<LocalId> {
        let numbers = self.lacking.remove(&need).unwrap_or_default();
        let span = |number| {
            let held = self.held.get_mut(&number)?;
            held.need = None;
            Some(held.told.span())
        };
        numbers.into_iter().filter_map(span).collect()
    }

    /// Begins another round, and returns the records that have waited for too many.
    pub(super) fn round(&mut self) -> Vec<u64> {
        self.rounds += 1;
        let last = self.rounds.saturating_sub(ROUNDS_MAX);
        self.ages.range(..(last, 0)).map(|(_, number)| *number).collect()
    }

    /// Lets a record that has waited for too long wait as if it had come just now, if it is not for the
    /// origin of a trace that it waits; tells whether it does.
    pub(super) fn may_stay(&mut self, number: u64) -> bool {
        let Some(held) = self.held.get_mut(&number) else { return true };
        let is_patient = !matches!(held.need, Some(Need::Context(_) | Need::Trace(_)));
        if is_patient {
            self.ages.remove(&(held.since, number));
            held.since = self.rounds;
            self.ages.insert((held.since, number));
        }
        is_patient
    }
}

fn text_bytes(told: &Told) -> usize {
    match told {
        Told::Text { text, .. } => text.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(count: u32) -> LocalId {
        LocalId::new(count).expect("not zero")
    }

    fn text(of: u32, text: &str) -> Told {
        Told::Text { site: 1, span: span(of), is_cut: false, text: text.into() }
    }

    #[test]
    fn what_becomes_known_is_asked_of_those_alone_that_lack_it() {
        let mut waiting = Waiting::default();
        for count in 1..=4_000 {
            waiting.push(text(count, "a"), Some(Need::Trace(span(count % 2_000 + 5_000))));
            waiting.push(text(count, "behind it"), None);
        }
        assert_eq!(waiting.woken(Need::Trace(span(1))), []);
        assert_eq!(waiting.woken(Need::Trace(span(5_007))), [span(7), span(2_007)]);
    }

    #[test]
    fn nothing_is_left_of_what_was_taken_out() {
        let mut waiting = Waiting::default();
        waiting.push(text(1, "first"), Some(Need::Site(1)));
        waiting.push(text(1, "second"), None);
        waiting.push(text(2, "of another"), Some(Need::Clock));
        let order = std::iter::from_fn(|| waiting.oldest().and_then(|oldest| waiting.take(oldest)));
        let order: Vec<_> = order.collect();
        assert_eq!(order, [text(1, "first"), text(1, "second"), text(2, "of another")]);
        let Waiting { held, queues, lacking, ages, text_bytes, .. } = waiting;
        let left = [held.len(), queues.len(), lacking.len(), ages.len(), text_bytes];
        assert_eq!(left, [0; 5]);
    }

    #[test]
    fn the_oldest_makes_room_where_records_or_their_texts_are_too_many() {
        let mut waiting = Waiting::default();
        let long = "x".repeat(240);
        for count in 1..=WAITING_TEXT_BYTES_MAX as u32 / 240 {
            waiting.push(text(count, &long), Some(Need::Site(1)));
        }
        assert_eq!(waiting.one_too_many(), None);
        waiting.push(text(1, &long), None);
        assert_eq!(waiting.one_too_many(), Some(0));
    }
}
