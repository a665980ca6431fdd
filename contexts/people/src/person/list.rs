//! The list of people: filters, sorting, paging, within what the reader may see.

use std::collections::BTreeSet;

use kernel::{Day, Scope, UnitId};
use store::{Ask, Db, Result, Sql, sql};

use crate::membership::TeamRole;
use crate::person::{PersonRow, store as table};

/// By what the list is sorted; ties by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeopleSort {
    /// By employee number.
    #[default]
    Number,
    /// By name.
    Name,
    /// By the name of the unit.
    Unit,
    /// By the first day of employment.
    EmployedFrom,
}

impl PeopleSort {
    /// The key in an address.
    pub const fn key(self) -> &'static str {
        match self {
            PeopleSort::Number => "number",
            PeopleSort::Name => "name",
            PeopleSort::Unit => "unit",
            PeopleSort::EmployedFrom => "employed_from",
        }
    }

    /// The sorting of a key.
    pub fn parse(key: &str) -> Option<PeopleSort> {
        [PeopleSort::Number, PeopleSort::Name, PeopleSort::Unit, PeopleSort::EmployedFrom]
            .into_iter()
            .find(|sort| sort.key() == key)
    }
}

/// Which people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeopleFilter {
    /// Part of the number or of the name.
    pub text: String,
    /// In one of these units on the day of the list; `None` for anywhere. Those below must be named too.
    pub units: Option<BTreeSet<UnitId>>,
    /// Leaders of a unit, or those who lead none.
    pub role: Option<TeamRole>,
    /// Employed on the day of the list, or not.
    pub employed: Option<bool>,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeoplePage {
    /// Its rows.
    pub rows: Vec<PersonRow>,
    /// Where the next page begins; `None` when there is none.
    pub next: Option<String>,
    /// How many people the filter finds in all.
    pub total: u64,
}

/// Characters of a search: a name is far shorter, and a longer one finds nothing.
const TEXT_CHARS_MAX: usize = 200;

/// Reads one page as of `day`, `limit` rows from the cursor `after` on.
pub(crate) async fn page(
    db: &Db,
    scope: &Scope,
    day: Day,
    filter: &PeopleFilter,
    (sort, descending): (PeopleSort, bool),
    after: Option<&str>,
    limit: usize,
) -> Result<PeoplePage> {
    let conditions = conditions(scope, day, filter);
    let total = db
        .count(sql!("SELECT COUNT(*) FROM {} WHERE {}", table::with_unit_on(day), conditions.clone()))
        .await?;
    let cursor = after.and_then(Cursor::parse);
    let beyond = cursor.map_or_else(|| Sql::new("1 = 1"), |cursor| beyond(sort, descending, cursor));
    let key = || Sql::new(column(sort));
    let way = || Sql::new(if descending { " DESC" } else { "" });
    let mut rows = db
        .all(
            sql!(
                "SELECT p.id, p.number, p.name, p.employed_from, p.employed_to, p.leaving_reason, p.version, m.unit, {} AS leads, {} AS sort_key FROM {} LEFT JOIN unit u ON u.id = m.unit WHERE {} AND {} ORDER BY {}{}, p.number{} LIMIT {}",
                leads(day), key(), table::with_unit_on(day), conditions, beyond, key(), way(), way(), limit + 1
            ),
            |row| {
                let role = if row.get::<bool>("leads")? { TeamRole::Leader } else { TeamRole::Member };
                let key = match sort {
                    PeopleSort::EmployedFrom => row.get::<i64>("sort_key")?.to_string(),
                    _ => row.get::<String>("sort_key")?,
                };
                Ok((key, PersonRow { person: table::map(row)?, unit: row.maybe_id("unit")?, role }))
            },
        )
        .await?;
    let next = store::cut_page(&mut rows, limit, |(key, row)| {
        Cursor { number: row.person.number.clone(), key: key.clone() }.write()
    });
    Ok(PeoplePage {
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        next,
        total: u64::try_from(total).unwrap_or_default(),
    })
}

fn column(sort: PeopleSort) -> &'static str {
    match sort {
        PeopleSort::Number => "p.number",
        PeopleSort::Name => "p.name",
        PeopleSort::Unit => "COALESCE(u.name, '')",
        PeopleSort::EmployedFrom => "COALESCE(p.employed_from, 0)",
    }
}

fn leads(day: Day) -> Sql {
    sql!(
        "(EXISTS (SELECT 1 FROM membership l WHERE l.person = p.id AND l.role = 'leader' AND l.from_day <= {} AND (l.to_day IS NULL OR l.to_day >= {})))",
        day,
        day
    )
}

fn conditions(scope: &Scope, day: Day, filter: &PeopleFilter) -> Sql {
    let mut all = vec![table::seen(scope)];
    let text: String = filter.text.trim().chars().take(TEXT_CHARS_MAX).collect();
    if !text.is_empty() {
        let like = format!("%{}%", escaped(&text.to_lowercase()));
        all.push(sql!(
            "LOWER(p.name) LIKE {} ESCAPE '!' OR LOWER(p.number) LIKE {} ESCAPE '!'",
            &like,
            &like
        ));
    }
    if let Some(units) = &filter.units {
        all.push(sql!("m.unit IN {}", units.iter().copied().collect::<Vec<_>>()));
    }
    match filter.role {
        Some(TeamRole::Leader) => all.push(leads(day)),
        Some(TeamRole::Member) => all.push(sql!("NOT {}", leads(day))),
        None => {}
    }
    let employed = || {
        sql!(
            "((p.employed_from IS NULL OR p.employed_from <= {}) AND (p.employed_to IS NULL OR p.employed_to >= {}))",
            day,
            day
        )
    };
    match filter.employed {
        Some(true) => all.push(employed()),
        Some(false) => all.push(sql!("NOT {}", employed())),
        None => {}
    }
    Sql::all_of(all)
}

/// The characters that `LIKE` reads specially, made plain.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect()
}

/// Whether a text is a cursor that [`page`] may have given out.
pub(crate) fn is_cursor(text: &str) -> bool {
    Cursor::parse(text).is_some()
}

/// The last row of the page before: its sort key and its number, which is unique.
struct Cursor {
    number: String,
    key: String,
}

impl Cursor {
    fn write(&self) -> String {
        serde_json::to_string(&(&self.number, &self.key)).unwrap_or_default()
    }

    /// A cursor that cannot be read begins at the front.
    fn parse(text: &str) -> Option<Cursor> {
        serde_json::from_str(text).ok().map(|(number, key)| Cursor { number, key })
    }
}

fn beyond(sort: PeopleSort, descending: bool, Cursor { number, key }: Cursor) -> Sql {
    let value = || match sort {
        PeopleSort::EmployedFrom => Sql::default().bind(key.parse::<i64>().unwrap_or_default()),
        _ => Sql::default().bind(&key),
    };
    let side = || Sql::new(if descending { " < " } else { " > " });
    let column = || Sql::new(column(sort));
    sql!(
        "({}{}{} OR ({} = {} AND p.number{}{}))",
        column(),
        side(),
        value(),
        column(),
        value(),
        side(),
        number
    )
}
