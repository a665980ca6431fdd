//! The planning commands as they are called: what they read, what they say, how they end, and that a fault in a file is told.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

fn repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

fn lianbing(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lianbing")).args(args).output().unwrap()
}

/// What a call that ends well prints.
fn told(args: &[&str]) -> String {
    let output = lianbing(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// How a call that does not end well ends, and what it says.
fn refused(args: &[&str]) -> (Option<i32>, String) {
    let output = lianbing(args);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn kept(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn one_interval_is_staffed_by_flags() {
    let interval = ["staff", "--calls", "100", "--interval", "1800", "--aht", "180", "--sl", "80/20"];
    assert!(told(&interval).contains("→      14"), "{}", told(&interval));
    let patient: Vec<&str> = interval.iter().copied().chain(["--patience", "120"]).collect();
    assert!(told(&patient).contains("→      12"), "{}", told(&patient));
}

#[test]
fn a_table_is_staffed_and_its_bad_rows_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let vectors =
        std::fs::read_to_string(repository("engines/staffing/tests/data/erlang_vectors.csv")).unwrap();
    // The input columns alone, then one row with negative calls.
    let mut input = String::new();
    for line in vectors.lines() {
        let columns: Vec<&str> = line.split(',').take(12).collect();
        let agents = line.split(',').nth(13).unwrap();
        let agents = if columns[2] == "dimension" { "" } else { agents };
        writeln!(input, "{},{agents}", columns.join(",")).unwrap();
    }
    input.push_str("BAD,C,evaluate,-5,1800,180,,,,20,,0,12\n");
    let (file, out) = (kept(&folder, "in.csv", &input), folder.path().join("out.csv"));
    let (code, said) = refused(&["staff", &file, "--out", &out.display().to_string()]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("61") && said.contains("-5"), "the line and the value: {said}");
    let mut answered = csv_rows(&std::fs::read_to_string(out).unwrap());
    let wanted = csv_rows(&vectors);
    answered.retain(|row| row["id"] != "BAD");
    assert_eq!(answered.len(), wanted.len());
    for (row, wanted) in answered.iter().zip(&wanted) {
        assert_eq!(row["agents_scheduled"], wanted["agents_scheduled"], "{}", wanted["id"]);
        let close = |column: &str| {
            let (found, wanted) =
                (row[column].parse::<f64>().unwrap(), wanted[column].parse::<f64>().unwrap());
            (found - wanted).abs() <= 1e-7 * wanted.abs().max(1e-9)
                || (found.is_infinite() && wanted.is_infinite())
        };
        assert!(close("service_level") && close("asa_s") && close("occupancy"), "{}", wanted["id"]);
    }
}

/// The rows of a table without quoted cells, by column.
fn csv_rows(text: &str) -> Vec<std::collections::HashMap<String, String>> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row =
        |line: &str| names.iter().zip(line.split(',')).map(|(&n, v)| (n.to_owned(), v.to_owned())).collect();
    lines.map(row).collect()
}

#[test]
fn twenty_minutes_late_has_its_price() {
    let file = repository("docs/examples/helen-late.toml").display().to_string();
    let said = told(&["simulate", &file]);
    assert!(said.contains("Helen is 20 minutes late") && said.contains("falls from"), "{said}");
    let json: Value = serde_json::from_str(&told(&["simulate", &file, "--json"])).unwrap();
    assert!(json.is_object());
    assert_eq!(told(&["simulate", &file, "--threads", "2"]), said, "threads change nothing");
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let bad = kept(&folder, "bad.toml", &text.replacen("[100,", "[-100,", 1));
    let (code, said) = refused(&["simulate", &bad]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("-100"), "{said}");
}

#[test]
fn a_forecast_has_bounds_and_says_how_it_was_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = String::from("interval_start,calls\n");
    // Sixteen weeks, 09:00 to 12:00, busier on Mondays.
    let first = jiff::civil::date(2026, 3, 2);
    for day in (0..112_i64).filter(|day| day % 7 < 5) {
        for (hour, calls) in [(9, 30), (10, 50), (11, 40)] {
            let calls = if day % 7 == 0 { calls * 3 / 2 } else { calls } + (day * 7 + hour) % 5;
            let start = first.checked_add(jiff::Span::new().days(day)).unwrap();
            writeln!(history, "{start}T{hour:02}:00:00,{calls}").unwrap();
        }
    }
    let out = folder.path().join("out.csv");
    let file = kept(&folder, "in.csv", &history);
    let output =
        lianbing(&["forecast", &file, "--horizon", "15", "--report", "--out", &out.display().to_string()]);
    let report = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert!(report.contains("WAPE"), "{report}");
    let rows = csv_rows(&std::fs::read_to_string(&out).unwrap());
    assert_eq!(rows.len(), 15);
    assert_eq!(rows[0]["interval_start"], "2026-06-22T09:00:00", "the next Monday");
    for row in &rows {
        let bounds = ["lo95", "lo80", "mean", "hi80", "hi95"].map(|name| row[name].parse::<f64>().unwrap());
        assert!(bounds.is_sorted() && bounds[0] >= 0.0, "{row:?}");
    }
    let bad = kept(&folder, "bad.csv", &history.replacen(",30", ",-30", 1).replacen(",45", ",x", 1));
    let (code, said) = refused(&["forecast", &bad, "--horizon", "3", "--out", &out.display().to_string()]);
    assert_eq!(code, Some(3), "the rest is forecast: {said}");
}

#[test]
fn a_forecast_becomes_a_requirement() {
    let folder = tempfile::tempdir().unwrap();
    let forecast = kept(
        &folder,
        "next.csv",
        "interval_start,mean,lo80,hi80,lo95,hi95,queue\n2026-11-23T09:00:00,100.000,90,110,85,115,宽带\n\
         2026-11-23T09:30:00,0.000,0,0,0,0,宽带\n",
    );
    let out = folder.path().join("required.csv").display().to_string();
    let flags = ["--aht", "3m", "--sl", "80/20", "--out", &out];
    let (code, said) = refused(&[&["staff", &forecast][..], &flags].concat());
    assert_eq!(code, Some(2), "half an hour is not guessed: {said}");
    assert!(said.contains("--interval"), "{said}");
    told(&[&["staff", &forecast, "--interval", "30m"][..], &flags].concat());
    let rows = csv_rows(&std::fs::read_to_string(&out).unwrap());
    assert_eq!((rows[0]["agents"].as_str(), rows[1]["agents"].as_str()), ("14", "0"), "{rows:?}");
    assert_eq!((rows[0]["mean"].as_str(), rows[0]["queue"].as_str()), ("100.000", "宽带"));
}

#[test]
fn a_roster_is_made_and_judged_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let week = repository("engines/roster/tests/data/roster_50.txt").display().to_string();
    let out = folder.path().join("roster.json").display().to_string();
    let line = told(&["roster", &week, "--format", "centre", "--steps", "2000", "--out", &out]);
    let found: Value = serde_json::from_str(&line).unwrap();
    let number = |name: &str| found[name].as_f64().unwrap();
    assert!(
        number("bound") <= number("objective") && number("gap") >= 0.0 && number("seconds") >= 0.0,
        "{line}"
    );
    let verdict = told(&["roster", "check", &week, &out]);
    assert!(verdict.contains(&found["objective"].to_string()), "{verdict} {line}");

    let roster: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    let mut twice = roster["assignments"].as_array().unwrap().clone();
    twice.push(twice[0].clone());
    let twice = kept(&folder, "twice.json", &serde_json::json!({ "assignments": twice }).to_string());
    assert_ne!(refused(&["roster", "check", &week, &twice]).0, Some(0), "two shifts on one day");

    let at_once = told(&["roster", &week, "--seconds", "0", "--out", &out]);
    assert!(at_once.contains("\"objective\""), "{at_once}");
    told(&["roster", "check", &week, &out]);
}

#[test]
fn training_is_placed_into_the_slack() {
    let folder = tempfile::tempdir().unwrap();
    let file = repository("docs/examples/place.toml").display().to_string();
    let out = folder.path().join("plan.json");
    let said = told(&["place", &file, "--steps", "500", "--out", &out.display().to_string()]);
    assert!(said.contains("placed"), "{said}");
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert!(!plan["sessions"].as_array().unwrap().is_empty(), "{plan}");
}

#[test]
fn overlapping_exports_count_once_and_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = String::new();
    let first = jiff::civil::date(2026, 3, 2);
    for day in (0..56_i64).filter(|day| day % 7 < 5) {
        let date = first.checked_add(jiff::Span::new().days(day)).unwrap();
        for hour in 9..12 {
            writeln!(history, "{}/{}/{} {hour}:00,{}", date.year(), date.month(), date.day(), 30 + day % 7)
                .unwrap();
        }
    }
    let once = kept(&folder, "once.csv", &format!("interval_start,calls\r\n{history}"));
    let twice = kept(&folder, "twice.csv", &format!("interval_start,calls\r\n{history}{history}"));
    let wanted = told(&["forecast", &once, "--horizon", "6", "--out", "-"]);
    let output = lianbing(&["forecast", &twice, "--horizon", "6", "--out", "-"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("same values"), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), wanted, "the forecast is that of one export");
    let (code, said) = refused(&["forecast", &once, "--horizon", "6", "--out", &once]);
    assert_eq!(code, Some(2), "the output is the input: {said}");
}

#[test]
fn staffing_refuses_what_has_no_answer() {
    let interval = ["staff", "--calls", "100", "--aht", "180", "--abandonment", "3%"];
    let (code, said) = refused(&interval);
    assert_eq!(code, Some(2));
    assert!(said.contains("--patience"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let file = kept(&folder, "in.csv", "calls,interval_s,aht_s,agents\n10,1800,180,3\n");
    assert_eq!(refused(&["staff", &file, "--out", &file]).0, Some(2), "the output is the input");
    assert_eq!(refused(&["staff", &file, "--calls", "10", "--aht", "180"]).0, Some(2), "one or the other");
    let rows = csv_rows(&told(&["staff", &file, "--shrinkage", "40%"]));
    assert_eq!(rows[0]["agents_scheduled"], "5", "the flag counts where the table says nothing");
}

#[test]
fn a_roster_that_would_be_lost_is_not_searched_for() {
    let folder = tempfile::tempdir().unwrap();
    let week = repository("engines/roster/tests/data/roster_50.txt").display().to_string();
    assert_eq!(refused(&["roster", &week, "--steps", "1"]).0, Some(2), "--out is missing");
    let nowhere = folder.path().join("none").join("out.json").display().to_string();
    let (code, said) = refused(&["roster", &week, "--steps", "1", "--out", &nowhere]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("none"), "{said}");
    let copy = kept(&folder, "week.txt", &std::fs::read_to_string(&week).unwrap());
    let (code, said) = refused(&["roster", &copy, "--steps", "1", "--out", &copy]);
    assert_eq!(code, Some(2), "{said}");
    let bad = kept(&folder, "bad.json", "[]");
    assert_eq!(refused(&["roster", "check", &week, &bad]).0, Some(2));
}
