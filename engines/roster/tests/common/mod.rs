//! The benchmark weeks that ship with these tests.

use std::path::Path;

/// One of the benchmark weeks that ship with these tests.
pub fn week(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
