//! Centres whose truth is known: made from planted seasons, holidays, shifts and chance.

use forecast::{Calendar, DayKind, Observation};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};

/// A centre to be made.
#[derive(Debug, Clone)]
pub struct Centre {
    pub first: Date,
    /// Calls of an ordinary day.
    pub calls_a_day: f64,
    /// From which day (counted from the first) on the calls are so many times as many.
    pub shift: Option<(i32, f64)>,
    /// Calls of the first days of a month beside ordinary ones.
    pub month_start: f64,
    /// Calls at the height of the year beside its mean.
    pub summer: f64,
    /// Standard deviation of whole days, as a part.
    pub day_noise: f64,
    /// Open at weekends too.
    pub all_week: bool,
    pub calendar: Calendar,
    pub seed: u64,
}

impl Default for Centre {
    fn default() -> Self {
        Self {
            first: jiff::civil::date(2024, 1, 8),
            calls_a_day: 2_400.0,
            shift: None,
            month_start: 1.0,
            summer: 1.0,
            day_noise: 0.03,
            all_week: true,
            calendar: Calendar::none(),
            seed: 1,
        }
    }
}

/// First and last half-hour of a day: 08:00 to 20:00.
pub const OPEN: std::ops::Range<u32> = 16..40;

impl Centre {
    /// The day so many days after the first.
    pub fn date(&self, day: i32) -> Date {
        self.first.saturating_add(day.days())
    }

    /// Calls expected in a half-hour (0 to 47) of a day, without chance; handling seconds with it.
    pub fn truth(&self, day: i32, half_hour: u32) -> (f64, f64) {
        let date = self.date(day);
        let special = self.calendar.on(date).map(|special| (special.kind, special.number));
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let is_closed = weekend && !self.all_week && !matches!(special, Some((DayKind::MakeUpWorkday, _)));
        if is_closed || !OPEN.contains(&half_hour) {
            return (0.0, 0.0);
        }
        let weekday = match (special, date.weekday()) {
            (Some((DayKind::Holiday, number)), _) => 0.35 + 0.05 * f64::from(number.min(5)),
            (Some((DayKind::MakeUpWorkday, _)), _) => 0.95,
            (_, Weekday::Monday) => 1.2,
            (_, Weekday::Saturday) => 0.6,
            (_, Weekday::Sunday) => 0.5,
            _ => 1.0,
        };
        let around = match special {
            Some((DayKind::DayAfter, _)) => 1.3,
            Some((DayKind::Eve, _)) => 0.8,
            _ => 1.0,
        };
        let month = if date.day() <= 3 { self.month_start } else { 1.0 };
        let angle = std::f64::consts::TAU * f64::from(date.day_of_year()) / 365.25;
        let year = 1.0 - (self.summer - 1.0) * angle.cos();
        let level = self.shift.filter(|(at, _)| day >= *at).map_or(1.0, |(_, factor)| factor);
        let hour = f64::from(half_hour) / 2.0;
        let shape = (-0.5 * ((hour - 10.5) / 2.0_f64).powi(2)).exp()
            + 0.7 * (-0.5 * ((hour - 15.5) / 2.5_f64).powi(2)).exp();
        // The shape adds up to about 16.7 half-hours.
        let calls = self.calls_a_day / 16.7 * shape * weekday * around * month * year * level;
        (calls, 240.0 + 6.0 * (hour - 14.0))
    }

    /// Calls and handling times of so many days, with chance.
    pub fn history(&self, days: i32) -> Vec<Observation> {
        let mut chance = Chance(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut rows = Vec::new();
        for day in 0..days {
            let factor = (1.0 + self.day_noise * chance.normal()).max(0.2);
            for half_hour in OPEN {
                let (calls, aht) = self.truth(day, half_hour);
                let start = self.start(day, half_hour);
                if calls > 0.0 {
                    let calls = calls * factor;
                    let calls = (calls + calls.sqrt() * chance.normal()).round().max(0.0);
                    let aht_s =
                        (calls > 0.0).then(|| aht * (1.0 + 0.6 * chance.normal() / calls.sqrt()).max(0.2));
                    rows.push(Observation { start, calls, aht_s });
                }
            }
        }
        rows
    }

    /// When a half-hour of a day starts.
    pub fn start(&self, day: i32, half_hour: u32) -> DateTime {
        self.date(day).at(0, 0, 0, 0).saturating_add((i64::from(half_hour) * 30).minutes())
    }

    /// Sum of the absolute differences from the truth ÷ sum of the truth, over the forecast's intervals.
    pub fn wape(&self, intervals: &[forecast::IntervalForecast]) -> f64 {
        let (mut error, mut sum) = (0.0, 0.0);
        for one in intervals {
            let truth = self.truth_at(one.start);
            error += (one.calls.mean - truth).abs();
            sum += truth;
        }
        error / sum
    }

    /// Calls expected in the half-hour that starts then.
    pub fn truth_at(&self, start: DateTime) -> f64 {
        let day = self.first.until(start.date()).map_or(0, |span| span.get_days());
        let half_hour = (i32::from(start.hour()) * 60 + i32::from(start.minute())) / 30;
        self.truth(day, half_hour.unsigned_abs()).0
    }
}

/// Random numbers that are the same everywhere.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        // xorshift64*, Vigna 2016.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        // The sum of twelve uniform numbers less 6 has variance 1, and no tail that could surprise a test.
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
