//! Roles: the nine that ship, and those an installation adds.

use std::collections::BTreeMap;

use audit::By;
use kernel::{AccountId, Role};
use messages::{Problem, ProblemKind, Text};
use store::{Ask, StoreError, Tx, sql};

use crate::{Grant, Identity, Reach, internal, texts};

kernel::id_type! {
    /// A role.
    pub struct RoleId;
}

/// The longest name or title of a role: a line in a table.
const NAME_CHARS_MAX: usize = 60;

/// A role with what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// The role.
    pub id: RoleId,
    /// Its stable name.
    pub name: String,
    /// Whether it ships with the product; then its permissions follow the program.
    pub shipped: bool,
    /// Its title.
    pub title: Text,
    /// Its permissions by name, each with the widest reach.
    pub permissions: BTreeMap<String, Reach>,
    /// How many accounts hold it.
    pub accounts: i64,
    /// Grows with each change.
    pub version: i64,
}

/// Why a role was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The name is empty, too long, or has other characters than a–z, 0–9 and `_`.
    #[error("“{0}” cannot be the name of a role; use a–z, 0–9 and _, at most {NAME_CHARS_MAX}")]
    Name(String),
    /// The title is empty or too long.
    #[error("a role needs a title of 1 to {NAME_CHARS_MAX} characters")]
    Title,
    /// Another role has this name.
    #[error("there is a role “{0}” already")]
    NameTaken(String),
    /// A permission that this program does not know.
    #[error("there is no permission “{0}”")]
    UnknownPermission(String),
    /// A shipped role cannot be changed.
    #[error("this role ships with the product and cannot be changed; add a role of your own beside it")]
    Shipped,
    /// There is no such role.
    #[error("there is no such role")]
    NotFound,
    /// Somebody else changed it in between.
    #[error("somebody else changed this role in between")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RoleError> for Problem {
    fn from(error: RoleError) -> Problem {
        use ProblemKind::{Conflict, Invalid};
        match error {
            RoleError::Name(name) => Problem::new(Invalid, "identity.role_name", texts::role_name(&name)),
            RoleError::Title => {
                Problem::new(Invalid, "identity.role_title", texts::role_title(NAME_CHARS_MAX))
            }
            RoleError::NameTaken(name) => {
                Problem::new(Conflict, "identity.role_name_taken", texts::role_name_taken(&name))
            }
            RoleError::UnknownPermission(name) => {
                Problem::new(Invalid, "identity.unknown_permission", texts::unknown_permission(&name))
            }
            RoleError::Shipped => Problem::new(Conflict, "identity.role_shipped", texts::role_shipped()),
            RoleError::NotFound => Problem::not_found(),
            RoleError::Changed => Problem::new(Conflict, "identity.changed", texts::changed()),
            RoleError::Store(error) => internal(&error),
        }
    }
}

impl Identity {
    /// Brings the nine shipped roles to what this program declares: titles, permissions and widest reaches.
    /// Writes nothing when they are so already.
    pub async fn sync_shipped_roles(&self) -> store::Result<()> {
        let held = self.roles().await?;
        let wanted = self.shipped_roles();
        let same = |role: Role, permissions: &BTreeMap<String, Reach>| {
            held.iter().any(|row| {
                row.name == role.name()
                    && row.shipped
                    && row.title == texts::role_label(role)
                    && row.permissions == *permissions
            })
        };
        if wanted.iter().all(|(role, permissions)| same(*role, permissions)) {
            return Ok(());
        }
        let mut tx = self.db().write(&By::SYSTEM, "identity.shipped_roles_synced").await?;
        for (role, permissions) in &wanted {
            let title = texts::role_label(*role);
            tx.exec(sql!(
                "INSERT INTO role (id, name, shipped, title_zh, title_en, version) VALUES ({}, {}, TRUE, {}, {}, 1) ON CONFLICT (name) DO UPDATE SET shipped = TRUE, title_zh = EXCLUDED.title_zh, title_en = EXCLUDED.title_en, version = role.version + 1",
                tx.env().id::<RoleId>().0,
                role.name(),
                title.zh.as_ref(),
                title.en.as_ref()
            ))
            .await?;
            let Some(id) = role_id(&tx, role.name()).await? else { continue };
            put_permissions(&tx, id, permissions).await?;
            tx.object("role", id);
        }
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }

    fn shipped_roles(&self) -> Vec<(Role, BTreeMap<String, Reach>)> {
        let of = |role: Role| {
            let held = self.inner.permissions.iter().filter_map(|def| {
                let (_, reach) = def.roles.iter().find(|(held_by, _)| *held_by == role)?;
                Some((def.permission.0.to_owned(), *reach))
            });
            (role, held.collect())
        };
        Role::ALL.into_iter().map(of).collect()
    }

    /// All roles: the shipped ones in their order, then the others by name.
    pub async fn roles(&self) -> store::Result<Vec<RoleRow>> {
        let db = self.db();
        let mut rows = db
            .all(
                sql!("SELECT r.id, r.name, r.shipped, r.title_zh, r.title_en, r.version, (SELECT COUNT(DISTINCT g.account) FROM role_grant g WHERE g.role = r.id) AS accounts FROM role r ORDER BY r.name"),
                |row| {
                    Ok(RoleRow {
                        id: row.id("id")?,
                        name: row.get("name")?,
                        shipped: row.get("shipped")?,
                        title: Text::made(row.get("title_zh")?, row.get("title_en")?),
                        permissions: BTreeMap::new(),
                        accounts: row.get("accounts")?,
                        version: row.get("version")?,
                    })
                },
            )
            .await?;
        let held = db
            .all(sql!("SELECT role, permission, reach FROM role_permission"), |row| {
                let reach = row.word("reach", Reach::parse)?;
                Ok((row.id::<RoleId>("role")?, row.get::<String>("permission")?, reach))
            })
            .await?;
        for (role, permission, reach) in held {
            if let Some(row) = rows.iter_mut().find(|row| row.id == role) {
                row.permissions.insert(permission, reach);
            }
        }
        let place = |row: &RoleRow| Role::ALL.iter().position(|role| role.name() == row.name);
        rows.sort_by_key(|row| place(row).unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// Adds a role without permissions.
    pub async fn create_role(&self, by: &By, name: &str, title: &Text) -> Result<RoleId, RoleError> {
        let spelled = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > NAME_CHARS_MAX || !name.chars().all(spelled) {
            return Err(RoleError::Name(name.chars().take(NAME_CHARS_MAX).collect()));
        }
        for words in [&title.zh, &title.en] {
            if words.trim().is_empty() || words.chars().count() > NAME_CHARS_MAX {
                return Err(RoleError::Title);
            }
        }
        let mut tx = self.db().write(by, "identity.role_created").await?;
        let id: RoleId = tx.env().id();
        tx.object("role", id);
        tx.exec(sql!(
            "INSERT INTO role (id, name, shipped, title_zh, title_en, version) VALUES ({}, {}, FALSE, {}, {}, 1)",
            id.0,
            name,
            title.zh.as_ref(),
            title.en.as_ref()
        ))
        .await
        .map_err(|error| if error.is_duplicate() { RoleError::NameTaken(name.to_owned()) } else { error.into() })?;
        tx.commit().await?;
        Ok(id)
    }

    /// Gives a role of the installation exactly these permissions. `version` is the one that was read.
    pub async fn set_role_permissions(
        &self,
        by: &By,
        role: RoleId,
        permissions: &BTreeMap<String, Reach>,
        version: i64,
    ) -> Result<(), RoleError> {
        if let Some(unknown) = permissions.keys().find(|name| !self.inner.by_name.contains_key(name.as_str()))
        {
            return Err(RoleError::UnknownPermission(unknown.clone()));
        }
        let mut tx = self.db().write(by, "identity.role_permissions_set").await?;
        let shipped = tx
            .first(sql!("SELECT shipped FROM role WHERE id = {}", role.0), |row| row.at::<bool>(0))
            .await?
            .ok_or(RoleError::NotFound)?;
        if shipped {
            return Err(RoleError::Shipped);
        }
        let changed = tx
            .exec(sql!(
                "UPDATE role SET version = version + 1 WHERE id = {} AND version = {}",
                role.0,
                version
            ))
            .await?;
        if changed == 0 {
            return Err(RoleError::Changed);
        }
        put_permissions(&tx, role, permissions).await?;
        tx.object("role", role);
        tx.content(format!("{permissions:?}").as_bytes());
        tx.commit().await?;
        self.forget_remembered();
        Ok(())
    }

    /// The grants of some accounts.
    pub(crate) async fn grants_of(
        &self,
        ask: &impl Ask,
        accounts: &[AccountId],
    ) -> store::Result<BTreeMap<AccountId, Vec<Grant>>> {
        let rows = ask
            .all(
                sql!("SELECT g.id AS id, g.account AS account, g.reach AS reach, r.name AS role, u.unit AS unit FROM role_grant g JOIN role r ON r.id = g.role LEFT JOIN role_grant_unit u ON u.role_grant = g.id WHERE g.account IN {} ORDER BY r.name, g.id", accounts.to_vec()),
                |row| {
                    let grant = Grant {
                        role: row.get("role")?,
                        reach: row.word("reach", Reach::parse)?,
                        units: row.maybe_id("unit")?.into_iter().collect(),
                    };
                    Ok((row.id::<AccountId>("account")?, row.id::<RoleId>("id")?, grant))
                },
            )
            .await?;
        let mut grants: BTreeMap<AccountId, Vec<Grant>> = BTreeMap::new();
        let mut last = None;
        for (account, id, grant) in rows {
            let of = grants.entry(account).or_default();
            match of.last_mut() {
                Some(same) if last == Some(id) => same.units.extend(grant.units),
                _ => of.push(grant),
            }
            last = Some(id);
        }
        Ok(grants)
    }
}

pub(crate) async fn role_id(ask: &impl Ask, name: &str) -> store::Result<Option<RoleId>> {
    ask.first(sql!("SELECT id FROM role WHERE name = {}", name), |row| row.id("id")).await
}

async fn put_permissions(tx: &Tx, role: RoleId, permissions: &BTreeMap<String, Reach>) -> store::Result<()> {
    tx.exec(sql!("DELETE FROM role_permission WHERE role = {}", role.0)).await?;
    let rows = permissions.iter().map(|(name, reach)| sql!("({}, {}, {})", role.0, name, reach.name()));
    tx.insert_all("INSERT INTO role_permission (role, permission, reach) VALUES ", rows, "").await?;
    Ok(())
}
