//! Everything behind a verdict as CSV: person, group, weeks, before, after, weight, difference.

use axum::extract::State as Service;
use kernel::{Day, Scope};
use people::api::Lookup;
use ui::{Cell, Column, Format, Table, Value};
use web::{Answer, Reader, Routes, api::Path};

use super::{RowOf, how::kept_of};
use crate::{
    Improvements, improvement::ImprovementId, permission::ImprovementsPermission as May, texts,
    view::seen_name,
};

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new().get("/improvements/{id}/verdicts/{look}/csv", May::View, export)
}

/// A row with the name as the reader may see it.
struct Line {
    name: Option<String>,
    row: RowOf,
}

fn lines(rows: Vec<RowOf>, lookup: &Lookup, scope: &Scope, today: Day) -> Vec<Line> {
    rows.into_iter().map(|row| Line { name: seen_name(lookup, scope, row.person, today), row }).collect()
}

async fn export(
    Service(service): Service<Improvements>,
    reader: Reader,
    Path((id, look)): Path<(ImprovementId, String)>,
) -> Answer {
    let card = service.card(&reader.scope, id).await?;
    let kept = kept_of(&card, &look)?;
    let rows = service.rows_behind(&card.improvement, &kept).await?;
    let (lookup, today) = (service.people().lookup().await?, service.today().await?);
    let lines = lines(rows, &lookup, &reader.scope, today);
    let count = |n: u64| Cell::count(n);
    let plan = kept.reading.plan;
    let (wanted, after) = (i32::from(plan.baseline_weeks), i32::from(plan.after_weeks));
    let before = format!("{} – {}", plan.selection_from.plus(-7 * wanted), plan.selection_from.plus(-1));
    let columns = vec![
        Column::new("person", texts::person(), |_, line: &Line| match &line.name {
            Some(name) => Cell::words(name),
            None => Cell::text(texts::somebody()),
        }),
        Column::new("group", texts::group(), |_, line: &Line| {
            Cell::text(if line.row.drilled { texts::drilled_side() } else { texts::compared_side() })
        }),
        Column::new("drill", texts::drill_week(), |_, line: &Line| Cell::day(Some(line.row.drill))),
        Column::new("before_weeks", texts::before_weeks(), move |_, _: &Line| Cell::words(before.clone())),
        Column::new("after_weeks", texts::after_days(), move |_, line: &Line| {
            let first = line.row.drill.plus(7);
            Cell::words(format!("{first} – {}", first.plus(7 * after - 1)))
        }),
        Column::figures("before_n", texts::before_n(), move |_, line: &Line| {
            count(line.row.before.applicable)
        }),
        Column::figures("before_shown", texts::before_shown(), move |_, line: &Line| {
            count(line.row.before.shown)
        }),
        Column::figures("after_n", texts::after_n(), move |_, line: &Line| count(line.row.after.applicable)),
        Column::figures("after_shown", texts::after_shown(), move |_, line: &Line| {
            count(line.row.after.shown)
        }),
        Column::figures("estimate", texts::estimate(), |_, line: &Line| {
            Cell::new(Value::Decimal(line.row.estimate, 6))
        }),
        Column::figures("baseline", texts::baseline_used(), |_, line: &Line| {
            Cell::new(Value::Decimal(line.row.baseline, 6))
        }),
        Column::new("modelled", texts::modelled(), |_, line: &Line| {
            Cell::new(Value::Flag(line.row.modelled))
        }),
        Column::figures("difference", texts::difference(), |_, line: &Line| {
            let after = line.row.after.rate();
            after.map_or_else(Cell::empty, |after| Cell::new(Value::Decimal(after - line.row.baseline, 6)))
        }),
        Column::figures("weight", texts::weight(), |_, line: &Line| {
            Cell::new(Value::Decimal(line.row.weight, 9))
        }),
    ];
    let table = Table::new("verdict", texts::proof(), columns, &lines);
    reader.export(&table, Format::Csv)
}
