//! What an import fills in.

use kernel::Day;
use serde::{Deserialize, Serialize};

/// What an import fills in where a record says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Defaults {
    /// Where the records come from.
    pub source: Option<String>,
    /// The day of records without `started_at`.
    pub date: Option<Day>,
    /// The site.
    pub site: Option<String>,
    /// The queue.
    pub queue: Option<String>,
    /// The line of business.
    pub line_of_business: Option<String>,
    /// The channel.
    pub channel: Option<String>,
}

impl Defaults {
    /// Those that stand in the record itself; the day belongs to its row.
    pub fn of_record(&self) -> intake::conversation::Defaults {
        intake::conversation::Defaults {
            source: self.source.clone(),
            site: self.site.clone(),
            queue: self.queue.clone(),
            line_of_business: self.line_of_business.clone(),
            channel: self.channel.clone(),
        }
    }
}
