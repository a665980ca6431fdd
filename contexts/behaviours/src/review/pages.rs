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
    let to = Href::new("/conversations").segment(id).fragment("behaviours");
    Ok(reader.done(&to, &if right { texts::marked_right() } else { texts::marked_wrong() }))
}
