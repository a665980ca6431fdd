//! `cargo xtask licences`: only permissive licences may stand in the lock files.

use crate::spdx;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Licences that let anyone use, change and redistribute the code, also in a closed product, and that ask for
/// no more than their notice.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Packages accepted although their expression is not: name, licence as declared, and the reason.
const ACCEPTED: &[(&str, &str, &str)] = &[
    ("option-ext", "MPL-2.0", "runs in a macro of rust-embed while building; nothing of it is in the binary"),
    ("axe-core", "MPL-2.0", "runs in the journeys only; never shipped, never changed"),
];

/// The npm projects whose packages are looked at.
const NPM_PROJECTS: &[&str] = &["web", "e2e"];

struct Package {
    name: String,
    version: String,
    licence: Option<String>,
}

/// Prints every package whose licence is not permissive, and fails if there is one.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut packages = cargo_packages(&workspace.metadata()?)?;
    for project in NPM_PROJECTS {
        let lock = workspace.root.join(project).join("package-lock.json");
        if lock.is_file() {
            let text = std::fs::read_to_string(&lock)?;
            let lock = serde_json::from_str(&text)
                .with_context(|| format!("{project}/package-lock.json is not JSON"))?;
            packages.extend(npm_packages(&lock));
        }
    }
    let offenders: Vec<String> = packages.iter().filter_map(offence).collect();
    if !offenders.is_empty() {
        bail!(
            "{} of {} packages are not under a permissive licence:\n  {}\n\
             Take another package, or accept it with a reason in xtask/src/licences.rs.",
            offenders.len(),
            packages.len(),
            offenders.join("\n  ")
        );
    }
    println!("licences: {} packages, all permissive", packages.len());
    Ok(())
}

/// All packages of `cargo metadata` that come from outside this workspace.
fn cargo_packages(metadata: &Value) -> Result<Vec<Package>> {
    let packages =
        metadata.get("packages").and_then(Value::as_array).context("cargo metadata without packages")?;
    Ok(packages
        .iter()
        .filter(|package| package.get("source").is_some_and(Value::is_string))
        .map(|package| Package {
            name: text(package, "name"),
            version: text(package, "version"),
            licence: package.get("license").and_then(Value::as_str).map(str::to_owned),
        })
        .collect())
}

/// All packages of an npm lock file (version 3) but the project itself, whose key is empty.
fn npm_packages(lock: &Value) -> Vec<Package> {
    let Some(packages) = lock.get("packages").and_then(Value::as_object) else { return Vec::new() };
    packages
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, package)| Package {
            name: path.rsplit("node_modules/").next().unwrap_or(path).to_owned(),
            version: text(package, "version"),
            licence: package.get("license").and_then(Value::as_str).map(str::to_owned),
        })
        .collect()
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What is wrong with the licence of a package.
fn offence(package: &Package) -> Option<String> {
    let Package { name, version, licence } = package;
    let Some(licence) = licence else {
        return Some(format!("{name} {version}: declares no licence expression"));
    };
    if ACCEPTED.iter().any(|(accepted, under, _)| accepted == name && under == licence) {
        return None;
    }
    match spdx::permits(licence, &|single| PERMISSIVE.contains(&single)) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name} {version}: {licence}")),
        Err(error) => Some(format!("{name} {version}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Package, npm_packages, offence};
    use serde_json::json;

    fn judge(name: &str, licence: Option<&str>) -> Option<String> {
        offence(&Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.map(str::to_owned),
        })
    }

    #[test]
    fn names_the_package_and_its_licence() {
        assert_eq!(judge("good", Some("MIT OR Apache-2.0")), None);
        assert_eq!(judge("bad", Some("AGPL-3.0-only")).unwrap(), "bad 1.0.0: AGPL-3.0-only");
        assert_eq!(judge("mute", None).unwrap(), "mute 1.0.0: declares no licence expression");
        assert!(judge("odd", Some("SEE LICENSE IN x")).unwrap().contains("odd 1.0.0"));
    }

    #[test]
    fn acceptance_holds_for_the_stated_licence_only() {
        assert_eq!(judge("axe-core", Some("MPL-2.0")), None);
        assert!(judge("axe-core", Some("GPL-3.0-only")).is_some());
    }

    #[test]
    fn reads_npm_locks() {
        let lock = json!({"packages": {
            "": {"name": "web"},
            "node_modules/a": {"version": "1.2.3", "license": "MIT"},
            "node_modules/a/node_modules/@s/b": {"version": "2.0.0"},
        }});
        let packages = npm_packages(&lock);
        let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["a", "@s/b"]);
        assert_eq!(packages.iter().filter_map(offence).count(), 1);
    }
}
