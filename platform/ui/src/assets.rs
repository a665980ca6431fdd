//! The style sheet and the script, embedded with hashed names.
//!
//! `web/build.mjs` writes `name-HASH.ext` and its Brotli twin `name-HASH.ext.br`. The address carries the
//! hash, so that a browser may keep a file for ever: `Cache-Control: public, max-age=31536000, immutable`.

/// Under which path the web server answers for [`get`].
pub const PREFIX: &str = "/assets/";

static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One built file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Its name with the hash, as it stands in the address after [`PREFIX`].
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
    /// The same compressed with Brotli, for clients that accept `br`.
    pub brotli: Option<&'static [u8]>,
    /// What it is, for the `Content-Type` header.
    pub content_type: &'static str,
}

/// The file of a hashed name; `None` for any other.
pub fn get(name: &str) -> Option<Asset> {
    let (name, bytes) = find(name).filter(|(name, _)| !is_twin(name))?;
    let brotli = find(&format!("{name}.br")).map(|(_, bytes)| bytes);
    Some(Asset { name, bytes, brotli, content_type: content_type(name) })
}

/// The address of a file by its plain name, `app.css` → `/assets/app-1A2B3C4D.css`.
/// Where the assets have not been built, the plain name: the page is complete and only unadorned.
pub fn asset_url(name: &str) -> String {
    let built = FILES.iter().find(|(file, _)| !is_twin(file) && plain_name(file) == name);
    format!("{PREFIX}{}", built.map_or(name, |(file, _)| file))
}

/// Whether the style sheet has been built and embedded.
pub fn built() -> bool {
    FILES.iter().any(|(file, _)| plain_name(file) == "app.css")
}

/// All built files, for a test that walks them.
pub fn all() -> impl Iterator<Item = Asset> {
    FILES.iter().filter_map(|(name, _)| get(name))
}

/// Whether it is the Brotli twin of another file.
fn is_twin(name: &str) -> bool {
    name.strip_suffix(".br").is_some()
}

fn find(name: &str) -> Option<(&'static str, &'static [u8])> {
    FILES.iter().find(|(file, _)| *file == name).copied()
}

/// `app-1A2B3C4D.css` → `app.css`; a name without a hash stays.
fn plain_name(file: &str) -> String {
    let Some((stem, ext)) = file.split_once('.') else { return file.to_owned() };
    match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            format!("{name}.{ext}")
        }
        _ => file.to_owned(),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ext)| ext) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_lose_their_hash() {
        let check = |file: &str, expected: &str| assert_eq!(plain_name(file), expected, "{file}");
        check("app-1A2B3C4D.css", "app.css");
        check("app-1A2B3C4D.css.br", "app.css.br");
        check("favicon.svg", "favicon.svg");
        check("wave-player.js", "wave-player.js");
        check("LICENSES", "LICENSES");
    }

    #[test]
    fn only_built_files_are_answered_for() {
        assert_eq!(get("../Cargo.toml"), None);
        assert_eq!(get(""), None);
        assert!(asset_url("app.css").starts_with("/assets/app"));
        for asset in all() {
            assert_eq!(get(asset.name), Some(asset));
        }
    }
}
