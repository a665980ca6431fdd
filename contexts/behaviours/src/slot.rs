//! What was found in a conversation, on its page: marks with reasons, and what applied and was shown.

use std::sync::Arc;

use conversations::api::{Conversation, ConversationSlot, Highlight};
use futures::future::BoxFuture;
use inspection::{EvidenceKind, Inspection, Observation, Scratch};
use maud::{Markup, html};
use messages::Text;
use ui::{Check, CheckAnswer, Href, MarkKind, Panel, Tone};
use web::{Fail, Reader};

use crate::{Behaviours, behaviour::Live, inspect::Prepared, permission::BehavioursPermission as May, texts};

/// Fills the page of a conversation. The live rules run on this one conversation: what is stored keeps no
/// reasons, and a page must show them as the rules are now.
pub(crate) struct Slot(pub Behaviours);

/// The mark of a kind of evidence.
pub(crate) const fn mark_kind(kind: EvidenceKind) -> MarkKind {
    match kind {
        EvidenceKind::Applies => MarkKind::Applies,
        EvidenceKind::Shown => MarkKind::Shown,
        EvidenceKind::Breach => MarkKind::Breach,
    }
}

impl ConversationSlot for Slot {
    fn highlights<'a>(
        &'a self,
        reader: &'a Reader,
        conversation: &'a Conversation,
    ) -> BoxFuture<'a, Result<Vec<Highlight>, Fail>> {
        Box::pin(async move {
            if !reader.can(May::View) {
                return Ok(Vec::new());
            }
            let (set, lookup) = (self.0.live().await?, self.0.people().lookup().await?);
            let prepared = Prepared::new(conversation, &lookup);
            let found = set.rules.highlights(&prepared.conversation(), &mut Scratch::default());
            let marks = found.into_iter().filter_map(|found| {
                Some(Highlight {
                    turn: found.turn as usize,
                    start: found.start as usize,
                    end: found.end as usize,
                    label: set.at(found.behaviour)?.title.clone(),
                    reason: Text::verbatim(found.reason),
                    kind: mark_kind(found.kind),
                })
            });
            Ok(marks.collect())
        })
    }

    fn panels<'a>(
        &'a self,
        reader: &'a Reader,
        conversation: &'a Conversation,
    ) -> BoxFuture<'a, Result<Vec<Panel>, Fail>> {
        Box::pin(async move {
            if !reader.can(May::View) {
                return Ok(Vec::new());
            }
            let (set, lookup) = (self.0.live().await?, self.0.people().lookup().await?);
            let found = {
                let prepared = Prepared::new(conversation, &lookup);
                set.rules.inspect(&prepared.conversation(), &mut Scratch::default())
            };
            let body = self.panel(reader, conversation, &set, &found).await?;
            Ok(vec![Panel { id: "behaviours", title: texts::behaviours(), body }])
        })
    }
}

impl Slot {
    async fn panel(
        &self,
        reader: &Reader,
        conversation: &Conversation,
        set: &Arc<crate::rule_set::LiveSet>,
        found: &Inspection,
    ) -> Result<Markup, Fail> {
        let row = &conversation.row;
        let may_review = reader.scope_of(May::Review).allows(row.team, row.person);
        let own = match (may_review, reader.signed_in()) {
            (true, Some(actor)) => self.0.own_reviews(row.id, actor.account).await?,
            _ => std::collections::BTreeMap::new(),
        };
        let asked = asked_for(&reader.cx.here);
        let mut items: Vec<Check> = found
            .observations()
            .iter()
            .filter(|observation| observation.applicable)
            .filter_map(|observation| {
                let live = set.at(observation.behaviour)?;
                let said = own.get(&(live.id, live.n)).copied();
                let answers = if may_review { answers(reader, live, row.id, said) } else { Vec::new() };
                let is_asked_for = asked == Some(live.name.as_str());
                Some(Check { is_asked_for, answers, ..finding(reader, live, observation) })
            })
            .collect();
        // What the reader came for, then what was missed.
        items.sort_by_key(|item| (!item.is_asked_for, item.tone != Tone::Bad));
        let others = set.behaviours.len().saturating_sub(items.len());
        let cx = &reader.cx;
        Ok(html! {
            @if items.is_empty() { p { (cx.t(texts::nothing_applied())) } } @else { (ui::checks(cx, &items)) }
            @if others > 0 { p.note { (cx.t(texts::others_did_not_apply(others))) } }
        })
    }
}

/// The anchor of a behaviour on the page of a conversation.
pub(crate) fn anchor(name: &str) -> String {
    format!("behaviour-{name}")
}

/// The behaviour whose figure led here: the address of the page keeps the selection of the list it came from.
fn asked_for(here: &Href) -> Option<&str> {
    let (kind, argument) = here.value("selection")?.split_once(':')?;
    (kind == "behaviour").then(|| argument.split(':').next()).flatten()
}

fn finding(reader: &Reader, live: &Live, observation: &Observation) -> Check {
    let cx = &reader.cx;
    let (tone, outcome) =
        if observation.shown { (Tone::Good, texts::shown()) } else { (Tone::Bad, texts::missed()) };
    let of = || texts::shown_of(&cx.count(observation.shown_occasions), &cx.count(observation.occasions));
    Check {
        id: anchor(&live.name),
        title: live.title.clone(),
        href: Href::new("/behaviours").segment(&live.name),
        tone,
        outcome,
        note: (observation.occasions > 1).then(of),
        is_asked_for: false,
        answers: Vec::new(),
    }
}

fn answers(
    reader: &Reader,
    live: &Live,
    conversation: conversations::api::ConversationId,
    said: Option<bool>,
) -> Vec<CheckAnswer> {
    let answer = |right: bool, text: Text, key: &'static str| CheckAnswer {
        text,
        key,
        is_given: said == Some(right),
        action: Href::new("/behaviours").segment(&live.name).segment("reviews"),
        hidden: vec![
            ("conversation", conversation.to_string()),
            ("verdict", if right { "right" } else { "wrong" }.to_owned()),
            ("return", reader.cx.here.to_string()),
        ],
    };
    vec![answer(true, texts::judged_right(), "y"), answer(false, texts::judged_wrong(), "x")]
}
