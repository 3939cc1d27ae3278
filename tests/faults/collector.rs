//! The collector as a story holds it: where it is, what it is told, and what it has.

use super::answering::Desk;
use super::connection;
use super::fault::{Fault, Told};
use super::received::{Ledger, Received};
use exo_trace::{Protocol, TraceBackend, TraceConfig};
use std::net::{self, SocketAddr};
use std::sync::{Arc, MutexGuard};
use std::thread;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub(crate) struct Collector {
    address: SocketAddr,
    desk: Arc<Desk>,
    has_own_thread: bool,
}

impl Collector {
    /// Starts one on a thread of its own.
    pub(crate) fn start(protocol: Protocol) -> Self {
        let listener = net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        listener.set_nonblocking(true).expect("it is a socket");
        let address = listener.local_addr().expect("it is bound");
        let collector = Self::at(address, protocol, true);
        let desk = Arc::clone(&collector.desk);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the machine has room for a runtime");
        thread::spawn(move || {
            runtime.block_on(async {
                listen(TcpListener::from_std(listener).expect("it does not block"), desk).await;
            });
        });
        collector.wait_until(|received| received.is_listening);
        collector
    }

    /// Starts one that faults from the beginning.
    pub(crate) fn with(protocol: Protocol, fault: Fault) -> Self {
        let collector = Self::start(protocol);
        collector.tell(fault);
        collector
    }

    /// Starts one in the runtime of the caller, which has to run for it to answer.
    pub(crate) async fn here(protocol: Protocol) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let collector = Self::at(address, protocol, false);
        tokio::spawn(listen(listener, Arc::clone(&collector.desk)));
        collector
    }

    fn at(address: SocketAddr, protocol: Protocol, has_own_thread: bool) -> Self {
        let (told, _) = watch::channel(Told::default());
        let desk = Arc::new(Desk { protocol, told, ledger: Ledger::default() });
        Self { address, desk, has_own_thread }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns a configuration whose spans go here.
    pub(crate) fn config(&self) -> TraceConfig {
        TraceConfig::new("stories")
            .backend(TraceBackend::Otlp)
            .endpoint(self.endpoint())
            .protocol(self.desk.protocol)
    }

    /// From now on it does nothing right but this.
    pub(crate) fn tell(&self, fault: Fault) {
        self.told(Told::standing(Some(fault)));
    }

    /// Does these, one a request or connection, and then everything right.
    pub(crate) fn tell_first(&self, faults: &[Fault]) {
        self.told(Told::first(faults));
    }

    /// From now on it does everything right.
    pub(crate) fn recover(&self) {
        self.told(Told::default());
    }

    fn told(&self, told: Told) {
        let is_to_listen = !told.is(Fault::Refuses);
        self.desk.told.send_replace(told);
        if self.has_own_thread {
            self.wait_until(|received| received.is_listening == is_to_listen);
        }
    }

    pub(crate) fn received(&self) -> MutexGuard<'_, Received> {
        self.desk.ledger.read()
    }

    /// Waits until it has received what is said.
    pub(crate) fn wait_until(&self, is_so: impl Fn(&Received) -> bool) {
        self.desk.ledger.wait_until(is_so);
    }
}

impl Drop for Collector {
    /// Nobody listens any more; its thread waits for nothing and ends with the process.
    fn drop(&mut self) {
        self.desk.told.send_replace(Told::standing(Some(Fault::Refuses)));
    }
}

async fn listen(mut listener: TcpListener, desk: Arc<Desk>) {
    let address = listener.local_addr().expect("it is bound");
    let mut told = desk.told.subscribe();
    loop {
        desk.ledger.note(|received| received.is_listening = true);
        loop {
            tokio::select! {
                biased;
                _ = told.wait_for(|told| told.is(Fault::Refuses)) => break,
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    tokio::spawn(connection::serve(stream, Arc::clone(&desk)));
                }
            }
        }
        drop(listener);
        desk.ledger.note(|received| received.is_listening = false);
        let _ = told.wait_for(|told| !told.is(Fault::Refuses)).await;
        // The same port again, as after a restart.
        listener = TcpListener::bind(address).await.expect("the port is still free");
    }
}
