//! Clock times of a file.

use crate::error::Error;
use crate::limits::STRETCH_S_MAX;

const DAY_S: f64 = 86_400.0;

/// Turns clock times into seconds from the start and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    start_s: f64,
}

/// From when to when, seconds from the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// First second.
    pub from_s: f64,
    /// First second behind it.
    pub to_s: f64,
}

impl Clock {
    /// A clock that begins at `HH:MM`.
    ///
    /// # Errors
    /// When that is no time.
    pub fn new(path: &str, start: &str) -> Result<Clock, Error> {
        time(start).map(|start_s| Clock { start_s }).ok_or_else(|| unknown(path, start))
    }

    /// Seconds from the start; a time before the start's is the next day's.
    ///
    /// # Errors
    /// When that is no time.
    pub fn time(&self, path: &str, text: &str) -> Result<f64, Error> {
        let at = time(text).ok_or_else(|| unknown(path, text))?;
        Ok(if at < self.start_s { at + DAY_S - self.start_s } else { at - self.start_s })
    }

    /// `HH:MM-HH:MM`; an end not after the beginning is the next day's.
    ///
    /// # Errors
    /// When that is no span.
    pub fn span(&self, path: &str, text: &str) -> Result<Span, Error> {
        let advice = "write from and to as 09:00-17:30";
        let (from, to) =
            text.split_once(['-', '–']).ok_or_else(|| Error::value(path, format!("{text:?}"), advice))?;
        let from_s = self.time(path, from)?;
        let mut to_s = self.time(path, to)?;
        if to_s <= from_s {
            to_s += DAY_S;
        }
        Ok(Span { from_s, to_s })
    }

    /// `HH:MM`, or with seconds where there are any.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts from floats saturate")]
    pub fn text(&self, seconds: f64) -> String {
        let all = (self.start_s + seconds).round().max(0.0) as u64;
        let (hours, minutes, seconds) = (all / 3_600 % 24, all / 60 % 60, all % 60);
        if seconds == 0 {
            format!("{hours:02}:{minutes:02}")
        } else {
            format!("{hours:02}:{minutes:02}:{seconds:02}")
        }
    }
}

fn time(text: &str) -> Option<f64> {
    let mut parts = text.trim().split(':').map(|part| part.parse::<u32>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    if parts.next().is_some() || minutes > 59 || seconds > 59 {
        return None;
    }
    let at = f64::from(hours) * 3_600.0 + f64::from(minutes) * 60.0 + f64::from(seconds);
    (at <= STRETCH_S_MAX).then_some(at)
}

fn unknown(path: &str, text: &str) -> Error {
    Error::value(path, format!("{text:?}"), "write a time as 09:00; hours of the next days go on with 24:00")
}
