//! Why the roster is as it is: what an unmet wish would have cost, why an interval is short, and which rules
//! contradict each other when somebody has no line at all.

mod contradiction;
mod shortages;
mod wishes;

pub use contradiction::{Bans, contradiction, contradiction_among};
pub use shortages::{Reason, Shortage, shortages};
pub use wishes::{Granting, Unmet, Why, unmet_wishes};
