//! The data table: the same column definitions make the screen and the export.

use maud::{Markup, html};
use messages::Text;

use crate::{
    Cell, Cx, Empty, Href, Icon, RowAction, empty_state,
    export::{ExportError, Exported, Format, Sheet},
    icon, texts,
};

/// Query keys every table understands. A page must not use them for its filters.
pub mod keys {
    /// `sort=name` or `sort=-name`.
    pub const SORT: &str = "sort";
    /// `cols=a&cols=b`: the columns shown.
    pub const COLUMNS: &str = "cols";
    /// `after=…`: the cursor of the page.
    pub const AFTER: &str = "after";
    /// `format=csv|xlsx`: the export.
    pub const FORMAT: &str = "format";
    /// All of them.
    pub const ALL: [&str; 4] = [SORT, COLUMNS, AFTER, FORMAT];
}

/// Where a column's content stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Words.
    #[default]
    Start,
    /// Figures.
    End,
    /// Signs.
    Centre,
}

type MakeCell<R> = Box<dyn Fn(&Cx, &R) -> Cell + Send + Sync>;

/// One column: its key in the query string, its heading, and how a row becomes a cell.
#[must_use]
pub struct Column<R> {
    key: &'static str,
    header: Text,
    hint: Option<Text>,
    align: Align,
    sortable: bool,
    hidden: bool,
    wraps: bool,
    cell: MakeCell<R>,
}

impl<R> Column<R> {
    /// A column of words.
    pub fn new(
        key: &'static str,
        header: Text,
        cell: impl Fn(&Cx, &R) -> Cell + Send + Sync + 'static,
    ) -> Column<R> {
        Column {
            key,
            header,
            hint: None,
            align: Align::Start,
            sortable: false,
            hidden: false,
            wraps: false,
            cell: Box::new(cell),
        }
    }

    /// A column of figures, aligned at their ends.
    pub fn figures(
        key: &'static str,
        header: Text,
        cell: impl Fn(&Cx, &R) -> Cell + Send + Sync + 'static,
    ) -> Column<R> {
        Column { align: Align::End, ..Column::new(key, header, cell) }
    }

    /// The heading offers to sort. The query must honour [`TableState::sort`] for this key.
    pub fn sortable(mut self) -> Column<R> {
        self.sortable = true;
        self
    }

    /// Not shown until somebody chooses it.
    pub fn hidden(mut self) -> Column<R> {
        self.hidden = true;
        self
    }

    /// Long words may take more than one line.
    pub fn wraps(mut self) -> Column<R> {
        self.wraps = true;
        self
    }

    /// Definition, formula, unit: shown when the heading is pointed at.
    pub fn hint(mut self, hint: Text) -> Column<R> {
        self.hint = Some(hint);
        self
    }
}

/// The order of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The column's key.
    pub key: String,
    /// Largest first.
    pub descending: bool,
}

/// What the address asks of a table. Made before the query, which sorts and pages by it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableState {
    /// The order asked for; only keys in `sortable` pass.
    pub sort: Option<Sort>,
    /// The columns chosen; empty means the usual ones.
    pub columns: Vec<String>,
    /// The cursor of the page asked for.
    pub after: Option<String>,
    /// The export asked for: answer with [`Table::export`] instead of a page, from up to
    /// [`crate::EXPORT_ROWS_MAX`] rows.
    pub format: Option<Format>,
}

impl TableState {
    /// Reads an address. `sortable` lists the keys the query can sort by; any other is ignored.
    pub fn read(here: &Href, sortable: &[&str]) -> TableState {
        let sort = here.value(keys::SORT).and_then(|raw| {
            let (key, descending) = raw.strip_prefix('-').map_or((raw, false), |key| (key, true));
            sortable.contains(&key).then(|| Sort { key: key.to_owned(), descending })
        });
        TableState {
            sort,
            columns: here.values(keys::COLUMNS).map(str::to_owned).collect(),
            after: here.value(keys::AFTER).map(str::to_owned),
            format: here.value(keys::FORMAT).and_then(Format::parse),
        }
    }
}

/// How many rows there are beyond those shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Total {
    /// Not counted.
    #[default]
    Unknown,
    /// Counted, at least up to [`Cx::COUNTED_UP_TO`] + 1.
    Rows(u64),
}

type RowHref<R> = Box<dyn Fn(&R) -> Href + Send + Sync>;
type RowActions<R> = Box<dyn Fn(&R) -> Vec<RowAction> + Send + Sync>;

/// A table over rows of type `R`.
#[must_use]
pub struct Table<'r, R> {
    id: &'static str,
    caption: Text,
    columns: Vec<Column<R>>,
    rows: &'r [R],
    state: TableState,
    total: Total,
    next: Option<String>,
    row_href: Option<RowHref<R>>,
    row_actions: Option<RowActions<R>>,
    empty: Option<Empty>,
    exports: bool,
}

impl<'r, R> Table<'r, R> {
    /// A table. The id is unique on the page and names the exported file; the caption says what it lists.
    pub fn new(id: &'static str, caption: Text, columns: Vec<Column<R>>, rows: &'r [R]) -> Table<'r, R> {
        Table {
            id,
            caption,
            columns,
            rows,
            state: TableState::default(),
            total: Total::Unknown,
            next: None,
            row_href: None,
            row_actions: None,
            empty: None,
            exports: false,
        }
    }

    /// What the address asked for; the headings show it and lead on from it.
    pub fn state(mut self, state: TableState) -> Self {
        self.state = state;
        self
    }

    /// How many rows there are in all.
    pub fn total(mut self, rows: u64) -> Self {
        self.total = Total::Rows(rows);
        self
    }

    /// The cursor of the next page, if there is one.
    pub fn next(mut self, cursor: Option<String>) -> Self {
        self.next = cursor;
        self
    }

    /// Where a row leads: its first cell links there, and `j`, `k`, Enter walk the rows.
    pub fn row_href(mut self, href: impl Fn(&R) -> Href + Send + Sync + 'static) -> Self {
        self.row_href = Some(Box::new(href));
        self
    }

    /// What can be done to a row, in a last column.
    pub fn row_actions(mut self, actions: impl Fn(&R) -> Vec<RowAction> + Send + Sync + 'static) -> Self {
        self.row_actions = Some(Box::new(actions));
        self
    }

    /// What to show when there is nothing at all. With filters set, the table says instead that nothing matches.
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = Some(empty);
        self
    }

    /// Offers the export.
    pub fn exports(mut self) -> Self {
        self.exports = true;
        self
    }

    fn shown_columns(&self) -> Vec<&Column<R>> {
        let chosen: Vec<&Column<R>> = self
            .columns
            .iter()
            .filter(|column| self.state.columns.iter().any(|key| key == column.key))
            .collect();
        if chosen.is_empty() { self.columns.iter().filter(|column| !column.hidden).collect() } else { chosen }
    }

    /// Exactly what is shown — columns, order, values — as a sheet.
    pub fn sheet(&self, cx: &Cx) -> Sheet {
        let columns = self.shown_columns();
        Sheet {
            name: cx.tr(&self.caption).to_owned(),
            headers: columns.iter().map(|column| cx.tr(&column.header).to_owned()).collect(),
            rows: self
                .rows
                .iter()
                .map(|row| columns.iter().map(|column| (column.cell)(cx, row).value().clone()).collect())
                .collect(),
        }
    }

    /// Exactly what is shown as a file.
    ///
    /// # Errors
    /// More rows than [`crate::EXPORT_ROWS_MAX`], or the workbook could not be written.
    pub fn export(&self, cx: &Cx, format: Format) -> Result<Exported, ExportError> {
        self.sheet(cx).write(cx, self.id, format)
    }
}

/// The table with its tools above and its paging below. On a phone it scrolls sideways under a fixed first column.
pub fn table<R>(cx: &Cx, table: &Table<'_, R>) -> Markup {
    if table.rows.is_empty() && table.state.after.is_none() {
        return html! { div.table-block id=(table.id) { (nothing(cx, table)) } };
    }
    let columns = table.shown_columns();
    html! {
        div.table-block id=(table.id) {
            (tools(cx, table))
            div.table-scroll tabindex="0" role="region" aria-label=(cx.tr(&table.caption)) {
                table.data {
                    caption.sr { (cx.tr(&table.caption)) }
                    thead {
                        tr {
                            @for column in &columns { (heading(cx, table, column)) }
                            @if table.row_actions.is_some() { th.actions scope="col" { span.sr { (cx.t(texts::actions())) } } }
                        }
                    }
                    tbody { @for row in table.rows { (body_row(cx, table, &columns, row)) } }
                }
            }
            (paging(cx, table))
        }
    }
}

fn body_row<R>(cx: &Cx, table: &Table<'_, R>, columns: &[&Column<R>], row: &R) -> Markup {
    let href = table.row_href.as_ref().map(|href| href(row));
    html! {
        tr data-row[href.is_some()] {
            @for (at, column) in columns.iter().enumerate() {
                @let cell = (column.cell)(cx, row);
                @if at == 0 {
                    th.wraps[column.wraps] scope="row" {
                        @if let Some(href) = &href { (cell.indent()) a data-row-link href=(href) { (cell.content(cx)) } }
                        @else { (cell.markup(cx)) }
                    }
                } @else {
                    td.(align_class(column.align)).wraps[column.wraps] { (cell.markup(cx)) }
                }
            }
            @if let Some(actions) = &table.row_actions {
                td.actions {
                    div.row-actions {
                        @for action in actions(row) {
                            a.icon-button href=(action.href) title=(cx.tr(&action.text)) aria-label=(cx.tr(&action.text)) { (icon(action.icon)) }
                        }
                    }
                }
            }
        }
    }
}

const fn align_class(align: Align) -> &'static str {
    match align {
        Align::Start => "start",
        Align::End => "end",
        Align::Centre => "centre",
    }
}

fn heading<R>(cx: &Cx, table: &Table<'_, R>, column: &Column<R>) -> Markup {
    let label = cx.tr(&column.header);
    let hint = column.hint.as_ref().map(|hint| cx.tr(hint));
    let sorted = table.state.sort.as_ref().filter(|sort| sort.key == column.key).map(|sort| sort.descending);
    // The first click sorts words upwards and figures downwards: the large ones are what one looks for.
    let then_descending = sorted.map_or(column.align == Align::End, |descending| !descending);
    let value = format!("{}{}", if then_descending { "-" } else { "" }, column.key);
    html! {
        th scope="col" class=(align_class(column.align)) title=[hint]
            aria-sort=[sorted.map(|descending| if descending { "descending" } else { "ascending" })] {
            @if column.sortable {
                a.sort href=(cx.here.clone().without(keys::AFTER).without(keys::FORMAT).with(keys::SORT, value)) title=[hint.is_none().then(|| cx.t(texts::sort_by(label)))] {
                    (label)
                    span.sort-sign aria-hidden="true" {
                        @match sorted { Some(true) => "▼", Some(false) => "▲", None => "⇅" }
                    }
                }
            } @else { (label) }
        }
    }
}

fn tools<R>(cx: &Cx, table: &Table<'_, R>) -> Markup {
    let shown = cx.count(i128::try_from(table.rows.len()).unwrap_or_default());
    let says = match table.total {
        Total::Rows(total) if table.next.is_none() && table.state.after.is_none() => {
            texts::rows_total(&cx.count_capped(total))
        }
        Total::Rows(total) => texts::rows_shown(&shown, &cx.count_capped(total)),
        Total::Unknown => texts::rows_shown_only(&shown),
    };
    html! {
        div.table-tools {
            p.table-count { (cx.t(says)) }
            div.table-buttons {
                @if table.columns.len() > 3 { (column_choice(cx, table)) }
                @if table.exports { (export_menu(cx)) }
            }
        }
    }
}

fn column_choice<R>(cx: &Cx, table: &Table<'_, R>) -> Markup {
    let shown = table.shown_columns();
    html! {
        details.menu data-menu {
            summary.tool { (icon(Icon::Columns)) (cx.t(texts::columns())) }
            form.menu-list.menu-form method="get" action=(cx.here.path()) aria-label=(cx.t(texts::show_columns())) {
                @for (key, value) in cx.here.query() {
                    @if key != keys::COLUMNS && key != keys::FORMAT { input type="hidden" name=(key) value=(value); }
                }
                @for column in &table.columns {
                    label.check {
                        input type="checkbox" name=(keys::COLUMNS) value=(column.key)
                            checked[shown.iter().any(|other| other.key == column.key)];
                        span { (cx.tr(&column.header)) }
                    }
                }
                button.btn.btn-primary.btn-sm type="submit" { (cx.t(texts::apply())) }
            }
        }
    }
}

fn export_menu(cx: &Cx) -> Markup {
    let href = |format: Format| cx.here.clone().without(keys::AFTER).with(keys::FORMAT, format.name());
    html! {
        details.menu data-menu {
            summary.tool { (icon(Icon::Export)) (cx.t(texts::export())) }
            div.menu-list {
                a href=(href(Format::Xlsx)) download { (cx.t(texts::export_xlsx())) }
                a href=(href(Format::Csv)) download { (cx.t(texts::export_csv())) }
            }
        }
    }
}

fn paging<R>(cx: &Cx, table: &Table<'_, R>) -> Markup {
    html! {
        @if table.next.is_some() || table.state.after.is_some() {
            nav.paging aria-label=(cx.t(texts::paging())) {
                @if table.state.after.is_some() {
                    a.btn.btn-sm href=(cx.here.clone().without(keys::AFTER)) { (icon(Icon::Left)) (cx.t(texts::first_page())) }
                }
                @if let Some(next) = &table.next {
                    a.btn.btn-sm rel="next" href=(cx.here.clone().with(keys::AFTER, next)) { (cx.t(texts::next_page())) (icon(Icon::Right)) }
                }
            }
        }
    }
}

fn nothing<R>(cx: &Cx, table: &Table<'_, R>) -> Markup {
    let filtered = cx
        .here
        .query()
        .iter()
        .any(|(key, value)| !value.trim().is_empty() && !keys::ALL.contains(&key.as_str()));
    match &table.empty {
        Some(empty) if !filtered => empty_state(cx, empty),
        _ => empty_state(
            cx,
            &Empty::new(Icon::Search, texts::no_match_title(), texts::no_match_hint())
                .action(texts::clear_all(), cx.here.clone().bare()),
        ),
    }
}
