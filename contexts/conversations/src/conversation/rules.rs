//! What a conversation is, and the limits within which one is accepted: as `intake` reads it from files. Here is
//! what needs the calendar of a site.

pub use intake::conversation::{
    Began, Direction, NAME_CHARS_MAX, Record, RecordFacts, RecordTurn, Role, is_han,
};
use kernel::{BusinessDay, Time};

/// The moment of a beginning, at a site.
pub fn moment(began: Began, site: &BusinessDay) -> Option<Time> {
    match began {
        Began::At(at) => Some(at.into()),
        Began::Local(at) => Some(at.to_zoned(site.zone().clone()).ok()?.timestamp().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_by_the_clock_of_a_site() {
        let site = BusinessDay::default();
        let check = |text: &str, expected: &str| {
            let at = Began::parse(text).and_then(|began| moment(began, &site));
            assert_eq!(at.map(|at| at.to_string()).as_deref(), Some(expected), "{text}");
        };
        check("2026-03-02T09:15:00+08:00", "2026-03-02T01:15:00Z");
        check("2026-03-02 09:15", "2026-03-02T01:15:00Z");
        check("2026/3/2 9:15:07", "2026-03-02T01:15:07Z");
        check("2026-03-02", "2026-03-01T16:00:00Z");
    }
}
