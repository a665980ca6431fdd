//! Which crate may use which: three floors, arrows only down.
//!
//! Read ARCHITECTURE.md, “Direction”, before changing anything here; a new crate gets its line first.

use super::{Finding, manifests::Crate};

/// Platform and engines: each with all of ours that it may use. The engines know only each other, so that each
/// is usable alone; the platform knows no engine and no context.
const LOWER: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("messages", &["kernel"]),
    ("audit", &["kernel", "messages"]),
    ("store", &["kernel", "messages", "audit"]),
    ("jobs", &["kernel", "messages", "audit", "store"]),
    ("identity", &["kernel", "messages", "audit", "store", "jobs"]),
    ("ui", &["kernel", "messages"]),
    ("web", &["kernel", "messages", "audit", "store", "jobs", "identity", "ui"]),
    ("evidence", &[]),
    ("inspection", &[]),
    ("intake", &[]),
    ("rehearsal", &["inspection"]),
    ("staffing", &[]),
    ("simulator", &["staffing"]),
    ("forecast", &[]),
    // In its tests only: every roster they make is checked by code that shares nothing with the optimiser.
    ("roster", &["rostercheck"]),
    ("rostercheck", &[]),
    ("placement", &["staffing"]),
];

/// The contexts from the ground up. A context may use platform, engines, and every context of an earlier row;
/// within a row nobody knows the other.
const CONTEXTS: &[&[&str]] = &[
    &["people"],
    &["conversations"],
    &["behaviours"],
    &["quality", "workforce", "knowledge", "customers"],
    &["drills", "learning", "telephony"],
    &["improvements"],
    &["performance"],
    &["engagement"],
];

/// What wires or measures the rest, and may use all of it.
const TOP: &[&str] = &["lianbing", "benches"];

/// Where the reasons are written.
const WHY: &str = "ARCHITECTURE.md, “Direction”";

/// Reports every edge that is not allowed, and every crate that has no place yet.
pub fn check(crates: &[Crate]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for user in crates {
        let Some(allowed) = allowed(&user.name) else {
            let message =
                format!("the crate {} has no place in xtask/src/tidy/edges.rs; see {WHY}", user.name);
            findings.push(Finding::in_file(&user.manifest, message));
            continue;
        };
        for (used, line) in &user.uses {
            let ours = crates.iter().any(|other| other.name == *used);
            if ours && !allowed.contains(&used.as_str()) {
                let message = format!("{} may not use {used}; see {WHY}", user.name);
                findings.push(Finding::at(&user.manifest, *line, message));
            }
        }
    }
    findings
}

/// Whether this is a context.
pub fn is_context(name: &str) -> bool {
    CONTEXTS.iter().any(|row| row.contains(&name))
}

/// What a crate may use of ours; nothing for a crate that nobody has placed.
fn allowed(name: &str) -> Option<Vec<&'static str>> {
    if let Some((_, uses)) = LOWER.iter().find(|(lower, _)| *lower == name) {
        return Some(uses.to_vec());
    }
    let lower = || LOWER.iter().map(|(lower, _)| *lower);
    if let Some(row) = CONTEXTS.iter().position(|row| row.contains(&name)) {
        return Some(lower().chain(CONTEXTS.iter().take(row).copied().flatten().copied()).collect());
    }
    match name {
        "xtask" => Some(Vec::new()),
        // The binary is a library too, which the benchmarks drive.
        "benches" => {
            Some(lower().chain(CONTEXTS.iter().copied().flatten().copied()).chain(["lianbing"]).collect())
        }
        _ if TOP.contains(&name) => {
            Some(lower().chain(CONTEXTS.iter().copied().flatten().copied()).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::manifests::{Crate, parse};
    use super::check;

    fn manifest(name: &str, uses: &[&str]) -> Crate {
        let uses: String = uses.iter().flat_map(|used| [used, ".workspace = true\n"]).collect();
        let text = format!("[package]\nname = \"{name}\"\n[dependencies]\n{uses}");
        parse(&format!("{name}/Cargo.toml"), &text).unwrap()
    }

    /// The messages about `user` when it uses `used`, both being ours.
    fn edge(user: &str, used: &str) -> Vec<String> {
        let findings = check(&[manifest(user, &[used]), manifest(used, &[])]);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn arrows_point_down() {
        for (user, used) in [
            ("store", "kernel"),
            ("web", "identity"),
            ("people", "web"),
            ("conversations", "people"),
            ("behaviours", "inspection"),
            ("people", "intake"),
            ("conversations", "intake"),
            ("engagement", "drills"),
            ("lianbing", "behaviours"),
            ("benches", "lianbing"),
        ] {
            assert_eq!(edge(user, used), Vec::<String>::new(), "{user} → {used}");
        }
    }

    #[test]
    fn arrows_never_point_up_or_sideways() {
        for (user, used) in [
            ("kernel", "store"),
            ("ui", "store"),
            ("ui", "web"),
            ("web", "people"),
            ("inspection", "kernel"),
            ("intake", "messages"),
            ("intake", "inspection"),
            ("store", "inspection"),
            ("people", "conversations"),
            ("quality", "workforce"),
            ("people", "lianbing"),
            ("xtask", "kernel"),
        ] {
            assert_eq!(
                edge(user, used),
                [format!("{user} may not use {used}; see ARCHITECTURE.md, “Direction”")],
                "{user} → {used}"
            );
        }
    }

    #[test]
    fn a_finding_names_the_line() {
        let findings = check(&[manifest("kernel", &["serde", "store"]), manifest("store", &[])]);
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("kernel/Cargo.toml", 5));
        assert_eq!(findings.len(), 1, "serde is not ours");
    }

    #[test]
    fn a_crate_without_a_place_is_reported() {
        let findings = check(&[manifest("novelty", &[])]);
        assert!(findings[0].message.contains("novelty has no place"));
    }
}
