//! What the benchmarks share: percentiles, memory, and figures printed beside their targets.

pub mod http;
pub mod server;
pub mod workforce;

use std::path::Path;

/// Prints figures beside their upper limits and remembers the misses.
#[derive(Debug, Default)]
pub struct Report {
    missed: Vec<String>,
}

impl Report {
    /// Prints a figure that should stay below `limit`, in one `unit`; `note` follows it.
    pub fn below(&mut self, figure: &str, value: f64, limit: f64, unit: &str, note: &str) {
        let met = value < limit;
        let mark = if met { "ok" } else { "MISSED" };
        println!("{figure:<44} {value:>10.1} {unit:<5} target < {limit} {unit:<5} {mark:<6} {note}");
        if !met {
            self.missed.push(figure.to_owned());
        }
    }

    /// Prints a figure without a target.
    pub fn figure(figure: &str, value: f64, unit: &str, note: &str) {
        println!("{figure:<44} {value:>10.1} {unit:<5} {note}");
    }

    /// Names what was missed.
    ///
    /// # Errors
    /// When anything was.
    pub fn finish(self) -> anyhow::Result<()> {
        anyhow::ensure!(self.missed.is_empty(), "missed: {}", self.missed.join("; "));
        Ok(())
    }
}

/// The nearest-rank percentile `p` (0 to 100) of `values`, which are sorted by this; 0 when there are none.
pub fn percentile(values: &mut [f64], p: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() * p).div_ceil(100).max(1);
    values.get(rank - 1).copied().unwrap_or_default()
}

/// A figure of this process in MB from `/proc/self/status`, such as `VmHWM` (its peak of resident memory, mapped
/// files included) or `RssAnon` (its own memory now); `None` where the system does not tell.
pub fn memory_mb(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

/// The size of all files below a folder, or of one file, in MB.
pub fn size_mb(path: &Path) -> f64 {
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len());
    let Ok(entries) = std::fs::read_dir(path) else { return bytes(path) as f64 / 1e6 };
    entries.flatten().map(|entry| size_mb(&entry.path())).sum()
}

/// The value after `--NAME` among the arguments.
///
/// # Errors
/// When the name is there without a value.
pub fn option(name: &str) -> anyhow::Result<Option<String>> {
    let mut arguments = std::env::args().skip(1);
    if arguments.by_ref().any(|argument| argument == name) {
        return arguments
            .next()
            .map(Some)
            .ok_or_else(|| anyhow::anyhow!("{name} needs a value; write it behind"));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    #[test]
    fn percentiles_are_values_that_occurred() {
        let check = |values: &[f64], p: usize, expected: f64| {
            assert_eq!(
                super::percentile(&mut values.to_vec(), p).to_bits(),
                expected.to_bits(),
                "{values:?} {p}"
            );
        };
        check(&[3.0, 1.0, 2.0], 50, 2.0);
        check(&[3.0, 1.0, 2.0], 99, 3.0);
        check(&(1..=200).map(f64::from).collect::<Vec<_>>(), 99, 198.0);
        check(&[], 99, 0.0);
    }
}
