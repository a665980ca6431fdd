//! Tokens, with which programs use the API for an account.

use std::sync::Arc;

use audit::By;
use kernel::{AccountId, Time};
use messages::{Problem, ProblemKind};
use store::{Ask, StoreError, sql};

use crate::{
    Actor, Identity,
    account::NAME_CHARS_MAX,
    cache::Opened,
    internal,
    session::{USE_WRITTEN_SECONDS, hash_of, new_secret},
    texts,
};

/// What every token begins with, so that one that leaked can be recognised.
const PREFIX: &str = "lianbing_";
/// Live tokens of one account: more than a person can keep an eye on.
const TOKENS_MAX: i64 = 50;

kernel::id_type! {
    /// A token. It may be shown; its secret is told once.
    pub struct TokenId;
}

/// What a token may do at most; never more than its account may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenAccess {
    /// Read.
    Read,
    /// Read and change.
    Write,
}

/// A token as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub access: TokenAccess,
    /// When it was made.
    pub created_at: Time,
    /// When it ends by itself.
    pub expires_at: Option<Time>,
    /// When it was last used, to five minutes.
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

/// A token that was just made. The secret is told once, here.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The token.
    pub id: TokenId,
    /// What a program sends as `Authorization: Bearer …`.
    pub secret: String,
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a token was not made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name is empty or too long.
    #[error("a token needs a name of 1 to {NAME_CHARS_MAX} characters")]
    Name,
    /// It would have ended already.
    #[error("{0} is past; choose a later end")]
    Past(Time),
    /// Too many live tokens.
    #[error("this account has {TOKENS_MAX} tokens; revoke one first")]
    TooMany,
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Problem {
        use ProblemKind::{Conflict, Invalid};
        let field = |name: &str, problem: Problem| {
            let text = problem.text.clone();
            problem.with_fields(vec![(name.to_owned(), text)])
        };
        match error {
            TokenError::Name => {
                field("name", Problem::new(Invalid, "identity.token_name", texts::token_name(NAME_CHARS_MAX)))
            }
            TokenError::Past(_) => {
                field("expires", Problem::new(Invalid, "identity.token_expires", texts::token_expires()))
            }
            TokenError::TooMany => {
                Problem::new(Conflict, "identity.too_many_tokens", texts::too_many_tokens(TOKENS_MAX))
            }
            TokenError::NotFound => Problem::not_found(),
            TokenError::Store(error) => internal(&error),
        }
    }
}

impl Identity {
    /// What a token opens: its account as an actor, and what it may do with it; `None` for a token that is
    /// unknown, revoked or over, or whose account is disabled.
    pub async fn token(&self, bearer: &str) -> store::Result<Option<(Arc<Actor>, TokenAccess)>> {
        if !bearer.starts_with(PREFIX) {
            return Ok(None);
        }
        let now = self.env().now();
        let hash = hash_of(bearer);
        if let Some(Opened::Token(access, actor)) = self.inner.cache.get(&hash, now) {
            return Ok(Some((actor, access)));
        }
        let generation = self.inner.cache.generation();
        let found = self
            .db()
            .first(
                sql!(
                    "SELECT id, account, may_write, last_used_at FROM api_token WHERE secret_hash = {} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > {})",
                    hash.as_slice(),
                    now
                ),
                |row| {
                    let access = if row.get("may_write")? { TokenAccess::Write } else { TokenAccess::Read };
                    let last_used = row.maybe_time("last_used_at")?;
                    Ok((row.id::<TokenId>("id")?, row.id::<AccountId>("account")?, access, last_used))
                },
            )
            .await?;
        let Some((id, account, access, last_used)) = found else { return Ok(None) };
        let Some(actor) = self.actor(account).await? else { return Ok(None) };
        self.inner.cache.put(hash, now, generation, Opened::Token(access, actor.clone()));
        if last_used.is_none_or(|at| now.seconds_since(at) >= USE_WRITTEN_SECONDS) {
            self.note_use(sql!("UPDATE api_token SET last_used_at = {} WHERE id = {}", now, id.0));
        }
        Ok(Some((actor, access)))
    }

    /// Makes a token for an account.
    pub async fn create_token(
        &self,
        by: &By,
        account: AccountId,
        name: &str,
        access: TokenAccess,
        expires: Option<Time>,
    ) -> Result<NewToken, TokenError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(TokenError::Name);
        }
        let mut tx = self.db().write(by, "identity.token_created").await?;
        let now = tx.env().now();
        if let Some(past) = expires.filter(|at| *at <= now) {
            return Err(TokenError::Past(past));
        }
        if tx.count(sql!("SELECT COUNT(*) FROM account WHERE id = {}", account)).await? == 0 {
            return Err(TokenError::NotFound);
        }
        let held = tx
            .count(sql!(
                "SELECT COUNT(*) FROM api_token WHERE account = {} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > {})",
                account,
                now
            ))
            .await?;
        if held >= TOKENS_MAX {
            return Err(TokenError::TooMany);
        }
        let token = NewToken { id: tx.env().id(), secret: format!("{PREFIX}{}", new_secret(tx.env())) };
        tx.object("account", account);
        tx.object("token", token.id);
        tx.exec(sql!(
            "INSERT INTO api_token (id, secret_hash, account, name, may_write, created_at, expires_at) VALUES ({}, {}, {}, {}, {}, {}, {})",
            token.id.0,
            hash_of(&token.secret).as_slice(),
            account,
            name,
            access == TokenAccess::Write,
            now,
            expires
        ))
        .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// An account's tokens, the newest first, also revoked ones.
    pub async fn list_tokens(&self, account: AccountId) -> store::Result<Vec<Token>> {
        self.db()
            .all(
                sql!(
                    "SELECT * FROM api_token WHERE account = {} ORDER BY created_at DESC, id DESC LIMIT 500",
                    account
                ),
                |row| {
                    Ok(Token {
                        id: row.id("id")?,
                        name: row.get("name")?,
                        access: if row.get("may_write")? { TokenAccess::Write } else { TokenAccess::Read },
                        created_at: row.time("created_at")?,
                        expires_at: row.maybe_time("expires_at")?,
                        last_used_at: row.maybe_time("last_used_at")?,
                        revoked_at: row.maybe_time("revoked_at")?,
                    })
                },
            )
            .await
    }

    /// Revokes a token of an account; whether there was one.
    pub async fn revoke_token(&self, by: &By, account: AccountId, token: TokenId) -> store::Result<bool> {
        let mut tx = self.db().write(by, "identity.token_revoked").await?;
        tx.object("account", account);
        tx.object("token", token);
        let revoked = tx
            .exec(sql!(
                "UPDATE api_token SET revoked_at = {} WHERE id = {} AND account = {} AND revoked_at IS NULL",
                tx.env().now(),
                token.0,
                account
            ))
            .await?;
        if revoked > 0 {
            tx.commit().await?;
            self.forget_remembered();
        }
        Ok(revoked > 0)
    }
}
