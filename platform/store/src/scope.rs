//! A reader's scope as a condition.

use kernel::Scope;

use crate::{Sql, sql};

/// The condition under which a reader may see a row, given the columns that hold its unit and its person.
/// Pass `None` for the person's column where rows belong to units alone.
pub fn visible(scope: &Scope, unit_column: &'static str, person_column: Option<&'static str>) -> Sql {
    if scope.is_everything() {
        return Sql::new("1 = 1");
    }
    let mut condition = Sql::new("(1 = 0");
    if !scope.unit_ids().is_empty() {
        let units: Vec<_> = scope.unit_ids().iter().copied().collect();
        condition = condition.push(" OR ").push(unit_column).bind(sql!(" IN {}", units));
    }
    if let (Some(column), Some(person)) = (person_column, scope.person()) {
        condition = condition.push(" OR ").push(column).bind(sql!(" = {}", person));
    }
    condition.push(")")
}
