//! Rules for single source files: length, SQL, markup, lint levels.

use super::Finding;
use std::path::Path;

/// Past this many lines a file is no longer read in one sitting.
const LONGEST: usize = 700;

/// Files whose length counts.
const SOURCES: &[&str] = &["rs", "mjs", "js", "css"];

/// A file that says this in its first lines was made by a program.
const GENERATED: &str = concat!("@gene", "rated");

/// Lines in which that may stand.
const GENERATED_WITHIN: usize = 5;

/// Words that make a string a statement of SQL.
const SQL_WORDS: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "WHERE", "ORDER BY", "GROUP BY", "FROM", "JOIN", "VALUES"];

/// Macros that put values into text.
const FORMATTERS: &[&str] = &["format!(", "write!(", "writeln!(", "format_args!("];

/// Lines after a formatting macro in which its text may begin.
const FORMAT_REACH: usize = 3;

/// Applies all rules of this file.
pub fn check(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(length(path, text));
    if is_rust(path) {
        findings.extend(formatted_sql(path, text));
        findings.extend(inline_markup(path, text));
        findings.extend(bare_allow(path, text));
    }
    findings
}

/// Whether this is a Rust source.
pub fn is_rust(path: &str) -> bool {
    extension(path) == Some("rs")
}

/// How the name of a file ends.
pub fn extension(path: &str) -> Option<&str> {
    Path::new(path).extension()?.to_str()
}

/// The lines of code with their numbers from 1: not those that are only a comment.
pub fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// How many lines stand before a file's own tests.
pub fn tests_from(text: &str) -> usize {
    text.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(usize::MAX)
}

fn length(path: &str, text: &str) -> Option<Finding> {
    let source = extension(path).is_some_and(|extension| SOURCES.contains(&extension));
    let lines = text.lines().count();
    let generated = || text.lines().take(GENERATED_WITHIN).any(|line| line.contains(GENERATED));
    (source && lines > LONGEST && !generated())
        .then(|| Finding::in_file(path, format!("{lines} lines; split it, {LONGEST} is the limit")))
}

/// In a store, values never enter SQL as text: they are parameters.
fn formatted_sql(path: &str, text: &str) -> Vec<Finding> {
    if !is_store(path) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().take(tests_from(text)).collect();
    let mut findings = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let comment = line.trim_start().starts_with("//");
        let Some(at) = FORMATTERS.iter().filter_map(|name| line.find(name)).min().filter(|_| !comment) else {
            continue;
        };
        let mut reach = line.get(at..).unwrap_or_default().to_owned();
        for next in lines.iter().skip(index + 1).take(FORMAT_REACH) {
            if reach.contains('"') {
                break;
            }
            reach.push_str(next);
        }
        if SQL_WORDS.iter().any(|word| contains_word(&reach, word)) {
            let message = "puts values into SQL as text; bind them with the Sql builder";
            findings.push(Finding::at(path, index + 1, message));
        }
    }
    findings
}

fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        let joins =
            |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        !joins(before) && !joins(after)
    })
}

/// The content security policy forbids style and script in the markup, so the browser would ignore both.
fn inline_markup(path: &str, text: &str) -> Vec<Finding> {
    if !["platform/", "contexts/", "app/"].iter().any(|floor| path.starts_with(floor)) {
        return Vec::new();
    }
    code_lines(text)
        .filter_map(|(number, line)| {
            let attribute = inline_attribute(line)?;
            Some(Finding::at(path, number, format!("the attribute {attribute} is refused by the content security policy; use a class or an island")))
        })
        .collect()
}

/// The first attribute `style` or `on…` (also `hx-on…`) that a line of maud sets.
fn inline_attribute(line: &str) -> Option<&str> {
    line.match_indices('=').find_map(|(at, _)| {
        let value = line.get(at + 1..)?.chars().next()?;
        if !['"', '(', '[', '{'].contains(&value) {
            return None;
        }
        let before = line.get(..at)?;
        let name = before.rsplit(|letter: char| letter.is_whitespace() || "{(\"]".contains(letter)).next()?;
        let handler = name
            .strip_prefix("on")
            .is_some_and(|event| event.len() > 2 && event.chars().all(|letter| letter.is_ascii_lowercase()));
        (name == "style" || handler || name.starts_with("hx-on")).then_some(name)
    })
}

/// A lint is silenced with its reason, and expected rather than allowed where it always fires, so that the
/// exception disappears with its cause.
fn bare_allow(path: &str, text: &str) -> Vec<Finding> {
    let lines: Vec<(usize, &str)> = code_lines(text).collect();
    let mut findings = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        if !["#[allow(", "#![allow("].iter().any(|allow| line.trim_start().starts_with(allow)) {
            continue;
        }
        let rest = lines.get(index..).unwrap_or_default().iter().map(|(_, line)| *line);
        let end = rest.clone().position(|line| line.contains(")]")).unwrap_or(0);
        if !rest.take(end + 1).any(|line| line.contains("reason =")) {
            let message = "a bare allow; write #[expect(…, reason = \"…\")]";
            findings.push(Finding::at(path, *number, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{GENERATED, LONGEST, check, inline_attribute};

    fn reports(path: &str, text: &str, expected: &[usize]) {
        let lines: Vec<usize> = check(path, text).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn long_files_are_reported_unless_generated() {
        let long = "x\n".repeat(LONGEST + 1);
        assert_eq!(check("a/src/lib.rs", &long).len(), 1);
        assert_eq!(check("web/src/app.css", &long).len(), 1);
        assert_eq!(check("docs/openapi.json", &long), []);
        assert_eq!(check("a/src/lib.rs", &"x\n".repeat(LONGEST)), []);
        assert_eq!(check("a/src/lib.rs", &format!("// {GENERATED}\n{long}")), []);
    }

    #[test]
    fn sql_is_not_formatted() {
        let path = "contexts/people/src/person/store.rs";
        reports(path, "let q = format!(\"SELECT * FROM person WHERE id = {id}\");", &[1]);
        reports(path, "let q = format!(\n    \"{x} ORDER BY {y}\",\n);", &[1]);
        reports(path, "write!(q, \" WHERE x = {x}\")?;", &[1]);
        reports(path, "let q = \"SELECT id FROM person WHERE id = $1\";", &[]);
        reports(path, "let m = format!(\"the person {id} was not found\");", &[]);
        reports(path, "let m = format!(\"SELECTED {id}\");", &[]);
        reports(path, "// format!(\"SELECT {x}\")", &[]);
        reports(path, "#[cfg(test)]\nmod tests { fn f() { format!(\"SELECT {x}\"); } }", &[]);
        reports("contexts/people/src/person/pages.rs", "format!(\"SELECT {x}\")", &[]);
    }

    #[test]
    fn markup_has_no_inline_style_or_script() {
        let check =
            |line: &str, expected: Option<&str>| assert_eq!(inline_attribute(line), expected, "{line}");
        check("div style=\"color:red\" { }", Some("style"));
        check("div.card style=(width) { }", Some("style"));
        check("button onclick=\"go()\" { }", Some("onclick"));
        check("body onload={ (x) } { }", Some("onload"));
        check("div hx-on:click=\"x\" { }", Some("hx-on:click"));
        check("div data-style=\"x\" { }", None);
        check("let style = \"bold\";", None);
        check("if style == (1) { }", None);
        check("p class=\"one\" { }", None);
        check("meta content=\"style\" { }", None);
    }

    #[test]
    fn markup_rules_hold_where_markup_is_written() {
        let text = "html! { p style=\"x\" {} }";
        reports("contexts/people/src/pages.rs", text, &[1]);
        reports("engines/evidence/src/lib.rs", text, &[]);
    }

    #[test]
    fn lints_are_expected_with_a_reason() {
        reports("a/src/lib.rs", "#[allow(dead_code)]", &[1]);
        reports("a/src/lib.rs", "    #![allow(unused)]", &[1]);
        reports("a/src/lib.rs", "#[allow(unused, reason = \"in a macro\")]", &[]);
        reports("a/src/lib.rs", "#[allow(\n  unused,\n  reason = \"in a macro\"\n)]", &[]);
        reports("a/src/lib.rs", "#[allow(unused)]\n#[expect(dead_code, reason = \"x\")]", &[1]);
        reports("a/src/lib.rs", "#[expect(dead_code, reason = \"x\")]", &[]);
    }
}
