//! Reading the audit log.

use audit::Via;
use kernel::{AccountId, Time};
use messages::{Lang, Text};
use store::{Ask, Row, Sql, sql};

use super::texts;
use crate::{Platform, Reader};

/// Which entries to read; the newest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Part of the action's name.
    pub action: Option<String>,
    /// Only what this account did.
    pub account: Option<AccountId>,
    /// Part of the objects, such as `account:0197…` or an id alone.
    pub object: Option<String>,
    /// From this moment on.
    pub from: Option<Time>,
    /// Before this moment.
    pub before: Option<Time>,
    /// Only entries with a lower number: the last one of the page before.
    pub after: Option<i64>,
}

/// An entry, without its seal.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub seq: i64,
    pub at: Time,
    /// Empty for the system itself.
    pub account: Option<AccountId>,
    pub via: String,
    pub action: String,
    pub objects: String,
    /// SHA-256 in hexadecimal; empty where the change had no content.
    pub digest: String,
}

impl Filter {
    fn condition(&self) -> Sql {
        let mut all = Vec::new();
        all.extend(
            self.action.as_deref().map(|action| sql!("action LIKE {} ESCAPE '\\'", containing(action))),
        );
        all.extend(self.account.map(|account| sql!("account = {}", account.to_string())));
        all.extend(
            self.object.as_deref().map(|object| sql!("objects LIKE {} ESCAPE '\\'", containing(object))),
        );
        all.extend(self.from.map(|from| sql!("at >= {}", from)));
        all.extend(self.before.map(|before| sql!("at < {}", before)));
        all.extend(self.after.map(|after| sql!("seq < {}", after)));
        Sql::all_of(all)
    }
}

fn containing(words: &str) -> String {
    let literal = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}

/// At most `limit` entries.
pub(super) async fn read(platform: &Platform, filter: &Filter, limit: usize) -> store::Result<Vec<Entry>> {
    let query = sql!(
        "SELECT seq, at, account, via, action, objects, digest FROM audit_entry WHERE {} ORDER BY seq DESC LIMIT {}",
        filter.condition(),
        limit
    );
    platform.db().all(query, read_entry).await
}

fn read_entry(row: &Row<'_>) -> store::Result<Entry> {
    let digest: Vec<u8> = row.get("digest")?;
    let digest = if digest.iter().all(|byte| *byte == 0) { String::new() } else { kernel::hex(&digest) };
    Ok(Entry {
        seq: row.get("seq")?,
        at: row.time("at")?,
        account: row.get::<String>("account")?.parse().ok(),
        via: row.get("via")?,
        action: row.get("action")?,
        objects: row.get("objects")?,
        digest,
    })
}

/// Reading the log is itself recorded, with the hash of what was asked.
pub(super) async fn leave_trace(
    platform: &Platform,
    reader: &Reader,
    action: &'static str,
) -> store::Result<()> {
    let mut tx = platform.db().write(&reader.by(), action).await?;
    tx.content(reader.cx.here.to_string().as_bytes());
    tx.commit().await
}

/// Who last did one of `actions` to an object (`account:0197…`), and when; the system at the epoch when nobody did.
/// Other entries name the object too: whoever signs in, or is given a role.
pub(super) async fn last_change(
    platform: &Platform,
    lang: Lang,
    object: &str,
    actions: &[&str],
) -> store::Result<(String, Time)> {
    let query = sql!(
        "SELECT seq, at, account, via, action, objects, digest FROM audit_entry WHERE objects LIKE {} ESCAPE '\\' AND action IN {} ORDER BY seq DESC LIMIT 1",
        containing(object),
        actions.to_vec()
    );
    let entry = platform.db().first(query, read_entry).await?;
    let (account, at) = entry.map_or((None, Time::default()), |entry| (entry.account, entry.at));
    let name = match account {
        Some(account) => platform.identity().account(account).await?.map(|account| account.name),
        None => None,
    };
    Ok((name.unwrap_or_else(|| texts::audit_system().get(lang).to_owned()), at))
}

/// The door of an entry in words.
pub(super) fn via_text(name: &str) -> Text {
    let known = [
        (Via::Page, texts::via_page()),
        (Via::Api, texts::via_api()),
        (Via::Command, texts::via_command()),
        (Via::Job, texts::via_job()),
        (Via::System, texts::via_system()),
    ];
    known
        .into_iter()
        .find(|(via, _)| via.name() == name)
        .map_or_else(|| Text::verbatim(name), |(_, text)| text)
}
