//! What waits for a reader: drills of their own that are due, topics of theirs whose last day is over.

use futures::future::BoxFuture;
use ui::{TodayItem, Urgency};
use web::{Fail, Reader, TodaySource};

use crate::{
    Drills,
    permission::DrillsPermission as May,
    texts,
    topic::{TopicFilter, href},
};

/// Topics that a reader is shown; the list has all.
const TOPICS_SHOWN: usize = 3;
/// Days before the last one on which a drill becomes urgent.
const SOON_DAYS: i32 = 1;

/// Fills “today”.
pub(crate) struct Today(pub Drills);

impl TodaySource for Today {
    fn items<'a>(&'a self, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<TodayItem>, Fail>> {
        Box::pin(async move {
            let mut items = self.own(reader).await?;
            items.extend(self.in_progress(reader).await?);
            items.extend(self.overdue(reader).await?);
            Ok(items)
        })
    }
}

impl Today {
    /// The drills in which the reader takes part and was not drilled yet.
    async fn own(&self, reader: &Reader) -> Result<Vec<TodayItem>, Fail> {
        let Some(person) = reader.scope_of(May::ViewTopics).person() else { return Ok(Vec::new()) };
        let today = self.0.today().await?;
        let calendar = self.0.people().lookup().await?.organisation_day();
        let due = self.0.due(person).await?;
        let item = |topic: &crate::topic::Topic| {
            let rehearses = topic.scenario.is_some() && reader.can(May::Rehearse);
            TodayItem {
                urgency: if topic.to <= today.plus(SOON_DAYS) { Urgency::Today } else { Urgency::Week },
                text: texts::drill_due(&topic.title),
                detail: (!topic.goal.is_empty()).then(|| messages::Text::verbatim(&topic.goal)),
                deadline: Some(calendar.start(topic.to.plus(1))),
                href: href(topic.id),
                action: if rehearses { texts::rehearse() } else { texts::open() },
            }
        };
        Ok(due.iter().take(TOPICS_SHOWN).map(item).collect())
    }

    /// The reader's own rehearsals that they have not brought to an end.
    async fn in_progress(&self, reader: &Reader) -> Result<Vec<TodayItem>, Fail> {
        let Some(person) = reader.scope_of(May::Rehearse).person() else { return Ok(Vec::new()) };
        let open = self.0.in_progress(person).await?;
        let item = |one: &crate::practice::Rehearsed| TodayItem {
            urgency: Urgency::Week,
            text: texts::rehearsal_waits(&one.title),
            detail: None,
            deadline: None,
            href: crate::practice::href(one.id),
            action: texts::go_on(),
        };
        Ok(open.iter().take(TOPICS_SHOWN).map(item).collect())
    }

    /// The topics that the reader runs whose last day is over, with the step that is missing.
    async fn overdue(&self, reader: &Reader) -> Result<Vec<TodayItem>, Fail> {
        let scope = reader.scope_of(May::RunTopics);
        if scope.is_nothing() {
            return Ok(Vec::new());
        }
        let filter = TopicFilter { overdue: true, ..TopicFilter::default() };
        let overdue = self.0.topics(&scope, &filter).await?;
        let item = |topic: &crate::topic::Topic| {
            let waiting = topic.people.len() - topic.drilled();
            TodayItem {
                urgency: Urgency::Today,
                text: texts::topic_overdue(&topic.title),
                detail: Some(if waiting > 0 { texts::still_waiting(waiting) } else { texts::all_drilled() }),
                deadline: None,
                href: href(topic.id),
                action: if waiting > 0 { texts::go_on() } else { texts::finish() },
            }
        };
        Ok(overdue.iter().take(TOPICS_SHOWN).map(item).collect())
    }
}
