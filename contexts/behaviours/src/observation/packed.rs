//! Observations of one conversation in one row: small, versioned, never trusted when read.
//!
//! Layout: a version byte; the people concerned (varint count, then 16 bytes for the person and 16 for the
//! team they were in on that day, zero for none); then for each behaviour that
//! applied: its place in the rule set, its flags, and per person the occasions; then the evidence. All numbers
//! are LEB128 varints. A conversation in which nothing applied is three bytes.

use kernel::{PersonId, UnitId};
use uuid::Uuid;

/// The version of the layout.
const VERSION: u8 = 1;
/// People in one conversation: transfers are few.
const PEOPLE_MAX: u64 = 64;
/// Behaviours in one rule set.
const BEHAVIOURS_MAX: u64 = 10_000;
/// Evidence kept for one behaviour in one conversation: enough to find the place again.
pub const EVIDENCE_MAX: usize = 32;

/// What was seen of one behaviour in one conversation. Behaviours that did not apply are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its place among the members of the rule set.
    pub member: u32,
    /// Whether it was shown, by the behaviour's own mode, over all its occasions.
    pub shown: bool,
    /// By person; one entry with no person where nobody is known.
    pub people: Vec<SeenOf>,
    /// Where, shortened to [`EVIDENCE_MAX`].
    pub evidence: Vec<Evidence>,
}

/// Whose conversation it was: the person, and the team they were in on that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Who {
    /// The person; `None` where the conversation names nobody.
    pub person: Option<PersonId>,
    /// Their team on that day; `None` where they had none.
    pub team: Option<UnitId>,
}

/// What one person did of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenOf {
    /// Who.
    pub who: Who,
    /// Occasions that were theirs.
    pub occasions: u32,
    /// Of these, where it was shown.
    pub shown_occasions: u32,
    /// Whether it counts as shown for them, by the behaviour's mode.
    pub shown: bool,
}

/// A place in the conversation that proves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// What it proves.
    pub kind: EvidenceKind,
    /// The turn, from 0, system turns included.
    pub turn: u32,
    /// First character, in Unicode scalar values of the turn's text.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
}

/// What a place proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// That the behaviour was called for.
    Applies,
    /// That it was shown.
    Shown,
    /// That a prohibition was broken.
    Breach,
}

impl EvidenceKind {
    /// The stable name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            EvidenceKind::Applies => "applies",
            EvidenceKind::Shown => "shown",
            EvidenceKind::Breach => "breach",
        }
    }
}

/// A row that is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored observations of this conversation cannot be read; inspect it again")]
pub struct Unreadable;

/// Packs what was seen.
pub fn pack(seen: &[Seen]) -> Vec<u8> {
    let mut people: Vec<Who> = seen.iter().flat_map(|seen| seen.people.iter().map(|of| of.who)).collect();
    people.sort_unstable();
    people.dedup();
    let mut out = vec![VERSION];
    put(&mut out, people.len() as u64);
    for who in &people {
        out.extend_from_slice(who.person.map_or(Uuid::nil(), Uuid::from).as_bytes());
        out.extend_from_slice(who.team.map_or(Uuid::nil(), Uuid::from).as_bytes());
    }
    put(&mut out, seen.len() as u64);
    for seen in seen {
        put(&mut out, u64::from(seen.member));
        put(&mut out, u64::from(seen.shown));
        put(&mut out, seen.people.len() as u64);
        for of in &seen.people {
            let place = people.binary_search(&of.who).unwrap_or_default();
            put(&mut out, (place as u64) << 1 | u64::from(of.shown));
            put(&mut out, u64::from(of.occasions));
            put(&mut out, u64::from(of.shown_occasions));
        }
        let evidence = seen.evidence.get(..EVIDENCE_MAX).unwrap_or(&seen.evidence);
        put(&mut out, evidence.len() as u64);
        for place in evidence {
            put(&mut out, u64::from(place.turn) << 2 | place.kind as u64);
            put(&mut out, u64::from(place.start));
            put(&mut out, u64::from(place.end.saturating_sub(place.start)));
        }
    }
    out
}

/// Unpacks a row.
///
/// # Errors
/// [`Unreadable`] for anything [`pack`] did not make.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Seen>, Unreadable> {
    let (version, mut rest) = bytes.split_first().ok_or(Unreadable)?;
    if *version != VERSION {
        return Err(Unreadable);
    }
    let rest = &mut rest;
    let people = (0..take_up_to(rest, PEOPLE_MAX)?).map(|_| take_who(rest)).collect::<Result<Vec<_>, _>>()?;
    let n = take_up_to(rest, BEHAVIOURS_MAX)?;
    let seen = (0..n).map(|_| take_seen(rest, &people)).collect::<Result<Vec<_>, _>>()?;
    if rest.is_empty() { Ok(seen) } else { Err(Unreadable) }
}

fn take_seen(rest: &mut &[u8], people: &[Who]) -> Result<Seen, Unreadable> {
    let member = take_u32(rest)?;
    let shown = take(rest)? == 1;
    let n = take_up_to(rest, PEOPLE_MAX)?;
    let of = (0..n).map(|_| take_of(rest, people)).collect::<Result<Vec<_>, _>>()?;
    let n = take_up_to(rest, EVIDENCE_MAX as u64)?;
    let evidence = (0..n).map(|_| take_evidence(rest)).collect::<Result<Vec<_>, _>>()?;
    Ok(Seen { member, shown, people: of, evidence })
}

fn take_of(rest: &mut &[u8], people: &[Who]) -> Result<SeenOf, Unreadable> {
    let head = take(rest)?;
    let place = usize::try_from(head >> 1).map_err(|_| Unreadable)?;
    let who = *people.get(place).ok_or(Unreadable)?;
    Ok(SeenOf { who, occasions: take_u32(rest)?, shown_occasions: take_u32(rest)?, shown: head & 1 == 1 })
}

fn take_evidence(rest: &mut &[u8]) -> Result<Evidence, Unreadable> {
    let head = take(rest)?;
    let kind = match head & 3 {
        0 => EvidenceKind::Applies,
        1 => EvidenceKind::Shown,
        2 => EvidenceKind::Breach,
        _ => return Err(Unreadable),
    };
    let turn = u32::try_from(head >> 2).map_err(|_| Unreadable)?;
    let start = take_u32(rest)?;
    let end = start.checked_add(take_u32(rest)?).ok_or(Unreadable)?;
    Ok(Evidence { kind, turn, start, end })
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn take(rest: &mut &[u8]) -> Result<u64, Unreadable> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, tail) = rest.split_first().ok_or(Unreadable)?;
        *rest = tail;
        value |= u64::from(byte & 0x7f).checked_shl(shift).ok_or(Unreadable)?;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Unreadable)
}

fn take_up_to(rest: &mut &[u8], max: u64) -> Result<u64, Unreadable> {
    take(rest).and_then(|n| if n <= max { Ok(n) } else { Err(Unreadable) })
}

fn take_u32(rest: &mut &[u8]) -> Result<u32, Unreadable> {
    u32::try_from(take(rest)?).map_err(|_| Unreadable)
}

fn take_who(rest: &mut &[u8]) -> Result<Who, Unreadable> {
    Ok(Who { person: take_id(rest)?.map(PersonId), team: take_id(rest)?.map(UnitId) })
}

fn take_id(rest: &mut &[u8]) -> Result<Option<Uuid>, Unreadable> {
    let (bytes, tail) = rest.split_at_checked(16).ok_or(Unreadable)?;
    *rest = tail;
    Uuid::from_slice(bytes).map(|id| Some(id).filter(|id| !id.is_nil())).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen() -> impl Strategy<Value = Seen> {
        let person = proptest::option::of((1_u128..5).prop_map(|n| PersonId(Uuid::from_u128(n))));
        let team = proptest::option::of((1_u128..3).prop_map(|n| UnitId(Uuid::from_u128(n))));
        let of = (person, team, any::<u32>(), any::<u32>(), any::<bool>()).prop_map(
            |(person, team, occasions, shown_occasions, shown)| SeenOf {
                who: Who { person, team },
                occasions,
                shown_occasions,
                shown,
            },
        );
        let kind =
            prop_oneof![Just(EvidenceKind::Applies), Just(EvidenceKind::Shown), Just(EvidenceKind::Breach)];
        let place = (kind, any::<u32>(), 0_u32..1_000_000, 0_u32..100_000)
            .prop_map(|(kind, turn, start, length)| Evidence { kind, turn, start, end: start + length });
        (
            any::<u32>(),
            any::<bool>(),
            proptest::collection::vec(of, 0..4),
            proptest::collection::vec(place, 0..EVIDENCE_MAX),
        )
            .prop_map(|(member, shown, people, evidence)| Seen { member, shown, people, evidence })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(all in proptest::collection::vec(seen(), 0..8)) {
            prop_assert_eq!(unpack(&pack(&all)), Ok(all));
        }

        #[test]
        fn anything_else_is_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack(&bytes);
        }
    }

    #[test]
    fn nothing_is_small() {
        assert_eq!(pack(&[]).len(), 3);
        assert_eq!(unpack(&[]), Err(Unreadable));
        assert_eq!(unpack(&[9, 0, 0]), Err(Unreadable));
    }
}
