//! What a fuzzer drives: any bytes as rule text.

use crate::conversation::{Conversation, Role, Turn};
use crate::evaluate::Scratch;
use crate::pack::Source;
use crate::rule_set::RuleSet;

/// Reads any bytes as rule text, formats what parses, compiles what is right, and inspects a conversation with it.
///
/// # Panics
/// When formatting does not settle at once or changes whether the text is right: that is what the fuzzer looks for.
pub fn fuzz_rule_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(once) = crate::format::format(&text) {
        let twice = crate::format::format(&once);
        assert_eq!(twice.as_ref(), Ok(&once), "formatting must settle at once");
    }
    let Ok(rules) = RuleSet::compile(&[Source { name: "", text: &text }]) else { return };
    let turn = |role, text| Turn { role, participant: None, start_ms: None, end_ms: None, text };
    let turns = [
        turn(Role::Customer, "我要投诉 complain 13812345678"),
        turn(Role::Agent, &text),
        turn(Role::Agent, "抱歉"),
    ];
    let conversation = Conversation { turns: &turns, fields: &[] };
    let _ = rules.inspect(&conversation, &mut Scratch::default());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Damaged rule files, so that the body of the fuzz target runs in every test run.
    #[test]
    fn damaged_rule_files_are_survived() {
        let page = include_str!("../../../docs/rules.md");
        let bytes = page.as_bytes();
        for start in (0..bytes.len()).step_by(997) {
            let mut piece = bytes[start..(start + 700).min(bytes.len())].to_vec();
            fuzz_rule_text(&piece);
            for at in (0..piece.len()).step_by(61) {
                piece[at] = piece[at].wrapping_mul(31).wrapping_add(7);
            }
            fuzz_rule_text(&piece);
        }
        for example in page.split("```rules\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            for cut in (0..example.len()).step_by(13) {
                fuzz_rule_text(&example.as_bytes()[..cut]);
            }
        }
    }
}
