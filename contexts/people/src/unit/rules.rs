//! Which shapes the unit tree may take. Pure.

use std::collections::{BTreeSet, HashMap};

use kernel::{BusinessDay, UnitId};

use crate::error::Invalid;
use crate::texts;
use crate::unit::{Unit, UnitDraft, UnitKind};
use crate::words::{code, name};

/// Levels of the tree, the organisation included: more than any centre has, and few enough that walking up
/// is always short.
pub const DEPTH_MAX: usize = 10;

/// All units by id.
pub type Tree = HashMap<UnitId, Unit>;

/// From the root down to a unit, itself included; empty for an unknown id. A cycle, which the rules refuse,
/// would end the walk at [`DEPTH_MAX`].
pub fn path(tree: &Tree, id: UnitId) -> Vec<&Unit> {
    let mut path: Vec<&Unit> =
        std::iter::successors(tree.get(&id), |unit| unit.parent.and_then(|parent| tree.get(&parent)))
            .take(DEPTH_MAX)
            .collect();
    path.reverse();
    path
}

/// Units and all units below them, themselves included.
pub fn with_below(tree: &Tree, units: &BTreeSet<UnitId>) -> BTreeSet<UnitId> {
    let below =
        tree.keys().filter(|id| path(tree, **id).iter().any(|unit| units.contains(&unit.id))).copied();
    units.iter().copied().chain(below).collect()
}

/// Checks a unit before it is added (`id` is `None`) or edited; the draft comes back tidied.
///
/// # Errors
/// Every field that is wrong, with what to do.
pub fn check(tree: &Tree, id: Option<UnitId>, draft: &UnitDraft) -> Result<UnitDraft, Invalid> {
    let mut wrong = Invalid::default();
    let tidy = UnitDraft {
        parent: draft.parent,
        kind: draft.kind,
        code: wrong.take("code", code(&draft.code)).unwrap_or_default(),
        name: wrong.take("name", name(&draft.name)).unwrap_or_default(),
        zone: draft.zone.as_deref().map(str::trim).filter(|zone| !zone.is_empty()).map(str::to_owned),
    };
    if let Some(zone) = &tidy.zone {
        if tidy.kind == UnitKind::Team {
            wrong.add("zone", texts::zone_belongs_to_site());
        } else if BusinessDay::in_zone(zone).is_none() {
            wrong.add("zone", texts::zone_unknown(zone));
        }
    }
    if tree.values().any(|other| other.code == tidy.code && Some(other.id) != id) {
        wrong.add("code", texts::code_taken(&tidy.code));
    }
    if let Some(text) = misplaced(tree, id, &tidy) {
        wrong.add("parent", text);
    }
    wrong.or(tidy)
}

fn misplaced(tree: &Tree, id: Option<UnitId>, draft: &UnitDraft) -> Option<messages::Text> {
    let Some(parent) = draft.parent else {
        let is_root = tree.values().all(|unit| unit.parent.is_some() || Some(unit.id) == id);
        return (draft.kind != UnitKind::Organisation || !is_root).then(texts::parent_missing);
    };
    let Some(above) = tree.get(&parent) else { return Some(texts::parent_missing()) };
    let fits = match draft.kind {
        UnitKind::Organisation => false,
        UnitKind::Site => above.kind == UnitKind::Organisation,
        UnitKind::Team => true,
    };
    if !fits {
        return Some(texts::parent_kind());
    }
    let up = path(tree, parent);
    if up.iter().any(|unit| Some(unit.id) == id) {
        return Some(texts::parent_cycle(&above.name));
    }
    let below = id.map_or(0, |id| height(tree, id));
    (up.len() + 1 + below > DEPTH_MAX).then(|| texts::tree_too_deep(DEPTH_MAX))
}

/// Levels below a unit.
fn height(tree: &Tree, id: UnitId) -> usize {
    let own = path(tree, id).len();
    tree.keys()
        .map(|other| path(tree, *other))
        .filter(|up| up.iter().any(|unit| unit.id == id))
        .map(|up| up.len().saturating_sub(own))
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn unit(n: u128, parent: Option<u128>, kind: UnitKind) -> Unit {
        Unit {
            id: id(n),
            parent: parent.map(id),
            kind,
            code: format!("u{n}"),
            name: format!("单元{n}"),
            zone: None,
            closed_from: None,
            version: 1,
        }
    }

    fn tree(units: &[(u128, Option<u128>, UnitKind)]) -> Tree {
        units.iter().map(|(n, parent, kind)| (id(*n), unit(*n, *parent, *kind))).collect()
    }

    fn draft(parent: Option<u128>, kind: UnitKind) -> UnitDraft {
        UnitDraft {
            parent: parent.map(id), kind, code: " 新 ".into(), name: " 新班组 ".into(), zone: None
        }
    }

    #[test]
    fn units_go_where_they_belong() {
        use UnitKind::{Organisation, Site, Team};
        let tree =
            tree(&[(1, None, Organisation), (2, Some(1), Site), (3, Some(2), Team), (4, Some(3), Team)]);
        let check = |id: Option<u128>, draft: UnitDraft, expected: &[&str]| {
            let fields: Vec<String> = super::check(&tree, id.map(self::id), &draft)
                .err()
                .map(|wrong| wrong.0.into_iter().map(|(field, _)| field).collect())
                .unwrap_or_default();
            assert_eq!(fields, expected, "{draft:?}");
        };
        check(None, draft(Some(1), Site), &[]);
        check(None, draft(Some(2), Team), &[]);
        check(None, draft(Some(4), Team), &[]);
        check(None, draft(Some(1), Team), &[]);
        check(None, draft(Some(2), Site), &["parent"]);
        check(None, draft(Some(9), Team), &["parent"]);
        check(None, draft(None, Team), &["parent"]);
        check(None, draft(None, Organisation), &["parent"]);
        check(Some(3), draft(Some(4), Team), &["parent"]);
        check(Some(3), draft(Some(3), Team), &["parent"]);
        check(Some(4), draft(Some(2), Team), &[]);
        check(None, UnitDraft { code: "u3".into(), ..draft(Some(2), Team) }, &["code"]);
        check(Some(3), UnitDraft { code: "u3".into(), ..draft(Some(2), Team) }, &[]);
        check(None, UnitDraft { name: " ".into(), ..draft(Some(2), Team) }, &["name"]);
        check(None, UnitDraft { zone: Some("Mars/Base".into()), ..draft(Some(1), Site) }, &["zone"]);
        check(None, UnitDraft { zone: Some("Asia/Urumqi".into()), ..draft(Some(1), Site) }, &[]);
        check(None, UnitDraft { zone: Some("Asia/Urumqi".into()), ..draft(Some(2), Team) }, &["zone"]);
    }

    proptest! {
        /// However units are moved about, whatever the rules let pass leaves a tree: every walk upwards ends
        /// at the organisation.
        #[test]
        fn no_edit_makes_a_cycle(moves in prop::collection::vec((2u128..14, 1u128..14), 1..60)) {
            let mut tree = tree(&[(1, None, UnitKind::Organisation)]);
            for n in 2..14 {
                tree.insert(id(n), unit(n, Some(1), UnitKind::Team));
            }
            for (n, parent) in moves {
                let held = tree[&id(n)].clone();
                let wanted = UnitDraft {
                    parent: Some(id(parent)), kind: held.kind, code: held.code.clone(), name: held.name.clone(), zone: None,
                };
                if check(&tree, Some(id(n)), &wanted).is_ok() {
                    tree.insert(id(n), Unit { parent: Some(id(parent)), ..held });
                }
            }
            for n in 1..14 {
                let up = path(&tree, id(n));
                prop_assert_eq!(up.first().map(|unit| unit.id), Some(id(1)));
                prop_assert!(up.len() <= DEPTH_MAX);
            }
            prop_assert_eq!(with_below(&tree, &BTreeSet::from([id(1)])).len(), 13);
        }
    }
}
