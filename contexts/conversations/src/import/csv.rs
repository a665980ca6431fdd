//! One turn a row, as CSV. Pure over lines.
//!
//! The first row names the columns, in Chinese or English, in any order ([`COLUMNS`]); the separator is a
//! comma, a tab or a semicolon, whichever the first row has most of. Needed are the conversation's id, the
//! role and the text. Columns of other names are kept with the turn, those named `field:NAME` in the
//! conversation's `fields`. Rows of one conversation need not stand together, but at most
//! [`WINDOW_ROWS`] rows apart. A fact of the conversation may stand on any of its rows, and on more than one
//! when it is the same. Cells are words: what a spreadsheet would run as a formula is kept as it is.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use serde_json::{Map, Value};

use super::{
    lines::Line,
    reason::{Reason, Rejection},
    rules::{self, Defaults},
};
use crate::conversation::rules::{Record, RecordTurn, Role, TURN_CHARS_MAX, TURNS_MAX};

/// Columns of a row. Exports of contact centres have below 60.
pub const COLUMNS_MAX: usize = 500;
/// How far apart, in rows, the turns of one conversation may stand: two days of a busy centre's interleaved chats.
pub const WINDOW_ROWS: u64 = 10_000;
/// Bytes of one row, line ends inside quotation marks included: what one turn of the largest size needs.
pub const ROW_BYTES_MAX: usize = 1024 * 1024;
/// Lines that one row may go over, for the same reason.
const ROW_LINES_MAX: usize = 1_000;
/// Rows of open conversations held at once; the oldest conversation is closed when there are more.
const OPEN_ROWS_MAX: usize = 40_000;
/// Bytes of rows of open conversations held at once.
const OPEN_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What a column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// The conversation's id.
    Id,
    /// Its source.
    Source,
    /// When it began.
    StartedAt,
    /// The agent; on an agent's row, the one who speaks.
    Agent,
    /// The site.
    Site,
    /// The queue.
    Queue,
    /// The line of business.
    LineOfBusiness,
    /// The channel.
    Channel,
    /// The direction.
    Direction,
    /// The disposition.
    Disposition,
    /// The duration, s.
    Duration,
    /// Who speaks: the participant's key.
    Participant,
    /// Who speaks: customer, agent or system.
    Role,
    /// From the beginning, s.
    Offset,
    /// The words.
    Text,
    /// One of the conversation's own fields.
    Field(String),
    /// Another, kept with the turn.
    Other(String),
}

impl Column {
    /// The documented heading, or the one in the file.
    pub fn label(&self) -> String {
        match self {
            Column::Field(name) => format!("field:{name}"),
            Column::Other(name) => name.clone(),
            known => COLUMNS
                .iter()
                .find(|(_, column)| column == known)
                .and_then(|(names, _)| names.first())
                .map_or_else(String::new, |name| (*name).to_owned()),
        }
    }
}

/// The headings that are understood, lower-case: the first of each line is the one documented.
pub const COLUMNS: &[(&[&str], Column)] = &[
    (
        &[
            "id",
            "conversation_id",
            "call_id",
            "会话编号",
            "会话id",
            "通话编号",
            "通话id",
            "录音流水号",
            "流水号",
        ],
        Column::Id,
    ),
    (&["source", "来源", "数据来源"], Column::Source),
    (&["started_at", "start_time", "开始时间", "通话开始时间", "呼叫时间"], Column::StartedAt),
    (&["agent", "agent_id", "坐席", "座席", "坐席工号", "工号", "客服", "坐席姓名"], Column::Agent),
    (&["site", "职场", "场地"], Column::Site),
    (&["queue", "队列", "技能队列", "技能组"], Column::Queue),
    (&["line_of_business", "业务线", "业务类型"], Column::LineOfBusiness),
    (&["channel", "渠道"], Column::Channel),
    (&["direction", "方向", "呼叫方向"], Column::Direction),
    (&["disposition", "小结", "结束码", "处理结果"], Column::Disposition),
    (&["duration_s", "duration", "时长", "通话时长", "时长秒"], Column::Duration),
    (&["participant", "speaker", "说话人", "参与者"], Column::Participant),
    (&["role", "角色", "说话角色"], Column::Role),
    (&["t", "offset_s", "start_s", "时间偏移", "偏移秒", "开始秒"], Column::Offset),
    (&["text", "content", "内容", "文本", "对话内容"], Column::Text),
];

/// The first row.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// The separator.
    pub separator: u8,
    /// What each column means.
    pub columns: Vec<Column>,
}

impl Header {
    /// Reads the first row.
    pub fn parse(line: &str) -> Result<Header, Reason> {
        let count = |separator: char| line.chars().filter(|c| *c == separator).count();
        let separator = [('\t', b'\t'), (';', b';'), (',', b',')]
            .into_iter()
            .max_by_key(|(c, _)| count(*c))
            .map_or(b',', |(_, byte)| byte);
        let mut splitter = Splitter::new(separator);
        if splitter.feed(line.as_bytes())? == Fed::More {
            return Err(Reason::Quote);
        }
        let columns: Vec<Column> = splitter.row(0).cells.iter().map(|cell| meaning(cell)).collect();
        let needed =
            [(Column::Id, "id（会话编号）"), (Column::Role, "role（角色）"), (Column::Text, "text（内容）")];
        let missing: Vec<&str> = needed
            .into_iter()
            .filter(|(column, _)| !columns.contains(column))
            .map(|(_, label)| label)
            .collect();
        if missing.is_empty() {
            Ok(Header { separator, columns })
        } else {
            Err(Reason::Header(missing.join(", ")))
        }
    }
}

fn meaning(heading: &str) -> Column {
    let heading = heading.trim().trim_start_matches('\u{FEFF}').trim();
    if let Some(field) = heading.strip_prefix("field:") {
        return Column::Field(field.trim().to_owned());
    }
    let lower = heading.to_lowercase();
    COLUMNS
        .iter()
        .find(|(names, _)| names.contains(&lower.as_str()))
        .map_or_else(|| Column::Other(heading.to_owned()), |(_, column)| column.clone())
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CsvRow {
    /// The line on which it begins.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// Its bytes as they stand in the file.
    pub raw: String,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Fed {
    /// The row is complete.
    Whole,
    /// A quoted cell goes on over the next line.
    More,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// After a quotation mark inside a quoted cell: the end of it, or the first of two.
    Mark,
}

/// Splits lines into cells by RFC 4180, strictly: a stray quotation mark inside a quoted cell is an error, so that
/// one that was never closed is found at the next line and not at the end of the file.
struct Splitter {
    separator: u8,
    state: State,
    cells: Vec<Vec<u8>>,
    cell: Vec<u8>,
}

impl Splitter {
    fn new(separator: u8) -> Splitter {
        Splitter { separator, state: State::Start, cells: Vec::new(), cell: Vec::new() }
    }

    fn feed(&mut self, line: &[u8]) -> Result<Fed, Reason> {
        if self.state == State::Quoted {
            self.cell.push(b'\n');
        }
        for &byte in line {
            self.state = match (self.state, byte) {
                (State::Start, b'"') => State::Quoted,
                (State::Quoted, b'"') => State::Mark,
                (State::Quoted, byte) => {
                    self.cell.push(byte);
                    State::Quoted
                }
                (State::Mark, b'"') => {
                    self.cell.push(b'"');
                    State::Quoted
                }
                (_, byte) if byte == self.separator => {
                    self.end_cell()?;
                    State::Start
                }
                (State::Mark, _) => return Err(Reason::Quote),
                (State::Start | State::Plain, byte) => {
                    self.cell.push(byte);
                    State::Plain
                }
            };
        }
        if self.state == State::Quoted {
            return Ok(Fed::More);
        }
        self.end_cell()?;
        Ok(Fed::Whole)
    }

    fn end_cell(&mut self) -> Result<(), Reason> {
        if self.cells.len() >= COLUMNS_MAX {
            return Err(Reason::TooManyColumns(COLUMNS_MAX));
        }
        self.cells.push(std::mem::take(&mut self.cell));
        Ok(())
    }

    fn row(self, line: u64) -> CsvRow {
        let cells = self.cells.into_iter().map(|cell| match String::from_utf8(cell) {
            Ok(text) => text,
            // Lines are checked before; a separator is ASCII and cuts no character.
            Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
        });
        CsvRow { line, cells: cells.collect(), raw: String::new() }
    }
}

/// What reading rows gives.
#[derive(Debug, Clone, PartialEq)]
pub enum RowOrReason {
    /// A row.
    Row(CsvRow),
    /// A line that is none.
    Rejected(Rejection),
}

/// Makes rows of lines. A row that does not end where it should costs its first line only: reading goes on at
/// the line after it.
pub struct Rows {
    header: Arc<Header>,
    /// Lines taken but not yet used up, in order.
    waiting: std::collections::VecDeque<(Line, Option<Reason>)>,
    is_over: bool,
}

impl Rows {
    /// Rows under a header.
    pub fn new(header: Arc<Header>) -> Rows {
        Rows { header, waiting: std::collections::VecDeque::new(), is_over: false }
    }

    /// Takes the next line, already checked for its encoding: `fault` says what is wrong with it.
    pub fn push(&mut self, line: Line, fault: Option<Reason>) {
        self.waiting.push_back((line, fault));
    }

    /// Says that no more lines will come.
    pub fn end(&mut self) {
        self.is_over = true;
    }

    /// The next row, or `None` when more lines are needed first (or none are left).
    pub fn next_row(&mut self) -> Option<RowOrReason> {
        loop {
            let (first, fault) = self.waiting.front()?;
            let number = first.number;
            if let Some(reason) = fault.clone() {
                return self.reject(reason);
            }
            if first.bytes.iter().all(u8::is_ascii_whitespace) {
                self.waiting.pop_front();
                continue;
            }
            let mut splitter = Splitter::new(self.header.separator);
            let (mut used, mut bytes, mut outcome) = (0, 0, Ok(Fed::More));
            for (line, fault) in self.waiting.iter().take(ROW_LINES_MAX) {
                bytes += line.bytes.len();
                if fault.is_some() || bytes > ROW_BYTES_MAX {
                    outcome = Err(Reason::Quote);
                    break;
                }
                used += 1;
                outcome = splitter.feed(&line.bytes);
                if outcome != Ok(Fed::More) {
                    break;
                }
            }
            return match outcome {
                Ok(Fed::Whole) => Some(self.take(splitter, number, used)),
                Ok(Fed::More) if !self.is_over && used < ROW_LINES_MAX => None,
                Ok(Fed::More) => self.reject(Reason::Quote),
                Err(reason) => self.reject(reason),
            };
        }
    }

    fn take(&mut self, splitter: Splitter, number: u64, used: usize) -> RowOrReason {
        let lines: Vec<Vec<u8>> = self.waiting.drain(..used).map(|(line, _)| line.bytes).collect();
        let raw = String::from_utf8_lossy(&lines.join(&b'\n')).into_owned();
        let mut row = splitter.row(number);
        let wanted = self.header.columns.len();
        // Spreadsheets leave out empty cells at the end of a row, and add empty ones.
        while row.cells.len() > wanted && row.cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            row.cells.pop();
        }
        if row.cells.len() > wanted {
            return RowOrReason::Rejected(Rejection::new(
                number,
                Reason::Columns(row.cells.len(), wanted),
                &raw,
            ));
        }
        if raw.contains('\0') {
            return RowOrReason::Rejected(Rejection::new(number, Reason::Nul("CSV".to_owned()), &raw));
        }
        row.cells.resize(wanted, String::new());
        row.raw = raw;
        RowOrReason::Row(row)
    }

    fn reject(&mut self, reason: Reason) -> Option<RowOrReason> {
        let (line, _) = self.waiting.pop_front()?;
        Some(RowOrReason::Rejected(Rejection::new(
            line.number,
            reason,
            &String::from_utf8_lossy(&line.bytes),
        )))
    }
}

/// The rows of one conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Its rows, in the order of the file.
    pub rows: Vec<CsvRow>,
}

/// Gathers rows into conversations.
pub struct Grouper {
    header: Arc<Header>,
    open: HashMap<String, Open>,
    /// Ids in the order in which their conversations were opened.
    order: std::collections::VecDeque<String>,
    rows_seen: u64,
    rows_open: usize,
    bytes_open: usize,
}

#[derive(Default)]
struct Open {
    group: Group,
    last_row: u64,
    bytes: usize,
}

impl Grouper {
    /// A grouper under a header.
    pub fn new(header: Arc<Header>) -> Grouper {
        Grouper {
            header,
            open: HashMap::new(),
            order: std::collections::VecDeque::new(),
            rows_seen: 0,
            rows_open: 0,
            bytes_open: 0,
        }
    }

    /// Takes a row; conversations that are complete now go to `done`, a row without an id to `rejected`.
    pub fn push(&mut self, row: CsvRow, done: &mut Vec<Group>, rejected: &mut Vec<Rejection>) {
        let id = self.cell(&row, &Column::Id).trim().to_owned();
        if id.is_empty() {
            rejected.push(Rejection::new(row.line, Reason::Missing("id"), &row.raw));
            return;
        }
        let key = format!("{}\u{1}{id}", self.cell(&row, &Column::Source).trim());
        self.rows_seen += 1;
        let bytes = row.raw.len() * 2;
        self.rows_open += 1;
        self.bytes_open += bytes;
        let open = self.open.entry(key.clone()).or_insert_with(|| {
            self.order.push_back(key);
            Open::default()
        });
        open.last_row = self.rows_seen;
        open.bytes += bytes;
        open.group.rows.push(row);
        self.close(done);
    }

    fn close(&mut self, done: &mut Vec<Group>) {
        while let Some(first) = self.order.front() {
            let is_full = self.rows_open > OPEN_ROWS_MAX || self.bytes_open > OPEN_BYTES_MAX;
            let is_old = self.open.get(first).is_none_or(|open| open.last_row + WINDOW_ROWS < self.rows_seen);
            if !is_full && !is_old {
                // One long conversation at the front may hide older ones behind it; the two limits above bound them.
                return;
            }
            self.close_first(done);
        }
    }

    fn close_first(&mut self, done: &mut Vec<Group>) {
        if let Some(open) = self.order.pop_front().and_then(|id| self.open.remove(&id)) {
            self.rows_open -= open.group.rows.len();
            self.bytes_open -= open.bytes;
            done.push(open.group);
        }
    }

    /// All conversations that are still open, at the end of the file.
    pub fn finish(&mut self) -> Vec<Group> {
        let mut done = Vec::new();
        while !self.order.is_empty() {
            self.close_first(&mut done);
        }
        done
    }

    fn cell<'r>(&self, row: &'r CsvRow, column: &Column) -> &'r str {
        let at = self.header.columns.iter().position(|c| c == column);
        at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    }
}

/// Makes a record of a conversation's rows.
///
/// # Errors
/// Every row, when one of them is wrong: that one with its reason, the others because of it.
pub fn record<'a>(
    group: &'a Group,
    header: &Header,
    defaults: &Defaults,
) -> Result<Record<'a>, Vec<Rejection>> {
    let mut facts = Facts::default();
    let mut turns: Vec<RecordTurn<'a>> = Vec::with_capacity(group.rows.len());
    let mut bad: Vec<(u64, Reason)> = Vec::new();
    for row in &group.rows {
        match turn(row, header, turns.len() + 1, &mut facts) {
            Ok(turn) => turns.push(turn),
            Err(reason) => bad.push((row.line, reason)),
        }
    }
    let first = group.rows.first().map_or(0, |row| row.line);
    if bad.is_empty() {
        if let Err(reason) = rules::turns(&turns) {
            let line = match &reason {
                Reason::Backwards(turn, ..) => group.rows.get(turn - 1).map_or(first, |row| row.line),
                _ => first,
            };
            bad.push((line, reason));
        } else if turns.len() > TURNS_MAX {
            bad.push((first, Reason::TooManyTurns(turns.len())));
        }
    }
    if bad.is_empty() {
        match facts.record(turns, defaults) {
            Ok(record) => return Ok(record),
            Err(reason) => bad.push((first, reason)),
        }
    }
    Err(rejections(group, &bad))
}

/// The rejections of all rows of a conversation, given those that are wrong by themselves.
pub fn rejections(group: &Group, bad: &[(u64, Reason)]) -> Vec<Rejection> {
    let cause = bad.first().map_or(0, |(line, _)| *line);
    let reason =
        |line: u64| bad.iter().find(|(l, _)| *l == line).map_or(Reason::Sibling(cause), |(_, r)| r.clone());
    group.rows.iter().map(|row| Rejection::new(row.line, reason(row.line), &row.raw)).collect()
}

#[derive(Default)]
struct Facts {
    id: Option<String>,
    source: Option<String>,
    started_at: Option<String>,
    agent: Option<String>,
    site: Option<String>,
    queue: Option<String>,
    line_of_business: Option<String>,
    channel: Option<String>,
    direction: Option<String>,
    disposition: Option<String>,
    duration: Option<String>,
    fields: Map<String, Value>,
}

impl Facts {
    fn record<'a>(self, turns: Vec<RecordTurn<'a>>, defaults: &Defaults) -> Result<Record<'a>, Reason> {
        let duration_s = match &self.duration {
            Some(text) => {
                let seconds = seconds(text).ok_or_else(|| {
                    Reason::Kind("duration_s".to_owned(), "not a number of seconds", "125 or 2:05 or 0:02:05")
                })?;
                Some(rules::offset_ms(0, seconds, text)? / 1000)
            }
            None => rules::duration_s(&turns),
        };
        Ok(Record {
            external_id: self.id.ok_or(Reason::Missing("id"))?,
            source: self.source.or_else(|| defaults.source.clone()).ok_or(Reason::Missing("source"))?,
            began: self.started_at.map(|text| rules::began(&text)).transpose()?,
            agent: self.agent,
            site: self.site.or_else(|| defaults.site.clone()),
            queue: self.queue.or_else(|| defaults.queue.clone()),
            line_of_business: self.line_of_business.or_else(|| defaults.line_of_business.clone()),
            channel: self.channel.or_else(|| defaults.channel.clone()),
            direction: self.direction.map(|text| rules::direction(&text)).transpose()?,
            disposition: self.disposition,
            duration_s,
            fields: self.fields,
            extra: Map::new(),
            turns,
        })
    }
}

fn seconds(text: &str) -> Option<f64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Some(seconds);
    }
    let parts: Option<Vec<f64>> =
        text.split(':').map(|part| part.parse::<u32>().ok().map(f64::from)).collect();
    match parts?.as_slice() {
        [minutes, seconds] => Some(minutes * 60.0 + seconds),
        [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

fn turn<'a>(
    row: &'a CsvRow,
    header: &Header,
    number: usize,
    facts: &mut Facts,
) -> Result<RecordTurn<'a>, Reason> {
    let (mut role, mut text, mut participant, mut offset, mut agent) = (None, "", None, None, None);
    let mut extra = Map::new();
    for (column, cell) in header.columns.iter().zip(&row.cells) {
        let fact = match column {
            Column::Role => {
                role = Some(Role::parse(cell).ok_or_else(|| Reason::Role(number, cell.clone()))?);
                continue;
            }
            Column::Text => {
                text = cell;
                continue;
            }
            Column::Offset if cell.trim().is_empty() => continue,
            Column::Offset => {
                let value = seconds(cell.trim()).ok_or_else(|| Reason::Offset(number, cell.clone()))?;
                offset = Some(rules::offset_ms(number, value, cell)?);
                continue;
            }
            Column::Participant => {
                participant = rules::name("participant", cell)?;
                continue;
            }
            Column::Agent => {
                agent = rules::name("agent", cell)?;
                continue;
            }
            Column::Field(name) => {
                if !cell.trim().is_empty() {
                    facts.fields.insert(name.clone(), Value::from(cell.as_str()));
                }
                continue;
            }
            Column::Other(name) => {
                if !cell.trim().is_empty() {
                    extra.insert(name.clone(), Value::from(cell.as_str()));
                }
                continue;
            }
            Column::Id => (&mut facts.id, "id"),
            Column::Source => (&mut facts.source, "source"),
            Column::StartedAt => (&mut facts.started_at, "started_at"),
            Column::Site => (&mut facts.site, "site"),
            Column::Queue => (&mut facts.queue, "queue"),
            Column::LineOfBusiness => (&mut facts.line_of_business, "line_of_business"),
            Column::Channel => (&mut facts.channel, "channel"),
            Column::Direction => (&mut facts.direction, "direction"),
            Column::Disposition => (&mut facts.disposition, "disposition"),
            Column::Duration => (&mut facts.duration, "duration_s"),
        };
        agree(fact.0, fact.1, cell)?;
    }
    let role = role.ok_or(Reason::Missing("role"))?;
    if let Some(name) = agent {
        // After a hand-over the column names the agent who speaks on that row; the first one stays the conversation's.
        if role == Role::Agent && participant.is_none() {
            participant = Some(name.clone());
        }
        facts.agent.get_or_insert(name);
    }
    if text.len() > TURN_CHARS_MAX && text.chars().count() > TURN_CHARS_MAX {
        return Err(Reason::LongText(number, text.chars().count()));
    }
    Ok(RecordTurn {
        participant: participant.map(Cow::Owned),
        role,
        start_ms: offset,
        text: Cow::Borrowed(text),
        extra,
    })
}

fn agree(held: &mut Option<String>, column: &'static str, cell: &str) -> Result<(), Reason> {
    let Some(value) = rules::name(column, cell)? else { return Ok(()) };
    match held {
        Some(held) if *held != value => Err(Reason::Conflict(column, held.clone(), value)),
        Some(_) => Ok(()),
        None => {
            *held = Some(value);
            Ok(())
        }
    }
}
