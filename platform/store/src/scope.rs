//! A reader's scope as a condition.

use kernel::Scope;

use crate::{Sql, sql};

/// The condition under which a reader may see a row, given the columns that hold its unit and its person.
/// Pass `None` for the person's column where rows belong to units alone.
pub fn visible(scope: &Scope, unit_column: &'static str, person_column: Option<&'static str>) -> Sql {
    if scope.is_everything() {
        return Sql::new("1 = 1");
    }
    let units: Vec<_> = scope.unit_ids().iter().copied().collect();
    let by_unit = (!units.is_empty()).then(|| Sql::new(unit_column).bind(sql!(" IN {}", units)));
    let by_person = person_column
        .zip(scope.person())
        .map(|(column, person)| Sql::new(column).bind(sql!(" = {}", person)));
    match (by_unit, by_person) {
        (Some(units), Some(person)) => sql!("({} OR {})", units, person),
        // Alone, so that an index on the column serves it.
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Sql::new("1 = 0"),
    }
}
