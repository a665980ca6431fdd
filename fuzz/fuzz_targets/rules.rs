//! Rule text as anybody may type it: the checker answers, and the formatter keeps its own form.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = inspection::check(text);
    if let Ok(formatted) = inspection::format(text) {
        assert_eq!(inspection::format(&formatted).as_ref(), Ok(&formatted), "formatted twice");
    }
});
