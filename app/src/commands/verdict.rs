//! `lianbing verdict`.

use std::process::ExitCode;

use clap::Args;
use improvements::api::{ImprovementId, Kept};
use kernel::{Env, Scope};
use serde_json::json;

use crate::{
    config::Config,
    wiring::{Purpose, Services},
};

#[derive(Debug, Args)]
pub(crate) struct Verdict {
    /// Only this improvement
    #[arg(long, value_name = "ID")]
    improvement: Option<ImprovementId>,
    /// One JSON object instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: Config, args: Verdict) -> anyhow::Result<ExitCode> {
    super::must_exist(&config)?;
    let services = Services::open(&config, &Env::system(), Purpose::Own).await?;
    let service = &services.improvements;
    match args.improvement {
        Some(id) => service.read_some(&[id]).await?,
        None => service.read_all().await?,
    };
    let everything = Scope::everything();
    let ids: Vec<ImprovementId> = match args.improvement {
        Some(id) => vec![id],
        None => service.list(&everything).await?.iter().map(|one| one.id).collect(),
    };
    let mut cards = Vec::new();
    for id in ids {
        cards.push(service.card(&everything, id).await?);
    }
    if args.json {
        let all: Vec<_> = cards
            .iter()
            .map(|card| {
                let one = &card.improvement;
                let agreed = one.measure.after_weeks;
                let verdicts: Vec<_> = card.readings.iter().map(|kept| reading(kept, agreed)).collect();
                json!({ "id": one.id, "title": one.title, "state": one.state, "behaviour": one.measure.rule.name, "rule_version": one.measure.rule.version_n, "people": one.members.len(), "round": one.round, "after_weeks": agreed, "verdicts": verdicts })
            })
            .collect();
        super::print(&format!("{}\n", json!({ "improvements": all })))?;
        return Ok(ExitCode::SUCCESS);
    }
    let lines: Vec<String> = cards
        .iter()
        .flat_map(|card| {
            let one = &card.improvement;
            card.looks().map(move |kept| {
                let reading = &kept.reading;
                let is_agreed = kept.look == one.measure.after_weeks && reading.complete;
                let effect = reading.effect.map_or_else(
                    || "–".to_owned(),
                    |effect| {
                        format!(
                            "{:+.1} ({:+.1} – {:+.1})",
                            effect * 100.0,
                            reading.low * 100.0,
                            reading.high * 100.0
                        )
                    },
                );
                format!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{effect}\t{}\n",
                    one.id,
                    one.title,
                    one.state.name(),
                    kept.look,
                    if is_agreed { "agreed" } else { "so far" },
                    reading.outcome.name(),
                    if reading.more > 0 { reading.more.to_string() } else { String::new() }
                )
            })
        })
        .collect();
    if lines.is_empty() {
        eprintln!(
            "no verdicts yet: nobody was drilled for an improvement, or the first full week after it is not over"
        );
        return Ok(ExitCode::SUCCESS);
    }
    let head = "id\ttitle\tstate\tweeks after\tlook\tverdict\teffect in points (95 % interval)\tmore conversations needed\n";
    super::print(&format!("{head}{}", lines.concat()))?;
    Ok(ExitCode::SUCCESS)
}

fn reading(kept: &Kept, agreed: u16) -> serde_json::Value {
    let reading = &kept.reading;
    json!({
        "round": kept.round,
        "look": kept.look,
        "agreed": kept.look == agreed,
        "complete": reading.complete,
        "outcome": reading.outcome,
        "more_needed": reading.more,
        "effect": reading.effect,
        "low": reading.low,
        "high": reading.high,
        "standard_error": reading.standard_error,
        "degrees_of_freedom": reading.degrees_of_freedom,
        "drilled": reading.drilled,
        "compared": reading.compared,
        "plain": reading.plain,
        "notes": reading.notes,
        "weeks": { "selection_from": reading.plan.selection_from, "selection_to": reading.plan.selection_to, "baseline": reading.plan.baseline_weeks, "after": reading.plan.after_weeks, "last_full_week": reading.plan.now },
        "at": kept.at,
    })
}
