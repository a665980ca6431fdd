//! Who is asking.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use audit::{By, Via};
use kernel::{AccountId, Permission, PersonId, Scope};
use messages::{Lang, Theme};
use store::{Ask, sql};

use crate::{Grant, Identity, Reach};

/// An account that is signed in, with what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The person it belongs to.
    pub person: Option<PersonId>,
    /// The name it signs in with.
    pub name: String,
    /// The stable names of its roles.
    pub roles: Vec<String>,
    /// The language it chose.
    pub lang: Option<Lang>,
    /// The theme it chose.
    pub theme: Theme,
    /// Whether it must choose a new password before anything else.
    pub must_change_password: bool,
    scopes: BTreeMap<Permission, Scope>,
}

impl Actor {
    /// An actor with given scopes, for the tests of other parts.
    pub fn new(
        account: AccountId,
        person: Option<PersonId>,
        name: &str,
        scopes: impl IntoIterator<Item = (Permission, Scope)>,
    ) -> Actor {
        Actor {
            account,
            person,
            name: name.to_owned(),
            roles: Vec::new(),
            lang: None,
            theme: Theme::default(),
            must_change_password: false,
            scopes: scopes.into_iter().collect(),
        }
    }

    /// Whose data the actor may do this with; `None` when it may not do it at all.
    pub fn may(&self, permission: impl Into<Permission>) -> Option<&Scope> {
        self.scopes.get(&permission.into())
    }

    /// Whether the actor may do this with any data.
    pub fn can(&self, permission: impl Into<Permission>) -> bool {
        self.may(permission).is_some()
    }

    /// Every permission it holds, with its scope, in the order of their names.
    pub fn permissions(&self) -> impl Iterator<Item = (Permission, &Scope)> {
        self.scopes.iter().map(|(permission, scope)| (*permission, scope))
    }

    /// Who makes a change that this actor asks for through a door.
    pub fn by(&self, via: Via) -> By {
        By { account: Some(self.account), via }
    }
}

impl Identity {
    /// An account as an actor; `None` when there is none or it is disabled.
    pub async fn actor(&self, account: AccountId) -> store::Result<Option<Arc<Actor>>> {
        let db = self.db();
        let found = db
            .first(sql!("SELECT * FROM account WHERE id = {} AND disabled = FALSE", account), |row| {
                let lang: Option<String> = row.get("lang")?;
                Ok(Actor {
                    account: row.id("id")?,
                    person: row.maybe_id("person")?,
                    name: row.get("name")?,
                    roles: Vec::new(),
                    lang: lang.as_deref().and_then(Lang::parse),
                    theme: row.word("theme", Theme::parse)?,
                    must_change_password: row.get("must_change_password")?,
                    scopes: BTreeMap::new(),
                })
            })
            .await?;
        let Some(mut actor) = found else { return Ok(None) };
        let grants = self.grants_of(db, &[account]).await?.remove(&account).unwrap_or_default();
        let roles: BTreeSet<&str> = grants.iter().map(|grant| grant.role.as_str()).collect();
        actor.roles = roles.iter().map(|&role| role.to_owned()).collect();
        let reaches = self.reaches_of(&actor.roles).await?;
        actor.scopes = self.scopes(&grants, &reaches, actor.person);
        Ok(Some(Arc::new(actor)))
    }

    /// The permissions of some roles: (role, permission, widest reach). Permissions that this program does
    /// not know are left out.
    async fn reaches_of(&self, roles: &[String]) -> store::Result<Vec<(String, Permission, Reach)>> {
        let names: Vec<&str> = roles.iter().map(String::as_str).collect();
        let rows = self
            .db()
            .all(
                sql!("SELECT r.name AS role, p.permission AS permission, p.reach AS reach FROM role_permission p JOIN role r ON r.id = p.role WHERE r.name IN {}", names),
                |row| {
                    let reach = row.word("reach", Reach::parse)?;
                    Ok((row.get::<String>("role")?, row.get::<String>("permission")?, reach))
                },
            )
            .await?;
        let known = |(role, name, reach): (String, String, Reach)| {
            let permission = *self.inner.by_name.get(name.as_str())?;
            Some((role, permission, reach))
        };
        Ok(rows.into_iter().filter_map(known).collect())
    }

    fn scopes(
        &self,
        grants: &[Grant],
        reaches: &[(String, Permission, Reach)],
        person: Option<PersonId>,
    ) -> BTreeMap<Permission, Scope> {
        let mut scopes: BTreeMap<Permission, Scope> = BTreeMap::new();
        for grant in grants {
            // Each grant asks the directory at most three times, not once per permission.
            let by_reach = Reach::ALL.map(|widest| grant.scope(widest, person, &*self.inner.directory));
            for (role, permission, widest) in reaches {
                if *role != grant.role {
                    continue;
                }
                let [own, units, everything] = &by_reach;
                let scope = match widest {
                    Reach::Own => own,
                    Reach::Units => units,
                    Reach::Everything => everything,
                };
                let held = scopes.remove(permission).unwrap_or_default();
                scopes.insert(*permission, held.or(scope.clone()));
            }
        }
        scopes
    }
}
