//! Scenarios (练兵脚本): who the simulated customer is and what is practised with them, as versioned records.

pub(crate) mod editor;
mod install;
pub(crate) mod pages;
mod service;
pub(crate) mod store;

use std::collections::BTreeSet;

use kernel::{AccountId, Time};
use messages::{Lang, Text};
use serde::Deserialize;
use ui::Href;

use crate::texts;

kernel::id_type! {
    /// A scenario in one language.
    pub struct ScenarioId;
    /// A version of a scenario.
    pub struct ScenarioVersionId;
}
::store::bind_ids!(ScenarioId, ScenarioVersionId);

/// The page of a scenario.
pub fn href(name: &str) -> Href {
    Href::new("/scenarios").segment(name)
}

/// How hard a scenario is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Difficulty {
    /// For newcomers.
    Easy,
    /// For everybody.
    Ordinary,
    /// For experienced people.
    Hard,
}

impl Difficulty {
    /// All of them.
    pub const ALL: [Difficulty; 3] = [Difficulty::Easy, Difficulty::Ordinary, Difficulty::Hard];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Difficulty::Easy => "easy",
            Difficulty::Ordinary => "ordinary",
            Difficulty::Hard => "hard",
        }
    }

    /// The difficulty of a stable name.
    pub fn parse(name: &str) -> Option<Difficulty> {
        Difficulty::ALL.into_iter().find(|difficulty| difficulty.name() == name)
    }

    /// Its label.
    pub(crate) const fn text(self) -> Text {
        match self {
            Difficulty::Easy => texts::easy(),
            Difficulty::Ordinary => texts::ordinary(),
            Difficulty::Hard => texts::hard(),
        }
    }
}

/// A scenario as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its id.
    pub id: ScenarioId,
    /// Its name, the same in all languages.
    pub name: String,
    /// The language it is played in.
    pub language: Lang,
    /// What people read in the list.
    pub title: String,
    /// The line of business it belongs to.
    pub line_of_business: Option<String>,
    /// For whom it is.
    pub difficulty: Difficulty,
    /// The names of the behaviours it judges.
    pub behaviours: Vec<String>,
    /// Raised by each edit.
    pub version: i64,
    /// The number of its live version.
    pub live: Option<i64>,
    /// The number of its draft.
    pub draft: Option<i64>,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionState {
    /// Being written.
    Draft,
    /// What people rehearse.
    Live,
    /// Replaced by a later one.
    Past,
}

impl VersionState {
    /// The stable name kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            VersionState::Draft => "draft",
            VersionState::Live => "live",
            VersionState::Past => "past",
        }
    }

    /// The state of a stable name.
    pub fn parse(name: &str) -> Option<VersionState> {
        let all = [VersionState::Draft, VersionState::Live, VersionState::Past];
        all.into_iter().find(|state| state.name() == name)
    }
}

/// A version of a scenario. It never changes once it is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: ScenarioVersionId,
    /// The scenario.
    pub scenario: ScenarioId,
    /// Its number, from 1.
    pub n: i64,
    /// Where it stands.
    pub state: VersionState,
    /// The scenario file.
    pub script: String,
    /// Why it was made.
    pub note: String,
    /// Who made it; nobody for what ships.
    pub author: Option<AccountId>,
    /// When it was last written.
    pub at: Time,
    /// When it went live.
    pub published_at: Option<Time>,
}

/// What a scenario file says about itself, read without judging the rest: a draft with mistakes has it too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// `zh` or `en`.
    pub language: String,
    /// What people read in the list.
    pub title: String,
    /// The line of business it belongs to.
    pub line_of_business: Option<String>,
    /// For whom it is.
    pub difficulty: Difficulty,
    #[serde(default)]
    situation: String,
    /// Who the customer is.
    #[serde(default)]
    pub portrait: PortraitHead,
    #[serde(default)]
    moves: Vec<Judged>,
    #[serde(default)]
    items: Vec<Judged>,
}

/// Who the customer is, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct PortraitHead {
    /// Who they are; the trainee sees it.
    pub who: String,
    /// How they behave; the trainee sees it.
    pub manner: String,
    /// What they really need; for trainers.
    pub need: String,
    /// How they speak; for trainers.
    pub speech: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Judged {
    #[serde(default)]
    title: String,
    behaviour: Option<String>,
}

impl Head {
    /// What a scenario file says about itself; `None` while it does not say it.
    pub fn read(script: &str) -> Option<Head> {
        toml::from_str(script).ok()
    }

    /// Its language.
    pub fn lang(&self) -> Option<Lang> {
        Lang::parse(&self.language)
    }

    /// What the trainee is told, in one paragraph: the lines of the file are its author's. Chinese has no blanks
    /// between them.
    pub fn situation(&self) -> String {
        let between = if self.lang() == Some(Lang::Zh) { "" } else { " " };
        self.situation.lines().map(str::trim).collect::<Vec<_>>().join(between)
    }

    /// The names of the behaviours it judges.
    pub fn behaviours(&self) -> Vec<String> {
        let named: BTreeSet<&String> =
            self.items.iter().chain(&self.moves).filter_map(|judged| judged.behaviour.as_ref()).collect();
        named.into_iter().cloned().collect()
    }

    /// What is judged, in words.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.title.as_str())
    }
}
