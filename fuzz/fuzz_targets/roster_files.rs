//! Roster instances of every format, with a roster (or, for a team, a table of its requirement) after a line of dashes: the
//! engine reads the one, the checker both.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rostercheck::Format;

fuzz_target!(|text: &str| {
    let (instance, output) = text.split_once("\n---\n").unwrap_or((text, "{\"assignments\": []}"));
    let _ = roster::formats::centre::read(instance);
    let _ = roster::formats::shift_scheduling::read(instance);
    let _ = roster::formats::retail::read(instance);
    let _ = roster::formats::team::read(instance, Some(output));
    if let Ok(team) = roster::formats::team::read(instance, None) {
        let _ = roster::formats::team::read_roster(&team, output);
    }
    for format in [Format::Centre, Format::ShiftScheduling, Format::Retail] {
        let _ = rostercheck::check(format, instance, output);
    }
});
