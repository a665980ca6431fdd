//! The design system and the shell: pages are functions from a view struct to markup.
//!
//! # How to make a page
//! A page writes no colours, no paddings, no classes, no inline style and no script: it puts components
//! together. Texts come from the context's `texts.rs`, addresses are [`Href`]s, figures are formatted by [`Cx`].
//!
//! ```
//! use maud::{Markup, html};
//! use ui::{Cell, Column, Cx, Empty, FilterBar, Href, Icon, Page, Table, TableState, Weight};
//! messages::texts! {
//!     title => "人员", "People";
//!     name => "姓名", "Name";
//!     calls => "会话数", "Conversations";
//!     add => "新增", "Add";
//!     empty => "还没有人员", "Nobody yet";
//!     empty_hint => "从表格导入，或逐个新增。", "Import a table, or add people one by one.";
//! }
//! struct Person { id: u32, name: String, calls: u64 }
//!
//! fn people(cx: &Cx, rows: &[Person], next: Option<String>) -> Markup {
//!     let columns = vec![
//!         Column::new("name", name(), |_, p: &Person| Cell::words(p.name.clone())).sortable(),
//!         Column::figures("calls", calls(), |_, p: &Person| Cell::count(p.calls)).sortable(),
//!     ];
//!     let list = Table::new("people", title(), columns, rows)
//!         .state(TableState::read(&cx.here, &["name", "calls"]))
//!         .next(next)
//!         .row_href(|p| Href::new("/people").segment(p.id))
//!         .empty(Empty::new(Icon::People, empty(), empty_hint()).action(add(), Href::new("/people/new")))
//!         .exports();
//!     let body = html! {
//!         (ui::filter_bar(cx, &FilterBar::new().search("q", name())))
//!         (ui::table(cx, &list))
//!     };
//!     let new = ui::link_button(cx, Weight::Primary, &add(), &Href::new("/people/new"), Some(Icon::Plus));
//!     ui::shell(cx, &Page::new(title(), body).actions(new))
//! }
//! # let cx = Cx::new(messages::Lang::En, Href::new("/people"), kernel::Time(0));
//! # assert!(people(&cx, &[Person { id: 1, name: "李明".into(), calls: 3 }], None).into_string().contains("李明"));
//! ```
//!
//! * **Lists**: read [`TableState`] before the query, sort and page by it; when its `format` is set, answer with
//!   [`Table::export`] from up to [`EXPORT_ROWS_MAX`] rows instead of a page.
//! * **Forms**: keep what was typed as [`Values`]; on [`FieldErrors`] answer 422 with the same [`form`], on a
//!   newer version 409 with [`edit_conflict`] above it and the newer version in it.
//! * **Parts from other contexts** come through the slots: [`NavEntry`], [`TodayItem`], [`Panel`], [`RowAction`].
//! * **Every component** is shown, with little and with much in it, by [`gallery`].
//!
//! # Invariants
//! No component emits `style=` or an `on…=` attribute: the content security policy allows neither. Colour is
//! never the only sign. Every chart has a table behind it. The crate knows no domain and runs no query.

pub mod assets;
pub mod chart;
mod cx;
mod export;
mod filter;
mod form;
mod gallery;
mod href;
mod icon;
mod kpi;
mod parts;
mod shell;
mod slots;
pub mod table;
mod texts;
mod transcript;
mod uptake_map;
mod value;

pub use cx::{Actor, Cx, theme_text};
pub use export::{EXPORT_ROWS_MAX, ExportError, Exported, Format, Sheet, without_formula};
pub use filter::{FilterBar, filter_bar};
pub use form::{
    Choice, Difference, EditConflict, Field, FieldErrors, Form, VERSION_FIELD, Values, edit_conflict,
    error_summary, field, form, form_around,
};
pub use gallery::{gallery, sample_pages};
pub use href::{Href, Hx, Swap};
pub use icon::{Icon, icon};
pub use kpi::{Good, Kpi, change_sign, drill_link, kpi};
pub use messages::Theme;
pub use parts::{
    Check, CheckAnswer, Empty, JobState, Progress, Tab, TimelineEntry, Toast, Tone, Weight, badge, checks,
    dialog, dialog_button, drawer, empty_state, facts, grid, help, key_link, line, link_button,
    messages_region, meter, notice, panels, post_button, progress, section, split, stack, tabs, timeline,
    toast, today_list, wide_grid,
};
pub use shell::{Crumb, Page, bare, routes, shell, with_toasts};
pub use slots::{NavEntry, NavGroup, Panel, RowAction, TodayItem, Urgency};
pub use table::{Align, Column, Sort, Table, TableState, Total, keys as table_keys, table};
pub use transcript::{Mark, MarkKind, Turn, TurnRole, marked, transcript};
pub use uptake_map::{UptakeCell, UptakeColumn, UptakeMap, UptakeRow, uptake_map};
pub use value::{Cell, Value};
