//! Statements whose text is fixed at build time and whose values are bound.

use kernel::{Day, Time};
use sea_orm::Value;
use uuid::Uuid;

use crate::Dialect;

/// A statement, or a piece of one, with the values bound in it.
///
/// Placeholders are written `{}` and become `$1`, `$2` … for PostgreSQL and `?` for SQLite: there, finding a named
/// one takes time in proportion to how many there are, which made statements of thousands of values crawl.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(&'static str),
    Value(Value),
}

impl Sql {
    /// Fixed text without values.
    pub fn new(text: &'static str) -> Sql {
        Sql { pieces: vec![Piece::Text(text)] }
    }

    /// Adds fixed text.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Sql {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Adds a value, a list of values in parentheses, or another piece of a statement.
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Sql {
        value.bind(&mut self);
        self
    }

    /// Joins conditions with `AND`; a condition that is always true when there is none.
    pub fn all_of(conditions: impl IntoIterator<Item = Sql>) -> Sql {
        let mut joined = Sql::default();
        for (i, condition) in conditions.into_iter().enumerate() {
            joined = joined.push(if i == 0 { "(" } else { " AND (" }).bind(condition).push(")");
        }
        if joined.pieces.is_empty() { Sql::new("1 = 1") } else { joined }
    }

    /// Used by [`sql!`]: the text between placeholders, and the value after each.
    #[doc(hidden)]
    pub fn template(text: &'static str, values: Vec<Sql>) -> Sql {
        let mut built = Sql::default();
        let mut parts = text.split("{}");
        built.pieces.extend(parts.next().map(Piece::Text));
        for (value, part) in values.into_iter().zip(parts) {
            built.pieces.extend(value.pieces);
            built.pieces.push(Piece::Text(part));
        }
        built
    }

    /// The text with the database's placeholders, and the values in their order.
    pub(crate) fn into_parts(self, dialect: Dialect) -> (String, Vec<Value>) {
        let mut text = String::new();
        let mut values = Vec::new();
        for piece in self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Value(value) => {
                    values.push(value);
                    match dialect {
                        Dialect::Sqlite => text.push('?'),
                        Dialect::Postgres => {
                            text.push('$');
                            text.push_str(&values.len().to_string());
                        }
                    }
                }
            }
        }
        (text, values)
    }

    /// The text with numbered placeholders, for snapshots of hard queries.
    pub fn text(&self) -> String {
        self.clone().into_parts(Dialect::Postgres).0
    }

    fn value(&mut self, value: impl Into<Value>) {
        self.pieces.push(Piece::Value(value.into()));
    }
}

/// What can stand at a placeholder.
pub trait Bind {
    /// Adds itself to the statement.
    fn bind(self, sql: &mut Sql);
}

macro_rules! bind_as {
    ($($ty:ty => |$value:ident| $as:expr;)+) => {$(
        impl Bind for $ty {
            fn bind(self, sql: &mut Sql) { let $value = self; sql.value($as); }
        }
        impl Bind for Option<$ty> {
            fn bind(self, sql: &mut Sql) { sql.value(self.map(|$value| $as)); }
        }
    )+};
}

bind_as! {
    i64 => |n| n;
    i32 => |n| i64::from(n);
    u32 => |n| i64::from(n);
    u8 => |n| i64::from(n);
    usize => |n| i64::try_from(n).unwrap_or(i64::MAX);
    f64 => |x| x;
    bool => |b| b;
    &str => |s| s.to_owned();
    &String => |s| s.clone();
    String => |s| s;
    &[u8] => |bytes| bytes.to_vec();
    Uuid => |id| id;
    Time => |at| at.0;
    Day => |day| i64::from(day.0);
    kernel::PersonId => |id| id.0;
    kernel::UnitId => |id| id.0;
    kernel::AccountId => |id| id.0;
}

/// Lets the id types of a context be bound: `store::bind_ids!(ConversationId, BatchId);` Where one may be
/// absent, bind `id.map(|id| id.0)`: the language lets no other crate say what an `Option` means here.
#[macro_export]
macro_rules! bind_ids {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::Bind for $name {
            fn bind(self, sql: &mut $crate::Sql) { $crate::Bind::bind(self.0, sql); }
        }
    )+};
}

impl Bind for Sql {
    fn bind(self, sql: &mut Sql) {
        sql.pieces.extend(self.pieces);
    }
}

/// A list in parentheses for `IN`; `(NULL)`, which matches nothing, when it is empty.
impl<T: Bind> Bind for Vec<T> {
    fn bind(self, sql: &mut Sql) {
        sql.pieces.push(Piece::Text("("));
        if self.is_empty() {
            sql.pieces.push(Piece::Text("NULL"));
        }
        for (i, value) in self.into_iter().enumerate() {
            if i > 0 {
                sql.pieces.push(Piece::Text(", "));
            }
            value.bind(sql);
        }
        sql.pieces.push(Piece::Text(")"));
    }
}

/// How many `{}` a template holds; for the check in [`sql!`].
#[doc(hidden)]
pub const fn placeholders(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut i, mut n) = (0, 0);
    while i + 1 < bytes.len() {
        if bytes[i] == b'{' && bytes[i + 1] == b'}' {
            n += 1;
            i += 1;
        }
        i += 1;
    }
    n
}

/// Writes a statement: `sql!("SELECT name FROM unit WHERE id = {} AND kind = {}", id, "team")`.
///
/// The text must be a literal; a wrong number of values does not compile. A value may be a number, a text,
/// an id, an `Option` of one (NULL), a `Vec` (a list for `IN`), or another [`Sql`] that is spliced in.
#[macro_export]
macro_rules! sql {
    ($text:literal $(, $value:expr)* $(,)?) => {{
        const _: () = assert!(
            $crate::placeholders($text) == 0 $(+ { let _ = stringify!($value); 1 })*,
            "the statement has another number of placeholders than of values"
        );
        $crate::Sql::template($text, vec![$($crate::Sql::default().bind($value)),*])
    }};
}
