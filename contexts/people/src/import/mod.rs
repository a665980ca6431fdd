//! People from a file: recognised, mapped, looked at, let in.

pub(crate) mod pages;
pub mod said;
pub mod service;
pub(crate) mod store;

kernel::id_type! {
    /// A file on its way in.
    pub struct UploadId;
}
::store::bind_ids!(UploadId);
