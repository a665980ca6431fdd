//! Every visible word, in Chinese and English side by side.
//!
//! A context declares its texts in one file, `texts.rs`, with [`texts!`]; a missing language does not
//! compile. A [`Text`] carries both languages until the page, the API answer or the command line knows
//! whom it speaks to, so that errors and navigation entries can be made far from any reader.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

mod problem;

pub use problem::{Problem, ProblemKind};

/// A language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 中文, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages, in the order in which the interface offers them.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The short code used in cookies, addresses and the API: `zh` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The language of a short code or of a BCP 47 tag that begins with it; `None` for any other.
    pub fn parse(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// The best language for an `Accept-Language` header; Chinese when it names neither.
    /// Quality values are honoured only through the order in which browsers already send them.
    pub fn from_accept_language(header: &str) -> Lang {
        header
            .split(',')
            .find_map(|part| Lang::parse(part.split(';').next().unwrap_or_default().trim()))
            .unwrap_or_default()
    }
}

/// How bright the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark ink on light ground.
    Light,
    /// Light ink on dark ground.
    Dark,
    /// As the reader's system says.
    #[default]
    Auto,
}

impl Theme {
    /// All of them, in the order in which the switch offers them.
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Auto];

    /// The stable name kept in rows and cookies: `light`, `dark`, `auto`.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Auto => "auto",
        }
    }

    /// The theme of a stable name; `None` for any other.
    pub fn parse(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Text {
    /// 中文.
    pub zh: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A text known at build time.
    pub const fn fixed(zh: &'static str, en: &'static str) -> Text {
        Text { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
    }

    /// A text made at run time, with values in it.
    pub fn made(zh: String, en: String) -> Text {
        Text { zh: Cow::Owned(zh), en: Cow::Owned(en) }
    }

    /// The same words in both languages: a name, a number, what a person typed.
    pub fn verbatim(words: impl Into<String>) -> Text {
        let words = words.into();
        Text { zh: Cow::Owned(words.clone()), en: Cow::Owned(words) }
    }

    /// The words in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Declares texts, each as a function that returns a [`Text`]:
///
/// ```
/// messages::texts! {
///     /// The button that keeps what was typed.
///     pub save => "保存", "Save";
///     pub greeting(name: &str, n: usize) => "你好，{name}，有 {n} 件事", "Hello {name}, {n} things wait";
/// }
/// assert_eq!(save().get(messages::Lang::En), "Save");
/// assert_eq!(greeting("李明", 2).get(messages::Lang::Zh), "你好，李明，有 2 件事");
/// ```
#[macro_export]
macro_rules! texts {
    ($($(#[$meta:meta])* $vis:vis $name:ident $(($($arg:ident : $ty:ty),+ $(,)?))? => $zh:literal, $en:literal;)*) => {
        $($crate::text! { $(#[$meta])* $vis $name $(($($arg : $ty),+))? => $zh, $en; })*
    };
}

/// One text of [`texts!`].
#[doc(hidden)]
#[macro_export]
macro_rules! text {
    ($(#[$meta:meta])* $vis:vis $name:ident => $zh:literal, $en:literal;) => {
        $(#[$meta])*
        #[doc = concat!($zh, " · ", $en)]
        $vis const fn $name() -> $crate::Text { $crate::Text::fixed($zh, $en) }
    };
    ($(#[$meta:meta])* $vis:vis $name:ident($($arg:ident : $ty:ty),+) => $zh:literal, $en:literal;) => {
        $(#[$meta])*
        #[doc = concat!($zh, " · ", $en)]
        #[allow(clippy::needless_pass_by_value, unused_variables, reason = "one language may not need every value")]
        $vis fn $name($($arg: $ty),+) -> $crate::Text { $crate::Text::made(format!($zh), format!($en)) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_picks_the_first_known() {
        let check = |header: &str, expected: Lang| {
            assert_eq!(Lang::from_accept_language(header), expected, "{header}");
        };
        check("en-GB,en;q=0.9,zh;q=0.8", Lang::En);
        check("zh-CN,zh;q=0.9", Lang::Zh);
        check("de-DE,de;q=0.9,en;q=0.8", Lang::En);
        check("", Lang::Zh);
        check(";;,,", Lang::Zh);
    }
}
