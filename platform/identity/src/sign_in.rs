//! The first account, signing in, and the demo centre's door.

use audit::{By, Via};
use kernel::{AccountId, Role, Time};
use messages::{Lang, Problem, ProblemKind};
use store::{Ask, StoreError, sql};

use crate::{
    AccountError, Grant, Identity, NewAccount, PasswordProblem,
    account::{checked_name, insert_account, name_key},
    internal, password, session, texts,
    throttle::{self, Subject},
};

/// Somebody at the door.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// The name, in any case.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
    /// The address it comes from; empty when unknown.
    pub ip: &'a str,
    /// What the browser calls itself.
    pub user_agent: &'a str,
}

/// A session that was just opened. The secret is told once, here.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// What opens it: 64 hexadecimal digits, for the cookie.
    pub secret: String,
    /// When it ends at the latest.
    pub expires: Time,
    /// The account.
    pub account: AccountId,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No account has this name and this password.
    #[error("no account has this name and this password")]
    Refused,
    /// The password is right, but the account is disabled.
    #[error("this account is disabled; ask an administrator")]
    Disabled,
    /// Too many failures; wait.
    #[error("too many failed attempts; try again in {seconds} s")]
    TooManyAttempts {
        /// How long, in seconds.
        seconds: i64,
    },
    /// Too many sign-ins at this moment.
    #[error("the system is busy; try again in a moment")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<password::HashingFailed> for SignInError {
    fn from(error: password::HashingFailed) -> SignInError {
        tracing::warn!(%error, "identity.hashing_failed");
        SignInError::Busy
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Problem {
        use ProblemKind::{Invalid, TooMany, Unavailable};
        match error {
            SignInError::Refused => Problem::new(Invalid, "identity.sign_in_refused", texts::refused()),
            SignInError::Disabled => Problem::new(Invalid, "identity.account_disabled", texts::disabled()),
            SignInError::TooManyAttempts { seconds } => {
                Problem::new(TooMany, "identity.too_many_attempts", texts::too_many_attempts(seconds))
            }
            SignInError::Busy => Problem::new(Unavailable, "identity.busy", texts::busy()),
            SignInError::Store(error) => internal(&error),
        }
    }
}

/// Why the installation was not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// There is an account already.
    #[error("this installation is set up already; sign in")]
    AlreadySetUp,
    /// The name is refused.
    #[error("“{0}” cannot be the name of an account")]
    Name(String),
    /// The password is refused.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// The system is busy.
    #[error("the system is busy; try again in a moment")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AccountError> for SetUpError {
    fn from(error: AccountError) -> SetUpError {
        match error {
            AccountError::Name(name) => SetUpError::Name(name),
            AccountError::Password(problem) => SetUpError::Password(problem),
            AccountError::Store(error) => SetUpError::Store(error),
            AccountError::NameTaken(_) => SetUpError::AlreadySetUp,
            _ => SetUpError::Busy,
        }
    }
}

impl From<SetUpError> for Problem {
    fn from(error: SetUpError) -> Problem {
        match error {
            SetUpError::AlreadySetUp => {
                Problem::new(ProblemKind::Conflict, "identity.already_set_up", texts::already_set_up())
            }
            SetUpError::Name(name) => AccountError::Name(name).into(),
            SetUpError::Password(problem) => AccountError::Password(problem).into(),
            SetUpError::Busy => AccountError::Busy.into(),
            SetUpError::Store(error) => internal(&error),
        }
    }
}

/// Why nobody entered the demo centre.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// This is not the demo centre.
    #[error("one can enter without a password in the demo centre only")]
    NotDemo,
    /// There is no such account, or it is disabled.
    #[error("there is no such account")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<EnterError> for Problem {
    fn from(error: EnterError) -> Problem {
        match error {
            // Outside the demo centre the door does not exist.
            EnterError::NotDemo | EnterError::NotFound => Problem::not_found(),
            EnterError::Store(error) => internal(&error),
        }
    }
}

impl Identity {
    /// Whether no account exists yet, so that whoever comes first sets the installation up.
    pub async fn needs_setup(&self) -> store::Result<bool> {
        Ok(self.db().first(sql!("SELECT 1 FROM account LIMIT 1"), |_| Ok(())).await?.is_none())
    }

    /// Makes the first account, an administrator of everything. Of two who try at once, one wins.
    pub async fn set_up(&self, name: &str, password: &str, lang: Lang) -> Result<AccountId, SetUpError> {
        if !self.needs_setup().await? {
            return Err(SetUpError::AlreadySetUp);
        }
        let name = checked_name(name)?;
        password::check(password, name)?;
        let hash = self.inner.hasher.hash(password, self.env()).await.map_err(AccountError::from)?;
        self.sync_shipped_roles().await?;
        let by = By { account: None, via: Via::Page };
        let mut tx = self.db().write(&by, "identity.set_up").await?;
        // The row can be inserted once; a rival waits here until this transaction has ended.
        tx.exec(sql!("INSERT INTO identity_set_up (id, at) VALUES (1, {})", tx.env().now()))
            .await
            .map_err(|error| if error.is_duplicate() { SetUpError::AlreadySetUp } else { error.into() })?;
        if tx.count(sql!("SELECT COUNT(*) FROM account")).await? > 0 {
            return Err(SetUpError::AlreadySetUp);
        }
        let new = NewAccount {
            lang: Some(lang),
            grants: vec![Grant::everything(Role::Administrator)],
            ..NewAccount::default()
        };
        let id = insert_account(&mut tx, name, &hash, &new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Checks a name and a password and opens a session. An unknown name takes as long as a wrong password,
    /// and says the same.
    pub async fn sign_in(&self, attempt: SignIn<'_>) -> Result<NewSession, SignInError> {
        let result = self.try_sign_in(&attempt).await;
        let outcome = match &result {
            Ok(_) => "opened",
            Err(SignInError::Refused) => "refused",
            Err(SignInError::Disabled) => "disabled",
            Err(SignInError::TooManyAttempts { .. }) => "throttled",
            Err(SignInError::Busy | SignInError::Store(_)) => "failed",
        };
        metrics::counter!("identity_sign_ins_total", "outcome" => outcome).increment(1);
        result
    }

    async fn try_sign_in(&self, attempt: &SignIn<'_>) -> Result<NewSession, SignInError> {
        let key = name_key(attempt.name);
        let (name, address) = (Subject::name(&key), Subject::address(attempt.ip));
        let found = self
            .db()
            .first(sql!("SELECT id, password, disabled FROM account WHERE name_key = {}", &key), |row| {
                let disabled = row.get::<bool>("disabled")?;
                Ok((row.id::<AccountId>("id")?, row.get::<String>("password")?, disabled))
            })
            .await?;
        let familiar = match &found {
            Some((account, ..)) => throttle::is_familiar(self.db(), *account, attempt.ip).await?,
            None => false,
        };
        self.reserve(&name, &address, familiar).await?;
        let stored = found.as_ref().map(|(_, hash, _)| hash.as_str());
        let right = self.inner.hasher.verify(attempt.password, stored, self.env()).await?;
        let Some((account, _, disabled)) = found.filter(|_| right) else {
            let tx = self.db().bookkeeping().await?;
            throttle::failed(&tx, &address).await?;
            tx.commit().await?;
            throttle::tidy(self.db()).await?;
            return Err(SignInError::Refused);
        };
        if disabled {
            return Err(SignInError::Disabled);
        }
        let by = By { account: Some(account), via: Via::Page };
        let mut tx = self.db().write(&by, "identity.signed_in").await?;
        throttle::succeeded(&tx, &name).await?;
        let session = session::open(&mut tx, account, attempt.ip, attempt.user_agent).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// Refuses who has to wait, and counts this attempt against the name before it is checked: many guesses
    /// at once must not slip through together. A right password takes it back.
    async fn reserve(&self, name: &Subject, address: &Subject, familiar: bool) -> Result<(), SignInError> {
        let tx = self.db().bookkeeping().await?;
        let now = tx.env().now();
        let wait =
            |until: Time| SignInError::TooManyAttempts { seconds: until.seconds_since(now).max(0) + 1 };
        throttle::take_turn(&tx, name).await?;
        if !familiar && let Some(until) = throttle::blocked_until(&tx, name, now).await? {
            return Err(wait(until));
        }
        if let Some(until) = throttle::blocked_until(&tx, address, now).await? {
            return Err(wait(until));
        }
        throttle::failed(&tx, name).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Opens a session without a password: the one-click entry of the demo centre. `ip` and `user_agent` are
    /// kept with the session, as for one that was opened with a password.
    pub async fn enter_as(
        &self,
        account: AccountId,
        ip: &str,
        user_agent: &str,
    ) -> Result<NewSession, EnterError> {
        if !self.inner.demo {
            return Err(EnterError::NotDemo);
        }
        if self.actor(account).await?.is_none() {
            return Err(EnterError::NotFound);
        }
        let by = By { account: Some(account), via: Via::Page };
        let mut tx = self.db().write(&by, "identity.demo_entered").await?;
        let session = session::open(&mut tx, account, ip, user_agent).await?;
        tx.commit().await?;
        Ok(session)
    }
}
