//! Child processes: run, capture, watch; an error always names the command.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;

/// Runs a command with our own input and output, and fails when it does.
pub fn check(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", show(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", show(command));
    }
    Ok(())
}

/// Runs a command and returns what it printed on standard output; its standard error goes to ours.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", show(command)))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", show(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` printed no UTF-8", show(command)))
}

/// Runs a command silently; whether it could be started and succeeded.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Runs a command, passes on everything it prints, and also returns it (both streams, line by line).
pub fn watch(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", show(command)))?;
    let seen = Mutex::new(String::new());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|threads| {
        threads.spawn(|| stdout.map(|stream| pass_on(stream, std::io::stdout(), &seen)));
        threads.spawn(|| stderr.map(|stream| pass_on(stream, std::io::stderr(), &seen)));
    });
    let status = child.wait().with_context(|| format!("cannot wait for `{}`", show(command)))?;
    Ok((status, seen.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)))
}

/// Runs a command and returns everything it printed, of which nothing is shown.
pub fn listen(command: &mut Command) -> Result<(ExitStatus, String)> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{}`", show(command)))?;
    let both = [output.stdout, output.stderr].concat();
    Ok((output.status, String::from_utf8_lossy(&both).into_owned()))
}

fn pass_on(from: impl Read, mut to: impl Write, seen: &Mutex<String>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        // A closed terminal must not end the run that is being watched.
        drop(to.write_all(&line));
        let mut seen = seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        seen.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

/// The first of these programs on the search path.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn show(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|argument| argument.to_string_lossy().into_owned()));
    words.join(" ")
}
