//! Writes the gallery and some whole pages as files to look at: `cargo run -p ui --example gallery -- OUT_DIR`,
//! then serve the folder. Names are `PAGE-LANGUAGE-THEME.html`; the assets stand beside them.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use messages::Lang;
use ui::{Cx, Theme, assets};

fn main() -> ExitCode {
    let Some(out) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: gallery OUT_DIR");
        return ExitCode::from(2);
    };
    match write(&out) {
        Ok(pages) => {
            println!("{pages} pages in {}", out.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}

fn write(out: &Path) -> io::Result<usize> {
    let folder = out.join("assets");
    fs::create_dir_all(&folder)?;
    for asset in assets::all() {
        fs::write(folder.join(asset.name), asset.bytes)?;
    }
    let mut pages = 0;
    for lang in Lang::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let cx = Cx { theme, ..Cx::sample(lang) };
            for (name, page) in ui::sample_pages(&cx) {
                fs::write(
                    out.join(format!("{name}-{}-{}.html", lang.code(), theme.name())),
                    page.into_string(),
                )?;
                pages += 1;
            }
        }
    }
    Ok(pages)
}
