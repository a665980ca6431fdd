//! Files of conversations with rows that are wrong and rows that come twice.

use std::{fmt::Write, path::PathBuf};

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// People who speak in them.
pub const AGENTS: usize = 12;
/// One row in so many is wrong, and one in so many repeats an earlier one.
const ODD_ONE_IN: usize = 40;

/// A generated file and what is to become of it.
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Those that are conversations, each counted once.
    pub good: u64,
}

/// A conversation as a row; what it says follows from its number alone.
pub fn conversation(n: usize) -> String {
    let says = [
        "好的，我帮您登记。",
        "非常抱歉给您添麻烦了。",
        "这个我们没办法。",
        "明天上午十点前给您回电，可以吗？",
    ];
    let agent = format!("10{:02}", n % AGENTS);
    let mut turns = String::new();
    for turn in 0..3 {
        let says = says.get((n / AGENTS + turn) % says.len()).copied().unwrap_or_default();
        let _ = write!(
            turns,
            r#"{{"role":"customer","text":"我要投诉，宽带第{n}次断了，都第{turn}天了。"}},{{"role":"agent","text":"{says}"}},"#
        );
    }
    let turns = turns.trim_end_matches(',');
    format!(
        r#"{{"id":"c{n}","source":"kill","started_at":"2026-02-{:02}T09:00:00+08:00","agent":"{agent}","site":"北京","queue":"宽带","turns":[{turns}]}}"#,
        n % 26 + 2
    )
}

/// A file with the conversations of these numbers.
pub fn file(path: PathBuf, numbers: std::ops::Range<usize>, dice: &mut ChaCha8Rng) -> Input {
    let good = numbers.len() as u64;
    let (mut text, mut rows) = (String::new(), good);
    for n in numbers.clone() {
        text.push_str(&conversation(n));
        text.push('\n');
        let odd = dice.random_range(0..ODD_ONE_IN);
        if odd < 2 {
            rows += 1;
        }
        match odd {
            0 => text.push_str("{\"id\": \"half a row\n"),
            1 => {
                text.push_str(&conversation(dice.random_range(numbers.start..=n)));
                text.push('\n');
            }
            _ => {}
        }
    }
    std::fs::write(&path, text).unwrap();
    Input { path, rows, good }
}
