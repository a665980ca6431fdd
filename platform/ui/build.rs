//! Lists the built style sheet and script, so that `assets` can embed them.
//!
//! They come from `LIANBING_ASSETS` (an absolute folder) or `target/assets` of the workspace. An absent
//! folder is made and stays empty: the crate compiles and its tests run before the assets were built.

use std::{env, fmt::Write as _, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=LIANBING_ASSETS");
    println!("cargo:rerun-if-changed=build.rs");
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = env::var_os("LIANBING_ASSETS")
        .filter(|folder| !folder.is_empty())
        .map_or_else(|| manifest.join("../../target/assets"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    println!("cargo:rerun-if-changed={}", folder.display());

    let mut names: Vec<String> = fs::read_dir(&folder)?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name != "manifest.json")
        .collect();
    names.sort();
    let mut table = String::from("&[\n");
    for name in names {
        let path = folder.join(&name).display().to_string();
        let _ = writeln!(table, "    ({name:?}, include_bytes!({path:?}) as &[u8]),");
    }
    table.push_str("]\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("assets.rs"), table)
}
