//! The server's part: people at their browsers, each in a rehearsal of their own.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use benches::http::Client;
use benches::server::{SEED, Server, make_centre};
use benches::{Report, option, percentile};
use identity::Account;
use kernel::{AccountId, Role};
use lianbing::config::Config;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Words;

/// Rehearsals at once.
const PEOPLE: usize = 200;
/// Thought before each sentence, milliseconds: nobody types faster for long.
const THOUGHT_MS: std::ops::Range<u64> = 2_000..6_000;
const SECONDS: u64 = 60;
/// A turn as the browser sees it, milliseconds at the 99th percentile.
const TURN_MS_MAX: f64 = 20.0;
/// What a browser sends with a turn, so that only the conversation comes back.
const PART: &str = "HX-Request: true\r\n";

/// Serves a demo centre, that of `--data DIR` or one made for this, and lets people practise for a minute.
pub(super) fn measure(words: &[Words]) -> Result<()> {
    let kept = option("--data")?.map(PathBuf::from);
    let folder = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("bench-rehearsal-{}", std::process::id())));
    let outcome = tokio::runtime::Runtime::new()?.block_on(practise(folder.clone(), words));
    if kept.is_none() && folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    outcome
}

async fn practise(folder: PathBuf, words: &[Words]) -> Result<()> {
    let config = Config { data: folder, ..Config::default() };
    if !config.data.join("lianbing.db").exists() {
        make_centre(&config).await?;
    }
    let server = Server::start(&config).await?;
    server.ready().await?;
    // Whoever works with customers or for them; auditors have nothing to practise.
    let practises = |account: &&Account| {
        account.person.is_some() && account.grants.iter().any(|grant| grant.role != Role::Auditor.name())
    };
    let accounts: Vec<AccountId> =
        server.accounts.iter().filter(practises).map(|account| account.id).collect();
    ensure!(!accounts.is_empty(), "nobody in this centre has an account");
    let began = Instant::now();
    let mut practising = Vec::with_capacity(PEOPLE);
    for (n, account) in accounts.iter().cycle().take(PEOPLE).enumerate() {
        let client = server.enter(*account).await?;
        let words = words.get(n % words.len().max(1)).context("no scenario ships")?.clone();
        let rng = ChaCha8Rng::seed_from_u64(SEED + n as u64);
        practising.push(tokio::spawn(one(client, words, rng)));
    }
    let signed_in = began.elapsed();
    let mut times = Vec::new();
    for person in practising {
        times.extend(person.await??);
    }
    server.stop().await?;
    println!(
        "{PEOPLE} rehearsals at once by {} accounts (signed in within {:.1} s), {} turns in {SECONDS} s; the machine's load at the end: {}",
        accounts.len().min(PEOPLE),
        signed_in.as_secs_f64(),
        times.len(),
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()
    );
    let mut report = Report::default();
    let note = format!("median {:.1} ms", percentile(&mut times, 50));
    report.below(
        "a turn on the server, 99th percentile",
        percentile(&mut times, 99),
        TURN_MS_MAX,
        "ms",
        &note,
    );
    report.finish()
}

/// One person: speaks, reads, thinks, and begins again when the customer has gone. Milliseconds of each turn.
async fn one(mut client: Client, words: Words, mut rng: ChaCha8Rng) -> Result<Vec<f64>> {
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let mut times = Vec::new();
    let mut place: Option<(String, String)> = None;
    loop {
        tokio::time::sleep(Duration::from_millis(rng.random_range(THOUGHT_MS))).await;
        if Instant::now() >= until {
            // Not left in progress, so that the same centre can be used again.
            if let Some((rehearsal, _)) = place {
                client.post(&format!("{rehearsal}/give-up"), "").await?;
            }
            return Ok(times);
        }
        let (rehearsal, turn) = match place.take() {
            Some(place) => place,
            None => begin(&mut client, &words).await?,
        };
        let sentence = words.sentences.choose(&mut rng).map_or("", String::as_str);
        let form = format!("turn={turn}&text={}", encoded(sentence));
        let started = Instant::now();
        let answer = client.post_with(&format!("{rehearsal}/say"), &form, PART).await?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        ensure!(answer.status == 200, "{rehearsal}/say answers {}", answer.status);
        // Without a number to come the rehearsal is over.
        place = answer.value("turn").map(|turn| (rehearsal, turn));
    }
}

async fn begin(client: &mut Client, words: &Words) -> Result<(String, String)> {
    let begun = client
        .post(&format!("/scenarios/{}/rehearse", words.scenario), &format!("lang={}", words.lang))
        .await?;
    let rehearsal = begun.location.clone().with_context(|| format!("beginning answers {}", begun.status))?;
    let page = client.get(&rehearsal).await?;
    let turn = page.value("turn").with_context(|| format!("{rehearsal} answers {}", page.status))?;
    Ok((rehearsal, turn))
}

fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        // Writing to a string cannot fail.
        let _ = write!(encoded, "%{byte:02X}");
    }
    encoded
}
