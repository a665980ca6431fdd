//! The HTTP interface tried against its own description: no answer of 5xx, no status that is not documented.

use crate::server::{Kind, Server};
use crate::setup::{self, Need};
use crate::tally::Tally;
use crate::workspace::{PRODUCT, Workspace};
use crate::{assets, openapi, process};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// Requests made for each operation and phase in an ordinary run.
const EXAMPLES: u32 = 20;

/// Requests made for each operation and phase in a long run.
const LONG_EXAMPLES: u32 = 500;

/// The seed of the requests, so that two runs try the same.
const SEED: u32 = 20_250_101;

/// What must hold for every answer.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Tries every operation of docs/openapi.json on an empty installation, with a token that may read and write.
/// One operation is one test.
pub fn run(workspace: &Workspace, long: bool) -> Result<Tally> {
    setup::ensure(workspace, &[Need::Python])?;
    let schemathesis = setup::schemathesis(workspace)?;
    if assets::present(workspace) {
        assets::run(workspace)?;
    }
    let product = workspace.build_product()?;
    let folder = workspace.target.join("schemathesis");
    let server = Server::start(&product, Kind::Empty, &folder)?;
    let token = token(&product, &server.data)?;
    let examples = if long { LONG_EXAMPLES } else { EXAMPLES };
    let (status, output) = process::watch(
        Command::new(schemathesis)
            .arg("run")
            .arg(openapi::path(workspace))
            .args(["--url", &server.url])
            .args(["--header", &format!("Authorization: Bearer {token}")])
            .args(["--checks", CHECKS])
            .args(["--max-examples", &examples.to_string(), "--seed", &SEED.to_string()])
            .args(["--generation-database", "none", "--no-color"])
            .current_dir(&folder),
    )?;
    let mut tally = operations(&output);
    if !status.success() {
        println!("the end of the server's log:\n{}", server.log_tail());
        tally.failed = tally.failed.max(1);
    } else if tally.passed == 0 {
        bail!("schemathesis tried no operation of {}", openapi::FILE);
    }
    Ok(tally)
}

/// A token for the data in `folder`, made by the product at the terminal.
fn token(product: &Path, folder: &Path) -> Result<String> {
    let token = process::capture(
        Command::new(product)
            .args(["token", "create", "--role", "administrator", "--write", "--data"])
            .arg(folder),
    )?;
    match token.trim() {
        "" => bail!("`{PRODUCT} token create` printed nothing"),
        token => Ok(token.to_owned()),
    }
}

/// Tested operations, from the closing summary, and those that failed, from the phase in which most did:
/// an operation that fails usually does so in several phases.
fn operations(output: &str) -> Tally {
    let tested = output
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Tested:"))
        .find_map(|count| count.trim().parse().ok())
        .unwrap_or(0_u64);
    let failed = output
        .lines()
        .filter_map(|line| line.strip_suffix(" failed")?.split_whitespace().next_back()?.parse().ok())
        .max()
        .unwrap_or(0);
    Tally { passed: tested.saturating_sub(failed), failed }
}

#[cfg(test)]
mod tests {
    use super::operations;
    use crate::tally::Tally;

    #[test]
    fn reads_the_summary() {
        let output = " ❌  Coverage (in 0.69s)\n\n     ✅ 1 passed  ❌ 2 failed\n\n ❌  Fuzzing (in 0.5s)\n\n\
                      ✅ 2 passed  ❌ 1 failed\n\nAPI Operations:\n  Selected: 3/3\n  Tested: 3\n";
        assert_eq!(operations(output), Tally { passed: 1, failed: 2 });
        let output = " ✅  Coverage (in 0.69s)\n\n     ✅ 3 passed\n\nAPI Operations:\n  Tested: 3\n";
        assert_eq!(operations(output), Tally { passed: 3, failed: 0 });
        assert_eq!(operations("no server"), Tally::default());
    }
}
