//! Reading.

use std::future::Future;

use kernel::{Day, Time};
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

use crate::{Result, Sql, StoreError};

/// Asks the store; a [`crate::Db`] answers from its readers' pool, a [`crate::Tx`] from inside its transaction.
pub trait Ask: Send + Sync {
    /// Which database answers.
    fn dialect(&self) -> crate::Dialect;

    /// The rows of a statement as the database gives them.
    fn rows(&self, sql: Sql) -> impl Future<Output = Result<Vec<QueryResult>>> + Send;

    /// All rows, each mapped.
    fn all<T: Send, F: Fn(&Row<'_>) -> Result<T> + Send>(
        &self,
        sql: Sql,
        map: F,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        async move { self.rows(sql).await?.iter().map(|row| map(&Row(row))).collect() }
    }

    /// The first row, mapped, if there is one.
    fn first<T: Send, F: Fn(&Row<'_>) -> Result<T> + Send>(
        &self,
        sql: Sql,
        map: F,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        async move { self.rows(sql).await?.first().map(|row| map(&Row(row))).transpose() }
    }

    /// The number in the only column of the only row, as of `SELECT COUNT(*)`; 0 when there is none.
    fn count(&self, sql: Sql) -> impl Future<Output = Result<i64>> + Send {
        async move { Ok(self.first(sql, |row| row.at::<Option<i64>>(0)).await?.flatten().unwrap_or(0)) }
    }
}

/// One row of an answer.
pub struct Row<'a>(&'a QueryResult);

impl Row<'_> {
    /// A column by name: `i64`, `f64`, `bool`, `String`, `Vec<u8>`, `Uuid`, or an `Option` of one.
    pub fn get<T: TryGetable>(&self, column: &str) -> Result<T> {
        Ok(self.0.try_get("", column)?)
    }

    /// A column by position, from 0.
    pub fn at<T: TryGetable>(&self, index: usize) -> Result<T> {
        Ok(self.0.try_get_by_index(index)?)
    }

    /// An id.
    pub fn id<T: From<Uuid>>(&self, column: &str) -> Result<T> {
        self.get::<Uuid>(column).map(T::from)
    }

    /// An id that may be absent.
    pub fn maybe_id<T: From<Uuid>>(&self, column: &str) -> Result<Option<T>> {
        Ok(self.get::<Option<Uuid>>(column)?.map(T::from))
    }

    /// A moment.
    pub fn time(&self, column: &str) -> Result<Time> {
        self.get(column).map(Time)
    }

    /// A moment that may be absent.
    pub fn maybe_time(&self, column: &str) -> Result<Option<Time>> {
        Ok(self.get::<Option<i64>>(column)?.map(Time))
    }

    /// A day.
    pub fn day(&self, column: &str) -> Result<Day> {
        self.maybe_day(column)?
            .ok_or_else(|| StoreError::Corrupt { column: column.to_owned(), found: "nothing".to_owned() })
    }

    /// A day that may be absent.
    pub fn maybe_day(&self, column: &str) -> Result<Option<Day>> {
        let Some(days) = self.get::<Option<i64>>(column)? else { return Ok(None) };
        i32::try_from(days)
            .map(|days| Some(Day(days)))
            .map_err(|_| StoreError::Corrupt { column: column.to_owned(), found: days.to_string() })
    }

    /// A text read by a function that knows its spellings; anything else is an error that names the column.
    pub fn word<T>(&self, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let text: String = self.get(column)?;
        parse(&text).ok_or_else(|| StoreError::Corrupt {
            column: column.to_owned(),
            found: text.chars().take(40).collect(),
        })
    }
}
