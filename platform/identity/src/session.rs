//! Login sessions.

use std::sync::Arc;

use audit::By;
use kernel::{AccountId, Env, Time};
use sha2::{Digest, Sha256};
use store::{Ask, Sql, Tx, sql};

use crate::{
    AccountError, Actor, Identity, NewSession,
    account::put_password,
    cache::{Opened, SecretHash},
};

/// A session that is not used ends after this, in seconds: a shift and its breaks fit in.
const IDLE_SECONDS: i64 = 12 * 3600;
/// A session ends after this in any case, in seconds.
const LIFE_SECONDS: i64 = 7 * 86_400;
/// The last use is written at most so often, in seconds: every click would be a commit otherwise.
pub(crate) const USE_WRITTEN_SECONDS: i64 = 300;
/// Ended sessions are kept so long, in seconds: where somebody usually signs in is asked of them.
pub(crate) const KEPT_SECONDS: i64 = 30 * 86_400;
/// A browser's name for itself, shortened to what tells two of them apart.
const USER_AGENT_CHARS_MAX: usize = 160;
/// The longest address: an IPv6 address with a zone.
const IP_CHARS_MAX: usize = 60;

kernel::id_type! {
    /// A login session. It may be shown; the secret that opens it is another thing.
    pub struct SessionId;
}

/// A login session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// When somebody signed in.
    pub created_at: Time,
    /// When it was last used, to five minutes.
    pub last_used_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// From where.
    pub ip: String,
    /// With which browser, shortened.
    pub user_agent: String,
}

impl Identity {
    /// What a session's secret opens: the session and its actor; `None` for a session that is unknown,
    /// ended, idle for 12 hours or older than 7 days, or whose account is disabled.
    pub async fn session(&self, secret: &str) -> store::Result<Option<(SessionId, Arc<Actor>)>> {
        let now = self.env().now();
        let hash = hash_of(secret);
        if let Some(Opened::Session(id, actor)) = self.inner.cache.get(&hash, now) {
            return Ok(Some((id, actor)));
        }
        let generation = self.inner.cache.generation();
        let found = self
            .db()
            .first(
                sql!(
                    "SELECT id, account, last_used_at FROM login_session WHERE secret_hash = {} AND {}",
                    hash.as_slice(),
                    live(now)
                ),
                |row| Ok((row.id::<SessionId>("id")?, row.id("account")?, row.time("last_used_at")?)),
            )
            .await?;
        let Some((id, account, last_used)) = found else { return Ok(None) };
        let Some(actor) = self.actor(account).await? else { return Ok(None) };
        self.inner.cache.put(hash, now, generation, Opened::Session(id, actor.clone()));
        if now.seconds_since(last_used) >= USE_WRITTEN_SECONDS {
            self.note_use(sql!("UPDATE login_session SET last_used_at = {} WHERE id = {}", now, id.0));
        }
        Ok(Some((id, actor)))
    }

    /// Writes a last use, beside the request: nobody waits for a disk, or for a turn behind an import, to open a page.
    pub(crate) fn note_use(&self, update: Sql) {
        let db = self.db().clone();
        tokio::spawn(async move {
            let write = async {
                let tx = db.bookkeeping().await?;
                tx.exec(update).await?;
                tx.commit().await
            };
            if let Err(error) = write.await {
                tracing::warn!(%error, "identity.use_not_noted");
            }
        });
    }

    /// An account's live sessions, the one used last first.
    pub async fn sessions(&self, account: AccountId) -> store::Result<Vec<Session>> {
        let now = self.env().now();
        self.db()
            .all(
                sql!(
                    "SELECT * FROM login_session WHERE account = {} AND {} ORDER BY last_used_at DESC, id",
                    account,
                    live(now)
                ),
                |row| {
                    Ok(Session {
                        id: row.id("id")?,
                        created_at: row.time("created_at")?,
                        last_used_at: row.time("last_used_at")?,
                        expires_at: row.time("expires_at")?,
                        ip: row.get("ip")?,
                        user_agent: row.get("user_agent")?,
                    })
                },
            )
            .await
    }

    /// Ends one session of an account; whether there was one.
    pub async fn revoke_session(
        &self,
        by: &By,
        account: AccountId,
        session: SessionId,
    ) -> store::Result<bool> {
        let mut tx = self.db().write(by, "identity.session_revoked").await?;
        tx.object("account", account);
        tx.object("session", session);
        let ended = tx
            .exec(sql!(
                "UPDATE login_session SET ended_at = {} WHERE id = {} AND account = {} AND ended_at IS NULL",
                tx.env().now(),
                session.0,
                account
            ))
            .await?;
        if ended > 0 {
            tx.commit().await?;
            self.forget_remembered();
        }
        Ok(ended > 0)
    }

    /// Ends all sessions of an account, but one if it is named; how many.
    pub async fn revoke_all(
        &self,
        by: &By,
        account: AccountId,
        except: Option<SessionId>,
    ) -> store::Result<u64> {
        let mut tx = self.db().write(by, "identity.sessions_revoked").await?;
        tx.object("account", account);
        let ended = end_all(&tx, account, except).await?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(ended)
    }

    /// Ends the session of a secret; an unknown one is not an error.
    pub async fn sign_out(&self, secret: &str) -> store::Result<()> {
        let Some((id, actor)) = self.session(secret).await? else { return Ok(()) };
        let mut tx = self.db().write(&actor.by(audit::Via::Page), "identity.signed_out").await?;
        tx.object("session", id);
        tx.exec(sql!("UPDATE login_session SET ended_at = {} WHERE id = {}", tx.env().now(), id.0)).await?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }

    /// Changes one's own password, ends one's other sessions, and gives this one a new secret.
    pub async fn change_password(
        &self,
        by: &By,
        account: AccountId,
        session: SessionId,
        current: &str,
        new: &str,
    ) -> Result<NewSession, AccountError> {
        let stored = self
            .db()
            .first(sql!("SELECT password FROM account WHERE id = {}", account), |row| row.at::<String>(0))
            .await?
            .ok_or(AccountError::NotFound)?;
        if !self.inner.hasher.verify(current, Some(&stored), self.env()).await? {
            return Err(AccountError::WrongPassword);
        }
        let hash = self.checked_hash(account, new).await?;
        let mut tx = self.db().write(by, "identity.password_changed").await?;
        put_password(&mut tx, account, &hash, false).await?;
        end_all(&tx, account, Some(session)).await?;
        let secret = new_secret(tx.env());
        let rotated = tx
            .exec(sql!(
                "UPDATE login_session SET secret_hash = {} WHERE id = {} AND account = {} AND ended_at IS NULL",
                hash_of(&secret).as_slice(),
                session.0,
                account
            ))
            .await?;
        let expires = tx
            .first(sql!("SELECT expires_at FROM login_session WHERE id = {}", session.0), |row| {
                row.time("expires_at")
            })
            .await?
            .filter(|_| rotated > 0)
            .ok_or(AccountError::NotFound)?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(NewSession { secret, expires, account })
    }
}

/// The condition for a session that still opens something.
fn live(now: Time) -> Sql {
    sql!("ended_at IS NULL AND expires_at > {} AND last_used_at > {}", now, now.plus_seconds(-IDLE_SECONDS))
}

/// 256 random bits in hexadecimal.
pub(crate) fn new_secret(env: &Env) -> String {
    let mut bytes = [0; 32];
    env.fill(&mut bytes);
    kernel::hex(&bytes)
}

/// What is stored of a secret. The secret is random and long: no salt, no slow hash is needed.
pub(crate) fn hash_of(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// Opens a session in the transaction of the sign-in.
pub(crate) async fn open(
    tx: &mut Tx,
    account: AccountId,
    ip: &str,
    user_agent: &str,
) -> store::Result<NewSession> {
    let now = tx.env().now();
    let (id, secret): (SessionId, _) = (tx.env().id(), new_secret(tx.env()));
    let expires = now.plus_seconds(LIFE_SECONDS);
    tx.object("account", account);
    tx.object("session", id);
    tx.exec(sql!(
        "INSERT INTO login_session (id, secret_hash, account, created_at, last_used_at, expires_at, ip, user_agent) VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
        id.0,
        hash_of(&secret).as_slice(),
        account,
        now,
        now,
        expires,
        ip.chars().take(IP_CHARS_MAX).collect::<String>(),
        user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARS_MAX).collect::<String>()
    ))
    .await?;
    tx.exec(sql!("DELETE FROM login_session WHERE expires_at < {}", now.plus_seconds(-KEPT_SECONDS))).await?;
    Ok(NewSession { secret, expires, account })
}

/// Ends the sessions of an account; how many.
pub(crate) async fn end_all(tx: &Tx, account: AccountId, except: Option<SessionId>) -> store::Result<u64> {
    let others = except.map_or(Sql::new("1 = 1"), |session| sql!("id <> {}", session.0));
    tx.exec(sql!(
        "UPDATE login_session SET ended_at = {} WHERE account = {} AND ended_at IS NULL AND {}",
        tx.env().now(),
        account,
        others
    ))
    .await
}
