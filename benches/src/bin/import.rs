//! Importing a million conversations into SQLite, and the list's answers over them.
//!
//! `cargo xtask bench import [-- --count N] [--data DIR]`: conversations of 20 turns are made as the import reads them,
//! never held; they go through the ordinary import and the ordinary jobs that index them. Then each single filter of
//! the list, and full-text search, is asked many times with values drawn at random. `--data` keeps the folder; one that
//! holds a database already is asked alone.

use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use audit::By;
use benches::{Report, memory_mb, option, percentile, size_mb};
use conversations::api::{
    BatchId, BatchKind, ConversationFilter, ConversationSort, Conversations, Direction, ImportOptions,
    ImportRequest, ListRequest, Whose,
};
use kernel::{Day, Env, PersonId, Scope, UnitId};
use people::api::{Lookup, People, UnitKind, Wanted, WantedAgent};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const COUNT: usize = 1_000_000;
const SEED: u64 = 20_260_101;
const TURNS: usize = 20;
/// How often each question is asked, unless the answers take longer than this in all.
const DRAWS: usize = 200;
const DRAWING_MAX: Duration = Duration::from_secs(20);
/// Rows of one page of the list.
const ROWS: usize = 50;
const MEMORY_MB_MAX: f64 = 500.0;
const ANSWER_MS_MAX: f64 = 50.0;
/// Lists count up to here; beyond they say “10 000+”.
const COUNTED_MAX: u64 = 10_000;

const AGENTS: usize = 400;
const TEAMS: usize = 20;
const QUEUES: usize = 24;
const LINES: usize = 4;
const DISPOSITIONS: usize = 37;
/// One conversation of so many changes hands.
const HANDED_OVER_EVERY: usize = 30;
/// Conversations begin within this year.
const YEAR: i16 = 2026;

const CHINESE: [&str; 20] = [
    "您好，很高兴为您服务，请问有什么可以帮您",
    "我家的宽带从昨天晚上开始就上不去了，你们能不能快点处理",
    "非常理解您着急的心情，我马上为您核实一下",
    "请问您的宽带账号是多少呢",
    "账号是零二一开头的那个",
    "好的，我这边查到您所在区域正在抢修，预计今天下午六点前恢复",
    "能不能给我减免几天的费用",
    "可以为您申请两天的减免，稍后会有短信通知",
    "那行吧，谢谢",
    "不客气，请问还有其他可以帮您的吗",
    "没有了",
    "感谢您的来电，祝您生活愉快，再见",
    "这个月的账单为什么比上个月多了三十块钱",
    "我帮您看一下，多出来的是一个流量包，上个月二十号开通的",
    "我没有开通过，这个要给我退掉",
    "已经为您办理退订，下个月起不再扣费",
    "你们的营业厅几点关门",
    "营业厅的时间是上午九点到下午五点半，周末照常",
    "手机信号在小区里一直很差，电话经常打不通",
    "我为您登记一个工单，工程师会在四十八小时内联系您",
];
const ENGLISH: [&str; 12] = [
    "Good morning, thank you for calling, how may I help you",
    "My broadband has been down since last night and I work from home",
    "I am sorry to hear that, let me check the line for you",
    "Could you tell me the account number please",
    "There is a repair going on in your area, it should be done by six",
    "Can I get a refund for the days without service",
    "I can arrange a credit of two days on your next invoice",
    "Alright, thanks",
    "Is there anything else I can do for you",
    "No, that is all",
    "The roaming charges on my bill look wrong",
    "I will open a ticket and an engineer will call you back",
];
/// Said once in some thousand conversations.
const RARE: [&str; 4] = ["光纤熔接", "携号转网", "chargeback", "tethering"];
/// One conversation of so many holds one of [`RARE`].
const RARE_EVERY: usize = 1_500;

#[tokio::main]
async fn main() -> Result<()> {
    let count =
        option("--count")?.map_or(Ok(COUNT), |text| text.parse()).context("--count needs a number")?;
    let kept = option("--data")?.map(PathBuf::from);
    let folder = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("bench-import-{}", std::process::id())));
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(count, &folder).await;
    if kept.is_none() {
        std::fs::remove_dir_all(&folder)?;
    }
    outcome
}

async fn measure(count: usize, folder: &Path) -> Result<()> {
    let mut report = Report::default();
    let env = Env::system();
    let db = store::Db::open(&folder.join("lianbing.db").display().to_string(), &env).await?;
    db.migrate(&[store::MIGRATIONS, jobs::MIGRATIONS, people::MIGRATIONS, conversations::MIGRATIONS]).await?;
    let people = People::open(&db).await?;
    let agent = |n: usize| WantedAgent {
        number: number(n),
        team: Some(format!("t{}", n % TEAMS)),
        site: Some(site(n)),
        since: Day::parse(&format!("{YEAR}-01-01")),
        ..WantedAgent::default()
    };
    let wanted = Wanted { agents: (0..AGENTS).map(agent).collect(), ..Wanted::default() };
    people.ensure_now(&By::SYSTEM, &wanted).await?;
    let service = Conversations::new(db.clone(), people.clone(), folder);
    if let Some(known) = service.batches(Whose::All, None, 1).await?.first() {
        let lookup = people.lookup().await?;
        ask(&service, &lookup, known.id, &mut report).await?;
        return report.finish();
    }
    let batch = import(&service, count, &mut report).await?;
    db.checkpoint().await?;
    Report::figure("database", size_mb(&folder.join("lianbing.db")), "MB", "");
    let started = Instant::now();
    conversations::with_jobs(jobs::Runner::new(db.clone()), &service).run_to_empty().await?;
    let seconds = started.elapsed().as_secs_f64();
    Report::figure("indexed", count as f64 / seconds, "/s", &format!("in {seconds:.0} s"));
    Report::figure("search index", size_mb(&folder.join("search")), "MB", "");
    let peak = memory_mb("VmHWM").unwrap_or_default();
    let own = memory_mb("RssAnon").unwrap_or_default();
    Report::figure(
        "peak memory with indexing, mapped files in it",
        peak,
        "MB",
        &format!("{own:.0} MB its own now"),
    );
    let lookup = people.lookup().await?;
    ask(&service, &lookup, batch, &mut report).await?;
    report.finish()
}

fn number(agent: usize) -> String {
    (1000 + agent).to_string()
}

/// Teams are of one site each.
fn site(agent: usize) -> String {
    format!("s{}", agent % TEAMS % 2)
}

async fn import(service: &Conversations, count: usize, report: &mut Report) -> Result<BatchId> {
    println!("importing {count} conversations of {TURNS} turns");
    let request = ImportRequest {
        kind: BatchKind::Command,
        name: "generated.jsonl".to_owned(),
        bytes_total: None,
        options: ImportOptions::default(),
        resume: None,
    };
    let reader = Generated { rng: ChaCha8Rng::seed_from_u64(SEED), next: 0, count, line: Vec::new(), at: 0 };
    let started = Instant::now();
    let mut told = 0;
    let progress = |batch: &conversations::api::Batch| {
        if batch.counts.added / 100_000 > told {
            told = batch.counts.added / 100_000;
            eprintln!("  {} after {:.0} s", batch.counts.added, started.elapsed().as_secs_f64());
        }
        ControlFlow::Continue(())
    };
    let batch = service.import_stream(&By::SYSTEM, reader, request, progress).await?;
    let seconds = started.elapsed().as_secs_f64();
    anyhow::ensure!(
        batch.counts.added == count as u64 && batch.counts.rejected == 0,
        "{} went in and {} were rejected",
        batch.counts.added,
        batch.counts.rejected
    );
    Report::figure("imported", count as f64 / seconds, "/s", &format!("in {seconds:.0} s"));
    let peak = memory_mb("VmHWM").context("/proc/self/status does not tell the peak of memory")?;
    report.below("peak memory of the import", peak, MEMORY_MB_MAX, "MB", "");
    Ok(batch.id)
}

/// The import file, made as it is read.
struct Generated {
    rng: ChaCha8Rng,
    next: usize,
    count: usize,
    line: Vec<u8>,
    at: usize,
}

impl Read for Generated {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() {
            if self.next == self.count {
                return Ok(0);
            }
            self.line.clear();
            self.at = 0;
            self.make()?;
            self.next += 1;
        }
        let rest = self.line.get(self.at..).unwrap_or_default();
        let n = rest.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

impl Generated {
    fn make(&mut self) -> std::io::Result<()> {
        let (n, rng, line) = (self.next, &mut self.rng, &mut self.line);
        let agent = rng.random_range(0..AGENTS);
        let started = format!(
            "{YEAR}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00",
            rng.random_range(1..=12),
            rng.random_range(1..=28),
            rng.random_range(0..24),
            rng.random_range(0..60),
            rng.random_range(0..60)
        );
        write!(
            line,
            "{{\"id\":\"c{n}\",\"source\":\"generated\",\"started_at\":\"{started}\",\"agent\":\"{}\",\"site\":\"{}\",\"queue\":\"q{}\",\"line_of_business\":\"l{}\",\"channel\":\"{}\",\"direction\":\"{}\",\"disposition\":\"d{}\",\"turns\":[",
            number(agent),
            site(agent),
            rng.random_range(0..QUEUES),
            rng.random_range(0..LINES),
            CHANNELS[usize::from(rng.random_ratio(1, 11))],
            if rng.random_ratio(1, 6) { "outbound" } else { "inbound" },
            rng.random_range(0..DISPOSITIONS)
        )?;
        let sentences: &[&str] = if n.is_multiple_of(10) { &ENGLISH } else { &CHINESE };
        let pace = rng.random_range(2..30);
        let rare = n.is_multiple_of(RARE_EVERY).then(|| RARE[n / RARE_EVERY % RARE.len()]);
        let second = n.is_multiple_of(HANDED_OVER_EVERY).then(|| rng.random_range(0..AGENTS));
        for turn in 0..TURNS {
            let said = sentences.choose(rng).copied().unwrap_or_default();
            let role = ["agent", "customer"][turn % 2];
            let comma = if turn == 0 { "" } else { "," };
            let participant = match (turn % 2, second) {
                (0, Some(second)) => {
                    format!("\"participant\":\"{}\",", number(if turn < TURNS / 2 { agent } else { second }))
                }
                _ => String::new(),
            };
            let extra = rare.filter(|_| turn == 7).map(|word| format!(" {word}")).unwrap_or_default();
            write!(
                line,
                "{comma}{{{participant}\"role\":\"{role}\",\"t\":{},\"text\":\"{said}{extra} {}\"}}",
                turn * pace,
                rng.random_range(0..100_000)
            )?;
        }
        line.extend(b"]}\n");
        Ok(())
    }
}

const CHANNELS: [&str; 2] = ["call", "chat"];

/// One question: its name, and how to draw its filter.
type Draw<'a> = (&'static str, Box<dyn Fn(&mut ChaCha8Rng) -> ConversationFilter + 'a>);

fn draws(lookup: &Lookup, batch: BatchId) -> Vec<Draw<'_>> {
    fn one<T: Copy>(all: &[T], rng: &mut ChaCha8Rng) -> Vec<T> {
        all.choose(rng).copied().into_iter().collect()
    }
    let none = ConversationFilter::default;
    let people: Vec<PersonId> = lookup.people().map(|person| person.id).collect();
    let units = |kind| lookup.units().filter(move |unit| unit.kind == kind).map(|unit| unit.id);
    let (sites, teams): (Vec<UnitId>, Vec<UnitId>) =
        (units(UnitKind::Site).collect(), units(UnitKind::Team).collect());
    let queues: Vec<_> = lookup.queues().iter().map(|queue| queue.id).collect();
    let lines: Vec<_> = lookup.lines_of_business().iter().map(|line| line.id).collect();
    let search = |words: &'static [&'static str]| {
        move |rng: &mut ChaCha8Rng| ConversationFilter {
            query: words.choose(rng).map(|words| (*words).to_owned()),
            ..none()
        }
    };
    let day = |rng: &mut ChaCha8Rng| {
        Day::parse(&format!("{YEAR}-{:02}-{:02}", rng.random_range(1..=12), rng.random_range(1..=28)))
    };
    vec![
        ("no filter", Box::new(move |_| none())),
        ("agent", Box::new(move |rng| ConversationFilter { agents: one(&people, rng), ..none() })),
        ("team", Box::new(move |rng| ConversationFilter { teams: one(&teams, rng), ..none() })),
        ("site", Box::new(move |rng| ConversationFilter { sites: one(&sites, rng), ..none() })),
        ("queue", Box::new(move |rng| ConversationFilter { queues: one(&queues, rng), ..none() })),
        ("line of business", Box::new(move |rng| ConversationFilter { lines: one(&lines, rng), ..none() })),
        (
            "channel, one that nobody used among them",
            Box::new(move |rng| {
                let channels = one(&["call", "chat", "mail"], rng);
                ConversationFilter { channels: channels.into_iter().map(str::to_owned).collect(), ..none() }
            }),
        ),
        (
            "direction",
            Box::new(move |rng| ConversationFilter {
                direction: Direction::ALL.choose(rng).copied(),
                ..none()
            }),
        ),
        (
            "disposition",
            Box::new(move |rng| ConversationFilter {
                dispositions: vec![format!("d{}", rng.random_range(0..DISPOSITIONS))],
                ..none()
            }),
        ),
        (
            "one day",
            Box::new(move |rng| {
                let day = day(rng);
                ConversationFilter { from: day, to: day, ..none() }
            }),
        ),
        ("from a day on", Box::new(move |rng| ConversationFilter { from: day(rng), ..none() })),
        ("up to a day", Box::new(move |rng| ConversationFilter { to: day(rng), ..none() })),
        (
            "at least so long",
            Box::new(move |rng| ConversationFilter {
                duration_min_s: Some(rng.random_range(0..700)),
                ..none()
            }),
        ),
        (
            "at most so long",
            Box::new(move |rng| ConversationFilter {
                duration_max_s: Some(rng.random_range(0..700)),
                ..none()
            }),
        ),
        ("dated or undated", Box::new(move |rng| ConversationFilter { dated: Some(rng.random()), ..none() })),
        ("import", Box::new(move |_| ConversationFilter { batch: Some(batch), ..none() })),
        (
            "search: Chinese, frequent words",
            Box::new(search(&["宽带", "减免费用", "账单", "营业厅 周末", "谢谢"])),
        ),
        ("search: Chinese, a phrase", Box::new(search(&["“申请两天的减免”", "“工程师会在四十八小时内”"]))),
        ("search: Chinese, rare words", Box::new(search(&["光纤熔接", "携号转网"]))),
        ("search: Chinese, one character", Box::new(search(&["宽", "退", "账"]))),
        (
            "search: English, frequent words",
            Box::new(search(&["broadband", "refund invoice", "engineer ticket"])),
        ),
        ("search: English, a phrase", Box::new(search(&["\"roaming charges\"", "\"call you back\""]))),
        ("search: English, rare words", Box::new(search(&["chargeback", "tethering"]))),
        (
            "search: a number, or an id",
            Box::new(move |rng| {
                let n = rng.random_range(0..100_000);
                let query = if rng.random() { format!("c{n}") } else { n.to_string() };
                ConversationFilter { query: Some(query), ..none() }
            }),
        ),
    ]
}

async fn ask(service: &Conversations, lookup: &Lookup, batch: BatchId, report: &mut Report) -> Result<()> {
    println!("the list's first page with its count, 99th percentile of {DRAWS} draws each");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for (name, draw) in draws(lookup, batch) {
        let (mut times, mut most) = (Vec::with_capacity(DRAWS), 0);
        let began = Instant::now();
        while times.len() < DRAWS && began.elapsed() < DRAWING_MAX {
            let filter = draw(&mut rng);
            let (ms, total) = answer(service, &Scope::everything(), filter).await?;
            times.push(ms);
            most = most.max(total);
        }
        tell(report, name, &mut times, most);
    }
    let people: Vec<PersonId> = lookup.people().map(|person| person.id).collect();
    let teams: Vec<UnitId> =
        lookup.units().filter(|unit| unit.kind == UnitKind::Team).map(|unit| unit.id).collect();
    for (name, own) in [("an agent's own", true), ("a leader's team", false)] {
        let (mut times, mut most) = (Vec::with_capacity(DRAWS), 0);
        let began = Instant::now();
        while times.len() < DRAWS && began.elapsed() < DRAWING_MAX {
            let scope = match (own, people.choose(&mut rng), teams.choose(&mut rng)) {
                (true, Some(person), _) => Scope::own(*person),
                (false, _, Some(team)) => Scope::units([*team].into()),
                _ => Scope::everything(),
            };
            let (ms, total) = answer(service, &scope, ConversationFilter::default()).await?;
            times.push(ms);
            most = most.max(total);
        }
        tell(report, name, &mut times, most);
    }
    Ok(())
}

fn tell(report: &mut Report, name: &str, times: &mut [f64], most: u64) {
    let median = percentile(times, 50);
    let found = if most > COUNTED_MAX { "10 000+".to_owned() } else { most.to_string() };
    report.below(
        name,
        percentile(times, 99),
        ANSWER_MS_MAX,
        "ms",
        &format!("median {median:.1} ms, {found} found"),
    );
}

/// Milliseconds of one answer, and how many there are.
async fn answer(service: &Conversations, scope: &Scope, filter: ConversationFilter) -> Result<(f64, u64)> {
    let request =
        ListRequest { filter, sort: ConversationSort::Newest, after: None, limit: ROWS, counts: true };
    let started = Instant::now();
    let page =
        service.list(scope, &request).await.map_err(|fail| anyhow::anyhow!("the list failed: {fail:?}"))?;
    Ok((started.elapsed().as_secs_f64() * 1e3, page.total))
}
