//! What the API operations of this context share.

use web::Fail;
use web::api::{Paged, Paging};

/// One page of a list that is held in memory, in the order of the keys; a key is unique and is the cursor.
pub(crate) fn paged<T>(mut items: Vec<(String, T)>, paging: &Paging) -> Result<Paged<T>, Fail> {
    let limit = usize::try_from(paging.limit()?).unwrap_or(usize::MAX);
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    let begin = paging.cursor.as_ref().map_or(0, |cursor| items.partition_point(|(key, _)| key <= cursor));
    let more = items.len() > begin.saturating_add(limit);
    let page: Vec<(String, T)> = items.into_iter().skip(begin).take(limit).collect();
    let next = page.last().filter(|_| more).map(|(key, _)| key.clone());
    Ok(Paged { items: page.into_iter().map(|(_, item)| item).collect(), next })
}
