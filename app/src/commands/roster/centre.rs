//! The `centre` format: people, days and shifts by their place in the file.

use std::num::NonZeroU32;

use roster::formats::centre;

use super::{Found, Roster, Watch, search::search};

pub(super) fn find(text: &str, args: &Roster, threads: NonZeroU32, watch: &Watch) -> anyhow::Result<Found> {
    let problem = centre::read(text)?;
    let solved = search(&problem, args, threads, watch)?;
    Ok(Found {
        output: centre::write(&solved.roster),
        table: None,
        objective: solved.cost,
        bound: solved.bound,
        gap: problem.gap(solved.cost, solved.bound),
    })
}
