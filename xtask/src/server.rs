//! The product, running for a while: for journeys and for trying its HTTP interface.

use crate::process;
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What the server starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The demo centre.
    Demo,
    /// An empty installation, before its administrator has been set up.
    Empty,
}

/// The demo centre is made, imported and inspected before it answers, on a machine that also builds.
const PATIENCE: Duration = Duration::from_mins(5);

/// A graceful stop takes at most this long before the process is killed.
const FAREWELL: Duration = Duration::from_secs(15);

/// Lines of the log that are shown when the server did not start.
const LOG_TAIL: usize = 30;

/// A running server; dropping it stops it.
pub struct Server {
    process: Child,
    log: PathBuf,
    /// The address under which it answers, without a slash at the end.
    pub url: String,
    /// Its data folder.
    pub data: PathBuf,
}

impl Server {
    /// Starts `binary` on a free port with fresh data in `folder`, and waits until it is ready.
    pub fn start(binary: &Path, kind: Kind, folder: &Path) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        let data = folder.join("data");
        std::fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
        let log = folder.join("server.log");
        let output = std::fs::File::create(&log)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let process = Command::new(binary)
            .arg(kind.subcommand())
            .arg("--data")
            .arg(&data)
            .args(["--listen", &address.to_string()])
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = Self { process, log, url: format!("http://{address}"), data };
        server.wait(address)?;
        Ok(server)
    }

    fn wait(&mut self, address: SocketAddr) -> Result<()> {
        let since = Instant::now();
        while !ready(address) {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status} before it was ready:\n{}", self.log_tail());
            }
            if since.elapsed() > PATIENCE {
                bail!("the server was not ready after {} s:\n{}", PATIENCE.as_secs(), self.log_tail());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The end of what the server printed.
    pub fn log_tail(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.get(lines.len().saturating_sub(LOG_TAIL)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The standard library can only kill; asking to stop takes the shell's `kill`.
        let ask = format!("kill -TERM {}", self.process.id());
        process::succeeds(Command::new("sh").args(["-c", &ask]));
        let since = Instant::now();
        while since.elapsed() < FAREWELL {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        eprintln!("the server did not stop within {} s and is killed", FAREWELL.as_secs());
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Kind {
    /// The product's command that starts it.
    pub fn subcommand(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Empty => "serve",
        }
    }
}

/// A port that is free at this moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?.local_addr()?.port())
}

/// Whether `/readyz` answers with 200.
fn ready(address: SocketAddr) -> bool {
    let answer = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        // One write: a server may answer and close after the first bytes of several.
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut start = [0_u8; 12];
        stream.read_exact(&mut start)?;
        Ok(String::from_utf8_lossy(&start).into_owned())
    };
    answer().is_ok_and(|status| status == "HTTP/1.1 200")
}

#[cfg(test)]
mod tests {
    use super::ready;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    #[test]
    fn ready_is_a_200_and_nothing_else() {
        let check = |answer: &'static str, expected: bool| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                // The whole request: closing a connection with bytes unread resets it, and the answer is lost.
                let lines = BufReader::new(&stream).lines();
                lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
                stream.write_all(answer.as_bytes()).unwrap();
            });
            assert_eq!(ready(address), expected, "{answer}");
            server.join().unwrap();
        };
        check("HTTP/1.1 200 OK\r\n\r\n", true);
        check("HTTP/1.1 503 Service Unavailable\r\n\r\n", false);
        check("", false);
    }
}
