//! The rules engine: behaviours written as sentences, inspected in conversations.
//!
//! A rule file states what a behaviour looks like in words (`docs/rules.md` teaches the language). The crate
//! turns rule text into a [`RuleSet`] once, and a [`RuleSet`] answers for each conversation which behaviours
//! were applicable, which were shown, and which characters of which turns say so.
//!
//! It is pure computing: no files, no clock, no network, no randomness. The same rules over the same
//! conversation give the same answer on every machine.
//!
//! The way through the crate: [`lex`] → [`parse`] → [`ast`] → [`check`](mod@check) (meaning) → [`compile`] → [`evaluate`], with
//! [`format`](mod@format) beside it for the editor, and [`naive`] as a second, plain evaluator which tests hold against the
//! first one.

pub mod ast;
pub mod check;
mod compile;
mod conversation;
pub mod diagnose;
mod evaluate;
pub mod fold;
pub mod format;
mod fuzz;
pub mod lex;
pub mod likeness;
pub mod limits;
pub mod naive;
mod outcome;
pub mod pack;
pub mod parse;
mod patterns;
mod program;
mod rule_set;
mod spelled;
pub mod syllables;

pub use ast::{Bilingual, Mode};
pub use check::{check, check_sources};
pub use conversation::{Conversation, FieldValue, Role, Turn};
pub use diagnose::{Diagnostic, Severity};
pub use evaluate::Scratch;
pub use format::format;
pub use fuzz::fuzz_rule_text;
pub use outcome::{Evidence, EvidenceKind, Inspection, Observation, Occasion};
pub use pack::Source;
pub use rule_set::{BehaviourInfo, Highlight, RuleSet};
