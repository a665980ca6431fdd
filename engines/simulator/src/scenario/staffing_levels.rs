//! Staffing by interval, without shifts.

use super::{Agent, Stretch};

/// Anonymous agents of one group that make `levels[i]` people at the phone in interval `i`; after the last interval the
/// last level stays for `overtime_s`, so that the calls still waiting are taken.
pub fn agents_from_levels(group: usize, levels: &[usize], interval_s: f64, overtime_s: f64) -> Vec<Agent> {
    let most = levels.iter().copied().max().unwrap_or(0);
    (0..most).map(|seat| agent(group, seat, levels, interval_s, overtime_s)).collect()
}

fn agent(group: usize, seat: usize, levels: &[usize], interval_s: f64, overtime_s: f64) -> Agent {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (i, _) in levels.iter().enumerate().filter(|(_, level)| **level > seat) {
        let end = (i + 1) as f64 * interval_s;
        let to_s = if i + 1 == levels.len() { end + overtime_s } else { end };
        let from_s = i as f64 * interval_s;
        match stretches.last_mut() {
            // The same products on both sides, so equality is exact.
            Some(last) if last.to_s.to_bits() == from_s.to_bits() => last.to_s = to_s,
            _ => stretches.push(Stretch { from_s, to_s }),
        }
    }
    Agent { name: String::new(), group, speed: 1.0, seat: true, stretches }
}
