//! `--json`.

use serde_json::{Map, Value, json};
use simulator::file::Study;
use simulator::{Comparison, Of, Report, Requirement, Scope};

pub(super) fn comparison(study: &Study, found: &Comparison) -> String {
    let variants = study.variants.iter().zip(&found.variants).enumerate().map(|(v, (one, report))| {
        let differences = report.all().map(|(scope, _)| {
            let mut row = place(study, scope);
            row.insert("difference".to_owned(), json!(found.difference(v, scope)));
            Value::Object(row)
        });
        let mut watch = place(study, &one.watch);
        watch.insert("plan".to_owned(), json!(found.plan.of(&one.watch)));
        watch.insert("variant".to_owned(), json!(report.of(&one.watch)));
        watch.insert("difference".to_owned(), json!(found.difference(v, &one.watch)));
        json!({
            "name": one.name,
            "answer": super::table::answer(study, found, v),
            "watch": watch,
            "figures": figures(study, report),
            "differences": differences.collect::<Vec<_>>(),
        })
    });
    let plan = &found.plan;
    let all = json!({
        "title": study.title,
        "seed": study.run.seed,
        "replications": plan.replications,
        "calls": plan.calls + found.variants.iter().map(|one| one.calls).sum::<u64>(),
        "confidence": plan.confidence,
        "ended": plan.ended,
        "service_levels": promises(study),
        "figures": figures(study, plan),
        "compare": variants.collect::<Vec<_>>(),
    });
    format!("{all}\n")
}

pub(super) fn requirement(study: &Study, found: &Requirement) -> String {
    let rows = study.scenario.groups.iter().enumerate().flat_map(|(g, group)| {
        (0..study.scenario.intervals).map(move |i| {
            let mut row = place(study, &Scope { of: Of::Group(g), intervals: i..i + 1 });
            row.insert("group".to_owned(), json!(group.name));
            row.insert("people_first".to_owned(), json!(found.first.get(g).and_then(|row| row.get(i))));
            row.insert("people".to_owned(), json!(found.people.get(g).and_then(|row| row.get(i))));
            let marginal = found.marginal.get(g).and_then(|row| row.get(i));
            row.insert("calls_in_time_by_one_more".to_owned(), json!(marginal));
            Value::Object(row)
        })
    });
    let missed =
        found.missed.iter().map(|(k, i)| Value::Object(place(study, &Scope::call_type(*k, *i..i + 1))));
    let all = json!({
        "title": study.title,
        "seed": study.run.seed,
        "replications": found.report.replications,
        "service_levels": promises(study),
        "requirement": rows.collect::<Vec<_>>(),
        "missed": missed.collect::<Vec<_>>(),
        "figures": figures(study, &found.report),
    });
    format!("{all}\n")
}

fn promises(study: &Study) -> Vec<Value> {
    let one = |one: &simulator::CallType| {
        let promise = one.service_level;
        json!({
            "call_type": one.name,
            "within_s": promise.within_s,
            "target": promise.target,
            "definition": promise.definition,
        })
    };
    study.scenario.call_types.iter().map(one).collect()
}

fn figures(study: &Study, report: &Report) -> Vec<Value> {
    let one = |(scope, figures)| {
        let mut row = place(study, scope);
        row.insert("figures".to_owned(), json!(figures));
        Value::Object(row)
    };
    report.all().map(one).collect()
}

/// What a row is of, and when.
fn place(study: &Study, scope: &Scope) -> Map<String, Value> {
    let (kind, name) = match scope.of {
        Of::Centre => ("centre", ""),
        Of::CallType(k) => {
            ("call_type", study.scenario.call_types.get(k).map_or("", |one| one.name.as_str()))
        }
        Of::Group(g) => ("group", study.scenario.groups.get(g).map_or("", |one| one.name.as_str())),
    };
    let mut row = Map::new();
    row.insert("of".to_owned(), json!(kind));
    row.insert("name".to_owned(), json!(name));
    row.insert("from".to_owned(), json!(super::table::time(study, scope.intervals.start)));
    row.insert("to".to_owned(), json!(super::table::time(study, scope.intervals.end)));
    row
}
