//! What must hold for any bytes on the way from a file to a stored document: driven by the tests with damaged files.
//! What must hold of the reading alone is in `intake::fuzzing`, which the fuzz targets drive.

use crate::{
    conversation::document::Document,
    import::{
        prepare::{PreparedChunk, prepare},
        rules::Defaults,
        source::{Format, Source},
    },
    mask::mask,
};

/// Reads bytes as JSON lines.
pub fn jsonl(data: &[u8]) {
    check(data, Format::Jsonl);
}

/// Reads bytes as CSV.
pub fn csv(data: &[u8]) {
    check(data, Format::Csv);
}

fn check(data: &[u8], format: Format) {
    let defaults = Defaults { source: Some("fuzz".to_owned()), ..Defaults::default() };
    let Ok(mut source) = Source::open(data, Some(format), "fuzz") else { return };
    let mut line = 0;
    while let Ok(Some(chunk)) = source.next_chunk() {
        assert!(chunk.lines >= line, "lines only grow");
        line = chunk.lines;
        if let Ok(prepared) = prepare(chunk, &defaults) {
            hold(&prepared);
        }
    }
}

fn hold(prepared: &PreparedChunk) {
    for good in &prepared.good {
        assert!(
            !good.facts.external_id.is_empty() && !good.facts.source.is_empty(),
            "an identity is never empty"
        );
        let document = Document::read(&good.body);
        assert!(
            document.as_ref().is_ok_and(|document| document.turns.len() == good.turn_count),
            "a document reads back"
        );
        for turn in document.iter().flat_map(|document| &document.turns) {
            assert!(!turn.text.contains('\0'), "no NUL goes in");
            assert_eq!(
                mask(&turn.text).chars().count(),
                turn.text.chars().count(),
                "masking keeps positions"
            );
        }
    }
    for rejection in &prepared.rejected {
        assert!(rejection.line > 0 && !rejection.raw.contains('\0'), "a rejection has its place");
    }
}
