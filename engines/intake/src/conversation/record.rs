//! What a conversation is, and the limits within which one is accepted. Pure.

use std::borrow::Cow;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Bytes of one record. A day-long chat has below 1 MB; more is a file without line ends.
pub const RECORD_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Turns of one conversation. An hour of fast speech has about 1 200.
pub const TURNS_MAX: usize = 5_000;
/// Characters of one turn. An hour of monologue has about 18 000.
pub const TURN_CHARS_MAX: usize = 20_000;
/// Characters of an id, a name, a code.
pub const NAME_CHARS_MAX: usize = 200;
/// Agents in one conversation: more hand-overs than this are a fault of the file.
pub const AGENTS_MAX: usize = 20;
/// Seconds from the beginning of a conversation to one of its turns: a chat may stay open over a week.
pub const OFFSET_SECONDS_MAX: f64 = 31.0 * 86_400.0;
/// The first year that a conversation may begin in: earlier times come from clocks that were never set.
pub const YEAR_MIN: i16 = 1980;
/// The last year.
pub const YEAR_MAX: i16 = 2100;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 客户.
    Customer,
    /// 坐席.
    Agent,
    /// 系统: prompts, look-ups, notices. Never counts in “within n turns”.
    System,
}

impl Role {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Customer => "customer",
            Role::Agent => "agent",
            Role::System => "system",
        }
    }

    /// Reads the spellings that exports of contact centres use.
    pub fn parse(word: &str) -> Option<Role> {
        Some(match word.trim() {
            "customer" | "Customer" | "CUSTOMER" | "client" | "caller" | "user" | "客户" | "用户"
            | "顾客" => Role::Customer,
            "agent" | "Agent" | "AGENT" | "坐席" | "座席" | "客服" | "客服代表" => Role::Agent,
            "system" | "System" | "SYSTEM" | "系统" | "ivr" | "IVR" => Role::System,
            _ => return None,
        })
    }
}

/// Who began the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 呼入: the customer.
    Inbound,
    /// 呼出: the centre.
    Outbound,
}

impl Direction {
    /// Both.
    pub const ALL: [Direction; 2] = [Direction::Inbound, Direction::Outbound];

    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        }
    }

    /// Reads the spellings that exports of contact centres use.
    pub fn parse(word: &str) -> Option<Direction> {
        Some(match word.trim() {
            "inbound" | "Inbound" | "INBOUND" | "in" | "呼入" | "来电" => Direction::Inbound,
            "outbound" | "Outbound" | "OUTBOUND" | "out" | "呼出" | "外呼" => Direction::Outbound,
            _ => return None,
        })
    }
}

/// When a conversation began, as the file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Began {
    /// With its offset from UTC.
    At(Timestamp),
    /// By the clock of its site.
    Local(DateTime),
}

impl Began {
    /// Reads RFC 3339 (`2026-03-02T09:15:00+08:00`), or a date and time without an offset, which is then
    /// by the site's clock: `2026-03-02 09:15[:00]`, `2026/3/2 9:15`.
    pub fn parse(text: &str) -> Option<Began> {
        let text = text.trim();
        let began = match text.parse() {
            Ok(at) => Began::At(at),
            Err(_) => Began::Local(local(text)?),
        };
        let year = match began {
            Began::At(at) => at.to_zoned(TimeZone::UTC).year(),
            Began::Local(at) => at.year(),
        };
        (YEAR_MIN..=YEAR_MAX).contains(&year).then_some(began)
    }
}

fn local(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let numbers = |part: &str, separators: &[char]| -> Option<Vec<i16>> {
        part.split(separators).map(|n| if n.len() <= 4 { n.parse().ok() } else { None }).collect()
    };
    let [year, month, day] = numbers(date, &['-', '/', '.'])?.try_into().ok()?;
    let clock = numbers(time.trim().split('.').next().unwrap_or_default(), &[':'])?;
    let [hour, minute, second] = match clock.as_slice() {
        [hour, minute] => [*hour, *minute, 0],
        [hour, minute, second] => [*hour, *minute, *second],
        _ => return None,
    };
    let small = |n: i16| i8::try_from(n).ok();
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0).ok()
}

/// One uninterrupted stretch of one participant, as imported.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordTurn<'a> {
    /// Which participant, where the file says so: tells agents apart after a hand-over.
    pub participant: Option<Cow<'a, str>>,
    /// Who speaks.
    pub role: Role,
    /// From the beginning of the conversation, ms.
    pub start_ms: Option<i64>,
    /// The words.
    pub text: Cow<'a, str>,
    /// Keys this product does not know, kept as they came.
    pub extra: Map<String, Value>,
}

/// What a record says of its conversation beside the words.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordFacts {
    /// The id its source gave it. Unique together with the source.
    pub external_id: String,
    /// Where it comes from.
    pub source: String,
    /// When it began.
    pub began: Option<Began>,
    /// The first agent: an employee number or a name.
    pub agent: Option<String>,
    /// The site's name.
    pub site: Option<String>,
    /// The queue's name.
    pub queue: Option<String>,
    /// The line of business's name.
    pub line_of_business: Option<String>,
    /// `call`, `chat` … as the source names it.
    pub channel: Option<String>,
    /// Who began it.
    pub direction: Option<Direction>,
    /// The coded outcome.
    pub disposition: Option<String>,
    /// How long it took, s; from the file, else from the first to the last turn that has a time.
    pub duration_s: Option<i64>,
}

/// A conversation as imported: valid, but its names not yet known to be anybody's.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    /// What it says beside the words.
    pub facts: RecordFacts,
    /// The source's own fields.
    pub fields: Map<String, Value>,
    /// Keys this product does not know, kept as they came.
    pub extra: Map<String, Value>,
    /// The turns, in order.
    pub turns: Vec<RecordTurn<'a>>,
}

impl Record<'_> {
    /// The distinct agents in the order in which they first speak: (participant key, name or number).
    /// A conversation whose agent turns carry at most one key has one agent, the one named by the record.
    pub fn agents(&self) -> Vec<(String, String)> {
        let mut keys: Vec<&str> = Vec::new();
        for turn in self.turns.iter().filter(|turn| turn.role == Role::Agent) {
            if let Some(key) = turn.participant.as_deref()
                && !keys.contains(&key)
                && keys.len() < AGENTS_MAX
            {
                keys.push(key);
            }
        }
        match (keys.as_slice(), &self.facts.agent) {
            ([], Some(agent)) => vec![(String::new(), agent.clone())],
            ([key], Some(agent)) => vec![((*key).to_owned(), agent.clone())],
            (keys, _) => keys.iter().map(|key| ((*key).to_owned(), (*key).to_owned())).collect(),
        }
    }

    /// `zh` or `en`: what the source says in `lang`, else whether at least one in ten letters is Han.
    pub fn lang(&self) -> &'static str {
        // The first turns decide; reading a whole book for it would cost more than it tells.
        const LETTERS: usize = 400;
        match self.extra.get("lang").and_then(Value::as_str).map(|lang| lang.get(..2).unwrap_or(lang)) {
            Some("zh") => return "zh",
            Some("en") => return "en",
            _ => {}
        }
        let (mut han, mut letters) = (0_usize, 0_usize);
        for c in
            self.turns.iter().flat_map(|turn| turn.text.chars()).filter(|c| c.is_alphabetic()).take(LETTERS)
        {
            letters += 1;
            han += usize::from(is_han(c));
        }
        if han * 10 >= letters.max(1) { "zh" } else { "en" }
    }
}

/// Whether a character is a Han character (CJK Unified Ideographs with extensions A–H and compatibility forms).
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '〇' | '々')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        let check = |text: &str, expected: Option<&str>| {
            let shown = Began::parse(text).map(|began| match began {
                Began::At(at) => at.to_string(),
                Began::Local(at) => at.to_string(),
            });
            assert_eq!(shown.as_deref(), expected, "{text}");
        };
        check("2026-03-02T09:15:00+08:00", Some("2026-03-02T01:15:00Z"));
        check("2026-03-02T01:15:00Z", Some("2026-03-02T01:15:00Z"));
        check("2026-03-02 09:15", Some("2026-03-02T09:15:00"));
        check("2026/3/2 9:15:07", Some("2026-03-02T09:15:07"));
        check("2026-03-02", Some("2026-03-02T00:00:00"));
        check("0001-01-01T00:00:00Z", None);
        check("9999-12-31T00:00:00Z", None);
        check("2026-13-02 09:15", None);
        check("=NOW()", None);
        check("", None);
        check("45678901234567890", None);
    }

    #[test]
    fn agents_keep_their_turns() {
        let turn = |key: Option<&'static str>, role| RecordTurn {
            participant: key.map(Cow::Borrowed),
            role,
            start_ms: None,
            text: "好".into(),
            extra: Map::new(),
        };
        let check = |agent: Option<&str>, keys: &[Option<&'static str>], expected: &[(&str, &str)]| {
            let facts = RecordFacts {
                external_id: "1".into(),
                source: "s".into(),
                began: None,
                agent: agent.map(str::to_owned),
                site: None,
                queue: None,
                line_of_business: None,
                channel: None,
                direction: None,
                disposition: None,
                duration_s: None,
            };
            let record = Record {
                facts,
                fields: Map::new(),
                extra: Map::new(),
                turns: keys.iter().map(|key| turn(*key, Role::Agent)).collect(),
            };
            let agents = record.agents();
            let shown: Vec<(&str, &str)> = agents.iter().map(|(k, n)| (k.as_str(), n.as_str())).collect();
            assert_eq!(shown, expected);
        };
        check(None, &[None], &[]);
        check(Some("1001"), &[None, None], &[("", "1001")]);
        check(Some("1001"), &[Some("agent")], &[("agent", "1001")]);
        check(
            Some("1001"),
            &[Some("1001"), Some("1002"), Some("1001")],
            &[("1001", "1001"), ("1002", "1002")],
        );
        check(None, &[Some("1001")], &[("1001", "1001")]);
    }
}
