//! A spool, if a directory was named: requests of this process, behind those that others left there.

use super::super::divide;
use super::super::spool::{Form, Spool};
use super::{Part, Sheltered};
use crate::config::{Protocol, Sending};
use crate::exporter::ExportError;
use crate::note::note;

pub(in super::super) struct Shelter {
    spool: Option<Spool>,
    form: Form,
    /// Spans of processes before this one that have not left yet; they leave first.
    foreign: u64,
    /// Those of them that were lost here, since somebody asked.
    lost_of_others: u64,
    /// Spans of this process that could not be read again, since somebody asked.
    damaged: u64,
}

impl Shelter {
    pub(in super::super) fn open(
        sending: &Sending,
        protocol: Protocol,
    ) -> Result<Self, ExportError> {
        let form = match protocol {
            Protocol::Grpc | Protocol::HttpProtobuf => Form::Protobuf,
            Protocol::HttpJson => Form::Json,
        };
        let spool = sending.spool.as_ref().map(Spool::open).transpose()?;
        let foreign = spool.as_ref().map_or(0, Spool::adopted);
        Ok(Self { spool, form, foreign, lost_of_others: 0, damaged: 0 })
    }

    pub(in super::super) fn is_there(&self) -> bool {
        self.spool.is_some()
    }

    pub(in super::super) fn is_empty(&self) -> bool {
        self.spool.as_ref().is_none_or(Spool::is_empty)
    }

    /// Puts a request on disk, or says why not.
    pub(in super::super) fn put(&mut self, request: &[u8], spans: u64) -> Result<(), String> {
        let Some(spool) = &mut self.spool else { return Err(String::from("there is no spool")) };
        spool.put(request, spans, self.form).map_err(|refused| refused.to_string())
    }

    /// Returns the request that waits longest and can be sent; others of before are removed.
    pub(in super::super) fn oldest(&mut self) -> Option<Sheltered> {
        loop {
            let waiting = self.spool.as_mut()?.oldest();
            // Before it is known whose this one is: what was damaged stood before it.
            self.settle_damage();
            let waiting = waiting?;
            if waiting.form == self.form {
                let whole = Part { request: waiting.request, spans: waiting.spans };
                return Some(Sheltered { whole, is_own: self.foreign == 0 });
            }
            // Only an earlier process can have spoken another protocol.
            note(format_args!(
                "{} spans in the spool are for another protocol, and are removed",
                waiting.spans
            ));
            self.lost_of_others += waiting.spans;
            self.remove_oldest(waiting.spans);
        }
    }

    /// Returns the two halves of a request, or of a part of one.
    pub(in super::super) fn halves(&self, part: &Part) -> Option<[Part; 2]> {
        divide::halves(&part.request, self.form)
    }

    /// Removes the request that [`Shelter::oldest`] returned, with so many spans.
    pub(in super::super) fn remove_oldest(&mut self, spans: u64) {
        self.foreign = self.foreign.saturating_sub(spans);
        if let Some(spool) = &mut self.spool {
            spool.remove_oldest();
        }
    }

    /// Counts what could not be read as lost by whoever left first.
    fn settle_damage(&mut self) {
        let damaged = self.spool.as_mut().map_or(0, Spool::take_damaged);
        let foreign = damaged.min(self.foreign);
        self.foreign -= foreign;
        self.lost_of_others += foreign;
        self.damaged += damaged - foreign;
    }

    /// Returns how many spans of this process could not be read again since it was asked last.
    pub(in super::super) fn take_damaged(&mut self) -> u64 {
        std::mem::take(&mut self.damaged)
    }

    /// Returns how many spans of others could not be read, or were for another protocol, since it was
    /// asked last.
    pub(in super::super) fn take_lost_of_others(&mut self) -> u64 {
        std::mem::take(&mut self.lost_of_others)
    }

    pub(in super::super) fn sync(&mut self) {
        if let Some(spool) = &mut self.spool {
            spool.sync();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SpoolPlace;
    use std::fs::{self, OpenOptions};
    use std::path::Path;

    fn shelter(directory: &Path, protocol: Protocol) -> Shelter {
        let place = SpoolPlace { directory: directory.to_owned(), bytes_max: 1 << 20 };
        let sending = Sending { spool: Some(place), ..Sending::default() };
        Shelter::open(&sending, protocol).unwrap()
    }

    /// Leaves a request with two spans behind, and ends.
    fn left_in(directory: &Path) {
        shelter(directory, Protocol::Grpc).put(b"before", 2).unwrap();
    }

    /// Takes the last byte of every segment, as who dies in the middle of an append leaves it.
    fn tear(directory: &Path) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "spans") {
                let file = OpenOptions::new().write(true).open(path).unwrap();
                file.set_len(file.metadata().unwrap().len() - 1).unwrap();
            }
        }
    }

    #[test]
    fn what_others_left_goes_first_and_stays_theirs() {
        let home = tempfile::tempdir().unwrap();
        left_in(home.path());
        let mut shelter = shelter(home.path(), Protocol::HttpProtobuf);
        shelter.put(b"now", 3).unwrap();
        for (request, spans, is_own) in [(&b"before"[..], 2, false), (b"now", 3, true)] {
            let oldest = shelter.oldest().unwrap();
            assert_eq!((&*oldest.whole.request, oldest.whole.spans), (request, spans));
            assert_eq!(oldest.is_own, is_own);
            shelter.remove_oldest(spans);
        }
        assert!(shelter.is_empty() && shelter.oldest().is_none());
        assert_eq!((shelter.take_lost_of_others(), shelter.take_damaged()), (0, 0));
    }

    #[test]
    fn behind_a_torn_end_that_others_left_comes_what_is_own() {
        let home = tempfile::tempdir().unwrap();
        let mut before = shelter(home.path(), Protocol::Grpc);
        before.put(b"before", 2).unwrap();
        before.put(b"torn", 4).unwrap();
        drop(before);
        tear(home.path());
        let mut shelter = shelter(home.path(), Protocol::Grpc);
        shelter.put(b"now", 3).unwrap();
        for (spans, is_own) in [(2, false), (3, true)] {
            let oldest = shelter.oldest().unwrap();
            assert_eq!((oldest.whole.spans, oldest.is_own), (spans, is_own));
            shelter.remove_oldest(spans);
        }
        assert!(shelter.is_empty());
        assert_eq!((shelter.take_lost_of_others(), shelter.take_damaged()), (4, 0));
    }

    #[test]
    fn own_damage_is_nobody_else_s() {
        let home = tempfile::tempdir().unwrap();
        left_in(home.path());
        tear(home.path());
        let mut shelter = shelter(home.path(), Protocol::Grpc);
        shelter.put(b"now", 3).unwrap();
        tear(home.path());
        assert!(shelter.oldest().is_none() && shelter.is_empty());
        assert_eq!((shelter.take_lost_of_others(), shelter.take_damaged()), (2, 3));
    }

    #[test]
    fn what_others_left_for_another_protocol_is_removed_and_counted_once() {
        let home = tempfile::tempdir().unwrap();
        left_in(home.path());
        let mut shelter = shelter(home.path(), Protocol::HttpJson);
        shelter.put(b"{}", 3).unwrap();
        let oldest = shelter.oldest().unwrap();
        assert!(oldest.is_own && &*oldest.whole.request == b"{}");
        assert_eq!([shelter.take_lost_of_others(), shelter.take_lost_of_others()], [2, 0]);
    }
}
