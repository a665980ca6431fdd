//! Broken files: each says what is wrong and where, and the good rows around it go in.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::{fmt::Write, ops::ControlFlow};

use audit::By;
use conversations::{
    api::{BatchKind, Conversations, Defaults, ImportError, ImportOptions, ImportRequest},
    fuzzing,
};
use kernel::{Env, Scope, Time};
use people::api::People;
use proptest::prelude::*;
use store::testing;

/// A file, the codes of its rejected rows in order of lines, and how many conversations must go in.
struct Case {
    name: String,
    bytes: Vec<u8>,
    codes: Vec<&'static str>,
    good: u64,
}

const BEFORE: &str = r#"{"id":"before","turns":[{"role":"customer","text":"前"}]}"#;
const AFTER: &str = r#"{"id":"after","turns":[{"role":"agent","text":"后"}]}"#;

fn json(name: &str, middle: impl AsRef<[u8]>, code: &'static str) -> Case {
    let bytes = [BEFORE.as_bytes(), b"\n", middle.as_ref(), b"\n", AFTER.as_bytes(), b"\n"].concat();
    Case { name: format!("{name}.jsonl"), bytes, codes: vec![code], good: 2 }
}

fn turn(inside: &str) -> String {
    format!(r#"{{"id":"x","turns":[{inside}]}}"#)
}

fn with(inside: &str) -> String {
    format!(r#"{{"id":"x","turns":[{{"role":"customer","text":"好"}}],{inside}}}"#)
}

fn csv(name: &str, rows: &str, codes: &[&'static str], good: u64) -> Case {
    csv_bytes(
        name,
        format!("id,role,text\nbefore,customer,前\n{rows}after,agent,后\n").into_bytes(),
        codes,
        good,
    )
}

fn csv_bytes(name: &str, bytes: Vec<u8>, codes: &[&'static str], good: u64) -> Case {
    Case { name: format!("{name}.csv"), bytes, codes: codes.to_vec(), good: good + 2 }
}

fn json_cases() -> Vec<Case> {
    let long_name = "名".repeat(201);
    let many_turns = vec![r#"{"role":"agent","text":""}"#; 5_001].join(",");
    let mut cases = vec![
        json("not json", "hello", "json"),
        json("cut", r#"{"id":"x","turns":[{"role":"cust"#, "truncated"),
        json("cut in a name", r#"{"id"#, "truncated"),
        json("cut in a number", r#"{"id":"x","duration_s":1"#, "truncated"),
        json("cut in a list", r#"{"id":"x","turns":["#, "truncated"),
        json("two objects", r#"{"id":"x"} {"id":"y"}"#, "json"),
        json("trailing comma", r#"{"id":"x","turns":[],}"#, "json"),
        json("single quotes", "{'id':'x'}", "json"),
        json("comment", "{/* x */}", "json"),
        json("bare word", "{id:1}", "json"),
        json("lone surrogate", turn(r#"{"role":"agent","text":"\ud800"}"#), "json"),
        json("control character", turn("{\"role\":\"agent\",\"text\":\"a\u{1}b\"}"), "json"),
        json("a list", "[1,2]", "not_an_object"),
        json("a text", "\"x\"", "not_an_object"),
        json("a number", "12", "not_an_object"),
        json("null", "null", "not_an_object"),
        json("true", "true", "not_an_object"),
        json("nothing in it", "{}", "missing"),
        json("no id", r#"{"turns":[{"role":"agent","text":"x"}]}"#, "missing"),
        json("blank id", r#"{"id":"  ","turns":[{"role":"agent","text":"x"}]}"#, "missing"),
        json("null id", r#"{"id":null,"turns":[{"role":"agent","text":"x"}]}"#, "missing"),
        json("id is a list", r#"{"id":[1],"turns":[{"role":"agent","text":"x"}]}"#, "wrong_kind"),
        json("id is an object", r#"{"id":{},"turns":[{"role":"agent","text":"x"}]}"#, "wrong_kind"),
        json("id is true", r#"{"id":true,"turns":[{"role":"agent","text":"x"}]}"#, "wrong_kind"),
        json(
            "id too long",
            format!(r#"{{"id":"{long_name}","turns":[{{"role":"agent","text":"x"}}]}}"#),
            "name",
        ),
        json("id with a line end", r#"{"id":"a\nb","turns":[{"role":"agent","text":"x"}]}"#, "name"),
        json("id with NUL", r#"{"id":"a\u0000","turns":[{"role":"agent","text":"x"}]}"#, "name"),
        json("NUL byte", b"{\"id\":\"a\0\"}", "nul"),
        json("NUL bytes only", [0_u8; 20], "nul"),
        json("NUL in a text", turn(r#"{"role":"agent","text":"a\u0000b"}"#), "nul"),
        json("no turns", r#"{"id":"x"}"#, "no_turns"),
        json("empty turns", turn(""), "no_turns"),
        json("null turns", r#"{"id":"x","turns":null}"#, "no_turns"),
        json("turns are a text", r#"{"id":"x","turns":"hello"}"#, "wrong_kind"),
        json("turns are an object", r#"{"id":"x","turns":{}}"#, "wrong_kind"),
        json("turns are a number", r#"{"id":"x","turns":5}"#, "wrong_kind"),
        json("a turn is a text", turn("\"hello\""), "wrong_kind"),
        json("a turn is null", turn("null"), "wrong_kind"),
        json("a turn is a list", turn("[]"), "wrong_kind"),
        json("turn without a role", turn(r#"{"text":"x"}"#), "role"),
        json("unknown role", turn(r#"{"role":"robot","text":"x"}"#), "role"),
        json("role is a number", turn(r#"{"role":1,"text":"x"}"#), "role"),
        json("role is null", turn(r#"{"role":null,"text":"x"}"#), "role"),
        json("turn without text", turn(r#"{"role":"agent"}"#), "wrong_kind"),
        json("text is a number", turn(r#"{"role":"agent","text":5}"#), "wrong_kind"),
        json("text is a list", turn(r#"{"role":"agent","text":["a"]}"#), "wrong_kind"),
        json(
            "text too long",
            turn(&format!(r#"{{"role":"agent","text":"{}"}}"#, "长".repeat(20_001))),
            "text_too_long",
        ),
        json("too many turns", turn(&many_turns), "too_many_turns"),
        json("negative time", turn(r#"{"role":"agent","t":-1,"text":"x"}"#), "offset"),
        json("endless time", turn(r#"{"role":"agent","t":1e300,"text":"x"}"#), "offset"),
        json("time too large for a number", turn(r#"{"role":"agent","t":1e999,"text":"x"}"#), "json"),
        json("time in words", turn(r#"{"role":"agent","t":"soon","text":"x"}"#), "offset"),
        json("time is NaN", turn(r#"{"role":"agent","t":"NaN","text":"x"}"#), "offset"),
        json("time is a list", turn(r#"{"role":"agent","t":[],"text":"x"}"#), "offset"),
        json(
            "backwards",
            turn(r#"{"role":"agent","t":5,"text":"x"},{"role":"agent","t":4,"text":"y"}"#),
            "backwards",
        ),
        json(
            "backwards over a gap",
            turn(
                r#"{"role":"agent","t":5,"text":"x"},{"role":"agent","text":"z"},{"role":"agent","t":4.999,"text":"y"}"#,
            ),
            "backwards",
        ),
        json("started yesterday", with(r#""started_at":"yesterday""#), "time"),
        json("started in month 13", with(r#""started_at":"2026-13-01T00:00:00Z""#), "time"),
        json("started in year 1", with(r#""started_at":"0001-01-01T00:00:00Z""#), "time"),
        json("started in year 9999", with(r#""started_at":"9999-12-31T23:59:59Z""#), "time"),
        json("started as a number", with(r#""started_at":1700000000"#), "time"),
        json("started as a list", with(r#""started_at":[2026]"#), "wrong_kind"),
        json("unknown direction", with(r#""direction":"sideways""#), "direction"),
        json("agent is an object", with(r#""agent":{"id":1}"#), "wrong_kind"),
        json("agent too long", with(&format!(r#""agent":"{long_name}""#)), "name"),
        json("queue with a tab", with(r#""queue":"a\tb""#), "name"),
        json("site is a list", with(r#""site":["a"]"#), "wrong_kind"),
        json("fields are a list", with(r#""fields":[1]"#), "wrong_kind"),
        json("fields are a text", with(r#""fields":"x""#), "wrong_kind"),
        json("duration in words", with(r#""duration_s":"long""#), "offset"),
        json("negative duration", with(r#""duration_s":-5"#), "offset"),
        json("participant is a list", turn(r#"{"role":"agent","participant":[],"text":"x"}"#), "wrong_kind"),
        json("deep nesting", with(&format!(r#""x":{}{}"#, "[".repeat(5_000), "]".repeat(5_000))), "json"),
        json("deep nesting left open", with(&format!(r#""x":{}"#, "[".repeat(100_000))), "json"),
        json("broken UTF-8", b"{\"id\":\"\xff\xfe\"}", "encoding"),
        json("cut UTF-8", b"{\"id\":\"\xe4\xbd\"}", "encoding"),
        json("overlong UTF-8", b"{\"id\":\"\xc0\xaf\"}", "encoding"),
        json("GBK among UTF-8", b"{\"id\":\"\xc4\xe3\xba\xc3\"}", "encoding"),
        json(
            "binary",
            (0..=255_u8).filter(|b| *b != b'\n').cycle().take(2_000).collect::<Vec<_>>(),
            "encoding",
        ),
        json("8 MB and more", vec![b'x'; 9 * 1024 * 1024], "line_too_long"),
        json("50 MB in one line", vec![b'{'; 50 * 1024 * 1024], "line_too_long"),
        json("a duplicate", BEFORE, "duplicate"),
    ];
    cases.push(Case {
        name: "last line cut.jsonl".into(),
        bytes: format!("{BEFORE}\n{AFTER}\n{}", &BEFORE[..30]).into_bytes(),
        codes: vec!["truncated"],
        good: 2,
    });
    cases.push(Case {
        name: "blank lines.jsonl".into(),
        bytes: format!("\n\r\n  \n{BEFORE}\r\n\n{AFTER}").into_bytes(),
        codes: vec![],
        good: 2,
    });
    let wide = |text: &str| {
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect::<Vec<u8>>()
    };
    let mut cut = wide(&format!("{BEFORE}\n{AFTER}\n{{\"id\":\"好"));
    cut.pop();
    cases.push(Case {
        name: "UTF-16 cut in a character.jsonl".into(),
        bytes: cut,
        codes: vec!["encoding"],
        good: 2,
    });
    let (gbk, ..) = encoding_rs::GBK
        .encode("{\"id\":\"广东话务中心之一\",\"turns\":[{\"role\":\"agent\",\"text\":\"您好请讲\"}]}\n");
    let mut bytes = gbk.repeat(1);
    bytes.extend(b"{\"id\":\"\xff\"}\n");
    cases.push(Case { name: "GBK with a broken byte.jsonl".into(), bytes, codes: vec!["encoding"], good: 1 });
    cases
}

fn csv_cases() -> Vec<Case> {
    let many: String = (0..1_000_000).fold(String::from("x"), |mut row, _| {
        row.push(',');
        row
    });
    let mut scattered = String::from("s,customer,一\n");
    for n in 0..10_100 {
        let _ = writeln!(scattered, "f{n},agent,二");
    }
    scattered.push_str("s,agent,三\n");
    vec![
        csv("unknown role", "x,robot,滴\n", &["role"], 0),
        csv("empty role", "x,,滴\n", &["role"], 0),
        csv("no id", ",agent,滴\n", &["missing"], 0),
        csv("too few columns", "x,agent\n", &[], 1),
        csv("only an id", "x\n", &["role"], 0),
        csv("too many columns", "x,agent,滴,more\n", &["columns"], 0),
        csv("empty columns at the end", "x,agent,滴,,,\n", &[], 1),
        csv("a million columns", &format!("{many}\n"), &["too_many_columns"], 0),
        csv("never closed", "x,agent,\"滴\n", &["quote"], 0),
        csv("stray quotation mark", "x,agent,\"滴\"滴\n", &["quote"], 0),
        csv("quotation mark inside a word", "x,agent,a\"b\n", &[], 1),
        csv("doubled quotation marks", "x,agent,\"a\"\"b\"\n", &[], 1),
        csv("a text over three lines", "x,agent,\"a\n\nb\"\n", &[], 1),
        csv("formula", "x,agent,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\n", &[], 1),
        csv("formula of four kinds", "x,agent,+1\nx,agent,-1\nx,agent,@SUM(1)\nx,agent,=1+1\n", &[], 1),
        csv("formula as an id", "=1+1,agent,滴\n", &[], 1),
        csv("NUL", "x,agent,a\0b\n", &["nul"], 0),
        csv("blank lines", "\n\r\n   \nx,agent,滴\n\n", &[], 1),
        csv(
            "one bad row of three",
            "x,agent,一\nx,robot,二\nx,agent,三\n",
            &["sibling", "role", "sibling"],
            0,
        ),
        csv("scattered within the window", "x,agent,一\ny,agent,二\nx,agent,三\n", &[], 2),
        csv("scattered beyond the window", &scattered, &["duplicate"], 10_101),
        csv("text too long", &format!("x,agent,{}\n", "长".repeat(20_001)), &["text_too_long"], 0),
        csv("a row of 2 MB", &format!("x,agent,{}\n", "x".repeat(2 * 1024 * 1024)), &["line_too_long"], 0),
        csv(
            "a row of 2 MB in quotation marks",
            &format!("x,agent,\"{}\"\n", "x".repeat(2 * 1024 * 1024)),
            &["line_too_long"],
            0,
        ),
        csv(
            "50 MB in one line",
            &format!("x,agent,{}\n", "x".repeat(50 * 1024 * 1024)),
            &["line_too_long"],
            0,
        ),
        csv_bytes(
            "broken UTF-8",
            b"id,role,text\nbefore,customer,\xe5\x89\x8d\nx,agent,\xff\nafter,agent,\xe5\x90\x8e\n".to_vec(),
            &["encoding"],
            0,
        ),
        csv_bytes(
            "broken UTF-8 in a quoted text",
            b"id,role,text\nbefore,customer,\xe5\x89\x8d\nx,agent,\"a\n\xff\"\nafter,agent,\xe5\x90\x8e\n"
                .to_vec(),
            &["quote", "encoding"],
            0,
        ),
        csv_bytes(
            "times backwards",
            "id,role,t,text\nbefore,customer,,前\nx,agent,9,a\nx,agent,3,b\nafter,agent,,后\n".into(),
            &["sibling", "backwards"],
            0,
        ),
        csv_bytes(
            "time in words",
            "id,role,t,text\nbefore,customer,,前\nx,agent,soon,a\nafter,agent,,后\n".into(),
            &["offset"],
            0,
        ),
        csv_bytes(
            "clock times",
            "id,role,t,text\nbefore,customer,,前\nx,agent,1:05,a\nx,agent,1:02:03,a\nafter,agent,,后\n"
                .into(),
            &[],
            1,
        ),
        csv_bytes(
            "started in words",
            "id,role,text,开始时间\nbefore,customer,前,\nx,agent,a,昨天\nafter,agent,后,\n".into(),
            &["time"],
            0,
        ),
        csv_bytes(
            "two queues",
            "id,role,text,queue\nbefore,customer,前,\nx,agent,a,q1\nx,agent,b,q2\nafter,agent,后,\n".into(),
            &["sibling", "conflict"],
            0,
        ),
        csv_bytes(
            "bad duration",
            "id,role,text,duration\nbefore,customer,前,\nx,agent,a,long\nafter,agent,后,\n".into(),
            &["wrong_kind"],
            0,
        ),
        csv_bytes(
            "bad direction",
            "id,role,text,direction\nbefore,customer,前,\nx,agent,a,左\nafter,agent,后,\n".into(),
            &["direction"],
            0,
        ),
        csv_bytes("tabs", "id\trole\ttext\nbefore\tcustomer\t前, 后\nafter\tagent\t后\n".into(), &[], 0),
        csv_bytes("semicolons", "id;role;text\nbefore;customer;前\nafter;agent;后\n".into(), &[], 0),
        csv_bytes(
            "byte order mark",
            "\u{FEFF}id,role,text\nbefore,customer,前\nafter,agent,后\n".into(),
            &[],
            0,
        ),
        csv_bytes("old line ends", "id,role,text\r\nbefore,customer,前\r\nafter,agent,后\r\n".into(), &[], 0),
    ]
}

fn request(name: &str, source: &str) -> ImportRequest {
    ImportRequest {
        kind: BatchKind::Command,
        name: name.to_owned(),
        bytes_total: None,
        options: ImportOptions {
            defaults: Defaults { source: Some(source.to_owned()), ..Defaults::default() },
            ..ImportOptions::default()
        },
        resume: None,
    }
}

async fn service(folder: &std::path::Path) -> Conversations {
    let all = [store::MIGRATIONS, jobs::MIGRATIONS, people::MIGRATIONS, conversations::MIGRATIONS];
    let env = Env::fixed(Time::parse("2026-03-10T00:00:00Z").unwrap(), 1);
    let db = testing::sqlite(folder, &env, &all).await.unwrap();
    let people = People::open(&db).await.unwrap();
    Conversations::new(db, people, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_broken_file_says_why_and_loses_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path()).await;
    let cases: Vec<Case> = json_cases().into_iter().chain(csv_cases()).collect();
    assert!(cases.len() >= 100, "{}", cases.len());
    for (n, case) in cases.into_iter().enumerate() {
        let reader = std::io::Cursor::new(case.bytes);
        let batch = service
            .import_stream(&By::COMMAND, reader, request(&case.name, &format!("case {n}")), |_| {
                ControlFlow::Continue(())
            })
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let rows = service.rejected_rows(batch.id, 0, 100).await.unwrap();
        let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, case.codes, "{}", case.name);
        assert_eq!(
            (batch.counts.added, batch.counts.rejected),
            (case.good, case.codes.len() as u64),
            "{}",
            case.name
        );
        for row in rows {
            assert!(row.raw.len() <= 64 * 1024 * 3 && row.line > 0);
            assert!(
                row.reason.zh.chars().count() > 8 && row.reason.en.len() > 12 && row.reason.zh.len() < 2_000,
                "{}",
                case.name
            );
        }
    }
    let formula = conversations::api::ConversationFilter { query: None, ..Default::default() };
    let list = conversations::api::ListRequest { filter: formula, limit: 10, ..Default::default() };
    assert_eq!(service.list(&Scope::everything(), &list).await.unwrap().rows.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_too_long_is_told_with_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path()).await;
    let check = async |name: &str, bytes: Vec<u8>, limit: &str| {
        let reader = std::io::Cursor::new(bytes);
        let batch = service
            .import_stream(&By::COMMAND, reader, request(name, "s"), |_| ControlFlow::Continue(()))
            .await
            .unwrap();
        let rows = service.rejected_rows(batch.id, 0, 10).await.unwrap();
        assert_eq!(rows.len(), 1, "{name}");
        assert!(
            rows[0].reason.en.contains(limit) && rows[0].reason.zh.contains(limit),
            "{:?}",
            rows[0].reason
        );
    };
    let row = |mb: usize| format!("id,role,text\nx,agent,{}\n", "x".repeat(mb * 1024 * 1024)).into_bytes();
    check("two.csv", row(2), "1 MB").await;
    check("nine.csv", row(9), "1 MB").await;
    check("nine.jsonl", vec![b'{'; 9 * 1024 * 1024], "8 MB").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_read_at_all_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(folder.path()).await;
    let columns = (0..1_000_000).fold(String::from("id"), |mut row, _| {
        row.push_str(",x");
        row
    });
    for (name, bytes, expected) in [
        ("x", b"hello world\n".to_vec(), "not recognised"),
        ("x.csv", b"hello world\n".to_vec(), "lacks columns"),
        ("x.csv", b"id,text\n1,2\n".to_vec(), "role"),
        ("x.csv", b"id,role,\"text\n".to_vec(), "quotation"),
        ("x.csv", columns.into_bytes(), "columns"),
        ("x.csv", vec![b'x'; 50 * 1024 * 1024], "8 MB"),
        ("x.xlsx", b"PK\x03\x04\x14\x00\x06\x00".to_vec(), "not recognised"),
        ("x.csv", vec![0; 100], "lacks"),
    ] {
        let reader = std::io::Cursor::new(bytes);
        let outcome = service
            .import_stream(&By::COMMAND, reader, request(name, "s"), |_| ControlFlow::Continue(()))
            .await;
        let Err(ImportError::Source(error)) = outcome else { panic!("{name} went in") };
        let text = error.text();
        assert!(text.en.contains(expected), "{name}: {}", text.en);
        assert!(!text.zh.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(data in prop::collection::vec(any::<u8>(), 0..400)) {
        fuzzing::jsonl(&data);
        fuzzing::csv(&data);
    }

    #[test]
    fn near_records_are_read_without_a_panic(
        at in 0_usize..120,
        byte in any::<u8>(),
        extra in "[\\[\\]{}\",:0-9a-z\\\\客户]{0,12}",
    ) {
        let mut line = r#"{"id":"x","agent":"1","started_at":"2026-03-01T00:00:00Z","turns":[{"role":"agent","t":1,"text":"您好"},{"role":"customer","text":"好"}]}"#.as_bytes().to_vec();
        let at = at.min(line.len() - 1);
        line[at] = byte;
        line.splice(at..at, extra.bytes());
        fuzzing::jsonl(&line);
        let mut csv = "id,role,t,text,agent\nx,agent,1,\"您好, \"\"x\"\"\",1\nx,customer,2,好,\n".as_bytes().to_vec();
        let at = at.min(csv.len() - 1);
        csv[at] = byte;
        csv.splice(at..at, extra.bytes());
        fuzzing::csv(&csv);
    }

    #[test]
    fn what_csv_can_say_comes_back(texts in prop::collection::vec("[a-z客\",\n;\t=@ ]{1,20}", 1..6)) {
        let mut csv = String::from("id,role,text\n");
        for text in &texts {
            let _ = writeln!(csv, "x,agent,\"{}\"", text.replace('"', "\"\""));
        }
        let mut source = conversations::import::source::Source::open(csv.as_bytes(), None, "x.csv").unwrap();
        let chunk = source.next_chunk().unwrap().unwrap();
        let defaults = Defaults { source: Some("s".into()), ..Defaults::default() };
        let prepared = conversations::import::prepare::prepare(chunk, &defaults).unwrap();
        prop_assert!(prepared.rejected.is_empty());
        let document = conversations::api::Document::read(&prepared.good[0].body).unwrap();
        let found: Vec<&str> = document.turns.iter().map(|turn| turn.text.as_str()).collect();
        prop_assert_eq!(found, texts.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
