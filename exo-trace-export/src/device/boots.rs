//! Which boot of its board a frame belongs to: the one whose seed its sum begins with.
//!
//! A frame that fits no known boot may be damaged, or be of a boot whose first frame was lost. It is
//! kept in doubt until a good frame of the known boot shows that it was damage, or a boot frame says
//! otherwise. So nothing of a new boot is read with the names, ids and clock of the one before.

use super::counts::DeviceCounts;
use super::frames::opened;
use super::life::Life;
use super::message::{Boot, Head, Message};
use super::record::Heard;
use exo_trace_core::stream::{Kind, VERSION};
use std::collections::VecDeque;
use std::sync::Arc;

/// How many bytes of frames are kept in doubt at most; the oldest make room.
const IN_DOUBT_BYTES_MAX: usize = 256 << 10;

/// The boot that a board is in, and the frames that may be of the next.
#[derive(Debug, Default)]
pub(super) struct Boots {
    life: Option<Life>,
    in_doubt: VecDeque<Box<[u8]>>,
    in_doubt_bytes: usize,
    pub(super) counts: DeviceCounts,
}

impl Boots {
    /// Takes a frame whose sum was not yet looked at.
    pub(super) fn sealed(&mut self, sealed: &[u8], take: &mut dyn FnMut(Heard)) {
        if let Some(life) = &mut self.life
            && let Some(payload) = opened(sealed, Some(life.boot().seed))
        {
            if life.is_left_behind_by(payload) {
                life.end(&mut self.counts, take);
                *life = life.anew();
                self.counts.boots += 1;
                self.counts.forget_rings();
                take(Heard::Boot(Arc::clone(life.boot())));
            }
            life.payload(payload, &mut self.counts, take);
            self.settle();
            return;
        }
        match boot_in(sealed) {
            Some(BootFrame::Read(head, boot)) => self.booted(head, &boot, take),
            Some(BootFrame::OfVersion(version)) => self.unread(version, take),
            None => self.doubt(sealed),
        }
    }

    /// Takes a boot frame of another version: the first is told of, all are counted.
    fn unread(&mut self, version: u8, take: &mut dyn FnMut(Heard)) {
        self.counts.frames += 1;
        self.counts.boots_unread += 1;
        if self.counts.version_unread.replace(version).is_none() {
            take(Heard::VersionUnread(version));
        }
    }

    /// Takes what was no frame at all.
    pub(super) fn torn(&mut self) {
        self.counts.damaged += 1;
    }

    /// Gives up whatever still waits, because nothing more will come.
    pub(super) fn end(&mut self, take: &mut dyn FnMut(Heard)) {
        self.settle();
        if let Some(life) = &mut self.life {
            life.end(&mut self.counts, take);
        }
    }

    /// Returns the counts as they are now.
    pub(super) fn counts(&self) -> DeviceCounts {
        let waiting = self.life.as_ref().map_or(0, Life::waiting);
        DeviceCounts { waiting, in_doubt: self.in_doubt.len(), ..self.counts.clone() }
    }

    fn booted(&mut self, head: Head, boot: &Boot, take: &mut dyn FnMut(Heard)) {
        self.counts.frames += 1;
        if self.life.as_ref().is_none_or(|life| life.is_over(boot)) {
            if let Some(mut before) = self.life.take() {
                before.end(&mut self.counts, take);
            }
            let life = self.life.insert(Life::new(boot));
            self.counts.boots += 1;
            self.counts.forget_rings();
            take(Heard::Boot(Arc::clone(life.boot())));
            // What came before the frame that explains it.
            for sealed in std::mem::take(&mut self.in_doubt) {
                match opened(&sealed, Some(boot.seed)) {
                    Some(payload) => life.payload(payload, &mut self.counts, take),
                    None => self.counts.damaged += 1,
                }
            }
            self.in_doubt_bytes = 0;
        }
        self.settle();
        if let Some(life) = &mut self.life {
            life.round(head, boot, &mut self.counts, take);
        }
    }

    fn doubt(&mut self, sealed: &[u8]) {
        self.in_doubt_bytes += sealed.len();
        self.in_doubt.push_back(sealed.into());
        while self.in_doubt_bytes > IN_DOUBT_BYTES_MAX
            && let Some(oldest) = self.in_doubt.pop_front()
        {
            self.in_doubt_bytes -= oldest.len();
            self.counts.evicted += 1;
        }
    }

    /// Counts frames in doubt as damaged: the boot they do not fit still goes on.
    fn settle(&mut self) {
        self.counts.damaged += self.in_doubt.len() as u64;
        self.in_doubt.clear();
        self.in_doubt_bytes = 0;
    }
}

/// A boot frame.
enum BootFrame {
    Read(Head, Boot),
    /// Of a version that nobody here knows how to read.
    OfVersion(u8),
}

/// Returns the boot frame, if it is one, and whole.
fn boot_in(sealed: &[u8]) -> Option<BootFrame> {
    let (head, bytes) = Head::of(opened(sealed, None)?)?;
    let kind = Kind::of_number(head.kind).filter(|kind| *kind == Kind::Boot)?;
    let version = bytes.clone().byte()?;
    if version != VERSION {
        return Some(BootFrame::OfVersion(version));
    }
    match Message::read(kind, bytes)? {
        Message::Boot(boot) if head.is_of(boot.number) => Some(BootFrame::Read(head, boot)),
        _ => None,
    }
}
