//! Other plans: who is away, who is there besides.

use super::clock::{Clock, Span};
use super::study::{Variant, touched};
use super::{Away, Compare, Document};
use crate::error::Error;
use crate::limits::STRETCH_S_MAX;
use crate::run::few_variants;
use crate::run::scope::Scope;
use crate::scenario::{Agent, Scenario};

impl Document {
    pub(super) fn variants(&self, clock: Clock, plan: &Scenario) -> Result<Vec<Variant>, Error> {
        few_variants("compare", self.compare.len(), plan)?;
        let one = |(v, one): (usize, &Compare)| {
            self.variant(one, clock, plan).map_err(|e| e.within(&format!("compare[{v}]")))
        };
        self.compare.iter().enumerate().map(one).collect()
    }

    fn variant(&self, one: &Compare, clock: Clock, plan: &Scenario) -> Result<Variant, Error> {
        let mut scenario = plan.clone();
        let mut span: Option<Span> = None;
        let mut also = |from_s: f64, to_s: f64| {
            let all = span.unwrap_or(Span { from_s, to_s });
            span = Some(Span { from_s: all.from_s.min(from_s), to_s: all.to_s.max(to_s) });
        };
        for (w, away) in one.away.iter().enumerate() {
            let gone =
                self.send_away(away, clock, &mut scenario).map_err(|e| e.within(&format!("away[{w}]")))?;
            also(gone.from_s, gone.to_s);
        }
        for (x, extra) in one.extra.iter().enumerate() {
            let people = self.people(extra, clock).map_err(|e| e.within(&format!("extra[{x}]")))?;
            for stretch in people.first().iter().flat_map(|agent| &agent.stretches) {
                also(stretch.from_s, stretch.to_s);
            }
            scenario.agents.extend(people);
        }
        let Some(span) = span else {
            return Err(Error::value("away", "empty", "say who is away, or who is there besides (extra)"));
        };
        let span = match &one.watch {
            None => span,
            Some(text) => clock.span("watch", text)?,
        };
        let watch = Scope::centre(touched(span, plan.interval_s, plan.intervals));
        scenario.check()?;
        Ok(Variant { name: one.name.clone(), scenario, watch })
    }

    /// Takes people from the phone; from when to when.
    fn send_away(&self, away: &Away, clock: Clock, scenario: &mut Scenario) -> Result<Span, Error> {
        let time = |path: &str, text: &Option<String>, without: f64| {
            text.as_ref().map_or(Ok(without), |text| clock.time(path, text))
        };
        let from_s = time("from", &away.from, 0.0)?;
        let to_s = time("to", &away.to, STRETCH_S_MAX)?;
        if to_s <= from_s {
            let value = away.to.as_deref().unwrap_or_default();
            return Err(Error::value("to", format!("{value:?}"), "end after the beginning"));
        }
        let there = |agent: &Agent| agent.stretches.iter().any(|s| s.from_s < to_s && s.to_s > from_s);
        for name in &away.agents {
            let Some(agent) =
                scenario.agents.iter_mut().find(|agent| agent.name == *name && !name.is_empty())
            else {
                return Err(Error::value(
                    "agents",
                    format!("{name:?}"),
                    "write the name of somebody under [[agents]]",
                ));
            };
            if !there(agent) {
                return Err(Error::value(
                    "agents",
                    format!("{name:?}"),
                    "choose a time of that person's shift",
                ));
            }
            agent.away(from_s, to_s);
        }
        let count = away.count.unwrap_or(0);
        if let Some(group) = &away.group {
            let group = self.group_named("group", group)?;
            let able = scenario.agents.iter_mut().filter(|agent| agent.group == group && there(agent));
            let mut sent = 0;
            for agent in able.take(count) {
                agent.away(from_s, to_s);
                sent += 1;
            }
            if sent < count {
                let advice = format!("only {sent} of that group are at the phone then");
                return Err(Error::value("count", count, advice));
            }
        }
        if away.agents.is_empty() && (away.group.is_none() || count == 0) {
            return Err(Error::value("agents", "empty", "name people, or write a group and a count"));
        }
        Ok(Span { from_s, to_s: to_s.min(scenario.length_s()) })
    }
}
