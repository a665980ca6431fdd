//! Rows of cells out of lines of text, by RFC 4180.
//!
//! Strictly: a stray quotation mark inside a quoted cell is a fault, so that a quotation mark that was never
//! closed is found at the next one and not at the end of the file. Cells are words: what a spreadsheet would run
//! as a formula is kept as it is.

/// What separates cells, the likelier the later.
const SEPARATORS: [char; 4] = ['|', ';', '\t', ','];

/// The separator that a heading holds most of outside quotation marks; a comma when it holds none.
pub fn separator(heading: &str) -> char {
    let outside = |wanted: char| {
        let mut is_quoted = false;
        heading
            .chars()
            .filter(|&c| {
                is_quoted ^= c == '"';
                c == wanted && !is_quoted
            })
            .count()
    };
    // The last of equals wins.
    SEPARATORS.into_iter().max_by_key(|c| outside(*c)).unwrap_or(',')
}

/// Whether the lines fed so far make a row.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Fed {
    /// The row is complete.
    Whole,
    /// A quoted cell goes on over the next line.
    More,
}

/// Why lines make no row.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum CellFault {
    /// A quotation mark is never closed, or not doubled inside a quoted cell.
    Quote {
        /// The cell, from 0.
        cell: usize,
    },
    /// There are more cells than the splitter keeps.
    TooMany {
        /// How many up to the end of the line.
        cells: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// After a quotation mark inside a quoted cell: the end of it, or the first of two.
    Mark,
}

/// Splits the lines of one row into cells.
#[derive(Debug)]
pub struct Splitter {
    separator: u8,
    cells_max: usize,
    state: State,
    /// At most `cells_max` of them.
    cells: Vec<Vec<u8>>,
    cell: Vec<u8>,
    /// How many cells have ended.
    count: usize,
}

impl Splitter {
    /// A splitter for one row, which keeps so many cells. The separator is one of ASCII.
    pub fn new(separator: char, cells_max: usize) -> Splitter {
        let separator = u8::try_from(separator).ok().filter(u8::is_ascii).unwrap_or(b',');
        Splitter { separator, cells_max, state: State::Start, cells: Vec::new(), cell: Vec::new(), count: 0 }
    }

    /// Takes the next line of the row, without its end. After [`Fed::Whole`] or a fault the row is over.
    pub fn feed(&mut self, line: &[u8]) -> Result<Fed, CellFault> {
        if self.state == State::Quoted {
            self.cell.push(b'\n');
        }
        for &byte in line {
            self.state = match (self.state, byte) {
                (State::Start, b'"') => State::Quoted,
                (State::Quoted, b'"') => State::Mark,
                (State::Quoted, byte) => {
                    self.cell.push(byte);
                    State::Quoted
                }
                (State::Mark, b'"') => {
                    self.cell.push(b'"');
                    State::Quoted
                }
                (_, byte) if byte == self.separator => {
                    self.end_cell();
                    State::Start
                }
                (State::Mark, _) => return Err(self.misquoted()),
                (State::Start | State::Plain, byte) => {
                    self.cell.push(byte);
                    State::Plain
                }
            };
        }
        if self.state != State::Quoted {
            self.end_cell();
        }
        match self.state {
            _ if self.count > self.cells_max => Err(CellFault::TooMany { cells: self.count }),
            State::Quoted => Ok(Fed::More),
            _ => Ok(Fed::Whole),
        }
    }

    /// The fault of the cell that is being read: for a row that ends inside it.
    pub fn misquoted(&self) -> CellFault {
        CellFault::Quote { cell: self.count }
    }

    /// What is known of the cell that goes on over the next line.
    pub fn open_cell(&self) -> &[u8] {
        &self.cell
    }

    fn end_cell(&mut self) {
        self.count += 1;
        if self.cells.len() < self.cells_max {
            self.cells.push(std::mem::take(&mut self.cell));
        }
        self.cell.clear();
    }

    /// The cells. A cell keeps what is UTF-8; a separator cuts no character.
    pub fn into_cells(self) -> Vec<String> {
        let text = |cell: Vec<u8>| {
            String::from_utf8(cell)
                .unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
        };
        self.cells.into_iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_recognised() {
        let check = |heading: &str, expected: char| assert_eq!(separator(heading), expected, "{heading:?}");
        check("a,b", ',');
        check("a\tb", '\t');
        check("a;b", ';');
        check("a|b|c,d", '|');
        check("\"a;b;c\",d", ',');
        check("a;b,c", ',');
        check("a", ',');
        check("", ',');
    }

    #[test]
    fn rows_are_split() {
        let check = |lines: &[&str], expected: Result<&[&str], CellFault>| {
            let mut splitter = Splitter::new(',', 4);
            let (last, before) = lines.split_last().unwrap();
            for line in before {
                assert_eq!(splitter.feed(line.as_bytes()), Ok(Fed::More), "{lines:?}");
            }
            let found = splitter.feed(last.as_bytes()).map(|fed| {
                assert_eq!(fed, Fed::Whole, "{lines:?}");
                splitter.into_cells()
            });
            let expected = expected.map(|cells| cells.iter().map(|cell| (*cell).to_owned()).collect());
            assert_eq!(found, expected, "{lines:?}");
        };
        check(&[""], Ok(&[""]));
        check(&["a,,b"], Ok(&["a", "", "b"]));
        check(&["\"a,b\",\"say \"\"hi\"\"\""], Ok(&["a,b", "say \"hi\""]));
        check(&["12\" screen,x"], Ok(&["12\" screen", "x"]));
        check(&["a,\"first", "", "last\",b"], Ok(&["a", "first\n\nlast", "b"]));
        check(&["a,\"b\"c"], Err(CellFault::Quote { cell: 1 }));
        check(&["a,\"b", "c,\"d\""], Err(CellFault::Quote { cell: 1 }));
        check(&[",,,"], Ok(&["", "", "", ""]));
        check(&[",,,,,"], Err(CellFault::TooMany { cells: 6 }));
    }

    #[test]
    fn what_is_not_kept_takes_no_memory() {
        let mut splitter = Splitter::new(',', 3);
        assert_eq!(
            splitter.feed(",".repeat(1_000_000).as_bytes()),
            Err(CellFault::TooMany { cells: 1_000_001 })
        );
        assert_eq!(splitter.into_cells().len(), 3);
    }
}
