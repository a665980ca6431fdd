//! Who may take a route.

use kernel::Permission;

/// What a route demands of whoever takes it. Declared with the route, enforced before its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Anybody, signed in or not.
    Public,
    /// Anybody who is signed in; the route concerns only themselves.
    SignedIn,
    /// Only from this machine: what a monitoring agent beside the server reads.
    Loopback,
    /// Somebody with this permission in any scope; the handler narrows to the scope.
    May(Permission),
}

impl<P: Into<Permission>> From<P> for Policy {
    fn from(permission: P) -> Policy {
        Policy::May(permission.into())
    }
}

impl std::fmt::Display for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Policy::Public => f.write_str("public"),
            Policy::SignedIn => f.write_str("signed in"),
            Policy::Loopback => f.write_str("loopback"),
            Policy::May(permission) => f.write_str(permission.0),
        }
    }
}
