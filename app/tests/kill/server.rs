//! `lianbing serve`, killed while it imports an uploaded file, inspects, and takes conversations from a machine.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use store::{Ask, sql};

use crate::{
    Kills,
    http::{Answer, ask},
    input::{self, Input},
    program,
    state::{self, after_kill, check_whole, wait},
};

/// Conversations of one file: several chunks.
const CONVERSATIONS: usize = 1_300;
/// Kills in one folder before the server may finish. Each life gets a file of its own: the job of the file
/// before waits for its lease.
const KILLS_PER_WORLD: usize = 5;
/// How many conversations two files have in common.
const SHARED: usize = 300;
/// Conversations that the machine sends at once, and where their numbers begin.
const SENT_AT_ONCE: usize = 40;
const SENT_FROM: usize = 1_000_000;
const SENT_PAUSE: Duration = Duration::from_millis(150);
/// Longer than any honest start, and than all work of one folder.
const START_MAX: Duration = Duration::from_mins(1);
const WORK_MAX: Duration = Duration::from_mins(5);

const NAME: &str = "root";
const PASSWORD: &str = "correct horse battery staple";

/// How long a server takes for one file that nobody disturbs.
static SPAN: OnceLock<Duration> = OnceLock::new();

/// One life of a server.
struct Life {
    child: Child,
    address: String,
}

impl Life {
    fn start(folder: &Path) -> Life {
        let errors = File::options().create(true).append(true).open(folder.join("server.log")).unwrap();
        let mut command = program(folder);
        command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::from(errors));
        let began = Instant::now();
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(began.elapsed() < START_MAX);
        let address = line.trim().strip_prefix("http://").map(str::to_owned);
        let address = address.unwrap_or_else(|| panic!("the server did not start: {}", log(folder)));
        Life { child, address }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("server.log")).unwrap_or_default()
}

/// Everything one folder was told, and what it answered.
struct World {
    folder: tempfile::TempDir,
    token: String,
    uploader: Uploader,
    sender: Sender,
}

/// Somebody at the page of imports.
struct Uploader {
    cookie: String,
    /// A file that is not acknowledged yet.
    file: Option<Input>,
    /// Those that are.
    uploads: Vec<Upload>,
}

/// An acknowledged upload.
struct Upload {
    /// Its page.
    page: String,
    file: Input,
    /// Whether the request to import it was acknowledged too.
    is_begun: bool,
}

impl Uploader {
    /// Does what is left to do, until the server is gone.
    fn work(&mut self, address: &str) -> std::io::Result<()> {
        self.begin(address)?;
        if let Some(file) = &self.file {
            let mut body =
                b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"week.jsonl\"\r\n\r\n"
                    .to_vec();
            body.extend_from_slice(&std::fs::read(&file.path)?);
            body.extend_from_slice(b"\r\n--edge--\r\n");
            let kind = "multipart/form-data; boundary=edge";
            let answer = post(address, &self.cookie, "/conversations/import", kind, &body)?;
            let page = answer.header("location").unwrap_or_else(|| panic!("{answer:?}")).to_owned();
            let file = self.file.take().unwrap();
            self.uploads.push(Upload { page, file, is_begun: false });
        }
        self.begin(address)
    }

    fn begin(&mut self, address: &str) -> std::io::Result<()> {
        for upload in self.uploads.iter_mut().filter(|upload| !upload.is_begun) {
            let answer = post(address, &self.cookie, &upload.page, FORM, b"create_unknown=1")?;
            assert_eq!(answer.status, 303, "{}", answer.body);
            upload.is_begun = true;
        }
        Ok(())
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn post(address: &str, cookie: &str, path: &str, kind: &str, body: &[u8]) -> std::io::Result<Answer> {
    ask(address, "POST", path, &[("cookie", cookie), ("content-type", kind)], body)
}

/// A machine that sends parcels of conversations.
#[derive(Default)]
struct Sender {
    parcels: usize,
    /// Ids that were answered, by number.
    answered: Vec<(usize, String)>,
}

impl Sender {
    /// Sends parcels until the server is gone. The one without an answer comes again, with the same key.
    fn send(&mut self, address: &str, token: &str) {
        while self.send_one(address, token).is_ok() {
            std::thread::sleep(SENT_PAUSE);
        }
    }

    fn send_one(&mut self, address: &str, token: &str) -> std::io::Result<()> {
        let (bearer, key) = (format!("Bearer {token}"), format!("parcel-{}", self.parcels));
        let numbers = SENT_FROM + self.parcels * SENT_AT_ONCE..;
        let rows: Vec<String> = numbers.clone().take(SENT_AT_ONCE).map(input::conversation).collect();
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", key.as_str())];
        let answer = ask(address, "POST", "/api/v1/conversations", &headers, rows.join("\n").as_bytes())?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answers: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let items = answers["items"].as_array().unwrap();
        assert_eq!(items.len(), SENT_AT_ONCE, "{}", answer.body);
        let ids = items.iter().map(|item| item["id"].as_str().unwrap().to_owned());
        self.answered.extend(numbers.zip(ids));
        self.parcels += 1;
        Ok(())
    }
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let mut life = Life::start(folder.path());
        let form = format!("name={NAME}&password={0}&again={0}", PASSWORD.replace(' ', "+"));
        let answer = post(&life.address, "", "/set-up", FORM, form.as_bytes()).unwrap();
        let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("{answer:?}"));
        let cookie = cookie.split(';').next().unwrap().to_owned();
        life.kill();
        let mut command = program(folder.path());
        let made = command.args(["token", "create", "--account", NAME, "--write"]).output().unwrap();
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        assert!(!token.is_empty(), "{}", String::from_utf8_lossy(&made.stderr));
        let uploader = Uploader { cookie, file: None, uploads: Vec::new() };
        World { folder, token, uploader, sender: Sender::default() }
    }

    /// Makes the next file, if the one before is acknowledged.
    fn next_file(&mut self, dice: &mut ChaCha8Rng) {
        if self.uploader.file.is_none() {
            let n = self.uploader.uploads.len();
            let path = self.folder.path().join(format!("{n}.jsonl"));
            self.uploader.file = Some(input::file(path, numbers_of_file(n), dice));
        }
    }

    /// Lets a server work for a while, then kills it.
    fn live(&mut self, time: Duration) {
        let mut life = Life::start(self.folder.path());
        std::thread::scope(|threads| {
            let address = life.address.as_str();
            threads.spawn(|| {
                // What is left when the server is gone is done in its next life.
                let _ = self.uploader.work(address);
            });
            threads.spawn(|| self.sender.send(address, &self.token));
            std::thread::sleep(time);
            life.child.kill().unwrap();
        });
        life.kill();
    }

    /// Waits until nothing is left to do.
    fn settle(&self) -> Duration {
        let began = Instant::now();
        loop {
            let state = state::of_running(self.folder.path());
            if state.imports > 0 && !state.is_midway() {
                return began.elapsed();
            }
            assert!(began.elapsed() < WORK_MAX, "work does not end: {state:?}\n{}", log(self.folder.path()));
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    /// What was acknowledged is there, once, and no file is left behind.
    fn check(&self) {
        let uploads = &self.uploader.uploads;
        let numbers: BTreeSet<usize> = (0..uploads.len())
            .flat_map(numbers_of_file)
            .chain(SENT_FROM..SENT_FROM + self.sender.parcels * SENT_AT_ONCE)
            .collect();
        check_whole(self.folder.path(), numbers.len() as u64);
        wait(async {
            let (_copy, db) = state::copy(self.folder.path()).await.unwrap();
            for Upload { page, file, is_begun } in uploads {
                assert!(is_begun);
                let id: uuid::Uuid = page.rsplit('/').next().unwrap().parse().unwrap();
                let counts = sql!(
                    "SELECT state, added + unchanged AS good, updated, rejected FROM import_batch WHERE id = {}",
                    id
                );
                let read = |row: &store::Row<'_>| {
                    Ok((
                        row.get::<String>("state")?,
                        row.get::<i64>("good")?,
                        row.get::<i64>("updated")?,
                        row.get::<i64>("rejected")?,
                    ))
                };
                let counts = db.first(counts, read).await.unwrap();
                let (good, rejected) = (file.good.cast_signed(), (file.rows - file.good).cast_signed());
                assert_eq!(counts, Some(("done".to_owned(), good, 0, rejected)), "the import {page}");
            }
            for (number, id) in &self.sender.answered {
                let id: uuid::Uuid = id.parse().unwrap();
                let found = sql!(
                    "SELECT COUNT(*) FROM conversation WHERE id = {} AND external_id = {}",
                    id,
                    format!("c{number}")
                );
                let found = db.count(found).await.unwrap();
                assert_eq!(found, 1, "conversation c{number} was acknowledged as {id}");
            }
            // An upload whose answer did not arrive waits for somebody to decide on it.
            let waiting = sql!("SELECT COUNT(*) FROM import_batch WHERE state = 'prepared'");
            let waiting = db.count(waiting).await.unwrap();
            let kept = std::fs::read_dir(self.folder.path().join("data/uploads")).map_or(0, Iterator::count);
            assert_eq!(kept, usize::try_from(waiting).unwrap(), "uploaded files are left behind");
        });
    }
}

/// The conversations of one file: the next begins before its end.
fn numbers_of_file(n: usize) -> std::ops::Range<usize> {
    let from = n * (CONVERSATIONS - SHARED);
    from..from + CONVERSATIONS
}

/// Works without disturbance, and measures it.
fn span() -> Duration {
    *SPAN.get_or_init(|| {
        let mut world = World::new();
        world.next_file(&mut rand::SeedableRng::seed_from_u64(0));
        let mut life = Life::start(world.folder.path());
        world.uploader.work(&life.address).unwrap();
        let span = world.settle();
        life.kill();
        world.check();
        span
    })
}

/// One folder: killed some times, then left alone, then looked at.
pub fn world(dice: &mut ChaCha8Rng, kills: &Kills) {
    let span = span();
    let mut world = World::new();
    for _ in 0..KILLS_PER_WORLD {
        if kills.are_enough() {
            break;
        }
        world.next_file(dice);
        // Some lives end while the file is still arriving.
        let most = if dice.random_ratio(1, 6) { Duration::from_millis(150) } else { span };
        world.live(most.mul_f64(dice.random_range(0.0..0.9)));
        kills.count(after_kill(world.folder.path()).is_some_and(|state| state.is_midway()));
    }
    let mut life = Life::start(world.folder.path());
    world.uploader.work(&life.address).unwrap();
    world.sender.send_one(&life.address, &world.token).unwrap();
    world.settle();
    life.kill();
    world.check();
}
