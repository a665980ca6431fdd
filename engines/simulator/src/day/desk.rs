//! The agents: who is idle, in the order in which they became so.

use super::plan::Plan;
use super::tournament::NEVER;

const NOBODY: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Away,
    Idle,
    Busy,
    /// Busy with the last call before a break or the end of the shift.
    Leaving,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct AgentNow {
    pub(crate) since: u64,
    pub(crate) state: State,
    pub(crate) absent: bool,
    pub(crate) group: u32,
    before: u32,
    after: u32,
    pub(crate) factor: u64,
    /// When they came to the phone.
    pub(crate) came: u64,
}

#[derive(Debug, Clone, Copy)]
struct Ends {
    first: u32,
    last: u32,
    /// Since when the first has been idle; never for an empty list. Kept here so that choosing a group needs no look
    /// at its agents.
    since: u64,
}

const EMPTY: Ends = Ends { first: NOBODY, last: NOBODY, since: NEVER };

/// Lists of idle agents, one a group: the first has been idle longest.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) agents: Vec<AgentNow>,
    idle: Vec<Ends>,
    /// By group: seats that are away.
    away: Vec<Vec<u32>>,
    /// By group: seats that leave as soon as they finish a call.
    owed: Vec<u32>,
}

impl Desk {
    pub(crate) fn new(plan: &Plan) -> Desk {
        let agent = |one: &super::plan::AgentPlan| AgentNow {
            since: 0,
            state: State::Away,
            absent: false,
            group: one.group,
            before: NOBODY,
            after: NOBODY,
            factor: one.factor,
            came: 0,
        };
        let groups = plan.groups.len();
        Desk {
            agents: plan.agents.iter().map(agent).collect(),
            idle: vec![EMPTY; groups],
            away: vec![Vec::new(); groups],
            owed: vec![0; groups],
        }
    }

    /// Everybody is away, and so many are absent for good.
    pub(crate) fn open(&mut self, plan: &Plan, absent: impl Fn(usize, f64) -> bool) {
        self.idle.fill(EMPTY);
        self.owed.fill(0);
        for (a, (agent, planned)) in self.agents.iter_mut().zip(&plan.agents).enumerate() {
            agent.state = State::Away;
            agent.absent = absent(a, planned.absence);
        }
        for (away, group) in self.away.iter_mut().zip(&plan.groups) {
            away.clear();
            let agents = &self.agents;
            away.extend(group.seats.iter().rev().filter(|seat| !agents[**seat as usize].absent));
        }
    }

    /// The seat that comes when a group's number rises; none when one that was to leave stays instead.
    pub(crate) fn seat_to_come(&mut self, group: u32) -> Option<u32> {
        let owed = &mut self.owed[group as usize];
        if *owed > 0 {
            *owed -= 1;
            return None;
        }
        self.away[group as usize].pop()
    }

    /// The seat that goes when a group's number falls: an idle one, or none until the next of them finishes a call.
    pub(crate) fn seat_to_go(&mut self, plan: &Plan, group: u32) -> Option<u32> {
        let mut next = self.idle[group as usize].first;
        while next != NOBODY {
            if plan.agents[next as usize].seat {
                return Some(next);
            }
            next = self.agents[next as usize].after;
        }
        self.owed[group as usize] += 1;
        None
    }

    /// Whether a seat that has finished a call is one to leave.
    #[inline]
    pub(crate) fn owes(&mut self, plan: &Plan, agent: usize) -> bool {
        let group = self.agents[agent].group as usize;
        let leaves = self.owed[group] > 0 && plan.agents[agent].seat;
        self.owed[group] -= u32::from(leaves);
        leaves
    }

    /// Remembers that a seat is away.
    pub(crate) fn seat_left(&mut self, plan: &Plan, agent: u32) {
        let one = plan.agents[agent as usize];
        if one.seat {
            self.away[one.group as usize].push(agent);
        }
    }

    /// Since when the first of a group's idle agents has been idle, or never.
    #[inline]
    pub(crate) fn idle_since(&self, group: u32) -> u64 {
        self.idle[group as usize].since
    }

    /// Whoever of the group has been idle longest, now busy.
    #[inline]
    pub(crate) fn take(&mut self, group: u32) -> u32 {
        let agent = self.idle[group as usize].first;
        self.unlink(agent);
        self.agents[agent as usize].state = State::Busy;
        agent
    }

    #[inline]
    pub(crate) fn put(&mut self, agent: u32, now: u64) {
        let one = &mut self.agents[agent as usize];
        let ends = &mut self.idle[one.group as usize];
        one.state = State::Idle;
        one.since = now;
        one.before = ends.last;
        one.after = NOBODY;
        let last = std::mem::replace(&mut ends.last, agent);
        if last == NOBODY {
            ends.first = agent;
            ends.since = now;
        } else {
            self.agents[last as usize].after = agent;
        }
    }

    /// Takes an idle agent out of the list.
    #[inline]
    pub(crate) fn unlink(&mut self, agent: u32) {
        let AgentNow { before, after, group, .. } = self.agents[agent as usize];
        let ends = &mut self.idle[group as usize];
        if after == NOBODY {
            ends.last = before;
        } else {
            self.agents[after as usize].before = before;
        }
        if before == NOBODY {
            ends.first = after;
            ends.since = if after == NOBODY { NEVER } else { self.agents[after as usize].since };
        } else {
            self.agents[before as usize].after = after;
        }
    }
}
