//! Numbers as people write them: shares, times, 80/20.

/// A number; whether it makes sense is the engine's to say.
pub(crate) fn value(text: &str) -> Result<f64, String> {
    text.trim().parse().map_err(|_| format!("“{text}” is not a number"))
}

/// A share: 0.3, 30% or 30 %.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    match text.trim().strip_suffix('%') {
        Some(percent) => Ok(value(percent)? / 100.0),
        None => value(text),
    }
}

/// A time in seconds: 1800, 20s, 30m, 30min, 1h.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    let text = text.trim();
    for (unit, length_s) in [("min", 60.0), ("sec", 1.0), ("s", 1.0), ("m", 60.0), ("h", 3600.0)] {
        if let Some(number) = text.strip_suffix(unit) {
            return Ok(value(number)? * length_s);
        }
    }
    value(text)
}

/// A share and a threshold: 80/20 is 80 % within 20 s, and so are 80%/20 and 0.8/20s.
pub(crate) fn service_level_goal(text: &str) -> Result<(f64, f64), String> {
    let (level, threshold) =
        text.split_once('/').ok_or_else(|| format!("“{text}” is no service level: write 80/20"))?;
    let said = share(level)?;
    // Nobody aims at more than all calls or at less than one in a hundred, so a number above 1 is a percentage.
    let is_percent = said > 1.0 && !level.contains('%');
    Ok((if is_percent { said / 100.0 } else { said }, seconds(threshold)?))
}

#[cfg(test)]
mod tests {
    use super::{seconds, service_level_goal, share};

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(share("30%"), Ok(0.3));
        assert_eq!(share("0.3"), Ok(0.3));
        assert_eq!(seconds("30m"), Ok(1800.0));
        assert_eq!(seconds("20s"), Ok(20.0));
        assert_eq!(service_level_goal("80/20"), Ok((0.8, 20.0)));
        assert_eq!(service_level_goal("90%/15s"), Ok((0.9, 15.0)));
        assert_eq!(service_level_goal("0.95/5"), Ok((0.95, 5.0)));
        assert!(service_level_goal("80").is_err_and(|message| message.contains("80/20")));
        assert!(share("a lot").is_err());
    }
}
