//! One conversation a line, as JSON. Pure.
//!
//! `id`, `source`, `turns[{participant?, role, t?, text}]`, and optionally `started_at` (RFC 3339), `agent`,
//! `site`, `queue`, `line_of_business`, `channel`, `direction`, `disposition`, `duration_s`, `fields{}`.
//! Keys beside these are kept, at the record and at the turn.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{Defaults, Reason, Record, RecordFacts, RecordTurn, Role, TURN_CHARS_MAX, TURNS_MAX, checks};

/// Reads one line.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse<'a>(line: &'a str, defaults: &Defaults) -> Result<Record<'a>, Reason> {
    if line.contains('\0') {
        return Err(Reason::Nul("JSON".to_owned()));
    }
    let draft: Draft<'a> = read(line)?;
    let Some(fields) = draft.object else { return Err(Reason::NotAnObject(draft.found)) };
    fields.check(defaults)
}

fn read(line: &str) -> Result<Draft<'_>, Reason> {
    let mut from = serde_json::Deserializer::from_str(line);
    let said = |error: serde_json::Error| {
        if error.is_eof() { Reason::Truncated } else { Reason::Json(error.to_string()) }
    };
    let draft = Seed::<Draft<'_>>::new().deserialize(&mut from).map_err(said)?;
    from.end().map_err(said)?;
    Ok(draft)
}

/// What stands at a key that should hold one plain value.
#[derive(Debug, Clone, Default, PartialEq)]
enum Scalar<'a> {
    #[default]
    Absent,
    Bool,
    Number(f64, String),
    Text(Cow<'a, str>),
    Nested,
}

impl<'a> Scalar<'a> {
    const fn kind(&self) -> &'static str {
        match self {
            Scalar::Absent => "null",
            Scalar::Bool => "true/false",
            Scalar::Number(..) => "a number",
            Scalar::Text(_) => "a text",
            Scalar::Nested => "a list or an object",
        }
    }

    /// A name or an id; numbers are taken as they are written.
    fn name(self, field: &'static str) -> Result<Option<String>, Reason> {
        match self {
            Scalar::Absent => Ok(None),
            Scalar::Number(_, written) => checks::name(field, &written),
            Scalar::Text(text) => checks::name(field, &text),
            other => Err(Reason::Kind(field.to_owned(), other.kind(), "a text")),
        }
    }

    fn seconds(self, turn: usize) -> Result<Option<i64>, Reason> {
        match self {
            Scalar::Absent => Ok(None),
            Scalar::Number(seconds, written) => checks::offset_ms(turn, seconds, &written).map(Some),
            Scalar::Text(text) => match text.trim().parse::<f64>() {
                Ok(seconds) => checks::offset_ms(turn, seconds, &text).map(Some),
                Err(_) => Err(Reason::Offset(turn, text.into_owned())),
            },
            other => Err(Reason::Offset(turn, other.kind().to_owned())),
        }
    }

    fn text(self, field: String) -> Result<Cow<'a, str>, Reason> {
        match self {
            Scalar::Text(text) => Ok(text),
            Scalar::Absent => Err(Reason::Kind(field, "null", "a text")),
            other => Err(Reason::Kind(field, other.kind(), "a text")),
        }
    }
}

#[derive(Default)]
struct Fields<'a> {
    id: Scalar<'a>,
    source: Scalar<'a>,
    started_at: Scalar<'a>,
    agent: Scalar<'a>,
    site: Scalar<'a>,
    queue: Scalar<'a>,
    line_of_business: Scalar<'a>,
    channel: Scalar<'a>,
    direction: Scalar<'a>,
    disposition: Scalar<'a>,
    duration_s: Scalar<'a>,
    own: Option<Value>,
    turns: Turns<'a>,
    extra: Map<String, Value>,
}

impl<'a> Fields<'a> {
    fn check(self, defaults: &Defaults) -> Result<Record<'a>, Reason> {
        let external_id = self.id.name("id")?.ok_or(Reason::Missing("id"))?;
        let source = self.source.name("source")?.or_else(|| defaults.source.clone());
        let source = source.ok_or(Reason::Missing("source"))?;
        let began = match self.started_at.name("started_at")? {
            Some(text) => Some(checks::began(&text)?),
            None => None,
        };
        let direction = match self.direction.name("direction")? {
            Some(text) => Some(checks::direction(&text)?),
            None => None,
        };
        let fields = match self.own {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(fields)) => fields,
            Some(_) => {
                return Err(Reason::Kind(
                    "fields".to_owned(),
                    "not an object",
                    "an object {\"name\": value}",
                ));
            }
        };
        let turns = self.turns.check()?;
        let duration_s = match self.duration_s {
            Scalar::Absent => checks::duration_s(&turns),
            other => other.seconds(0)?.map(|ms| ms / 1000),
        };
        let facts = RecordFacts {
            external_id,
            source,
            began,
            agent: self.agent.name("agent")?,
            site: self.site.name("site")?.or_else(|| defaults.site.clone()),
            queue: self.queue.name("queue")?.or_else(|| defaults.queue.clone()),
            line_of_business: self
                .line_of_business
                .name("line_of_business")?
                .or_else(|| defaults.line_of_business.clone()),
            channel: self.channel.name("channel")?.or_else(|| defaults.channel.clone()),
            direction,
            disposition: self.disposition.name("disposition")?,
            duration_s,
        };
        Ok(Record { facts, fields, extra: self.extra, turns })
    }
}

#[derive(Default)]
struct DraftTurn<'a> {
    is_object: bool,
    participant: Scalar<'a>,
    role: Scalar<'a>,
    t: Scalar<'a>,
    text: Scalar<'a>,
    extra: Map<String, Value>,
}

#[derive(Default)]
enum Turns<'a> {
    #[default]
    Absent,
    NotAList(&'static str),
    List(Vec<DraftTurn<'a>>),
}

impl<'a> Turns<'a> {
    fn check(self) -> Result<Vec<RecordTurn<'a>>, Reason> {
        let drafts = match self {
            Turns::Absent => return Err(Reason::NoTurns),
            Turns::NotAList(found) => {
                return Err(Reason::Kind("turns".to_owned(), found, "a list [{\"role\":…,\"text\":…}]"));
            }
            Turns::List(drafts) => drafts,
        };
        if drafts.len() > TURNS_MAX {
            return Err(Reason::TooManyTurns(drafts.len()));
        }
        let mut turns = Vec::with_capacity(drafts.len());
        for (at, draft) in drafts.into_iter().enumerate() {
            turns.push(draft.check(at + 1)?);
        }
        checks::turns(&turns)?;
        Ok(turns)
    }
}

impl<'a> DraftTurn<'a> {
    fn check(self, number: usize) -> Result<RecordTurn<'a>, Reason> {
        if !self.is_object {
            return Err(Reason::Kind(format!("turns[{number}]"), "not an object", "{\"role\":…,\"text\":…}"));
        }
        let role = match &self.role {
            Scalar::Text(word) => Role::parse(word).ok_or_else(|| Reason::Role(number, word.to_string()))?,
            other => return Err(Reason::Role(number, other.kind().to_owned())),
        };
        let participant = match self.participant {
            Scalar::Text(text) => checks::name("participant", &text)?
                .map(|name| if name.len() == text.len() { text } else { Cow::Owned(name) }),
            other => other.name("participant")?.map(Cow::Owned),
        };
        let text = self.text.text(format!("turns[{number}].text"))?;
        if text.len() > TURN_CHARS_MAX && text.chars().count() > TURN_CHARS_MAX {
            return Err(Reason::LongText(number, text.chars().count()));
        }
        if text.contains('\0') {
            return Err(Reason::Nul(format!("turns[{number}].text")));
        }
        Ok(RecordTurn { participant, role, start_ms: self.t.seconds(number)?, text, extra: self.extra })
    }
}

/// The whole line: an object, or what else it is.
#[derive(Default)]
struct Draft<'a> {
    object: Option<Fields<'a>>,
    found: &'static str,
}

/// Deserializes a `T` by the visitor of its seed.
struct Seed<T>(std::marker::PhantomData<T>);

impl<T> Seed<T> {
    const fn new() -> Seed<T> {
        Seed(std::marker::PhantomData)
    }
}

/// What plain JSON values become in a place that expects something else.
macro_rules! plain_values {
    ($lifetime:lifetime, $make:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any JSON value")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($make(Scalar::Bool))
        }
        fn visit_i64<E>(self, n: i64) -> Result<Self::Value, E> {
            Ok($make(Scalar::Number(n as f64, n.to_string())))
        }
        fn visit_u64<E>(self, n: u64) -> Result<Self::Value, E> {
            Ok($make(Scalar::Number(n as f64, n.to_string())))
        }
        fn visit_f64<E>(self, x: f64) -> Result<Self::Value, E> {
            Ok($make(Scalar::Number(x, x.to_string())))
        }
        fn visit_borrowed_str<E>(self, text: &$lifetime str) -> Result<Self::Value, E> {
            Ok($make(Scalar::Text(Cow::Borrowed(text))))
        }
        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok($make(Scalar::Text(Cow::Owned(text.to_owned()))))
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($make(Scalar::Absent))
        }
    };
}

impl<'de> DeserializeSeed<'de> for Seed<Scalar<'de>> {
    type Value = Scalar<'de>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Scalar<'de>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<Scalar<'de>> {
    type Value = Scalar<'de>;
    plain_values!('de, |scalar| scalar);
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }
}

impl<'de> DeserializeSeed<'de> for Seed<Draft<'de>> {
    type Value = Draft<'de>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Draft<'de>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<Draft<'de>> {
    type Value = Draft<'de>;
    plain_values!('de, |scalar: Scalar<'_>| Draft { object: None, found: scalar.kind() });

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Draft<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Draft { object: None, found: "a list" })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft<'de>, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key_seed(Seed::<Scalar<'de>>::new())? {
            let Scalar::Text(key) = key else { continue };
            let slot = match &*key {
                "id" => &mut fields.id,
                "source" => &mut fields.source,
                "started_at" => &mut fields.started_at,
                "agent" => &mut fields.agent,
                "site" => &mut fields.site,
                "queue" => &mut fields.queue,
                "line_of_business" => &mut fields.line_of_business,
                "channel" => &mut fields.channel,
                "direction" => &mut fields.direction,
                "disposition" => &mut fields.disposition,
                "duration_s" => &mut fields.duration_s,
                "fields" => {
                    fields.own = Some(map.next_value()?);
                    continue;
                }
                "turns" => {
                    fields.turns = map.next_value_seed(Seed::<Turns<'de>>::new())?;
                    continue;
                }
                _ => {
                    fields.extra.insert(key.into_owned(), map.next_value()?);
                    continue;
                }
            };
            *slot = map.next_value_seed(Seed::<Scalar<'de>>::new())?;
        }
        Ok(Draft { object: Some(fields), found: "" })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<Turns<'de>> {
    type Value = Turns<'de>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Turns<'de>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<Turns<'de>> {
    type Value = Turns<'de>;
    plain_values!('de, |scalar: Scalar<'_>| match scalar {
        Scalar::Absent => Turns::Absent,
        other => Turns::NotAList(other.kind()),
    });

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Turns<'de>, A::Error> {
        let mut turns = Vec::new();
        while turns.len() <= TURNS_MAX {
            match seq.next_element_seed(Seed::<DraftTurn<'de>>::new())? {
                Some(turn) => turns.push(turn),
                None => return Ok(Turns::List(turns)),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Turns::List(turns))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Turns<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Turns::NotAList("an object"))
    }
}

impl<'de> DeserializeSeed<'de> for Seed<DraftTurn<'de>> {
    type Value = DraftTurn<'de>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<DraftTurn<'de>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<DraftTurn<'de>> {
    type Value = DraftTurn<'de>;
    plain_values!('de, |_: Scalar<'_>| DraftTurn::default());

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<DraftTurn<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(DraftTurn::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<DraftTurn<'de>, A::Error> {
        let mut turn = DraftTurn { is_object: true, ..DraftTurn::default() };
        while let Some(key) = map.next_key_seed(Seed::<Scalar<'de>>::new())? {
            let Scalar::Text(key) = key else { continue };
            let slot = match &*key {
                "participant" => &mut turn.participant,
                "role" => &mut turn.role,
                "t" => &mut turn.t,
                "text" => &mut turn.text,
                _ => {
                    turn.extra.insert(key.into_owned(), map.next_value()?);
                    continue;
                }
            };
            *slot = map.next_value_seed(Seed::<Scalar<'de>>::new())?;
        }
        Ok(turn)
    }
}
