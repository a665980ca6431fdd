//! Files that problems come in.

pub mod centre;
pub mod retail;
pub mod shift_scheduling;
pub mod team;
