//! A collector that is killed and comes back: this process's side of the other one.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A collector by its port, whether it runs or not.
pub(crate) struct Collector {
    port: u16,
    running: Option<Running>,
    spans: Arc<AtomicU64>,
    every: Duration,
    outages: u32,
}

struct Running {
    child: Child,
    counting: JoinHandle<()>,
}

impl Collector {
    /// Starts one that will be away for a sixth of the time, once in each stretch of `every`.
    pub(crate) fn start(every: Duration) -> Self {
        let spans = Arc::<AtomicU64>::default();
        let (port, running) = Running::start(0, &spans);
        Self { port, running: Some(running), spans, every, outages: 0 }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Goes away or comes back, if it is time: it is away from the middle of each stretch.
    pub(crate) fn keep_to(&mut self, elapsed: Duration) {
        let in_stretch = elapsed.as_secs_f64() / self.every.as_secs_f64() % 1.0;
        match (0.5..0.5 + 1.0 / 6.0).contains(&in_stretch) {
            true => self.go_away(),
            false => self.come_back(),
        }
    }

    pub(crate) fn go_away(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
            self.outages += 1;
        }
    }

    pub(crate) fn come_back(&mut self) {
        if self.running.is_none() {
            self.running = Some(Running::start(self.port, &self.spans).1);
        }
    }

    pub(crate) fn is_there(&self) -> bool {
        self.running.is_some()
    }

    /// Ends it and returns how many spans it took in all, and how often it was away.
    pub(crate) fn end(mut self) -> (u64, u32) {
        let outages = self.outages;
        self.go_away();
        // Relaxed: whoever counted was joined.
        (self.spans.load(Relaxed), outages)
    }
}

impl Running {
    fn start(port: u16, spans: &Arc<AtomicU64>) -> (u16, Self) {
        let program = std::env::current_exe().expect("this program has a place");
        let mut child = Command::new(program)
            .args(["collector", &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let mut said = BufReader::new(child.stdout.take().expect("it is piped"));
        let port = number_in(&mut said).expect("a collector says its port first") as u16;
        let spans = Arc::clone(spans);
        let counting = thread::spawn(move || count(said, &spans));
        (port, Self { child, counting })
    }

    /// Ends it in the middle of whatever it does.
    fn kill(mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it is ours");
        self.counting.join().expect("counting does not panic");
    }
}

fn count(mut said: BufReader<ChildStdout>, spans: &AtomicU64) {
    while let Some(count) = number_in(&mut said) {
        // Relaxed: a count.
        spans.fetch_add(count, Relaxed);
    }
}

/// Returns the number on the next line; `None` at the end, which may come within a line.
fn number_in(said: &mut BufReader<ChildStdout>) -> Option<u64> {
    let mut line = String::new();
    said.read_line(&mut line).ok()?;
    line.strip_suffix('\n')?.parse().ok()
}
