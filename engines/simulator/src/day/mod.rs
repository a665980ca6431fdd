//! One replication: events in the order of time.

mod arrivals;
mod desk;
pub(crate) mod plan;
mod queue;
pub(crate) mod tally;
mod timers;
mod tournament;

use rand_distr::{Distribution as _, Gamma};

use self::arrivals::Arrivals;
use self::desk::{Desk, State};
use self::plan::{DURATION_MAX, ONE, Plan, TypePlan, index, to_ticks};
use self::queue::{Queue, Waiting};
use self::tally::{Tally, cut};
use self::timers::Timers;
use self::tournament::{NEVER, OWNER_BITS, Tournament};
use crate::limits::REDIALS_MAX;
use crate::random::{Call, Purpose, Seed, Stream};

/// Events between two questions whether to stop.
const EVENTS_BETWEEN_STOPS: u64 = 1 << 16;

/// Draws of one call type.
#[derive(Debug)]
struct Draws {
    arrivals: Arrivals,
    talk: Stream,
    after_call: Stream,
    patience: Stream,
    number: u32,
}

/// The working memory of replications: made once, used for many, so that no call allocates.
#[derive(Debug)]
pub(crate) struct Day<'p> {
    plan: &'p Plan,
    seed: Seed,
    now: u64,
    interval: usize,
    interval_end: u64,
    edge: usize,
    draws: Vec<Draws>,
    coming: Tournament,
    ending: Tournament,
    timers: Timers,
    desk: Desk,
    queues: Vec<Queue>,
    pub(crate) tally: Tally,
}

impl<'p> Day<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Day<'p> {
        Day {
            plan,
            seed: Seed::default(),
            now: 0,
            interval: 0,
            interval_end: 0,
            edge: 0,
            draws: Vec::with_capacity(plan.types.len()),
            coming: Tournament::new(plan.types.len()),
            ending: Tournament::new(plan.agents.len()),
            timers: Timers::default(),
            desk: Desk::new(plan),
            queues: (0..plan.queues).map(|_| Queue::default()).collect(),
            tally: Tally::new(plan.types.len(), plan.groups.len(), plan.intervals),
        }
    }

    /// Runs one replication; false when it was stopped before its end.
    pub(crate) fn run(&mut self, seed: Seed, stop: &dyn Fn() -> bool) -> bool {
        self.open(seed);
        let mut special = self.next_special();
        loop {
            let (coming, ending) = (self.coming.min(), self.ending.min());
            let next = coming.min(ending);
            if special <= next {
                if special == NEVER {
                    break;
                }
                self.advance(special >> OWNER_BITS);
                self.special();
            } else {
                let (at, owner) = Tournament::parts(next);
                self.advance(at);
                if coming < ending { self.arrive(owner) } else { self.finish(owner) }
            }
            special = self.next_special();
            self.tally.events += 1;
            if self.tally.events.is_multiple_of(EVENTS_BETWEEN_STOPS) && stop() {
                return false;
            }
        }
        self.close();
        true
    }

    fn open(&mut self, seed: Seed) {
        self.seed = seed;
        self.now = 0;
        self.interval = 0;
        self.interval_end = self.plan.interval;
        self.edge = 0;
        self.tally.clear();
        self.coming.clear();
        self.ending.clear();
        self.timers.clear();
        let absent =
            |agent: usize, share: f64| share > 0.0 && seed.agent_chance(Purpose::Absence, agent) < share;
        self.desk.open(self.plan, absent);
        for queue in &mut self.queues {
            queue.clear();
        }
        // The day's own factor is drawn under an index that no call type has.
        let day = gamma(self.plan.busyness, seed.stream(Purpose::Day, usize::MAX));
        self.draws.clear();
        for (k, one) in self.plan.types.iter().enumerate() {
            let factor = day * gamma(one.busyness, seed.stream(Purpose::Day, k));
            self.draws.push(Draws {
                arrivals: Arrivals::new(seed.stream(Purpose::Arrival, k), factor),
                talk: seed.stream(Purpose::Talk, k),
                after_call: seed.stream(Purpose::AfterCall, k),
                patience: seed.stream(Purpose::Patience, k),
                number: 0,
            });
            self.schedule_arrival(k);
        }
    }

    /// When the next shift edge or timer is due, as a key that comes before everything else of the same tick.
    #[inline]
    fn next_special(&self) -> u64 {
        let edge = self.plan.edges.get(self.edge).map_or(NEVER, |edge| edge.at << OWNER_BITS);
        edge.min(self.timers.next_key())
    }

    #[inline]
    fn advance(&mut self, at: u64) {
        self.now = at;
        while at >= self.interval_end {
            self.interval += 1;
            let over = self.interval >= self.plan.intervals;
            self.interval_end = if over { NEVER } else { self.interval_end + self.plan.interval };
        }
    }

    #[inline]
    fn schedule_arrival(&mut self, call_type: usize) {
        let at =
            self.draws[call_type].arrivals.next(&self.plan.types[call_type].calls, self.plan.interval as f64);
        self.coming.set(call_type, at);
    }

    #[inline]
    fn arrive(&mut self, call_type: usize) {
        let plan = &self.plan.types[call_type];
        let draws = &mut self.draws[call_type];
        let mut handling = plan.talk.draw(&mut draws.talk);
        if let Some(after_call) = &plan.after_call {
            handling += after_call.draw(&mut draws.after_call);
        }
        if let Some(factor) = plan.handling_factor.get(self.interval) {
            handling *= factor;
        }
        // Drawn for everybody, so that the stream keeps in step with the calls under every plan.
        let patience = plan.patience.as_ref().map_or(f64::INFINITY, |p| p.draw(&mut draws.patience));
        let call = Call { number: draws.number, attempt: 0 };
        draws.number = draws.number.wrapping_add(1);
        self.schedule_arrival(call_type);
        self.offer(call_type, call, to_ticks(handling.min(DURATION_MAX)), patience);
    }

    /// A call comes to the queue, for the first time or again.
    #[inline]
    fn offer(&mut self, call_type: usize, call: Call, handling: u64, patience: f64) {
        self.tally.calls += 1;
        let interval = self.interval;
        self.tally.cell(call_type, interval).offered += 1;
        if let Some(agent) = self.idle_agent(call_type, 0) {
            let cell = self.tally.cell(call_type, interval);
            cell.answered += 1;
            cell.within += 1;
            self.begin(agent, call_type, handling);
        } else {
            self.wait(call_type, call, handling, patience);
        }
    }

    /// An idle agent who may take a call that has waited so long: the first tier with one, there the longest idle.
    #[inline]
    fn idle_agent(&mut self, call_type: usize, waited: u64) -> Option<u32> {
        let plan = self.plan;
        for tier in &plan.types[call_type].tiers {
            if tier.after > waited {
                break;
            }
            let (mut since, mut best) = (NEVER, 0);
            for group in &tier.groups {
                let idle = self.desk.idle_since(*group);
                if idle < since {
                    (since, best) = (idle, *group);
                }
            }
            if since != NEVER {
                return Some(self.desk.take(best));
            }
        }
        None
    }

    fn wait(&mut self, call_type: usize, call: Call, handling: u64, patience: f64) {
        let plan = &self.plan.types[call_type];
        let interval = self.interval;
        let cell = self.tally.cell(call_type, interval);
        if plan.balking > 0.0 && self.seed.chance(Purpose::Balk, call_type, call) < plan.balking {
            cell.abandoned += 1;
            cell.short += 1;
            self.redial(call_type, call, handling, self.now);
            return;
        }
        cell.waited += 1;
        let factor = plan.patience_factor.get(interval).copied().unwrap_or(1.0);
        // What lasts longer than the longest duration still ends, except when there is no patience to end.
        let patient_until = if patience == f64::INFINITY {
            NEVER
        } else {
            self.now + to_ticks((patience * factor).min(DURATION_MAX))
        };
        let waiting = Waiting {
            arrived: self.now,
            patient_until,
            handling,
            call,
            interval: index(interval),
            gone: false,
        };
        let place = self.queues[call_type].push(waiting);
        if plan.needs_timers() {
            self.set_timers(call_type, place, &waiting);
        }
    }

    /// Somebody takes a call.
    #[inline]
    fn begin(&mut self, agent: u32, call_type: usize, handling: u64) {
        let one = &self.desk.agents[agent as usize];
        let group = one.group as usize;
        let factor = self.plan.factors[group * self.plan.types.len() + call_type] * one.factor / ONE;
        let end = self.now + handling * factor / ONE;
        self.ending.set(agent as usize, end);
        let row = group * self.tally.columns;
        if end <= self.interval_end {
            self.tally.staff[row + self.interval].busy += end - self.now;
        } else {
            let staff = &mut self.tally.staff;
            let (length, last) = (self.plan.interval, self.plan.intervals);
            cut(self.now, end, self.interval, length, last, |at, ticks| staff[row + at].busy += ticks);
        }
    }

    /// An agent's call is over.
    #[inline]
    fn finish(&mut self, agent: usize) {
        if self.desk.agents[agent].state == State::Leaving || self.desk.owes(self.plan, agent) {
            self.ending.set(agent, NEVER);
            self.leave(index(agent));
        } else if !self.take_next(index(agent)) {
            self.ending.set(agent, NEVER);
            self.desk.put(index(agent), self.now);
        }
    }

    /// Gives a free agent the call that is next for their group; false when none waits.
    #[inline]
    fn take_next(&mut self, agent: u32) -> bool {
        let plan = self.plan;
        let group = self.desk.agents[agent as usize].group;
        let mut best: Option<(u64, plan::Serve)> = None;
        for serve in &plan.groups[group as usize].serves {
            if best.is_some_and(|(_, found)| found.rank != serve.rank) {
                break;
            }
            let Some(arrived) = self.head(serve.queue, serve.call_type) else { continue };
            if self.now - arrived >= serve.after && best.is_none_or(|(earliest, _)| arrived < earliest) {
                best = Some((arrived, *serve));
            }
        }
        let Some((_, serve)) = best else { return false };
        let Some(waiting) = self.queues[serve.queue as usize].pop() else { return false };
        self.desk.agents[agent as usize].state = State::Busy;
        self.answer(agent, serve.queue, serve.call_type as usize, &waiting);
        true
    }

    /// When the first who still waits in a queue arrived; those who hung up in front of them are counted.
    #[inline]
    fn head(&mut self, queue: u32, call_type: u32) -> Option<u64> {
        loop {
            let front = *self.queues[queue as usize].front()?;
            if !front.gone && !front.hung_up(self.now) {
                return Some(front.arrived);
            }
            self.queues[queue as usize].pop();
            if !front.gone {
                self.abandon(call_type as usize, &front);
            }
        }
    }

    fn answer(&mut self, agent: u32, queue: u32, call_type: usize, waiting: &Waiting) {
        let waited = self.now - waiting.arrived;
        let cell = self.tally.cell(call_type, waiting.interval as usize);
        if queue as usize == call_type {
            cell.answered += 1;
            cell.within += u32::from(waited <= self.plan.types[call_type].within);
            cell.wait_answered += waited;
            cell.wait_all += waited;
            self.queued(call_type, waiting, self.now);
        } else {
            cell.called += 1;
            cell.wait_called += waited;
        }
        self.begin(agent, call_type, waiting.handling);
    }

    fn abandon(&mut self, call_type: usize, waiting: &Waiting) {
        let waited = waiting.patient_until - waiting.arrived;
        let cell = self.tally.cell(call_type, waiting.interval as usize);
        cell.abandoned += 1;
        cell.short += u32::from(waited <= self.plan.types[call_type].within);
        cell.wait_all += waited;
        self.queued(call_type, waiting, waiting.patient_until);
    }

    /// Adds a wait to the length of the queue in the intervals over which it went.
    fn queued(&mut self, call_type: usize, waiting: &Waiting, until: u64) {
        let row = call_type * self.tally.columns;
        let cells = &mut self.tally.cells;
        let (length, last) = (self.plan.interval, self.plan.intervals);
        cut(waiting.arrived, until, waiting.interval as usize, length, last, |at, ticks| {
            cells[row + at].queue += ticks;
        });
    }

    /// A shift edge or a timer.
    fn special(&mut self) {
        if let Some(timer) = self.timers.due(self.now) {
            self.timer(timer);
            return;
        }
        let Some(edge) = self.plan.edges.get(self.edge) else { return };
        self.edge += 1;
        if self.desk.agents[edge.agent as usize].absent {
            return;
        }
        let named = self.plan.agents[edge.agent as usize];
        let agent = match (named.seat, edge.comes) {
            (false, _) => Some(edge.agent),
            (true, true) => self.desk.seat_to_come(named.group),
            (true, false) => self.desk.seat_to_go(self.plan, named.group),
        };
        let Some(agent) = agent else { return };
        let now = &mut self.desk.agents[agent as usize];
        match (edge.comes, now.state) {
            (true, State::Away) => {
                now.came = self.now;
                if !self.take_next(agent) {
                    self.desk.put(agent, self.now);
                }
            }
            // Back from a break that the last call before it used up.
            (true, State::Leaving) => now.state = State::Busy,
            (false, State::Busy) => now.state = State::Leaving,
            (false, State::Idle) => {
                self.desk.unlink(agent);
                self.leave(agent);
            }
            (true | false, _) => {}
        }
    }

    fn leave(&mut self, agent: u32) {
        self.desk.seat_left(self.plan, agent);
        let one = &mut self.desk.agents[agent as usize];
        one.state = State::Away;
        let (came, row) = (one.came, one.group as usize * self.tally.columns);
        let length = self.plan.interval;
        let first = usize::try_from(came / length).unwrap_or(usize::MAX).min(self.plan.intervals);
        let staff = &mut self.tally.staff;
        cut(came, self.now, first, length, self.plan.intervals, |at, ticks| staff[row + at].staffed += ticks);
    }

    /// Counts those who wait when nobody is left to take calls.
    fn close(&mut self) {
        for call_type in 0..self.plan.types.len() {
            while let Some(waiting) = self.queues[call_type].pop() {
                if waiting.gone {
                } else if waiting.patient_until == NEVER {
                    self.tally.cell(call_type, waiting.interval as usize).left += 1;
                } else {
                    self.abandon(call_type, &waiting);
                }
            }
        }
    }
}

impl TypePlan {
    /// Whether something happens to waiting calls of this type while they wait.
    fn needs_timers(&self) -> bool {
        self.redial.is_some()
            || self.callback.is_some()
            || self.tiers.last().is_some_and(|tier| tier.after > 0)
    }
}

/// A factor with mean 1, or 1.
fn gamma(shape: Option<f64>, mut stream: Stream) -> f64 {
    let factor = shape.and_then(|shape| Gamma::new(shape, 1.0 / shape).ok());
    factor.map_or(1.0, |gamma| gamma.sample(&mut stream))
}
