//! Every component.
use maud::{Markup, html};

use crate::Cx;

/// Every component.
pub fn gallery(_cx: &Cx) -> Markup {
    html! {}
}
