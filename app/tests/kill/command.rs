//! `lianbing import conversations`, killed and begun again.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::Child,
    sync::{
        OnceLock,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::{
    Kills,
    input::{self, Input},
    program,
    state::{self, after_kill, check_whole},
};

/// Conversations of one file: several chunks, so that there is a middle.
const CONVERSATIONS: usize = 2_100;
/// Kills in one folder before it may finish.
const KILLS_PER_WORLD: u32 = 3;
/// Longer than any honest run.
const RUN_MAX: Duration = Duration::from_mins(5);

/// How long an import takes that nobody disturbs: until its first progress, and from there to its end.
static SPANS: OnceLock<(Duration, Duration)> = OnceLock::new();

/// A running import and what it says.
struct Import {
    child: Child,
    lines: Receiver<String>,
    began: Instant,
    /// Rows that it said are stored.
    acknowledged: i64,
}

impl Import {
    fn start(folder: &Path, file: &Input) -> Import {
        let mut command = program(folder);
        command.args(["import", "conversations"]).arg(&file.path);
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Import { child, lines, began: Instant::now(), acknowledged: 0 }
    }

    /// Listens until a line of progress came or the time is over; whether one came.
    fn listen(&mut self, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(rows) = progress(&line) {
                        self.acknowledged = rows;
                        return true;
                    }
                }
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => {
                    // It is about to end, which is seen by asking for it.
                    std::thread::sleep(Duration::from_millis(5));
                    return false;
                }
            }
        }
    }

    /// Lets time pass, hearing what it says.
    fn pass(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while self.child.try_wait().unwrap().is_none() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            self.listen(left.min(Duration::from_millis(20)));
        }
    }

    /// Kills it; whether it was still there.
    fn kill(&mut self) -> bool {
        let killed = self.child.try_wait().unwrap().is_none();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while let Ok(line) = self.lines.recv() {
            self.acknowledged = progress(&line).unwrap_or(self.acknowledged);
        }
        killed
    }

    /// Waits for its own end: the exit code and the counts it printed.
    fn finish(mut self) -> (Option<i32>, serde_json::Value, Duration) {
        let mut first = None;
        while self.child.try_wait().unwrap().is_none() {
            assert!(self.began.elapsed() < RUN_MAX, "the import does not end");
            if self.listen(Duration::from_millis(50)) {
                first.get_or_insert_with(|| self.began.elapsed());
            }
        }
        let mut printed = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        let counts = serde_json::from_str(&printed).unwrap_or_default();
        (self.child.wait().unwrap().code(), counts, first.unwrap_or_default())
    }
}

/// The rows that a line of progress acknowledges.
fn progress(line: &str) -> Option<i64> {
    if !line.ends_with(" rejected") {
        return None;
    }
    line.split(", ").map(|part| part.split(' ').next()?.parse::<i64>().ok()).sum()
}

/// Imports without disturbance, and measures it.
fn spans(file: &Input) -> (Duration, Duration) {
    *SPANS.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let import = Import::start(folder.path(), file);
        let began = import.began;
        let (code, counts, first) = import.finish();
        let whole = began.elapsed();
        check_counts(code, &counts, file);
        check_whole(folder.path(), file.good);
        (first, whole.saturating_sub(first))
    })
}

fn check_counts(code: Option<i32>, counts: &serde_json::Value, file: &Input) {
    assert_eq!(code, Some(3), "rows were rejected: it worked in part; {counts}");
    let of = |name: &str| counts[name].as_u64().unwrap_or_default();
    assert_eq!(of("added") + of("unchanged"), file.good, "{counts}");
    assert_eq!(of("added") + of("unchanged") + of("rejected"), file.rows, "{counts}");
    assert_eq!(of("updated"), 0, "{counts}");
}

/// One folder: killed some times, then left alone, then looked at.
pub fn world(dice: &mut ChaCha8Rng, kills: &Kills) {
    let folder = tempfile::tempdir().unwrap();
    let from = dice.random_range(0..1_000);
    let size = dice.random_range(CONVERSATIONS..CONVERSATIONS + 600);
    let file = input::file(folder.path().join("week.jsonl"), from..from + size, dice);
    let (start, rest) = spans(&file);
    for _ in 0..KILLS_PER_WORLD {
        if kills.are_enough() {
            break;
        }
        let mut import = Import::start(folder.path(), &file);
        if dice.random_ratio(1, 5) {
            import.pass(start.mul_f64(dice.random_range(0.0..1.0)));
        } else {
            import.listen(RUN_MAX);
            import.pass(rest.mul_f64(dice.random_range(0.0..0.9)));
        }
        if !import.kill() {
            break;
        }
        let state = after_kill(folder.path());
        let stored = state.as_ref().map_or(0, |state| state.rows_of_newest);
        assert!(stored >= import.acknowledged, "{} rows were acknowledged; {state:?}", import.acknowledged);
        kills.count(state.is_some_and(|state| state.is_midway()));
    }
    let (code, counts, _) = Import::start(folder.path(), &file).finish();
    check_counts(code, &counts, &file);
    check_whole(folder.path(), file.good);
    let rejected = state::wait(async {
        let (_copy, db) = state::copy(folder.path()).await.unwrap();
        store::Ask::count(&db, store::sql!("SELECT COUNT(*) FROM rejected_row WHERE batch = (SELECT id FROM import_batch ORDER BY started_at DESC LIMIT 1)")).await.unwrap()
    });
    assert_eq!(u64::try_from(rejected).unwrap(), file.rows - file.good, "rejected rows are kept once each");
}
