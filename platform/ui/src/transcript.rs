//! A conversation as turns, with what was found in it marked where it was said.

use maud::{Markup, html};
use messages::Text;

use crate::{Cx, texts};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TurnRole {
    /// The customer.
    Customer,
    /// The agent.
    Agent,
    /// The system: menus, transfers. Never counted as a turn of talk.
    System,
}

impl TurnRole {
    const fn class(self) -> &'static str {
        match self {
            TurnRole::Customer => "customer",
            TurnRole::Agent => "agent",
            TurnRole::System => "system",
        }
    }

    /// The role's label.
    pub const fn text(self) -> Text {
        match self {
            TurnRole::Customer => texts::role_customer(),
            TurnRole::Agent => texts::role_agent(),
            TurnRole::System => texts::role_system(),
        }
    }
}

/// What a mark says about the words under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkKind {
    /// Found by the reader's search.
    Search,
    /// An occasion: the behaviour applies here.
    Applies,
    /// The behaviour was shown.
    Shown,
    /// A prohibition was broken.
    Breach,
}

impl MarkKind {
    /// All of them, in the order of the legend.
    pub const ALL: [MarkKind; 4] = [MarkKind::Applies, MarkKind::Shown, MarkKind::Breach, MarkKind::Search];

    const fn class(self) -> &'static str {
        match self {
            MarkKind::Search => "search",
            MarkKind::Applies => "applies",
            MarkKind::Shown => "shown",
            MarkKind::Breach => "breach",
        }
    }

    /// A sign beside the colour.
    const fn sign(self) -> &'static str {
        match self {
            MarkKind::Search => "⌕",
            MarkKind::Applies => "◇",
            MarkKind::Shown => "✔",
            MarkKind::Breach => "✘",
        }
    }

    /// Its label.
    pub const fn text(self) -> Text {
        match self {
            MarkKind::Search => texts::mark_search(),
            MarkKind::Applies => texts::mark_applies(),
            MarkKind::Shown => texts::mark_shown(),
            MarkKind::Breach => texts::mark_breach(),
        }
    }
}

/// Words that are marked, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The first character, counted in Unicode scalar values from the beginning of the turn's text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// What it says.
    pub kind: MarkKind,
    /// The behaviour or rule it belongs to.
    pub label: String,
    /// Why it matched.
    pub reason: String,
}

/// One turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Its number in the conversation, from 0: the anchor is `turn-0`.
    pub index: usize,
    /// Who speaks.
    pub role: TurnRole,
    /// The speaker's name, where it is known.
    pub speaker: Option<String>,
    /// When it begins, milliseconds from the beginning of the conversation.
    pub at_ms: Option<i64>,
    /// What was said, already masked for this reader.
    pub text: String,
    /// What is marked; marks may overlap and lie beyond the text's end (then they are cut).
    pub marks: Vec<Mark>,
}

/// The turns of a conversation, with a legend of the marks in it.
pub fn transcript(cx: &Cx, turns: &[Turn]) -> Markup {
    let used = |kind: MarkKind| turns.iter().any(|turn| turn.marks.iter().any(|mark| mark.kind == kind));
    html! {
        div.transcript {
            @if turns.iter().any(|turn| !turn.marks.is_empty()) {
                ul.legend aria-label=(cx.t(texts::mark_legend())) {
                    @for kind in MarkKind::ALL {
                        @if used(kind) {
                            li { span.mark-key.(kind.class()) { span aria-hidden="true" { (kind.sign()) } " " (cx.t(kind.text())) } }
                        }
                    }
                }
            }
            ol.turns aria-label=(cx.t(texts::transcript())) {
                @for turn in turns { (turn_markup(cx, turn)) }
            }
        }
    }
}

fn turn_markup(cx: &Cx, turn: &Turn) -> Markup {
    let role = cx.t(turn.role.text());
    html! {
        li.turn.(turn.role.class()) id={ "turn-" (turn.index) } {
            div.turn-who {
                strong { (role) }
                @if let Some(speaker) = &turn.speaker { span { (speaker) } }
                a.turn-at href={ "#turn-" (turn.index) } {
                    span.sr { (cx.t(texts::turn_number(turn.index + 1))) " " }
                    @match turn.at_ms { Some(ms) => (cx.duration(ms / 1000)), None => { "#" (turn.index + 1) } }
                }
            }
            p.turn-text { (marked(cx, &turn.text, &turn.marks)) }
        }
    }
}

/// Words with their marks: cut where any mark begins or ends, each piece under the marks that cover it.
/// The weightiest kind gives the colour; every reason is in the tooltip and read out.
pub fn marked(cx: &Cx, text: &str, marks: &[Mark]) -> Markup {
    // Where each character begins in bytes, and the end.
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let length = offsets.len() - 1;
    let mut cuts: Vec<usize> =
        marks.iter().flat_map(|mark| [mark.start, mark.end]).map(|at| at.min(length)).collect();
    cuts.extend([0, length]);
    cuts.sort_unstable();
    cuts.dedup();
    let pieces = cuts.iter().zip(cuts.iter().skip(1)).filter_map(|(start, end)| {
        let words = text.get(*offsets.get(*start)?..*offsets.get(*end)?)?;
        let over: Vec<&Mark> = marks.iter().filter(|mark| mark.start <= *start && mark.end >= *end).collect();
        Some((*start, words, over))
    });
    html! {
        @for (start, words, over) in pieces {
            @match over.iter().max_by_key(|mark| mark.kind) {
                None => (words),
                Some(top) => {
                    @let reason = reasons(cx, &over);
                    mark.(top.kind.class()) title=(reason) tabindex="0" data-mark=(top.label) {
                        // A mark cut by another shows its sign once, where it begins.
                        @if top.start == start { span.mark-sign aria-hidden="true" { (top.kind.sign()) } }
                        (words)
                        span.sr { " (" (reason) ")" }
                    }
                }
            }
        }
    }
}

fn reasons(cx: &Cx, over: &[&Mark]) -> String {
    let lines: Vec<String> = over
        .iter()
        .map(|mark| {
            let kind = cx.t(mark.kind.text());
            let colon = cx.t(texts::colon());
            let reason = if mark.reason.is_empty() { String::new() } else { format!(" — {}", mark.reason) };
            format!("{kind}{colon}{}{reason}", mark.label)
        })
        .collect();
    lines.join("\n")
}
