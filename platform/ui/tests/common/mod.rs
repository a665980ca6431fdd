//! A small reader of the pages' HTML: enough to check every tag's attributes.

/// One tag with its attributes, in order; values are as written.
#[derive(Debug)]
pub struct Tag {
    /// The element's name; closing tags are left out.
    pub name: String,
    /// Name and value.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// All opening tags of a page made by maud: attributes are always quoted with `"`, and `<` and `>` in words
/// are always escaped.
pub fn tags(html: &str) -> Vec<Tag> {
    html.split('<').skip(1).filter(|part| !part.starts_with(['/', '!'])).map(tag).collect()
}

fn tag(part: &str) -> Tag {
    let (mut inside, mut quoted) = (String::new(), false);
    for c in part.chars() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => break,
            _ => {}
        }
        inside.push(c);
    }
    let name_end = inside.find([' ', '\n']).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(name_end);
    let mut attributes = Vec::new();
    while let Some(begin) = rest.find(|c: char| !c.is_whitespace() && c != '/') {
        rest = &rest[begin..];
        let end = rest.find([' ', '=', '/']).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(after) => {
                let (value, after) = after.split_once('"').unwrap_or((after, ""));
                rest = after;
                value.to_owned()
            }
            None => String::new(),
        };
        attributes.push((key, value));
    }
    Tag { name: name.to_owned(), attributes }
}
