//! The published formats: column generation over lines until the time is over.

use roster::columns::{Chosen, Effort, Pricer, RetailLines, ShiftLines, solve};
use roster::formats::{retail, shift_scheduling};

use super::{Found, Roster, Watch};

pub(super) fn search(text: &str, args: &Roster, watch: &Watch) -> anyhow::Result<Found> {
    let problem = shift_scheduling::read(text)?;
    let mut lines = ShiftLines::new(&problem)?;
    let chosen = chosen(&mut lines, args, watch)?;
    Ok(found(shift_scheduling::write(&problem, &lines.roster(&chosen)), &chosen))
}

pub(super) fn retail(text: &str, args: &Roster, watch: &Watch) -> anyhow::Result<Found> {
    let instance = retail::read(text)?;
    let chosen = chosen(&mut RetailLines::new(&instance), args, watch)?;
    Ok(found(retail::write(&instance, &chosen), &chosen))
}

fn chosen(lines: &mut impl Pricer, args: &Roster, watch: &Watch) -> anyhow::Result<Chosen> {
    let effort = Effort { seed: args.seed, steps: args.steps.unwrap_or(u64::MAX) };
    let mut stop = |best: &Chosen| {
        watch.tell(best.cost, best.bound);
        watch.over()
    };
    Ok(solve(lines, effort, &mut stop)?)
}

fn found(output: String, chosen: &Chosen) -> Found {
    let cost = chosen.cost as f64;
    // Costs are whole: the bound is not above them but for rounding.
    let bound = chosen.bound.min(cost);
    let gap = if chosen.cost == 0 { 0.0 } else { (cost - bound) / cost };
    Found { output, table: None, objective: chosen.cost, bound, gap }
}
