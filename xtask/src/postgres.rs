//! A PostgreSQL of our own for one run of the tests: made, started, stopped, forgotten.

use crate::{process, server, setup};
use anyhow::{Context, Result, bail};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The variable in which the store's tests look for the server's address.
pub const VARIABLE: &str = "LIANBING_TEST_POSTGRES";

/// The user and the database.
const NAME: &str = "lianbing";

/// Each test makes a database of its own, and each pool opens several connections.
const CONNECTIONS: u32 = 300;

/// A cluster on a slow disk starts within this time.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; dropping it stops it and removes its files.
pub struct Postgres {
    server: Child,
    programs: PathBuf,
    folder: PathBuf,
    account: Option<Account>,
    /// The server's address, with user, password and database.
    pub url: String,
}

/// An unprivileged account: PostgreSQL refuses to run as root.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Makes a cluster and starts a server on it, on a free port of the loopback interface only, under a
    /// password made for this run.
    pub fn start() -> Result<Self> {
        let programs =
            setup::postgres_programs().context("PostgreSQL is not installed: `cargo xtask setup`")?;
        // In the temporary folder, since an unprivileged account often cannot reach the target folder.
        let folder = std::env::temp_dir().join(format!("lianbing-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let account = if setup::is_root() { Some(account()?) } else { None };
        if let Some(account) = account {
            std::os::unix::fs::chown(&folder, Some(account.user), Some(account.group))?;
        }
        let password = password()?;
        initialise(&programs, &folder, account, &password)?;
        let port = server::free_port()?;
        let mut server = unprivileged(&programs.join("postgres"), account);
        server.arg("-D").arg(cluster(&folder)).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", ""]);
        // The cluster is thrown away after the run, so nothing in it needs to survive a power cut.
        for setting in
            ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "logging_collector=off"]
        {
            server.args(["-c", setting]);
        }
        server.args(["-c", &format!("max_connections={CONNECTIONS}")]);
        let log = std::fs::File::create(folder.join("log"))?;
        server.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let server = server.spawn().context("cannot start PostgreSQL")?;
        let url = format!("postgres://{NAME}:{password}@127.0.0.1:{port}/postgres");
        let mut running = Self { server, programs, folder, account, url };
        running.wait()?;
        Ok(running)
    }

    /// Waits until the server says in its lock file that it is ready.
    fn wait(&mut self) -> Result<()> {
        let since = Instant::now();
        let lock = cluster(&self.folder).join("postmaster.pid");
        loop {
            // Line 8 is the server's state, padded with spaces.
            let state = std::fs::read_to_string(&lock).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|state| state.trim() == "ready") {
                return Ok(());
            }
            let ended = self.server.try_wait()?;
            if ended.is_some() || since.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL did not start ({ended:?}):\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = unprivileged(&self.programs.join("pg_ctl"), self.account);
        stop.args(["stop", "-m", "immediate", "-D"]).arg(cluster(&self.folder));
        if !process::succeeds(&mut stop) {
            drop(self.server.kill());
        }
        drop(self.server.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn cluster(folder: &Path) -> PathBuf {
    folder.join("cluster")
}

fn initialise(programs: &Path, folder: &Path, account: Option<Account>, password: &str) -> Result<()> {
    let file = folder.join("password");
    std::fs::write(&file, password)?;
    if let Some(account) = account {
        std::os::unix::fs::chown(&file, Some(account.user), Some(account.group))?;
    }
    let mut initdb = unprivileged(&programs.join("initdb"), account);
    initdb.args(["--username", NAME, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]);
    initdb.args(["--no-sync", "--pwfile"]).arg(&file).arg("--pgdata").arg(cluster(folder));
    process::capture(&mut initdb).map(drop)?;
    std::fs::remove_file(&file)?;
    Ok(())
}

/// A command under the unprivileged account, started where that account may be.
fn unprivileged(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

/// The account that Debian's package makes, or nobody's.
fn account() -> Result<Account> {
    let accounts = std::fs::read_to_string("/etc/passwd").context("cannot read the list of accounts")?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| find_account(&accounts, name))
        .context("root cannot run PostgreSQL, and there is neither an account postgres nor nobody")
}

fn find_account(accounts: &str, name: &str) -> Option<Account> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(Account { user: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
}

/// 128 random bits in hexadecimal.
fn password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn finds_accounts() {
        let accounts = "root:x:0:0:root:/:/bin/sh\npostgres:x:101:104::/var/lib/postgresql:/bin/sh\n";
        let found = super::find_account(accounts, "postgres").unwrap();
        assert_eq!((found.user, found.group), (101, 104));
        assert!(super::find_account(accounts, "nobody").is_none());
    }
}
