//! Understaffing by enumerating the sets of skills that can be the tightest.

use super::Found;
use crate::model::Problem;

/// Most sets that are enumerated; past these a maximum flow is faster.
const SETS_MAX: usize = 63;

/// The deficit of every set of skills in every cell.
#[derive(Debug, Clone)]
pub(super) struct Sets {
    /// Number of sets; the last one is empty and has deficit 0.
    count: usize,
    /// `[cell × sets + set]`.
    deficit: Vec<i16>,
    /// For each group the sets of which it has a skill, as bits.
    hits: Vec<u64>,
}

impl Sets {
    /// Nothing when there are too many sets.
    pub(super) fn new(problem: &Problem, cells: usize) -> Option<Sets> {
        let mut sets = tight_sets(problem)?;
        sets.push(SkillSet::default());
        let mut deficit = vec![0; cells * sets.len()];
        for (cell, required) in problem.required.chunks(problem.skills).enumerate() {
            for (at, set) in sets.iter().enumerate() {
                let sum: u32 = set.skills.iter().map(|&skill| required[skill]).sum();
                deficit[cell * sets.len() + at] = i16::try_from(sum).ok()?;
            }
        }
        let hits = (0..problem.groups.len())
            .map(|group| {
                let hit = sets.iter().enumerate().filter(|(_, set)| set.groups >> group & 1 == 1);
                hit.fold(0, |bits, (at, _)| bits | 1 << at)
            })
            .collect();
        // More people than fit 16 bits could be put into one cell.
        (problem.people.len() <= 20_000).then_some(Sets { count: sets.len(), deficit, hits })
    }

    pub(super) fn change(&mut self, cell: usize, group: usize, by: i16) {
        let hits = self.hits[group];
        let row = &mut self.deficit[cell * self.count..(cell + 1) * self.count];
        for (at, deficit) in row.iter_mut().enumerate() {
            *deficit -= if hits >> at & 1 == 1 { by } else { 0 };
        }
    }

    pub(super) fn find(&self, cell: usize) -> Found {
        let row = &self.deficit[cell * self.count..(cell + 1) * self.count];
        let most = row.iter().copied().max().unwrap_or(0);
        let tight = row
            .iter()
            .enumerate()
            .fold(0_u64, |bits, (at, &deficit)| bits | u64::from(deficit == most) << at);
        let (mut lessens, mut worsens) = (0, 0);
        for (group, &hits) in self.hits.iter().enumerate() {
            // One agent more lessens the understaffing when it serves every tightest set, one less worsens it when
            // it served any of them.
            lessens |= u64::from(tight & !hits == 0) << group;
            worsens |= u64::from(tight & hits != 0) << group;
        }
        Found { short: i64::from(most), lessens, worsens }
    }
}

/// A set of skills, and the groups that have any of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SkillSet {
    /// The groups, as bits.
    pub(crate) groups: u64,
    /// The skills.
    pub(crate) skills: Vec<usize>,
}

/// The sets that can be the tightest; nothing when there are too many of them.
///
/// Of the sets that the same groups can serve only the largest can be: the skills served by nobody outside of a
/// union of the groups of some skills.
pub(crate) fn tight_sets(problem: &Problem) -> Option<Vec<SkillSet>> {
    let servers: Vec<u64> = (0..problem.skills).map(|skill| servers(problem, skill)).collect();
    let mut unions = vec![0_u64];
    for &groups in &servers {
        for at in 0..unions.len() {
            let union = unions[at] | groups;
            if !unions.contains(&union) {
                unions.push(union);
            }
        }
        if unions.len() > SETS_MAX {
            return None;
        }
    }
    let set = |groups: u64| SkillSet {
        groups,
        skills: (0..problem.skills).filter(|&skill| servers[skill] & !groups == 0).collect(),
    };
    Some(unions.into_iter().map(set).filter(|set| !set.skills.is_empty()).collect())
}

/// Some of the sets where there are too many: each skill alone, and all of them.
pub(crate) fn plain_sets(problem: &Problem) -> Vec<SkillSet> {
    let mut sets: Vec<SkillSet> = (0..problem.skills)
        .map(|skill| SkillSet { groups: servers(problem, skill), skills: vec![skill] })
        .collect();
    let groups = sets.iter().fold(0, |all, set| all | set.groups);
    sets.push(SkillSet { groups, skills: (0..problem.skills).collect() });
    sets
}

/// The groups that have a skill, as bits.
fn servers(problem: &Problem, skill: usize) -> u64 {
    problem
        .groups
        .iter()
        .enumerate()
        .fold(0, |bits, (group, &mask)| bits | u64::from(mask >> skill & 1) << group)
}
