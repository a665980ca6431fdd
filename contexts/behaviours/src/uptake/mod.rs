//! Uptake (使用率): conversations where shown ÷ conversations where applicable, over a population and a window.

pub(crate) mod pages;
pub(crate) mod request;
pub(crate) mod rest;
pub mod rules;
pub(crate) mod selection;
mod service;
pub mod store;

pub use rules::{By, MapCell, Subject, UptakeMap, UptakeRow, Window, map};
pub use store::{Slice, Sum};
