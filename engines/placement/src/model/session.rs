//! What is to be placed.

use serde::Serialize;

use super::Span;

/// What a session is; it decides nothing, people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 练兵: a small group with its trainer.
    #[default]
    Drill,
    /// 培训: a course, with or without a teacher.
    Course,
    /// 辅导: at the desk or beside a recording.
    Coaching,
    /// 一对一: the talk with the leader.
    OneOnOne,
    /// 会议.
    Meeting,
    /// Learning alone at the screen.
    ELearning,
}

/// Who attends. Numbers are indices of [`super::Centre::people`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// All of these, at the same time.
    All(Vec<usize>),
    /// So many of these, at the same time; the plan chooses whom.
    Group {
        /// Who may be chosen.
        from: Vec<usize>,
        /// How many are.
        size: usize,
    },
    /// Each of these on their own, whenever it suits.
    Each(Vec<usize>),
}

impl Attendance {
    /// Everybody named.
    pub fn named(&self) -> &[usize] {
        match self {
            Self::All(people) | Self::Each(people) => people,
            Self::Group { from, .. } => from,
        }
    }
}

/// Who leads: so many of these, who must be free too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Trainers {
    /// Who may.
    pub from: Vec<usize>,
    /// How many are needed; 0 for a session without a trainer.
    pub count: usize,
}

/// When a session may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Window {
    /// It starts no earlier and ends no later.
    pub span: Span,
    /// Only on these days, counted from 0; on all when empty.
    pub days: Vec<usize>,
    /// Only within these intervals of the day, such as 36 to 68 for 9 to 17 o'clock of quarters of an hour.
    pub hours: Option<Span>,
}

/// One session, or one for each of several people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Session {
    /// A name that only this session has.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How long, in intervals.
    pub length: usize,
    /// Who attends.
    pub attendance: Attendance,
    /// Who leads.
    pub trainers: Trainers,
    /// When it may be.
    pub window: Window,
    /// The room it needs, an index of [`super::Centre::rooms`].
    pub room: Option<usize>,
    /// Intervals between this and any other activity of the same people.
    pub gap: usize,
    /// Intervals between this and the start and end of a shift, a break or a meal.
    pub edge: usize,
    /// Its people may be called back to the phones: it counts as emergency reserve (应急梯队).
    pub interruptible: bool,
    /// It may be split into parts of so many intervals, the last one shorter; for [`Attendance::Each`] alone.
    pub part: Option<usize>,
    /// Nobody attends two sessions of one topic: eight drills in groups of five from the same forty people
    /// reach each of them once.
    pub topic: Option<String>,
    /// 1 to 9; a higher one is placed when not all can be.
    pub priority: u8,
    /// It should have ended by this interval; later costs [`super::Rules::late_points_per_day`].
    pub due: Option<usize>,
    /// It is not placed where it alone would cost the week more points than this.
    pub max_harm_points: Option<f64>,
}
