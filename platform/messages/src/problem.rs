//! What went wrong, said so that a page, the API and the command line can each tell it in their way.

use crate::Text;

/// The kind of a problem; decides the HTTP status and whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The request cannot be understood or breaks a rule (422).
    Invalid,
    /// Not signed in (401).
    Unauthenticated,
    /// It does not exist, or the reader may not see it: the two look the same on purpose (404).
    NotFound,
    /// Somebody else changed it in between, or it contradicts what is stored (409).
    Conflict,
    /// Larger than the limit (413).
    TooLarge,
    /// Too often; wait (429).
    TooMany,
    /// The system cannot do it now; trying again later can help (503).
    Unavailable,
    /// Our fault (500). The text never carries the cause; the log does.
    Internal,
}

/// A problem with a stable code, for people and for machines.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code}: {}", text.en)]
pub struct Problem {
    /// Stable and documented, `context.what_happened`.
    pub code: &'static str,
    /// The kind.
    pub kind: ProblemKind,
    /// What happened, what is safe, what to do next.
    pub text: Text,
    /// Messages tied to single fields of a form or of a body: (field, message).
    pub fields: Vec<(String, Text)>,
}

impl Problem {
    /// A problem of a kind with its code and text.
    pub fn new(kind: ProblemKind, code: &'static str, text: Text) -> Problem {
        Problem { code, kind, text, fields: Vec::new() }
    }

    /// The same with messages for single fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<(String, Text)>) -> Problem {
        self.fields = fields;
        self
    }

    /// It does not exist, or may not be seen.
    pub fn not_found() -> Problem {
        Problem::new(
            ProblemKind::NotFound,
            "not_found",
            Text::fixed(
                "这里没有内容：它不存在，或者您无权查看。请从导航重新进入，或向管理员申请权限。",
                "There is nothing here: it does not exist, or you may not see it. Start again from the navigation, or ask an administrator for access.",
            ),
        )
    }

    /// Our fault; the cause goes to the log, never to the reader.
    pub fn internal() -> Problem {
        Problem::new(
            ProblemKind::Internal,
            "internal",
            Text::fixed(
                "系统出错了，已记录。已保存的内容是安全的，请稍后再试；如仍出现，请把请求编号告诉管理员。",
                "Something went wrong on our side and was recorded. What was saved is safe. Try again; if it happens again, give the request id to an administrator.",
            ),
        )
    }
}
