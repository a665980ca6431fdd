//! The planning commands as they are called: what they read, what they say, how they end, and that a fault in a file is told.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
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

/// The example of a centre with names, and how it is read from the temporary folder.
fn example() -> String {
    std::fs::read_to_string(repository("docs/examples/team.toml")).unwrap()
}

#[test]
fn a_centre_with_names_gets_a_roster_with_reasons_and_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let file = repository("docs/examples/team.toml").display().to_string();
    let out = folder.path().join("week.json").display().to_string();
    let table = folder.path().join("week.csv").display().to_string();
    let call = ["roster", &file, "--steps", "2000", "--out", &out, "--table", &table];
    let line: Value = serde_json::from_str(&told(&call)).unwrap();
    assert!(line["bound"].as_f64().unwrap() <= line["objective"].as_f64().unwrap(), "{line}");
    let written = std::fs::read_to_string(&out).unwrap();
    let roster: Value = serde_json::from_str(&written).unwrap();
    let unmet = roster["unmet_wishes"].as_array().unwrap();
    assert!(!unmet.is_empty(), "{roster}");
    for one in unmet.iter().chain(roster["short"].as_array().unwrap()) {
        assert!(!one["why"].as_str().unwrap().is_empty(), "{one}");
    }
    let shown = std::fs::read_to_string(&table).unwrap();
    assert!(shown.starts_with("\u{feff}person,2026-11-23 Mon,"), "{shown}");
    assert_eq!(shown.lines().count(), 13, "a row each: {shown}");
    assert!(shown.contains("刘洋,leave,leave,"), "{shown}");
    told(&call);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), written, "steps give the same roster again");
}

#[test]
fn a_centre_with_names_is_judged_by_another_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = repository("docs/examples/team.toml").display().to_string();
    let table = kept(
        &folder,
        "agents.csv",
        "interval_start,queue,agents\n2026-11-23T09:00:00,宽带,3\n2026-11-23T09:30:00,宽带,2.2\n",
    );
    let out = folder.path().join("week.json").display().to_string();
    for required in [&[][..], &["--required", &table]] {
        let made = [&["roster", &file, "--steps", "500", "--out", &out][..], required].concat();
        let line: Value = serde_json::from_str(&told(&made)).unwrap();
        let report = told(&[&["roster", "check", &file, &out][..], required].concat());
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["objective"].as_f64(), line["objective"].as_f64(), "{report}");
    }
    let mut roster: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    let mut twice = roster["assignments"][0].clone();
    let (person, day) = (twice["person"].clone(), twice["day"].clone());
    twice["shift"] = if twice["shift"] == "early" { "late" } else { "early" }.into();
    roster["assignments"].as_array_mut().unwrap().push(twice);
    let broken = kept(&folder, "broken.json", &roster.to_string());
    let (code, said) = refused(&["roster", "check", &file, &broken]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains(&format!("{}, {}", person.as_str().unwrap(), day.as_str().unwrap())), "{said}");
}

#[test]
fn a_requirement_from_a_table_takes_the_place_of_that_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = repository("docs/examples/team.toml").display().to_string();
    let out = folder.path().join("week.json").display().to_string();
    let header = "interval_start,queue,agents\n";
    let table = kept(&folder, "agents.csv", &format!("{header}2026-11-23T04:00:00,宽带,1\n"));
    told(&["roster", &file, "--steps", "200", "--required", &table, "--out", &out]);
    let roster: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(roster["short"][0]["time"], "04:00-04:30", "{}", roster["short"]);
    assert!(roster["short"][0]["why"].as_str().unwrap().contains("Li Na, 王伟"), "{}", roster["short"]);
    let bad = kept(&folder, "bad.csv", &format!("{header}2026-11-23T04:00:00,宽带,-1\n"));
    let (code, said) = refused(&["roster", &file, "--steps", "1", "--required", &bad, "--out", &out]);
    assert_eq!(code, Some(2));
    assert!(said.contains("bad.csv: line 2: agents is “-1”"), "{said}");
    let week = repository("engines/roster/tests/data/roster_50.txt").display().to_string();
    let (code, said) = refused(&["roster", &week, "--steps", "1", "--required", &table, "--out", &out]);
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn mistakes_and_contradictions_name_the_line_and_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("week.json").display().to_string();
    let example = example();
    let said = |name: &str, from: &str, to: &str| {
        assert!(example.contains(from), "{from}");
        let file = kept(&folder, name, &example.replacen(from, to, 1));
        let (code, said) = refused(&["roster", &file, "--steps", "1", "--out", &out]);
        assert_eq!(code, Some(2), "{said}");
        said
    };
    let line = example.lines().position(|line| line.starts_with("interval_minutes")).unwrap() + 1;
    let wrong = said("wrong.toml", "interval_minutes = 30", "interval_minutes = 25");
    assert!(wrong.contains(&format!("line {line}: interval_minutes is 25: give 5, 10")), "{wrong}");
    let fixed = "leave = [\"2026-11-23\"]\nfixed = [{ day = \"2026-11-23\", shift = \"early\" }]";
    let alone = said("alone.toml", "leave = [\"2026-11-23\", \"2026-11-24\"]", fixed);
    assert!(
        alone.contains("刘洋 (contract “full time”)") && alone.contains("leave, fixed shifts"),
        "{alone}"
    );
    let all = said("all.toml", "hours_per_week = [32, 40]", "hours_per_week = [45, 48]");
    assert!(all.contains("Li Na (contract “full time”)") && all.contains("fewest hours"), "{all}");
}

#[test]
fn after_an_absence_little_changes_and_the_rest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = repository("docs/examples/team.toml").display().to_string();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (week, new, table) = (path("week.json"), path("new.json"), path("new.csv"));
    told(&["roster", &file, "--steps", "2000", "--out", &week]);
    let read =
        |path: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let before = read(&week);
    let first = before["assignments"][0].clone();
    let (person, day) = (first["person"].as_str().unwrap(), first["day"].as_str().unwrap());
    let absent = format!("{person}={day}");
    let call = ["roster", "repair", &file, &week, "--absent", &absent, "--out", &new, "--table", &table];
    let line: Value = serde_json::from_str(&told(&call)).unwrap();
    let shifts = |roster: &Value| -> std::collections::BTreeSet<String> {
        let of = |one: &Value| format!("{} {} {}", one["person"], one["day"], one["shift"]);
        roster["assignments"].as_array().unwrap().iter().map(of).collect()
    };
    let (was, now) = (shifts(&before), shifts(&read(&new)));
    assert!(!now.iter().any(|one| one.starts_with(&format!("\"{person}\" \"{day}\""))), "{now:?}");
    let changed = usize::try_from(line["changed"].as_u64().unwrap()).unwrap();
    assert!(was.difference(&now).count() <= changed + 1, "{line}");
    assert!(was.intersection(&now).count() + changed + 1 >= was.len(), "the rest is kept: {line}");
    let told_changes = line["changes"].as_array().unwrap();
    assert!(told_changes.iter().any(|one| one["person"] == person && one["now"].is_null()), "{line}");
    assert!(std::fs::read_to_string(&table).unwrap().lines().count() == 13);
    let again: Value = serde_json::from_str(&told(&call)).unwrap();
    assert_eq!(again["changes"], line["changes"], "the same again");

    for (absent, wanted) in [
        ("Li=2026-11-24", "nobody in the file is named “Li”"),
        ("Li Na=2026-11-30", "give a day from 2026-11-23 to 2026-11-29"),
        ("Li Na", "write the person, = and the day"),
    ] {
        let (code, said) = refused(&["roster", "repair", &file, &week, "--absent", absent, "--out", &new]);
        assert_eq!(code, Some(2));
        assert!(said.contains(wanted), "{said}");
    }
    let other = kept(&folder, "other.json", &before.to_string().replace("Li Na", "Li Ni"));
    let (code, said) = refused(&["roster", "repair", &file, &other, "--out", &new]);
    assert_eq!(code, Some(2));
    assert!(said.contains("other.json: the shift of “Li Ni”"), "{said}");
    let most = ["roster", "repair", &file, &week, "--changes-max", "100001", "--out", &new];
    assert_eq!(refused(&most).0, Some(2));
}

#[test]
fn who_was_absent_stays_absent_in_the_next_repair() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let week = repository("engines/roster/tests/data/roster_50.txt").display().to_string();
    let team = repository("docs/examples/team.toml").display().to_string();
    for (file, days) in [(team, ["2026-11-24", "2026-11-25"]), (week, ["1", "2"])] {
        let (published, once, twice) = (path("week.json"), path("once.json"), path("twice.json"));
        told(&["roster", &file, "--steps", "500", "--out", &published]);
        let read =
            |path: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
        let name = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
        let works = |roster: &Value, day: &str| -> Vec<String> {
            let of_day =
                roster["assignments"].as_array().unwrap().iter().filter(|one| name(&one["day"]) == day);
            of_day.map(|one| name(&one["person"])).collect()
        };
        let [first, second] = days.map(|day| format!("{}={day}", works(&read(&published), day)[0]));
        told(&["roster", "repair", &file, &published, "--absent", &first, "--out", &once]);
        let line = told(&["roster", "repair", &file, &once, "--absent", &second, "--out", &twice]);
        let now = read(&twice);
        for (absent, day) in [&first, &second].into_iter().zip(days) {
            let (person, _) = absent.split_once('=').unwrap();
            assert!(!works(&now, day).contains(&person.to_owned()), "{absent}: {now}");
        }
        assert_eq!(now["absent"].as_array().unwrap().len(), 2, "{now}");
        let changes: Value = serde_json::from_str(&line).unwrap();
        let (person, day) = first.split_once('=').unwrap();
        let again = changes["changes"].as_array().unwrap().iter();
        let again = again.filter(|one| name(&one["person"]) == person && name(&one["day"]) == day);
        assert_eq!(again.count(), 0, "what was known is no change: {line}");
    }
}

#[test]
fn a_requirement_is_read_as_spreadsheets_save_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let file = repository("docs/examples/team.toml").display().to_string();
    let (out, table) = (path("week.json"), path("excel.csv"));
    // 宽带 in GBK, the date as a Chinese spreadsheet shows it, lines that end in \r\n.
    let rows = b"interval_start,queue,agents\r\n2026/11/23 9:00,\xBF\xED\xB4\xF8,40\r\n";
    std::fs::write(&table, rows).unwrap();
    let made = lianbing(&["roster", &file, "--steps", "200", "--required", &table, "--out", &out]);
    let said = String::from_utf8(made.stderr).unwrap();
    assert_eq!(made.status.code(), Some(0), "{said}");
    assert!(said.contains("no row for 2026-11-24 Tue"), "{said}");
    assert!(said.contains("[[required]] of the file are left aside"), "{said}");
    let roster: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(roster["short"][0]["time"], "09:00-09:30", "{}", roster["short"]);
    told(&["roster", "check", &file, &out, "--required", &table]);
    let (code, said) = refused(&["roster", "repair", &file, &out, "--out", &path("new.json")]);
    assert_eq!(code, Some(2), "it would be held against another requirement: {said}");
    assert!(said.contains("--required"), "{said}");
    std::fs::write(&table, [&rows[..], b"2026/11/23 9:30,\xBF\xED\xB4\xF8,-1\r\n"].concat()).unwrap();
    for call in [&["roster", &file, "--steps", "1", "--out", &out][..], &["roster", "check", &file, &out]] {
        let (code, said) = refused(&[call, &["--required", &table]].concat());
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("line 3"), "{said}");
    }
    let empty = kept(&folder, "empty.csv", "");
    let (code, said) = refused(&["roster", &file, "--steps", "1", "--required", &empty, "--out", &out]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("empty"), "{said}");
}

#[test]
fn more_changes_than_allowed_are_told_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let file = repository("docs/examples/team.toml").display().to_string();
    let (week, new) = (path("week.json"), path("new.json"));
    told(&["roster", &file, "--steps", "500", "--out", &week]);
    // Since then the file says that somebody who worked is on leave.
    let later =
        example().replacen("fixed = [{ day = \"2026-11-25\", shift = \"early\" }]", "leave = \"all\"", 1);
    let later = kept(&folder, "later.toml", &later);
    let call = ["roster", "repair", &later, &week, "--changes-max", "0", "--out", &new];
    let (code, said) = refused(&call);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("--changes-max"), "{said}");
    assert!(!std::fs::read_to_string(&new).unwrap().contains("杨磊\",\"day"), "it is written all the same");
}

#[test]
fn numbered_rosters_are_repaired_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let week = repository("engines/roster/tests/data/roster_50.txt").display().to_string();
    let (published, new) = (path("roster.json"), path("new.json"));
    told(&["roster", &week, "--steps", "2000", "--out", &published]);
    let call = ["roster", "repair", &week, &published, "--absent", "12=1", "--past-days", "1", "--out", &new];
    let line: Value = serde_json::from_str(&told(&call)).unwrap();
    assert!(line["changed"].as_u64().unwrap() <= 20, "{line}");
    let is_past = |one: &Value| one["day"].as_u64() == Some(0);
    assert!(!line["changes"].as_array().unwrap().iter().any(is_past), "the past stays: {line}");
    let (code, said) = refused(&["roster", "repair", &week, &published, "--absent", "50=1", "--out", &new]);
    assert_eq!(code, Some(2));
    assert!(said.contains("the person must be a number, 0 to 49"), "{said}");
    assert_eq!(
        refused(&["roster", "repair", &week, &published, "--past-days", "8", "--out", &new]).0,
        Some(2)
    );
}

#[test]
fn a_table_that_cannot_be_staffed_as_asked_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let forecast =
        kept(&folder, "next.csv", "interval_start,mean\n2026-11-23T09:00:00,100\n2026-11-23T10:00:00,90\n");
    let out = folder.path().join("out.csv");
    let staff = |flags: &[&str]| {
        refused(&[&["staff", &forecast, "--out", &out.display().to_string()][..], flags].concat())
    };
    let (code, said) = staff(&["--interval", "1h", "--aht", "180"]);
    assert_eq!((code, said.lines().count()), (Some(2), 1), "once, not for every row: {said}");
    assert!(said.contains("--sl 80/20") && said.contains("target_type"), "{said}");
    let (code, said) = staff(&["--sl", "80/20"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("names: interval_start, mean;"), "the file's own names: {said}");
    let (code, said) = staff(&["--interval", "30m", "--aht", "180", "--sl", "80/20"]);
    assert_eq!(code, Some(2), "twice the load: {said}");
    assert!(said.contains("60m") && said.contains("30m"), "{said}");
    assert!(!out.exists());
    let (code, said) = staff(&["--interval", "1h", "--aht", "180", "--sl", "80/20"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_table_that_nobody_reads_on_ends_quietly() {
    let folder = tempfile::tempdir().unwrap();
    // More than a pipe holds, so that the end is noticed in the middle of the table.
    let rows = "10,1800,180,3\n".repeat(2_000);
    let table = kept(&folder, "in.csv", &format!("calls,interval_s,aht_s,agents\n{rows}"));
    let mut staff = Command::new(env!("CARGO_BIN_EXE_lianbing"))
        .args(["staff", &table])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(staff.stdout.take());
    let ended = staff.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert_eq!(ended.status.code(), Some(0));
}

/// So many days of a centre that is open from 09:00 to 12:00, with about 360 calls a day.
fn three_hours(first: jiff::civil::Date, days: i64, queue: &str) -> String {
    let mut rows = String::new();
    for day in 0..days {
        let date = first.checked_add(jiff::Span::new().days(day)).unwrap();
        for hour in 9..12 {
            writeln!(rows, "{date}T{hour:02}:00:00,{},{queue}", 120 + (day * 5 + hour) % 7).unwrap();
        }
    }
    rows
}

#[test]
fn what_a_forecast_does_not_know_is_told_without_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let first = jiff::civil::date(2026, 9, 7);
    let said = |name: &str, rows: &str, flags: &[&str]| {
        let file = kept(&folder, name, &format!("interval_start,calls,queue\n{rows}"));
        let (code, said) = refused(&[&["forecast", &file, "--out", "-"][..], flags].concat());
        assert_eq!(code, Some(0), "{said}");
        said
    };
    let rows = three_hours(first, 98, "");
    assert_eq!(said("plain.csv", &rows, &["--horizon", "21"]), "", "nothing to tell");
    // A Friday of the second week, long before the stretches of the back-test.
    let mut quiet = String::new();
    for line in rows.lines() {
        let few = ["2026-09-18T09:00:00,7,", "2026-09-18T10:00:00,9,", "2026-09-18T11:00:00,5,"];
        let few = few.iter().find(|few| few[..19] == line[..19]);
        writeln!(quiet, "{}", few.unwrap_or(&line)).unwrap();
    }
    let told = said("quiet.csv", &quiet, &["--horizon", "21"]);
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("2026-09-18 had 6 % of the calls of the same weekdays"), "{told}");
    let few = said("few.csv", &three_hours(first, 12, ""), &["--horizon", "3"]);
    assert!(few.contains("12 days of history are too few"), "{few}");
    let ends = said("ends.csv", &rows, &["--horizon", "90", "--holidays", "cn"]);
    assert!(ends.contains("the calendar ends with 2026"), "{ends}");
    let events = "[[event]]\nname = \"大促\"\nfirst = \"2026-12-15\"\nlast = \"2026-12-16\"\n";
    let events = kept(&folder, "events.toml", events);
    let told = said("event.csv", &rows, &["--horizon", "21", "--events", &events]);
    assert!(told.contains("\"大促\" from 2026-12-15") && told.contains("give its factor"), "{told}");
}

#[test]
fn a_reference_that_is_not_there_is_answered_with_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let first = jiff::civil::date(2026, 9, 7);
    let like = |name: &str, rows: &str| {
        let file = kept(&folder, name, rows);
        let call = ["forecast", &file, "--horizon", "6", "--like", "云=账:0.2", "--out", "-"];
        let (code, said) = refused(&call);
        assert_eq!(code, Some(2), "{said}");
        said
    };
    let header = "interval_start,calls,queue\n";
    let queues = ["账单", "宽带"].map(|queue| three_hours(first, 28, queue)).concat();
    let said = like("queues.csv", &format!("{header}{queues}"));
    assert!(said.contains("no forecast of \"账\"; there are \"宽带\", \"账单\""), "{said}");
    let said = like("centre.csv", &format!("{header}{}", three_hours(first, 28, "")));
    assert!(said.contains("column queue"), "{said}");
}
