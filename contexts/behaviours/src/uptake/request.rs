//! What an address asks of the uptake map and of the gaps.

use std::collections::BTreeSet;

use conversations::api::ConversationFilter;
use kernel::{Day, Scope, UnitId};
use messages::Text;
use people::api::{LineOfBusinessId, Lookup, QueueId, UnitKind};
use ui::{Choice, FilterBar, Href};
use uuid::Uuid;

use super::{By, Slice, Window};
use crate::texts;

/// Spans that the page offers, weeks.
pub(crate) const WEEKS: [u16; 5] = [1, 2, 4, 8, 12];
/// The span when none is asked for, weeks.
pub(crate) const WEEKS_DEFAULT: u16 = 4;
/// The order when none is asked for: by name.
const ORDER_DEFAULT: &str = "name";

/// Query keys of the map.
pub(crate) mod keys {
    pub const BY: &str = "by";
    pub const WEEKS: &str = "weeks";
    pub const TO: &str = "to";
    pub const SITE: &str = "site";
    pub const TEAM: &str = "team";
    pub const QUEUE: &str = "queue";
    pub const LINE: &str = "line_of_business";
    pub const SEARCH: &str = "q";
    pub const ORDER: &str = "order";
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Rows.
    pub by: By,
    /// The part of the roll-up.
    pub slice: Slice,
    /// The same narrowing for lists of conversations.
    pub rest: ConversationFilter,
    /// Only rows whose name contains this.
    pub search: String,
}

/// Kinds of rows that a scope gives whole: to an agent, a team's figure would be their own under another name.
pub(crate) fn offered(scope: &Scope) -> &'static [By] {
    if scope.is_everything() {
        &By::ALL
    } else if scope.unit_ids().is_empty() {
        &[By::Person]
    } else {
        &[By::Person, By::Team, By::Queue]
    }
}

impl Asked {
    /// Reads an address; what it does not say, or says wrongly, is as usual.
    pub fn read(here: &Href, scope: &Scope, lookup: &Lookup, today: Day) -> Asked {
        let id = |key: &str| here.value(key).and_then(|value| value.parse::<Uuid>().ok());
        let by = here
            .value(keys::BY)
            .and_then(By::parse)
            .filter(|by| offered(scope).contains(by))
            .unwrap_or_default();
        let weeks = here.value(keys::WEEKS).and_then(|n| n.parse().ok()).filter(|n| (1..=52).contains(n));
        // Up to and with the week of this day; by default the last full one.
        let end =
            here.value(keys::TO).and_then(Day::parse).map_or(today, |day| day.week().plus(7).min(today));
        let window = Window::trailing_weeks(end, weeks.unwrap_or(WEEKS_DEFAULT));
        let mut slice = Slice::new(scope.clone(), window);
        let mut rest = ConversationFilter::default();
        let (site, team) = (id(keys::SITE).map(UnitId), id(keys::TEAM).map(UnitId));
        let below = |unit: UnitId| lookup.units_below(unit);
        slice.teams = match (site, team) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(below(one)),
            (Some(site), Some(team)) => Some(&below(site) & &below(team)),
        };
        rest.sites.extend(site);
        rest.teams.extend(team);
        let (queue, line) = (id(keys::QUEUE).map(QueueId), id(keys::LINE).map(LineOfBusinessId));
        if queue.is_some() || line.is_some() {
            let all = lookup.queues().into_iter();
            let chosen = all.filter(|q| {
                queue.is_none_or(|id| q.id == id) && line.is_none_or(|id| q.line_of_business == Some(id))
            });
            let chosen: Vec<QueueId> = chosen.map(|queue| queue.id).collect();
            rest.queues.clone_from(&chosen);
            slice.queues = Some(chosen);
        }
        let search = here.value(keys::SEARCH).unwrap_or_default().trim().to_lowercase();
        Asked { by, slice, rest, search }
    }
}

/// The sites and teams that a scope reaches, as choices by their full names.
pub(crate) fn units_offered(scope: &Scope, lookup: &Lookup, kind: UnitKind) -> Vec<Choice> {
    let seen: BTreeSet<UnitId> = if scope.is_everything() {
        lookup.units().map(|unit| unit.id).collect()
    } else {
        scope.unit_ids().clone()
    };
    let chosen = lookup.units().filter(|unit| unit.kind == kind && seen.contains(&unit.id));
    let mut choices: Vec<Choice> = chosen
        .map(|unit| Choice::new(unit.id.to_string(), Text::verbatim(lookup.unit_label(unit.id))))
        .collect();
    choices.sort_by(|a, b| a.text.zh.cmp(&b.text.zh));
    choices
}

/// The filters of the map.
pub(crate) fn filters(scope: &Scope, lookup: &Lookup) -> FilterBar {
    let mut bar = FilterBar::new().search(keys::SEARCH, texts::name());
    let by = offered(scope).iter().map(|by| Choice::new(by.name(), by_text(*by))).collect::<Vec<_>>();
    let weeks = WEEKS.iter().map(|n| Choice::new(n.to_string(), texts::weeks(*n))).collect();
    let queues = lookup
        .queues()
        .into_iter()
        .map(|queue| Choice::new(queue.id.to_string(), Text::verbatim(queue.name.clone())));
    let lines = lookup.lines_of_business().into_iter();
    let lines = lines.map(|line| Choice::new(line.id.to_string(), Text::verbatim(line.name.clone())));
    let order =
        [(ORDER_DEFAULT, texts::name()), ("low", texts::lowest_first()), ("high", texts::highest_first())];
    let order = order.map(|(value, text)| Choice::new(value, text)).to_vec();
    if by.len() > 1 {
        bar = bar.choose(keys::BY, texts::rows_by(), by, By::default().name());
    }
    bar = bar.choose(keys::WEEKS, texts::span(), weeks, "4");
    let selects = [
        (keys::SITE, texts::site(), units_offered(scope, lookup, UnitKind::Site)),
        (keys::TEAM, texts::team(), units_offered(scope, lookup, UnitKind::Team)),
        (keys::QUEUE, texts::queue(), queues.collect()),
        (keys::LINE, texts::line_of_business(), lines.collect()),
    ];
    for (key, label, choices) in selects {
        if !choices.is_empty() {
            bar = bar.select(key, label, choices);
        }
    }
    bar.choose(keys::ORDER, texts::order(), order, ORDER_DEFAULT).day(keys::TO, texts::up_to_week_of())
}

/// What the rows are.
pub(crate) const fn by_text(by: By) -> Text {
    match by {
        By::Person => texts::person(),
        By::Team => texts::team(),
        By::Queue => texts::queue(),
        By::Centre => texts::everything(),
    }
}
