//! Other packages on the same days, in the same run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::bank::{Bank, ORIGINS, SLOTS, TEST_DAYS, TRAIN_DAYS};

/// Runs the peers on the split and on the five origins; says so where they are missing.
pub fn measure(bank: &Bank, history_only: bool) {
    println!("\n== peers, the same days in the same run");
    let mut origins = ORIGINS.to_vec();
    if !history_only {
        origins.push(TRAIN_DAYS);
    }
    let mut table: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for origin in origins {
        match one(bank, origin) {
            Ok(rows) => {
                for (model, wape, seconds) in rows {
                    table.entry(model).or_default().push((wape, seconds));
                }
            }
            Err(error) => {
                println!("the peers did not run: {error:#}");
                return;
            }
        }
    }
    println!(
        "{:<44} WAPE at the five origins, their mean{}",
        "model",
        if history_only { "" } else { "; last 20 days" }
    );
    for (model, rows) in table {
        let mut shown = String::new();
        for (wape, _) in rows.iter().take(ORIGINS.len()) {
            let _ = write!(shown, " {wape:>6.2}");
        }
        let mean = rows.iter().take(ORIGINS.len()).map(|(wape, _)| wape).sum::<f64>() / ORIGINS.len() as f64;
        let last = rows
            .get(ORIGINS.len())
            .map_or(String::new(), |(wape, seconds)| format!("; {wape:.2} % in {seconds:.1} s"));
        println!("{model:<44}{shown}   mean {mean:.2} %{last}");
    }
}

fn one(bank: &Bank, origin: usize) -> Result<Vec<(String, f64, f64)>> {
    let mut text = String::from("interval_start,calls\n");
    for row in bank.observations(0..origin + TEST_DAYS) {
        let _ = writeln!(text, "{},{}", row.start, row.calls);
    }
    let file = std::env::temp_dir().join(format!("lianbing-forecast-{}-{origin}.csv", std::process::id()));
    std::fs::write(&file, text)?;
    let known = (origin * SLOTS).to_string();
    let name = file.display().to_string();
    let printed = benches::workforce::peer("forecast", "peers.py", &[&name, &known, &SLOTS.to_string()]);
    std::fs::remove_file(&file)?;
    printed?.lines().map(row).collect()
}

fn row(line: &str) -> Result<(String, f64, f64)> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let number = |name: &str| {
        value.get(name).and_then(serde_json::Value::as_f64).with_context(|| format!("no {name}: {line}"))
    };
    let model = value.get("model").and_then(serde_json::Value::as_str).context("no model")?;
    Ok((model.to_owned(), number("wape")?, number("seconds")?))
}
