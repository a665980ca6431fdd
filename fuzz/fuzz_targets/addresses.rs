//! An address with the parameters of a list, as anybody may type it: it never leaves the site, and what a page
//! writes from it reads back the same.
#![no_main]
#![allow(dead_code, reason = "one module of a crate, of which this needs a part")]

#[path = "../../platform/ui/src/href.rs"]
mod href;

use href::Href;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|address: &str| {
    let read = Href::parse(address);
    let written = read.to_string();
    assert!(written.starts_with('/') && !written.starts_with("//"), "{address:?} leads to {written:?}");
    assert!(!written.contains(['\\', '\r', '\n']), "{address:?} is written as {written:?}");
    assert_eq!(Href::parse(&written), read, "written as {written:?}");
    for (key, value) in read.query() {
        let replaced = read.clone().with(key, value);
        assert!(replaced.query().iter().filter(|(name, _)| name == key).count() == 1, "{key:?} stands once");
        assert!(read.clone().without(key).value(key).is_none(), "{key:?} is gone");
    }
});
