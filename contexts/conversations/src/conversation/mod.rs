//! The conversation: its rules, its document, its store, its pages and its part of the API.

pub mod document;
pub mod filter;
pub mod pages;
pub mod read;
pub mod rest;
pub mod rules;
pub mod store;
