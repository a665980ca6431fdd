//! What waits for a reader: what they own and is due, what they supervise and is late or waits for agreement, verdicts
//! that came in, and for an agent what they practise.

use futures::future::BoxFuture;
use kernel::{Day, PersonId, Scope};
use messages::Text;
use ui::{TodayItem, Urgency};
use web::{Fail, Reader, TodaySource};

use crate::{
    Improvements,
    improvement::{Improvement, ImprovementId, State},
    permission::ImprovementsPermission as May,
    texts,
    view::{href, person_name, title_of, titles},
};

/// Days before the due day on which an owner is reminded: a working week.
const REMINDED_DAYS: i32 = 7;
/// Items of this context on one page; the board has all.
const ITEMS_MAX: usize = 8;

/// Fills “today”.
pub(crate) struct Today(pub Improvements);

impl TodaySource for Today {
    fn items<'a>(&'a self, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<TodayItem>, Fail>> {
        Box::pin(async move {
            let scope = reader.scope_of(May::View);
            if scope.is_nothing() {
                return Ok(Vec::new());
            }
            let me = reader.signed_in().and_then(|actor| actor.person);
            let (lookup, today) = (self.0.people().lookup().await?, self.0.today().await?);
            let titles = titles(&self.0).await?;
            let manages = reader.scope_of(May::Supervise);
            let start = lookup.organisation_day();
            let mut items = Vec::new();
            let mut open = self.0.list(&scope).await?;
            open.retain(|one| one.state.is_open());
            let verified = open.iter().filter(|one| one.state == State::UnderVerification);
            let ids: Vec<ImprovementId> = verified.map(|one| one.id).collect();
            let complete = crate::verdict::store::complete(self.0.db(), &ids).await?;
            for one in &open {
                if items.len() >= ITEMS_MAX {
                    break;
                }
                let about = About { one, me, today, manages: &manages };
                let is_in = complete.contains(&(one.id, one.round, one.measure.after_weeks));
                let Some((urgency, text, action)) = about.item(is_in) else {
                    if !reader.can(May::Edit) && me.is_some_and(|me| about.is_about(me)) {
                        let Text { zh, en } = title_of(&titles, one);
                        items.push(TodayItem {
                            urgency: Urgency::Later,
                            text: texts::today_practise(&zh, &en),
                            detail: Some(texts::today_practise_detail()),
                            deadline: None,
                            href: href(one.id),
                            action: texts::look_at_it(),
                        });
                    }
                    continue;
                };
                items.push(TodayItem {
                    urgency,
                    text,
                    detail: Some(texts::owner_is(&person_name(&lookup, one.owner))),
                    deadline: Some(start.start(one.due.plus(1))),
                    href: href(one.id),
                    action,
                });
            }
            Ok(items)
        })
    }
}

struct About<'a> {
    one: &'a Improvement,
    me: Option<PersonId>,
    today: Day,
    manages: &'a Scope,
}

impl About<'_> {
    fn is_about(&self, person: PersonId) -> bool {
        self.one.members.iter().any(|member| member.person == person)
    }

    /// What waits for the reader, if anything does.
    fn item(&self, verdict_is_in: bool) -> Option<(Urgency, Text, Text)> {
        let one = self.one;
        let is = |person: PersonId| self.me == Some(person);
        let title = one.title.as_str();
        let manages = !self.manages.is_nothing() && one.is_seen_by(self.manages);
        let is_overdue = one.is_overdue(self.today);
        if verdict_is_in && (is(one.supervisor) || is(one.owner)) {
            return Some((Urgency::Today, texts::today_verdict(title), texts::decide()));
        }
        if one.state == State::Draft && is(one.partner) {
            return Some((Urgency::Today, texts::today_agree(title), texts::decide()));
        }
        if is_overdue && is(one.owner) {
            return Some((Urgency::Now, texts::today_overdue(title), texts::look_at_it()));
        }
        if one.escalation > 0 && is(one.supervisor) {
            return Some((Urgency::Now, texts::today_escalated(title), texts::look_at_it()));
        }
        if one.escalation > 1 && manages {
            return Some((Urgency::Today, texts::today_managed(title), texts::look_at_it()));
        }
        if one.round > 1 && one.state == State::InAction && (is(one.owner) || is(one.supervisor)) {
            return Some((Urgency::Today, texts::today_relapsed(title), texts::look_at_it()));
        }
        if one.state == State::Agreed && is(one.owner) {
            return Some((Urgency::Week, texts::today_begin(title), texts::look_at_it()));
        }
        if is(one.owner) && one.due <= self.today.plus(REMINDED_DAYS) {
            return Some((Urgency::Week, texts::today_due(title), texts::look_at_it()));
        }
        None
    }
}
