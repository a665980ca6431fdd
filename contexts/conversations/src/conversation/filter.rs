//! Which conversations: what a list, a link from another page, and the API ask for.

use std::str::FromStr;

use kernel::{BusinessDay, Day, PersonId, Scope, UnitId};
use store::{Sql, sql, visible};
use ui::Href;
use uuid::Uuid;

use super::rules::Direction;
use crate::{
    ids::{BatchId, ConversationId, LineOfBusinessId, QueueId},
    search::index::tag,
};

/// Ids that one selection may name: what still fits into one statement, and more than anybody looks through.
pub const SELECTED_MAX: usize = 10_000;

/// A filter over conversations. Each list is “one of these”; an empty one does not restrict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConversationFilter {
    /// Words, see [`crate::search::parse_query`]; or the id that the source gave.
    pub query: Option<String>,
    /// From this day of the centre on.
    pub from: Option<Day>,
    /// Up to this day, inclusive.
    pub to: Option<Day>,
    /// Sites.
    pub sites: Vec<UnitId>,
    /// Teams.
    pub teams: Vec<UnitId>,
    /// Agents.
    pub agents: Vec<PersonId>,
    /// Queues.
    pub queues: Vec<QueueId>,
    /// Lines of business.
    pub lines: Vec<LineOfBusinessId>,
    /// Channels.
    pub channels: Vec<String>,
    /// Who began it.
    pub direction: Option<Direction>,
    /// Coded outcomes.
    pub dispositions: Vec<String>,
    /// At least so long, s.
    pub duration_min_s: Option<i64>,
    /// At most so long, s.
    pub duration_max_s: Option<i64>,
    /// One import.
    pub batch: Option<BatchId>,
    /// Dated only, or undated only.
    pub dated: Option<bool>,
    /// A selection that another context answers for: its name and argument, see
    /// [`crate::api::ConversationSelection`].
    pub selection: Option<(String, String)>,
}

/// Query keys of the filter, in the address of the list and in the API.
pub mod keys {
    /// Words or an id.
    pub const QUERY: &str = "q";
    /// First day.
    pub const FROM: &str = "from";
    /// Last day.
    pub const TO: &str = "to";
    /// Site.
    pub const SITE: &str = "site";
    /// Team.
    pub const TEAM: &str = "team";
    /// Agent.
    pub const AGENT: &str = "agent";
    /// Queue.
    pub const QUEUE: &str = "queue";
    /// Line of business.
    pub const LINE: &str = "line_of_business";
    /// Channel.
    pub const CHANNEL: &str = "channel";
    /// Direction.
    pub const DIRECTION: &str = "direction";
    /// Disposition.
    pub const DISPOSITION: &str = "disposition";
    /// Shortest, s.
    pub const MIN: &str = "min_s";
    /// Longest, s.
    pub const MAX: &str = "max_s";
    /// Import.
    pub const BATCH: &str = "batch";
    /// `1` dated, `0` undated.
    pub const DATED: &str = "dated";
    /// `name:argument`.
    pub const SELECTION: &str = "selection";
}

/// A value of the address that cannot be read: its key and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFilter(pub &'static str, pub String);

impl ConversationFilter {
    /// Reads the query of an address. The first value that cannot be read is the error.
    ///
    /// # Errors
    /// The key and the value.
    pub fn read(here: &Href) -> Result<ConversationFilter, BadFilter> {
        fn one<T>(
            here: &Href,
            key: &'static str,
            parse: impl Fn(&str) -> Option<T>,
        ) -> Result<Option<T>, BadFilter> {
            let read = |value: &str| parse(value.trim()).ok_or_else(|| BadFilter(key, value.to_owned()));
            here.value(key).map(read).transpose()
        }
        fn ids<T: From<Uuid>>(here: &Href, key: &'static str) -> Result<Vec<T>, BadFilter> {
            let read = |value: &str| {
                Uuid::from_str(value.trim()).map(T::from).map_err(|_| BadFilter(key, value.to_owned()))
            };
            here.values(key).map(read).collect()
        }
        let words = |key| here.values(key).map(str::to_owned).collect::<Vec<_>>();
        let seconds = |text: &str| text.parse::<i64>().ok().filter(|n| (0..=i64::from(i32::MAX)).contains(n));
        Ok(ConversationFilter {
            query: here.value(keys::QUERY).map(|query| query.trim().to_owned()),
            from: one(here, keys::FROM, Day::parse)?,
            to: one(here, keys::TO, Day::parse)?,
            sites: ids(here, keys::SITE)?,
            teams: ids(here, keys::TEAM)?,
            agents: ids(here, keys::AGENT)?,
            queues: ids(here, keys::QUEUE)?,
            lines: ids(here, keys::LINE)?,
            channels: words(keys::CHANNEL),
            direction: one(here, keys::DIRECTION, Direction::parse)?,
            dispositions: words(keys::DISPOSITION),
            duration_min_s: one(here, keys::MIN, seconds)?,
            duration_max_s: one(here, keys::MAX, seconds)?,
            batch: one(here, keys::BATCH, |text| text.parse().ok())?,
            dated: one(here, keys::DATED, |text| match text {
                "1" | "true" => Some(true),
                "0" | "false" => Some(false),
                _ => None,
            })?,
            selection: one(here, keys::SELECTION, |text| {
                text.split_once(':').map(|(name, argument)| (name.to_owned(), argument.to_owned()))
            })?,
        })
    }

    /// The list of these conversations.
    pub fn href(&self) -> Href {
        let mut href = Href::new("/conversations");
        let mut put = |key: &'static str, value: String| href = std::mem::take(&mut href).also(key, value);
        self.query.iter().for_each(|query| put(keys::QUERY, query.clone()));
        self.from.iter().for_each(|day| put(keys::FROM, day.to_string()));
        self.to.iter().for_each(|day| put(keys::TO, day.to_string()));
        self.sites.iter().for_each(|id| put(keys::SITE, id.to_string()));
        self.teams.iter().for_each(|id| put(keys::TEAM, id.to_string()));
        self.agents.iter().for_each(|id| put(keys::AGENT, id.to_string()));
        self.queues.iter().for_each(|id| put(keys::QUEUE, id.to_string()));
        self.lines.iter().for_each(|id| put(keys::LINE, id.to_string()));
        self.channels.iter().for_each(|name| put(keys::CHANNEL, name.clone()));
        self.direction.iter().for_each(|direction| put(keys::DIRECTION, direction.name().to_owned()));
        self.dispositions.iter().for_each(|name| put(keys::DISPOSITION, name.clone()));
        self.duration_min_s.iter().for_each(|s| put(keys::MIN, s.to_string()));
        self.duration_max_s.iter().for_each(|s| put(keys::MAX, s.to_string()));
        self.batch.iter().for_each(|id| put(keys::BATCH, id.to_string()));
        self.dated.iter().for_each(|dated| put(keys::DATED, u8::from(*dated).to_string()));
        self.selection.iter().for_each(|(name, argument)| put(keys::SELECTION, format!("{name}:{argument}")));
        href
    }

    /// The span of durations as conditions on `conversation c`.
    pub(crate) fn durations(&self, durations: Durations) -> Vec<Sql> {
        let duration = || {
            Sql::new(match durations {
                Durations::Indexed => "COALESCE(c.duration_s, -1)",
                Durations::Compared => "COALESCE(c.duration_s, -1) + 0",
            })
        };
        let min = self.duration_min_s.map(|s| sql!("{} >= {}", duration(), s));
        let max = self.duration_max_s.map(|s| sql!("{} BETWEEN 0 AND {}", duration(), s));
        min.into_iter().chain(max).collect()
    }

    /// As conditions on `conversation c`, the words and the selection left out. `handed_over` says whether
    /// conversations that changed hands are asked for; without them the plain columns decide alone, and their
    /// indexes serve the order too.
    pub(crate) fn conditions(
        &self,
        calendar: &BusinessDay,
        handed_over: bool,
        durations: Durations,
    ) -> Vec<Sql> {
        fn raw<T: Copy>(ids: &[T], id: impl Fn(T) -> Uuid) -> Vec<Uuid> {
            ids.iter().map(|one| id(*one)).collect()
        }
        let mut all = Vec::new();
        let sites = raw(&self.sites, |id| id.0);
        let queues = raw(&self.queues, |id| id.0);
        let lines = raw(&self.lines, |id| id.0);
        let teams = raw(&self.teams, |id| id.0);
        let agents = raw(&self.agents, |id| id.0);
        all.extend(self.from.map(|day| sql!("c.sort_at >= {}", calendar.start(day))));
        all.extend(self.to.map(|day| sql!("c.sort_at < {}", calendar.start(day.plus(1)))));
        all.extend((!sites.is_empty()).then(|| sql!("c.site IN {}", sites)));
        all.extend((!queues.is_empty()).then(|| sql!("c.queue IN {}", queues)));
        all.extend((!lines.is_empty()).then(|| sql!("c.line_of_business IN {}", lines)));
        if !teams.is_empty() {
            all.push(if handed_over {
                sql!("c.team IN {} OR c.id IN (SELECT p.conversation FROM conversation_participant p WHERE p.team IN {})", teams.clone(), teams)
            } else {
                sql!("c.team IN {}", teams)
            });
        }
        if !agents.is_empty() {
            all.push(if handed_over {
                sql!("c.person IN {} OR c.id IN (SELECT p.conversation FROM conversation_participant p WHERE p.person IN {})", agents.clone(), agents)
            } else {
                sql!("c.person IN {}", agents)
            });
        }
        let words =
            |names: &[String]| names.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
        all.extend((!self.channels.is_empty()).then(|| sql!("c.channel IN {}", words(&self.channels))));
        all.extend(self.direction.map(|direction| sql!("c.direction = {}", direction.name())));
        all.extend(
            (!self.dispositions.is_empty()).then(|| sql!("c.disposition IN {}", words(&self.dispositions))),
        );
        all.extend(self.durations(durations));
        all.extend(self.batch.map(|id| sql!("c.batch = {}", id)));
        // Undated ones stand at zero, where the index of the list's order finds them.
        all.extend(self.dated.map(|dated| {
            Sql::new(if dated { "c.day IS NOT NULL" } else { "c.sort_at = 0 AND c.day IS NULL" })
        }));
        all
    }

    /// As tags of the search index, one of each list.
    pub(crate) fn tags(&self) -> Vec<Vec<String>> {
        fn of<T: std::fmt::Display>(filter: &str, values: &[T]) -> Option<Vec<String>> {
            (!values.is_empty()).then(|| values.iter().map(|value| tag(filter, value)).collect())
        }
        [
            of("site", &self.sites),
            of("team", &self.teams),
            of("agent", &self.agents),
            of("queue", &self.queues),
            of("line", &self.lines),
            of("channel", &self.channels),
            self.direction.map(|direction| vec![tag("direction", direction.name())]),
            of("disposition", &self.dispositions),
            self.batch.map(|id| vec![tag("batch", id)]),
            self.dated.map(|dated| vec![tag("dated", dated)]),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// How a span of durations is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durations {
    /// So that the index of durations finds it.
    Indexed,
    /// So that rows which another index finds are compared.
    Compared,
}

/// The reader's scope as a condition on `conversation c`.
pub(crate) fn in_scope(scope: &Scope, handed_over: bool) -> Sql {
    let first = visible(scope, "c.team", Some("c.person"));
    if scope.is_everything() || !handed_over {
        return first;
    }
    sql!(
        "{} OR c.id IN (SELECT p.conversation FROM conversation_participant p WHERE {})",
        first,
        visible(scope, "p.team", Some("p.person"))
    )
}

/// The address of one conversation's page.
pub fn conversation_href(id: ConversationId) -> Href {
    Href::new("/conversations").segment(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let filter = ConversationFilter {
            query: Some("退款 & “5G”".into()),
            from: Day::parse("2026-03-01"),
            to: Day::parse("2026-03-07"),
            teams: vec![UnitId(Uuid::from_u128(1)), UnitId(Uuid::from_u128(2))],
            agents: vec![PersonId(Uuid::from_u128(3))],
            channels: vec!["电话".into()],
            direction: Some(Direction::Outbound),
            duration_min_s: Some(60),
            dated: Some(false),
            selection: Some(("uptake".into(), "a:b".into())),
            ..ConversationFilter::default()
        };
        let href = Href::parse(&filter.href().to_string());
        assert_eq!(ConversationFilter::read(&href), Ok(filter));
        let check = |address: &str, key: &'static str| {
            assert_eq!(ConversationFilter::read(&Href::parse(address)).unwrap_err().0, key);
        };
        check("/conversations?from=yesterday", "from");
        check("/conversations?agent=7", "agent");
        check("/conversations?min_s=-1", "min_s");
        check("/conversations?dated=maybe", "dated");
    }
}
