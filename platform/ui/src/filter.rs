//! The filter bar: an ordinary GET form, so that a filtered list is an address one can keep and send.

use maud::{Markup, html};
use messages::Text;

use crate::{Choice, Cx, Icon, icon, table::keys, texts};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Search,
    Select(Vec<Choice>),
    Choose { choices: Vec<Choice>, usual: &'static str },
    Day,
    Number { unit: Option<Text> },
    Toggle,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Filter {
    name: &'static str,
    label: Text,
    kind: Kind,
}

/// The filters over a list. Values are read from the address; sorting and chosen columns are kept.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct FilterBar {
    filters: Vec<Filter>,
}

impl FilterBar {
    /// No filters yet.
    pub fn new() -> FilterBar {
        FilterBar::default()
    }

    /// Words to search for.
    pub fn search(self, name: &'static str, label: Text) -> FilterBar {
        self.with(name, label, Kind::Search)
    }

    /// One of several values.
    pub fn select(self, name: &'static str, label: Text, choices: Vec<Choice>) -> FilterBar {
        self.with(name, label, Kind::Select(choices))
    }

    /// One of several values, of which one holds when none is given: there is no "all", and it is no chip.
    pub fn choose(
        self,
        name: &'static str,
        label: Text,
        choices: Vec<Choice>,
        usual: &'static str,
    ) -> FilterBar {
        self.with(name, label, Kind::Choose { choices, usual })
    }

    /// A day.
    pub fn day(self, name: &'static str, label: Text) -> FilterBar {
        self.with(name, label, Kind::Day)
    }

    /// A whole number, with its unit.
    pub fn number(self, name: &'static str, label: Text, unit: Option<Text>) -> FilterBar {
        self.with(name, label, Kind::Number { unit })
    }

    /// On or off; on is sent as `1`.
    pub fn toggle(self, name: &'static str, label: Text) -> FilterBar {
        self.with(name, label, Kind::Toggle)
    }

    fn with(mut self, name: &'static str, label: Text, kind: Kind) -> FilterBar {
        debug_assert!(!keys::ALL.contains(&name), "{name} belongs to the table");
        self.filters.push(Filter { name, label, kind });
        self
    }
}

/// The bar, and under it a chip for each filter that is set.
pub fn filter_bar(cx: &Cx, bar: &FilterBar) -> Markup {
    let is_filter = |key: &str| bar.filters.iter().any(|filter| filter.name == key);
    html! {
        search.filters {
            // On a phone the form is folded under this switch; it works without script.
            input.filters-open #filters-open type="checkbox";
            label.btn.btn-plain.filters-label for="filters-open" { (icon(Icon::Filter)) (cx.t(texts::filter_fields())) }
            form.filter-form method="get" action=(cx.here.path()) aria-label=(cx.t(texts::filter())) {
                @for (key, value) in cx.here.query() {
                    @if !is_filter(key) && key != keys::AFTER && key != keys::FORMAT {
                        input type="hidden" name=(key) value=(value);
                    }
                }
                @for filter in &bar.filters { (control(cx, filter)) }
                button.btn.btn-primary type="submit" { (icon(Icon::Filter)) (cx.t(texts::filter())) }
            }
            (chips(cx, bar))
        }
    }
}

fn control(cx: &Cx, filter: &Filter) -> Markup {
    let id = format!("filter-{}", filter.name);
    let value = cx.here.value(filter.name).unwrap_or_default();
    let label = cx.tr(&filter.label);
    html! {
        @if filter.kind == Kind::Toggle {
            label.check.filter-toggle {
                input id=(id) type="checkbox" name=(filter.name) value="1" checked[value == "1"];
                span { (label) }
            }
        } @else {
            div.filter-field {
                label for=(id) { (label) @if let Kind::Number { unit: Some(unit) } = &filter.kind { (cx.t(texts::in_unit(cx.tr(unit)))) } }
                @match &filter.kind {
                    Kind::Select(choices) => {
                        select.form-select id=(id) name=(filter.name) {
                            option value="" { (cx.t(texts::all())) }
                            @for choice in choices {
                                option value=(choice.value) selected[choice.value == value] { (cx.tr(&choice.text)) }
                            }
                        }
                    }
                    Kind::Choose { choices, usual } => {
                        @let value = if choices.iter().any(|choice| choice.value == value) { value } else { *usual };
                        select.form-select id=(id) name=(filter.name) {
                            @for choice in choices {
                                option value=(choice.value) selected[choice.value == value] { (cx.tr(&choice.text)) }
                            }
                        }
                    }
                    Kind::Day => { input.form-control id=(id) type="date" name=(filter.name) value=(value); }
                    Kind::Number { .. } => {
                        input.form-control.narrow id=(id) type="number" inputmode="numeric" name=(filter.name) value=(value);
                    }
                    Kind::Search | Kind::Toggle => {
                        input.form-control id=(id) type="search" name=(filter.name) value=(value) maxlength="200" autocomplete="off";
                    }
                }
            }
        }
    }
}

fn chips(cx: &Cx, bar: &FilterBar) -> Markup {
    let here = cx.here.clone().without(keys::AFTER).without(keys::FORMAT);
    let set: Vec<(&Filter, String)> = bar
        .filters
        .iter()
        .filter_map(|filter| {
            let value = cx.here.value(filter.name)?;
            let is_usual = matches!(filter.kind, Kind::Choose { usual, .. } if usual == value);
            (!is_usual).then(|| (filter, shown(cx, filter, value)))
        })
        .collect();
    let cleared = bar.filters.iter().fold(here.clone(), |href, filter| href.without(filter.name));
    html! {
        @if !set.is_empty() {
            ul.chips {
                @for (filter, value) in &set {
                    @let label = cx.tr(&filter.label);
                    li.chip {
                        span { (label) @if !value.is_empty() { (cx.t(texts::colon())) strong { (value) } } }
                        a href=(here.clone().without(filter.name)) aria-label=(cx.t(texts::remove_filter(label))) { (icon(Icon::Close)) }
                    }
                }
                li { a.chip-clear href=(cleared) { (cx.t(texts::clear_all())) } }
            }
        }
    }
}

fn shown(cx: &Cx, filter: &Filter, value: &str) -> String {
    match &filter.kind {
        Kind::Select(choices) | Kind::Choose { choices, .. } => choices
            .iter()
            .find(|choice| choice.value == value)
            // A value that is not offered to this reader, such as the id of a unit beyond their reach.
            .map_or_else(|| cx.t(texts::as_linked()).into_owned(), |choice| cx.tr(&choice.text).to_owned()),
        Kind::Toggle => String::new(),
        Kind::Number { unit: Some(unit) } => format!("{value} {}", cx.tr(unit)),
        _ => value.to_owned(),
    }
}
