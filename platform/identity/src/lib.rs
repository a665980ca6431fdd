//! Who somebody is, and what they may do.
//!
//! - An account signs in with a password and gets a login session; programs use tokens. Only hashes of
//!   their secrets are stored.
//! - Permissions are code: each context declares its own with [`permissions!`]. Roles are rows: which
//!   permissions, and how far each reaches at most. A grant gives an account a role over some reach.
//! - [`Actor::may`] answers with the [`kernel::Scope`] that every query takes: see [`Grant`] for how the two
//!   reaches combine.
//! - What changes here holds at once in this process, and within [`CACHE_SECONDS`] in another.

mod account;
mod actor;
mod cache;
mod grant;
mod password;
mod permission;
mod role;
mod session;
mod sign_in;
mod texts;
mod throttle;
mod token;

use std::{collections::BTreeMap, sync::Arc};

use kernel::{Directory, Env, Permission};
use store::{Db, Migrations, Step, StoreError};

pub use account::{Account, AccountError, AccountFilter, NewAccount};
pub use actor::Actor;
pub use grant::{Grant, Reach};
pub use messages::Theme;
pub use password::{PASSWORD_CHARS_MIN, PasswordCost, PasswordProblem};
pub use permission::{IdentityPermission, PermissionDef, matrix};
pub use role::{RoleError, RoleId, RoleRow};
pub use session::{Session, SessionId};
pub use sign_in::{EnterError, NewSession, SetUpError, SignIn, SignInError};
pub use texts::role_label;
pub use token::{NewToken, Token, TokenAccess, TokenError, TokenId};

/// How long an actor is remembered, in seconds; a change made by another process is seen after that.
pub const CACHE_SECONDS: i64 = 2;

/// The tables of this part.
pub const MIGRATIONS: Migrations = Migrations {
    context: "identity",
    steps: &[Step { n: 1, sql: include_str!("../migrations/0001_identity.sql") }],
};

/// Not for use outside the macros of this crate.
#[doc(hidden)]
pub mod macros {
    pub use {kernel, messages};
}

/// Accounts, login sessions, tokens, roles and grants. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    env: Env,
    directory: Arc<dyn Directory>,
    permissions: Vec<PermissionDef>,
    /// The permissions by the name kept in rows.
    by_name: BTreeMap<&'static str, Permission>,
    hasher: password::Hasher,
    cache: cache::Cache,
    demo: bool,
}

/// What an installation sets for itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdentityOptions {
    /// Whether [`Identity::enter_as`] opens a session without a password: in the demo centre only.
    pub demo: bool,
    /// What hashing a password costs.
    pub cost: PasswordCost,
}

impl Identity {
    /// With all permissions that the contexts declare, for an ordinary installation.
    pub fn new(db: Db, env: Env, directory: Arc<dyn Directory>, permissions: Vec<PermissionDef>) -> Identity {
        Identity::with(db, env, directory, permissions, IdentityOptions::default())
    }

    /// The same with options.
    pub fn with(
        db: Db,
        env: Env,
        directory: Arc<dyn Directory>,
        permissions: Vec<PermissionDef>,
        options: IdentityOptions,
    ) -> Identity {
        let by_name = permissions.iter().map(|def| (def.permission.0, def.permission)).collect();
        Identity {
            inner: Arc::new(Inner {
                db,
                env,
                directory,
                permissions,
                by_name,
                hasher: password::Hasher::new(options.cost),
                cache: cache::Cache::default(),
                demo: options.demo,
            }),
        }
    }

    /// Every permission of this program, with its titles and default roles.
    pub fn permissions(&self) -> &[PermissionDef] {
        &self.inner.permissions
    }

    /// Whether [`Identity::enter_as`] works here.
    pub fn is_demo(&self) -> bool {
        self.inner.demo
    }

    /// Forgets remembered actors: after units moved, so that scopes follow at once.
    pub fn forget_remembered(&self) {
        self.inner.cache.clear();
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn env(&self) -> &Env {
        &self.inner.env
    }
}

/// Logs a failure of the store, whose cause no reader may see.
pub(crate) fn internal(error: &StoreError) -> messages::Problem {
    tracing::error!(%error, "identity.store_failed");
    messages::Problem::internal()
}
