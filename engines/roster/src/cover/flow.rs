//! Understaffing by maximum flow from groups to skills, where there are too many sets of skills to enumerate.

use super::Found;
use crate::model::Problem;

/// How many of each group work in every cell, and what is required.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    skills: usize,
    masks: Vec<u32>,
    /// `[cell × groups + group]`.
    working: Vec<i32>,
    /// `[cell × skills + skill]`.
    required: Vec<i32>,
}

impl Flow {
    pub(super) fn new(problem: &Problem, cells: usize) -> Flow {
        let mut required: Vec<i32> =
            problem.required.iter().map(|&required| i32::try_from(required).unwrap_or(i32::MAX)).collect();
        required.resize(cells * problem.skills, 0);
        Flow {
            skills: problem.skills,
            masks: problem.groups.clone(),
            working: vec![0; cells * problem.groups.len()],
            required,
        }
    }

    pub(super) fn change(&mut self, cell: usize, group: usize, by: i16) {
        self.working[cell * self.masks.len() + group] += i32::from(by);
    }

    /// Serves greedily, then reroutes along augmenting paths (Edmonds and Karp 1972).
    pub(super) fn find(&self, cell: usize) -> Found {
        let groups = self.masks.len();
        let mut assignment = Assignment {
            masks: &self.masks,
            free: self.working[cell * groups..(cell + 1) * groups].to_vec(),
            open: self.required[cell * self.skills..(cell + 1) * self.skills].to_vec(),
            serving: vec![0; groups * self.skills],
        };
        assignment.greedy();
        while let Some(path) = assignment.path() {
            assignment.augment(&path);
        }
        Found {
            short: assignment.open.iter().map(|&open| i64::from(open)).sum(),
            lessens: assignment.reaching_open(),
            worsens: assignment.reached_from_free(),
        }
    }
}

/// Agents of groups serving skills.
struct Assignment<'m> {
    masks: &'m [u32],
    /// Agents of each group that serve nothing.
    free: Vec<i32>,
    /// Agents that each skill still requires.
    open: Vec<i32>,
    /// `[group × skills + skill]`.
    serving: Vec<i32>,
}

impl Assignment<'_> {
    fn greedy(&mut self) {
        for group in 0..self.masks.len() {
            for skill in 0..self.open.len() {
                if self.masks[group] >> skill & 1 == 1 {
                    let served = self.free[group].min(self.open[skill]);
                    self.free[group] -= served;
                    self.open[skill] -= served;
                    self.serving[group * self.open.len() + skill] += served;
                }
            }
        }
    }

    /// The shortest way from a group with somebody free to a skill that is open: group, skill, group, skill …
    fn path(&self) -> Option<Vec<(usize, usize)>> {
        let skills = self.open.len();
        let mut from: Vec<Option<(usize, Option<usize>)>> = vec![None; self.masks.len()];
        let mut queue: Vec<usize> = (0..self.masks.len()).filter(|&group| self.free[group] > 0).collect();
        for &group in &queue {
            from[group] = Some((usize::MAX, None));
        }
        let mut at = 0;
        while let Some(&group) = queue.get(at) {
            at += 1;
            for skill in (0..skills).filter(|&skill| self.masks[group] >> skill & 1 == 1) {
                if self.open[skill] > 0 {
                    return Some(trace(&from, group, skill));
                }
                for (other, from) in from.iter_mut().enumerate() {
                    if from.is_none() && self.serving[other * skills + skill] > 0 {
                        *from = Some((group, Some(skill)));
                        queue.push(other);
                    }
                }
            }
        }
        None
    }

    /// Moves one agent along a path of (group, skill that it now serves).
    fn augment(&mut self, path: &[(usize, usize)]) {
        let skills = self.open.len();
        for (step, &(group, skill)) in path.iter().enumerate() {
            self.serving[group * skills + skill] += 1;
            match path.get(step + 1) {
                Some(&(next, _)) => self.serving[next * skills + skill] -= 1,
                None => self.open[skill] -= 1,
            }
        }
        if let Some(&(group, _)) = path.first() {
            self.free[group] -= 1;
        }
    }

    /// Groups of which one agent more would find a way to an open skill.
    fn reaching_open(&self) -> u64 {
        let skills = self.open.len();
        let mut open: Vec<bool> = self.open.iter().map(|&open| open > 0).collect();
        let mut reaching = 0_u64;
        loop {
            let before = (reaching, open.iter().filter(|&&reached| reached).count());
            for (group, &mask) in self.masks.iter().enumerate() {
                if (0..skills).any(|skill| mask >> skill & 1 == 1 && open[skill]) {
                    reaching |= 1 << group;
                    // Whatever this group serves could be given up for the open skill.
                    for skill in (0..skills).filter(|&skill| self.serving[group * skills + skill] > 0) {
                        open[skill] = true;
                    }
                }
            }
            if before == (reaching, open.iter().filter(|&&reached| reached).count()) {
                return reaching;
            }
        }
    }

    /// Groups whose agents are all needed: nobody free can take over from them.
    fn reached_from_free(&self) -> u64 {
        let skills = self.open.len();
        let mut replaceable: Vec<bool> = self.free.iter().map(|&free| free > 0).collect();
        loop {
            let before = replaceable.iter().filter(|&&found| found).count();
            let mut served = 0_u32;
            for (group, &mask) in self.masks.iter().enumerate() {
                if replaceable[group] {
                    served |= mask;
                }
            }
            for (group, found) in replaceable.iter_mut().enumerate() {
                *found |= (0..skills)
                    .any(|skill| served >> skill & 1 == 1 && self.serving[group * skills + skill] > 0);
            }
            if before == replaceable.iter().filter(|&&found| found).count() {
                break;
            }
        }
        replaceable.iter().enumerate().fold(0, |bits, (group, &found)| bits | u64::from(!found) << group)
    }
}

/// The path behind `from`, first group first.
fn trace(from: &[Option<(usize, Option<usize>)>], last: usize, skill: usize) -> Vec<(usize, usize)> {
    let mut path = vec![(last, skill)];
    let mut group = last;
    while let Some((before, Some(by))) = from[group] {
        path.push((before, by));
        group = before;
    }
    path.reverse();
    path
}
