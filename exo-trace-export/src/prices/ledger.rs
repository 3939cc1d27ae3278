//! What each finished span costs: a model call by its tokens, agents and runs by what is below them.
//!
//! The drain shows every batch to the ledger before anybody has it. What the ledger finds out becomes
//! one more fact of the span, words like those that came out of a ring, so that every way out (bytes,
//! JSON, console, memory, consumers) writes it without knowing of prices: `gen_ai.usage.cost` of a call,
//! which the page's dialect spells `exo.cost.total_usd`, and that key of agents and runs. A cost that the
//! span says itself stays as it is and counts: whoever sends the bill knows best.
//!
//! An agent that says what it used, and below which no call was seen, is priced as a call. Where calls
//! were seen, what the agent says is their sum, and would count twice. So would a call around the call
//! that a client library says itself: the inner one has the bill, unless other work lies between the two.
//! And so would a run that is recorded when it is over, beside its calls: it takes what waits where both
//! stand, if the last call there ended within its time, and is priced only if none did.

use super::account::{Account, Bill};
use super::book::Book;
use super::price::Money;
use super::table::Tariff;
use super::usage::{Said, Usage};
use crate::SpanData;
use crate::batch::Batch;
use crate::note::note;
use crate::operation::Operation;
use crate::sums::{Passed, Rollup, Sum};
use exo_trace_core::{Facts, InternedKey, SpanId, SpanRecord};
use exo_trace_std::{Value, semconv};
use rustc_hash::FxHashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// How many models without a price are named; more are only counted.
const NAMED_MAX: usize = 64;
/// A model, or an agent, that a span does not name.
const UNNAMED: &str = "(unnamed)";

/// What one model call cost.
static COST_OF_CALL: InternedKey = InternedKey::new(semconv::GEN_AI_USAGE_COST);
/// What a run or an agent cost: another key, because back ends add up what calls say.
static COST: InternedKey = InternedKey::new(semconv::EXO_COST_TOTAL_USD);

pub(crate) struct Ledger {
    tariff: Tariff,
    bills: Rollup<Bill>,
    passed: Passed,
    /// Models that have no price, and were named.
    named: FxHashSet<String>,
    late: u64,
    book: Arc<Mutex<Book>>,
}

/// What a span is to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Call,
    Agent,
    Workflow,
    Other,
}

impl From<Operation> for Role {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Agent => Self::Agent,
            Operation::Workflow => Self::Workflow,
            _ if operation.is_call() => Self::Call,
            _ => Self::Other,
        }
    }
}

impl Ledger {
    /// Returns a ledger that writes to `book`.
    pub(crate) fn new(tariff: Tariff, book: Arc<Mutex<Book>>) -> Self {
        Self {
            tariff,
            bills: Rollup::default(),
            passed: Passed::default(),
            named: FxHashSet::default(),
            late: 0,
            book,
        }
    }

    /// Adds to the spans of a batch what they cost.
    pub(crate) fn settle(&mut self, batch: &mut Batch) {
        let book = Arc::clone(&self.book);
        // Nobody panics with the book open but by a bug here, and it holds sums alone.
        let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
        for place in 0..batch.len() {
            let record = batch.record(place);
            let cost = self.close(&record, &SpanData::borrowed(batch, place), &mut book);
            if let Some((key, cost)) = cost {
                let usd = Value::F64(cost.usd());
                let fact: Vec<_> = Facts::words_of(record.span_id, key.id(), usd).collect();
                batch.add_fact(place, &fact);
            }
        }
        book.stray = self.late + self.bills.evicted();
    }

    /// Counts what waits for spans that will not come.
    pub(crate) fn end(&mut self) {
        self.bills.end();
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.stray = self.late + self.bills.evicted();
    }

    /// Enters a span that has ended, and returns the cost that it is to show and under which key.
    fn close(
        &mut self,
        record: &SpanRecord<'_>,
        span: &SpanData<'_>,
        book: &mut Book,
    ) -> Option<(&'static InternedKey, Money)> {
        let below = self.bills.take(record.span_id);
        let mut bill = below.unwrap_or_default();
        let operation = span.operation();
        let role = Role::from(operation);
        let parent = record.parent_id.filter(|_| !record.is_parent_remote);
        let is_told = match role {
            Role::Call => bill.bare.are_told_by(operation),
            Role::Agent | Role::Workflow | Role::Other => !bill.is_empty(),
        };
        let is_alone = operation.speaks_for_itself() && !is_told;
        let beside = (is_alone && span.is_recorded_run())
            .then(|| self.claim_beside(record, span, parent))
            .flatten();
        let is_own = is_alone && beside.is_none();
        let said =
            if is_own || beside.is_some() || !bill.is_empty() { said_cost(span) } else { None };
        let own = is_own.then(|| self.own(role, said, span, book)).flatten();
        let ended = (role == Role::Call).then_some(record.end_ticks);
        own.into_iter().for_each(|own| bill.add_own(own, ended));
        bill.climb_past(operation, own.is_some());
        let claimed = beside.unwrap_or_else(|| match role {
            Role::Agent => bill.claim(),
            Role::Call | Role::Workflow | Role::Other => Account::default(),
        });
        if claimed.calls > 0 || role == Role::Agent && !bill.is_empty() {
            let name = text(span, semconv::GEN_AI_AGENT_NAME.as_str()).unwrap_or(UNNAMED);
            book.agent(name, claimed);
        }
        self.hand_on(record, parent, bill, book);
        let shown = match role {
            Role::Call => own.unwrap_or_default(),
            Role::Other if parent.is_some() => Account::default(),
            Role::Agent if bill.is_empty() => claimed,
            Role::Agent | Role::Workflow | Role::Other => bill.all,
        };
        // What the span says itself stays.
        let key = if role == Role::Call { &COST_OF_CALL } else { &COST };
        shown.known_cost().filter(|_| said.is_none()).map(|cost| (key, cost))
    }

    /// Takes for a run that was recorded when it was over the calls beside it; `None` where none of
    /// them ended within its time, or the run says nothing that would count twice.
    fn claim_beside(
        &mut self,
        record: &SpanRecord<'_>,
        span: &SpanData<'_>,
        parent: Option<SpanId>,
    ) -> Option<Account> {
        Usage::of(Said::by(span))?;
        let above = self.passed.standing(parent?)?;
        let beside = self.bills.waiting_for(above)?;
        let ended = beside.last_call_ticks?;
        (ended >= record.start_ticks).then(|| beside.claim())
    }

    /// Gives the sum of a span to the one above it.
    fn hand_on(
        &mut self,
        record: &SpanRecord<'_>,
        parent: Option<SpanId>,
        bill: Bill,
        book: &mut Book,
    ) {
        self.passed.remember(record.span_id, parent);
        if bill.is_empty() {
            return;
        }
        match parent.map(|parent| self.passed.standing(parent)) {
            None => book.runs += 1,
            Some(Some(above)) => self.bills.carry(above, bill),
            Some(None) => self.late += bill.calls(),
        }
    }

    /// Enters what a span used itself; `None` where it does not say.
    fn own(
        &mut self,
        role: Role,
        said: Option<Money>,
        span: &SpanData<'_>,
        book: &mut Book,
    ) -> Option<Account> {
        let usage = Usage::of(Said::by(span));
        if usage.is_none() && said.is_none() {
            // An agent need not say it: it may have made no call.
            book.without_usage += u64::from(role == Role::Call);
            return None;
        }
        let (usage, is_cut) = usage.unwrap_or_default();
        book.cut += u64::from(is_cut);
        let answered = text(span, semconv::GEN_AI_RESPONSE_MODEL.as_str());
        let asked = text(span, semconv::GEN_AI_REQUEST_MODEL.as_str());
        let names = [answered, asked].into_iter().flatten();
        let rates = names.filter_map(|name| self.tariff.rates_of(name)).next();
        let cost = said.or_else(|| rates.map(|rates| rates.cost(&usage)));
        let model = answered.or(asked).unwrap_or(UNNAMED);
        if cost.is_none() {
            self.name_once(model);
        }
        let account = Account::of_call(cost, usage);
        book.call(model, account);
        Some(account)
    }

    /// Says once that a model has no price.
    fn name_once(&mut self, model: &str) {
        if self.named.len() > NAMED_MAX || self.named.contains(model) {
            return;
        }
        self.named.insert(model.to_owned());
        if self.named.len() > NAMED_MAX {
            note("further models without a price are counted and not named");
        } else {
            note(format_args!(
                "model {model:?} has no price: its calls are counted, and cost nothing in any sum"
            ));
        }
    }
}

/// Returns a cost that the span says itself.
fn said_cost(span: &SpanData<'_>) -> Option<Money> {
    match span.attribute(COST.key().as_str())? {
        Value::F64(usd) => Money::from_usd(usd),
        Value::I64(usd) => Money::from_usd(usd as f64),
        _ => None,
    }
}

/// Returns an attribute that is a text, and not an empty one.
fn text<'a>(span: &'a SpanData<'_>, key: &str) -> Option<&'a str> {
    match span.attribute(key)? {
        Value::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}
