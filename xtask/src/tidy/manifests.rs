//! What the manifests of our crates say.

use super::Finding;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// The tables of a manifest in which dependencies stand.
const DEPENDENCY_TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// One crate of the workspace.
#[derive(Debug)]
pub struct Crate {
    /// Its package name.
    pub name: String,
    /// Its manifest, relative to the root.
    pub manifest: String,
    /// The packages it depends on, in any way, with the line of the manifest.
    pub uses: BTreeMap<String, usize>,
    /// Whether it takes the workspace's lints.
    pub workspace_lints: bool,
}

/// Reads the crates among the given files; fuzz/ stands outside the workspace.
pub fn crates<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Vec<Crate>> {
    files
        .filter(|(path, _)| path.ends_with("/Cargo.toml") && !path.starts_with("fuzz/"))
        .map(|(path, text)| parse(path, text).with_context(|| format!("in {path}")))
        .collect()
}

/// Every crate takes the workspace's lints.
pub fn check(crates: &[Crate]) -> Vec<Finding> {
    crates
        .iter()
        .filter(|found| !found.workspace_lints)
        .map(|found| Finding::in_file(&found.manifest, "lacks `[lints] workspace = true`"))
        .collect()
}

/// Reads one manifest.
pub fn parse(path: &str, text: &str) -> Result<Crate> {
    let manifest: Table = text.parse().context("this is no TOML")?;
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(Value::as_str)
        .context("the manifest has no package.name")?;
    let mut uses = BTreeMap::new();
    collect(&manifest, text, &mut uses);
    if let Some(platforms) = manifest.get("target").and_then(Value::as_table) {
        for platform in platforms.values().filter_map(Value::as_table) {
            collect(platform, text, &mut uses);
        }
    }
    let workspace_lints = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(Value::as_bool)
        .unwrap_or(false);
    Ok(Crate { name: name.to_owned(), manifest: path.to_owned(), uses, workspace_lints })
}

fn collect(table: &Table, text: &str, uses: &mut BTreeMap<String, usize>) {
    for dependencies in
        DEPENDENCY_TABLES.iter().filter_map(|name| table.get(*name)).filter_map(Value::as_table)
    {
        for (key, how) in dependencies {
            let renamed = how.get("package").and_then(Value::as_str);
            uses.insert(renamed.unwrap_or(key).to_owned(), line_of(text, key));
        }
    }
}

/// The first line that begins with this key, from 1; 0 when it is written in some other way.
fn line_of(text: &str, key: &str) -> usize {
    let starts = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    text.lines().position(starts).map_or(0, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::{check, parse};

    const MANIFEST: &str = "[package]\nname = \"people\"\n[dependencies]\nstore.workspace = true\n\
        mine = { package = \"kernel\", path = \"x\" }\n[dev-dependencies]\ninsta = \"1\"\n\
        [target.'cfg(unix)'.dependencies]\nweb = { workspace = true }\n";

    #[test]
    fn reads_all_kinds_of_dependencies() {
        let parsed = parse("contexts/people/Cargo.toml", MANIFEST).unwrap();
        assert_eq!(parsed.name, "people");
        let uses: Vec<(&str, usize)> =
            parsed.uses.iter().map(|(name, line)| (name.as_str(), *line)).collect();
        assert_eq!(uses, [("insta", 7), ("kernel", 5), ("store", 4), ("web", 9)]);
    }

    #[test]
    fn lints_must_be_the_workspaces() {
        let lax = parse("a/Cargo.toml", MANIFEST).unwrap();
        let strict = parse("b/Cargo.toml", &format!("{MANIFEST}[lints]\nworkspace = true\n")).unwrap();
        let findings = check(&[lax, strict]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "a/Cargo.toml");
    }
}
