//! The drill board: every cycle from its topic to what live conversations say.

use std::collections::BTreeMap;

use axum::extract::State as Service;
use drills::api::{Topic, TopicFilter};
use kernel::Day;
use maud::html;
use ui::{Cell, Column, Cx, Empty, Href, Icon, Page, Table, TableState, Tone};
use web::{Answer, Reader, Routes};

use super::{Kept, LOOKS};
use crate::{
    Improvements,
    improvement::{Improvement, ImprovementId, service::of_origin},
    permission::ImprovementsPermission as May,
    texts,
    view::{href, look_text, outcome_tone, person_name, signed, state_tone},
};

/// Cycles on one page.
const ROWS: usize = 100;

pub(crate) fn routes() -> Routes<Improvements> {
    Routes::new().get("/drill-board", May::View, page)
}

/// One cycle.
struct Line {
    topic: Topic,
    /// The day on which the topic was opened.
    opened: Day,
    is_overdue: bool,
    improvement: Option<Improvement>,
    supervisor: String,
    readings: Vec<Kept>,
}

impl Line {
    /// The reading of a look in the round that the topic belongs to: the newest, or the last of those before.
    fn at(&self, look: u16) -> Option<&Kept> {
        let improvement = self.improvement.as_ref()?;
        let is_newest = self.opened >= improvement.round_from;
        let of_round = |kept: &&Kept| kept.look == look && (kept.round == improvement.round) == is_newest;
        self.readings.iter().filter(of_round).max_by_key(|kept| kept.round)
    }
}

async fn page(Service(service): Service<Improvements>, reader: Reader) -> Answer {
    let (lookup, today) = (service.people().lookup().await?, service.today().await?);
    let topics = service.drills().topics(&reader.scope, &TopicFilter::default()).await?;
    let of: BTreeMap<ImprovementId, Improvement> =
        service.list(&reader.scope).await?.into_iter().map(|one| (one.id, one)).collect();
    let ids: Vec<ImprovementId> = of.keys().copied().collect();
    let readings = super::store::of(service.db(), &ids).await?;
    let calendar = lookup.organisation_day();
    let line = |topic: Topic| {
        let id = topic.origin.as_ref().and_then(of_origin);
        let improvement = id.and_then(|id| of.get(&id)).cloned();
        Line {
            opened: calendar.of(topic.at),
            is_overdue: topic.is_overdue(today),
            supervisor: improvement
                .as_ref()
                .map(|one| person_name(&lookup, one.supervisor))
                .unwrap_or_default(),
            readings: id.and_then(|id| readings.get(&id)).cloned().unwrap_or_default(),
            improvement,
            topic,
        }
    };
    let lines: Vec<Line> = topics.into_iter().map(line).collect();
    let state = TableState::read(&reader.cx.here, &[]);
    let total = lines.len();
    let begin = state.after.as_deref().and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let all = state.format.is_some();
    let shown: Vec<Line> = if all { lines } else { lines.into_iter().skip(begin).take(ROWS).collect() };
    let next = (!all && begin + shown.len() < total).then(|| (begin + ROWS).to_string());
    let table = table(&shown, &state, total as u64, next, today);
    if let Some(format) = state.format {
        return reader.export(&table, format);
    }
    let body = html! { (ui::table(&reader.cx, &table)) };
    Ok(reader.page(&Page::new(texts::drill_board(), body).lead(texts::drill_board_lead())))
}

fn look_cell(cx: &Cx, line: &Line, look: u16) -> Cell {
    let Some(improvement) = &line.improvement else { return Cell::empty() };
    let Some(kept) = line.at(look) else { return Cell::empty() };
    let is_agreed = look == improvement.measure.after_weeks;
    let cell = Cell::text(texts::outcome(kept.reading.outcome));
    let cell = if is_agreed && kept.reading.complete {
        cell.badge(outcome_tone(kept.reading.outcome))
    } else {
        cell.greyed(true)
    };
    match kept.reading.effect {
        Some(effect) => cell.note(signed(cx, effect)),
        None => cell,
    }
}

fn table<'r>(
    lines: &'r [Line],
    state: &TableState,
    total: u64,
    next: Option<String>,
    today: Day,
) -> Table<'r, Line> {
    let mut columns = vec![
        Column::new("topic", texts::topic(), |_, line: &Line| Cell::words(&line.topic.title)).wraps(),
        Column::new("progress", texts::progress(), |_, line: &Line| {
            let all = line.topic.people.len() + line.topic.hidden;
            Cell::text(texts::drilled_of(line.topic.drilled(), all))
        }),
    ];
    for look in LOOKS {
        let key = ["w1", "w2", "w4", "w8"][LOOKS.iter().position(|held| *held == look).unwrap_or_default()];
        columns.push(
            Column::new(key, texts::look_weeks(look), move |cx, line: &Line| look_cell(cx, line, look))
                .hint(look_text(look)),
        );
    }
    columns.extend([
        Column::new("improvement", texts::improvement(), |_, line: &Line| match &line.improvement {
            Some(one) => Cell::text(texts::state(one.state)).badge(state_tone(one.state)).link(href(one.id)),
            None => Cell::text(texts::no_improvement()).greyed(true),
        }),
        Column::new("overdue", texts::overdue_step(), move |_, line: &Line| {
            if line.is_overdue {
                let all = line.topic.people.len() + line.topic.hidden;
                return if line.topic.drilled() == all {
                    Cell::text(texts::topic_to_finish()).badge(Tone::Warn)
                } else {
                    Cell::text(texts::topic_overdue()).badge(Tone::Bad)
                };
            }
            match &line.improvement {
                Some(one) if one.is_overdue(today) => {
                    Cell::text(texts::overdue()).badge(Tone::Bad).note(line.supervisor.clone())
                }
                _ => Cell::empty(),
            }
        }),
        Column::new("period", texts::period(), |cx, line: &Line| {
            Cell::words(format!("{} – {}", cx.day_short(line.topic.from), cx.day_short(line.topic.to)))
        }),
    ]);
    Table::new("drill-board", texts::drill_board(), columns, lines)
        .state(state.clone())
        .total(total)
        .next(next)
        .row_href(|line: &Line| drills::api::topic_href(line.topic.id))
        .empty(
            Empty::new(Icon::Drill, texts::no_cycles(), texts::no_cycles_hint())
                .action(texts::improvements(), Href::new("/improvements")),
        )
        .exports()
}
