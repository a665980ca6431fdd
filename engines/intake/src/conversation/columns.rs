//! The heading row of CSV: which column holds what.

use super::Reason;
use crate::cells::{Fed, Splitter, separator};

/// Columns of a row. Exports of contact centres have below 60.
pub const COLUMNS_MAX: usize = 500;

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
    pub separator: char,
    /// What each column means.
    pub columns: Vec<Column>,
}

impl Header {
    /// Reads the first row.
    pub fn parse(line: &str) -> Result<Header, Reason> {
        let separator = separator(line);
        let mut splitter = Splitter::new(separator, COLUMNS_MAX);
        if splitter.feed(line.as_bytes())? == Fed::More {
            return Err(Reason::Quote);
        }
        let columns: Vec<Column> = splitter.into_cells().iter().map(|cell| meaning(cell)).collect();
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
