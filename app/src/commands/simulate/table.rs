//! Tables for people.

use std::fmt::Write;

use simulator::file::Study;
use simulator::{
    Comparison, Definition, Ended, Estimate, Figures, Of, Report, Requirement, Scope, ServiceLevel,
};

pub(super) fn comparison(study: &Study, found: &Comparison) -> String {
    let mut out = String::new();
    let plan = &found.plan;
    if !study.title.is_empty() {
        line(&mut out, &study.title);
        line(&mut out, "");
    }
    report(&mut out, study, plan);
    for v in 0..study.variants.len() {
        line(&mut out, "");
        line(&mut out, &answer(study, found, v));
    }
    line(&mut out, "");
    let calls: u64 = plan.calls + found.variants.iter().map(|one| one.calls).sum::<u64>();
    let ended = match plan.ended {
        Ended::Precise => "as exact as asked for",
        Ended::Replications => "all replications allowed",
        Ended::Budget => "all steps allowed",
        Ended::Stopped => "the time was over",
    };
    line(
        &mut out,
        &format!(
            "{} days simulated, {calls} calls in all plans; {ended}; ± is {} %",
            plan.replications,
            share(plan.confidence)
        ),
    );
    out
}

/// What a variant costs, in a sentence.
pub(super) fn answer(study: &Study, found: &Comparison, variant: usize) -> String {
    let Some(one) = study.variants.get(variant) else { return String::new() };
    let name = &one.name;
    let when = format!("{}–{}", time(study, one.watch.intervals.start), time(study, one.watch.intervals.end));
    let level = |report: &Report| report.of(&one.watch).and_then(|f| f.service_level).map(|e| e.value);
    let difference = found.difference(variant, &one.watch);
    let (Some(before), Some(after), Some(by)) = (
        level(&found.plan),
        found.variants.get(variant).and_then(level),
        difference.and_then(|d| d.service_level),
    ) else {
        return format!("{name}: {}", unanswered(found, variant, &one.watch, &when));
    };
    let verb = if by.value.abs() <= by.half_width {
        "hardly moves"
    } else if by.value < 0.0 {
        "falls"
    } else {
        "rises"
    };
    let mut text = format!(
        "{name}: service level 服务水平 {when} {verb} from {:.1} % to {:.1} %: {} points ± {:.1} ({} %)",
        before * 100.0,
        after * 100.0,
        signed(by.value * 100.0, 1),
        by.half_width * 100.0,
        share(found.plan.confidence),
    );
    if let Some(lost) = difference.and_then(|d| d.abandonment) {
        let _ = write!(text, "; abandoned 放弃 {} points", signed(lost.value * 100.0, 1));
    }
    if let Some(asa) = difference.and_then(|d| d.asa_s) {
        let _ = write!(text, "; mean wait of those answered (ASA) {} s", signed(asa.value, 1));
    }
    text
}

/// What is told where a service level is missing: there were no calls, or nobody answered them.
fn unanswered(found: &Comparison, variant: usize, watch: &Scope, when: &str) -> String {
    let plan = found.plan.of(watch);
    let changed = found.variants.get(variant).and_then(|report| report.of(watch));
    let offered = [plan, changed].into_iter().flatten().map(|f| f.offered.value).fold(0.0, f64::max);
    if offered <= 0.0 {
        return format!("no calls {when}");
    }
    let level = |figures: Option<&Figures>| figures.and_then(|f| f.service_level);
    let told = |level: Option<Estimate>| {
        level.map_or_else(|| "nobody answered 无人接听".to_owned(), |e| format!("{:.1} %", e.value * 100.0))
    };
    match (level(plan), level(changed)) {
        (None, None) => format!("nobody answered 无人接听 {when}: {offered:.1} calls offered"),
        (before, after) => format!(
            "service level 服务水平 {when}: {} before, {} after; {offered:.1} calls offered",
            told(before),
            told(after)
        ),
    }
}

pub(super) fn requirement(study: &Study, found: &Requirement) -> String {
    let mut out = String::new();
    line(
        &mut out,
        "People needed at the phone 所需在线人数: by Erlang's formula for each interval alone → by simulation of the whole day",
    );
    line(&mut out, "(in brackets: calls of the day that one person more would bring to be answered in time)");
    let scenario = &study.scenario;
    let mut rows = vec![vec!["time 时段".to_owned()]];
    rows[0].extend(scenario.groups.iter().map(|group| group.name.clone()));
    rows[0].push("service level 服务水平".to_owned());
    for i in 0..scenario.intervals {
        let mut row = vec![time(study, i)];
        for g in 0..scenario.groups.len() {
            let of = |table: &[Vec<usize>]| table.get(g).and_then(|row| row.get(i)).copied().unwrap_or(0);
            let mut cell = format!("{} → {}", of(&found.first), of(&found.people));
            if let Some(marginal) = found.marginal.get(g).and_then(|row| row.get(i)) {
                let _ = write!(cell, " ({})", signed(marginal.value, 1));
            }
            row.push(cell);
        }
        let figures = found.report.of(&Scope::centre(i..i + 1));
        row.push(figures.map_or_else(String::new, |f| percent(f.service_level)));
        rows.push(row);
    }
    columns(&mut out, &rows);
    let total =
        |table: &[Vec<usize>]| table.iter().flatten().sum::<usize>() as f64 * scenario.interval_s / 3_600.0;
    line(&mut out, "");
    let hours = (total(&found.first), total(&found.people));
    line(
        &mut out,
        &format!(
            "{:.1} hours at the phone by the formula, {:.1} by simulation of {} days",
            hours.0, hours.1, found.report.replications
        ),
    );
    promises(&mut out, study);
    if !found.missed.is_empty() {
        let one = |(k, i): &(usize, usize)| {
            format!("{} {}", scenario.call_types.get(*k).map_or("", |one| one.name.as_str()), time(study, *i))
        };
        let missed: Vec<String> = found.missed.iter().take(20).map(one).collect();
        line(&mut out, &format!("not met within the steps and time allowed: {}", missed.join(", ")));
    }
    out
}

fn report(out: &mut String, study: &Study, plan: &Report) {
    let scenario = &study.scenario;
    let head = [
        "",
        "calls 呼入",
        "people 人数",
        "service level 服务水平",
        "abandoned 放弃",
        "ASA s 平均应答",
        "occupancy 占用率",
        "waiting 排队",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut add = |name: String, scope: &Scope| {
        if let Some(figures) = plan.of(scope) {
            let length = scenario.interval_s * scope.intervals.len() as f64;
            rows.push(row(
                name,
                figures,
                length,
                matches!(scope.of, Of::CallType(_)),
                matches!(scope.of, Of::Group(_)),
            ));
        }
    };
    for i in 0..scenario.intervals {
        add(time(study, i), &Scope::centre(i..i + 1));
    }
    add("all 合计".to_owned(), &Scope::centre(scenario.measured.clone()));
    if scenario.call_types.len() > 1 {
        for (k, one) in scenario.call_types.iter().enumerate() {
            add(one.name.clone(), &Scope::call_type(k, scenario.measured.clone()));
        }
    }
    if scenario.groups.len() > 1 {
        for (g, one) in scenario.groups.iter().enumerate() {
            add(one.name.clone(), &Scope { of: Of::Group(g), intervals: scenario.measured.clone() });
        }
    }
    columns(out, &rows);
    promises(out, study);
    beside(out, plan);
}

fn row(name: String, figures: &Figures, length_s: f64, call_type: bool, group: bool) -> Vec<String> {
    let people = figures.staffed_h.value * 3_600.0 / length_s;
    let unless = |not: bool, text: String| if not { String::new() } else { text };
    vec![
        name,
        unless(group, format!("{:.0}", figures.offered.value)),
        unless(call_type, format!("{people:.1}")),
        percent(figures.service_level),
        percent(figures.abandonment),
        figures.asa_s.map_or_else(String::new, |e| format!("{:.1} ± {:.1}", e.value, e.half_width)),
        percent(figures.occupancy),
        unless(group, format!("{:.1}", figures.queue_length.value)),
    ]
}

/// What only some scenarios have.
fn beside(out: &mut String, plan: &Report) {
    let Some(all) = plan.total(Of::Centre) else { return };
    if all.callbacks.value > 0.0 {
        let wait =
            all.callback_wait_s.map_or_else(String::new, |e| format!(", {:.0} s after they agreed", e.value));
        line(
            out,
            &format!(
                "callbacks 回电: {:.1} agreed, {:.1} called{wait}",
                all.callbacks.value, all.called_back.value
            ),
        );
    }
    if all.redials.value > 0.0 {
        line(out, &format!("tried again 重拨: {:.1} of the calls", all.redials.value));
    }
    if all.left_waiting.value > 0.0 {
        line(
            out,
            &format!("still waiting when the last agent left 下班仍在排队: {:.1}", all.left_waiting.value),
        );
    }
}

fn promises(out: &mut String, study: &Study) {
    let mut told: Vec<(ServiceLevel, Vec<&str>)> = Vec::new();
    for one in &study.scenario.call_types {
        match told.iter_mut().find(|(promise, _)| *promise == one.service_level) {
            Some((_, names)) => names.push(&one.name),
            None => told.push((one.service_level, vec![&one.name])),
        }
    }
    for (promise, names) in told {
        let what = match promise.definition {
            Definition::OfOffered => "answered in time ÷ offered",
            Definition::OfAnswered => "answered in time ÷ answered",
            Definition::ShortAbandonsGood => "answered or abandoned in time ÷ offered",
            Definition::ShortAbandonsExcluded => "answered in time ÷ (offered − abandoned in time)",
        };
        line(
            out,
            &format!(
                "service level of {}: within {} s, {what}; target {} %",
                names.join(", "),
                promise.within_s,
                share(promise.target)
            ),
        );
    }
}

/// The clock time at which an interval begins.
pub(super) fn time(study: &Study, interval: usize) -> String {
    study.clock.text(interval as f64 * study.scenario.interval_s)
}

fn percent(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(String::new, |e| format!("{:.1} ± {:.1} %", e.value * 100.0, e.half_width * 100.0))
}

fn share(share: f64) -> String {
    let percent = format!("{:.2}", share * 100.0);
    percent.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// With its sign, and a true minus.
fn signed(value: f64, digits: usize) -> String {
    let sign = if value < 0.0 { '−' } else { '+' };
    format!("{sign}{:.digits$}", value.abs())
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// Columns as wide as their widest cell; a Chinese character is two wide at a terminal.
fn columns(out: &mut String, rows: &[Vec<String>]) {
    let width = |text: &str| text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &[String], c: usize| row.get(c).map_or(0, |text| width(text));
    let widths: Vec<usize> =
        (0..count).map(|c| rows.iter().map(|row| cell(row, c)).max().unwrap_or(0)).collect();
    for row in rows {
        let mut text = String::new();
        for (c, (value, wide)) in row.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(wide - width(value));
            // The first column names the row, the others are figures.
            if c == 0 {
                text.push_str(value);
                text.push_str(&pad);
            } else {
                text.push_str("  ");
                text.push_str(&pad);
                text.push_str(value);
            }
        }
        line(out, text.trim_end());
    }
}
