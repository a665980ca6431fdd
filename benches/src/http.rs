//! A small HTTP client for loopback: one kept connection, bytes counted as they cross it.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What a browser says it can unpack.
const COMPRESSED: &str = "Accept-Encoding: gzip, deflate, br, zstd\r\n";

/// A browser with one connection and one login session.
pub struct Client {
    /// Of the server.
    pub address: SocketAddr,
    /// `name=value`, sent along; empty before signing in.
    pub cookie: String,
    connection: Option<BufReader<TcpStream>>,
}

/// An answer, received whole.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The first cookie that was set, `name=value`.
    pub cookie: Option<String>,
    /// Where it sends the browser.
    pub location: Option<String>,
    /// Bytes that crossed the wire, headers included.
    pub wire_bytes: usize,
    body: Vec<u8>,
}

/// The links of a page, and the values of each choice in its forms.
pub type Links = (Vec<String>, BTreeMap<String, Vec<String>>);

impl Client {
    /// Before its first request.
    pub fn new(address: SocketAddr) -> Client {
        Client { address, cookie: String::new(), connection: None }
    }

    /// Reads a page as it is.
    ///
    /// # Errors
    /// When the server does not answer in HTTP.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, "", "").await
    }

    /// Reads a page the way a browser does: compressed.
    ///
    /// # Errors
    /// When the server does not answer in HTTP.
    pub async fn get_compressed(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, COMPRESSED, "").await
    }

    /// Sends a form.
    ///
    /// # Errors
    /// When the server does not answer in HTTP.
    pub async fn post(&mut self, path: &str, form: &str) -> Result<Answer> {
        self.post_with(path, form, "").await
    }

    /// Sends a form with further headers, each ended by a line end.
    ///
    /// # Errors
    /// When the server does not answer in HTTP.
    pub async fn post_with(&mut self, path: &str, form: &str, headers: &str) -> Result<Answer> {
        let headers = format!(
            "{headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            form.len()
        );
        self.send("POST", path, &headers, form).await
    }

    async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect(self.address).await.context("the server is not there")?;
                stream.set_nodelay(true)?;
                BufReader::with_capacity(64 * 1024, stream)
            }
        };
        let cookie =
            if self.cookie.is_empty() { String::new() } else { format!("Cookie: {}\r\n", self.cookie) };
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{cookie}{headers}\r\n{body}", self.address);
        connection.write_all(request.as_bytes()).await?;
        let answer = receive(&mut connection).await.with_context(|| format!("{method} {path}"))?;
        self.connection = Some(connection);
        Ok(answer)
    }
}

async fn receive(connection: &mut BufReader<TcpStream>) -> Result<Answer> {
    let mut line = String::new();
    let mut wire_bytes = connection.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status line")?;
    let (mut length, mut chunked, mut cookie, mut location) = (None, false, None, None);
    loop {
        line.clear();
        wire_bytes += connection.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.trim().parse::<usize>()?),
            "transfer-encoding" => chunked = true,
            "location" => location = Some(value.trim().to_owned()),
            "set-cookie" if cookie.is_none() => {
                cookie = value.trim().split(';').next().map(str::to_owned);
            }
            _ => {}
        }
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            line.clear();
            wire_bytes += connection.read_line(&mut line).await?;
            let size = usize::from_str_radix(line.trim_end(), 16).context("no size of a chunk")?;
            let begin = body.len();
            body.resize(begin + size + 2, 0);
            wire_bytes += connection.read_exact(body.get_mut(begin..).unwrap_or_default()).await?;
            body.truncate(begin + size);
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = length {
        body.resize(length, 0);
        wire_bytes += connection.read_exact(&mut body).await?;
    } else if status != 204 && status != 303 && status != 304 {
        bail!("an answer without a length");
    }
    Ok(Answer { status, cookie, location, wire_bytes, body })
}

impl Answer {
    /// Where the page leads, and the values its selects offer by their names.
    pub fn links(&self) -> Links {
        let text = String::from_utf8_lossy(&self.body);
        let links = quoted(&text, "href=\"").map(|link| link.replace("&amp;", "&")).collect();
        let mut choices: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for select in text.split("<select").skip(1) {
            let select = select.split("</select>").next().unwrap_or_default();
            let Some(name) = quoted(select, "name=\"").next() else { continue };
            let values = quoted(select, "<option value=\"").filter(|value| !value.is_empty());
            choices.entry(name.to_owned()).or_default().extend(values.map(str::to_owned));
        }
        (links, choices)
    }

    /// What a hidden field of the page holds.
    pub fn value(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.body);
        let rest = text.split_once(&format!("name=\"{name}\" value=\""))?.1;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    }

    /// The styles, scripts and images that the page names.
    pub fn assets(&self) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.body);
        let named = quoted(&text, "href=\"").chain(quoted(&text, "src=\""));
        let mut assets: Vec<String> =
            named.filter(|link| link.starts_with("/assets/")).map(str::to_owned).collect();
        assets.sort();
        assets.dedup();
        assets
    }
}

/// What stands between each `before` and the next quotation mark.
fn quoted<'t>(text: &'t str, before: &'static str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next())
}
