//! Streams of random numbers that belong to the calls, not to the plan.
//!
//! Every call type has a stream for each purpose, and draws from it once a call in the order of arrival. So two plans
//! see the same calls, with the same handling time and patience (common random numbers: Law, *Simulation Modeling and
//! Analysis*, 5th edition, section 11.2). Rare choices are hashes of the call's number, because a stream of them would
//! fall out of step when one plan asks more often than another.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

pub(crate) type Stream = Xoshiro256PlusPlus;

/// What a number is drawn for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Day = 1,
    Arrival,
    Talk,
    AfterCall,
    Patience,
    Absence,
    Balk,
    Callback,
    Redial,
    RedialDelay,
    RedialPatience,
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014), which spreads every bit of its input over all of its output.
fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The root of all streams of one replication.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seed(u64);

impl Seed {
    pub(crate) fn new(seed: u64, replication: u64) -> Seed {
        Seed(mix(mix(seed) ^ replication))
    }

    fn key(self, purpose: Purpose, of: u64) -> u64 {
        mix(mix(self.0 ^ purpose as u64) ^ of)
    }

    pub(crate) fn stream(self, purpose: Purpose, of: usize) -> Stream {
        Stream::seed_from_u64(self.key(purpose, of as u64))
    }

    /// A stream for one attempt of one call.
    pub(crate) fn call_stream(self, purpose: Purpose, call_type: usize, call: Call) -> Stream {
        Stream::seed_from_u64(mix(self.key(purpose, call_type as u64) ^ call.key()))
    }

    /// Uniform in [0, 1), for one choice about one attempt of one call.
    pub(crate) fn chance(self, purpose: Purpose, call_type: usize, call: Call) -> f64 {
        unit(mix(self.key(purpose, call_type as u64) ^ call.key()))
    }

    /// Uniform in [0, 1), for one choice about one agent.
    pub(crate) fn agent_chance(self, purpose: Purpose, agent: usize) -> f64 {
        unit(self.key(purpose, agent as u64))
    }
}

/// Which call of its type, and which attempt of that customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) number: u32,
    pub(crate) attempt: u32,
}

impl Call {
    fn key(self) -> u64 {
        u64::from(self.attempt) << 32 | u64::from(self.number)
    }
}

fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}
