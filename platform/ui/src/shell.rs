//! The document around every page: navigation, top bar, landmarks, messages.

use maud::{DOCTYPE, Markup, html};
use messages::{Lang, Text};

use crate::{
    Cx, Href, Icon, NavEntry, NavGroup, Theme, Toast, assets::asset_url, icon, messages_region, texts,
    theme_text,
};

/// Addresses that the shell itself leads to. Whoever serves the pages answers for them.
pub mod routes {
    use crate::Href;

    /// `POST`, no fields: ends the login session.
    pub fn log_out() -> Href {
        Href::new("/logout")
    }

    /// `POST` with `lang=zh|en` or `theme=light|dark|auto`, and `return` (see [`Href::parse`]): keeps the
    /// preference and leads back with 303. Works before log-in too.
    pub fn preferences() -> Href {
        Href::new("/preferences")
    }

    /// `GET` with `q`: the list of conversations, searched.
    pub fn search() -> Href {
        Href::new("/conversations")
    }

    /// The reader's own account: password, login sessions.
    pub fn account() -> Href {
        Href::new("/account")
    }

    /// The reader's first page.
    pub fn home() -> Href {
        Href::new("/")
    }
}

/// One step of “you are here”.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its label.
    pub text: Text,
    /// Where it leads; the page itself has none.
    pub href: Option<Href>,
}

/// A page, before the shell is around it.
#[derive(Debug, Clone)]
#[must_use]
pub struct Page {
    title: Text,
    lead: Option<Text>,
    breadcrumbs: Vec<Crumb>,
    actions: Option<Markup>,
    body: Markup,
    reload_seconds: Option<u32>,
}

impl Page {
    /// A page with its heading and body.
    pub fn new(title: Text, body: Markup) -> Page {
        Page { title, lead: None, breadcrumbs: Vec::new(), actions: None, body, reload_seconds: None }
    }

    /// One sentence under the heading: what the page shows, for which period.
    pub fn lead(mut self, lead: Text) -> Page {
        self.lead = Some(lead);
        self
    }

    /// A step above this page; call it from the outermost inwards.
    pub fn crumb(mut self, text: Text, href: Href) -> Page {
        self.breadcrumbs.push(Crumb { text, href: Some(href) });
        self
    }

    /// Buttons beside the heading, the most important last.
    pub fn actions(mut self, actions: Markup) -> Page {
        self.actions = Some(actions);
        self
    }

    /// Loads itself again after so many seconds where scripts do not run: for pages with progress on them.
    pub fn reload_seconds(mut self, seconds: u32) -> Page {
        self.reload_seconds = Some(seconds);
        self
    }
}

/// The whole document of a page for somebody who is logged in.
pub fn shell(cx: &Cx, page: &Page) -> Markup {
    document(
        cx,
        page,
        &html! {
            div.shell {
                (sidebar(cx))
                div.shell-main {
                    (top_bar(cx))
                    main #content tabindex="-1" {
                        (page_head(cx, page))
                        (page.body)
                    }
                }
            }
        },
    )
}

/// The whole document of a page without navigation: log-in, set-up, errors.
pub fn bare(cx: &Cx, page: &Page) -> Markup {
    document(
        cx,
        page,
        &html! {
            div.bare {
                header.bare-head {
                    (brand(cx))
                    div.bare-tools { (language_switch(cx)) (theme_switch(cx)) }
                }
                main.bare-main #content tabindex="-1" {
                    section.card.bare-card {
                        h1 { (cx.tr(&page.title)) }
                        @if let Some(lead) = &page.lead { p.lead { (cx.tr(lead)) } }
                        (page.body)
                    }
                }
                footer.bare-foot { (cx.t(texts::tagline())) }
            }
        },
    )
}

/// htmx without eval, without its inline styles (it carries over the classes alone when it swaps), without pages kept in
/// the browser's storage (they hold customers' words); an answer of 422 is a form to show again.
const HTMX_CONFIG: &str = concat!(
    r#"{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0,"attributesToSettle":["class"],"#,
    r#""refreshOnHistoryMiss":true,"scrollIntoViewOnBoost":false,"responseHandling":["#,
    r#"{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},"#,
    r#"{"code":"[45]..","swap":false,"error":true}]}"#,
);

fn document(cx: &Cx, page: &Page, body: &Markup) -> Markup {
    let lang = match cx.lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    html! {
        (DOCTYPE)
        html lang=(lang) data-theme=(cx.theme.name()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(color_scheme(cx.theme));
                meta name="robots" content="noindex";
                meta name="htmx-config" content=(HTMX_CONFIG);
                title { (cx.tr(&page.title)) " · " (cx.t(texts::product())) }
                link rel="icon" href=(asset_url("favicon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(asset_url("app.css"));
                script src=(asset_url("app.js")) defer {}
                @if let Some(seconds) = page.reload_seconds {
                    noscript { meta http-equiv="refresh" content=(seconds); }
                }
            }
            body {
                a.skip href="#content" { (cx.t(texts::skip_to_content())) }
                (body)
                (messages_region(cx, &cx.toasts))
                (keyboard_help(cx))
                (script_texts(cx))
            }
        }
    }
}

const fn color_scheme(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Auto => "light dark",
    }
}

/// The words the islands show, so that they too come from the catalogue.
fn script_texts(cx: &Cx) -> Markup {
    html! {
        template #texts
            data-draft-found=(cx.t(texts::draft_found()))
            data-draft-restore=(cx.t(texts::draft_restore()))
            data-draft-drop=(cx.t(texts::draft_drop()))
            data-unsaved=(cx.t(texts::unsaved_warning()))
            data-close=(cx.t(texts::close()))
            data-update-failed=(cx.t(texts::update_failed())) {}
    }
}

fn brand(cx: &Cx) -> Markup {
    html! {
        a.brand href=(routes::home()) {
            svg.brand-mark viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false" {
                rect.brand-seal x="1" y="1" width="30" height="30" rx="7" {}
                path.brand-ink d="M8 21.500l5-6 4 3.500 7-9M19.500 10H24v4.500" {}
            }
            span.brand-name { (cx.t(texts::product())) }
        }
    }
}

fn sidebar(cx: &Cx) -> Markup {
    let mut entries: Vec<&NavEntry> = cx.nav.iter().collect();
    entries.sort_by_key(|entry| (entry.group, entry.order));
    let current = current_entry(cx, &entries);
    html! {
        nav.sidebar #navigation aria-label=(cx.t(texts::main_navigation())) {
            (brand(cx))
            div.sidebar-groups {
                @for group in entries.chunk_by(|a, b| a.group == b.group) {
                    @if let Some(first) = group.first() {
                        div.sidebar-group {
                            @if first.group != NavGroup::Today { div.sidebar-heading { (cx.t(first.group.text())) } }
                            ul {
                                @for entry in group {
                                    li {
                                        a href=(entry.href) aria-current=[(current == Some(*entry)).then_some("page")] {
                                            (icon(entry.icon)) span { (cx.tr(&entry.text)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if cx.is_demo {
                p.sidebar-demo { strong { (cx.t(texts::demo_centre())) } br; (cx.t(texts::demo_note())) }
            }
        }
    }
}

/// The entry whose path is the longest beginning of the current one.
fn current_entry<'e>(cx: &Cx, entries: &[&'e NavEntry]) -> Option<&'e NavEntry> {
    let here = cx.here.path();
    entries
        .iter()
        .copied()
        .filter(|entry| {
            let path = entry.href.path();
            here == path || (path != "/" && here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
        })
        .max_by_key(|entry| entry.href.path().len())
}

/// The search stands there for those whose navigation leads to its page: for others it would find nothing.
fn top_bar(cx: &Cx) -> Markup {
    html! {
        header.top {
            a.top-menu.icon-button href="#navigation" data-toggle-navigation aria-label=(cx.t(texts::open_navigation())) { (icon(Icon::Menu)) }
            @if cx.nav.iter().any(|entry| entry.href.path() == routes::search().path()) { form.top-search role="search" action=(routes::search()) method="get" {
                label.sr for="global-search" { (cx.t(texts::search_conversations())) }
                (icon(Icon::Search))
                input #global-search type="search" name="q" autocomplete="off"
                    placeholder=(cx.t(texts::search_conversations()))
                    value=(cx.here.value("q").filter(|_| cx.here.path() == routes::search().path()).unwrap_or_default())
                    maxlength="200" data-focus-key="/";
                kbd aria-hidden="true" { "/" }
            } }
            div.top-tools {
                (language_switch(cx))
                (theme_switch(cx))
                @if let Some(actor) = &cx.actor {
                    details.menu data-menu {
                        summary.user {
                            span.sr { (cx.t(texts::user_menu())) }
                            span.user-badge aria-hidden="true" { (actor.name.chars().next().unwrap_or('·')) }
                            span.user-name {
                                (actor.name)
                                @if let Some(role) = actor.roles.first() { small { (cx.tr(role)) } }
                            }
                            (icon(Icon::Down))
                        }
                        div.menu-list {
                            div.menu-note {
                                strong { (actor.name) }
                                @for role in &actor.roles { span { (cx.tr(role)) } }
                            }
                            a href=(routes::account()) { (icon(Icon::Key)) (cx.t(texts::account())) }
                            button type="button" data-dialog="keyboard-help" data-needs-script {
                                (icon(Icon::Help)) (cx.t(texts::keyboard_help()))
                            }
                            form method="post" action=(routes::log_out()) {
                                button type="submit" { (icon(Icon::LogOut)) (cx.t(texts::log_out())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn language_switch(cx: &Cx) -> Markup {
    let (other, code) = match cx.lang {
        Lang::Zh => (Lang::En, "en"),
        Lang::En => (Lang::Zh, "zh-CN"),
    };
    html! {
        form.switch method="post" action=(routes::preferences()) {
            input type="hidden" name="return" value=(cx.here);
            button.icon-button.with-text type="submit" name="lang" value=(other.code()) title=(cx.t(texts::switch_language_label())) {
                (icon(Icon::Language)) span lang=(code) { (cx.t(texts::switch_language())) }
            }
        }
    }
}

fn theme_switch(cx: &Cx) -> Markup {
    html! {
        details.menu data-menu {
            summary.icon-button aria-label=(cx.t(texts::theme())) title=(cx.t(texts::theme())) { (icon(Icon::Theme)) }
            form.menu-list method="post" action=(routes::preferences()) data-theme-form {
                input type="hidden" name="return" value=(cx.here);
                @for theme in Theme::ALL {
                    button type="submit" name="theme" value=(theme.name()) aria-pressed=(theme == cx.theme) { (cx.t(theme_text(theme))) }
                }
            }
        }
    }
}

fn page_head(cx: &Cx, page: &Page) -> Markup {
    html! {
        div.page-head {
            div {
                @if !page.breadcrumbs.is_empty() {
                    nav.crumbs aria-label=(cx.t(texts::breadcrumbs())) {
                        ol {
                            @for crumb in &page.breadcrumbs {
                                li { a href=[crumb.href.as_ref()] { (cx.tr(&crumb.text)) } }
                            }
                        }
                    }
                }
                h1 { (cx.tr(&page.title)) }
                @if let Some(lead) = &page.lead { p.lead { (cx.tr(lead)) } }
            }
            @if let Some(actions) = &page.actions { div.page-actions { (actions) } }
        }
    }
}

fn keyboard_help(cx: &Cx) -> Markup {
    let keys: [(&[&str], Text); 6] = [
        (&["/"], texts::key_search()),
        (&["j", "k"], texts::key_rows()),
        (&["y", "x"], texts::key_answers()),
        (&["n", "p"], texts::key_neighbours()),
        (&["?"], texts::key_help()),
        (&["Esc"], texts::key_escape()),
    ];
    html! {
        dialog.dialog #keyboard-help aria-labelledby="keyboard-help-title" {
            div.dialog-head {
                h2 #keyboard-help-title { (cx.t(texts::keyboard_help())) }
                form method="dialog" { button.icon-button type="submit" aria-label=(cx.t(texts::close())) { (icon(Icon::Close)) } }
            }
            dl.keys {
                @for (keys, text) in keys {
                    dt { @for key in keys { kbd { (key) } " " } }
                    dd { (cx.t(text)) }
                }
            }
        }
    }
}

/// What a partial update may carry beside its own markup: messages that join those already on the page.
pub fn with_toasts(cx: &Cx, fragment: &Markup, toasts: &[Toast]) -> Markup {
    html! { (fragment) div hx-swap-oob="beforeend:#toasts" { @for toast in toasts { (crate::toast(cx, toast)) } } }
}
