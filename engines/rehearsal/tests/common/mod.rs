//! What the tests stand on: the shipped rules, the shipped scenarios, the example of the documentation.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::path::Path;
use std::sync::{Arc, OnceLock};

use inspection::{RuleSet, Source};

/// The files of a folder of `content` with this ending, by name.
fn content(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content").join(folder);
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, _)| name.ends_with(ending))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The behaviours that ship with the product.
pub fn rules() -> &'static Arc<RuleSet> {
    static RULES: OnceLock<Arc<RuleSet>> = OnceLock::new();
    RULES.get_or_init(|| {
        let files = content("behaviours", ".rules");
        let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
        Arc::new(RuleSet::compile(&sources).unwrap())
    })
}

/// All scenarios that ship, and last the example of the documentation.
pub fn scenarios() -> Vec<(String, String)> {
    let mut all = content("scenarios", ".toml");
    all.push(("docs/scenarios.md".to_owned(), example()));
    all
}

/// The complete small scenario of the documentation.
fn example() -> String {
    let page = include_str!("../../../../docs/scenarios.md");
    page.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0.to_owned()
}
