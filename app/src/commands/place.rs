//! `lianbing place`: training into the slack of a roster, from a file, without a server and without a database.

#[path = "place/file.rs"]
mod file;
#[path = "place/told.rs"]
mod told;

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Args;
use placement::{Options, PlacementError, Placer, place_again, recall};

use super::files::{self, Out, named, refused};
use super::{IN_PART, counted, print};

/// Most bytes of a file that are read: a month of the largest centre is about a tenth of it.
const FILE_MAX_BYTES: u64 = 256 << 20;
/// How long the greedy plan may take where no time is given to improve it.
const FIRST_PLAN: Duration = Duration::from_mins(1);
/// Longest time to look, seconds: a day.
const SECONDS_MAX: f64 = 86_400.0;

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  lianbing place docs/examples/place.toml --seconds 2 --out plan.json

The file (TOML) holds the roster with its breaks, the calls and the target of each queue, and the sessions with their \
people, length and window; docs/place.md describes every field. Printed is what the plan does to the projected service \
level, and without --out also when each session is and with whom; plan.json holds each session with its time and \
people, the service level of each queue and interval before and after, and what has no place, with the rule that kept it out.

The same file, seed and steps give the same plan. Seconds only decide how many steps are taken.

Exit codes: 0 everything has its place · 1 it failed · 2 the file or the command line is wrong · 3 something has no \
place, or sessions with mistakes were left out; the rest is in the plan.")]
pub(crate) struct Place {
    /// The centre and its sessions (TOML); - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How long to look for a better plan, an overload's second plan included; 0 gives the greedy plan
    #[arg(long, value_name = "S", default_value_t = 10.0, value_parser = seconds)]
    seconds: f64,
    /// Stops after so many steps, even if there is time left
    #[arg(long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
    steps: u64,
    /// Another seed looks elsewhere
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where the plan is written (JSON); - is standard output, in place of the summary
    #[arg(long, value_name = "FILE.json")]
    out: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|seconds| (0.0..=SECONDS_MAX).contains(seconds));
    value.ok_or_else(|| format!("give 0 to {SECONDS_MAX} seconds"))
}

pub(crate) fn run(args: &Place) -> anyhow::Result<ExitCode> {
    let name = named(&args.file);
    let out = args.out.as_deref().map(|out| Out::new(out, &[&args.file])).transpose()?;
    let text = files::text(&args.file, FILE_MAX_BYTES)?;
    let read = file::read(&text).map_err(|error| refused(format!("{name}: {error:#}")))?;
    for rejected in &read.rejected {
        eprintln!(
            "{name}:{}: session “{}” is left out: {}",
            rejected.line, rejected.session, rejected.reason
        );
    }
    let wrong = |error: PlacementError| refused(format!("{name}: {}", told::mistake(&read, &error)));
    let placer = Placer::new(&read.centre).map_err(wrong)?;
    let started = Instant::now();
    let (steps, time) = if args.seconds > 0.0 {
        (args.steps, Duration::from_secs_f64(args.seconds))
    } else {
        (0, FIRST_PLAN)
    };
    let options = Options { steps, seed: args.seed };
    // The plan after an overload has the other half, and what the first leaves.
    let first = if read.overload.is_some() { time / 2 } else { time };
    let plan = placer.place(options, || started.elapsed() >= first);
    let recalled = match &read.overload {
        None => None,
        Some(overload) => {
            let order = recall(&read.centre, &plan, overload).map_err(wrong)?;
            let stop = || started.elapsed() >= time;
            let after = place_again(&read.centre, &plan, &order, overload, options, stop).map_err(wrong)?;
            Some((order, after))
        }
    };
    let told = told::Told { read: &read, plan: &plan, recalled: recalled.as_ref() };
    let taken = started.elapsed();
    match out {
        Some(out) => {
            let is_standard = out.is_standard();
            out.write(format!("{:#}\n", told.json()).as_bytes())?;
            if !is_standard {
                print(&told.summary())?;
            }
        }
        None => print(&(told.summary() + &told.sessions()))?,
    }
    eprintln!("{} of improvement in {:.1} s", counted(plan.steps, "step"), taken.as_secs_f64());
    let unplaced =
        recalled.as_ref().is_some_and(|(_, after)| !after.unplaced.is_empty()) || !plan.unplaced.is_empty();
    Ok(if unplaced || !read.rejected.is_empty() { ExitCode::from(IN_PART) } else { ExitCode::SUCCESS })
}
