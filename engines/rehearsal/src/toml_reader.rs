//! TOML with places: every value is asked for by key and kind, and whatever is missing, superfluous or of another
//! kind becomes a message with line and column. Reading goes on after an error, so that all are told at once.

use std::ops::Range;

use inspection::ast::At;
use inspection::diagnose::{Diagnostic, did_you_mean};
use inspection::lex::Pos;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::limits::{NAME_MAX_CHARS, TEXT_MAX_CHARS, TEXTS_MAX};

/// Collects what is wrong, and knows lines.
pub(crate) struct Reader<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    pub(crate) found: Vec<Diagnostic>,
}

/// A table with its place, and how messages call it.
#[derive(Clone)]
pub(crate) struct Table<'a, 't> {
    pub(crate) entries: &'a DeTable<'t>,
    pub(crate) at: Pos,
    pub(crate) what: String,
}

impl<'a, 't> Table<'a, 't> {
    pub(crate) fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, line_starts: std::iter::once(0).chain(starts).collect(), found: Vec::new() }
    }

    /// Line, column and length in characters of a range of bytes. A range over several lines ends with its first.
    pub(crate) fn pos(&self, span: Range<usize>) -> Pos {
        let line = self.line_starts.partition_point(|start| *start <= span.start).saturating_sub(1);
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let before = self.text.get(start..span.start).unwrap_or_default().chars().count();
        let inside = self.text.get(span).unwrap_or_default();
        let length = inside.lines().next().unwrap_or_default().chars().count();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Pos { line: number(line + 1), column: number(before + 1), length: number(length), offset: 0 }
    }

    pub(crate) fn error(&mut self, at: Pos, message: impl Into<String>, expected: impl Into<String>) {
        self.found.push(Diagnostic::error(at, message, expected));
    }

    pub(crate) fn error_like(&mut self, at: Pos, message: String, expected: &str, example: &str) {
        self.found.push(Diagnostic::error(at, message, expected).with_example(example));
    }

    /// Tells keys that mean nothing.
    pub(crate) fn only(&mut self, table: &Table<'_, '_>, keys: &[&str]) {
        for (key, _) in table.entries {
            if keys.contains(&key.get_ref().as_ref()) {
                continue;
            }
            let name = key.get_ref();
            let meant = did_you_mean(name, keys.iter().copied());
            let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
            let at = self.pos(key.span());
            self.error(
                at,
                format!("{} has no `{name}`{hint}", table.what),
                format!("one of {}", keys.join(", ")),
            );
        }
    }

    fn missing(&mut self, table: &Table<'_, '_>, key: &str, expected: &str, example: &str) {
        self.error_like(table.at, format!("{} lacks `{key}`", table.what), expected, example);
    }

    fn wrong(&mut self, value: &Spanned<DeValue<'_>>, key: &str, expected: &str, example: &str) {
        let at = self.pos(value.span());
        self.error_like(at, format!("`{key}` is {}", kind(value.get_ref())), expected, example);
    }

    fn bounded(&mut self, value: &Spanned<DeValue<'_>>, key: &str, max: usize) -> Option<At<String>> {
        let at = self.pos(value.span());
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(value, key, "a text", &format!("{key} = \"…\""));
            return None;
        };
        let text = text.trim();
        let length = text.chars().count();
        if length > max {
            self.error(at, format!("`{key}` has {length} characters"), format!("at most {max}"));
        }
        if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            self.error(
                at,
                format!("`{key}` has the control character {bad:?}"),
                "text that can be said and read",
            );
        }
        Some(At { value: text.to_owned(), at })
    }

    /// A text that may be left out.
    pub(crate) fn text_if(&mut self, table: &Table<'_, '_>, key: &str, max: usize) -> Option<At<String>> {
        let value = table.get(key)?;
        let text = self.bounded(value, key, max)?;
        if text.value.is_empty() {
            self.error(text.at, format!("`{key}` is empty"), "some words, or no such line at all");
        }
        Some(text)
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, table: &Table<'_, '_>, key: &str, max: usize) -> At<String> {
        if table.get(key).is_none() {
            self.missing(table, key, "a text", &format!("{key} = \"…\""));
        }
        self.text_if(table, key, max).unwrap_or(At { value: String::new(), at: table.at })
    }

    fn checked_name(&mut self, name: At<String>, key: &str) -> At<String> {
        let right = !name.value.is_empty()
            && name.value.chars().count() <= NAME_MAX_CHARS
            && name.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !right {
            let message = format!("`{key}` is “{}”", name.value);
            let expected = format!("a name of a to z, 0 to 9 and _, at most {NAME_MAX_CHARS} characters");
            self.error_like(name.at, message, &expected, &format!("{key} = \"ask_usage\""));
        }
        name
    }

    /// A name that may be left out.
    pub(crate) fn name_if(&mut self, table: &Table<'_, '_>, key: &str) -> Option<At<String>> {
        let name = self.text_if(table, key, TEXT_MAX_CHARS)?;
        Some(self.checked_name(name, key))
    }

    /// A name that must be there.
    pub(crate) fn name(&mut self, table: &Table<'_, '_>, key: &str) -> At<String> {
        if table.get(key).is_none() {
            self.missing(table, key, "a name", &format!("{key} = \"ask_usage\""));
            return At { value: String::new(), at: table.at };
        }
        self.name_if(table, key).unwrap_or(At { value: String::new(), at: table.at })
    }

    /// A whole number within bounds that may be left out.
    pub(crate) fn number_if(
        &mut self,
        table: &Table<'_, '_>,
        key: &str,
        (low, high): (i64, i64),
    ) -> Option<i64> {
        let value = table.get(key)?;
        self.whole(value, key, (low, high))
    }

    fn whole(&mut self, value: &Spanned<DeValue<'_>>, key: &str, (low, high): (i64, i64)) -> Option<i64> {
        let expected = format!("a whole number from {low} to {high}");
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong(value, key, &expected, &format!("{key} = {low}"));
            return None;
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
        let inside = parsed.filter(|number| (low..=high).contains(number));
        if inside.is_none() {
            let at = self.pos(value.span());
            self.error(at, format!("`{key}` is {}", number.as_str()), expected);
        }
        inside
    }

    /// A whole number within bounds that must be there.
    pub(crate) fn number(&mut self, table: &Table<'_, '_>, key: &str, bounds: (i64, i64)) -> i64 {
        if table.get(key).is_none() {
            let expected = format!("a whole number from {} to {}", bounds.0, bounds.1);
            self.missing(table, key, &expected, &format!("{key} = {}", bounds.1));
        }
        self.number_if(table, key, bounds).unwrap_or(bounds.0)
    }

    /// Two whole numbers, the first not above the second; must be there.
    pub(crate) fn score_band(&mut self, table: &Table<'_, '_>, key: &str) -> (i64, i64) {
        const EXPECTED: &str = "two scores from 0 to 100, the lower one first";
        let example = format!("{key} = [70, 100]");
        let Some(value) = table.get(key) else {
            self.missing(table, key, EXPECTED, &example);
            return (0, 100);
        };
        let DeValue::Array(parts) = value.get_ref() else {
            self.wrong(value, key, EXPECTED, &example);
            return (0, 100);
        };
        let numbers: Vec<i64> = parts.iter().filter_map(|part| self.whole(part, key, (0, 100))).collect();
        match numbers.as_slice() {
            [low, high] if low <= high => (*low, *high),
            _ => {
                let at = self.pos(value.span());
                self.error_like(at, format!("`{key}` is not a band"), EXPECTED, &example);
                (0, 100)
            }
        }
    }

    /// True or false, false when left out.
    pub(crate) fn flag(&mut self, table: &Table<'_, '_>, key: &str) -> bool {
        match table.get(key).map(|value| (value, value.get_ref())) {
            Some((_, DeValue::Boolean(flag))) => *flag,
            Some((value, _)) => {
                self.wrong(value, key, "true or false", &format!("{key} = true"));
                false
            }
            None => false,
        }
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        table: &Table<'_, '_>,
        key: &str,
        known: &[(&str, T)],
    ) -> Option<T> {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let expected = format!("one of {}", words.join(", "));
        let Some(value) = table.get(key) else {
            let example = words.first().map(|word| format!("{key} = \"{word}\"")).unwrap_or_default();
            self.missing(table, key, &expected, &example);
            return None;
        };
        let word = self.bounded(value, key, TEXT_MAX_CHARS)?;
        let found = known.iter().find(|(name, _)| *name == word.value).map(|(_, value)| *value);
        if found.is_none() {
            let meant = did_you_mean(&word.value, words.iter().copied());
            let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
            self.error(word.at, format!("`{key}` is “{}”{hint}", word.value), expected);
        }
        found
    }

    fn list<'a>(&mut self, table: &Table<'a, 't>, key: &str) -> &'a [Spanned<DeValue<'t>>] {
        match table.get(key).map(|value| (value, value.get_ref())) {
            Some((_, DeValue::Array(parts))) => parts,
            Some((value, _)) => {
                self.wrong(value, key, "a list of texts", &format!("{key} = [\"…\", \"…\"]"));
                &[]
            }
            None => &[],
        }
    }

    /// Names in a list; none when left out.
    pub(crate) fn names(&mut self, table: &Table<'_, 't>, key: &str) -> Vec<At<String>> {
        let parts = self.list(table, key);
        let mut names = Vec::new();
        for part in parts.iter().take(TEXTS_MAX) {
            if let Some(name) = self.bounded(part, key, TEXT_MAX_CHARS) {
                names.push(self.checked_name(name, key));
            }
        }
        names
    }

    /// Texts in a list, as many as are allowed; fewer than `min` is an error.
    pub(crate) fn texts(
        &mut self,
        table: &Table<'_, 't>,
        key: &str,
        min: usize,
        max: usize,
        may_be_empty: bool,
    ) -> Vec<At<String>> {
        if table.get(key).is_none() && min > 0 {
            let expected = format!("a list of at least {min} texts");
            self.missing(table, key, &expected, &format!("{key} = [\"…\", \"…\"]"));
            return Vec::new();
        }
        let parts = self.list(table, key);
        let at = table.get(key).map_or(table.at, |value| self.pos(value.span()));
        if table.get(key).is_some() && (parts.len() < min || parts.len() > max) {
            let message = format!("`{key}` has {} texts", parts.len());
            self.error(at, message, format!("{min} to {max}"));
        }
        let mut texts: Vec<At<String>> = Vec::new();
        for part in parts.iter().take(max) {
            let Some(text) = self.bounded(part, key, TEXT_MAX_CHARS) else { continue };
            if text.value.is_empty() && !may_be_empty {
                self.error(text.at, format!("`{key}` has an empty text"), "some words");
            } else if !may_be_empty && texts.iter().any(|other| other.value == text.value) {
                self.error(text.at, format!("`{key}` says “{}” twice", text.value), "texts that differ");
            } else {
                texts.push(text);
            }
        }
        texts
    }

    /// A table under a key that may be left out.
    pub(crate) fn table_if<'a>(&mut self, table: &Table<'a, 't>, key: &str) -> Option<Table<'a, 't>> {
        let value = table.get(key)?;
        let DeValue::Table(entries) = value.get_ref() else {
            self.wrong(value, key, "a table", &format!("[{key}]"));
            return None;
        };
        Some(Table { entries, at: self.pos(value.span()), what: format!("`{key}`") })
    }

    /// A table under a key that must be there.
    pub(crate) fn table<'a>(&mut self, table: &Table<'a, 't>, key: &str) -> Option<Table<'a, 't>> {
        if table.get(key).is_none() {
            self.missing(table, key, "a table", &format!("[{key}]"));
        }
        self.table_if(table, key)
    }

    /// The tables of a list; `min` to `max` of them.
    pub(crate) fn tables<'a>(
        &mut self,
        table: &Table<'a, 't>,
        key: &str,
        min: usize,
        max: usize,
    ) -> Vec<Table<'a, 't>> {
        let example = format!("[[{key}]]");
        let Some(value) = table.get(key) else {
            if min > 0 {
                self.missing(table, key, "at least one of them", &example);
            }
            return Vec::new();
        };
        let DeValue::Array(parts) = value.get_ref() else {
            self.wrong(value, key, "a list of tables", &example);
            return Vec::new();
        };
        if parts.len() < min || parts.len() > max {
            let at = self.pos(value.span());
            let message = format!("there are {} `{key}`", parts.len());
            self.error(at, message, format!("{min} to {max}"));
        }
        let mut tables = Vec::new();
        for part in parts.iter().take(max) {
            match part.get_ref() {
                DeValue::Table(entries) => {
                    let name =
                        entries.iter().find(|(name, _)| ["name", "kind"].contains(&name.get_ref().as_ref()));
                    let name = name.and_then(|(_, value)| value.get_ref().as_str());
                    let what =
                        name.map_or_else(|| format!("an entry of `{key}`"), |name| format!("`{key}` {name}"));
                    tables.push(Table { entries, at: self.pos(part.span()), what });
                }
                _ => self.wrong(part, key, "a table", &example),
            }
        }
        tables
    }
}
