//! Passwords: what is accepted, and how they are kept.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use kernel::Env;
use messages::Text;
use tokio::sync::{OnceCell, Semaphore};

use crate::texts;

/// The shortest password: long enough that no rules about its characters are needed (NIST SP 800-63B §5.1.1).
pub const PASSWORD_CHARS_MIN: usize = 10;
/// The longest: hashing takes time in proportion.
const PASSWORD_CHARS_MAX: usize = 256;
/// How long a sign-in waits for its turn to hash.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// The commonest passwords of ten characters and more in published lists, in lower case.
const COMMONEST: [&str; 40] = [
    "1234567890",
    "0123456789",
    "0987654321",
    "9876543210",
    "1234567891",
    "12345678910",
    "123456789a",
    "a123456789",
    "aa123456789",
    "a1234567890",
    "q123456789",
    "123456789q",
    "1qaz2wsx3edc",
    "qazwsxedcrfv",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "qwertyuiop",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "asdfghjkl;",
    "zxcvbnm123",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "p@ssw0rd123",
    "admin12345",
    "admin123456",
    "administrator",
    "woaini1314",
    "woaini1314520",
    "woaini520",
    "5201314520",
    "1314520520",
    "iloveyou123",
    "changeme123",
    "lianbing123",
];

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Too short.
    #[error("the password has {0} characters; use at least {PASSWORD_CHARS_MIN}")]
    TooShort(usize),
    /// Too long.
    #[error("the password is longer than {PASSWORD_CHARS_MAX} characters; use a shorter one")]
    TooLong,
    /// It is the account's name.
    #[error("the password is the account's name; use another")]
    IsName,
    /// One of the passwords that are tried first.
    #[error("this password is one of those that are tried first; use another")]
    TooCommon,
}

impl PasswordProblem {
    /// The same for the reader of a page.
    pub fn text(self) -> Text {
        match self {
            PasswordProblem::TooShort(n) => texts::password_too_short(n, PASSWORD_CHARS_MIN),
            PasswordProblem::TooLong => texts::password_too_long(PASSWORD_CHARS_MAX),
            PasswordProblem::IsName => texts::password_is_name(),
            PasswordProblem::TooCommon => texts::password_too_common(),
        }
    }
}

/// Checks a new password: its length, and that it is not the first thing somebody would try.
pub(crate) fn check(password: &str, name: &str) -> Result<(), PasswordProblem> {
    let chars = password.chars().count();
    let lower = password.to_lowercase();
    if chars < PASSWORD_CHARS_MIN {
        return Err(PasswordProblem::TooShort(chars));
    }
    if chars > PASSWORD_CHARS_MAX {
        return Err(PasswordProblem::TooLong);
    }
    if lower == name.trim().to_lowercase() {
        return Err(PasswordProblem::IsName);
    }
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if COMMONEST.contains(&lower.as_str()) || distinct.len() < 3 {
        return Err(PasswordProblem::TooCommon);
    }
    Ok(())
}

/// What hashing a password costs (argon2id, RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl PasswordCost {
    /// The least that works: for tests and the demo centre's accounts, never for real passwords.
    pub const CHEAPEST: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };
}

/// 19 MiB and two passes: the first choice of OWASP's password storage cheat sheet; 23 ms measured.
impl Default for PasswordCost {
    fn default() -> PasswordCost {
        PasswordCost { memory_kib: 19 * 1024, passes: 2 }
    }
}

/// No hash can be made now: too many wait, or the stored one cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be checked now: {0}")]
pub(crate) struct HashingFailed(&'static str);

/// Hashes passwords, as many at once as there are cores: more would only take the memory.
pub(crate) struct Hasher {
    cost: PasswordCost,
    turns: Semaphore,
    /// Verified in the place of a hash that does not exist, so that an unknown name takes as long.
    decoy: OnceCell<String>,
}

impl Hasher {
    pub(crate) fn new(cost: PasswordCost) -> Hasher {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Hasher { cost, turns: Semaphore::new(cores), decoy: OnceCell::new() }
    }

    /// The PHC string of a password.
    pub(crate) async fn hash(&self, password: &str, env: &Env) -> Result<String, HashingFailed> {
        let mut salt = [0; 16];
        env.fill(&mut salt);
        let (cost, password) = (self.cost, password.to_owned());
        self.in_turn(move || {
            let hash = argon2(cost)?.hash_password_with_salt(password.as_bytes(), &salt).ok()?;
            Some(hash.to_string())
        })
        .await
    }

    /// Whether the password is the one of a PHC string; takes as long, and says no, when there is none.
    pub(crate) async fn verify(
        &self,
        password: &str,
        stored: Option<&str>,
        env: &Env,
    ) -> Result<bool, HashingFailed> {
        let decoy = self.decoy.get_or_try_init(|| self.hash("no account has this password", env)).await?;
        let known = stored.filter(|hash| !hash.is_empty());
        let hash = known.unwrap_or(decoy).to_owned();
        // Longer than any accepted password: no need to hash a megabyte to say no.
        let bounded: String = password.chars().take(PASSWORD_CHARS_MAX + 1).collect();
        let cost = self.cost;
        let same = self
            .in_turn(move || Some(argon2(cost)?.verify_password(bounded.as_bytes(), hash.as_str()).is_ok()))
            .await?;
        Ok(same && known.is_some())
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Option<T> + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let turn = tokio::time::timeout(WAIT_MAX, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(HashingFailed("too many wait")) };
        match tokio::task::spawn_blocking(work).await {
            Ok(Some(done)) => Ok(done),
            Ok(None) | Err(_) => Err(HashingFailed("hashing failed")),
        }
    }
}

fn argon2(cost: PasswordCost) -> Option<Argon2<'static>> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_the_first_guess() {
        let verdict = |password: &str, expected: Result<(), PasswordProblem>| {
            assert_eq!(check(password, "LiMing12345"), expected, "{password}");
        };
        verdict("correct horse", Ok(()));
        verdict("坐看云起时行到水穷处", Ok(()));
        verdict("", Err(PasswordProblem::TooShort(0)));
        verdict("坐看云起时行到水穷", Err(PasswordProblem::TooShort(9)));
        verdict("limING12345", Err(PasswordProblem::IsName));
        verdict("QwertyUiop", Err(PasswordProblem::TooCommon));
        verdict("1111111111", Err(PasswordProblem::TooCommon));
        verdict("1212121212", Err(PasswordProblem::TooCommon));
        verdict(&"ab1".repeat(100), Err(PasswordProblem::TooLong));
    }

    #[test]
    fn the_list_of_commonest_is_in_lower_case() {
        assert!(COMMONEST.iter().all(|word| *word == word.to_lowercase()));
    }

    #[tokio::test]
    async fn a_hash_opens_to_its_password_alone() {
        let env = Env::fixed(kernel::Time(0), 1);
        let hasher = Hasher::new(PasswordCost::CHEAPEST);
        let hash = hasher.hash("correct horse", &env).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse", Some(&hash), &env).await.unwrap());
        assert!(!hasher.verify("correct horsf", Some(&hash), &env).await.unwrap());
        assert!(!hasher.verify("correct horse", None, &env).await.unwrap());
        assert!(!hasher.verify("no account has this password", None, &env).await.unwrap());
        assert!(!hasher.verify("no account has this password", Some(""), &env).await.unwrap());
    }
}
