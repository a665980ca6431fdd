//! Refuses a scenario that cannot be simulated, with the place and the value.

use super::{Agent, Busyness, CallType, Callback, Group, Redial, Scenario, ServiceLevel, Tier};
use crate::distribution::within;
use crate::error::Error;
use crate::limits::{
    AGENTS_MAX, CALL_TYPES_MAX, CALLS_MAX, CELLS_MAX, DURATION_S_MAX, GROUPS_MAX, INTERVALS_MAX, SPEED_MAX,
    SPEED_MIN, STRETCH_S_MAX,
};

/// Extremes of a busyness factor's shape: 0.5 is wilder than any centre, a billion does not vary at all.
const SHAPE: (f64, f64) = (0.5, 1.0e9);

impl Scenario {
    /// Looks at every value.
    ///
    /// # Errors
    /// The first value that cannot be, with its path and what to write instead.
    pub fn check(&self) -> Result<(), Error> {
        within("interval_s", self.interval_s, 1.0, STRETCH_S_MAX, "the length of an interval in seconds")?;
        count("intervals", self.intervals, 1, INTERVALS_MAX)?;
        let advice = format!("end the stretch after at most {STRETCH_S_MAX} seconds");
        if self.length_s() > STRETCH_S_MAX {
            return Err(Error::value("intervals", self.intervals, advice));
        }
        if self.measured.start >= self.measured.end || self.measured.end > self.intervals {
            let advice = format!("measure at least one of the intervals 0..{}", self.intervals);
            return Err(Error::value("measured", format!("{:?}", self.measured), advice));
        }
        busyness("busyness", self.busyness)?;
        count("call_types", self.call_types.len(), 1, CALL_TYPES_MAX)?;
        count("groups", self.groups.len(), 1, GROUPS_MAX)?;
        count("agents", self.agents.len(), 0, AGENTS_MAX)?;
        count("call types and groups × intervals", self.cells(), 1, CELLS_MAX)?;
        for (k, one) in self.call_types.iter().enumerate() {
            self.call_type(one).map_err(|e| e.within(&format!("call_types[{k}]")))?;
        }
        for (g, one) in self.groups.iter().enumerate() {
            self.group(g, one).map_err(|e| e.within(&format!("groups[{g}]")))?;
        }
        for (a, one) in self.agents.iter().enumerate() {
            self.agent(one).map_err(|e| e.within(&format!("agents[{a}]")))?;
        }
        within(
            "calls of all types",
            self.expected_calls(),
            0.0,
            CALLS_MAX,
            "fewer calls, or a shorter stretch",
        )
    }

    fn cells(&self) -> usize {
        (self.call_types.len() + self.groups.len()).saturating_mul(self.intervals + 1)
    }

    fn call_type(&self, one: &CallType) -> Result<(), Error> {
        if one.calls.len() != self.intervals {
            let advice = format!("give the expected calls of each of the {} intervals", self.intervals);
            return Err(Error::value("calls", format!("a list of {}", one.calls.len()), advice));
        }
        each("calls", &one.calls, 0.0, CALLS_MAX, "expected calls")?;
        self.factors("handling_factor", &one.handling_factor)?;
        self.factors("patience_factor", &one.patience_factor)?;
        busyness("busyness", one.busyness)?;
        one.talk.check().map_err(|e| e.within("talk"))?;
        if let Some(after_call) = &one.after_call {
            after_call.check().map_err(|e| e.within("after_call"))?;
        }
        if let Some(patience) = &one.patience {
            patience.check().map_err(|e| e.within("patience"))?;
        }
        share("balking", one.balking)?;
        self.routing(&one.routing)?;
        one.callback.map_or(Ok(()), callback)?;
        one.redial.as_ref().map_or(Ok(()), redial)?;
        service_level(&one.service_level)
    }

    fn factors(&self, path: &str, factors: &[f64]) -> Result<(), Error> {
        if !factors.is_empty() && factors.len() != self.intervals {
            let advice = format!("give none, or one factor for each of the {} intervals", self.intervals);
            return Err(Error::value(path, format!("a list of {}", factors.len()), advice));
        }
        each(path, factors, 0.01, 100.0, "a factor")
    }

    fn routing(&self, tiers: &[Tier]) -> Result<(), Error> {
        let mut listed = vec![false; self.groups.len()];
        for (t, tier) in tiers.iter().enumerate() {
            let path = format!("routing[{t}].after_s");
            within(&path, tier.after_s, 0.0, DURATION_S_MAX, "a wait in seconds")?;
            let earlier = t.checked_sub(1).and_then(|e| tiers.get(e)).map_or(0.0, |e| e.after_s);
            if tier.after_s < earlier {
                let advice = format!("list the tiers by their wait: at least {earlier}");
                return Err(Error::value(path, tier.after_s, advice));
            }
            for group in &tier.groups {
                let path = format!("routing[{t}].groups");
                match listed.get_mut(*group) {
                    None => return Err(Error::value(path, group, "name a group that exists")),
                    Some(true) => return Err(Error::value(path, group, "name each group once")),
                    Some(first) => *first = true,
                }
            }
        }
        Ok(())
    }

    fn group(&self, index: usize, one: &Group) -> Result<(), Error> {
        share("absence", one.absence)?;
        let mut known = vec![false; self.call_types.len()];
        for (s, skill) in one.skills.iter().enumerate() {
            let path = format!("skills[{s}].call_type");
            match known.get_mut(skill.call_type) {
                None => return Err(Error::value(path, skill.call_type, "name a call type that exists")),
                Some(true) => return Err(Error::value(path, skill.call_type, "name each call type once")),
                Some(first) => *first = true,
            }
            within(
                &format!("skills[{s}].speed"),
                skill.speed,
                SPEED_MIN,
                SPEED_MAX,
                "a speed; 1 is the usual",
            )?;
        }
        let routed = |k: usize| {
            self.call_types.get(k).is_some_and(|t| t.routing.iter().any(|tier| tier.groups.contains(&index)))
        };
        for (k, knows) in known.iter().enumerate() {
            if *knows != routed(k) {
                let name = self.call_types.get(k).map_or("", |t| t.name.as_str());
                let (value, advice) = if *knows {
                    (
                        "a skill without routing",
                        format!("list this group in the routing of {name:?}, or drop the skill"),
                    )
                } else {
                    (
                        "routing without a skill",
                        format!("give this group the skill {name:?}, or drop it from the routing"),
                    )
                };
                return Err(Error::value("skills", value, advice));
            }
        }
        Ok(())
    }

    fn agent(&self, one: &Agent) -> Result<(), Error> {
        if one.group >= self.groups.len() {
            return Err(Error::value("group", one.group, "name a group that exists"));
        }
        within("speed", one.speed, SPEED_MIN, SPEED_MAX, "a speed; 1 is the usual")?;
        let mut free_from = 0.0;
        for (s, stretch) in one.stretches.iter().enumerate() {
            let path = format!("stretches[{s}]");
            within(&format!("{path}.from_s"), stretch.from_s, 0.0, STRETCH_S_MAX, "seconds from the start")?;
            within(&format!("{path}.to_s"), stretch.to_s, 0.0, STRETCH_S_MAX, "seconds from the start")?;
            if stretch.from_s < free_from {
                let advice = format!("begin at {free_from} or later: stretches are in order and apart");
                return Err(Error::value(format!("{path}.from_s"), stretch.from_s, advice));
            }
            if stretch.to_s <= stretch.from_s {
                let advice = format!("end after it began, at {}", stretch.from_s);
                return Err(Error::value(format!("{path}.to_s"), stretch.to_s, advice));
            }
            free_from = stretch.to_s;
        }
        Ok(())
    }
}

fn callback(one: Callback) -> Result<(), Error> {
    within("callback.after_s", one.after_s, 0.0, DURATION_S_MAX, "a wait in seconds")?;
    share("callback.accept", one.accept)
}

fn redial(one: &Redial) -> Result<(), Error> {
    share("redial.share", one.share)?;
    one.delay.check().map_err(|e| e.within("redial.delay"))
}

fn service_level(one: &ServiceLevel) -> Result<(), Error> {
    within("service_level.within_s", one.within_s, 0.0, DURATION_S_MAX, "a threshold in seconds")?;
    share("service_level.target", one.target)
}

fn busyness(path: &str, one: Option<Busyness>) -> Result<(), Error> {
    one.map_or(Ok(()), |b| {
        within(&format!("{path}.shape"), b.shape, SHAPE.0, SHAPE.1, "the shape of a gamma factor")
    })
}

fn share(path: &str, value: f64) -> Result<(), Error> {
    within(path, value, 0.0, 1.0, "a share")
}

fn each(path: &str, values: &[f64], min: f64, max: f64, what: &str) -> Result<(), Error> {
    let check = |(i, v): (usize, &f64)| within(&format!("{path}[{i}]"), *v, min, max, what);
    values.iter().enumerate().try_for_each(check)
}

fn count(path: &str, n: usize, min: usize, max: usize) -> Result<(), Error> {
    if n >= min && n <= max {
        return Ok(());
    }
    Err(Error::value(path, n, format!("have {min} to {max}")))
}
