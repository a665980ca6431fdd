//! The states in which nobody waits: Erlang B and its relatives.
//!
//! Everything is counted in units of the state in which all places are just taken. The sum over the states below it is
//! Σ ∏ (n − i)/a, as the recursion 1/B(n) = 1 + n/a · 1/B(n − 1) unrolls; it needs O(√a) terms and cannot overflow
//! unnoticed, for it stops at [`HUGE`].

use statrs::function::gamma::gamma;

use crate::load::Concurrency;

/// A sum beyond this makes the probability of waiting smaller than anything that could be told from zero.
const HUGE: f64 = 1e280;
/// A term below this part of the sum no longer changes it, nor do the falling ones behind it.
const NEGLIGIBLE: f64 = 1e-18;
/// Steps of the continued fraction; at a load of 1 it needs about 60.
const FRACTION_STEPS: u32 = 400;

/// Probability of all states with a free place, over the probability of the state in which all are just taken, for
/// `agents` and a load of `erlangs` above 0. Infinite where waiting is out of the question.
///
/// `agents` is whole unless one conversation is held at a time: then Erlang's formula is continued by the incomplete
/// gamma function (Jagers and Van Doorn 1986, "On the continued Erlang loss function", Operations Research Letters 5).
pub(crate) fn below(agents: f64, chat: Concurrency, erlangs: f64) -> f64 {
    let mut left = agents * f64::from(chat.at_once);
    let (mut term, mut sum) = (1.0, 0.0);
    for level in (1..=chat.at_once).rev() {
        let slower = chat.speed(level - 1);
        let from = agents * f64::from(level - 1);
        let (base, slope) = (agents * slower / erlangs, (chat.speed(level) - slower) / erlangs);
        while left > from && left >= 1.0 {
            term *= base + (left - from) * slope;
            sum += term;
            if sum > HUGE {
                return f64::INFINITY;
            }
            if term < sum * NEGLIGIBLE {
                return sum;
            }
            left -= 1.0;
        }
    }
    let rest = sum + term * part_of_one(left, erlangs);
    if rest > HUGE { f64::INFINITY } else { rest }
}

/// 1/B − 1 for a `part` of an agent, 0..1.
///
/// With B continued, 1/B(f) = eᵃ a⁻ᶠ Γ(1 + f, a): by the power series of the incomplete gamma function for small
/// loads, by Legendre's continued fraction (evaluated by Lentz's method) for the others.
fn part_of_one(part: f64, erlangs: f64) -> f64 {
    if part <= 0.0 {
        return 0.0;
    }
    if erlangs < 1.0 {
        let (mut term, mut series, mut k) = (1.0 / (1.0 + part), 0.0, 1.0);
        while term > NEGLIGIBLE {
            series += term;
            k += 1.0;
            term *= erlangs / (k + part);
        }
        let whole = (erlangs - part * erlangs.ln()).exp() * gamma(1.0 + part);
        return (whole - 1.0 - erlangs * series).max(0.0);
    }
    let mut b = erlangs + 1.0 - part;
    let (mut c, mut d) = (f64::INFINITY, 1.0 / b);
    let mut fraction = d;
    for step in 1..FRACTION_STEPS {
        let i = f64::from(step);
        let a = -i * (i - part);
        b += 2.0;
        d = 1.0 / (b + a * d);
        c = b + a / c;
        let change = c * d;
        fraction *= change;
        if (change - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    part * fraction
}

#[cfg(test)]
mod tests {
    use super::part_of_one;

    #[test]
    fn both_expansions_meet_where_they_change_over() {
        for part in [0.001, 0.25, 0.5, 0.75, 0.999] {
            let (series, fraction) = (part_of_one(part, 1.0 - 1e-14), part_of_one(part, 1.0));
            assert!((series - fraction).abs() < 1e-12, "{part}: {series} {fraction}");
        }
    }
}
