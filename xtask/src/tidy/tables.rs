//! SQL of a context names only the tables that its own migrations declare, and what is above the contexts names none:
//! what belongs to another is asked of its `api`. The crates of the platform stand closer together: web shows the audit
//! log that the store writes.

use super::{Finding, sources};
use std::collections::BTreeMap;

/// Words after which SQL names a table.
const BEFORE_A_TABLE: &[&str] = &["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "REFERENCES"];

/// Whose each table is: the folder of the crate whose migrations declare it.
#[derive(Debug, Default)]
pub struct Tables<'f>(BTreeMap<&'f str, &'f str>);

impl<'f> Tables<'f> {
    /// Reads all migrations among files (path, text); a table that two crates declare is reported.
    pub fn declared(files: impl Iterator<Item = (&'f str, &'f str)>) -> (Self, Vec<Finding>) {
        let (mut tables, mut findings) = (Self::default(), Vec::new());
        for (path, text) in files.filter(|(path, _)| is_migration(path)) {
            let Some(own) = folder_of(path) else { continue };
            for (line, name) in created(text) {
                let owner = *tables.0.entry(name).or_insert(own);
                if owner != own {
                    let message = format!("{owner} declares the table {name} too; give it another name");
                    findings.push(Finding::at(path, line, message));
                }
            }
        }
        (tables, findings)
    }

    /// Reports the tables of others that a file's SQL names. Tests are free: they look at what was really stored.
    pub fn check(&self, path: &str, text: &str) -> Vec<Finding> {
        let is_free = is_test(path) || path.starts_with("platform/");
        let Some(own) = folder_of(path).filter(|_| !is_free) else { return Vec::new() };
        let mut findings = Vec::new();
        let mut reader = Reader::default();
        for (number, line) in lines(text) {
            for token in tokens(line) {
                let Some(name) = reader.table(token) else { continue };
                if let Some(owner) = self.0.get(name).filter(|owner| **owner != own) {
                    let message = format!("{own} names the table {name} of {owner}; ask its api");
                    findings.push(Finding::at(path, number, message));
                }
            }
        }
        findings
    }
}

/// The folder of the crate to which a Rust source or a migration belongs.
fn folder_of(path: &str) -> Option<&str> {
    if !sources::is_rust(path) && !is_migration(path) {
        return None;
    }
    let (floor, rest) = path.split_once('/')?;
    match floor {
        "platform" | "contexts" | "engines" => path.get(..floor.len() + 1 + rest.find('/')?),
        _ => Some(floor),
    }
}

fn is_migration(path: &str) -> bool {
    path.contains("/migrations/") && sources::extension(path) == Some("sql")
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// The lines that count, with their numbers from 1: neither comments nor a file's own tests.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = sources::tests_from(text);
    sources::code_lines(text)
        .take_while(move |(number, _)| *number <= end)
        .filter(|(_, line)| !line.trim_start().starts_with("--"))
}

/// The tables that a migration creates, with their lines.
fn created(text: &str) -> impl Iterator<Item = (usize, &str)> {
    lines(text).filter_map(|(number, line)| {
        let rest = line.trim_start().strip_prefix("CREATE TABLE ")?;
        let rest = rest.strip_prefix("IF NOT EXISTS ").unwrap_or(rest);
        Some((number, tokens(rest).next()?))
    })
}

/// Words, and the other characters one by one; spaces and the backslash that continues a string count for nothing.
fn tokens(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\\');
        let first = rest.chars().next()?;
        let end = match rest.find(|letter| !is_word(letter)) {
            Some(0) => first.len_utf8(),
            Some(end) => end,
            None => rest.len(),
        };
        let (token, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(token)
    })
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where in a statement the reader is.
#[derive(Default)]
enum Place {
    #[default]
    Elsewhere,
    /// The next word is a table's name.
    BeforeTable,
    /// An alias may follow, and after a comma another table.
    AfterTable,
    /// `FROM` compares here.
    Distinct,
}

/// Finds the names of tables in a stream of tokens.
#[derive(Default)]
struct Reader(Place);

impl Reader {
    /// Takes the next token; gives it back when it is the name of a table.
    fn table<'t>(&mut self, token: &'t str) -> Option<&'t str> {
        let word = token.chars().all(is_word);
        let loud = word && !token.chars().any(char::is_lowercase);
        let names = matches!(self.0, Place::BeforeTable) && word && !loud;
        self.0 = match (&self.0, token) {
            (_, "DISTINCT") => Place::Distinct,
            (Place::Distinct, "FROM") => Place::Elsewhere,
            (_, keyword) if BEFORE_A_TABLE.contains(&keyword) => Place::BeforeTable,
            (Place::BeforeTable, _) if names => Place::AfterTable,
            (Place::AfterTable, ",") => Place::BeforeTable,
            (Place::AfterTable, "AS") => Place::AfterTable,
            (Place::AfterTable, _) if word && !loud => Place::AfterTable,
            _ => Place::Elsewhere,
        };
        names.then_some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::Tables;

    const MIGRATIONS: [(&str, &str); 3] = [
        (
            "contexts/people/migrations/0001_people.sql",
            "CREATE TABLE person (\n    id $ID\n);\nCREATE TABLE unit (id $ID);",
        ),
        (
            "contexts/people/migrations/0002_more.sql",
            "-- CREATE TABLE old (\nCREATE TABLE IF NOT EXISTS skill (id $ID);",
        ),
        ("platform/jobs/migrations/0001_jobs.sql", "CREATE TABLE job (id $ID);"),
    ];

    /// The lines reported in a file.
    fn reported(path: &str, text: &str) -> Vec<usize> {
        let (tables, findings) = Tables::declared(MIGRATIONS.into_iter());
        assert_eq!(findings, []);
        tables.check(path, text).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn tables_of_others_are_reported_wherever_sql_names_them() {
        let check = |text: &str, expected: &[usize]| {
            assert_eq!(reported("contexts/quality/src/score/store.rs", text), expected, "{text}");
        };
        check("sql!(\"SELECT * FROM person WHERE id = {}\", id)", &[1]);
        check("sql!(\"SELECT 1 FROM score s JOIN person p ON p.id = s.person\")", &[1]);
        check("sql!(\"SELECT 1 FROM score s, unit u, job\")", &[1, 1]);
        check("sql!(\"SELECT 1 FROM score AS s, skill\")", &[1]);
        check("sql!(\"INSERT INTO job (id) VALUES ({})\")", &[1]);
        check("sql!(\"UPDATE person SET name = {}\")", &[1]);
        check("sql!(\n    \"SELECT 1 \\\n     FROM \\\n     person\"\n)", &[4]);
        check("sql!(\"SELECT 1 WHERE EXISTS (SELECT 1 FROM unit)\")", &[1]);
    }

    #[test]
    fn own_tables_columns_and_prose_are_not() {
        let check = |text: &str| {
            assert!(reported("contexts/quality/src/score/store.rs", text).is_empty(), "{text}");
        };
        check("sql!(\"SELECT person, unit FROM score WHERE person = {}\", person)");
        check("sql!(\"INSERT INTO score (person, unit) VALUES ({}, {})\", person, unit)");
        check("sql!(\"ON CONFLICT (id) DO UPDATE SET person = excluded.person, unit = excluded.unit\")");
        check("sql!(\"SELECT 1 FROM score FOR UPDATE SKIP LOCKED\", person, unit)");
        check("sql!(\"UPDATE score SET person = {} WHERE unit IS DISTINCT FROM person\")");
        check("sql!(\"DELETE FROM score\", person, unit)");
        check("// SELECT 1 FROM person");
        check("let text = \"from person to person\";");
        check("#[cfg(test)]\nmod tests { sql!(\"SELECT 1 FROM person\") }");
        assert!(reported("contexts/people/src/person/store.rs", "\"SELECT 1 FROM person\"").is_empty());
        assert!(reported("contexts/quality/tests/all.rs", "\"SELECT 1 FROM person\"").is_empty());
        assert!(reported("app/src/demo/tests.rs", "\"SELECT 1 FROM person\"").is_empty());
    }

    #[test]
    fn contexts_and_what_is_above_them_are_held_to_it() {
        let web = "platform/web/src/admin/jobs.rs";
        assert!(reported(web, "\"SELECT COUNT(*) FROM job\"").is_empty());
        for path in ["app/src/commands/verify.rs", "benches/src/bin/import.rs"] {
            assert_eq!(reported(path, "\"SELECT COUNT(*) FROM job\""), [1], "{path}");
        }
        let reference = "CREATE TABLE score (\n    person $ID REFERENCES person (id)\n);";
        assert_eq!(reported("contexts/quality/migrations/0001_score.sql", reference), [2]);
    }

    #[test]
    fn a_finding_names_both_sides() {
        let (tables, _) = Tables::declared(MIGRATIONS.into_iter());
        let findings = tables.check("contexts/quality/src/a.rs", "\"SELECT 1 FROM person\"");
        assert_eq!(
            findings[0].message,
            "contexts/quality names the table person of contexts/people; ask its api"
        );
    }

    #[test]
    fn one_table_has_one_owner() {
        let twice =
            [MIGRATIONS[2], ("contexts/quality/migrations/0001_a.sql", "\nCREATE TABLE job (id $ID);")];
        let (_, findings) = Tables::declared(twice.into_iter());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 2);
        assert_eq!(findings[0].message, "platform/jobs declares the table job too; give it another name");
    }
}
