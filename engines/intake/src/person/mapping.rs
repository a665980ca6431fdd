//! Which column of a table is what.

/// What a column of the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// The employee number; required.
    Number,
    /// The name; required.
    Name,
    /// The site, by code or name.
    Site,
    /// The team, by code or name.
    Team,
    /// Whether the person leads that team.
    Role,
    /// The first day in that team.
    Since,
    /// The first day of employment.
    EmployedFrom,
    /// The last day of employment.
    EmployedTo,
    /// Why they left.
    LeavingReason,
}

impl Column {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Column; 9] = [
        Column::Number,
        Column::Name,
        Column::Site,
        Column::Team,
        Column::Role,
        Column::Since,
        Column::EmployedFrom,
        Column::EmployedTo,
        Column::LeavingReason,
    ];

    /// The stable name, in forms and at the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Column::Number => "number",
            Column::Name => "name",
            Column::Site => "site",
            Column::Team => "team",
            Column::Role => "role",
            Column::Since => "since",
            Column::EmployedFrom => "employed_from",
            Column::EmployedTo => "employed_to",
            Column::LeavingReason => "leaving_reason",
        }
    }

    /// The column of a stable name.
    pub fn parse(key: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.key() == key)
    }

    /// How other systems head such a column, without blanks and signs, in small letters.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Column::Number => &[
                "工号",
                "员工号",
                "员工编号",
                "员工工号",
                "坐席工号",
                "座席工号",
                "人员编号",
                "编号",
                "number",
                "employeenumber",
                "employeeno",
                "employeeid",
                "staffid",
                "staffno",
                "agentid",
                "agent",
                "id",
                "no",
            ],
            Column::Name => &[
                "姓名",
                "员工姓名",
                "坐席姓名",
                "座席姓名",
                "名字",
                "中文名",
                "name",
                "fullname",
                "employeename",
                "agentname",
            ],
            Column::Site => {
                &["职场", "站点", "场地", "地点", "中心", "基地", "site", "location", "centre", "center"]
            }
            Column::Team => &[
                "班组",
                "小组",
                "组别",
                "团队",
                "所属班组",
                "班",
                "部门",
                "team",
                "group",
                "department",
                "unit",
            ],
            Column::Role => &[
                "角色",
                "班组角色",
                "职务",
                "岗位",
                "是否组长",
                "组长",
                "role",
                "teamrole",
                "leader",
                "isleader",
                "position",
            ],
            Column::Since => {
                &["入组日期", "进组日期", "班组起始日", "since", "teamsince", "insincedate", "teamfrom"]
            }
            Column::EmployedFrom => &[
                "入职日期",
                "入职时间",
                "入职",
                "到岗日期",
                "employedfrom",
                "hiredate",
                "hired",
                "startdate",
                "start",
                "joined",
            ],
            Column::EmployedTo => &[
                "离职日期",
                "离职时间",
                "离职",
                "最后工作日",
                "employedto",
                "leavedate",
                "enddate",
                "end",
                "left",
                "terminationdate",
            ],
            Column::LeavingReason => &["离职原因", "离职事由", "leavingreason", "terminationreason"],
        }
    }
}

/// Why a mapping cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MappingFault {
    /// No column of the file is this, and one must be.
    Missing(Column),
    /// More than one column of the file is this.
    Twice(Column),
}

/// What each column of a file is, in the file's order; `None` is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping(pub Vec<Option<Column>>);

impl Mapping {
    /// Guesses from the headings; each kind of column is taken once, by the first heading that fits.
    pub fn guess(header: &[String]) -> Mapping {
        let mut taken = Vec::new();
        let guess = |heading: &String| {
            let plain = plain(heading);
            let found = Column::ALL
                .into_iter()
                .find(|column| !taken.contains(column) && column.headings().contains(&plain.as_str()))?;
            taken.push(found);
            Some(found)
        };
        Mapping(header.iter().map(guess).collect())
    }

    /// Reads stable names in the file's order; an empty or unknown one leaves the column out.
    pub fn parse<'a>(keys: impl IntoIterator<Item = &'a str>) -> Mapping {
        Mapping(keys.into_iter().map(|key| Column::parse(key.trim())).collect())
    }

    /// What is wrong with it: number and name must be there, and nothing twice.
    pub fn faults(&self) -> Vec<MappingFault> {
        let fault = |column: Column| match self.0.iter().filter(|held| **held == Some(column)).count() {
            0 if matches!(column, Column::Number | Column::Name) => Some(MappingFault::Missing(column)),
            0 | 1 => None,
            _ => Some(MappingFault::Twice(column)),
        };
        Column::ALL.into_iter().filter_map(fault).collect()
    }

    /// The cell of a column in a row, without blanks around it; `None` when it is empty or not there.
    pub fn cell<'r>(&self, cells: &'r [String], column: Column) -> Option<&'r str> {
        let at = self.0.iter().position(|held| *held == Some(column))?;
        cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

fn plain(heading: &str) -> String {
    // What stands in brackets explains and does not name: “入职日期（YYYY-MM-DD）”.
    let named = heading.split(['(', '（', '[', '【']).next().unwrap_or_default();
    let named = if named.trim().is_empty() { heading } else { named };
    named.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_guessed() {
        let check = |header: &[&str], expected: &[&str]| {
            let header: Vec<String> = header.iter().map(|&h| h.to_owned()).collect();
            let guessed: Vec<_> =
                Mapping::guess(&header).0.iter().map(|c| c.map_or("", Column::key)).collect();
            assert_eq!(guessed, expected, "{header:?}");
        };
        check(&["工号", "姓名", "职场", "班组"], &["number", "name", "site", "team"]);
        check(&[" 员工 编号 ", "姓名*", "入职日期（YYYY-MM-DD）"], &["number", "name", "employed_from"]);
        check(
            &["Employee No.", "Full Name", "Hire_Date", "Left"],
            &["number", "name", "employed_from", "employed_to"],
        );
        check(&["姓名", "name", "备注"], &["name", "", ""]);
        check(&["(x)", ""], &["", ""]);
    }

    #[test]
    fn number_and_name_are_needed_once() {
        let check = |keys: &[&str], expected: &[MappingFault]| {
            assert_eq!(Mapping::parse(keys.iter().copied()).faults(), expected, "{keys:?}");
        };
        check(&["number", "name", ""], &[]);
        check(&["number", "site"], &[MappingFault::Missing(Column::Name)]);
        check(&["", ""], &[MappingFault::Missing(Column::Number), MappingFault::Missing(Column::Name)]);
        check(&["number", "name", "name"], &[MappingFault::Twice(Column::Name)]);
    }
}
