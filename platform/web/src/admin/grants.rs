//! Grants in a form: each row gives a role over one place.

use std::collections::{BTreeMap, BTreeSet};

use identity::{Grant, Reach};
use kernel::UnitId;
use maud::{Markup, html};
use messages::Text;
use ui::{Choice, Cx, Field, FieldErrors, Form, Values};

use super::{reach_text, texts};
use crate::Platform;

/// Rows that a form may carry: more than any account has, few enough to read.
const ROWS_MAX: usize = 200;
/// Empty rows after the filled ones.
const ROWS_SPARE: usize = 2;

fn role_field(row: usize) -> String {
    format!("role-{row}")
}

fn where_field(row: usize) -> String {
    format!("where-{row}")
}

/// The rows that show these grants.
pub(super) fn write(grants: &[Grant]) -> Values {
    let places = |grant: &Grant| {
        let wide = (grant.reach != Reach::Units).then(|| grant.reach.name().to_owned());
        wide.into_iter()
            .chain(grant.units.iter().map(UnitId::to_string))
            .map(|place| (grant.role.clone(), place))
            .collect::<Vec<_>>()
    };
    let rows = grants.iter().flat_map(places).enumerate();
    rows.fold(Values::default(), |values, (row, (role, place))| {
        values.with(&role_field(row), role).with(&where_field(row), place)
    })
}

/// The grants that the rows say, one for each role: over everything if any of its rows says so, else over its
/// units, else over one's own. What cannot be read is added to `errors`.
pub(super) fn read(values: &Values, errors: &mut FieldErrors) -> Vec<Grant> {
    let mut grants: BTreeMap<&str, Grant> = BTreeMap::new();
    for row in 0..ROWS_MAX {
        let (role_name, where_name) = (role_field(row), where_field(row));
        let (role, place) = match (values.filled(&role_name), values.filled(&where_name)) {
            (None, None) => continue,
            (None, Some(_)) => {
                errors.add(role_name, texts::grant_role_missing());
                continue;
            }
            (Some(_), None) => {
                errors.add(where_name, texts::grant_where_missing());
                continue;
            }
            (Some(role), Some(place)) => (role, place),
        };
        let (reach, unit) = match (Reach::parse(place), place.parse::<UnitId>()) {
            (Some(reach), _) if reach != Reach::Units => (reach, None),
            (None, Ok(unit)) => (Reach::Units, Some(unit)),
            _ => {
                errors.add(where_name, texts::grant_where_bad(place));
                continue;
            }
        };
        let grant = grants.entry(role).or_insert_with(|| Grant {
            role: role.to_owned(),
            reach,
            units: BTreeSet::new(),
        });
        grant.reach = grant.reach.max(reach);
        grant.units.extend(unit);
    }
    grants.into_values().collect()
}

/// The fields of all rows: those with something in them and a few empty ones.
pub(super) async fn fields(platform: &Platform, values: &Values) -> store::Result<Vec<Field>> {
    let roles: Vec<Choice> = platform
        .identity()
        .roles()
        .await?
        .into_iter()
        .map(|role| Choice::new(role.name, role.title))
        .collect();
    let places = places(platform, values);
    let filled = (0..ROWS_MAX).rev().find(|row| {
        values.filled(&role_field(*row)).is_some() || values.filled(&where_field(*row)).is_some()
    });
    let rows = filled.map_or(0, |last| last + 1) + ROWS_SPARE;
    Ok((0..rows.min(ROWS_MAX))
        .flat_map(|row| {
            [
                Field::select(&role_field(row), texts::grant_role(row + 1), roles.clone()),
                Field::select(&where_field(row), texts::grant_where(row + 1), places.clone()),
            ]
        })
        .collect())
}

/// Everything, every unit, one's own; and any unit that a row names but nobody knows any more.
fn places(platform: &Platform, values: &Values) -> Vec<Choice> {
    let reach = |reach: Reach| Choice::new(reach.name(), reach_text(reach));
    let units = platform.settings().places.units();
    let known: BTreeSet<String> = units.iter().map(|(id, _)| id.to_string()).collect();
    let mut places = vec![reach(Reach::Own), reach(Reach::Everything)];
    places.extend(units.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)));
    let typed: BTreeSet<String> =
        (0..ROWS_MAX).filter_map(|row| values.filled(&where_field(row)).map(str::to_owned)).collect();
    let unknown = typed.into_iter().filter(|place| !known.contains(place) && place.parse::<UnitId>().is_ok());
    places.extend(unknown.map(|place| Choice::new(place.clone(), Text::verbatim(place))));
    places
}

/// The rows, role beside place.
pub(super) fn view(cx: &Cx, form: &Form<'_>, fields: &[Field]) -> Markup {
    html! {
        p { (cx.t(texts::grants_lead())) }
        @for row in fields.chunks(2) {
            (ui::grid(&row.iter().map(|field| ui::field(cx, form, field)).collect::<Vec<_>>()))
        }
    }
}

/// Grants in words, for comparing two versions.
pub(super) fn words(
    cx: &Cx,
    platform: &Platform,
    titles: &BTreeMap<String, Text>,
    grants: &[Grant],
) -> String {
    let units: BTreeMap<UnitId, Text> = platform.settings().places.units().into_iter().collect();
    let line = |grant: &Grant| {
        let role = titles.get(&grant.role).map_or(grant.role.as_str(), |title| cx.tr(title));
        let wide = (grant.reach != Reach::Units).then(|| cx.t(reach_text(grant.reach)).into_owned());
        let named = grant
            .units
            .iter()
            .map(|unit| units.get(unit).map_or_else(|| unit.to_string(), |name| cx.tr(name).to_owned()));
        format!("{role}: {}", wide.into_iter().chain(named).collect::<Vec<_>>().join(", "))
    };
    grants.iter().map(line).collect::<Vec<_>>().join("; ")
}
