//! How right forecasts are, beside other packages on the same days.
//!
//! `cargo xtask bench forecast [-- --history-only]`: the bank series on its split and on five rolling origins, intervals,
//! updates within the day, and centres made with known truth. `--history-only` leaves out the last 20 days, so that
//! nobody develops by looking at them.

#[path = "forecast/bank.rs"]
mod bank;
#[path = "forecast/peers.rs"]
mod peers;
#[path = "forecast/planted.rs"]
mod planted;

use anyhow::Result;

/// Prints a figure beside its target and remembers misses.
#[derive(Default)]
pub struct Report {
    missed: Vec<String>,
}

impl Report {
    /// Prints a figure; `met` says whether it reached its target.
    pub fn line(&mut self, figure: &str, value: &str, target: &str, met: bool) {
        println!("{figure:<58} {value:>16}   target {target:<18} {}", if met { "ok" } else { "MISSED" });
        if !met {
            self.missed.push(figure.to_owned());
        }
    }
}

fn main() -> Result<()> {
    let history_only = std::env::args().any(|argument| argument == "--history-only");
    let mut report = Report::default();
    match bank::Bank::load()? {
        Some(bank) => {
            bank::measure(&bank, history_only, &mut report)?;
            peers::measure(&bank, history_only);
        }
        None => println!("the bank series is not here; set LIANBING_SAMPLES to the folder that holds wfm/"),
    }
    planted::measure(&mut report)?;
    anyhow::ensure!(report.missed.is_empty(), "missed: {}", report.missed.join("; "));
    Ok(())
}
