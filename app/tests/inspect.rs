//! `lianbing inspect` as it is called: what it reads, what it says, how it ends.
#![expect(clippy::unwrap_used, reason = "a test stops where its ground is missing")]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const FIRST: &str = r#"{"id":7,"turns":[{"role":"customer","text":"我要投诉"},{"role":"agent","text":"您好，非常抱歉，请问还有其他可以帮您的吗？"}]}"#;
const SECOND: &str = r#"{"id":"二","turns":[{"role":"agent","text":"再见"}]}"#;

/// Inspects what comes on standard input by the shipped rules.
fn inspect(input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lianbing"))
        .args(["inspect", "--rules", "builtin", "--conversations", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_encoding_of_the_file_makes_no_difference() {
    let text = format!("{FIRST}\n\n{SECOND}\r\n");
    let wide: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let expected = inspect(text.as_bytes());
    assert_eq!(expected.status.code(), Some(0), "{}", String::from_utf8_lossy(&expected.stderr));
    let found = lines(&expected);
    assert_eq!(
        found.iter().map(|line| line["id"].clone()).collect::<Vec<_>>(),
        [Value::from(7), Value::from("二")]
    );
    assert!(found[0]["behaviours"].as_object().unwrap().values().any(|of| of["shown"] == true));
    for (name, bytes) in [
        ("a byte order mark", format!("\u{FEFF}{text}").into_bytes()),
        ("UTF-16", wide),
        ("GBK", encoding_rs::GBK.encode(&text).0.into_owned()),
    ] {
        let output = inspect(&bytes);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(lines(&output), found, "{name}");
    }
}

#[test]
fn a_line_that_cannot_be_read_is_told_and_the_others_are_inspected() {
    let mut input = format!("{FIRST}\n{{\"id\"\n").into_bytes();
    input.extend(vec![b'x'; 9 * 1024 * 1024]);
    input.extend(b"\n{\"id\":\"\xff\xff\",\"turns\":[]}\n[1]\n");
    input.extend(SECOND.as_bytes());
    let output = inspect(&input);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert_eq!(lines(&output).len(), 2);
    for line in ["line 2: ", "line 3: ", "line 4: ", "line 5: "] {
        assert!(told.contains(line), "{line}{told}");
    }
    assert!(told.contains("8 MB"), "{told}");
    assert!(told.contains("2 conversations inspected, 4 lines rejected"), "{told}");
}

#[test]
fn nothing_in_is_nothing_out() {
    let output = inspect(b"");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
}
