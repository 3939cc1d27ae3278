//! What became of the spans that were read.

use std::fmt;
use std::ops::AddAssign;

/// Spans read are accepted, rejected or failed; there is no fourth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) accepted: u64,
    /// The collector took the request, and these of its spans not.
    pub(crate) rejected: u64,
    /// The request did not get through.
    pub(crate) failed: u64,
    /// Lines that are no requests, and files that could not be read to their end.
    pub(crate) unreadable: u64,
    /// Lines that a crash tore.
    pub(crate) torn: u64,
}

impl Sum {
    pub(crate) fn read(&self) -> u64 {
        self.accepted + self.rejected + self.failed
    }

    /// Tells whether the collector has everything that could be read; what a crash tore was never whole.
    pub(crate) fn is_complete(&self) -> bool {
        self.rejected + self.failed + self.unreadable == 0
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.failed += other.failed;
        self.unreadable += other.unreadable;
        self.torn += other.torn;
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, rejected, failed, unreadable, torn } = self;
        let read = self.read();
        write!(
            f,
            "{read} spans read = {accepted} accepted + {rejected} rejected + {failed} failed"
        )?;
        if *torn > 0 {
            write!(f, ", {torn} torn lines")?;
        }
        if *unreadable > 0 {
            write!(f, ", {unreadable} unreadable")?;
        }
        Ok(())
    }
}
