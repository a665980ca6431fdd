//! What was found in a conversation, on its page: marks with reasons, and what applied and was shown.

use std::sync::Arc;

use conversations::api::{Conversation, ConversationSlot, Highlight};
use futures::future::BoxFuture;
use inspection::{EvidenceKind, Inspection, Observation, Scratch};
use maud::{Markup, html};
use messages::Text;
use ui::{Href, MarkKind, Panel, Tone, Weight};
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
        let items: Vec<(Text, Markup)> = found
            .observations()
            .iter()
            .filter(|observation| observation.applicable)
            .filter_map(|observation| {
                let live = set.at(observation.behaviour)?;
                let said = own.get(&(live.id, live.n)).copied();
                let verdict = html! {
                    (finding(reader, live, observation))
                    @if may_review { (verdict_buttons(reader, live, row.id, said)) }
                };
                Some((live.title.clone(), verdict))
            })
            .collect();
        let others = set.behaviours.len().saturating_sub(items.len());
        let cx = &reader.cx;
        Ok(html! {
            @if items.is_empty() { p { (cx.t(texts::nothing_applied())) } } @else { (ui::facts(cx, &items)) }
            p { (cx.t(texts::others_did_not_apply(others))) }
        })
    }
}

fn finding(reader: &Reader, live: &Live, observation: &Observation) -> Markup {
    let cx = &reader.cx;
    let (tone, words) = if observation.shown { (Tone::Good, texts::shown()) } else { (Tone::Bad, texts::missed()) };
    let of = texts::shown_of(&cx.count(observation.shown_occasions), &cx.count(observation.occasions));
    html! {
        a href=(Href::new("/behaviours").segment(&live.name)) { (ui::badge(tone, &cx.t(words))) }
        " " small { (cx.t(of)) }
    }
}

fn verdict_buttons(
    reader: &Reader,
    live: &Live,
    conversation: conversations::api::ConversationId,
    said: Option<bool>,
) -> Markup {
    let cx = &reader.cx;
    let action = Href::new("/behaviours").segment(&live.name).segment("reviews");
    let button = |right: bool, text: Text| {
        let verdict = if right { "right" } else { "wrong" };
        if said == Some(right) {
            ui::badge(Tone::Info, cx.tr(&text))
        } else {
            let hidden = [("conversation", conversation.to_string()), ("verdict", verdict.to_owned())];
            ui::post_button(cx, Weight::Quiet, &text, &action, &hidden, None)
        }
    };
    ui::line(&[button(true, texts::judged_right()), button(false, texts::judged_wrong())])
}
