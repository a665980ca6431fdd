//! SPDX licence expressions: `MIT OR (Apache-2.0 WITH LLVM-exception AND Unicode-3.0)`.
//!
//! The grammar is that of annex D of the SPDX specification 2.3, with the old `MIT/Apache-2.0` read as OR.

use anyhow::{Result, bail};

/// Whether one may use what is licensed under `expression`, where `allowed` says which single licences
/// (`MIT`, `Apache-2.0 WITH LLVM-exception`) are acceptable. OR offers a choice, AND demands both.
pub fn permits(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let tokens = tokens(expression);
    let mut parser = Parser { tokens: &tokens, allowed };
    let verdict = parser.alternatives()?;
    match parser.tokens {
        [] => Ok(verdict),
        [rest, ..] => {
            bail!("the licence expression \"{expression}\" goes on at \"{rest}\" where it should end")
        }
    }
}

fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

struct Parser<'a> {
    tokens: &'a [String],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<bool> {
        let mut verdict = self.conjunction()?;
        while self.take("OR") {
            verdict |= self.conjunction()?;
        }
        Ok(verdict)
    }

    fn conjunction(&mut self) -> Result<bool> {
        let mut verdict = self.licence()?;
        while self.take("AND") {
            verdict &= self.licence()?;
        }
        Ok(verdict)
    }

    fn licence(&mut self) -> Result<bool> {
        if self.take("(") {
            let verdict = self.alternatives()?;
            if !self.take(")") {
                bail!("a licence expression lacks a closing parenthesis");
            }
            return Ok(verdict);
        }
        let name = self.next()?;
        if self.take("WITH") {
            let exception = self.next()?;
            return Ok((self.allowed)(&format!("{name} WITH {exception}")));
        }
        Ok((self.allowed)(&name))
    }

    fn take(&mut self, word: &str) -> bool {
        match self.tokens {
            [first, rest @ ..] if first.eq_ignore_ascii_case(word) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }

    fn next(&mut self) -> Result<String> {
        match self.tokens {
            [first, rest @ ..] if !["OR", "AND", "WITH", ")"].contains(&first.as_str()) => {
                self.tokens = rest;
                Ok(first.clone())
            }
            _ => bail!("a licence expression lacks a licence name"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::permits;

    fn permissive(name: &str) -> bool {
        ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].contains(&name)
    }

    #[test]
    fn evaluates() {
        let check = |expression: &str, expected: bool| {
            assert_eq!(permits(expression, &permissive).unwrap(), expected, "{expression}");
        };
        check("MIT", true);
        check("GPL-3.0-only", false);
        check("GPL-3.0-only OR MIT", true);
        check("GPL-3.0-only AND MIT", false);
        check("MIT/GPL-2.0", true);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND OpenSSL", false);
        // AND binds closer than OR.
        check("MIT OR Apache-2.0 AND OpenSSL", true);
        check("OpenSSL AND Apache-2.0 OR MIT", true);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("MIT WITH Classpath-exception-2.0", false);
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for expression in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "AND MIT", "MIT)", "MIT WITH"] {
            assert!(permits(expression, &permissive).is_err(), "{expression}");
        }
    }
}
