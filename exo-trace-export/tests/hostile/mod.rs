//! Peers on loopback that say anything but what they should, and count how much of it is taken.
//!
//! Real sockets and bytes written by hand: no server library would let them say it.
#![allow(dead_code, reason = "each target has its own peers")]

pub(crate) mod frames;
mod line;

use exo_trace_export::exporter::{Sender, Sent};
use exo_trace_export::{Protocol, TraceConfig};
pub(crate) use line::Line;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Once, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) const BOTH: [Protocol; 2] = [Protocol::Grpc, Protocol::HttpProtobuf];
/// How long one request may take in these stories.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(1);
/// What a busy machine may add to a deadline.
pub(crate) const SLACK: Duration = Duration::from_secs(4);
/// What the kernel takes for both ends of a connection before anybody reads it.
pub(crate) const KERNEL_BYTES_MAX: u64 = 24 << 20;

/// A peer that does the same on every connection, and lives as long as the process.
pub(crate) struct Hostile {
    pub(crate) address: SocketAddr,
    pub(crate) connections: Arc<AtomicUsize>,
    written: Arc<AtomicU64>,
    heard: Arc<RwLock<Vec<u8>>>,
}

impl Hostile {
    /// Waits for a request on each connection, and acts.
    pub(crate) fn start(act: impl Fn(&mut Line) + Send + Sync + 'static) -> Self {
        Self::with(act, Line::begin)
    }

    /// Acts as soon as somebody connects.
    pub(crate) fn at_once(act: impl Fn(&mut Line) + Send + Sync + 'static) -> Self {
        Self::with(act, |line| {
            line.listen();
            true
        })
    }

    /// Acts as soon as somebody connects, and reads for itself.
    pub(crate) fn raw(act: impl Fn(&mut Line) + Send + Sync + 'static) -> Self {
        Self::with(act, |_| true)
    }

    fn with(
        act: impl Fn(&mut Line) + Send + Sync + 'static,
        begins: fn(&mut Line) -> bool,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let peer = Self {
            address,
            connections: Arc::default(),
            written: Arc::default(),
            heard: Arc::default(),
        };
        let (connections, written) = (Arc::clone(&peer.connections), Arc::clone(&peer.written));
        let (heard, act) = (Arc::clone(&peer.heard), Arc::new(act));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Relaxed);
                let act = Arc::clone(&act);
                let mut line = Line::new(stream, Arc::clone(&written), Arc::clone(&heard));
                thread::spawn(move || {
                    if begins(&mut line) {
                        act(&mut line);
                    }
                    line.hang_up();
                });
            }
        });
        peer
    }

    /// Returns how many bytes left here, the most on one connection.
    pub(crate) fn taken(&self) -> u64 {
        self.written.load(Relaxed)
    }

    /// Returns everything that came after the head of a request, or all where none was waited for.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn config(&self, protocol: Protocol) -> TraceConfig {
        let endpoint = format!("http://{}", self.address);
        TraceConfig::new("stories").endpoint(endpoint).protocol(protocol).timeout(TIMEOUT)
    }
}

/// What came of a request, and what was said on the way to it.
pub(crate) struct Came {
    pub(crate) sent: Sent,
    /// What anybody gets to read, the last words last.
    pub(crate) said: Vec<String>,
}

impl Came {
    pub(crate) fn last(&self) -> &str {
        self.said.last().map_or("", String::as_str)
    }
}

/// Sends a request, for no longer than `patience` and what a machine adds, and checks what holds for
/// every answer: it fits a line.
pub(crate) fn ask(config: &TraceConfig, patience: Duration) -> Came {
    count_panics();
    let mut sender = Sender::new(config).expect("the configuration is right");
    let (began, mut said) = (Instant::now(), Vec::new());
    let request = vec![0x0a, 0x00];
    let sent = sender.send(request, patience, |reason| said.push(reason.to_owned()));
    let took = began.elapsed();
    let reason = match &sent {
        Sent::Accepted { message, .. } => message,
        Sent::TooLong { reason } | Sent::Refused { reason } | Sent::GivenUp { reason } => reason,
        unknown => panic!("{unknown:?}"),
    };
    said.push(reason.clone());
    assert!(took < patience + SLACK, "{took:?}: {said:?}");
    for reason in &said {
        assert!(reason.chars().count() < 600, "{} characters", reason.chars().count());
        assert!(!reason.contains(char::is_control), "{reason:?}");
    }
    assert_eq!(PANICS.load(Relaxed), 0, "somebody panicked");
    Came { sent, said }
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Tasks of a runtime panic where no test sees it.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Relaxed);
            before(info);
        }));
    });
}

/// Checks that this process never held what was offered to it.
pub(crate) fn assert_little_was_held() {
    const HELD_KIB_MAX: u64 = 200 << 10;
    // Linux alone keeps the mark where anybody can read it.
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return };
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
    let peak = peak.expect("it is a number of KiB");
    assert!(peak < HELD_KIB_MAX, "{peak} KiB");
}
