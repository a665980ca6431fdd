//! `cargo xtask tidy`: the house rules that a compiler does not know.
//!
//! Each rule is a pure function from text to findings; this file only reads the repository and hands it round.

mod edges;
mod imports;
mod machines;
mod manifests;
mod sources;
mod tables;

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::fmt;

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the root.
    pub path: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding in a file as a whole.
    pub fn in_file(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, 0, message)
    }

    /// A finding in a line, counted from 1.
    pub fn at(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.path, self.message),
            line => write!(formatter, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// A tracked text file.
struct File {
    path: String,
    text: String,
}

/// Applies all rules to all tracked files; prints every finding and fails if there is one.
pub fn run(workspace: &Workspace) -> Result<()> {
    let files = read(workspace)?;
    let mut findings = Vec::new();
    let crates = manifests::crates(files.iter().map(|file| (file.path.as_str(), file.text.as_str())))?;
    findings.extend(edges::check(&crates));
    findings.extend(manifests::check(&crates));
    let named = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    let (tables, twice) = tables::Tables::declared(named);
    findings.extend(twice);
    for file in &files {
        findings.extend(sources::check(&file.path, &file.text));
        findings.extend(imports::check(&file.path, &file.text));
        findings.extend(machines::check(&file.path, &file.text));
        findings.extend(tables.check(&file.path, &file.text));
    }
    if findings.is_empty() {
        println!("tidy: {} files and {} crates in order", files.len(), crates.len());
        return Ok(());
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    bail!("tidy: {} findings", findings.len())
}

/// All tracked files that are text.
fn read(workspace: &Workspace) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for path in workspace.files()? {
        let bytes =
            std::fs::read(workspace.root.join(&path)).with_context(|| format!("cannot read {path}"))?;
        if let Ok(text) = String::from_utf8(bytes)
            && !text.contains('\0')
        {
            files.push(File { path, text });
        }
    }
    Ok(files)
}
