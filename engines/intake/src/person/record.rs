//! From the cells of a row to a person.

use jiff::civil::Date;

use super::{Column, Mapping, WordsFault, code, name};

/// A row that can be let in. A blank cell says nothing: what is stored stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonRecord {
    /// The employee number.
    pub number: String,
    /// The name.
    pub name: String,
    /// The site, by code or name.
    pub site: Option<String>,
    /// The team, by code or name.
    pub team: Option<String>,
    /// Whether the person leads the team.
    pub leads: bool,
    /// The first day in the team.
    pub since: Option<Date>,
    /// The first day of employment.
    pub employed_from: Option<Date>,
    /// The last day of employment.
    pub employed_to: Option<Date>,
    /// Why they left.
    pub leaving_reason: Option<String>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The column.
    pub column: Column,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is empty and must not be, or too long.
    Words(WordsFault),
    /// Not a day of the calendar; the beginning of what it says.
    NotADay(String),
    /// Neither leader nor member; the beginning of what it says.
    NotARole(String),
    /// A leader, but neither team nor site is there.
    LeaderOfWhat,
    /// The last day of employment is before the first: the last, the first.
    EndsBeforeItBegins(Date, Date),
    /// A quotation mark was opened here and never closed, or is not doubled.
    Misquoted,
}

/// Reads a row.
///
/// # Errors
/// Every cell that is wrong.
pub fn parse(cells: &[String], mapping: &Mapping) -> Result<PersonRecord, Vec<CellFault>> {
    let mut wrong = Vec::new();
    let mut failed = |column: Column, fault: Fault| wrong.push(CellFault { column, fault });
    let cell = |column: Column| mapping.cell(cells, column);
    let mut line = |column: Column, read: fn(&str) -> Result<String, WordsFault>, required: bool| {
        let typed = cell(column).unwrap_or_default();
        if typed.is_empty() && !required {
            return None;
        }
        read(typed).map_err(|fault| failed(column, Fault::Words(fault))).ok()
    };
    let number = line(Column::Number, code, true);
    let full_name = line(Column::Name, name, true);
    let site = line(Column::Site, name, false);
    let team = line(Column::Team, name, false);
    let leaving_reason = line(Column::LeavingReason, name, false);
    let mut date = |column: Column| {
        let typed = cell(column)?;
        let read = day(typed);
        if read.is_none() {
            failed(column, Fault::NotADay(shortened(typed)));
        }
        read
    };
    let since = date(Column::Since);
    let employed_from = date(Column::EmployedFrom);
    let employed_to = date(Column::EmployedTo);
    let leads = cell(Column::Role).is_some_and(|typed| {
        role(typed).unwrap_or_else(|| {
            failed(Column::Role, Fault::NotARole(shortened(typed)));
            false
        })
    });
    if leads && team.is_none() && site.is_none() {
        failed(Column::Team, Fault::LeaderOfWhat);
    }
    if let (Some(from), Some(to)) = (since.or(employed_from), employed_to)
        && to < from
    {
        failed(Column::EmployedTo, Fault::EndsBeforeItBegins(to, from));
    }
    match (number, full_name) {
        (Some(number), Some(name)) if wrong.is_empty() => Ok(PersonRecord {
            number,
            name,
            site,
            team,
            leads,
            since,
            employed_from,
            employed_to,
            leaving_reason,
        }),
        _ => Err(wrong),
    }
}

fn shortened(typed: &str) -> String {
    typed.chars().take(40).collect()
}

/// A day as people and spreadsheets write it: `2026-03-02`, `2026/3/2`, `2026.3.2`, `2026年3月2日`,
/// `20260302`, each perhaps with a time behind it.
pub fn day(typed: &str) -> Option<Date> {
    let words = typed.split(|c: char| c.is_whitespace() || c == 'T').next()?;
    if words.len() == 8 && words.bytes().all(|byte| byte.is_ascii_digit()) {
        return date(words.get(..4)?, words.get(4..6)?, words.get(6..)?);
    }
    let mut parts = words.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty());
    let day = date(parts.next()?, parts.next()?, parts.next()?)?;
    parts.next().is_none().then_some(day)
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    // A year of two digits could be either century; nobody works here since before 1900.
    if !(1900..=2200).contains(&year) {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn role(typed: &str) -> Option<bool> {
    match typed.to_lowercase().as_str() {
        "组长" | "班组长" | "班长" | "主管" | "是" | "leader" | "team leader" | "supervisor" | "yes"
        | "y" | "1" | "true" => Some(true),
        "组员" | "成员" | "坐席" | "座席" | "客服" | "客服代表" | "员工" | "否" | "member" | "agent"
        | "no" | "n" | "0" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_write_them() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(day(typed).map(|day| day.to_string()).as_deref(), expected, "{typed}");
        };
        for typed in [
            "2026-03-02",
            "2026/3/2",
            "2026.3.2",
            "2026年3月2日",
            "20260302",
            "2026-03-02 08:00:00",
            "2026-03-02T00:00:00Z",
        ] {
            check(typed, Some("2026-03-02"));
        }
        for typed in [
            "2026-13-02",
            "2026-02-30",
            "昨天",
            "26/3/2",
            "44987",
            "2026-03",
            "2026-03-02-01",
            "",
            "－1",
            "年月日",
        ] {
            check(typed, None);
        }
    }

    #[test]
    fn rows_tell_each_cell_that_is_wrong() {
        let mapping =
            Mapping::parse(["number", "name", "team", "role", "since", "employed_from", "employed_to"]);
        let check = |cells: [&str; 7], expected: &[Column]| {
            let cells = cells.map(str::to_owned);
            let wrong = parse(&cells, &mapping).err().unwrap_or_default();
            assert_eq!(wrong.iter().map(|cell| cell.column).collect::<Vec<_>>(), expected, "{cells:?}");
        };
        check(["1", "甲", "一组", "组长", "2026-01-01", "2025-01-01", ""], &[]);
        check(["=1+1", "甲", "", "", "", "", ""], &[]);
        check(["", "", "", "", "", "", ""], &[Column::Number, Column::Name]);
        check(["1", "甲", "", "组长", "", "", ""], &[Column::Team]);
        check(["1", "甲", "一组", "皇帝", "昨天", "", ""], &[Column::Since, Column::Role]);
        check(["1", "甲", "一组", "", "", "2026-02-01", "2026-01-01"], &[Column::EmployedTo]);
        assert_eq!(parse(&["1".to_owned(), "甲".to_owned()], &mapping).unwrap().team, None);
    }
}
