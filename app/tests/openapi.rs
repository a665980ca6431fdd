//! The committed description of the HTTP interface.

#[tokio::test]
async fn the_committed_description_is_the_one_that_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let served = lianbing::commands::openapi::describe().await.unwrap();
    assert!(
        committed == served,
        "docs/openapi.json is not what the product serves; run `cargo xtask openapi` and review the difference"
    );
}
