//! The buttons that say whether a finding was right.

use axum::extract::State;
use conversations::api::ConversationId;
use messages::Problem;
use ui::Href;
use web::{Answer, Form, Reader, Routes, api::Path};

use crate::{Behaviours, permission::BehavioursPermission as May, texts};

pub(crate) fn routes() -> Routes<Behaviours> {
    Routes::new().post("/behaviours/{name}/reviews", May::Review, review)
}

async fn review(
    State(service): State<Behaviours>,
    reader: Reader,
    Path(name): Path<String>,
    Form(values): Form,
) -> Answer {
    let id: ConversationId = values.get("conversation").parse().map_err(|_| Problem::not_found())?;
    let right = match values.get("verdict") {
        "right" => true,
        "wrong" => false,
        _ => return Err(Problem::not_found().into()),
    };
    let conversation =
        service.conversations().conversation(&reader.scope, id).await?.ok_or_else(Problem::not_found)?;
    let reviewer = reader.actor()?.account;
    service.review(&reader.by(), reviewer, &name, &conversation, right).await?;
    // Back to the page with the list it came from in its address, so that the next conversation is still known.
    let page = Href::new("/conversations").segment(id);
    let back = Href::parse(values.get("return"));
    let to = if back.path() == page.path() { back } else { page }.fragment(&crate::slot::anchor(&name));
    Ok(reader.done(&to, &if right { texts::marked_right() } else { texts::marked_wrong() }))
}
