//! Which encoding a file is in, and its text as UTF-8: at once, or in bounded memory over a reader.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

/// Bytes looked at to recognise the encoding: enough that a file of ASCII headings shows its first words.
pub const HEAD_BYTES: usize = 256 * 1024;

/// The encodings that are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charset {
    /// With or without a byte order mark.
    Utf8,
    /// Little-endian UTF-16.
    Utf16Le,
    /// Big-endian UTF-16.
    Utf16Be,
    /// GB 18030, and with it GBK and GB 2312.
    Gb18030,
}

impl Charset {
    /// All of them.
    pub const ALL: [Charset; 4] = [Charset::Utf8, Charset::Utf16Le, Charset::Utf16Be, Charset::Gb18030];

    /// The registered name, kept in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Utf16Le => "UTF-16LE",
            Charset::Utf16Be => "UTF-16BE",
            Charset::Gb18030 => "GB18030",
        }
    }

    /// The name that people know it by from the dialogs of spreadsheets.
    pub const fn label(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Utf16Le => "UTF-16 LE",
            Charset::Utf16Be => "UTF-16 BE",
            Charset::Gb18030 => "GBK",
        }
    }

    /// The characters of a text without its byte order mark, and whether every byte meant one; what did not is
    /// U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> (String, bool) {
        let (text, failed) = self.encoding().decode_with_bom_removal(bytes);
        (text.into_owned(), !failed)
    }

    const fn encoding(self) -> &'static Encoding {
        match self {
            Charset::Utf8 => encoding_rs::UTF_8,
            Charset::Utf16Le => encoding_rs::UTF_16LE,
            Charset::Utf16Be => encoding_rs::UTF_16BE,
            Charset::Gb18030 => encoding_rs::GB18030,
        }
    }

    /// Recognises the encoding from the beginning of a file.
    ///
    /// A byte order mark decides. Else a text whose every other byte is mostly NUL is UTF-16. Else its lines
    /// vote: a line that is UTF-8 for UTF-8, one that is not but is GB 18030 for that. So a few broken or foreign
    /// lines reject themselves, not the file. Lines of ASCII alone do not vote; without any vote it is UTF-8.
    pub fn recognise(head: &[u8]) -> Charset {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => return Charset::Utf8,
            [0xFF, 0xFE, ..] => return Charset::Utf16Le,
            [0xFE, 0xFF, ..] => return Charset::Utf16Be,
            _ => {}
        }
        if let Some(wide) = utf16_without_mark(head) {
            return wide;
        }
        let (mut utf8, mut gb) = (0_usize, 0_usize);
        for line in head.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
            match std::str::from_utf8(line) {
                Ok(_) => utf8 += 1,
                // The last line may be cut inside a character.
                Err(error) if error.error_len().is_none() => utf8 += 1,
                Err(_) => gb += usize::from(is_gb(line)),
            }
        }
        if gb > utf8 { Charset::Gb18030 } else { Charset::Utf8 }
    }
}

/// UTF-16 by its zero bytes: a letter, a digit or a comma has one, always on the same side; a Chinese character none.
fn utf16_without_mark(head: &[u8]) -> Option<Charset> {
    const PAIRS: usize = 2_000;
    let (mut even, mut odd, mut pairs) = (0, 0, 0);
    for pair in head.chunks_exact(2).take(PAIRS) {
        pairs += 1;
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.get(1) == Some(&0));
    }
    let (zeros, astray, wide) =
        if even > odd { (even, odd, Charset::Utf16Be) } else { (odd, even, Charset::Utf16Le) };
    // Quotation marks, keys and commas make a fifth of any conversation. A table of Chinese words has fewer signs
    // between them; there the other side must be clean. A stray zero alone means nothing.
    let many = zeros * 5 >= pairs && astray * 5 < pairs;
    let clean = zeros * 10 >= pairs && astray == 0;
    ((many || clean) && zeros >= 2).then_some(wide)
}

/// Whether a line is GB 18030; the last one may be cut inside a character.
fn is_gb(line: &[u8]) -> bool {
    let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let (mut at, mut out) = (0, [0_u8; 4096]);
    loop {
        let rest = line.get(at..).unwrap_or_default();
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut out, false);
        at += read;
        match result {
            encoding_rs::DecoderResult::InputEmpty => return true,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => return false,
        }
    }
}

/// Reads bytes in any charset as UTF-8, without the byte order mark. UTF-8 passes through as it is, broken
/// or not; what another charset does not have becomes U+FFFD.
pub struct Transcoder<R> {
    inner: R,
    head: io::Cursor<Vec<u8>>,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_at: usize,
    out: Vec<u8>,
    out_at: usize,
    ended: bool,
    flushed: bool,
    charset: Charset,
    bytes: u64,
}

const BUFFER: usize = 64 * 1024;

impl<R: Read> Transcoder<R> {
    /// Recognises the charset of what `inner` gives, or takes the one given.
    pub fn new(mut inner: R, charset: Option<Charset>) -> io::Result<Transcoder<R>> {
        let mut head = Vec::new();
        inner.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        let charset = charset.unwrap_or_else(|| Charset::recognise(&head));
        let mut head = io::Cursor::new(head);
        if charset == Charset::Utf8 && head.get_ref().starts_with(&[0xEF, 0xBB, 0xBF]) {
            head.set_position(3);
        }
        let decoder = (charset != Charset::Utf8).then(|| charset.encoding().new_decoder_with_bom_removal());
        Ok(Transcoder {
            inner,
            head,
            decoder,
            raw: Vec::new(),
            raw_at: 0,
            out: Vec::new(),
            out_at: 0,
            ended: false,
            flushed: false,
            charset,
            bytes: 0,
        })
    }

    /// The charset.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// Bytes of the source taken so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes
    }

    fn raw_read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let n = match self.head.read(to)? {
            0 => self.inner.read(to)?,
            n => n,
        };
        self.bytes += n as u64;
        Ok(n)
    }

    fn decode_more(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw.len() && !self.ended {
            let mut raw = std::mem::take(&mut self.raw);
            raw.resize(BUFFER, 0);
            let n = self.raw_read(&mut raw)?;
            raw.truncate(n);
            self.ended = n == 0;
            self.raw = raw;
            self.raw_at = 0;
        }
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        self.out.resize(BUFFER * 2, 0);
        let rest = self.raw.get(self.raw_at..).unwrap_or_default();
        let (result, read, written, _) = decoder.decode_to_utf8(rest, &mut self.out, self.ended);
        self.flushed = self.ended && result == encoding_rs::CoderResult::InputEmpty;
        self.raw_at += read;
        self.out.truncate(written);
        self.out_at = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.raw_read(to);
        }
        while self.out_at == self.out.len() {
            // Once flushed, a decoder must not be asked again.
            if self.flushed {
                return Ok(0);
            }
            self.decode_more()?;
        }
        let rest = self.out.get(self.out_at..).unwrap_or_default();
        let n = rest.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.out_at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn every_charset_is_recognised_and_read() {
        let text = "{\"id\":\"1\",\"text\":\"您好，请问有什么可以帮您？😀\"}\n".repeat(4_000);
        let gbk = encoding_rs::GB18030.encode(&text).0.into_owned();
        let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        for (bytes, expected) in [
            (text.as_bytes().to_vec(), Charset::Utf8),
            (marked, Charset::Utf8),
            (utf16(&text, false, true), Charset::Utf16Le),
            (utf16(&text, true, true), Charset::Utf16Be),
            (utf16(&text, false, false), Charset::Utf16Le),
            (utf16(&text, true, false), Charset::Utf16Be),
            (gbk, Charset::Gb18030),
        ] {
            let mut transcoder = Transcoder::new(bytes.as_slice(), None).unwrap();
            assert_eq!(transcoder.charset(), expected);
            let mut read = String::new();
            transcoder.read_to_string(&mut read).unwrap();
            assert_eq!(read.len(), text.len(), "{expected:?}");
            assert_eq!(read, text, "{expected:?}");
            assert_eq!(
                transcoder.bytes_read(),
                bytes.len() as u64 - if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
            );
        }
    }

    #[test]
    fn a_few_broken_bytes_do_not_turn_a_file_into_another_encoding() {
        let mut bytes = "{\"text\":\"您好，请问\"}\n".repeat(50).into_bytes();
        bytes[9] = 0xFF;
        assert_eq!(Charset::recognise(&bytes), Charset::Utf8);
        assert_eq!(Charset::recognise(b""), Charset::Utf8);
        assert_eq!(Charset::recognise(b"{\"id\":1}"), Charset::Utf8);
    }

    #[test]
    fn a_text_cut_inside_a_character_ends() {
        for bytes in [&b"\xFF\xFEa"[..], b"\xFF\xFE", b"\xFE\xFF\x00", b"\xB2\xE2\xCA\xD4\xB2"] {
            let mut transcoder = Transcoder::new(bytes, None).unwrap();
            let mut read = Vec::new();
            transcoder.read_to_end(&mut read).unwrap();
            assert!(read.len() < 20);
        }
    }
}
