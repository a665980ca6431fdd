//! Forms that lose nothing: what was typed comes back with the errors beside it (status 422), a draft is kept
//! in the browser, and a second person's change is shown beside one's own.

use kernel::Time;
use maud::{Markup, html};
use messages::{Problem, Text};

use crate::{Cx, Href, Icon, icon, texts};

/// The field that carries the version one began to edit.
pub const VERSION_FIELD: &str = "version";

/// What somebody typed: pairs as they came, so that nothing is lost by being parsed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values(Vec<(String, String)>);

impl Values {
    /// Pairs in their order; a name may come more than once.
    pub fn new(pairs: Vec<(String, String)>) -> Values {
        Values(pairs)
    }

    /// Reads an `application/x-www-form-urlencoded` body; what cannot be read is left out.
    pub fn parse(body: &str) -> Values {
        Values(serde_urlencoded::from_str(body).unwrap_or_default())
    }

    /// One more pair: for filling a form from what is stored.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Values {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// The first value of a name, as typed; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// The first value of a name without blanks around it; `None` when nothing is left.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|value| !value.is_empty())
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether a check box or one of several choices was on.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|held| held == value)
    }

    /// The version one began to edit; `None` when the form carries none.
    pub fn version(&self) -> Option<i64> {
        self.get(VERSION_FIELD).parse().ok()
    }

    /// The pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// What is wrong with a form, field by field. The empty field name stands for the form as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldErrors(Vec<(String, Text)>);

impl FieldErrors {
    /// Nothing wrong yet.
    pub fn new() -> FieldErrors {
        FieldErrors::default()
    }

    /// One more; the message says the value and what to do.
    pub fn add(&mut self, field: impl Into<String>, message: Text) {
        self.0.push((field.into(), message));
    }

    /// The first message for a field.
    pub fn get(&self, field: &str) -> Option<&Text> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, text)| text)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.0.iter().map(|(field, text)| (field.as_str(), text))
    }

    /// `Ok` with the value if nothing is wrong.
    ///
    /// # Errors
    /// Itself, if something is.
    pub fn or<T>(self, value: T) -> Result<T, FieldErrors> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<&Problem> for FieldErrors {
    fn from(problem: &Problem) -> FieldErrors {
        if problem.fields.is_empty() {
            FieldErrors(vec![(String::new(), problem.text.clone())])
        } else {
            FieldErrors(problem.fields.clone())
        }
    }
}

/// One of several values to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: Text,
    /// One more line to read, where there is room.
    pub hint: Option<Text>,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, text: Text) -> Choice {
        Choice { value: value.into(), text, hint: None }
    }

    /// The same with one more line.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Choice {
        self.hint = Some(hint);
        self
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Control {
    Text,
    Secret,
    Email,
    Number,
    Day,
    Moment,
    Area { rows: u8, code: bool },
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    Checks(Vec<Choice>),
    Check,
    File { accept: &'static str },
}

/// One field: label above, hint, error beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Field {
    name: String,
    label: Text,
    control: Control,
    hint: Option<Text>,
    placeholder: Option<Text>,
    required: bool,
    autocomplete: Option<&'static str>,
    max_length: u32,
    unit: Option<Text>,
    autofocus: bool,
}

impl Field {
    /// A line of words is enough for names and codes, and bounds what a form can send.
    const LINE_CHARS_MAX: u32 = 500;
    /// A text area takes a whole rule or note.
    const AREA_CHARS_MAX: u32 = 100_000;

    fn of(name: &str, label: Text, control: Control) -> Field {
        let max_length =
            if matches!(control, Control::Area { .. }) { Self::AREA_CHARS_MAX } else { Self::LINE_CHARS_MAX };
        Field {
            name: name.to_owned(),
            label,
            control,
            hint: None,
            placeholder: None,
            required: false,
            autocomplete: None,
            max_length,
            unit: None,
            autofocus: false,
        }
    }

    /// A line of words.
    pub fn text(name: &str, label: Text) -> Field {
        Field::of(name, label, Control::Text)
    }
    /// A password: never sent back, so it alone must be typed again.
    pub fn secret(name: &str, label: Text) -> Field {
        Field::of(name, label, Control::Secret)
    }
    /// An e-mail address.
    pub fn email(name: &str, label: Text) -> Field {
        Field::of(name, label, Control::Email)
    }
    /// A number.
    pub fn number(name: &str, label: Text) -> Field {
        Field::of(name, label, Control::Number)
    }
    /// A day.
    pub fn day(name: &str, label: Text) -> Field {
        Field::of(name, label, Control::Day)
    }
    /// A moment, to the minute, at the site.
    pub fn moment(name: &str, label: Text) -> Field {
        Field::of(name, label, Control::Moment)
    }
    /// Several lines.
    pub fn area(name: &str, label: Text, rows: u8) -> Field {
        Field::of(name, label, Control::Area { rows, code: false })
    }
    /// Several lines in letters of one width: rules, queries.
    pub fn code(name: &str, label: Text, rows: u8) -> Field {
        Field::of(name, label, Control::Area { rows, code: true })
    }
    /// One of many values.
    pub fn select(name: &str, label: Text, choices: Vec<Choice>) -> Field {
        Field::of(name, label, Control::Select(choices))
    }
    /// One of a few values, all of them to be read.
    pub fn radios(name: &str, label: Text, choices: Vec<Choice>) -> Field {
        Field::of(name, label, Control::Radios(choices))
    }
    /// Any of several values.
    pub fn checks(name: &str, label: Text, choices: Vec<Choice>) -> Field {
        Field::of(name, label, Control::Checks(choices))
    }
    /// Yes or no; yes is sent as `1`.
    pub fn check(name: &str, label: Text) -> Field {
        Field::of(name, label, Control::Check)
    }
    /// A file, with the kinds taken as for HTML's `accept`. The form must be `multipart`.
    pub fn file(name: &str, label: Text, accept: &'static str) -> Field {
        Field::of(name, label, Control::File { accept })
    }

    /// What to know before typing.
    pub fn hint(mut self, hint: Text) -> Field {
        self.hint = Some(hint);
        self
    }
    /// An example inside the empty field.
    pub fn placeholder(mut self, example: Text) -> Field {
        self.placeholder = Some(example);
        self
    }
    /// Must be filled in.
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }
    /// HTML's `autocomplete`: `username`, `current-password`, `off` …
    pub fn autocomplete(mut self, kind: &'static str) -> Field {
        self.autocomplete = Some(kind);
        self
    }
    /// At most so many characters.
    pub fn max_length(mut self, characters: u32) -> Field {
        self.max_length = characters;
        self
    }
    /// The unit, after the field.
    pub fn unit(mut self, unit: Text) -> Field {
        self.unit = Some(unit);
        self
    }
    /// The cursor starts here.
    pub fn autofocus(mut self) -> Field {
        self.autofocus = true;
        self
    }
}

/// A form: where it goes, what was typed, what is wrong.
#[derive(Debug, Clone)]
#[must_use]
pub struct Form<'f> {
    action: Href,
    values: &'f Values,
    errors: &'f FieldErrors,
    version: Option<i64>,
    draft: Option<String>,
    multipart: bool,
    submit: Text,
    others: Vec<(Text, Href)>,
    cancel: Option<Href>,
    danger: bool,
}

impl<'f> Form<'f> {
    /// A form that posts to `action`; the button says what it does.
    pub fn new(action: Href, values: &'f Values, errors: &'f FieldErrors, submit: Text) -> Form<'f> {
        Form {
            action,
            values,
            errors,
            version: None,
            draft: None,
            multipart: false,
            submit,
            others: Vec::new(),
            cancel: None,
            danger: false,
        }
    }

    /// The stored version one edits; comes back as [`Values::version`].
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Keeps a draft in the browser under this key (`behaviour-rule-17`), and warns before leaving. Not for
    /// forms that hold customers' words.
    pub fn draft(mut self, key: impl Into<String>) -> Self {
        self.draft = Some(key.into());
        self
    }

    /// Takes files.
    pub fn multipart(mut self) -> Self {
        self.multipart = true;
        self
    }

    /// One more button, which sends the same form elsewhere: “save” beside “try”.
    pub fn also(mut self, submit: Text, action: Href) -> Self {
        self.others.push((submit, action));
        self
    }

    /// A way back beside the button.
    pub fn cancel(mut self, href: Href) -> Self {
        self.cancel = Some(href);
        self
    }

    /// The button does what cannot be undone.
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

/// The whole form: what is wrong, the fields, anything more, and its button.
pub fn form(cx: &Cx, view: &Form<'_>, fields: &[Field]) -> Markup {
    form_around(cx, view, fields, &html! { @for item in fields { (field(cx, view, item)) } })
}

/// The form around a body that places its [`field`]s itself. `fields` names them for the summary of errors.
pub fn form_around(cx: &Cx, view: &Form<'_>, fields: &[Field], body: &Markup) -> Markup {
    html! {
        form.form method="post" action=(view.action) data-draft=[view.draft.as_ref()]
            enctype=[view.multipart.then_some("multipart/form-data")] novalidate {
            (error_summary(cx, view.errors, fields))
            @if let Some(version) = view.version { input type="hidden" name=(VERSION_FIELD) value=(version); }
            (body)
            div.form-buttons {
                button.btn.btn-primary[!view.danger].btn-danger[view.danger] type="submit" { (cx.tr(&view.submit)) }
                @for (submit, action) in &view.others { button.btn type="submit" formaction=(action) { (cx.tr(submit)) } }
                @if let Some(cancel) = &view.cancel { a.btn href=(cancel) { (cx.t(texts::cancel())) } }
            }
        }
    }
}

/// What is wrong, in one place above the form, each line leading to its field.
pub fn error_summary(cx: &Cx, errors: &FieldErrors, fields: &[Field]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.notice.bad role="alert" tabindex="-1" data-focus {
                (icon(Icon::Warning))
                div {
                    strong { (cx.t(texts::errors_title(errors.0.len()))) }
                    ul {
                        @for (name, text) in errors.iter() {
                            li {
                                @match fields.iter().find(|field| field.name == name) {
                                    Some(field) => { a href={ "#" (field_id(name)) } { (cx.tr(&field.label)) } (cx.t(texts::colon())) (cx.tr(text)) },
                                    None => (cx.tr(text)),
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn field_id(name: &str) -> String {
    format!("field-{name}")
}

/// The ids that describe a control: its hint and its error.
fn described_by(view: &Form<'_>, field: &Field) -> Option<String> {
    let id = field_id(&field.name);
    let hint = field.hint.as_ref().map(|_| format!("{id}-hint"));
    let error = view.errors.get(&field.name).map(|_| format!("{id}-error"));
    let ids: Vec<String> = hint.into_iter().chain(error).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// One field with its label, hint and error.
pub fn field(cx: &Cx, view: &Form<'_>, field: &Field) -> Markup {
    let id = field_id(&field.name);
    let error = view.errors.get(&field.name);
    let grouped = matches!(field.control, Control::Radios(_) | Control::Checks(_));
    let note = html! {
        @if let Some(hint) = &field.hint { p.hint id={ (id) "-hint" } { (cx.tr(hint)) } }
    };
    let trouble = html! {
        @if let Some(error) = error { p.field-error id={ (id) "-error" } { (icon(Icon::Warning)) span { (cx.tr(error)) } } }
    };
    let label = html! {
        (cx.tr(&field.label))
        @if field.required { span.required title=(cx.t(texts::required())) { " *" span.sr { " (" (cx.t(texts::required())) ")" } } }
    };
    html! {
        @if grouped {
            fieldset.field.in-error[error.is_some()] id=(id) tabindex="-1" aria-describedby=[described_by(view, field)] {
                legend { (label) } (note) (choices(cx, view, field)) (trouble)
            }
        } @else if field.control == Control::Check {
            div.field.in-error[error.is_some()] { (check(cx, view, field)) (note) (trouble) }
        } @else {
            div.field.in-error[error.is_some()] {
                label for=(id) { (label) }
                (note)
                div.control {
                    (control(cx, view, field))
                    @if let Some(unit) = &field.unit { span.unit { (cx.tr(unit)) } }
                }
                (trouble)
            }
        }
    }
}

fn control(cx: &Cx, view: &Form<'_>, field: &Field) -> Markup {
    let id = field_id(&field.name);
    let value = view.values.get(&field.name);
    let described = described_by(view, field);
    let invalid = view.errors.get(&field.name).map(|_| "true");
    let placeholder = field.placeholder.as_ref().map(|text| cx.tr(text));
    let line = |kind: &str, value: &str, width: &str| {
        html! {
            input.form-control.(width) id=(id) type=(kind) name=(field.name) value=(value) required[field.required]
                maxlength=[matches!(kind, "text" | "password" | "email").then_some(field.max_length)]
                step=[(kind == "number").then_some("any")] placeholder=[placeholder] autocomplete=[field.autocomplete]
                autofocus[field.autofocus] aria-describedby=[&described] aria-invalid=[invalid];
        }
    };
    match &field.control {
        Control::Secret => line("password", "", "wide"),
        Control::Email => line("email", value, "wide"),
        Control::Number => line("number", value, "narrow"),
        Control::Day => line("date", value, "medium"),
        Control::Moment => line("datetime-local", value, "medium"),
        Control::Area { rows, code } => html! {
            textarea.form-control.code[*code] id=(id) name=(field.name) rows=(rows) required[field.required]
                maxlength=(field.max_length) placeholder=[placeholder] spellcheck=[code.then_some("false")]
                aria-describedby=[&described] aria-invalid=[invalid] {
                // A first line break would be swallowed by the reader of the document: one more keeps it.
                @if value.starts_with('\n') { "\n" }
                (value)
            }
        },
        Control::Select(choices) => html! {
            select.form-select id=(id) name=(field.name) required[field.required] aria-describedby=[&described] aria-invalid=[invalid] {
                @if !field.required || value.is_empty() { option value="" { "—" } }
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == value] { (cx.tr(&choice.text)) }
                }
            }
        },
        Control::File { accept } => html! {
            input.form-control id=(id) type="file" name=(field.name) accept=(accept) required[field.required]
                aria-describedby=[&described] aria-invalid=[invalid];
        },
        Control::Text | Control::Radios(_) | Control::Checks(_) | Control::Check => {
            line("text", value, "wide")
        }
    }
}

fn choices(cx: &Cx, view: &Form<'_>, field: &Field) -> Markup {
    let (kind, choices) = match &field.control {
        Control::Radios(choices) => ("radio", choices),
        Control::Checks(choices) => ("checkbox", choices),
        _ => return Markup::default(),
    };
    html! {
        div.choices {
            @for choice in choices {
                label.check {
                    input type=(kind) name=(field.name) value=(choice.value) checked[view.values.has(&field.name, &choice.value)];
                    span {
                        (cx.tr(&choice.text))
                        @if let Some(hint) = &choice.hint { small { (cx.tr(hint)) } }
                    }
                }
            }
        }
    }
}

fn check(cx: &Cx, view: &Form<'_>, field: &Field) -> Markup {
    html! {
        label.check {
            input id=(field_id(&field.name)) type="checkbox" name=(field.name) value="1"
                checked[view.values.has(&field.name, "1")] aria-describedby=[described_by(view, field)]
                aria-invalid=[view.errors.get(&field.name).map(|_| "true")];
            span { (cx.tr(&field.label)) }
        }
    }
}

/// One field that differs when two people edited the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field's label.
    pub label: Text,
    /// What is stored now.
    pub theirs: String,
    /// What this reader typed.
    pub yours: String,
}

/// A newer version was saved while this one was edited. Shown above the form, which keeps what was typed and
/// carries the newer version, so that saving again is a decision and not an accident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditConflict {
    /// Who saved it.
    pub who: String,
    /// When.
    pub at: Time,
    /// What differs.
    pub differences: Vec<Difference>,
    /// The page with the stored version.
    pub latest: Href,
}

/// The banner of an edit conflict. Answer 409 with it above the same form.
pub fn edit_conflict(cx: &Cx, view: &EditConflict) -> Markup {
    html! {
        section.notice.warn.conflict role="alert" tabindex="-1" data-focus {
            (icon(Icon::Warning))
            div {
                h2 { (cx.t(texts::conflict_title())) }
                p { (cx.t(texts::conflict_by(&view.who, &cx.time(view.at)))) }
                @if !view.differences.is_empty() {
                    div.table-scroll {
                        table.data.compare {
                            thead { tr {
                                th scope="col" { (cx.t(texts::conflict_field())) }
                                th scope="col" { (cx.t(texts::conflict_theirs())) }
                                th scope="col" { (cx.t(texts::conflict_yours())) }
                            } }
                            tbody {
                                @for item in &view.differences {
                                    tr {
                                        th scope="row" { (cx.tr(&item.label)) }
                                        td.wraps.theirs { (item.theirs) }
                                        td.wraps.yours { (item.yours) }
                                    }
                                }
                            }
                        }
                    }
                }
                p { a.btn.btn-sm href=(view.latest) { (cx.t(texts::conflict_take_theirs())) } }
            }
        }
    }
}
