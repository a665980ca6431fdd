//! Who serves which skill: the assignment that leaves the least open.

use std::collections::VecDeque;

/// How much of the requirement the people on duty serve, each with any one of their skills: a maximum flow from
/// groups to skills, by augmenting paths. `groups` are masks of skills, `counts` the people on duty of each.
pub(crate) fn most_served(groups: &[u64], counts: &[usize], required: &[usize]) -> usize {
    let mut free = counts.to_vec();
    let mut open = required.to_vec();
    let mut flow = vec![vec![0_usize; required.len()]; groups.len()];
    let mut served = 0;
    while let Some(path) = augmenting_path(groups, &free, &open, &flow) {
        // group, skill, group, skill …: forward edges gain, backward edges give back.
        let (Some((first, _)), Some((_, last))) = (path.first(), path.last()) else { break };
        let back = path.windows(2).map(|pair| flow[pair[1].0][pair[0].1]).min().unwrap_or(usize::MAX);
        let amount = back.min(free[*first]).min(open[*last]);
        for (group, skill) in &path {
            flow[*group][*skill] += amount;
        }
        for pair in path.windows(2) {
            flow[pair[1].0][pair[0].1] -= amount;
        }
        free[*first] -= amount;
        open[*last] -= amount;
        served += amount;
    }
    served
}

/// The shortest chain of (group, skill) from a group with free people to a skill that is short; a group later in
/// the chain gives up the skill of the pair before it.
fn augmenting_path(
    groups: &[u64],
    free: &[usize],
    open: &[usize],
    flow: &[Vec<usize>],
) -> Option<Vec<(usize, usize)>> {
    let mut came: Vec<Option<(usize, usize)>> = vec![None; groups.len()];
    let mut seen: Vec<bool> = free.iter().map(|free| *free > 0).collect();
    let mut queue: VecDeque<usize> = (0..groups.len()).filter(|group| free[*group] > 0).collect();
    while let Some(group) = queue.pop_front() {
        for skill in (0..open.len()).filter(|skill| groups[group] >> skill & 1 == 1) {
            if open[skill] > 0 {
                let mut path = vec![(group, skill)];
                let mut at = group;
                while let Some((before, given)) = came[at] {
                    path.insert(0, (before, given));
                    at = before;
                }
                return Some(path);
            }
            for other in 0..groups.len() {
                if !seen[other] && flow[other][skill] > 0 {
                    seen[other] = true;
                    came[other] = Some((group, skill));
                    queue.push_back(other);
                }
            }
        }
    }
    None
}
