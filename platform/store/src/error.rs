//! What can go wrong in the store.

/// An error of the store. Its text is for the log and for the administrator at the terminal; a reader of a
/// page only learns that something failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database answered with an error.
    #[error("the database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// A stored value cannot be what the program expects.
    #[error(
        "column “{column}” holds {found}, which cannot be read; the database was changed by hand or by another version"
    )]
    Corrupt {
        /// The column.
        column: String,
        /// What was found, shortened.
        found: String,
    },
    /// The address of the database cannot be understood.
    #[error(
        "“{0}” is not the address of a database; write a path, sqlite:PATH, or postgres://user:password@host/name"
    )]
    Address(String),
    /// The database was made by a newer version.
    #[error(
        "the database was changed by a newer version of Lianbing ({context} step {n} is unknown here)\nStart that version, or restore the snapshot taken before the upgrade"
    )]
    Newer {
        /// The context whose step is unknown.
        context: String,
        /// The unknown step.
        n: i64,
    },
    /// A migration that has run differs from the one in this program.
    #[error(
        "migration {context} {n} was applied with another text than this program holds\nUse the program that made this database, or restore a backup"
    )]
    Rewritten {
        /// The context.
        context: String,
        /// The step.
        n: i64,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
}

impl StoreError {
    /// Whether a unique rule of the database refused the change: the thing exists already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, StoreError::Database(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }
}
