//! The language as its authors meet it: the teaching page, the formatter, the messages.

use inspection::{Diagnostic, format, parse::parse};

/// The rule examples of the teaching page.
fn examples() -> Vec<String> {
    let page = include_str!("../../../docs/rules.md");
    page.split("```rules\n").skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

#[test]
fn every_example_of_the_teaching_page_is_right() {
    assert!(examples().len() >= 6);
    for example in examples() {
        let (_, diagnostics) = parse(&example);
        assert!(diagnostics.is_empty(), "{example}\n{diagnostics:?}");
    }
}

#[test]
fn formatting_keeps_comments_and_settles_at_once() {
    let untidy = "# 文件说明\n\n\nlist angry=“生气”、\"投诉\"   # 常用\n  \"angry\"\n# about it\nrule x = （customer says angry）\n\
        behaviour b{ # opening\n title zh \"先\\\"回应\" en \"First\" must each\n\n# why\napplies when customer says any of angry shown when agent says \"sorry\" within 3 agent turns after it where not agent says /因为\\/所以/ after it before that and agent says anything in the last 2 turns\n# end\n}\n# last";
    let tidy = format(untidy).unwrap();
    insta::assert_snapshot!(tidy);
    assert_eq!(format(&tidy).unwrap(), tidy);
    for example in examples() {
        let once = format(&example).unwrap();
        assert_eq!(format(&once).unwrap(), once);
    }
}

fn messages(text: &str) -> String {
    let (_, diagnostics) = parse(text);
    diagnostics.iter().map(Diagnostic::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn messages_say_where_what_was_expected_and_how_it_would_be_right() {
    insta::assert_snapshot!(messages(
        "list angry \"生气\"\nlist then = \"a\"\nlist sorry = \"抱歉\n\
         behaviour primo {\n  title zh \"一\"\n  applies when custmer says any of angry\n  shown when agent syas \"x\"\n}\n\
         behaviour two {\n  must sometimes\n  shown when silence longer than 3 seconds\n}\n\
         behaviour three {\n  applies when customer says \"a\" within 3 after it\n}\n\
         behaviour four {\n  prohibited\n  shown when agent says \"a\"\n}\n\
         rule five = agent says \"a\" within 2.5 turns after it\nrule six = field hour 3"
    ));
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    let deep = format!("rule x = {}agent says \"a\"{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(messages(&deep).contains("nested more than"));
    let negated = format!("rule x = {} agent says \"a\"", "not ".repeat(10_000));
    assert!(messages(&negated).contains("nested more than"));
}
