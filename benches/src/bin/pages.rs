//! The demo centre with 50 people clicking: time of every page, first load, start of the server, making of the centre.
//!
//! `cargo xtask bench pages [-- --data DIR] [--seconds N]`: makes the demo centre in DIR, or uses the one that is there,
//! and serves it from this process. People of all roles sign in, and each opens one page of their menu after the other,
//! with some seconds of thought between. Times are the client's over loopback, from the first byte sent to the
//! last received, so they hold the server's own and the client's share of the same cores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use benches::http::{Answer, Client};
use benches::server::{SEED, Server, make_centre};
use benches::{Report, option, percentile};
use identity::Account;
use kernel::{AccountId, Role};
use lianbing::config::Config;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const PEOPLE: usize = 50;
/// Of these, how many work with more than their own conversations.
const LEADERS: usize = 20;
/// Thought between two clicks, milliseconds.
const THOUGHT_MS: std::ops::Range<u64> = 2_000..6_000;
const SECONDS: u64 = 180;
const PAGE_MS_MAX: f64 = 25.0;
const FIRST_LOAD_KB_MAX: f64 = 300.0;
const START_S_MAX: f64 = 1.0;
const DEMO_S_MAX: f64 = 60.0;
/// Clicks of which the cause is looked for.
const SLOWEST_SHOWN: usize = 30;

/// Pages by their addresses; `{}` stands for a value of the link behind it.
const PAGES: [(&str, &str); 22] = [
    ("today", "/"),
    ("conversations", "/conversations"),
    ("conversations: channel", "/conversations?channel=chat"),
    ("conversations: duration", "/conversations?min_s=300&sort=-duration"),
    ("conversations: search", "/conversations?q=%E5%AE%BD%E5%B8%A6"),
    ("conversations: search, two words", "/conversations?q=%E9%80%80%E8%B4%B9%20%E6%8A%95%E8%AF%89"),
    ("imports", "/conversations/imports"),
    ("uptake map", "/uptake"),
    ("uptake map: teams", "/uptake?by=team"),
    ("uptake map: queues, 12 weeks", "/uptake?by=queue&weeks=12"),
    ("uptake map: people, 12 weeks", "/uptake?weeks=12"),
    ("gaps", "/gaps"),
    ("behaviours", "/behaviours"),
    ("people", "/people"),
    ("units", "/units"),
    ("queues and skills", "/structure"),
    ("own account", "/account"),
    ("accounts", "/admin/accounts"),
    ("roles", "/admin/roles"),
    ("roles: table", "/admin/roles/matrix"),
    ("jobs", "/admin/jobs"),
    ("audit log", "/admin/audit"),
];

/// Pages that one reaches by a link on another: name, page with the links, how they begin, what must be in them, what
/// comes behind.
const BEHIND: [(&str, &str, &str, &str, &str); 9] = [
    ("one conversation", "/conversations", "/conversations/", "-", ""),
    ("conversations: agent", "/conversations", "?agent=", "", ""),
    ("conversations: queue", "/conversations", "?queue=", "", ""),
    ("uptake map: one team", "/uptake", "?team=", "", ""),
    ("uptake map: one line of business", "/uptake", "?line_of_business=", "", ""),
    ("conversations behind a gap", "/gaps", "/conversations?", "selection=", ""),
    ("one behaviour", "/behaviours", "/behaviours/", "_", ""),
    ("one rule in the editor", "/behaviours", "/behaviours/", "_", "/edit"),
    ("one person", "/people", "/people/", "-", ""),
];

#[tokio::main]
async fn main() -> Result<()> {
    let seconds =
        option("--seconds")?.map_or(Ok(SECONDS), |text| text.parse()).context("--seconds needs a number")?;
    let kept = option("--data")?.map(PathBuf::from);
    let folder = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("bench-pages-{}", std::process::id())));
    let outcome = measure(&folder, Duration::from_secs(seconds)).await;
    if kept.is_none() {
        std::fs::remove_dir_all(&folder)?;
    }
    outcome
}

async fn measure(folder: &Path, duration: Duration) -> Result<()> {
    let mut report = Report::default();
    let config = Config { data: folder.to_owned(), ..Config::default() };
    if config.data.join("lianbing.db").exists() {
        println!("using the centre in {}", folder.display());
    } else {
        let started = Instant::now();
        make_centre(&config).await?;
        let server = Server::start(&config).await?;
        server.ready().await?;
        report.below("demo centre ready to click", started.elapsed().as_secs_f64(), DEMO_S_MAX, "s", "");
        server.stop().await?;
    }
    let started = Instant::now();
    let server = Server::start(&config).await?;
    server.ready().await?;
    report.below(
        "server start on an existing database",
        started.elapsed().as_secs_f64(),
        START_S_MAX,
        "s",
        "",
    );
    let people = sign_in(&server).await?;
    first_loads(&people, &mut report).await?;
    let clicks = click(people, duration).await?;
    server.stop().await?;
    println!(
        "{PEOPLE} people, {} clicks in {} s; the machine's load at the end: {}",
        clicks.len(),
        duration.as_secs(),
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()
    );
    slowest(&clicks);
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for click in &clicks {
        times.entry(&click.page).or_default().push(click.ms);
    }
    for (name, mut times) in times {
        let note = format!("median {:.1} ms, {} clicks", percentile(&mut times, 50), times.len());
        report.below(name, percentile(&mut times, 99), PAGE_MS_MAX, "ms", &note);
    }
    report.finish()
}

/// Who clicks: people of all roles, most of them agents.
fn chosen(accounts: &[Account]) -> Result<Vec<AccountId>> {
    let is_agent = |account: &&Account| account.grants.iter().all(|grant| grant.role == Role::Agent.name());
    let (agents, others): (Vec<_>, Vec<_>) = accounts.iter().partition(is_agent);
    let mut others: Vec<_> = others
        .into_iter()
        .map(|account| (account.grants.first().map(|g| g.role.clone()), account.id))
        .collect();
    // One of each role before a second of any.
    let mut taken: BTreeMap<_, usize> = BTreeMap::new();
    others.sort_by_cached_key(|(role, id)| {
        let nth = taken.entry(role.clone()).or_default();
        *nth += 1;
        (*nth, *id)
    });
    let others = others.into_iter().map(|(_, id)| id).take(LEADERS);
    let all: Vec<AccountId> =
        others.chain(agents.into_iter().map(|account| account.id)).take(PEOPLE).collect();
    anyhow::ensure!(all.len() == PEOPLE, "the centre has {} accounts, {PEOPLE} are needed", all.len());
    Ok(all)
}

/// Somebody at a browser, and the pages they may open.
struct Person {
    client: Client,
    pages: Vec<(String, Vec<String>)>,
}

/// Signs everybody in and looks which pages they have.
async fn sign_in(server: &Server) -> Result<Vec<Person>> {
    let mut people = Vec::with_capacity(PEOPLE);
    for account in chosen(&server.accounts)? {
        let mut client = server.enter(account).await?;
        let (mut pages, mut seen) = (Vec::new(), BTreeMap::new());
        for (name, address) in PAGES {
            let answer = client.get(address).await?;
            if answer.status == 200 {
                pages.push((name.to_owned(), vec![address.to_owned()]));
                seen.insert(address, answer.links());
            }
            anyhow::ensure!(answer.status < 500, "{address} answers {}", answer.status);
        }
        for (name, page, begin, within, behind) in BEHIND {
            let Some((links, choices)) = seen.get(page) else { continue };
            let found: Vec<String> = match begin.strip_prefix('?').and_then(|key| key.strip_suffix('=')) {
                Some(key) => {
                    let values = choices.get(key).into_iter().flatten();
                    values.map(|value| format!("{page}?{key}={value}")).collect()
                }
                None => links
                    .iter()
                    .filter(|link| link.strip_prefix(begin).is_some_and(|rest| rest.contains(within)))
                    .map(|link| format!("{link}{behind}"))
                    .collect(),
            };
            let mut open = Vec::new();
            // One look tells whether the kind is open to this person; all links of it then are.
            if let Some(first) = found.first()
                && client.get(first).await?.status == 200
            {
                open = found;
            }
            if !open.is_empty() {
                pages.push((name.to_owned(), open));
            }
        }
        people.push(Person { client, pages });
    }
    let reached = |name: &str| people.iter().any(|person| person.pages.iter().any(|(page, _)| page == name));
    let all = PAGES.iter().map(|(name, _)| *name).chain(BEHIND.iter().map(|(name, ..)| *name));
    let missing: Vec<&str> = all.filter(|name| !reached(name)).collect();
    anyhow::ensure!(missing.is_empty(), "nobody can open: {}", missing.join(", "));
    Ok(people)
}

/// What a browser fetches that opens a page for the first time: the page and every asset it names.
async fn first_loads(people: &[Person], report: &mut Report) -> Result<()> {
    let (mut most, mut heaviest) = (0, String::new());
    // Who sees more has the heavier page: those with the most pages come first, and each page counts once.
    let mut people: Vec<&Person> = people.iter().collect();
    people.sort_by_key(|person| std::cmp::Reverse(person.pages.len()));
    let mut seen = BTreeSet::new();
    for person in people {
        let mut client = Client::new(person.client.address);
        client.cookie.clone_from(&person.client.cookie);
        for (name, addresses) in &person.pages {
            let Some(address) = addresses.first().filter(|_| seen.insert(name)) else { continue };
            let assets = client.get(address).await?.assets();
            let mut bytes = client.get_compressed(address).await?.wire_bytes;
            for asset in assets {
                bytes += client.get_compressed(&asset).await?.wire_bytes;
            }
            if bytes > most {
                (most, heaviest) = (bytes, name.clone());
            }
        }
    }
    let note = format!("the heaviest page, {heaviest}, with its assets");
    report.below("first load over the wire", most as f64 / 1e3, FIRST_LOAD_KB_MAX, "KB", &note);
    Ok(())
}

/// A click and its answer.
#[derive(Debug)]
struct Click {
    page: String,
    address: String,
    /// Since the clicking began.
    began_ms: f64,
    /// Until the last byte was there.
    ms: f64,
}

impl Click {
    fn overlaps(&self, other: &Click) -> bool {
        self.began_ms < other.began_ms + other.ms && other.began_ms < self.began_ms + self.ms
    }
}

/// Prints the slowest clicks, each with what else was asked for meanwhile.
fn slowest(clicks: &[Click]) {
    let mut slow: Vec<&Click> = clicks.iter().filter(|click| click.ms >= PAGE_MS_MAX).collect();
    slow.sort_by(|a, b| b.ms.total_cmp(&a.ms));
    println!(
        "{} clicks took {PAGE_MS_MAX} ms or more; the slowest, and what was asked for meanwhile:",
        slow.len()
    );
    for click in slow.iter().take(SLOWEST_SHOWN) {
        let meanwhile = clicks.iter().filter(|other| !std::ptr::eq(*other, *click) && other.overlaps(click));
        let meanwhile: Vec<String> =
            meanwhile.map(|other| format!("{} {:.0}", other.page, other.ms)).collect();
        println!(
            "  at {:>7.1} s {:>6.1} ms {} {} | {}",
            click.began_ms / 1e3,
            click.ms,
            click.page,
            click.address,
            meanwhile.join(", ")
        );
    }
}

/// Everybody clicks.
async fn click(people: Vec<Person>, duration: Duration) -> Result<Vec<Click>> {
    let began = Instant::now();
    let mut clicking = Vec::new();
    for (n, person) in people.into_iter().enumerate() {
        let rng = ChaCha8Rng::seed_from_u64(SEED + n as u64);
        clicking.push(tokio::spawn(one_person(person, rng, began, duration)));
    }
    let mut clicks = Vec::new();
    for one in clicking {
        clicks.extend(one.await??);
    }
    Ok(clicks)
}

async fn one_person(
    mut person: Person,
    mut rng: ChaCha8Rng,
    began: Instant,
    duration: Duration,
) -> Result<Vec<Click>> {
    let mut clicks = Vec::new();
    loop {
        tokio::time::sleep(Duration::from_millis(rng.random_range(THOUGHT_MS))).await;
        if began.elapsed() >= duration {
            return Ok(clicks);
        }
        let Some((page, addresses)) = person.pages.choose(&mut rng) else { return Ok(clicks) };
        let Some(address) = addresses.choose(&mut rng) else { continue };
        let began_ms = began.elapsed().as_secs_f64() * 1e3;
        let started = Instant::now();
        let Answer { status, .. } = person.client.get_compressed(address).await?;
        let ms = started.elapsed().as_secs_f64() * 1e3;
        anyhow::ensure!(status == 200, "{address} answers {status}");
        clicks.push(Click { page: page.clone(), address: address.clone(), began_ms, ms });
    }
}
