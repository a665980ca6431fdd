//! A context shows others only its `api` module.

use super::{Finding, edges, sources};

/// Reports what a file of one context takes from another past its `api`. Tests are free: to set the stage they
/// need the other's migrations.
pub fn check(path: &str, text: &str) -> Vec<Finding> {
    let Some(own) = context_of(path) else { return Vec::new() };
    let mut findings = Vec::new();
    let end = sources::tests_from(text);
    for (number, line) in sources::code_lines(text).take_while(|(number, _)| *number <= end) {
        for (owner, taken) in paths(line) {
            if owner != own && edges::is_context(owner) && taken != "api" {
                let message = format!("{own} reaches into {owner}::{taken}; others see only {owner}::api");
                findings.push(Finding::at(path, number, message));
            }
        }
    }
    findings
}

/// The context to which a Rust source belongs.
fn context_of(path: &str) -> Option<&str> {
    if !sources::is_rust(path) || path.contains("/tests/") || path.ends_with("/tests.rs") {
        return None;
    }
    path.strip_prefix("contexts/")?.split('/').next()
}

/// The first two words of every path in a line of code: `people` and `api` of `people::api::Person`. A name that
/// follows `::` or `.` is not the beginning of a path.
fn paths(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.match_indices("::").filter_map(|(at, _)| {
        let (before, after) = (line.get(..at)?, line.get(at + 2..)?);
        let start = before.rfind(|letter| !is_word(letter)).map_or(0, |index| index + 1);
        let start = (start..=before.len()).find(|index| before.is_char_boundary(*index))?;
        let first = before.get(start..)?;
        if first.is_empty() || before.get(..start)?.ends_with([':', '.']) {
            return None;
        }
        let end = after.find(|letter| !is_word(letter)).unwrap_or(after.len());
        Some((first, after.get(..end)?))
    })
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::check;

    fn count(path: &str, text: &str) -> usize {
        check(path, text).len()
    }

    #[test]
    fn only_api_is_shown() {
        let path = "contexts/behaviours/src/uptake/store.rs";
        let check = |line: &str, expected: usize| assert_eq!(count(path, line), expected, "{line}");
        check("use people::api::Person;", 0);
        check("let x = people::api::find(1);", 0);
        check("use people::person::store::find;", 1);
        check("let x = f(conversations::import::run(), people::apis::x());", 2);
        check("use people::{api, person};", 1);
        check("use people::*;", 1);
        check("use behaviours::rules;", 0);
        check("use crate::people::person;", 0);
        check("// see people::person", 0);
        check("use store::Sql;", 0);
        check("let 人people = 1; 班组people::x();", 0);
    }

    #[test]
    fn findings_name_both_sides() {
        let findings = super::check("contexts/behaviours/src/a.rs", "\nuse people::person::Row;");
        assert_eq!(findings[0].line, 2);
        assert_eq!(
            findings[0].message,
            "behaviours reaches into people::person; others see only people::api"
        );
    }

    #[test]
    fn tests_are_free() {
        let text = "use people::api;\n#[cfg(test)]\nmod tests { use people::MIGRATIONS; }";
        assert_eq!(count("contexts/behaviours/src/a.rs", text), 0);
        assert_eq!(count("contexts/behaviours/tests/a.rs", "use people::MIGRATIONS;"), 0);
    }

    #[test]
    fn other_floors_are_not_concerned() {
        assert_eq!(count("app/src/main.rs", "use people::person::Row;"), 0);
        assert_eq!(count("contexts/behaviours/README.md", "people::person::Row"), 0);
    }
}
