//! The request that is being sent, known to the connection it leaves by.
//!
//! HTTP/2 shows a connection its frames as slices, which are gone when the call returns: who wants to
//! send several together has to copy them. A slice that lies in a request the connection knows is a
//! part of it, and a part is kept without a copy.
//!
//! What comes back is counted from the same moment: an answer is some hundred bytes long, and whoever
//! floods a connection, with frames that ask for nothing or an answer without end, is left.

use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many bytes may come for one request, whatever they are: TLS, frames of HTTP/2, interim
/// answers of HTTP/1, the answer.
pub(super) const ANSWER_BYTES_MAX: usize = 1 << 20;

/// A request, while it is on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Lent(Arc<Mutex<Loan>>);

#[derive(Debug, Default)]
struct Loan {
    request: Bytes,
    /// How many bytes came since it was lent.
    heard: usize,
}

/// Takes the request back when it is dropped: answered, or given up.
pub(super) struct OnItsWay<'a>(&'a Lent);

impl Lent {
    /// Lends a request in the place of the one before.
    pub(super) fn lend(&self, request: Bytes) -> OnItsWay<'_> {
        *self.loan() = Loan { request, heard: 0 };
        OnItsWay(self)
    }

    /// Returns a piece as a part of the request, if it is one.
    pub(super) fn part(&self, piece: &[u8]) -> Option<Bytes> {
        let request = &self.loan().request;
        let (whole, part) = (request.as_ptr_range(), piece.as_ptr_range());
        (whole.start <= part.start && part.end <= whole.end).then(|| request.slice_ref(piece))
    }

    /// Counts what came, and tells whether as much may come for one request.
    pub(super) fn may_hear(&self, bytes: usize) -> bool {
        let mut loan = self.loan();
        loan.heard = loan.heard.saturating_add(bytes);
        loan.heard <= ANSWER_BYTES_MAX
    }

    fn loan(&self) -> MutexGuard<'_, Loan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.0.loan().request = Bytes::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_for_as_long_as_the_request_is_on_its_way() {
        let (lent, request) = (Lent::default(), Bytes::from(vec![7; 100]));
        let piece = request.get(20..70).unwrap();
        assert_eq!(lent.part(piece), None, "nothing is lent");
        let on_its_way = lent.lend(request.clone());
        assert_eq!(lent.part(piece).map(|part| part.as_ptr()), Some(piece.as_ptr()), "no copy");
        assert_eq!(lent.part(&[7; 50]), None, "the same bytes elsewhere");
        drop(on_its_way);
        assert_eq!(lent.part(piece), None);
    }

    #[test]
    fn each_request_may_be_answered_by_so_much_and_no_more() {
        let lent = Lent::default();
        for _ in 0..3 {
            let _on_its_way = lent.lend(Bytes::from_static(b"spans"));
            assert!(lent.may_hear(ANSWER_BYTES_MAX));
            assert!(!lent.may_hear(1));
        }
    }
}
