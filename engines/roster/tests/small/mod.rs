//! Small centres by chance.

use std::fmt::Write;

use proptest::prelude::*;

/// An agent: group, fewest and most hours, most days, availability.
type Agent = (usize, usize, usize, usize, Vec<bool>);

/// The text of a small centre: two skills, three groups, three shifts of 4, 6 and 8 hours.
pub fn centre() -> impl Strategy<Value = String> {
    let agent = (0..3_usize, 0..4_usize, 8..40_usize, 2..6_usize, prop::collection::vec(any::<bool>(), 7))
        .prop_map(|(group, days, most, limit, open)| {
            let open: Vec<bool> = open.into_iter().map(|flag| flag || days > 2).collect();
            let possible = open.iter().filter(|&&flag| flag).count().min(limit);
            // Fewest hours that a line surely reaches: shifts of four hours on some of the open days.
            let fewest = (4 * days.min(possible)).min(most);
            (group, fewest - fewest % 4, most, limit, open)
        });
    let demand = prop::collection::vec(0..4_usize, 2 * 7 * 48);
    (prop::collection::vec(agent, 1..8), demand).prop_map(|(agents, demand)| text(&agents, &demand))
}

fn text(agents: &[Agent], demand: &[usize]) -> String {
    let mut text = format!("{} 3 3 2 14 46\n1\n2\n3\n", agents.len());
    text.push_str("16 8 1 0\n20 12 3 1 24 1 25 1 26\n30 16 2 2 34 40 2 35 41\n");
    for (group, fewest, most, limit, open) in agents {
        let flags: Vec<&str> = open.iter().map(|&flag| if flag { "1" } else { "0" }).collect();
        let _ = writeln!(text, "{group} {fewest} {most} {limit} 14 46 {}", flags.join(" "));
    }
    for (at, required) in demand.iter().enumerate() {
        let open = (14..46).contains(&(at % 48));
        let _ = write!(text, "{} ", if open { *required } else { 0 });
    }
    text
}
