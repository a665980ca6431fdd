//! What authors are told: every kind of mistake with line and column.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

mod common;

use common::{rules, scenarios};

/// The example of the documentation with one text in place of another.
fn with(old: &str, new: &str) -> String {
    let (_, text) = scenarios().pop().unwrap();
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

fn said(text: &str) -> String {
    let all: Vec<String> =
        rehearsal::check("x.toml", text, rules()).iter().map(ToString::to_string).collect();
    all.join("\n")
}

#[test]
fn every_kind_of_mistake_is_told_with_its_place() {
    let exit = "[[beats.exits]]\nto = \"date\"\nfacts = [\"number\"]";
    let cases = [
        ("not TOML", with("turns = 10", "turns = = 10")),
        ("unknown key", with("turns = 10", "turns = 10\ntruns = 10")),
        ("missing key", with("turns = 10\n", "")),
        ("another kind", with("turns = 10", "turns = \"ten\"")),
        ("out of bounds", with("turns = 10", "turns = 99")),
        ("unknown word", with("difficulty = \"easy\"", "difficulty = \"esay\"")),
        ("bad name", with("name = \"late_parcel\"", "name = \"Late parcel!\"")),
        ("control character", with("who = \"A father", "who = \"A\\u0007 father")),
        ("empty text", with("need = \"To know for sure that it comes before Saturday\"", "need = \"\"")),
        ("bands of mood overlap", with("mood = 40\n", "mood = 40\ncalm_from = 20\n")),
        ("two phrasings", with("silence = [\"Hello?\", ", "silence = [")),
        ("the same phrasing twice", with("\"Are you there?\"", "\"Hello?\"")),
        (
            "unknown behaviour",
            with("behaviour = \"acknowledge_feeling\"", "behaviour = \"acknowledge_feelings\""),
        ),
        (
            "must on a prohibition",
            with(
                "kind = \"must\"\nbehaviour = \"acknowledge_feeling\"",
                "kind = \"must\"\nbehaviour = \"no_blame\"",
            ),
        ),
        ("never on what is to be shown", with("kind = \"must\"\nbehaviour", "kind = \"never\"\nbehaviour")),
        ("unknown move", with("revealed_by = [\"ask_number\"]", "revealed_by = [\"ask_numbre\"]")),
        ("a fact that no move reveals", with("revealed_by = [\"ask_number\"]\n", "")),
        ("the same name twice", with("name = \"promise\"", "name = \"explain\"")),
        ("nearly the same example", with("\"Is that all for today?\"", "\"Which number is on the slip!\"")),
        (
            "few examples",
            with(
                "  \"Is there anything else I can do?\", \"Anything further I can help with?\", \"Do you need something more from us?\",\n  \"Was there another question?\",",
                "  ",
            ),
        ),
        ("unused move", with("mood = 2\n", "")),
        ("unreachable beat", with("to = \"date\"", "to = \"complaint\"")),
        ("dead end", with("[[beats.exits]]\nending = \"solved\"\nmoves = [\"promise\"]\n", "")),
        ("only hanging up", with("ending = \"solved\"\nmoves", "ending = \"hang_up\"\nmoves")),
        ("exit without condition", with(exit, "[[beats.exits]]\nto = \"date\"")),
        ("exit to two places", with(exit, "[[beats.exits]]\nto = \"date\"\nending = \"solved\"")),
        (
            "impossible mood",
            with(exit, "[[beats.exits]]\nto = \"date\"\nmood_at_least = 70\nmood_below = 60"),
        ),
        ("unknown ending", with("ending = \"solved\"", "ending = \"escalated\"")),
        ("no way to hang up", with("[endings.hang_up]", "[endings.compromise]")),
        (
            "hanging up is worth much",
            with("[endings.hang_up]\noutcome = 0", "[endings.hang_up]\noutcome = 50"),
        ),
        ("item that judges nothing", with("move = \"promise\"\nweight", "weight")),
        ("a window for a behaviour", with("area = \"feeling\"\n", "area = \"feeling\"\nwithin = 3\n")),
        ("a kind of test is missing", with("kind = \"silent\"", "kind = \"off_topic\"")),
        ("reciting may pass", with("passes = false\nprocess = [0, 50]", "passes = true\nprocess = [0, 50]")),
        ("band upside down", with("total = [85, 100]", "total = [100, 85]")),
        (
            "reciting may score",
            with(
                "feeling = [0, 80]\noutcome = [0, 0]\ntotal = [0, 40]",
                "feeling = [0, 80]\noutcome = [0, 0]\ntotal = [0, 70]",
            ),
        ),
        (
            "several at once",
            with("turns = 10", "turns = 99")
                .replace("calm from", "")
                .replace("to = \"date\"", "to = \"dat\""),
        ),
    ];
    let told: Vec<String> = cases.iter().map(|(name, text)| format!("# {name}\n{}\n", said(text))).collect();
    for (case, told) in cases.iter().zip(&told) {
        assert!(told.contains("x.toml:"), "nothing is said about: {}", case.0);
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let text = "#".repeat(rehearsal::limits::FILE_MAX_BYTES + 1);
    assert_eq!(said(&text), "x.toml:1:1: error: the file has 524289 bytes\n  expected: at most 524288");
}

#[test]
fn no_more_is_told_than_anybody_reads() {
    let keys: Vec<String> = (0..500).map(|n| format!("key_{n} = {n}")).collect();
    let text = keys.join("\n");
    let told = rehearsal::check("", &text, rules());
    assert_eq!(told.len(), rehearsal::limits::DIAGNOSTICS_MAX);
}
