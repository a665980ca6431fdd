//! What a person's record must satisfy. Pure.

use crate::error::Invalid;
use crate::person::PersonDraft;
use crate::texts;
use crate::words::{code, name};

/// A level of a skill: 1 beginner to 5 teaches others.
pub const LEVELS: std::ops::RangeInclusive<u8> = 1..=5;

/// Checks a draft; it comes back tidied.
///
/// # Errors
/// Every field that is wrong, with what to do.
pub fn check(draft: &PersonDraft) -> Result<PersonDraft, Invalid> {
    let mut wrong = Invalid::default();
    let reason = draft.leaving_reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let tidy = PersonDraft {
        number: wrong.take("number", code(&draft.number)).unwrap_or_default(),
        name: wrong.take("name", name(&draft.name)).unwrap_or_default(),
        leaving_reason: reason.and_then(|reason| wrong.take("leaving_reason", name(reason))),
        ..draft.clone()
    };
    if let (Some(from), Some(to)) = (tidy.employed_from, tidy.employed_to)
        && to < from
    {
        wrong.add("employed_to", texts::ends_before_it_begins(&to.to_string(), &from.to_string()));
    }
    if tidy.leaving_reason.is_some() && tidy.employed_to.is_none() {
        wrong.add("employed_to", texts::reason_needs_last_day());
    }
    wrong.or(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Day;

    #[test]
    fn drafts_are_tidied_or_refused_field_by_field() {
        let draft = |number: &str, name: &str, from: Option<i32>, to: Option<i32>, reason: Option<&str>| {
            PersonDraft {
                number: number.into(),
                name: name.into(),
                employed_from: from.map(Day),
                employed_to: to.map(Day),
                leaving_reason: reason.map(str::to_owned),
                ..PersonDraft::default()
            }
        };
        let check = |draft: PersonDraft, expected: &[&str]| {
            let wrong = super::check(&draft).err().unwrap_or_default();
            assert_eq!(
                wrong.0.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(),
                expected,
                "{draft:?}"
            );
        };
        check(draft(" 1001 ", "李明", None, None, None), &[]);
        check(draft("", " ", None, None, None), &["number", "name"]);
        check(draft("1001", &"长".repeat(201), None, None, None), &["name"]);
        check(draft(&"9".repeat(101), "李明", None, None, None), &["number"]);
        check(draft("1001", "李明", Some(10), Some(9), None), &["employed_to"]);
        check(draft("1001", "李明", Some(10), Some(10), Some("转岗")), &[]);
        check(draft("1001", "李明", Some(10), None, Some("转岗")), &["employed_to"]);
        assert_eq!(
            super::check(&draft(" 10\u{0}01 ", " 李明\n", None, None, Some(" "))).unwrap().number,
            "1001"
        );
    }
}
