//! Committed text speaks of the product alone: no folder of one machine, no host of a package registry.

use super::{Finding, sources};

/// Folders that exist on somebody's machine only. Put together here, so that this file does not find itself.
const FOLDERS: &[&str] =
    &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Use", "rs/")];

/// The temporary folder: tests may name it, the product asks the system.
const TEMPORARY: &str = concat!("/tm", "p/");

/// Hosts from which package managers fetch; which mirror is used is the machine's business.
const HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("registry.yarnpkg", ".com"),
    concat!("pypi", ".org"),
    concat!("files.pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
    concat!("archive.ubuntu", ".com"),
];

/// Reports folders of a machine and registry hosts. Lock files of cargo name their registry by definition.
pub fn check(path: &str, text: &str) -> Vec<Finding> {
    if path.ends_with("Cargo.lock") {
        return Vec::new();
    }
    let tests_from = if is_test(path) { 0 } else { sources::tests_from(text) };
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(folder) = FOLDERS.iter().find(|folder| names_folder(line, folder)) {
            let message = format!("names the folder {folder} of one machine");
            findings.push(Finding::at(path, index + 1, message));
        }
        if index < tests_from && names_folder(line, TEMPORARY) {
            let message = format!("names {TEMPORARY}; ask the system for its temporary folder");
            findings.push(Finding::at(path, index + 1, message));
        }
        if let Some(host) = HOSTS.iter().find(|host| line.contains(*host)) {
            findings.push(Finding::at(path, index + 1, format!("names the registry host {host}")));
        }
    }
    findings
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs" || part == "e2e")
}

/// Whether the folder stands in the line as an absolute path and not as the middle of one.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-~}/*<>".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::{FOLDERS, HOSTS, TEMPORARY, check};

    #[test]
    fn folders_and_hosts_are_found() {
        for name in FOLDERS.iter().chain(HOSTS) {
            assert_eq!(check("README.md", &format!("see `{name}x`")).len(), 1, "{name}");
        }
        assert_eq!(check("a/src/lib.rs", &format!("let x = \"{TEMPORARY}x\";")).len(), 1);
    }

    #[test]
    fn the_middle_of_a_path_is_no_folder_of_a_machine() {
        let folder = FOLDERS[0];
        for before in ["web", "..", "{root}", "~"] {
            assert_eq!(check("README.md", &format!("{before}{folder}x")), [], "{before}");
        }
    }

    #[test]
    fn tests_may_name_the_temporary_folder() {
        let text = format!("let x = 1;\n#[cfg(test)]\nmod tests {{ let x = \"{TEMPORARY}x\"; }}");
        assert_eq!(check("a/src/lib.rs", &text), []);
        assert_eq!(check("a/tests/all.rs", &format!("\"{TEMPORARY}x\"")), []);
    }

    #[test]
    fn cargos_lock_file_names_its_registry() {
        assert_eq!(check("Cargo.lock", HOSTS[0]), []);
    }
}
