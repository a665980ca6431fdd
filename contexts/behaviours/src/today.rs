//! What waits for a reader: their own gap, the gaps of their teams or of the centre's, rules to finish.

use futures::future::BoxFuture;
use maud::{Markup, html};
use messages::Text;
use people::api::Lookup;
use ui::{Href, Kpi, Panel, TodayItem, Tone, Urgency, Value};
use web::{Fail, Reader, TodaySource};

use conversations::api::ConversationFilter;

use crate::{
    Behaviours,
    gap::{Gap, WEEKS},
    permission::BehavioursPermission as May,
    rule_set::LiveSet,
    texts,
    uptake::{By, Slice, Subject, UptakeMap, Window, pages::cards},
    view::{Which, behind, subject_name},
};

/// Gaps that a leader is shown; the list has all.
const GAPS_SHOWN: usize = 3;
/// Drafts and doubtful rules that a specialist is shown.
const RULES_SHOWN: usize = 3;

/// Fills “today”.
pub(crate) struct Today(pub Behaviours);

impl TodaySource for Today {
    fn items<'a>(&'a self, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<TodayItem>, Fail>> {
        Box::pin(async move {
            let mut items = self.gaps(reader).await?;
            if reader.can(May::Edit) {
                items.extend(self.rules().await?);
            }
            Ok(items)
        })
    }

    fn figures<'a>(&'a self, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<Panel>, Fail>> {
        Box::pin(async move {
            let scope = reader.scope_of(May::SeeUptake);
            if scope.is_nothing() {
                return Ok(Vec::new());
            }
            let window = self.0.trailing(WEEKS).await?;
            let map = self.0.uptake_map(&Slice::new(scope.clone(), window), By::Person).await?;
            let mut cards = cards(&self.0, reader, &scope, window, &map.total).await?;
            cards.extend(self.praise(reader, window, &map).await?);
            Ok(vec![Panel { id: "uptake", title: texts::uptake(), body: html! { (ui::grid(&cards)) } }])
        })
    }
}

impl Today {
    /// What goes best among what is on target: surely so, as the lower end of the interval says.
    async fn praise(&self, reader: &Reader, window: Window, map: &UptakeMap) -> Result<Option<Markup>, Fail> {
        let (set, targets) = (self.0.live().await?, self.0.targets(window.to).await?);
        // What every conversation calls for is mostly to leave something undone, and no news where it goes well.
        let most = map.total.iter().flatten().map(|cell| cell.applicable).max().unwrap_or_default();
        let places = map.behaviours.iter().zip(&map.total);
        let best = places
            .filter_map(|(id, cell)| Some((id, cell.as_ref()?)))
            .filter(|(id, cell)| !cell.small && cell.applicable < most && cell.low >= targets.of(**id))
            .max_by(|(_, one), (_, other)| one.low.total_cmp(&other.low));
        let Some((live, cell)) = best.and_then(|(id, cell)| Some((set.behaviours.get(id)?, cell))) else {
            return Ok(None);
        };
        let label = texts::praise(&live.title.zh, &live.title.en);
        let card =
            Kpi::new(label, Value::Percent(cell.uptake, 1), texts::last_four_weeks(), texts::praise_hint())
                .n(cell.applicable)
                .tone(Tone::Good)
                .href(behind(
                    &live.name,
                    Subject::Centre,
                    window,
                    Which::Shown,
                    ConversationFilter::default(),
                ));
        Ok(Some(ui::kpi(&reader.cx, &card)))
    }

    async fn gaps(&self, reader: &Reader) -> Result<Vec<TodayItem>, Fail> {
        let scope = reader.scope_of(May::SeeUptake);
        if scope.is_nothing() {
            return Ok(Vec::new());
        }
        let today = self.0.today().await?;
        let (set, gaps) = (self.0.live().await?, self.0.gaps(&scope, today).await?);
        let lookup = self.0.people().lookup().await?;
        let window = Window::trailing_weeks(today, WEEKS);
        let mine = scope.person().map(Subject::Person);
        let own = gaps.iter().find(|gap| Some(gap.subject) == mine);
        // Who sees the whole centre sees to its teams; single people's gaps are their leaders'.
        let is_theirs = |gap: &&Gap| match gap.subject {
            Subject::Team(_) => true,
            _ => !scope.is_everything() && !scope.unit_ids().is_empty() && Some(gap.subject) != mine,
        };
        let teams = gaps.iter().filter(is_theirs).take(GAPS_SHOWN);
        let mut items: Vec<TodayItem> =
            own.and_then(|gap| item(reader, &set, None, gap, window)).into_iter().collect();
        items.extend(teams.filter_map(|gap| item(reader, &set, Some(&lookup), gap, window)));
        Ok(items)
    }

    async fn rules(&self) -> Result<Vec<TodayItem>, Fail> {
        let all = self.0.list().await?;
        let tallies = self.0.tallies().await?;
        let drafts =
            all.iter().filter(|behaviour| behaviour.draft.is_some()).take(RULES_SHOWN).map(|behaviour| {
                TodayItem {
                    urgency: Urgency::Week,
                    text: texts::draft_waits(&behaviour.title.zh, &behaviour.title.en),
                    detail: None,
                    deadline: None,
                    href: Href::new("/behaviours").segment(&behaviour.name).segment("edit"),
                    action: texts::go_on(),
                }
            });
        let low = all.iter().filter(|behaviour| {
            let tally = behaviour.live.and_then(|n| tallies.get(&(behaviour.id, n)));
            tally.is_some_and(|tally| tally.is_low())
        });
        let low = low.take(RULES_SHOWN).map(|behaviour| TodayItem {
            urgency: Urgency::Week,
            text: texts::precision_low(&behaviour.title.zh, &behaviour.title.en),
            detail: Some(texts::precision_hint()),
            deadline: None,
            href: Href::new("/behaviours").segment(&behaviour.name),
            action: texts::edit_rule(),
        });
        Ok(drafts.chain(low).collect())
    }
}

/// `lookup` gives the name where the gap is not the reader's own.
fn item(
    reader: &Reader,
    set: &LiveSet,
    lookup: Option<&Lookup>,
    gap: &Gap,
    window: Window,
) -> Option<TodayItem> {
    let live = set.behaviours.get(&gap.behaviour)?;
    let cx = &reader.cx;
    let Text { zh, en } = &live.title;
    let text = match lookup {
        None => texts::own_gap(zh, en),
        Some(lookup) => {
            let who = subject_name(lookup, gap.subject);
            texts::team_gap(zh, en, &who.zh, &who.en)
        }
    };
    let detail =
        texts::gap_detail(&cx.percent(gap.uptake, 0), &cx.percent(gap.target, 0), &cx.decimal(gap.impact, 1));
    Some(TodayItem {
        urgency: Urgency::Week,
        text,
        detail: Some(detail),
        deadline: None,
        href: behind(&live.name, gap.subject, window, Which::Missed, ConversationFilter::default()),
        action: texts::missed_calls(),
    })
}
