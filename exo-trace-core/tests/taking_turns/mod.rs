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
    /// As that, in a trace that is not sampled.
    ContinueUnsampled,
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

/// A span as it was begun; one that is not sampled has no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Begun {
    number: usize,
    id: Option<LocalId>,
    is_open: bool,
}

/// What is truly open of one of them.
#[derive(Default)]
struct Truth<'r> {
    /// The span of the task itself, once it was polled; one that is not sampled has no id.
    own: Option<Option<LocalId>>,
    open: Vec<(usize, Open<'r>)>,
    /// All its spans up to the newest that is open.
    begun: Vec<Begun>,
    /// Whether more had to be remembered than can be.
    is_lost: bool,
    is_over: bool,
    polls: VecDeque<Vec<Act>>,
    outlives: bool,
}

impl Truth<'_> {
    /// Returns the id of the newest span that is open.
    fn newest(&self) -> Option<LocalId> {
        self.begun.last().map_or(self.own.flatten(), |begun| begun.id)
    }

    /// Tells whether its newest span may be newer than that of a task; one without an id does not say.
    fn may_have_begun_since(&self, own: Option<Option<LocalId>>) -> bool {
        let is_inside = !self.begun.is_empty() || self.own.is_some();
        is_inside && self.newest().is_none_or(|newest| Some(newest) > own.flatten())
    }

    fn end(&mut self, number: usize) {
        let ended = self.begun.iter_mut().filter(|begun| begun.number == number);
        ended.for_each(|begun| begun.is_open = false);
        while self.begun.pop_if(|begun| !begun.is_open).is_some() {}
        self.is_lost |= self.begun.iter().filter(|begun| !begun.is_open).count() > 1;
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
    /// How many spans were begun.
    count: Cell<usize>,
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
    let (parents, count) = (RefCell::default(), Cell::new(0));
    let world = World { recorder: &recorder, all, parents, count, is_exact: Cell::new(true) };
    let mut tasks = [Some(task(&world, 0)), Some(task(&world, 1))];
    world.act(MAIN, &script.main, &mut tasks);
    drop(tasks);
    world.check(MAIN);
    for of in [0, 1, 2, MAIN] {
        while world.end(MAIN, of, 0) {}
    }
    assert_eq!(recorder.current(), None);
    // Nor does a trace that is not sampled last for ever.
    assert!(recorder.start(&WORK).id().is_some());
    let parents = world.parents.into_inner();
    assert_eq!(ring.by_ref().refused(), 0);
    let recorded = spans(ring.by_ref());
    assert_eq!(recorded.len(), parents.len() + 1);
    let mut recorded = recorded.iter().filter(|span| parents.contains_key(&span.id));
    assert!(recorded.all(|span| parents.get(&span.id) == Some(&span.parent)));
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
            truth.own = truth.own.or(Some(current));
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
                Act::Continue => self.continue_trace(number, "01"),
                Act::ContinueUnsampled => self.continue_trace(number, "00"),
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

    fn continue_trace(&self, number: usize, flags: &str) {
        let asked = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}");
        let asked = SpanContext::from_traceparent(&asked).expect("well formed");
        self.begin(number, None, |recorder| recorder.continue_trace(&WORK, &asked));
    }

    fn begin(
        &self,
        number: usize,
        parent: Option<LocalId>,
        start: impl Fn(&'r Recorder<'static, Board>) -> Open<'r>,
    ) {
        let span = start(self.recorder);
        let id = span.id();
        self.parents.borrow_mut().extend(id.map(|id| (id, parent)));
        let begun = self.count.replace(self.count.get() + 1);
        self.with(number, |truth| {
            truth.begun.push(Begun { number: begun, id, is_open: true });
            truth.open.push((begun, span));
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
        if let Some(Some(own)) = self.with(number, |truth| truth.own) {
            self.parents.borrow_mut().entry(own).or_insert(before);
        }
    }

    /// Lets `number` end a span that `of` began, and tells whether there was one.
    fn end(&self, number: usize, of: usize, which: usize) -> bool {
        let span = self.with(of, |truth| {
            let last = truth.open.len().checked_sub(1)?;
            Some(truth.open.remove(which.min(last)))
        });
        let Some((begun, span)) = span else { return false };
        let is_newest =
            self.with(of, |truth| truth.begun.last().is_some_and(|last| last.number == begun));
        drop(span);
        self.with(of, |truth| truth.end(begun));
        let own = self.with(number, |truth| truth.own);
        if number != of {
            self.is_exact.set(false);
            return true;
        }
        let mut all = self.all.borrow_mut();
        if !is_newest || all[number].is_lost {
            // Whoever polls may take it for one of its own, if it has begun newer ones.
            self.outside(number)
                .for_each(|outer| all[outer].is_lost |= all[outer].may_have_begun_since(own));
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
        let is_open = |id| {
            let mut begun = truth.begun.iter().filter(|begun| begun.is_open);
            truth.own == Some(Some(id)) || begun.any(|begun| begun.id == Some(id))
        };
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
