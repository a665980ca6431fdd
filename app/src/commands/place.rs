//! `lianbing place`: training into the slack of a roster, from a file, without a server and without a database.

#[path = "place/file.rs"]
mod file;
#[path = "place/told.rs"]
mod told;

use std::{
    fs::File,
    io::{Read, stdin},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use clap::Args;
use placement::{Options, Placer, place_again, recall};

use super::{IN_PART, WRONG_USE, counted, print};

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
level; plan.json holds each session with its time and people, the service level of each queue and interval before and \
after, and what has no place, with the rule that kept it out.

The same file, seed and steps give the same plan. Seconds only decide how many steps are taken.

Exit codes: 0 everything has its place · 1 it failed · 2 the file or the command line is wrong · 3 something has no \
place, or sessions with mistakes were left out; the rest is in the plan.")]
pub(crate) struct Place {
    /// The centre and its sessions (TOML); - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How long to look for a better plan; 0 gives the greedy plan
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
    let text = text(&args.file)?;
    let read = match file::read(&text) {
        Ok(read) => read,
        Err(error) => {
            eprintln!("lianbing: {}: {error:#}", args.file.display());
            return Ok(ExitCode::from(WRONG_USE));
        }
    };
    for rejected in &read.rejected {
        let name = args.file.display();
        eprintln!(
            "{name}:{}: session “{}” is left out: {}",
            rejected.line, rejected.session, rejected.reason
        );
    }
    let placer = match Placer::new(&read.centre) {
        Ok(placer) => placer,
        Err(error) => {
            eprintln!("lianbing: {}: {error}", args.file.display());
            return Ok(ExitCode::from(WRONG_USE));
        }
    };
    let started = Instant::now();
    let (steps, time) = if args.seconds > 0.0 {
        (args.steps, Duration::from_secs_f64(args.seconds))
    } else {
        (0, FIRST_PLAN)
    };
    let options = Options { steps, seed: args.seed };
    let plan = placer.place(options, || started.elapsed() >= time);
    let taken = started.elapsed();
    let recalled = match &read.overload {
        None => None,
        Some(overload) => {
            let order = recall(&read.centre, &plan, overload)?;
            let again = Instant::now();
            let after =
                place_again(&read.centre, &plan, &order, overload, options, || again.elapsed() >= time)?;
            Some((order, after))
        }
    };
    let told = told::Told { read: &read, plan: &plan, recalled: recalled.as_ref() };
    let json = || anyhow::Ok(format!("{:#}\n", told.json()));
    match args.out.as_deref() {
        Some(path) if path == Path::new("-") => print(&json()?)?,
        Some(path) => {
            std::fs::write(path, json()?).with_context(|| format!("cannot write {}", path.display()))?;
            print(&told.summary())?;
        }
        None => print(&told.summary())?,
    }
    eprintln!("{} of improvement in {:.1} s", counted(plan.steps, "step"), taken.as_secs_f64());
    let unplaced =
        recalled.as_ref().is_some_and(|(_, after)| !after.unplaced.is_empty()) || !plan.unplaced.is_empty();
    Ok(if unplaced || !read.rejected.is_empty() { ExitCode::from(IN_PART) } else { ExitCode::SUCCESS })
}

fn text(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    let mut bytes = Vec::new();
    let from: Box<dyn Read> = if path == Path::new("-") {
        Box::new(stdin())
    } else {
        Box::new(File::open(path).with_context(|| format!("cannot read {name}"))?)
    };
    from.take(FILE_MAX_BYTES + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    anyhow::ensure!(
        bytes.len() as u64 <= FILE_MAX_BYTES,
        "{name} is larger than {FILE_MAX_BYTES} bytes; split it by site"
    );
    String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8"))
}
