//! The scenario editor: what is typed is checked, played through its tests and tried before it goes live.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use inspection::Diagnostic;
use maud::{Markup, html};
use messages::Lang;
use ui::{
    Cell, Column, Cx, Difference, EditConflict, Field, FieldErrors, Form as View, Href, Page, Table, Tone,
    Values,
};
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{Head, Version, VersionState, href, pages::tests_table, service::NEW};
use crate::{
    Drills,
    permission::DrillsPermission as May,
    practice,
    problem::{DrillError, Result},
    texts,
};

const SCRIPT: &str = "script";
const NOTE: &str = "note";

pub(crate) fn routes() -> Routes<Drills> {
    Routes::new()
        .get("/scenarios/new", May::EditScenarios, new_page)
        .get("/scenarios/{name}/{lang}/edit", May::EditScenarios, edit_page)
        .post("/scenarios/{name}/{lang}/check", May::EditScenarios, check)
        .post("/scenarios/{name}/{lang}/draft", May::EditScenarios, save_draft)
        .post("/scenarios/{name}/{lang}/try", May::EditScenarios, try_out)
        .post("/scenarios/{name}/{lang}/publish", May::EditScenarios, publish)
}

fn fields() -> [Field; 2] {
    [
        Field::code(SCRIPT, texts::script(), 28).hint(texts::script_hint()).required(),
        Field::text(NOTE, texts::note()).hint(texts::note_hint()),
    ]
}

/// The editor with what was typed, what is wrong, and what it led to.
struct Shown<'s> {
    path: (&'s str, &'s str),
    version: i64,
    values: &'s Values,
    errors: &'s FieldErrors,
    above: Markup,
}

fn page(cx: &Cx, shown: &Shown<'_>) -> Page {
    let (name, lang) = shown.path;
    let to = |verb: &str| href(name).segment(lang).segment(verb);
    let (back, title) = if name == NEW {
        (Href::new("/scenarios"), texts::new_scenario())
    } else {
        (href(name).with("lang", lang), texts::editing(name, lang))
    };
    let form = View::new(to("check"), shown.values, shown.errors, texts::check())
        .version(shown.version)
        .draft(format!("scenario-{name}-{lang}"))
        .also(texts::save_draft(), to("draft"))
        .also(texts::try_it(), to("try"))
        .also(texts::publish(), to("publish"))
        .cancel(back);
    let body = html! { (shown.above) (ui::form(cx, &form, &fields())) };
    Page::new(title, body).lead(texts::editor_lead()).crumb(texts::scenarios(), Href::new("/scenarios"))
}

async fn new_page(service: State<Drills>, reader: Reader) -> Answer {
    // A scenario that works is the best beginning: the reader's language, under another name.
    let from = reader.cx.here.value("from").unwrap_or(TEMPLATE).to_owned();
    let script = match service.playable(&from, reader.lang()).await {
        Ok((_, live)) => renamed(&live.script),
        Err(DrillError::NotFound) => String::new(),
        Err(other) => return Err(other.into()),
    };
    let values = Values::default().with(SCRIPT, script);
    let shown = Shown {
        path: (NEW, reader.lang().code()),
        version: 0,
        values: &values,
        errors: &FieldErrors::new(),
        above: html! {},
    };
    Ok(reader.page(&page(&reader.cx, &shown)))
}

/// The shipped scenario that a new one begins as.
const TEMPLATE: &str = "billing";

/// A script under a name that nobody has yet.
fn renamed(script: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("name = ") { "name = \"my_scenario\"".to_owned() } else { line.to_owned() }
    };
    let mut is_head = true;
    let lines = script.lines().map(|one| {
        is_head = is_head && !one.starts_with('[');
        if is_head { line(one) } else { one.to_owned() }
    });
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

fn lang_of(code: &str) -> Result<Lang> {
    Lang::ALL.into_iter().find(|lang| lang.code() == code).ok_or(DrillError::NotFound)
}

async fn edit_page(
    State(service): State<Drills>,
    reader: Reader,
    Path((name, lang)): Path<(String, String)>,
) -> Answer {
    let (found, versions) = service.scenario_in(&name, lang_of(&lang)?).await?;
    let newest = versions.iter().find(|version| version.state != VersionState::Past).or(versions.first());
    let values = newest.map(stored_values).unwrap_or_default();
    let shown = Shown {
        path: (&name, &lang),
        version: found.version,
        values: &values,
        errors: &FieldErrors::new(),
        above: html! {},
    };
    Ok(reader.page(&page(&reader.cx, &shown)))
}

fn stored_values(version: &Version) -> Values {
    let note = if version.state == VersionState::Draft { version.note.as_str() } else { "" };
    Values::default().with(SCRIPT, &version.script).with(NOTE, note)
}

/// What was typed.
struct Typed {
    /// The name and language it goes under: for a new scenario what its text says.
    name: String,
    lang: Lang,
    is_new: bool,
    version: i64,
    script: String,
    note: String,
}

async fn read(
    service: &Drills,
    path: &(String, String),
    values: &Values,
) -> Result<Result<Typed, FieldErrors>> {
    let mut errors = FieldErrors::new();
    // Browsers send line ends as CRLF; the script's lines are the author's.
    let script = values.get(SCRIPT).replace("\r\n", "\n");
    let is_new = path.0 == NEW;
    let (mut name, mut lang) = (path.0.clone(), lang_of(&path.1)?);
    if is_new {
        match Head::read(&script).and_then(|head| Some((head.lang()?, head.name))) {
            Some((its, called)) => (lang, name) = (its, called),
            None => errors.add(SCRIPT, texts::headless()),
        }
        if service.scenarios().await?.iter().any(|known| known.name == name && known.language == lang) {
            errors.add(SCRIPT, texts::name_taken(&name));
        }
    }
    let (version, note) = (values.version().unwrap_or_default(), values.get(NOTE).trim().to_owned());
    Ok(errors.or(Typed { name, lang, is_new, version, script, note }))
}

impl Typed {
    async fn keep(&self, service: &Drills, reader: &Reader) -> Result<i64> {
        let under = (self.name.as_str(), self.lang);
        service.save_draft(&reader.by(), under, self.version, &self.script, &self.note).await
    }
}

async fn check(
    State(service): State<Drills>,
    reader: Reader,
    Path(path): Path<(String, String)>,
    Form(values): Form,
) -> Answer {
    let script = values.get(SCRIPT).replace("\r\n", "\n");
    let (said, tests) = service.check_script(&script).await?;
    let (wrong, failing) =
        (said.iter().filter(|one| one.is_error()).count(), tests.iter().filter(|test| !test.holds).count());
    let cx = &reader.cx;
    let (tone, line) = match (wrong, failing) {
        (0, 0) => (Tone::Good, texts::checked_well(tests.len())),
        (0, failing) => (Tone::Warn, texts::tests_fail(failing)),
        (wrong, _) => (Tone::Bad, texts::script_wrong(wrong)),
    };
    let above = html! {
        (ui::notice(tone, &html! { (cx.t(line)) }))
        (diagnostics(cx, &said))
        @if !tests.is_empty() { (ui::section(cx, &texts::tests(), None, &tests_table(cx, &tests))) }
    };
    Ok(again(&reader, &path, &values, &FieldErrors::new(), StatusCode::OK, above))
}

async fn save_draft(
    State(service): State<Drills>,
    reader: Reader,
    Path(path): Path<(String, String)>,
    Form(values): Form,
) -> Answer {
    let typed = match read(&service, &path, &values).await? {
        Ok(typed) => typed,
        Err(errors) => return Ok(unprocessable(&reader, &path, &values, &errors)),
    };
    match typed.keep(&service, &reader).await {
        Ok(_) => {
            let edit = href(&typed.name).segment(typed.lang.code()).segment("edit");
            Ok(reader.done(&edit, &texts::draft_saved()))
        }
        Err(error) => failed(&service, &reader, &path, &values, &typed, error).await,
    }
}

/// Keeps the draft and begins a rehearsal of it.
async fn try_out(
    State(service): State<Drills>,
    reader: Reader,
    Path(path): Path<(String, String)>,
    Form(values): Form,
) -> Answer {
    let typed = match read(&service, &path, &values).await? {
        Ok(typed) => typed,
        Err(errors) => return Ok(unprocessable(&reader, &path, &values, &errors)),
    };
    let begun = match typed.keep(&service, &reader).await {
        Ok(_) => {
            let person = reader.actor()?.person.ok_or_else(|| DrillError::field("", texts::no_person()));
            match person {
                Ok(person) => service.try_draft(&reader.by(), person, &typed.name, typed.lang).await,
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    match begun {
        Ok(id) => Ok(Reader::redirect(&practice::href(id))),
        Err(error) => failed(&service, &reader, &path, &values, &typed, error).await,
    }
}

/// Saves what was typed as the draft and makes it live; when something is wrong, the draft is kept and it is shown.
async fn publish(
    State(service): State<Drills>,
    reader: Reader,
    Path(path): Path<(String, String)>,
    Form(values): Form,
) -> Answer {
    let typed = match read(&service, &path, &values).await? {
        Ok(typed) => typed,
        Err(errors) => return Ok(unprocessable(&reader, &path, &values, &errors)),
    };
    let done = match typed.keep(&service, &reader).await {
        Ok(version) => service.publish(&reader.by(), &typed.name, typed.lang, version).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let to = href(&typed.name).with("lang", typed.lang.code());
            Ok(reader.done(&to, &texts::published()))
        }
        Err(error) => failed(&service, &reader, &path, &values, &typed, error).await,
    }
}

/// The editor again, with everything typed and the reason.
async fn failed(
    service: &Drills,
    reader: &Reader,
    path: &(String, String),
    values: &Values,
    typed: &Typed,
    error: DrillError,
) -> Answer {
    let cx = &reader.cx;
    let mut errors = FieldErrors::new();
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    // What was kept as a draft moved the version on, and a new scenario exists now.
    let kept = async || -> Result<((String, String), Values)> {
        let version = service.scenario_in(&typed.name, typed.lang).await?.0.version;
        Ok(((typed.name.clone(), typed.lang.code().to_owned()), with_version(values, version)))
    };
    match error {
        DrillError::ScriptWrong(said) => {
            let (path, values) = kept().await?;
            errors.add(SCRIPT, texts::script_wrong(said.iter().filter(|one| one.is_error()).count()));
            Ok(again(reader, &path, &values, &errors, refused, diagnostics(cx, &said)))
        }
        DrillError::TestsFail(n) => {
            let (path, values) = kept().await?;
            errors.add(SCRIPT, texts::tests_fail(n));
            let (_, tests) = service.check_script(&typed.script).await?;
            let above = ui::section(cx, &texts::tests(), None, &tests_table(cx, &tests));
            Ok(again(reader, &path, &values, &errors, refused, above))
        }
        DrillError::Headless => {
            errors.add(SCRIPT, texts::headless());
            let (said, _) = service.check_script(&typed.script).await?;
            Ok(again(reader, path, values, &errors, refused, diagnostics(cx, &said)))
        }
        DrillError::OtherName(name) => {
            errors.add(SCRIPT, texts::other_name(&name));
            Ok(unprocessable(reader, path, values, &errors))
        }
        DrillError::Invalid(wrong) => {
            let (path, values) = if typed.is_new { kept().await? } else { (path.clone(), values.clone()) };
            for (field, text) in wrong {
                errors.add(field, text);
            }
            Ok(unprocessable(reader, &path, &values, &errors))
        }
        DrillError::ScenarioConflict(theirs) => {
            let (found, versions) = service.scenario_in(&typed.name, typed.lang).await?;
            let banner = match (*theirs).or_else(|| versions.into_iter().next()) {
                Some(theirs) => conflict(reader, values, path, &theirs).await?,
                None => html! {},
            };
            let values = with_version(values, found.version);
            Ok(again(reader, path, &values, &errors, StatusCode::CONFLICT, banner))
        }
        other => Err(other.into()),
    }
}

fn with_version(values: &Values, version: i64) -> Values {
    let kept = values.pairs().iter().filter(|(name, _)| name != ui::VERSION_FIELD).cloned();
    Values::new(kept.collect()).with(ui::VERSION_FIELD, version)
}

/// The editor again, with everything typed and what is wrong with it.
fn unprocessable(
    reader: &Reader,
    path: &(String, String),
    values: &Values,
    errors: &FieldErrors,
) -> Response {
    again(reader, path, values, errors, StatusCode::UNPROCESSABLE_ENTITY, html! {})
}

fn again(
    reader: &Reader,
    path: &(String, String),
    values: &Values,
    errors: &FieldErrors,
    status: StatusCode,
    above: Markup,
) -> Response {
    let version = values.version().unwrap_or_default();
    let shown = Shown { path: (&path.0, &path.1), version, values, errors, above };
    (status, reader.page(&page(&reader.cx, &shown))).into_response()
}

async fn conflict(
    reader: &Reader,
    values: &Values,
    (name, lang): &(String, String),
    theirs: &Version,
) -> Result<Markup, Fail> {
    let who = match theirs.author {
        Some(account) => reader.platform().identity().account(account).await?.map(|account| account.name),
        None => None,
    };
    let stored = stored_values(theirs);
    let differences =
        [(SCRIPT, texts::script()), (NOTE, texts::note())].into_iter().filter_map(|(field, label)| {
            let (theirs, yours) = (stored.get(field).to_owned(), values.get(field).replace("\r\n", "\n"));
            (theirs.trim() != yours.trim()).then_some(Difference { label, theirs, yours })
        });
    let view = EditConflict {
        who: who.unwrap_or_else(|| reader.cx.t(texts::somebody()).into_owned()),
        at: theirs.at,
        differences: differences.collect(),
        latest: href(name).segment(lang).segment("edit"),
    };
    Ok(ui::edit_conflict(&reader.cx, &view))
}

/// What is wrong with a script: where, what, what to write instead.
pub(super) fn diagnostics(cx: &Cx, all: &[Diagnostic]) -> Markup {
    let columns = vec![
        Column::new("place", texts::place(), |_, found: &Diagnostic| {
            let tone = if found.is_error() { Tone::Bad } else { Tone::Warn };
            Cell::words(format!("{}:{}", found.line, found.column)).badge(tone)
        }),
        Column::new("message", texts::message(), |_, found: &Diagnostic| Cell::words(found.message.clone()))
            .wraps(),
        Column::new("expected", texts::expected(), |_, found: &Diagnostic| {
            Cell::words(found.expected.clone())
        })
        .wraps(),
        Column::new("example", texts::example(), |_, found: &Diagnostic| Cell::words(found.example.clone()))
            .wraps(),
    ];
    let table = Table::new("diagnostics", texts::remarks(), columns, all).total(all.len() as u64);
    html! { @if !all.is_empty() { (ui::section(cx, &texts::remarks(), None, &ui::table(cx, &table))) } }
}
