//! Main loop and tasks that do what a script says, beside a list of what is truly open in each.
//!
//! Tasks 0 and 1 are polled by the main loop, task 2 by task 0. After each act, the current span is one that
//! is open and that the task itself began, its own included, or none. It is the newest of them, as long as
//! no two that ended before a newer one are to be remembered at once, and each ends the spans it began.

use crate::board::{Board, spans};
use exo_trace_core::SpanContext;
use exo_trace_core::compact::{LocalId, OpenSpan, Recorder, Ring, Site, site};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

static TASK: Site = site!("task");
static WORK: Site = site!("work");

/// What is done next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Begin,
    /// Begins a span whose parent is elsewhere.
    Continue,
    /// Ends one of one's own, counted from the oldest; the newest if there are fewer.
    End(usize),
    /// Ends one of whoever polls this task, or polls that one.
    EndOutside(usize),
    /// Ends one that outlived its task.
    EndLeftOver(usize),
    /// Polls one of one's own tasks.
    Poll(usize),
    /// Drops one of one's own tasks.
    Drop(usize),
}

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Main,
    Task,
}

/// What everybody does: the main loop, and each task at each of its polls.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) main: Vec<Act>,
    pub(crate) tasks: [Vec<Vec<Act>>; 3],
    /// Whether what a task left open outlives it.
    pub(crate) outlive: [bool; 3],
}

/// The number of the main loop among those who begin spans; the tasks' come before.
const MAIN: usize = 3;

/// Who polls each.
const POLLED_BY: [Option<usize>; 4] = [Some(MAIN), Some(MAIN), Some(0), None];

type Open<'r> = OpenSpan<'r, 'static, Board>;
type Task<'w> = Pin<Box<dyn Future<Output = ()> + 'w>>;

/// What is truly open of one of them.
#[derive(Default)]
struct Truth<'r> {
    /// The span of the task itself.
    own: Option<LocalId>,
    open: Vec<(LocalId, Open<'r>)>,
    /// All its spans up to the newest that is open, and whether each is.
    begun: Vec<(LocalId, bool)>,
    /// Whether more had to be remembered than can be.
    is_lost: bool,
    is_over: bool,
    polls: VecDeque<Vec<Act>>,
    outlives: bool,
}

impl Truth<'_> {
    /// Returns the newest span that is open.
    fn newest(&self) -> Option<LocalId> {
        self.begun.last().map(|begun| begun.0).or(self.own)
    }

    fn end(&mut self, id: LocalId) {
        self.begun.iter_mut().filter(|begun| begun.0 == id).for_each(|begun| begun.1 = false);
        while self.begun.pop_if(|begun| !begun.1).is_some() {}
        self.is_lost |= self.begun.iter().filter(|begun| !begun.1).count() > 1;
    }

    /// Where nothing is open nothing is to be remembered.
    fn begin_turn(&mut self) {
        self.is_lost &= !self.begun.is_empty();
    }
}

struct World<'r> {
    recorder: &'r Recorder<'static, Board>,
    all: RefCell<[Truth<'r>; 4]>,
    parents: RefCell<HashMap<LocalId, Option<LocalId>>>,
    /// Whether nobody has ended a span that another one began.
    is_exact: Cell<bool>,
}

/// Plays a script to its end, and compares what was recorded.
pub(crate) fn play<const N: usize>(ring: &'static Ring<N>, script: Script) {
    ring.by_ref().reader().skip();
    let recorder = Recorder::new(ring, Board::default());
    let all = RefCell::new(<[Truth<'_>; 4]>::default());
    for ((truth, polls), outlives) in
        all.borrow_mut().iter_mut().zip(script.tasks).zip(script.outlive)
    {
        (truth.polls, truth.outlives) = (polls.into(), outlives);
    }
    let world =
        World { recorder: &recorder, all, parents: RefCell::default(), is_exact: Cell::new(true) };
    let mut tasks = [Some(task(&world, 0)), Some(task(&world, 1))];
    world.act(MAIN, &script.main, &mut tasks);
    drop(tasks);
    world.check(MAIN);
    for of in [0, 1, 2, MAIN] {
        while world.end(MAIN, of, 0) {}
    }
    assert_eq!(recorder.current(), None);
    let parents = world.parents.into_inner();
    assert_eq!(ring.by_ref().refused(), 0);
    let recorded = spans(ring.by_ref());
    assert_eq!(recorded.len(), parents.len());
    assert!(recorded.iter().all(|span| parents.get(&span.id) == Some(&span.parent)));
}

/// A task that does at each poll what its script says, and at its end, or dropped, ends what it left open.
fn task<'w>(world: &'w World<'_>, number: usize) -> Task<'w> {
    let mut tasks = if number == 0 { vec![Some(task(world, 2))] } else { Vec::new() };
    let leaving = Leaving { world, number };
    let work = poll_fn(move |_| leaving.turn(&mut tasks));
    Box::pin(world.recorder.traced(&TASK, work))
}

/// Ends what a task left open.
struct Leaving<'w, 'r> {
    world: &'w World<'r>,
    number: usize,
}

impl Leaving<'_, '_> {
    fn turn(&self, tasks: &mut [Option<Task<'_>>]) -> Poll<()> {
        self.world.turn(self.number, tasks)
    }
}

impl Drop for Leaving<'_, '_> {
    fn drop(&mut self) {
        let (world, number) = (self.world, self.number);
        let outlives = world
            .with(number, |truth| std::mem::replace(&mut truth.is_over, true) || truth.outlives);
        while !outlives && world.end(number, number, 0) {}
    }
}

impl<'r> World<'r> {
    fn with<T>(&self, number: usize, look: impl FnOnce(&mut Truth<'r>) -> T) -> T {
        look(&mut self.all.borrow_mut()[number])
    }

    /// One poll of a task.
    fn turn(&self, number: usize, tasks: &mut [Option<Task<'_>>]) -> Poll<()> {
        let current = self.recorder.current();
        let (acts, is_over) = self.with(number, |truth| {
            truth.own = truth.own.or(current);
            truth.begin_turn();
            (truth.polls.pop_front().unwrap_or_default(), truth.polls.is_empty())
        });
        self.check(number);
        self.act(number, &acts, tasks);
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    }

    fn act(&self, number: usize, acts: &[Act], tasks: &mut [Option<Task<'_>>]) {
        for act in acts {
            match *act {
                Act::Begin => {
                    self.begin(number, self.recorder.current(), |recorder| recorder.start(&WORK))
                }
                Act::Continue => self.begin(number, None, |recorder| {
                    let asked = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
                    let asked = SpanContext::from_traceparent(asked).expect("well formed");
                    recorder.continue_trace(&WORK, &asked)
                }),
                Act::End(which) => drop(self.end(number, number, which)),
                Act::EndOutside(which) => {
                    let outside: Vec<_> = self.outside(number).collect();
                    if let Some(of) = outside.get(which % outside.len().max(1)) {
                        self.end(number, *of, which / 2);
                    }
                }
                Act::EndLeftOver(which) => {
                    let of = which % MAIN;
                    if self.with(of, |truth| truth.is_over) {
                        self.end(number, of, which / MAIN);
                    }
                }
                Act::Poll(which) => {
                    self.poll(if number == MAIN { which } else { 2 }, tasks.get_mut(which))
                }
                Act::Drop(which) => {
                    tasks.iter_mut().skip(which).take(1).for_each(|task| *task = None)
                }
            }
            if number == MAIN {
                self.with(number, Truth::begin_turn);
            }
            self.check(number);
        }
    }

    fn begin(
        &self,
        number: usize,
        parent: Option<LocalId>,
        start: impl Fn(&'r Recorder<'static, Board>) -> Open<'r>,
    ) {
        let span = start(self.recorder);
        let id = span.id().expect("it is sampled");
        self.parents.borrow_mut().insert(id, parent);
        self.with(number, |truth| {
            truth.begun.push((id, true));
            truth.open.push((id, span));
        });
    }

    fn poll(&self, number: usize, task: Option<&mut Option<Task<'_>>>) {
        let Some(to_poll) = task else { return };
        let before = self.recorder.current();
        let own = to_poll
            .as_mut()
            .map(|task| task.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        if own == Some(Poll::Ready(())) {
            *to_poll = None;
        }
        // What current was at the first poll is the parent of the task's own span.
        if let Some(own) = self.with(number, |truth| truth.own) {
            self.parents.borrow_mut().entry(own).or_insert(before);
        }
    }

    /// Lets `number` end a span that `of` began, and tells whether there was one.
    fn end(&self, number: usize, of: usize, which: usize) -> bool {
        let span = self.with(of, |truth| {
            let last = truth.open.len().checked_sub(1)?;
            Some(truth.open.remove(which.min(last)))
        });
        let Some((id, span)) = span else { return false };
        let is_newest = self.with(of, |truth| truth.newest() == Some(id));
        drop(span);
        self.with(of, |truth| truth.end(id));
        let own = self.with(number, |truth| truth.own);
        if number != of {
            self.is_exact.set(false);
            return true;
        }
        let mut all = self.all.borrow_mut();
        if !is_newest || all[number].is_lost {
            // Whoever polls may take it for one of its own, if it has begun newer ones.
            self.outside(number).for_each(|outer| all[outer].is_lost |= all[outer].newest() > own);
        }
        true
    }

    /// Those by whom a task is polled.
    fn outside(&self, number: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(POLLED_BY[number], |outer| POLLED_BY[*outer])
    }

    fn check(&self, number: usize) {
        let current = self.recorder.current();
        let all = self.all.borrow();
        let truth = &all[number];
        let is_open = |id| truth.own == Some(id) || truth.begun.contains(&(id, true));
        assert!(
            current.is_none_or(is_open),
            "{number} is inside {current:?}, {:?} are open",
            truth.begun
        );
        assert!(
            truth.is_lost || !self.is_exact.get() || current == truth.newest(),
            "{number} is inside {current:?}, {:?} are open",
            truth.begun
        );
    }
}
