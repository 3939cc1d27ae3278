//! No shelter: built without feature `spool`.

use super::{Part, Sheltered};
use crate::config::{Protocol, Sending};
use crate::exporter::ExportError;

pub(in super::super) struct Shelter;

impl Shelter {
    pub(in super::super) fn open(_: &Sending, _: Protocol) -> Result<Self, ExportError> {
        Ok(Self)
    }

    pub(in super::super) fn is_there(&self) -> bool {
        false
    }

    pub(in super::super) fn is_empty(&self) -> bool {
        true
    }

    pub(in super::super) fn put(&mut self, _: &[u8], _: u64) -> Result<(), String> {
        Err(String::from("there is no spool"))
    }

    pub(in super::super) fn oldest(&mut self) -> Option<Sheltered> {
        None
    }

    pub(in super::super) fn remove_oldest(&mut self, _: u64) {}

    pub(in super::super) fn halves(&self, _: &Part) -> Option<[Part; 2]> {
        None
    }

    pub(in super::super) fn take_damaged(&mut self) -> u64 {
        0
    }

    pub(in super::super) fn take_lost_of_others(&mut self) -> u64 {
        0
    }

    pub(in super::super) fn sync(&mut self) {}
}
