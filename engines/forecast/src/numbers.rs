//! Small statistics.

/// The median; nothing for no values. Sorts them.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let upper = *values.get(n / 2)?;
    if n % 2 == 1 { Some(upper) } else { values.get(n / 2 - 1).map(|lower| f64::midpoint(*lower, upper)) }
}

/// The quantile `p` (0 to 1) of sorted values, linear between them; nothing for no values.
pub(crate) fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the last index")]
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    let part = position - position.floor();
    Some(sorted.get(below)? * (1.0 - part) + sorted.get(above)? * part)
}

/// Standard deviation about zero that a few large values do not move: the scaled median of the sizes.
pub(crate) fn robust_scale(values: impl Iterator<Item = f64>) -> f64 {
    let mut sizes: Vec<f64> = values.map(f64::abs).filter(|size| size.is_finite()).collect();
    1.4826 * median(&mut sizes).unwrap_or(0.0)
}
