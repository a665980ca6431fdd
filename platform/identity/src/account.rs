//! Accounts, and the grants they hold.

use std::collections::{BTreeMap, BTreeSet};

use audit::By;
use kernel::{AccountId, PersonId, Role, Time};
use messages::{Lang, Problem, ProblemKind, Theme};
use store::{Ask, Row, Sql, StoreError, Tx, sql};

use crate::{
    Grant, Identity, PasswordProblem, Reach, internal, password,
    role::{RoleId, role_id},
    session, texts,
};

/// The longest name of an account: a line in a table.
pub(crate) const NAME_CHARS_MAX: usize = 60;
/// The longest page of accounts.
const PAGE_MAX: usize = 500;

/// An account as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The name it signs in with.
    pub name: String,
    /// The person it belongs to.
    pub person: Option<PersonId>,
    /// It cannot sign in.
    pub disabled: bool,
    /// It must choose a new password at the next sign-in.
    pub must_change_password: bool,
    /// Whether it has a password at all.
    pub has_password: bool,
    /// The language it chose.
    pub lang: Option<Lang>,
    /// The theme it chose.
    pub theme: Theme,
    /// When it was made.
    pub created_at: Time,
    /// Grows with each change by an administrator.
    pub version: i64,
    /// Its grants.
    pub grants: Vec<Grant>,
}

/// A new account.
#[derive(Debug, Clone, Default)]
pub struct NewAccount {
    /// The name it will sign in with.
    pub name: String,
    /// Its password; without one it cannot sign in until an administrator sets one.
    pub password: Option<String>,
    /// The person it belongs to.
    pub person: Option<PersonId>,
    /// Whether it must choose its own password at the first sign-in.
    pub must_change_password: bool,
    /// The language it starts with.
    pub lang: Option<Lang>,
    /// Its grants.
    pub grants: Vec<Grant>,
}

/// Which accounts to list, by name. The default lists the first of all.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    /// Part of the name; any when empty.
    pub query: String,
    /// Only those after this name: the last one of the page before.
    pub after: Option<String>,
    /// At most so many; 0 means as many as a page may hold (500).
    pub limit: usize,
}

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is empty or too long, or has characters that cannot be seen.
    #[error("“{0}” cannot be the name of an account; use 1 to {NAME_CHARS_MAX} visible characters")]
    Name(String),
    /// Another account has this name.
    #[error("there is an account “{0}” already")]
    NameTaken(String),
    /// The password is refused.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// The current password that was typed is not the account's.
    #[error("the current password is another one")]
    WrongPassword,
    /// A grant names a role that does not exist.
    #[error("there is no role “{0}”")]
    UnknownRole(String),
    /// A grant over units names none.
    #[error("the grant of “{0}” is over units, but names none")]
    NoUnits(String),
    /// Nobody would be left who can administer the installation.
    #[error("this is the last account that can administer everything; make another first")]
    LastAdministrator,
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// Somebody else changed it in between.
    #[error("somebody else changed this account in between")]
    Changed,
    /// Too many sign-ins at this moment.
    #[error("the system is busy; try again in a moment")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<password::HashingFailed> for AccountError {
    fn from(error: password::HashingFailed) -> AccountError {
        tracing::warn!(%error, "identity.hashing_failed");
        AccountError::Busy
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Problem {
        use ProblemKind::{Conflict, Invalid, Unavailable};
        let field = |name: &str, problem: Problem| {
            let text = problem.text.clone();
            problem.with_fields(vec![(name.to_owned(), text)])
        };
        match error {
            AccountError::Name(_) => {
                let text = texts::account_name(NAME_CHARS_MAX);
                field("name", Problem::new(Invalid, "identity.account_name", text))
            }
            AccountError::NameTaken(name) => {
                field("name", Problem::new(Conflict, "identity.name_taken", texts::name_taken(&name)))
            }
            AccountError::Password(problem) => {
                field("password", Problem::new(Invalid, "identity.password_refused", problem.text()))
            }
            AccountError::WrongPassword => {
                field("current", Problem::new(Invalid, "identity.wrong_password", texts::wrong_password()))
            }
            AccountError::UnknownRole(role) => {
                Problem::new(Invalid, "identity.unknown_role", texts::unknown_role(&role))
            }
            AccountError::NoUnits(role) => Problem::new(Invalid, "identity.no_units", texts::no_units(&role)),
            AccountError::LastAdministrator => {
                Problem::new(Conflict, "identity.last_administrator", texts::last_administrator())
            }
            AccountError::NotFound => Problem::not_found(),
            AccountError::Changed => Problem::new(Conflict, "identity.changed", texts::changed()),
            AccountError::Busy => Problem::new(Unavailable, "identity.busy", texts::busy()),
            AccountError::Store(error) => internal(&error),
        }
    }
}

impl Identity {
    /// Accounts by name.
    pub async fn accounts(&self, filter: &AccountFilter) -> store::Result<Vec<Account>> {
        let mut conditions = Vec::new();
        if !filter.query.trim().is_empty() {
            let literal =
                name_key(&filter.query).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            conditions.push(sql!("name_key LIKE {} ESCAPE '\\'", format!("%{literal}%")));
        }
        conditions.extend(filter.after.as_deref().map(|after| sql!("name_key > {}", name_key(after))));
        let limit = if filter.limit == 0 { PAGE_MAX } else { filter.limit.min(PAGE_MAX) };
        self.read_accounts(sql!("{} ORDER BY name_key LIMIT {}", Sql::all_of(conditions), limit)).await
    }

    /// One account; `None` for an unknown id.
    pub async fn account(&self, id: AccountId) -> store::Result<Option<Account>> {
        Ok(self.read_accounts(sql!("id = {}", id)).await?.pop())
    }

    /// The account of a name, in any case.
    pub async fn account_named(&self, name: &str) -> store::Result<Option<Account>> {
        Ok(self.read_accounts(sql!("name_key = {}", name_key(name))).await?.pop())
    }

    /// The accounts that belong to a person.
    pub async fn accounts_of(&self, person: PersonId) -> store::Result<Vec<Account>> {
        self.read_accounts(sql!("person = {} ORDER BY name_key", person)).await
    }

    /// The names of accounts; unknown ids are left out.
    pub async fn account_names(
        &self,
        ids: &BTreeSet<AccountId>,
    ) -> store::Result<BTreeMap<AccountId, String>> {
        let ids: Vec<AccountId> = ids.iter().copied().collect();
        let mut names = BTreeMap::new();
        for some in ids.chunks(PAGE_MAX) {
            let found = sql!("SELECT id, name FROM account WHERE id IN {}", some.to_vec());
            names.extend(self.db().all(found, |row| Ok((row.id("id")?, row.get("name")?))).await?);
        }
        Ok(names)
    }

    async fn read_accounts(&self, condition: Sql) -> store::Result<Vec<Account>> {
        let db = self.db();
        let mut accounts = db.all(sql!("SELECT * FROM account WHERE {}", condition), read_account).await?;
        let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
        let mut grants = self.grants_of(db, &ids).await?;
        for account in &mut accounts {
            account.grants = grants.remove(&account.id).unwrap_or_default();
        }
        Ok(accounts)
    }

    /// Makes an account.
    pub async fn create_account(&self, by: &By, new: &NewAccount) -> Result<AccountId, AccountError> {
        let name = checked_name(&new.name)?;
        let hash = match &new.password {
            Some(password) => {
                password::check(password, name)?;
                self.inner.hasher.hash(password, self.env()).await?
            }
            None => String::new(),
        };
        let mut tx = self.db().write(by, "identity.account_created").await?;
        let id = insert_account(&mut tx, name, &hash, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Sets another account's password and ends all its sessions.
    pub async fn set_password(
        &self,
        by: &By,
        account: AccountId,
        password: &str,
        must_change: bool,
    ) -> Result<(), AccountError> {
        let hash = self.checked_hash(account, password).await?;
        let mut tx = self.db().write(by, "identity.password_set").await?;
        put_password(&mut tx, account, &hash, must_change).await?;
        session::end_all(&tx, account, None).await?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }

    pub(crate) async fn checked_hash(
        &self,
        account: AccountId,
        password: &str,
    ) -> Result<String, AccountError> {
        let held = self.account(account).await?.ok_or(AccountError::NotFound)?;
        password::check(password, &held.name)?;
        Ok(self.inner.hasher.hash(password, self.env()).await?)
    }

    /// Shuts an account out: its sessions end at once, its tokens no longer open anything.
    pub async fn disable(&self, by: &By, account: AccountId) -> Result<(), AccountError> {
        let mut tx = self.db().write(by, "identity.account_disabled").await?;
        let administrators = administrators(&tx).await?;
        set_disabled(&mut tx, account, true).await?;
        session::end_all(&tx, account, None).await?;
        require_administrator(&tx, administrators).await?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }

    /// Lets an account in again.
    pub async fn enable(&self, by: &By, account: AccountId) -> Result<(), AccountError> {
        let mut tx = self.db().write(by, "identity.account_enabled").await?;
        set_disabled(&mut tx, account, false).await?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }

    /// Gives an account exactly these grants. `version` is the one that was read.
    pub async fn set_grants(
        &self,
        by: &By,
        account: AccountId,
        grants: &[Grant],
        version: i64,
    ) -> Result<(), AccountError> {
        let mut tx = self.db().write(by, "identity.grants_set").await?;
        let administrators = administrators(&tx).await?;
        let known = tx.count(sql!("SELECT COUNT(*) FROM account WHERE id = {}", account)).await?;
        let changed = tx
            .exec(sql!(
                "UPDATE account SET version = version + 1 WHERE id = {} AND version = {}",
                account,
                version
            ))
            .await?;
        if changed == 0 {
            return Err(if known == 0 { AccountError::NotFound } else { AccountError::Changed });
        }
        tx.object("account", account);
        put_grants(&mut tx, account, grants).await?;
        require_administrator(&tx, administrators).await?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }

    /// What somebody chose for their own screen.
    pub async fn set_preferences(
        &self,
        account: AccountId,
        lang: Option<Lang>,
        theme: Theme,
    ) -> store::Result<()> {
        let tx = self.db().bookkeeping().await?;
        tx.exec(sql!(
            "UPDATE account SET lang = {}, theme = {} WHERE id = {}",
            lang.map(Lang::code),
            theme.name(),
            account
        ))
        .await?;
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }
}

/// The form in which names are compared.
pub(crate) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

pub(crate) fn checked_name(name: &str) -> Result<&str, AccountError> {
    let name = name.trim();
    let chars = name.chars().count();
    if chars == 0 || chars > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(AccountError::Name(name.chars().take(NAME_CHARS_MAX).collect()));
    }
    Ok(name)
}

pub(crate) async fn insert_account(
    tx: &mut Tx,
    name: &str,
    hash: &str,
    new: &NewAccount,
) -> Result<AccountId, AccountError> {
    let id: AccountId = tx.env().id();
    tx.object("account", id);
    tx.exec(sql!(
        "INSERT INTO account (id, name, name_key, person, password, disabled, must_change_password, lang, theme, created_at, version) VALUES ({}, {}, {}, {}, {}, FALSE, {}, {}, {}, {}, 1)",
        id,
        name,
        name_key(name),
        new.person,
        hash,
        new.must_change_password,
        new.lang.map(Lang::code),
        Theme::default().name(),
        tx.env().now()
    ))
    .await
    .map_err(|error| if error.is_duplicate() { AccountError::NameTaken(name.to_owned()) } else { error.into() })?;
    put_grants(tx, id, &new.grants).await?;
    Ok(id)
}

async fn put_grants(tx: &mut Tx, account: AccountId, grants: &[Grant]) -> Result<(), AccountError> {
    tx.content(format!("{grants:?}").as_bytes());
    tx.exec(sql!(
        "DELETE FROM role_grant_unit WHERE role_grant IN (SELECT id FROM role_grant WHERE account = {})",
        account
    ))
    .await?;
    tx.exec(sql!("DELETE FROM role_grant WHERE account = {}", account)).await?;
    for grant in grants {
        if grant.reach == Reach::Units && grant.units.is_empty() {
            return Err(AccountError::NoUnits(grant.role.clone()));
        }
        let role = role_id(tx, &grant.role).await?;
        let role = role.ok_or_else(|| AccountError::UnknownRole(grant.role.clone()))?;
        tx.object("role", role);
        let id: RoleId = tx.env().id();
        tx.exec(sql!(
            "INSERT INTO role_grant (id, account, role, reach) VALUES ({}, {}, {}, {})",
            id.0,
            account,
            role.0,
            grant.reach.name()
        ))
        .await?;
        let units: BTreeSet<_> = grant.units.iter().collect();
        let rows = units.into_iter().map(|unit| sql!("({}, {})", id.0, *unit));
        tx.insert_all("INSERT INTO role_grant_unit (role_grant, unit) VALUES ", rows, "").await?;
    }
    Ok(())
}

pub(crate) async fn put_password(
    tx: &mut Tx,
    account: AccountId,
    hash: &str,
    must_change: bool,
) -> store::Result<()> {
    tx.object("account", account);
    tx.exec(sql!(
        "UPDATE account SET password = {}, must_change_password = {}, version = version + 1 WHERE id = {}",
        hash,
        must_change,
        account
    ))
    .await?;
    Ok(())
}

async fn set_disabled(tx: &mut Tx, account: AccountId, disabled: bool) -> Result<(), AccountError> {
    tx.object("account", account);
    let changed = tx
        .exec(sql!(
            "UPDATE account SET disabled = {}, version = version + 1 WHERE id = {}",
            disabled,
            account
        ))
        .await?;
    if changed == 0 { Err(AccountError::NotFound) } else { Ok(()) }
}

/// How many accounts can administer everything. Two administrators who disable each other at the same moment
/// take turns here, for the rest of their transactions.
async fn administrators(tx: &Tx) -> store::Result<i64> {
    tx.exec(sql!("UPDATE role SET version = version WHERE name = {}", Role::Administrator.name())).await?;
    tx.count(sql!(
        "SELECT COUNT(*) FROM account a JOIN role_grant g ON g.account = a.id JOIN role r ON r.id = g.role WHERE r.name = {} AND g.reach = {} AND a.disabled = FALSE",
        Role::Administrator.name(),
        Reach::Everything.name()
    ))
    .await
}

/// A change must not take the last one away.
async fn require_administrator(tx: &Tx, before: i64) -> Result<(), AccountError> {
    if before > 0 && administrators(tx).await? == 0 {
        return Err(AccountError::LastAdministrator);
    }
    Ok(())
}

fn read_account(row: &Row<'_>) -> store::Result<Account> {
    let lang: Option<String> = row.get("lang")?;
    Ok(Account {
        id: row.id("id")?,
        name: row.get("name")?,
        person: row.maybe_id("person")?,
        disabled: row.get("disabled")?,
        must_change_password: row.get("must_change_password")?,
        has_password: !row.get::<String>("password")?.is_empty(),
        lang: lang.as_deref().and_then(Lang::parse),
        theme: row.word("theme", Theme::parse)?,
        created_at: row.time("created_at")?,
        version: row.get("version")?,
        grants: Vec::new(),
    })
}
