//! What happens between processes that share a directory: they are killed, and come and go at once.

use super::laws::{drained, opened, put, waiting};
use super::segment::Waiting;
use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use tempfile::tempdir;

const ROOMY: u64 = 1 << 20;
const DIRECTORY: &str = "EXO_TRACE_SPOOL_OF_THE_KILLED";
const IS_FULL: &str = "the spool is full";

fn what_it_put() -> Vec<Waiting> {
    (0..5).map(|number| waiting(number, 60_000)).collect()
}

#[test]
#[ignore = "run in a process of its own by `a_killed_process_leaves_all_it_put`"]
fn the_one_that_is_killed() {
    let Some(directory) = env::var_os(DIRECTORY) else { return };
    let mut spool = opened(Path::new(&directory), ROOMY);
    what_it_put().iter().for_each(|waiting| put(&mut spool, waiting).expect("room"));
    spool.remove_oldest();
    println!("{IS_FULL}");
    // Waits to be killed; ends by itself when nobody is left to do so.
    let _ = io::stdin().read(&mut [0]);
}

fn start_the_one_that_is_killed(directory: &Path) -> Child {
    let module = module_path!().split_once("::").expect("a module of a crate").1;
    Command::new(env::current_exe().expect("the tests have a path"))
        .args(["--ignored", "--exact", "--nocapture"])
        .arg(format!("{module}::the_one_that_is_killed"))
        .env(DIRECTORY, directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process")
}

#[test]
fn a_killed_process_leaves_all_it_put() {
    let directory = tempdir().expect("a temporary directory");
    let mut child = start_the_one_that_is_killed(directory.path());
    let mut said = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let is_full = said.any(|line| line.is_ok_and(|line| line.ends_with(IS_FULL)));
    let while_it_runs = opened(directory.path(), ROOMY).adopted();
    child.kill().expect("a process that runs");
    child.wait().expect("a process that ended");
    let mut spool = opened(directory.path(), ROOMY);
    assert!(is_full);
    assert_eq!((while_it_runs, spool.adopted()), (0, 2 + 3 + 4 + 5));
    assert_eq!(drained(&mut spool), what_it_put()[1..]);
    assert_eq!(spool.take_damaged(), 0);
}

#[test]
fn many_that_come_and_go_at_once_lose_nothing_and_send_nothing_twice() {
    let directory = tempdir().expect("a temporary directory");
    let sent = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (directory, sent) = (directory.path(), &sent);
            scope.spawn(move || {
                for round in 0..20 {
                    let mut spool = opened(directory, ROOMY);
                    put(&mut spool, &waiting(thread * 20 + round, 100)).expect("room");
                    // Every other one dies with what it has, its own and what it took over.
                    if round % 2 == 0 {
                        let drained = drained(&mut spool);
                        assert_eq!(spool.take_damaged(), 0);
                        sent.lock().expect("nobody panicked").extend(drained);
                    }
                }
            });
        }
    });
    let mut sent = sent.into_inner().expect("nobody panicked");
    sent.extend(drained(&mut opened(directory.path(), ROOMY)));
    sent.sort_by_key(|waiting| waiting.spans);
    assert_eq!(sent, (0..160).map(|number| waiting(number, 100)).collect::<Vec<_>>());
}
