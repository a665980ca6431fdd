//! What people call the browser that a login session came from.

/// Marks of browsers in a User-Agent, the more particular first: most claim to be Chrome and Safari as well.
const BROWSERS: [(&str, &str); 7] = [
    ("MicroMessenger/", "WeChat"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];
/// Marks of systems, the more particular first.
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];
/// Characters of a User-Agent that says nothing known.
const SHOWN_MAX: usize = 40;

/// Browser, its version and the system, such as “Chrome 120 · Windows”; the beginning of a User-Agent that is none
/// of those known.
pub(crate) fn name(user_agent: &str) -> String {
    let browser = BROWSERS.iter().find_map(|(mark, name)| {
        let (_, rest) = user_agent.split_once(mark)?;
        let version: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{name} {version}").trim_end().to_owned())
    });
    let system = SYSTEMS.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(browser), None) => browser,
        (None, _) => user_agent.chars().take(SHOWN_MAX).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_as_people_call_them() {
        let check = |agent: &str, expected: &str| assert_eq!(name(agent), expected);
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
            "Edge 120 · Windows",
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
            "Chrome 109 · Linux",
        );
        check(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Firefox 121 · macOS",
        );
        check("curl/8.5.0", "curl/8.5.0");
        check("", "");
    }
}
