//! What a context contributes to pages that are not its own. Contexts fill these, `app` registers them, and
//! whoever assembles the page leaves out what the reader may not see.

use kernel::{Permission, Time};
use maud::Markup;
use messages::Text;

use crate::{Href, Icon, texts};

/// The groups of the navigation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NavGroup {
    /// What waits for me.
    Today,
    /// Conversations and what was found in them.
    Listen,
    /// Gaps, drills, improvements.
    Improve,
    /// People, rules, the system.
    Manage,
}

impl NavGroup {
    /// Its heading.
    pub const fn text(self) -> Text {
        match self {
            NavGroup::Today => texts::group_today(),
            NavGroup::Listen => texts::group_listen(),
            NavGroup::Improve => texts::group_improve(),
            NavGroup::Manage => texts::group_manage(),
        }
    }
}

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// Under which heading it stands.
    pub group: NavGroup,
    /// Its label, two to five characters in Chinese.
    pub text: Text,
    /// Where it leads.
    pub href: Href,
    /// Its icon.
    pub icon: Icon,
    /// Shown to whoever has this permission in any scope; `None` to everybody who is logged in.
    pub permission: Option<Permission>,
    /// Its place within the group; small numbers come first.
    pub order: u16,
}

/// How soon something must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Urgency {
    /// Late, or burning.
    Now,
    /// Before the day ends.
    Today,
    /// Before the week ends.
    Week,
    /// When there is time.
    Later,
}

/// One thing that waits for the reader on their “today” page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayItem {
    /// How soon.
    pub urgency: Urgency,
    /// What it is, as one short sentence.
    pub text: Text,
    /// Why it waits, or how much there is of it.
    pub detail: Option<Text>,
    /// By when.
    pub deadline: Option<Time>,
    /// Where the work is.
    pub href: Href,
    /// The one obvious action: the label of the button.
    pub action: Text,
}

/// A part of a page that another context supplies.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Unique on the page; the anchor of links to it.
    pub id: &'static str,
    /// Its heading.
    pub title: Text,
    /// What is in it.
    pub body: Markup,
}

/// Something that can be done to one row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowAction {
    /// The label.
    pub text: Text,
    /// Where it leads. A row action never changes anything by itself: it leads to a page or a form that does.
    pub href: Href,
    /// Its icon.
    pub icon: Icon,
}
