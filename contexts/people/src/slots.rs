//! What other contexts add to the page of a person.

use futures::future::BoxFuture;
use kernel::PersonId;
use ui::Panel;
use web::{Fail, Reader};

/// Panels that another context supplies for the page of a person. The reader may see the person; what else
/// they may see is the slot's to decide.
pub trait PersonSlot: Send + Sync {
    /// The panels, in order; none for what does not concern this reader.
    fn panels<'a>(&'a self, reader: &'a Reader, person: PersonId) -> BoxFuture<'a, Result<Vec<Panel>, Fail>>;
}
