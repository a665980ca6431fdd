//! Addresses, built from their parts with the right encoding, and the attributes of partial updates.

use std::fmt::{self, Display, Write as _};

/// An address inside the product: path, query pairs, fragment. Everything put in is percent-encoded.
///
/// ```
/// use ui::Href;
/// let href = Href::new("/people").segment("李明").with("team", "A & B").fragment("facts");
/// assert_eq!(href.to_string(), "/people/%E6%9D%8E%E6%98%8E?team=A%20%26%20B#facts");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[must_use]
pub struct Href {
    path: String,
    query: Vec<(String, String)>,
    fragment: Option<String>,
}

impl Href {
    /// A path known at build time, for example `/people`.
    pub fn new(path: &'static str) -> Href {
        Href { path: path.to_owned(), ..Href::default() }
    }

    /// The address of a request: its path as it came (already encoded) and its raw query.
    /// A path that could leave the site (`//host`, a scheme, a back slash, a control character) becomes `/`.
    pub fn of_request(path: &str, raw_query: Option<&str>) -> Href {
        let safe = path.starts_with('/')
            && !path.starts_with("//")
            && !path.chars().any(|c| c == '\\' || c.is_control());
        let query = raw_query.and_then(|raw| serde_urlencoded::from_str(raw).ok()).unwrap_or_default();
        Href { path: if safe { path.to_owned() } else { "/".to_owned() }, query, fragment: None }
    }

    /// Reads an address that came back from a form (a “return to” field); anything that could leave the site
    /// becomes `/`.
    pub fn parse(address: &str) -> Href {
        let address = address.split('#').next().unwrap_or_default();
        match address.split_once('?') {
            Some((path, query)) => Href::of_request(path, Some(query)),
            None => Href::of_request(address, None),
        }
    }

    /// One more path segment, encoded: ids, names.
    pub fn segment(mut self, segment: impl Display) -> Href {
        if !self.path.ends_with('/') {
            self.path.push('/');
        }
        encode(&mut self.path, &segment.to_string());
        self
    }

    /// The query value of this key replaced, or added at the end.
    pub fn with(mut self, key: &str, value: impl Display) -> Href {
        let value = value.to_string();
        match self.query.iter().position(|(name, _)| name == key) {
            Some(at) => {
                if let Some(pair) = self.query.get_mut(at) {
                    pair.1 = value;
                }
                let mut seen = false;
                self.query.retain(|(name, _)| name != key || !std::mem::replace(&mut seen, true));
            }
            None => self.query.push((key.to_owned(), value)),
        }
        self
    }

    /// One more query pair, beside others of the same key.
    pub fn also(mut self, key: &str, value: impl Display) -> Href {
        self.query.push((key.to_owned(), value.to_string()));
        self
    }

    /// All query pairs of this key removed.
    pub fn without(mut self, key: &str) -> Href {
        self.query.retain(|(name, _)| name != key);
        self
    }

    /// One query pair removed, others of the same key kept.
    pub fn without_value(mut self, key: &str, value: &str) -> Href {
        self.query.retain(|(name, held)| name != key || held != value);
        self
    }

    /// The same path without any query or fragment.
    pub fn bare(mut self) -> Href {
        self.query.clear();
        self.fragment = None;
        self
    }

    /// Points at an element of the page by its id.
    pub fn fragment(mut self, id: &str) -> Href {
        self.fragment = Some(id.to_owned());
        self
    }

    /// The path, encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query pairs, decoded.
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// The first value of a query key that is not blank.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(name, value)| name == key && !value.trim().is_empty())
            .map(|(_, v)| v.as_str())
    }

    /// All values of a query key that are not blank.
    pub fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.query
            .iter()
            .filter(move |(name, value)| name == key && !value.trim().is_empty())
            .map(|(_, v)| v.as_str())
    }
}

impl Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = self.path.clone();
        for (at, (key, value)) in self.query.iter().enumerate() {
            out.push(if at == 0 { '?' } else { '&' });
            encode(&mut out, key);
            out.push('=');
            encode(&mut out, value);
        }
        if let Some(fragment) = &self.fragment {
            out.push('#');
            encode(&mut out, fragment);
        }
        f.write_str(&out)
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 §2.3.
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// What a partial update does with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Swap {
    /// Puts it inside the target.
    #[default]
    Inner,
    /// Puts it in the target's place.
    Outer,
    /// Puts it after the target's last child.
    Append,
}

impl Display for Swap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Swap::Inner => "innerHTML",
            Swap::Outer => "outerHTML",
            Swap::Append => "beforeend",
        })
    }
}

/// The attributes of a partial update, each as a value for maud's `name=[…]`. Whatever carries them has an
/// ordinary `href` or `action` too, so that it works without script.
///
/// ```
/// use ui::{Href, Hx, Swap};
/// let hx = Hx::get(Href::new("/people").with("team", 3)).into_id("list").swap(Swap::Outer);
/// let markup = maud::html! { a href=[hx.href()] hx-get=[hx.href()] hx-target=[hx.target()] hx-swap=(hx.how()) { "…" } };
/// assert!(markup.into_string().contains(r##"hx-target="#list""##));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Hx {
    href: Href,
    target: Option<String>,
    swap: Swap,
    every_seconds: Option<u32>,
}

impl Hx {
    /// Asks for this address.
    pub fn get(href: Href) -> Hx {
        Hx { href, target: None, swap: Swap::default(), every_seconds: None }
    }

    /// Where the answer goes: the element of this id; without it, the element itself.
    pub fn into_id(mut self, id: &str) -> Hx {
        self.target = Some(format!("#{id}"));
        self
    }

    /// What is done with the answer.
    pub fn swap(mut self, swap: Swap) -> Hx {
        self.swap = swap;
        self
    }

    /// Asks again by itself.
    pub fn every_seconds(mut self, seconds: u32) -> Hx {
        self.every_seconds = Some(seconds);
        self
    }

    /// For `href`, `hx-get` or `hx-post`.
    pub fn href(&self) -> Option<String> {
        Some(self.href.to_string())
    }

    /// For `hx-target`.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// For `hx-swap`.
    pub fn how(&self) -> Swap {
        self.swap
    }

    /// For `hx-trigger`; `None` leaves htmx's own choice (click, submit, change).
    pub fn trigger(&self) -> Option<String> {
        self.every_seconds.map(|seconds| format!("every {seconds}s"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_replaced_added_and_removed() {
        let href = Href::of_request("/a", Some("x=1&y=2&x=3"));
        let check = |href: Href, expected: &str| assert_eq!(href.to_string(), expected);
        check(href.clone().with("x", 9), "/a?x=9&y=2");
        check(href.clone().with("z", 9), "/a?x=1&y=2&x=3&z=9");
        check(href.clone().without("x"), "/a?y=2");
        check(href.clone().without_value("x", "1"), "/a?y=2&x=3");
        check(href.bare().segment("a/b c"), "/a/a%2Fb%20c");
    }

    #[test]
    fn a_return_address_never_leaves_the_site() {
        let check = |address: &str, expected: &str| {
            assert_eq!(Href::parse(address).to_string(), expected, "{address}");
        };
        check("/people?team=1", "/people?team=1");
        check("//evil.example/x", "/");
        check("https://evil.example", "/");
        check("/\\evil.example", "/");
        check("", "/");
        check("/a\r\nSet-Cookie: x", "/");
    }
}
