//! From the cells of a row to a person. Pure.

use jiff::civil::Date;
use kernel::Day;
use messages::Text;

use crate::import::mapping::{Column, Mapping};
use crate::texts;
use crate::words;

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
    pub since: Option<Day>,
    /// The first day of employment.
    pub employed_from: Option<Day>,
    /// The last day of employment.
    pub employed_to: Option<Day>,
    /// Why they left.
    pub leaving_reason: Option<String>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// The column.
    pub column: Column,
    /// What is wrong and what to do.
    pub reason: Text,
}

/// Reads a row.
///
/// # Errors
/// Every cell that is wrong.
pub fn parse(cells: &[String], mapping: &Mapping) -> Result<PersonRecord, Vec<CellError>> {
    let mut wrong = Vec::new();
    let mut failed = |column: Column, reason: Text| wrong.push(CellError { column, reason });
    let cell = |column: Column| mapping.cell(cells, column);
    let mut line = |column: Column, read: fn(&str) -> Result<String, Text>, required: bool| {
        let typed = cell(column).unwrap_or_default();
        if typed.is_empty() && !required {
            return None;
        }
        read(typed).map_err(|reason| failed(column, reason)).ok()
    };
    let number = line(Column::Number, words::code, true);
    let name = line(Column::Name, words::name, true);
    let site = line(Column::Site, words::name, false);
    let team = line(Column::Team, words::name, false);
    let leaving_reason = line(Column::LeavingReason, words::name, false);
    let mut date = |column: Column| {
        let typed = cell(column)?;
        let read = day(typed);
        if read.is_none() {
            failed(column, texts::not_a_day(&shortened(typed)));
        }
        read
    };
    let since = date(Column::Since);
    let employed_from = date(Column::EmployedFrom);
    let employed_to = date(Column::EmployedTo);
    let leads = match cell(Column::Role).map(role) {
        None => false,
        Some(Some(leads)) => leads,
        Some(None) => {
            failed(Column::Role, texts::not_a_role(&shortened(cell(Column::Role).unwrap_or_default())));
            false
        }
    };
    if leads && team.is_none() && site.is_none() {
        failed(Column::Team, texts::leader_of_what());
    }
    if let (Some(from), Some(to)) = (since.or(employed_from), employed_to)
        && to < from
    {
        failed(Column::EmployedTo, texts::ends_before_it_begins(&to.to_string(), &from.to_string()));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(PersonRecord {
        number: number.unwrap_or_default(),
        name: name.unwrap_or_default(),
        site,
        team,
        leads,
        since,
        employed_from,
        employed_to,
        leaving_reason,
    })
}

fn shortened(typed: &str) -> String {
    typed.chars().take(40).collect()
}

/// A day as people and spreadsheets write it: `2026-03-02`, `2026/3/2`, `2026.3.2`, `2026年3月2日`,
/// `20260302`, each perhaps with a time behind it.
pub fn day(typed: &str) -> Option<Day> {
    let words = typed.split(|c: char| c.is_whitespace() || c == 'T').next()?;
    if words.len() == 8 && words.bytes().all(|byte| byte.is_ascii_digit()) {
        return date(words.get(..4)?, words.get(4..6)?, words.get(6..)?);
    }
    let mut parts = words.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty());
    let day = date(parts.next()?, parts.next()?, parts.next()?)?;
    parts.next().is_none().then_some(day)
}

fn date(year: &str, month: &str, day: &str) -> Option<Day> {
    let year: i16 = year.parse().ok()?;
    // A year of two digits could be either century; nobody works here since before 1900.
    if !(1900..=2200).contains(&year) {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok().map(Day::of)
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
