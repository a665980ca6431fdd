//! Pages of lists.

/// Cuts rows to a page when one more was read than the page holds; the cursor of its last row, if there was one more.
pub fn cut_page<T, C>(rows: &mut Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> C) -> Option<C> {
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    rows.last().map(cursor)
}

#[cfg(test)]
mod tests {
    use super::cut_page;

    #[test]
    fn a_page_has_a_next_one_when_there_was_one_row_more() {
        let check = |read: &[i32], limit: usize, kept: &[i32], next: Option<i32>| {
            let mut rows = read.to_vec();
            assert_eq!(cut_page(&mut rows, limit, |row| *row), next, "{read:?} {limit}");
            assert_eq!(rows, kept, "{read:?} {limit}");
        };
        check(&[], 2, &[], None);
        check(&[1, 2], 2, &[1, 2], None);
        check(&[1, 2, 3], 2, &[1, 2], Some(2));
        check(&[1], 0, &[], None);
    }
}
