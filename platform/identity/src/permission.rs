//! How a context declares what may be done in it.

use std::fmt::Write;

use kernel::{Permission, Role};
use messages::Text;

use crate::Reach;

/// A permission with its title and the shipped roles that hold it.
#[derive(Debug, Clone)]
pub struct PermissionDef {
    /// The permission.
    pub permission: Permission,
    /// What it allows, for people.
    pub title: Text,
    /// The shipped roles that hold it, each with the widest reach it gets.
    pub roles: &'static [(Role, Reach)],
}

/// Declares a context's permissions: an enum that converts into [`Permission`], with `DEFS` for
/// [`crate::Identity::new`].
///
/// ```
/// identity::permissions! {
///     /// What may be done with plants.
///     pub enum PlantPermission in "plants" {
///         View = "view" ("查看植物", "See plants") for [Agent: Own, TeamLeader: Units, Administrator: Everything];
///         Water = "water" ("浇水", "Water plants") for [TeamLeader: Units];
///     }
/// }
/// assert_eq!(kernel::Permission::from(PlantPermission::Water).0, "plants.water");
/// assert_eq!(PlantPermission::DEFS.len(), 2);
/// ```
#[macro_export]
macro_rules! permissions {
    ($(#[$meta:meta])* $vis:vis enum $name:ident in $context:literal {
        $($(#[$variant_meta:meta])* $variant:ident = $verb:literal ($zh:literal, $en:literal) for [$($role:ident : $reach:ident),* $(,)?];)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name {$(
            $(#[$variant_meta])*
            #[doc = concat!("`", $context, ".", $verb, "`: ", $zh, " · ", $en)]
            $variant,
        )+}

        impl $name {
            /// Every permission of this context with its title and default roles.
            pub const DEFS: &'static [$crate::PermissionDef] = &[$(
                $crate::PermissionDef {
                    permission: $crate::macros::kernel::Permission(concat!($context, ".", $verb)),
                    title: $crate::macros::messages::Text::fixed($zh, $en),
                    roles: &[$(($crate::macros::kernel::Role::$role, $crate::Reach::$reach)),*],
                },
            )+];
        }

        impl From<$name> for $crate::macros::kernel::Permission {
            fn from(permission: $name) -> Self {
                Self(match permission { $($name::$variant => concat!($context, ".", $verb),)+ })
            }
        }
    };
}

permissions! {
    /// What may be done with accounts and roles themselves. One's own password, sessions and preferences
    /// need no permission.
    pub enum IdentityPermission in "identity" {
        ViewAccounts = "view_accounts" ("查看账号与角色", "See accounts and roles") for [Administrator: Everything, Auditor: Everything];
        ManageAccounts = "manage_accounts" ("管理账号与授权", "Manage accounts and grants") for [Administrator: Everything];
        ManageRoles = "manage_roles" ("管理角色", "Manage roles") for [Administrator: Everything];
        /// One's own tokens only, which no scope narrows: an account without a person has them too.
        UseTokens = "use_tokens" ("使用接口令牌", "Use API tokens") for [Manager: Everything, Administrator: Everything];
    }
}

/// The table of role × permission × widest reach as text, for review: one line a permission, in the order of
/// their names; `-` where a shipped role does not hold it.
pub fn matrix(defs: &[PermissionDef]) -> String {
    let mut sorted: Vec<&PermissionDef> = defs.iter().collect();
    sorted.sort_by_key(|def| def.permission);
    let column = |role: Role| role.name().len().max(Reach::Everything.name().len());
    let width = sorted.iter().map(|def| def.permission.0.len()).max().unwrap_or_default().max(10);
    let mut table = format!("{:width$}", "permission");
    for role in Role::ALL {
        let _ = write!(table, "  {:1$}", role.name(), column(role));
    }
    table.truncate(table.trim_end().len());
    table.push('\n');
    for def in sorted {
        let _ = write!(table, "{:width$}", def.permission.0);
        for role in Role::ALL {
            let reach = def.roles.iter().find(|(held_by, _)| *held_by == role);
            let word = reach.map_or("-", |(_, reach)| reach.name());
            let _ = write!(table, "  {word:0$}", column(role));
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    table
}
