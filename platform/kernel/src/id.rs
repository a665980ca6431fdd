//! Typed ids: 128 bits, ordered by the time they were made, made by us and never by the database.

/// An id that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an id; copy it from the address of a page or from an answer of the API")]
pub struct IdError(pub String);

/// Declares id types, each a 128-bit time-ordered number that is shown and sent as a string.
#[macro_export]
macro_rules! id_type {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, $crate::macros::serde::Serialize, $crate::macros::serde::Deserialize)]
        #[serde(crate = "kernel::macros::serde", transparent)]
        $vis struct $name(pub $crate::macros::uuid::Uuid);

        impl From<$crate::macros::uuid::Uuid> for $name {
            fn from(id: $crate::macros::uuid::Uuid) -> Self { Self(id) }
        }
        impl From<$name> for $crate::macros::uuid::Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::IdError;
            fn from_str(text: &str) -> Result<Self, $crate::IdError> {
                text.parse().map(Self).map_err(|_| $crate::IdError(text.chars().take(60).collect()))
            }
        }
    )+};
}
