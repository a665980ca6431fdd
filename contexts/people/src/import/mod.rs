//! People from a file: recognised, mapped, looked at, let in.

pub mod mapping;
pub(crate) mod pages;
pub mod rows;
pub mod service;
pub(crate) mod store;
pub mod tabular;

kernel::id_type! {
    /// A file on its way in.
    pub struct UploadId;
}
::store::bind_ids!(UploadId);
