//! The program is killed, without a warning, at a random moment of its work, and started again: everything it
//! acknowledged is there, nothing is there twice, counts agree with the input, chain and roll-ups hold.
//!
//! Every kill is SIGKILL to the real program over a folder of its own. The seed is printed; one run repeats
//! with `LIANBING_KILL_SEED=n`, except for where in its work the program is at that moment.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

mod command;
mod http;
mod input;
mod server;
mod state;

use std::{
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Kills of an ordinary run, for each of the two programs.
const KILLS: u64 = 20;
/// Kills when tests may take long.
const KILLS_LONG: u64 = 200;
/// Folders that are worked on at once: after a kill a job waits for its lease, and the others need not.
const AT_ONCE: usize = 3;

/// How many kills, and how many of them left work half done.
#[derive(Debug, Default)]
struct Kills {
    wanted: u64,
    done: AtomicU64,
    midway: AtomicU64,
}

impl Kills {
    fn new() -> Kills {
        let long = std::env::var_os("LIANBING_TEST_LONG").is_some();
        Kills { wanted: if long { KILLS_LONG } else { KILLS }, ..Kills::default() }
    }

    fn are_enough(&self) -> bool {
        self.done.load(Ordering::Relaxed) >= self.wanted
    }

    fn count(&self, midway: bool) {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.midway.fetch_add(u64::from(midway), Ordering::Relaxed);
    }
}

/// Kills in as many worlds as it takes, some at once. Each world gets its own dice and says when it is done.
fn run(world: impl Fn(&mut ChaCha8Rng, &Kills) + Sync) {
    let seed = std::env::var("LIANBING_KILL_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| rand::rng().random_range(0..1_000_000_u64));
    println!("LIANBING_KILL_SEED={seed}");
    let (kills, worlds) = (Kills::new(), AtomicU64::new(0));
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(|| {
                while !kills.are_enough() {
                    let mut dice = ChaCha8Rng::seed_from_u64(seed);
                    dice.set_stream(worlds.fetch_add(1, Ordering::Relaxed));
                    world(&mut dice, &kills);
                }
            });
        }
    });
    let (done, midway) = (kills.done.into_inner(), kills.midway.into_inner());
    println!("{done} kills, {midway} of them midway, in {} folders", worlds.into_inner());
    assert!(done >= kills.wanted);
    assert!(midway * 2 >= done, "only {midway} of {done} kills came while work was half done");
}

/// The program, over a folder.
fn program(data: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianbing"));
    command.current_dir(data).arg("--data").arg(data.join("data"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn an_import_on_the_command_line_survives_being_killed() {
    run(command::world);
}

#[test]
fn a_server_that_imports_and_inspects_survives_being_killed() {
    run(server::world);
}
