//! What the pages of this context share.

use std::collections::BTreeMap;

use behaviours::api::BehaviourId;
use conversations::api::ConversationFilter;
use kernel::{AccountId, Day, PersonId, Scope};
use messages::Text;
use people::api::Lookup;
use ui::{Choice, Cx, Href, Tone};
use web::{Fail, Reader};

use crate::{
    Improvements,
    improvement::{Improvement, ImprovementId, State},
    problem::ImprovementError,
    texts,
    verdict::{Outcome, Reading},
};

/// The page of an improvement.
pub(crate) fn href(id: ImprovementId) -> Href {
    Href::new("/improvements").segment(id)
}

/// The live behaviours: name and title by id.
pub(crate) type Titles = BTreeMap<BehaviourId, (String, Text)>;

/// The live behaviours.
pub(crate) async fn titles(service: &Improvements) -> Result<Titles, ImprovementError> {
    let live = service.behaviours().live().await?;
    Ok(live.behaviours.values().map(|live| (live.id, (live.name.clone(), live.title.clone()))).collect())
}

/// What the behaviour of an improvement is called; its name in the rules where it is live no more.
pub(crate) fn title_of(titles: &Titles, one: &Improvement) -> Text {
    let live = titles.get(&one.behaviour).map(|(_, title)| title.clone());
    live.unwrap_or_else(|| Text::verbatim(one.measure.rule.name.clone()))
}

/// The live behaviours to choose from, by name.
pub(crate) fn behaviour_choices(titles: &Titles) -> Vec<Choice> {
    let mut all: Vec<Choice> =
        titles.values().map(|(name, title)| Choice::new(name.clone(), title.clone())).collect();
    all.sort_by(|a, b| a.value.cmp(&b.value));
    all
}

/// A person by name and number.
pub(crate) fn person_name(lookup: &Lookup, id: PersonId) -> String {
    lookup.person(id).map_or_else(String::new, |person| {
        if person.name == person.number {
            person.name.clone()
        } else {
            format!("{} {}", person.name, person.number)
        }
    })
}

/// A person's name where the reader may see them on a day.
pub(crate) fn seen_name(lookup: &Lookup, scope: &Scope, id: PersonId, day: Day) -> Option<String> {
    scope.allows(lookup.team_of(id, day), Some(id)).then(|| person_name(lookup, id))
}

/// The names behind accounts.
pub(crate) async fn account_names(
    reader: &Reader,
    accounts: &[AccountId],
    lookup: &Lookup,
) -> Result<BTreeMap<AccountId, String>, Fail> {
    let mut names = BTreeMap::new();
    for &id in accounts {
        if names.contains_key(&id) {
            continue;
        }
        if let Some(account) = reader.platform().identity().account(id).await? {
            let name =
                account.person.and_then(|person| lookup.person(person)).map(|person| person.name.clone());
            names.insert(id, name.unwrap_or(account.name));
        }
    }
    Ok(names)
}

pub(crate) const fn state_tone(state: State) -> Tone {
    match state {
        State::Draft => Tone::Plain,
        State::Agreed | State::InAction | State::UnderVerification => Tone::Info,
        State::Closed => Tone::Good,
        State::Withdrawn => Tone::Muted,
    }
}

pub(crate) const fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Worked => Tone::Good,
        Outcome::NoChange => Tone::Plain,
        Outcome::Worse => Tone::Bad,
        Outcome::NotEnough => Tone::Muted,
    }
}

/// A look as people say it.
pub(crate) fn look_text(weeks: u16) -> Text {
    match weeks {
        crate::verdict::WATCH => texts::newest_weeks(),
        1 => texts::week_after(),
        weeks => texts::weeks_after(weeks),
    }
}

/// Effect and interval in points: `+6.1 (+2.0 – +10.2)`.
pub(crate) fn effect_words(cx: &Cx, reading: &Reading) -> Option<String> {
    let effect = reading.effect?;
    Some(format!("{} ({} – {})", signed(cx, effect), signed(cx, reading.low), signed(cx, reading.high)))
}

/// A difference in points without its unit.
pub(crate) fn signed(cx: &Cx, difference: f64) -> String {
    let sign = if difference > 0.0 { "+" } else { "" };
    format!("{sign}{}", cx.decimal(difference * 100.0, 1))
}

/// The conversations in which one of its people did not show the behaviour, in some days.
pub(crate) fn missed(improvement: &Improvement, person: PersonId, from: Day, to: Day) -> Href {
    let name = &improvement.measure.rule.name;
    let argument = format!("{name}:person:{person}:{from}:{to}:missed");
    let selection = Some(("behaviour".to_owned(), argument));
    ConversationFilter { selection, ..ConversationFilter::default() }.href()
}
