//! What so many people on a queue are worth in one interval: the service level, and the price of taking one away.
//!
//! The service level over the number of people is a curve in the shape of an S. Where it is bent like a hill, near
//! and above the target, each further person taken hurts more than the one before, and the price is simply what
//! the service level loses. Below its steepest point the curve flattens: a queue that is drowned loses little
//! more. Training must not flee to where things are worst, so there the price goes on rising, from the steepest
//! loss to twice that at the last person. The price is therefore never below the true loss, and rises with each
//! person taken: the value of a queue is concave.

use staffing::Load;

use crate::error::PlacementError;
use crate::limits::ERLANGS_MAX;
use crate::model::Queue;

/// Less than this share of calls is nothing.
const NOTHING: f64 = 1e-12;

/// The service level of a queue under a load with so many people, who may be a fraction: shrinkage makes fractions.
pub type Model<'a> = dyn Fn(&Queue, &Load, f64) -> Result<f64, String> + 'a;

/// By the Erlang model of `staffing` and the queue's own definition of the service level.
pub fn erlang(queue: &Queue, load: &Load, agents: f64) -> Result<f64, String> {
    staffing::service_level(load, agents, queue.threshold_seconds, queue.definition)
        .map_err(|error| error.to_string())
}

/// The load of a queue in an interval of so many minutes.
pub(crate) fn load(queue: &Queue, interval: usize, minutes: usize) -> Result<Load, String> {
    let at = |series: &[f64]| series.get(interval).copied().unwrap_or(0.0);
    let (offered, aht) = (at(&queue.offered), at(&queue.aht_seconds));
    let load = Load::new(offered, minutes as f64 * 60.0, aht).map_err(|error| error.to_string())?;
    if load.erlangs() > ERLANGS_MAX {
        return Err(format!(
            "a load of {} erlangs is beyond {ERLANGS_MAX}: give calls and seconds",
            load.erlangs()
        ));
    }
    match queue.patience_seconds {
        Some(patience) => load.with_patience(patience).map_err(|error| error.to_string()),
        None => Ok(load),
    }
}

/// What each number of people is worth.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The service level with so many people, from 0.
    level: Vec<f64>,
    /// Points of the week that are lost with the n-th person; the first entry is for nobody and never asked.
    price: Vec<f64>,
    /// Sums of `price`: what so many people are worth.
    value: Vec<f64>,
}

impl Table {
    /// For up to `most` people of whom a share `there` really comes; `points` are those of the week that the
    /// whole interval counts.
    pub(crate) fn new(
        queue: &Queue,
        load: &Load,
        most: usize,
        there: f64,
        points: f64,
        model: &Model<'_>,
    ) -> Result<Self, String> {
        if load.calls() <= 0.0 {
            return Ok(Self {
                level: vec![1.0; most + 1],
                price: vec![0.0; most + 1],
                value: vec![0.0; most + 1],
            });
        }
        // The steepest point must be inside, also where fewer people than that are there.
        let erlangs = load.erlangs();
        let steep = ((erlangs + 4.0 * erlangs.sqrt() + 4.0) / there).ceil().min(1e6) as usize;
        let level = levels(&|agents| model(queue, load, agents), erlangs, most.max(steep), there)?;
        let mut price = prices(&level, points);
        price.truncate(most + 1);
        let mut value = Vec::with_capacity(price.len());
        let mut sum = 0.0;
        for (people, one) in price.iter().enumerate() {
            sum += if people > 0 { *one } else { 0.0 };
            value.push(sum);
        }
        Ok(Self { level: level.into_iter().take(most + 1).collect(), price, value })
    }

    pub(crate) fn level(&self, people: usize) -> f64 {
        self.level.get(people).or(self.level.last()).copied().unwrap_or(0.0)
    }

    /// What the `people`-th person adds.
    pub(crate) fn price(&self, people: usize) -> f64 {
        self.price.get(people).copied().unwrap_or(0.0)
    }

    pub(crate) fn value(&self, people: usize) -> f64 {
        self.value.get(people).or(self.value.last()).copied().unwrap_or(0.0)
    }

    /// The fewest people with this service level or a better one; one more than the table has where none are.
    pub(crate) fn fewest(&self, level: f64) -> usize {
        self.level.partition_point(|reached| *reached < level)
    }
}

/// The service level with 0 to `most` people. The model is asked from the middle outwards, and no further than
/// where nothing changes any more.
fn levels(
    level: &dyn Fn(f64) -> Result<f64, String>,
    erlangs: f64,
    most: usize,
    there: f64,
) -> Result<Vec<f64>, String> {
    let ask = |people: usize| level(people as f64 * there).map(|level| level.clamp(0.0, 1.0));
    let middle = ((erlangs / there).round().max(0.0) as usize).min(most);
    let mut upwards = Vec::new();
    let mut last = 0.0_f64;
    for people in middle..=most {
        // Rounding in the model must not make one person more look like a loss.
        last = if last > 1.0 - NOTHING { last } else { ask(people)?.max(last) };
        upwards.push(last);
    }
    let mut downwards = Vec::new();
    let mut last = upwards.first().copied().unwrap_or(1.0);
    for people in (0..middle).rev() {
        last = if last < NOTHING { 0.0 } else { ask(people)?.min(last) };
        downwards.push(last);
    }
    downwards.reverse();
    downwards.extend(upwards);
    Ok(downwards)
}

/// The price of each person, from the top down; see the head of this file.
fn prices(level: &[f64], points: f64) -> Vec<f64> {
    let mut price = vec![0.0; level.len()];
    let (mut steepest, mut at, mut above) = (0.0_f64, 1_usize, 0.0_f64);
    for people in (1..level.len()).rev() {
        let (with, without) = (level.get(people), level.get(people - 1));
        let lost = points * (with.copied().unwrap_or(0.0) - without.copied().unwrap_or(0.0));
        if lost >= steepest {
            (steepest, at) = (lost, people);
        }
        let deeper = steepest * (1.0 + (at - people) as f64 / at as f64);
        above = above.max(deeper);
        if let Some(price) = price.get_mut(people) {
            *price = above;
        }
    }
    price
}

/// Puts the name of the queue and the interval before what the model says.
pub(crate) fn refused(queue: &str, interval: usize, why: String) -> PlacementError {
    PlacementError::Staffing { queue: queue.to_owned(), interval, why }
}

#[cfg(test)]
mod tests {
    use staffing::{Load, ServiceLevelDefinition};

    use super::Table;
    use crate::model::Queue;

    fn queue() -> Queue {
        Queue {
            name: "billing".to_owned(),
            target: 0.8,
            threshold_seconds: 20.0,
            definition: ServiceLevelDefinition::OfOffered,
            patience_seconds: None,
            offered: vec![50.0],
            aht_seconds: vec![180.0],
        }
    }

    /// The table where the service level is a curve in the shape of an S around ten people.
    fn table(calls: f64, most: usize) -> Table {
        let curve = |_: &Queue, _: &Load, agents: f64| Ok(1.0 / (1.0 + (10.0 - agents).exp()));
        let load = Load::new(calls, 900.0, 180.0).unwrap();
        Table::new(&queue(), &load, most, 1.0, 100.0, &curve).unwrap()
    }

    #[test]
    fn the_price_is_the_loss_above_the_steepest_point_and_rises_below_it() {
        let table = table(50.0, 30);
        for people in 1..=30 {
            let loss = 100.0 * (table.level(people) - table.level(people - 1));
            assert!(table.price(people) >= loss - 1e-12, "{people} people");
            assert!(table.price(people) <= table.price(people - 1) || people == 1, "{people} people");
        }
        let loss = 100.0 * (table.level(14) - table.level(13));
        assert!((table.price(14) - loss).abs() < 1e-12);
        let loss = 100.0 * (table.level(4) - table.level(3));
        assert!(table.price(4) > 10.0 * loss);
    }

    #[test]
    fn too_few_people_pay_the_steepest_price_too() {
        let all = table(50.0, 30);
        let few = table(50.0, 6);
        assert!((all.price(6) - few.price(6)).abs() < 1e-12);
    }

    #[test]
    fn an_interval_without_calls_is_worth_nothing() {
        let table = table(0.0, 5);
        assert!(table.value(5).abs() < f64::EPSILON && (table.level(0) - 1.0).abs() < f64::EPSILON);
    }
}
