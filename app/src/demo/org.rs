//! The organisation of the demo centre: units, queues, people.

use jiff::{ToSpan, civil::Date};
use kernel::Role;
use serde::{Deserialize, Serialize};

use super::dice::Dice;

/// Agents in a team.
pub const TEAM_SIZE: usize = 10;
/// Teams; two of each line of business, one a site.
pub const TEAMS: usize = 8;
/// Agents of the centre.
pub const AGENTS: usize = TEAMS * TEAM_SIZE;

/// A line of business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// 故障
    Faults,
    /// 营销
    Marketing,
    /// 账单
    Billing,
    /// 投诉
    Complaints,
}

/// One queue: its code, its name, and what the desk behind it is called when calls are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Code, unique in the centre.
    pub code: &'static str,
    /// Name on screen.
    pub name: &'static str,
    /// What customers and agents call the desk.
    pub desk: &'static str,
}

impl Line {
    /// All four, in the order of the teams.
    pub const ALL: [Self; 4] = [Self::Faults, Self::Marketing, Self::Billing, Self::Complaints];

    /// Code in records and imports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Faults => "faults",
            Self::Marketing => "marketing",
            Self::Billing => "billing",
            Self::Complaints => "complaints",
        }
    }

    /// Name on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Faults => "故障",
            Self::Marketing => "营销",
            Self::Billing => "账单",
            Self::Complaints => "投诉",
        }
    }

    /// Its two queues.
    pub fn queues(self) -> [Queue; 2] {
        let queue = |code, name, desk| Queue { code, name, desk };
        match self {
            Self::Faults => [
                queue("broadband_faults", "宽带报障", "宽带报障"),
                queue("mobile_faults", "移动网络报障", "移动网络"),
            ],
            Self::Marketing => [
                queue("package_advice", "套餐咨询", "套餐咨询"),
                queue("outbound_marketing", "外呼营销", "活动回访"),
            ],
            Self::Billing => [
                queue("bill_enquiry", "账单查询", "账单查询"),
                queue("payment_invoice", "缴费与发票", "缴费发票"),
            ],
            Self::Complaints => [
                queue("complaint_intake", "投诉受理", "服务监督"),
                queue("complaint_review", "投诉复核", "复核"),
            ],
        }
    }

    /// Who takes over what an agent cannot settle.
    pub(super) fn specialists(self) -> &'static [&'static str] {
        match self {
            Self::Faults => &["装维师傅", "网络工程师", "片区维护员", "机房值班工程师"],
            Self::Marketing => &["套餐专员", "业务支撑专员", "值班经理"],
            Self::Billing => &["计费专员", "账务核查员", "退费专员", "值班经理"],
            Self::Complaints => &["客诉专员", "值班经理", "区域主管", "质量监督员"],
        }
    }
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// The one organisation.
    Organisation,
    /// A place.
    Site,
    /// A team.
    Team,
}

/// A unit of the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Code, unique.
    pub code: String,
    /// Name on screen.
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
    /// Code of the unit above; nothing for the organisation.
    pub parent: Option<String>,
}

/// A person as imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Employee number, unique.
    pub employee_no: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Code of the site; nothing for those who belong to the whole centre.
    pub site: Option<String>,
    /// Code of the team; nothing outside teams.
    pub team: Option<String>,
    /// First day.
    pub hired: Date,
    /// Codes of the queues served; empty for others than agents.
    pub skills: Vec<String>,
}

const ORGANISATION: (&str, &str) = ("anlan", "安澜通信客户服务中心");
const SITES: [(&str, &str); 2] = [("chengdu", "成都职场"), ("hefei", "合肥职场")];

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "董", "萧", "程", "曹", "袁", "邓", "许",
    "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋",
];
const GIVEN: &[&str] = &[
    "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超", "明", "霞", "平", "刚",
    "桂英", "晓彤", "雨桐", "子涵", "欣怡", "浩然", "思远", "佳宁", "梦洁", "志远", "文博", "雅琴", "海燕",
    "建国", "春梅", "立新", "晨曦", "嘉豪", "诗雨", "俊熙", "婷婷", "国栋", "玉兰", "小龙", "可馨", "一鸣",
    "晓东", "慧敏", "永健",
];

/// A full name and its surname.
pub(super) fn full_name(dice: &mut Dice) -> (String, &'static str) {
    let surname = dice.pick(SURNAMES);
    (format!("{surname}{}", dice.pick(GIVEN)), surname)
}

/// Index of the line of business whose calls a team mainly takes.
pub(super) fn line_of_team(team: usize) -> Line {
    Line::ALL[team / 2]
}

/// Code of team `index`.
pub(super) fn team_code(index: usize) -> String {
    format!("{}_{}", line_of_team(index).code(), index % 2 + 1)
}

/// Code of the site of team `index`.
pub(super) fn site_of_team(index: usize) -> &'static str {
    SITES[index % 2].0
}

/// All units, the ones above first.
pub(super) fn units() -> Vec<Unit> {
    let mut units = vec![Unit {
        code: ORGANISATION.0.into(),
        name: ORGANISATION.1.into(),
        kind: UnitKind::Organisation,
        parent: None,
    }];
    units.extend(SITES.iter().map(|(code, name)| Unit {
        code: (*code).into(),
        name: (*name).into(),
        kind: UnitKind::Site,
        parent: Some(ORGANISATION.0.into()),
    }));
    units.extend((0..TEAMS).map(|index| Unit {
        code: team_code(index),
        name: format!("{}{}班", line_of_team(index).name(), ["一", "二"][index % 2]),
        kind: UnitKind::Team,
        parent: Some(site_of_team(index).into()),
    }));
    units
}

/// All people: the agents first, in the order of their teams; hired before `start`.
pub(super) fn people(dice: &mut Dice, start: Date) -> Vec<Person> {
    let mut taken = std::collections::BTreeSet::new();
    let mut person = |dice: &mut Dice, number: usize, role, site: Option<&str>, team: Option<usize>| {
        let name = loop {
            let (name, _) = full_name(dice);
            if taken.insert(name.clone()) {
                break name;
            }
        };
        let months = if role == Role::Agent { dice.between(3, 72) } else { dice.between(24, 140) };
        let skills = match (role, team) {
            (Role::Agent, Some(team)) => {
                line_of_team(team).queues().iter().map(|queue| queue.code.to_owned()).collect()
            }
            _ => Vec::new(),
        };
        Person {
            employee_no: number.to_string(),
            name,
            role,
            site: site.map(Into::into),
            team: team.map(team_code),
            hired: start.saturating_sub((i64::from(months) * 30 + i64::from(dice.below(28))).days()),
            skills,
        }
    };
    let mut all = Vec::with_capacity(AGENTS + 24);
    for agent in 0..AGENTS {
        let team = agent / TEAM_SIZE;
        all.push(person(dice, 3001 + agent, Role::Agent, Some(site_of_team(team)), Some(team)));
    }
    for team in 0..TEAMS {
        all.push(person(dice, 2001 + team, Role::TeamLeader, Some(site_of_team(team)), Some(team)));
    }
    for index in 0..4 {
        all.push(person(dice, 1201 + index, Role::DrillTrainer, Some(SITES[index % 2].0), None));
    }
    for index in 0..4 {
        all.push(person(dice, 1301 + index, Role::QualitySpecialist, Some(SITES[index % 2].0), None));
    }
    for (index, role) in
        [Role::Planner, Role::Manager, Role::KnowledgeEditor, Role::Administrator, Role::Auditor]
            .into_iter()
            .enumerate()
    {
        all.push(person(dice, 1001 + index, role, None, None));
    }
    all
}
