//! Components: what they show, and that nothing typed is lost.

use kernel::Time;
use maud::{Markup, html};
use messages::{Lang, Text};
use proptest::prelude::*;
use ui::{
    Cell, Choice, Column, Cx, Empty, Field, FieldErrors, FilterBar, Form, Format, Href, Icon, Mark, MarkKind,
    Table, TableState, Value, Values, table,
};

/// One tag a line, so that a changed snapshot is read easily; hashed asset names become plain.
fn lines(markup: Markup) -> String {
    let text = markup.into_string().replace("><", ">\n<");
    ["app.css", "app.js", "favicon.svg"]
        .iter()
        .fold(text, |text, name| text.replace(&ui::assets::asset_url(name), &format!("/assets/{name}")))
}

struct Row {
    name: &'static str,
    calls: i64,
    uptake: Option<f64>,
}

const ROWS: [Row; 3] = [
    Row { name: "林晓燕", calls: 12_345, uptake: Some(0.834) },
    Row { name: "=1+1", calls: 7, uptake: None },
    Row { name: "<b>", calls: 0, uptake: Some(f64::NAN) },
];

fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("name", Text::fixed("姓名", "Name"), |_, row: &Row| Cell::words(row.name)).sortable(),
        Column::figures("calls", Text::fixed("会话数", "Conversations"), |_, row: &Row| {
            Cell::count(row.calls)
        })
        .sortable(),
        Column::figures("uptake", Text::fixed("使用率", "Uptake"), |_, row: &Row| {
            row.uptake.map_or_else(Cell::empty, |ratio| Cell::percent(ratio).note("n=9").greyed(true))
        })
        .hint(Text::fixed("做到 ÷ 适用", "shown ÷ applicable")),
        Column::new("team", Text::fixed("班组", "Team"), |_, _: &Row| Cell::words("一组")).hidden(),
    ]
}

fn at(query: &str) -> Cx {
    Cx { here: Href::of_request("/people", Some(query)), ..Cx::sample(Lang::En) }
}

fn list<'r>(cx: &Cx, rows: &'r [Row]) -> Table<'r, Row> {
    Table::new("people", Text::fixed("人员", "People"), columns(), rows)
        .state(TableState::read(&cx.here, &["name", "calls"]))
        .row_href(|row| Href::new("/people").segment(row.name))
        .empty(Empty::new(
            Icon::People,
            Text::fixed("还没有", "Nobody yet"),
            Text::fixed("先导入", "Import first"),
        ))
        .exports()
}

#[test]
fn a_table_keeps_filters_in_its_links_and_shows_what_was_asked_for() {
    let cx = at("team=2&sort=-calls&cols=name&cols=calls&after=x9");
    let shown = table(&cx, &list(&cx, &ROWS).total(61_408).next(Some("c2".to_owned()))).into_string();
    assert!(shown.contains("3 of 10,000+"), "{shown}");
    assert!(shown.contains("aria-sort=\"descending\""), "{shown}");
    // Sorting again turns round, keeps the filter and the columns, and begins at the first page.
    assert!(shown.contains("/people?team=2&amp;sort=calls&amp;cols=name&amp;cols=calls\""), "{shown}");
    assert!(shown.contains(
        "rel=\"next\" href=\"/people?team=2&amp;sort=-calls&amp;cols=name&amp;cols=calls&amp;after=c2\""
    ));
    assert!(!shown.contains("shown ÷ applicable"), "a column that was not chosen: {shown}");
    insta::assert_snapshot!(lines(table(&cx, &list(&cx, &ROWS).total(3))));
}

#[test]
fn an_empty_table_teaches_and_a_filtered_one_says_that_nothing_matches() {
    let check = |query: &str, expected: &str| {
        let cx = at(query);
        let shown = table(&cx, &list(&cx, &[])).into_string();
        assert!(shown.contains(expected), "{query}: {shown}");
    };
    check("", "Nobody yet");
    check("sort=name", "Nobody yet");
    check("team=", "Nobody yet");
    check("team=2", "Nothing matches");
}

#[test]
fn unknown_sort_keys_and_formats_are_ignored() {
    let state = |query: &str| TableState::read(&at(query).here, &["name"]);
    assert_eq!(state("sort=password").sort, None);
    assert_eq!(state("sort=--name").sort, None);
    assert!(state("sort=-name").sort.is_some_and(|sort| sort.descending && sort.key == "name"));
    assert_eq!(state("format=exe").format, None);
    assert_eq!(state("format=xlsx").format, Some(Format::Xlsx));
}

#[test]
fn the_export_holds_what_is_shown() {
    let cx = at("cols=name&cols=uptake");
    let file = list(&cx, &ROWS).export(&cx, Format::Csv).unwrap();
    assert_eq!(file.file_name, "people-20260302-1620.csv");
    let text = String::from_utf8(file.bytes).unwrap();
    assert_eq!(text, "\u{FEFF}Name,Uptake\r\n林晓燕,0.834\r\n'=1+1,\r\n<b>,\r\n");
}

#[test]
fn a_workbook_types_its_cells() {
    use calamine::{Data, Reader, Xlsx};
    let cx = at("");
    let file = list(&cx, &ROWS).export(&cx, Format::Xlsx).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(file.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let rows: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
    let words = |text: &str| Data::String(text.to_owned());
    assert_eq!(rows[0], [words("Name"), words("Conversations"), words("Uptake")]);
    assert_eq!(rows[1], [words("林晓燕"), Data::Float(12_345.0), Data::Float(0.834)]);
    assert_eq!(rows[2][0], words("=1+1"), "a string cell is never run, so it stays as typed");
    assert_eq!(rows[2][2], Data::Empty);
    assert_eq!(rows[3], [words("<b>"), Data::Float(0.0), Data::Empty]);
}

#[test]
fn too_many_rows_are_refused_with_a_message() {
    let sheet =
        ui::Sheet { name: String::new(), headers: vec![], rows: vec![vec![]; ui::EXPORT_ROWS_MAX + 1] };
    let cx = at("");
    let error = sheet.write(&cx, "x", Format::Csv).unwrap_err();
    assert!(error.text(&cx).is_some_and(|text| text.en.contains("100,000")), "{error}");
}

fn fields() -> Vec<Field> {
    vec![
        Field::text("name", Text::fixed("名称", "Name")).required().hint(Text::fixed("短名", "A short one")),
        Field::secret("password", Text::fixed("密码", "Password")),
        Field::area("rule", Text::fixed("规则", "Rule"), 3),
        Field::checks(
            "lines",
            Text::fixed("业务线", "Lines"),
            vec![Choice::new("a", Text::fixed("甲", "A")), Choice::new("b", Text::fixed("乙", "B"))],
        ),
    ]
}

#[test]
fn a_failed_form_comes_back_with_everything_typed_but_the_password() {
    let values = Values::parse("name=%3Cb%3E&password=geheim&rule=%0Aone%0Atwo&lines=b&version=4");
    let mut errors = FieldErrors::new();
    errors.add("name", Text::fixed("“<b>” 含有尖括号。", "“<b>” has angle brackets."));
    errors.add("gone", Text::fixed("没有这个字段。", "There is no such field."));
    let view = Form::new(Href::new("/x"), &values, &errors, Text::fixed("保存", "Save")).version(4);
    let shown = ui::form(&at(""), &view, &fields());
    insta::assert_snapshot!(lines(shown.clone()));
    let shown = shown.into_string();
    assert!(!shown.contains("geheim"), "{shown}");
    // HTML swallows the first line break of a text area: two must be written for one to stay.
    assert!(shown.contains(">\n\none\ntwo</textarea>"), "{shown}");
    assert!(shown.contains("aria-describedby=\"field-name-hint field-name-error\""), "{shown}");
    assert!(shown.contains("There is no such field."), "{shown}");
    assert_eq!(values.version(), Some(4));
}

#[test]
fn a_conflict_shows_both_sides() {
    let view = ui::EditConflict {
        who: "陈思雨".to_owned(),
        at: Time(0),
        differences: vec![ui::Difference {
            label: Text::fixed("目标值", "Target"),
            theirs: "80".to_owned(),
            yours: "<85>".to_owned(),
        }],
        latest: Href::new("/x"),
    };
    insta::assert_snapshot!(lines(ui::edit_conflict(&at(""), &view)));
}

#[test]
fn filters_show_what_is_set_and_how_to_take_it_away() {
    let cx = at("team=2&q=退订&sort=name&after=x&page=7");
    let bar = FilterBar::new()
        .search("q", Text::fixed("内容", "Words"))
        .select("team", Text::fixed("班组", "Team"), vec![Choice::new("2", Text::fixed("二组", "Team two"))])
        .number("least", Text::fixed("不少于", "At least"), Some(Text::fixed("秒", "s")))
        .toggle("gap", Text::fixed("有短板", "With gaps"));
    insta::assert_snapshot!(lines(ui::filter_bar(&cx, &bar)));
}

#[test]
fn marks_carry_their_reasons() {
    let mark = |start, end, kind, label: &str| Mark {
        start,
        end,
        kind,
        label: label.to_owned(),
        reason: "没人来".to_owned(),
    };
    let marks = [
        mark(0, 4, MarkKind::Applies, "先安抚"),
        mark(2, 6, MarkKind::Breach, "不推诿"),
        mark(90, 99, MarkKind::Shown, "远"),
    ];
    insta::assert_snapshot!(lines(ui::marked(&Cx::sample(Lang::Zh), "甲乙丙<丁戊己", &marks)));
}

#[test]
fn the_shell_of_a_small_page() {
    let cx = Cx {
        toasts: vec![ui::Toast {
            tone: ui::Tone::Good, text: Text::fixed("已保存", "Saved"), action: None
        }],
        ..at("")
    };
    let page = ui::Page::new(Text::fixed("人员", "People"), html! { p { "…" } })
        .crumb(Text::fixed("组织", "Units"), Href::new("/units"));
    insta::assert_snapshot!(lines(ui::shell(&cx, &page)));
}

/// What a person sees of a marked text: without tags, signs and words for screen readers.
fn visible(markup: Markup) -> String {
    let mut html = markup.into_string();
    for hidden in ["<span class=\"mark-sign\"", "<span class=\"sr\""] {
        while let Some(begin) = html.find(hidden) {
            let end = html[begin..].find("</span>").map_or(html.len(), |at| at + begin + "</span>".len());
            html.replace_range(begin..end, "");
        }
    }
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

proptest! {
    #[test]
    fn marking_never_changes_the_words(text in ".{0,60}", spans in prop::collection::vec((0usize..70, 0usize..70, 0usize..4), 0..8)) {
        let marks: Vec<Mark> = spans
            .into_iter()
            .map(|(start, end, kind)| Mark { start, end, kind: MarkKind::ALL[kind], label: "x".to_owned(), reason: String::new() })
            .collect();
        prop_assert_eq!(visible(ui::marked(&Cx::sample(Lang::En), &text, &marks)), text);
    }

    #[test]
    fn no_csv_cell_begins_a_formula_and_the_words_survive(cells in prop::collection::vec("[-=+@\t\r\n\"',;＝a中 ]{0,6}|\\PC{0,12}", 1..6)) {
        let sheet = ui::Sheet {
            name: String::new(),
            headers: cells.iter().map(|_| "h".to_owned()).collect(),
            rows: vec![cells.iter().cloned().map(Value::Words).collect()],
        };
        let bytes = sheet.csv(&Cx::sample(Lang::En), false).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(bytes.as_slice());
        let record = reader.records().next().transpose().unwrap().unwrap_or_default();
        prop_assert_eq!(record.len(), cells.len());
        for (read, typed) in record.iter().zip(&cells) {
            prop_assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{:?}", read);
            let unled = read.strip_prefix('\'').filter(|_| !typed.starts_with('\'')).unwrap_or(read);
            prop_assert_eq!(unled, typed.as_str());
        }
    }

    #[test]
    fn an_address_comes_back_as_it_went_in(pairs in prop::collection::vec(("[a-z]{1,4}", "\\PC{0,12}"), 0..5)) {
        let href = pairs.iter().fold(Href::new("/x"), |href, (key, value)| href.also(key, value));
        let back = Href::parse(&href.to_string());
        prop_assert_eq!(back.query(), href.query());
    }
}
