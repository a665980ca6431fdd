//! Files of the commands that need no server: what they read, and what they write only when it is whole.
//!
//! What is wrong with a named file is wrong use: [`Refused`] ends the command with exit code 2.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Standard input or standard output in the place of a file.
const STANDARD: &str = "-";

/// Wrong use, in words that say what to do: the command ends with exit code 2.
#[derive(Debug)]
pub(crate) struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// An error that ends the command with exit code 2.
pub(crate) fn refused(message: impl Into<String>) -> anyhow::Error {
    Refused(message.into()).into()
}

/// Whether a path stands for standard input or standard output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path == Path::new(STANDARD)
}

/// The name of an input in messages.
pub(crate) fn named(path: &Path) -> String {
    if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Reads a file, or standard input for `-`, of at most `limit` bytes.
///
/// # Errors
///
/// [`Refused`] when it cannot be read or is longer.
pub(crate) fn read(path: &Path, limit: u64) -> anyhow::Result<Vec<u8>> {
    let name = named(path);
    let unreadable = |error: std::io::Error| refused(format!("cannot read {name}: {error}"));
    let from: Box<dyn Read> =
        if is_standard(path) { Box::new(stdin()) } else { Box::new(File::open(path).map_err(unreadable)?) };
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(refused(format!("{name} has more than {limit} bytes: split it")));
    }
    Ok(bytes)
}

/// Reads a UTF-8 text as [`read`] does, without the byte order mark that some editors put before it.
///
/// # Errors
///
/// [`Refused`] when it cannot be read, is longer or is not UTF-8.
pub(crate) fn text(path: &Path, limit: u64) -> anyhow::Result<String> {
    let mut bytes = read(path, limit)?;
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(.."\u{feff}".len());
    }
    String::from_utf8(bytes).map_err(|_| refused(format!("{} is not UTF-8: save it as UTF-8", named(path))))
}

/// Where a result goes. Checked before any work, written whole or not at all.
#[derive(Debug)]
pub(crate) struct Out(To);

#[derive(Debug)]
enum To {
    Standard,
    /// What is there and is no regular file, such as a pipe: never replaced.
    Stream(PathBuf),
    File(PathBuf),
}

impl Out {
    /// Makes sure that `path` can be written and is none of the `inputs`; `-` is standard output.
    ///
    /// # Errors
    ///
    /// [`Refused`] when it cannot, with the full path and what to do.
    pub(crate) fn new(path: &Path, inputs: &[&Path]) -> anyhow::Result<Out> {
        if is_standard(path) {
            return Ok(Out(To::Standard));
        }
        let real = real(path)?;
        let name = real.display();
        if inputs
            .iter()
            .any(|input| !is_standard(input) && input.canonicalize().is_ok_and(|input| input == real))
        {
            return Err(refused(format!("the output {name} is also an input: name another file")));
        }
        match fs::metadata(&real) {
            Ok(there) if there.is_dir() => {
                return Err(refused(format!("the output {name} is a folder: name a file in it")));
            }
            Ok(there) if !there.is_file() => return Ok(Out(To::Stream(real))),
            Ok(there) if there.permissions().readonly() => {
                return Err(refused(format!("the output {name} is write-protected: name another file")));
            }
            _ => {}
        }
        // Tried and taken away again: a long search that is broken off leaves nothing behind.
        let part = part(&real);
        create(&part).map_err(|error| refused(format!("cannot write {name}: {error}")))?;
        fs::remove_file(&part).with_context(|| format!("cannot remove {}", part.display()))?;
        Ok(Out(To::File(real)))
    }

    /// Whether the result goes to standard output.
    pub(crate) fn is_standard(&self) -> bool {
        matches!(self.0, To::Standard)
    }

    /// Writes the result: an interrupted or failed write leaves an earlier file as it was.
    ///
    /// # Errors
    ///
    /// When the disk is full or the folder went away.
    pub(crate) fn write(self, bytes: &[u8]) -> anyhow::Result<()> {
        let real = match self.0 {
            To::Standard => {
                let mut out = stdout().lock();
                out.write_all(bytes)?;
                return Ok(out.flush()?);
            }
            To::Stream(path) => {
                let failed = || format!("cannot write {}", path.display());
                let mut file = OpenOptions::new().write(true).open(&path).with_context(failed)?;
                return file.write_all(bytes).with_context(failed);
            }
            To::File(real) => real,
        };
        let part = part(&real);
        whole(&part, &real, bytes)
            .inspect_err(|_| {
                // What is told is why the write failed; a part that was never made cannot be removed.
                let _ = fs::remove_file(&part);
            })
            .with_context(|| format!("cannot write {}", real.display()))
    }
}

/// The full path, through links, so that a link's file is written and not the link replaced.
fn real(path: &Path) -> anyhow::Result<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Ok(real);
    }
    let Some(name) = path.file_name() else {
        return Err(refused(format!("the output “{}” names no file", path.display())));
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let real = folder
        .canonicalize()
        .map_err(|error| refused(format!("the folder {} cannot be used: {error}", folder.display())))?;
    if !real.is_dir() {
        return Err(refused(format!("{} is no folder: name another output", real.display())));
    }
    Ok(real.join(name))
}

/// The file beside the output that becomes it; two commands at once do not share it.
fn part(real: &Path) -> PathBuf {
    let mut name = real.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    real.with_file_name(name)
}

fn create(part: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(part)
}

fn whole(part: &Path, real: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = create(part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    if let Ok(before) = fs::metadata(real) {
        fs::set_permissions(part, before.permissions())?;
    }
    fs::rename(part, real)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told<T>(result: anyhow::Result<T>) -> String {
        let error = result.err().expect("it is refused");
        assert!(error.is::<Refused>(), "{error:#}");
        error.to_string()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_text_is_utf_8_with_or_without_a_mark_and_no_longer_than_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("day.toml");
        fs::write(&path, "\u{feff}名 = 1").unwrap();
        assert_eq!(text(&path, 64).unwrap(), "名 = 1");
        assert!(told(text(&path, 3)).contains("more than 3 bytes"));
        fs::write(&path, [0xc3, 0xfb]).unwrap();
        assert!(told(text(&path, 64)).contains("save it as UTF-8"));
        assert!(told(read(&folder.path().join("none"), 64)).contains("cannot read"));
        assert!(told(read(folder.path(), 64)).contains("cannot read"));
    }

    #[test]
    fn an_output_is_refused_before_any_work() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in.csv");
        fs::write(&input, "kept").unwrap();
        let around = folder.path().join(".").join("in.csv");
        assert!(told(Out::new(&around, &[&input])).contains("also an input"));
        assert!(told(Out::new(folder.path(), &[])).contains("is a folder"));
        assert!(told(Out::new(&folder.path().join("none/out.csv"), &[])).contains("none"));
        assert!(told(Out::new(&input.join("out.csv"), &[])).contains("in.csv"));
        assert_eq!(fs::read_to_string(&input).unwrap(), "kept");
        assert_eq!(names(folder.path()), ["in.csv"]);
    }

    #[test]
    fn an_output_is_written_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        drop(Out::new(&path, &[]).unwrap());
        assert!(names(folder.path()).is_empty(), "a command that fails leaves nothing");
        for text in ["first", "second"] {
            Out::new(&path, &[Path::new("-")]).unwrap().write(text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(names(folder.path()), ["out.json"]);
    }

    #[test]
    fn a_write_that_fails_leaves_no_part() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        let out = Out::new(&path, &[]).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(out.write(b"{}").is_err());
        assert_eq!(names(folder.path()), ["out.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_a_device_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(told(Out::new(&link, &[&file])).contains("also an input"));
        Out::new(&link, &[]).unwrap().write(b"new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        Out::new(Path::new("/dev/null"), &[]).unwrap().write(b"gone").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
