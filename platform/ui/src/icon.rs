//! Small line icons, drawn for this product on a 24 × 24 grid and written into the page, so that they need no
//! request, follow the text colour, and print.

use maud::{Markup, PreEscaped, html};

macro_rules! icons {
    ($($(#[$meta:meta])* $name:ident => $path:literal,)+) => {
        /// An icon. It is decoration: the words beside it say what it means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Icon { $($(#[$meta])* $name,)+ }

        impl Icon {
            /// All of them, for the gallery.
            pub const ALL: &'static [Icon] = &[$(Icon::$name,)+];

            const fn path(self) -> &'static str {
                match self { $(Icon::$name => $path,)+ }
            }
        }
    };
}

icons! {
    /// A sun over a line: the day's page.
    Today => "M4 19h16M6 15a6 6 0 0 1 12 0M12 4v2M4.6 8.6l1.5 1.2M19.4 8.6l-1.5 1.2",
    /// Two speech bubbles.
    Conversations => "M4 5h11v8H8l-4 3zM18 9h2v10l-3-2h-6v-1",
    /// A grid with filled cells: the uptake map.
    Map => "M4 4h16v16H4zM4 9.3h16M4 14.6h16M9.3 4v16M14.6 4v16M10.5 10.5h3v3h-3z",
    /// A gap in a rising line.
    Gap => "M4 19h16M5 15V9M10 15V6M19 15V4M13 13h3M14.5 11.5v3",
    /// A line of text with a mark: rules.
    Rule => "M4 6h10M4 11h16M4 16h7M14 15l2 2 4-4",
    /// People.
    People => "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20a6 6 0 0 1 12 0M16 4.5a3.5 3.5 0 0 1 0 6M17.5 14.4A6 6 0 0 1 21 20",
    /// One person.
    Person => "M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20a7 7 0 0 1 14 0",
    /// A tree of units.
    Units => "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
    /// A queue.
    Queue => "M4 6h9M4 12h13M4 18h16M17 4l3 2-3 2",
    /// A target.
    Target => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h.01",
    /// Two figures drilling: a pair of arrows round.
    Drill => "M4 12a8 8 0 0 1 13.7-5.6L20 9M20 4v5h-5M20 12a8 8 0 0 1-13.7 5.6L4 15M4 20v-5h5",
    /// A card with ticks: evaluation.
    Scorecard => "M6 3h12v18H6zM9 8l1.2 1.2L13 6.5M9 14l1.2 1.2L13 12.5M15 8.5h.01M15 14.5h.01",
    /// An arrow into a tray: import.
    Import => "M12 3v11M8 10l4 4 4-4M4 17v4h16v-4",
    /// An arrow out of a tray: export.
    Export => "M12 15V4M8 8l4-4 4 4M4 17v4h16v-4",
    /// A magnifying glass.
    Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
    /// A funnel.
    Filter => "M4 5h16l-6 7v6l-4 2v-8z",
    /// Columns.
    Columns => "M4 4h16v16H4zM10 4v16M15 4v16",
    /// Sliders: settings.
    Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
    /// A shield: roles, audit.
    Shield => "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4",
    /// A key: log-in, tokens.
    Key => "M8 18a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM11 11l8-8M16 6l3 3M13 9l2 2",
    /// A door with an arrow: log out.
    LogOut => "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
    /// Plus.
    Plus => "M12 5v14M5 12h14",
    /// A pen.
    Edit => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    /// A bin.
    Trash => "M5 7h14M10 4h4M7 7l1 13h8l1-13M10 11v5M14 11v5",
    /// A tick.
    Check => "M5 12.5l4.5 4.5L19 7",
    /// A cross.
    Close => "M6 6l12 12M18 6L6 18",
    /// A triangle with a mark: warning.
    Warning => "M12 4l9 16H3zM12 10v4M12 17h.01",
    /// A circle with an i.
    Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01",
    /// A circle with a question mark.
    Help => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5h.01",
    /// A clock.
    Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
    /// A calendar.
    Calendar => "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    /// A bell.
    Bell => "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4",
    /// A book.
    Book => "M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h12M9 8h6",
    /// A play triangle.
    Play => "M8 5l11 7-11 7z",
    /// Three lines: the menu.
    Menu => "M4 7h16M4 12h16M4 17h16",
    /// Three dots.
    More => "M6 12h.01M12 12h.01M18 12h.01",
    /// Down.
    Down => "M6 9l6 6 6-6",
    /// Right.
    Right => "M9 6l6 6-6 6",
    /// Left.
    Left => "M15 6l-6 6 6 6",
    /// Half-filled circle: light and dark.
    Theme => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 8l6.5-2.5M12 13l9-2M12 18l7.5-2",
    /// Two characters: the language.
    Language => "M4 6h10M9 4v2M12 6c-1 4-4 7-8 9M6 9c1 3 4 5 7 6M13 20l4-9 4 9M14.5 17h5",
    /// A graph: reports.
    Chart => "M4 4v16h16M8 16v-5M12 16V8M16 16v-7",
    /// A server: system, jobs.
    System => "M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01",
    /// A list with history: audit log.
    Log => "M5 4h14v16H5zM9 8h6M9 12h6M9 16h3",
    /// A star: praise.
    Star => "M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.600 9z",
    /// A chain: link.
    Link => "M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1",
}

/// The icon as markup, hidden from screen readers.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false" {
            (PreEscaped(format_args!("<path d=\"{}\"/>", icon.path()).to_string()))
        }
    }
}
