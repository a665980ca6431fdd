//! The rule editor: what is typed is tried on examples and on real conversations before it goes live.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use conversations::api::{Conversation, ConversationsPermission, ListRequest, Role, mask};
use inspection::{Diagnostic, Scratch};
use maud::{Markup, html};
use messages::Text;
use people::api::Lookup;
use ui::{
    Cell, Column, Cx, Difference, EditConflict, Field, FieldErrors, Form as View, Href, Mark, Page, Table,
    Tone, Values,
};
use web::{Answer, Fail, Form, Reader, Routes, api::Path};

use super::{Trial, Version, VersionState, pages::href};
use crate::{
    Behaviours,
    inspect::Prepared,
    pack::{self, Checked, Example, Expected},
    permission::BehavioursPermission as May,
    problem::RuleError,
    slot::mark_kind,
    texts,
};

/// Conversations that a rule is tried on: enough to see what it does, answered within a second.
const SAMPLE: usize = 60;
/// Of them, those to which the behaviour applied so far; the rest shows what a new rule finds elsewhere.
const APPLIED: usize = 40;
/// Shown on each side.
const SIDE: usize = 20;
/// In the place of a name: the text says it.
const NEW: &str = "new";
const RULE: &str = "rule";
const EXAMPLES: &str = "examples";
const NOTE: &str = "note";

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new()
        .get("/behaviours/new", May::Edit, new_page)
        .get("/behaviours/{name}/edit", May::Edit, edit_page)
        .post("/behaviours/{name}/try", May::Edit, try_out)
        .post("/behaviours/{name}/draft", May::Edit, save_draft)
        .post("/behaviours/{name}/publish", May::Edit, publish)
}

/// What was typed, as far as it can be read.
struct Typed {
    name: String,
    is_new: bool,
    version: i64,
    rule: String,
    examples: Vec<Example>,
    note: String,
}

fn fields() -> [Field; 3] {
    [
        Field::code(RULE, texts::rule(), 24).hint(texts::rule_hint()).required(),
        Field::code(EXAMPLES, texts::examples(), 14).hint(texts::examples_field_hint()),
        Field::text(NOTE, texts::note()).hint(texts::note_hint()),
    ]
}

/// The editor with what was typed, what is wrong, and what it led to.
struct Shown<'s> {
    path: &'s str,
    title: Text,
    version: i64,
    values: &'s Values,
    errors: &'s FieldErrors,
    above: Markup,
    below: Markup,
}

fn page(cx: &Cx, shown: &Shown<'_>) -> Page {
    let to = |verb: &str| href(shown.path).segment(verb);
    let back = if shown.path == NEW { Href::new("/behaviours") } else { href(shown.path) };
    let form = View::new(to("try"), shown.values, shown.errors, texts::try_it())
        .version(shown.version)
        .draft(format!("behaviour-rule-{}", shown.path))
        .also(texts::save_draft(), to("draft"))
        .also(texts::publish(), to("publish"))
        .cancel(back);
    let body = html! { (shown.above) (ui::form(cx, &form, &fields())) (shown.below) };
    let page = Page::new(shown.title.clone(), body).lead(texts::editor_lead());
    let page = page.crumb(texts::behaviours(), Href::new("/behaviours"));
    if shown.path == NEW { page } else { page.crumb(Text::verbatim(shown.path.to_owned()), href(shown.path)) }
}

async fn new_page(reader: Reader) -> Answer {
    let values = Values::default().with(RULE, texts::TEMPLATE).with(EXAMPLES, texts::TEMPLATE_EXAMPLES);
    Ok(opened(&reader, NEW, texts::new_behaviour(), 0, &values))
}

async fn edit_page(State(service): State<Behaviours>, reader: Reader, Path(name): Path<String>) -> Answer {
    let (found, versions) = service.behaviour(&name).await?;
    let newest = versions.iter().find(|version| version.state != VersionState::Past).or(versions.first());
    let values = newest.map(stored_values).unwrap_or_default();
    Ok(opened(&reader, &name, texts::editing(&name), found.version, &values))
}

/// The editor before anything was typed.
fn opened(reader: &Reader, path: &str, title: Text, version: i64, values: &Values) -> Response {
    let (errors, above, below) = (&FieldErrors::new(), html! {}, html! {});
    reader.page(&page(&reader.cx, &Shown { path, title, version, values, errors, above, below }))
}

fn stored_values(version: &Version) -> Values {
    let note = if version.state == VersionState::Draft { version.note.as_str() } else { "" };
    Values::default()
        .with(RULE, &version.rule_text)
        .with(EXAMPLES, pack::write_examples(&version.examples))
        .with(NOTE, note)
}

/// The name that a rule text declares: the word after its first `behaviour`.
pub(crate) fn declared_name(rule: &str) -> Option<&str> {
    let line = rule.lines().map(str::trim_start).find_map(|line| line.strip_prefix("behaviour "))?;
    line.split(|c: char| c.is_whitespace() || c == '{').find(|word| !word.is_empty())
}

async fn read(service: &Behaviours, path: &str, values: &Values) -> Result<Result<Typed, FieldErrors>, Fail> {
    let mut errors = FieldErrors::new();
    // Browsers send line ends as CRLF; the rule's lines are the author's.
    let rule = values.get(RULE).replace("\r\n", "\n");
    let is_new = path == NEW;
    let name = if is_new { declared_name(&rule).unwrap_or_default().to_owned() } else { path.to_owned() };
    if name.is_empty() || (is_new && name == NEW) {
        errors.add(RULE, texts::must_declare());
    } else if is_new && service.list().await?.iter().any(|known| known.name == name) {
        errors.add(RULE, texts::name_taken(&name));
    }
    let examples =
        pack::parse_examples(&values.get(EXAMPLES).replace("\r\n", "\n")).unwrap_or_else(|error| {
            errors.add(EXAMPLES, texts::examples_unreadable(&error));
            Vec::new()
        });
    let note = values.get(NOTE).trim().to_owned();
    let version = values.version().unwrap_or_default();
    Ok(errors.or(Typed { name, is_new, version, rule, examples, note }))
}

async fn try_out(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(path): Path<String>,
    Form(values): Form,
) -> Answer {
    let typed = match read(&service, &path, &values).await? {
        Ok(typed) => typed,
        Err(errors) => return Ok(unprocessable(&reader, &path, &values, &errors)),
    };
    let trial = match service.trial(&typed.name, &typed.rule).await {
        Ok(trial) => trial,
        Err(error) => return failed(&service, &reader, &path, &values, &typed, error).await,
    };
    let cx = &reader.cx;
    let mut checked = pack::check_examples(&trial.rules, trial.place, &typed.examples);
    // What fails is what one came to see.
    checked.sort_by_key(Checked::passes);
    let failing = checked.iter().filter(|checked| !checked.passes()).count();
    let examples = examples_table(cx, &checked);
    let warnings: Vec<Diagnostic> =
        trial.rules.warnings().iter().filter(|warning| warning.source == typed.name).cloned().collect();
    let found = tried(&service, &reader, &typed.name, trial).await?;
    let shown = found.all.iter().filter(|found| found.shown).count();
    let (all, missed) = (typed.examples.len(), found.all.len() - shown);
    let (tone, line) = match failing {
        0 => (Tone::Good, texts::tried_well(all, shown, missed)),
        _ => (Tone::Warn, texts::tried_line(failing, all, shown, missed)),
    };
    let above =
        ui::notice(tone, &html! { (cx.t(line)) " " a href="#results" { (cx.t(texts::see_results())) } });
    let below = html! {
        @if !warnings.is_empty() { (diagnostics(cx, &warnings)) }
        div #results tabindex="-1" { (ui::section(cx, &texts::examples(), None, &examples)) }
        (sides(&reader, &found))
    };
    Ok(refused(&reader, &path, &values, &FieldErrors::new(), StatusCode::OK, above, below))
}

/// Keeps what was typed as the draft.
async fn keep(service: &Behaviours, reader: &Reader, typed: &Typed) -> Result<(), RuleError> {
    let Typed { name, version, rule, examples, note, .. } = typed;
    service.save_draft(&reader.by(), name, *version, rule, examples.clone(), note).await.map(|_| ())
}

async fn save_draft(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(path): Path<String>,
    Form(values): Form,
) -> Answer {
    let typed = match read(&service, &path, &values).await? {
        Ok(typed) => typed,
        Err(errors) => return Ok(unprocessable(&reader, &path, &values, &errors)),
    };
    match keep(&service, &reader, &typed).await {
        Ok(()) => Ok(reader.done(&href(&typed.name).segment("edit"), &texts::draft_saved())),
        Err(error) => failed(&service, &reader, &path, &values, &typed, error).await,
    }
}

/// Saves what was typed as the draft and makes it live; when examples fail, the draft is kept and they are shown.
async fn publish(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(path): Path<String>,
    Form(values): Form,
) -> Answer {
    let typed = match read(&service, &path, &values).await? {
        Ok(typed) => typed,
        Err(errors) => return Ok(unprocessable(&reader, &path, &values, &errors)),
    };
    let done = match keep(&service, &reader, &typed).await {
        // Saving raised the version by one; a new behaviour begins at one.
        Ok(()) => {
            let version = if typed.is_new { 1 } else { typed.version + 1 };
            service.publish(&reader.by(), &typed.name, version).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(reader.done(&href(&typed.name), &texts::published())),
        Err(error) => failed(&service, &reader, &path, &values, &typed, error).await,
    }
}

/// The editor again, with everything typed and the reason.
async fn failed(
    service: &Behaviours,
    reader: &Reader,
    path: &str,
    values: &Values,
    typed: &Typed,
    error: RuleError,
) -> Answer {
    let cx = &reader.cx;
    let mut errors = FieldErrors::new();
    match error {
        RuleError::Wrong(all) => {
            errors.add(RULE, texts::rule_wrong(all.len()));
            Ok(refused(
                reader,
                path,
                values,
                &errors,
                StatusCode::UNPROCESSABLE_ENTITY,
                diagnostics(cx, &all),
                html! {},
            ))
        }
        RuleError::OtherName(name) => {
            errors.add(RULE, texts::other_name(&name));
            Ok(unprocessable(reader, path, values, &errors))
        }
        RuleError::ExamplesFail(n) => {
            errors.add(EXAMPLES, texts::examples_fail(n));
            let trial = service.trial(&typed.name, &typed.rule).await?;
            let all = pack::check_examples(&trial.rules, trial.place, &typed.examples);
            let failing: Vec<Checked<'_>> = all.into_iter().filter(|checked| !checked.passes()).collect();
            let below = ui::section(cx, &texts::failing_examples(), None, &examples_table(cx, &failing));
            // The draft was kept, so the version moved on and the behaviour exists now.
            let (found, _) = service.behaviour(&typed.name).await?;
            let values = with_version(values, found.version);
            Ok(refused(
                reader,
                &typed.name,
                &values,
                &errors,
                StatusCode::UNPROCESSABLE_ENTITY,
                html! {},
                below,
            ))
        }
        RuleError::Conflict(theirs) => {
            let (found, versions) = service.behaviour(&typed.name).await?;
            let theirs = (*theirs).or_else(|| versions.into_iter().next());
            let banner = if let Some(theirs) = &theirs {
                conflict(reader, values, &typed.name, theirs).await?
            } else {
                html! {}
            };
            let values = with_version(values, found.version);
            Ok(refused(reader, path, &values, &errors, StatusCode::CONFLICT, banner, html! {}))
        }
        other => Err(other.into()),
    }
}

fn with_version(values: &Values, version: i64) -> Values {
    let kept = values.pairs().iter().filter(|(name, _)| name != ui::VERSION_FIELD).cloned();
    Values::new(kept.collect()).with(ui::VERSION_FIELD, version)
}

/// The editor again, with everything typed and what is wrong with it.
fn unprocessable(reader: &Reader, path: &str, values: &Values, errors: &FieldErrors) -> Response {
    refused(reader, path, values, errors, StatusCode::UNPROCESSABLE_ENTITY, html! {}, html! {})
}

fn refused(
    reader: &Reader,
    path: &str,
    values: &Values,
    errors: &FieldErrors,
    status: StatusCode,
    above: Markup,
    below: Markup,
) -> Response {
    let title = if path == NEW { texts::new_behaviour() } else { texts::editing(path) };
    let version = values.version().unwrap_or_default();
    let page = page(&reader.cx, &Shown { path, title, version, values, errors, above, below });
    (status, reader.page(&page)).into_response()
}

async fn conflict(reader: &Reader, values: &Values, name: &str, theirs: &Version) -> Result<Markup, Fail> {
    let who = match theirs.author {
        Some(account) => reader.platform().identity().account(account).await?.map(|account| account.name),
        None => None,
    };
    let stored = stored_values(theirs);
    let labels = [(RULE, texts::rule()), (EXAMPLES, texts::examples()), (NOTE, texts::note())];
    let differences = labels.into_iter().filter_map(|(field, label)| {
        let (theirs, yours) = (stored.get(field).to_owned(), values.get(field).replace("\r\n", "\n"));
        (theirs.trim() != yours.trim()).then_some(Difference { label, theirs, yours })
    });
    let view = EditConflict {
        who: who.unwrap_or_else(|| reader.cx.t(texts::somebody()).into_owned()),
        at: theirs.at,
        differences: differences.collect(),
        latest: href(name).segment("edit"),
    };
    Ok(ui::edit_conflict(&reader.cx, &view))
}

/// What is wrong with a rule: where, what, what to write instead.
fn diagnostics(cx: &Cx, all: &[Diagnostic]) -> Markup {
    let columns = vec![
        Column::new("place", texts::place(), |_, found: &Diagnostic| {
            let (tone, words) = (
                if found.is_error() { Tone::Bad } else { Tone::Warn },
                format!("{}:{}", found.line, found.column),
            );
            Cell::words(words).badge(tone)
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
    let table = Table::new("diagnostics", texts::mistakes(), columns, all);
    ui::section(cx, &texts::mistakes(), None, &ui::table(cx, &table))
}

const fn expected_text(expected: Expected) -> Text {
    match expected {
        Expected::Shown => texts::shown(),
        Expected::NotShown => texts::missed(),
        Expected::NotApplicable => texts::not_applicable(),
    }
}

/// Examples with what the rule says of each.
pub(crate) fn examples_table(cx: &Cx, all: &[Checked<'_>]) -> Markup {
    struct Line {
        passes: bool,
        name: String,
        lang: String,
        expected: Expected,
        found: Option<Expected>,
        words: String,
    }
    let words = |example: &Example| {
        example.turns.iter().map(pack::ExampleTurn::words).collect::<Vec<_>>().join(" / ")
    };
    let lines: Vec<Line> = all
        .iter()
        .map(|checked| Line {
            passes: checked.passes(),
            name: checked.example.name.clone(),
            lang: checked.example.lang.clone(),
            expected: checked.example.expect,
            found: checked.found,
            words: words(checked.example),
        })
        .collect();
    let columns = vec![
        Column::new("passes", texts::result(), |_, line: &Line| {
            if line.passes {
                Cell::words("✔").badge(Tone::Good)
            } else {
                Cell::words("✘").badge(Tone::Bad)
            }
        }),
        Column::new("name", texts::example(), |_, line: &Line| Cell::words(line.name.clone())),
        Column::new("lang", texts::language(), |_, line: &Line| Cell::words(line.lang.clone())),
        Column::new("expected", texts::expected(), |_, line: &Line| Cell::text(expected_text(line.expected))),
        Column::new("found", texts::found(), |_, line: &Line| {
            Cell::text(line.found.map_or_else(texts::undecided, expected_text))
        }),
        Column::new("words", texts::words(), |_, line: &Line| Cell::words(line.words.clone())).wraps(),
    ];
    if lines.is_empty() {
        return html! { p { (cx.t(texts::no_examples())) } };
    }
    ui::table(cx, &Table::new("examples", texts::examples(), columns, &lines).total(lines.len() as u64))
}

/// A conversation in which the tried rule applied.
struct Found {
    conversation: Conversation,
    shown: bool,
    marks: Vec<inspection::Highlight>,
}

/// What a trial found.
struct Tried {
    /// Conversations looked at.
    looked: usize,
    all: Vec<Found>,
}

/// Tries a rule on conversations that the reader may see: the newest to which the behaviour applied so far, where
/// a change of its rule shows, and the newest of all.
async fn tried(service: &Behaviours, reader: &Reader, name: &str, trial: Trial) -> Result<Tried, Fail> {
    let scope = reader.scope_of(ConversationsPermission::View);
    let mut ids = service.applied_lately(&scope, name, APPLIED).await?;
    let request = ListRequest { limit: SAMPLE, ..ListRequest::default() };
    for row in service.conversations().list(&scope, &request).await?.rows {
        if ids.len() < SAMPLE && !ids.contains(&row.id) {
            ids.push(row.id);
        }
    }
    let stored = service.conversations().read_stored(&scope, &ids).await?;
    let lookup = service.people().lookup().await?;
    let looked = stored.len();
    let run = tokio::task::spawn_blocking(move || {
        let mut scratch = Scratch::default();
        let all = stored.into_iter().filter_map(|stored| stored.decode().ok());
        all.filter_map(|conversation| find(&trial, &lookup, conversation, &mut scratch)).collect::<Vec<_>>()
    });
    let all = run.await.map_err(|_| messages::Problem::internal())?;
    Ok(Tried { looked, all })
}

/// Matches and misses side by side.
fn sides(reader: &Reader, tried: &Tried) -> Markup {
    let cx = &reader.cx;
    let side = |shown: bool, title: Text| {
        let all: Vec<&Found> = tried.all.iter().filter(|found| found.shown == shown).collect();
        let body = html! {
            p { (cx.t(texts::of_sample(all.len(), tried.looked))) " " (ui::help(cx, &texts::tried_on())) }
            @for found in all.iter().take(SIDE) { (found_markup(reader, found)) }
        };
        ui::section(cx, &title, None, &body)
    };
    ui::wide_grid(&[side(true, texts::matches()), side(false, texts::misses())])
}

fn find(
    trial: &Trial,
    lookup: &Arc<Lookup>,
    conversation: Conversation,
    scratch: &mut Scratch,
) -> Option<Found> {
    let (shown, marks) = {
        let prepared = Prepared::new(&conversation, lookup);
        let lent = prepared.conversation();
        let seen =
            trial.rules.inspect(&lent, scratch).observation(trial.place).filter(|seen| seen.applicable)?;
        let marks =
            trial.rules.highlights(&lent, scratch).into_iter().filter(|mark| mark.behaviour == trial.place);
        (seen.shown, marks.collect())
    };
    Some(Found { conversation, shown, marks })
}

fn found_markup(reader: &Reader, found: &Found) -> Markup {
    let cx = &reader.cx;
    let row = &found.conversation.row;
    let sees = reader.scope_of(ConversationsPermission::SeePersonalData).allows(row.team, row.person);
    let id = if sees { row.external_id.clone() } else { mask(&row.external_id).into_owned() };
    let turns = found.conversation.document.turns.iter().enumerate().filter_map(|(at, turn)| {
        let marks: Vec<Mark> = found
            .marks
            .iter()
            .filter(|mark| mark.turn as usize == at)
            .map(|mark| Mark {
                start: mark.start as usize,
                end: mark.end as usize,
                kind: mark_kind(mark.kind),
                label: cx.t(mark_kind(mark.kind).text()).into_owned(),
                reason: mark.reason.clone(),
            })
            .collect();
        let text = if sees { turn.text.clone() } else { mask(&turn.text).into_owned() };
        (!marks.is_empty()).then(|| (role_text(turn.role), text, marks))
    });
    html! {
        article {
            h3 { a href=(Href::new("/conversations").segment(row.id)) { (id) } }
            @for (role, text, marks) in turns { p { strong { (cx.t(role)) } " " (ui::marked(cx, &text, &marks)) } }
        }
    }
}

const fn role_text(role: Role) -> Text {
    match role {
        Role::Agent => ui::TurnRole::Agent.text(),
        Role::Customer => ui::TurnRole::Customer.text(),
        Role::System => ui::TurnRole::System.text(),
    }
}
