//! A line on which somebody writes frames as they please.

use exo_trace_core::stream::{Kind, VERSION};

/// One such line, of one boot.
pub(crate) struct Line {
    pub(crate) seed: u64,
    pub(crate) number: u32,
    pub(crate) bytes: Vec<u8>,
}

impl Line {
    /// Begins with a boot frame and an anchor.
    pub(crate) fn begin(seed: u64) -> Self {
        let mut line = Self { seed, number: 0, bytes: vec![0] };
        line.boot(VERSION);
        line.frame(Kind::Anchor, &[&[1][..], &[0; 8]].concat());
        line
    }

    /// A boot frame of this version.
    pub(crate) fn boot(&mut self, version: u8) {
        let number = self.number as u8 & 0x7f;
        let said = [&[version][..], &self.seed.to_le_bytes(), &[number, 1, 0]].concat();
        self.frame(Kind::Boot, &said);
    }

    /// A frame whose sum is right.
    pub(crate) fn frame(&mut self, kind: Kind, said: &[u8]) {
        let head = [(kind as u8) << 4 | (self.number >> 8 & 0x0f) as u8, self.number as u8];
        let payload = [&head, said].concat();
        let mut sum = crc32fast::Hasher::new();
        if kind != Kind::Boot {
            sum.update(&self.seed.to_le_bytes());
        }
        sum.update(&payload);
        let sealed = [&payload[..], &sum.finalize().to_le_bytes()].concat();
        let mut stuffed = vec![0; sealed.len() + 3];
        let filled = cobs::encode_including_sentinels(&sealed, &mut stuffed);
        self.bytes.extend(&stuffed[..filled]);
        self.number += 1;
    }

    /// A span of this call site, a trace of its own, by recorder 0.
    pub(crate) fn span(&mut self, site: u16, id: u32) {
        let (site, id) = (varint(site.into()), varint(id << 4));
        self.frame(Kind::Span, &[&[0][..], &site, &id, &[0; 5], &[0, 0, 0]].concat());
    }
}

/// A number as frames have it.
pub(crate) fn varint(number: u32) -> Vec<u8> {
    let groups = 1.max((38 - number.leading_zeros()) / 7);
    let byte = |place| (number >> (7 * place)) as u8 & 0x7f;
    let more = |place| if place + 1 < groups { 0x80 } else { 0 };
    (0..groups).map(|place| byte(place) | more(place)).collect()
}
