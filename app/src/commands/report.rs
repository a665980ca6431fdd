//! `lianbing uptake` and `lianbing gaps`.

use std::process::ExitCode;

use behaviours::api::{By, Slice, Subject};
use clap::Args;
use kernel::{Env, Scope};
use people::api::Lookup;
use serde_json::json;

use crate::{
    config::Config,
    wiring::{Purpose, Services},
};

#[derive(Debug, Args)]
pub(crate) struct Uptake {
    /// One row a person, team, queue, or for the whole centre
    #[arg(long, default_value = "person", value_parser = |text: &str| By::parse(text).ok_or("it must be person, team, queue or centre"))]
    by: By,
    /// Full weeks before this one
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=520))]
    weeks: u16,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Gaps {
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) async fn uptake(config: Config, args: Uptake) -> anyhow::Result<ExitCode> {
    super::must_exist(&config)?;
    let services = Services::open(&config, &Env::system(), Purpose::Own).await?;
    let behaviours = &services.behaviours;
    let window = behaviours.trailing(args.weeks).await?;
    let map = behaviours.uptake_map(&Slice::new(Scope::everything(), window), args.by).await?;
    let (lookup, set) = (services.people.lookup().await?, behaviours.live().await?);
    let names: Vec<&str> = map
        .behaviours
        .iter()
        .map(|id| set.behaviours.get(id).map_or("", |live| live.name.as_str()))
        .collect();
    let rows = map.rows.iter().flat_map(|row| {
        row.cells
            .iter()
            .zip(&names)
            .filter_map(|(cell, name)| cell.as_ref().map(|cell| (row.subject, *name, cell)))
    });
    if args.json {
        let cells: Vec<_> = rows
            .map(|(subject, behaviour, cell)| {
                let (code, label) = label(&lookup, subject);
                json!({ "subject": code, "name": label, "behaviour": behaviour, "shown": cell.shown, "applicable": cell.applicable, "uptake": cell.uptake, "low": cell.low, "high": cell.high, "estimate": cell.estimate, "small": cell.small })
            })
            .collect();
        super::print(&format!(
            "{}\n",
            json!({ "from": window.from, "to": window.to, "by": args.by, "cells": cells })
        ))?;
    } else {
        let lines: Vec<String> = rows
            .map(|(subject, behaviour, cell)| {
                let (code, label) = label(&lookup, subject);
                format!(
                    "{code}\t{label}\t{behaviour}\t{:.1} %\t{}\t{:.1}–{:.1} %\n",
                    cell.uptake * 100.0,
                    cell.applicable,
                    cell.low * 100.0,
                    cell.high * 100.0
                )
            })
            .collect();
        let head = "code\tname\tbehaviour\tuptake\tn\t95 % interval\n";
        table(
            &format!("{} – {}", window.from, window.to),
            head,
            &lines,
            "no conversations with a date in these weeks",
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn gaps(config: Config, args: Gaps) -> anyhow::Result<ExitCode> {
    super::must_exist(&config)?;
    let services = Services::open(&config, &Env::system(), Purpose::Own).await?;
    let behaviours = &services.behaviours;
    let gaps = behaviours.gaps(&Scope::everything(), behaviours.today().await?).await?;
    let (lookup, set) = (services.people.lookup().await?, behaviours.live().await?);
    let name = |id| set.behaviours.get(&id).map_or("", |live| live.name.as_str());
    if args.json {
        let gaps: Vec<_> = gaps
            .iter()
            .map(|gap| {
                let (code, label) = label(&lookup, gap.subject);
                json!({ "subject": code, "name": label, "behaviour": name(gap.behaviour), "shown": gap.shown, "applicable": gap.applicable, "uptake": gap.uptake, "low": gap.low, "high": gap.high, "estimate": gap.estimate, "target": gap.target, "q": gap.q, "impact": gap.impact })
            })
            .collect();
        super::print(&format!("{}\n", json!({ "gaps": gaps })))?;
    } else {
        let lines: Vec<String> = gaps
            .iter()
            .map(|gap| {
                let (code, label) = label(&lookup, gap.subject);
                let q = if gap.q < 0.0001 { "< 0.0001".to_owned() } else { format!("{:.4}", gap.q) };
                format!(
                    "{code}\t{label}\t{}\t{:.1} %\t{:.0} %\t{}\t{q}\t{:.1}\n",
                    name(gap.behaviour),
                    gap.uptake * 100.0,
                    gap.target * 100.0,
                    gap.applicable,
                    gap.impact
                )
            })
            .collect();
        let window = behaviours.trailing(behaviours::api::GAP_WEEKS).await?;
        let head = "code\tname\tbehaviour\tuptake\ttarget\tn\tq\tmore a week at target\n";
        table(&format!("{} – {}", window.from, window.to), head, &lines, "nobody is surely below target")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The period, the heads and the lines of a table, or why there are none.
fn table(period: &str, head: &str, lines: &[String], none: &str) -> anyhow::Result<()> {
    eprintln!("{period}");
    if lines.is_empty() {
        eprintln!("{none}");
        return Ok(());
    }
    super::print(&format!("{head}{}", lines.concat()))
}

/// The stable code and the name of a subject.
fn label(lookup: &Lookup, subject: Subject) -> (String, String) {
    match subject {
        Subject::Person(id) => {
            lookup.person(id).map(|person| (person.number.clone(), person.name.clone())).unwrap_or_default()
        }
        Subject::Team(id) => {
            lookup.unit(id).map(|unit| (unit.code.clone(), unit.name.clone())).unwrap_or_default()
        }
        Subject::Queue(id) => {
            lookup.queue(id).map(|queue| (queue.name.clone(), queue.name.clone())).unwrap_or_default()
        }
        Subject::Centre => ("centre".to_owned(), String::new()),
    }
}
