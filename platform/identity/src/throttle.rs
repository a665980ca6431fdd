//! Slows guessing down, by name and by address. The state is in the database: a restart forgives nothing.
//!
//! Nobody is ever locked out: the pause ends by itself within a minute, and from an address where the
//! account has signed in before, what strangers do to its name does not count.

use kernel::{AccountId, Time};
use sha2::{Digest, Sha256};
use store::{Ask, Db, Tx, sql};

/// Failures by name before pauses begin: people mistype.
const NAME_FREE: i64 = 5;
/// Failures by address before pauses begin: a whole site can share one.
const ADDRESS_FREE: i64 = 50;
/// The longest pause, in seconds.
const PAUSE_MAX_SECONDS: i64 = 60;
/// Failures are forgotten this long after the last, in seconds.
const FORGOTTEN_SECONDS: i64 = 3600;

/// What is slowed down.
pub(crate) struct Subject {
    key: String,
    free: i64,
}

impl Subject {
    /// A name, known or not.
    pub(crate) fn name(name_key: &str) -> Subject {
        Subject { key: format!("name:{}", short_hash(name_key)), free: NAME_FREE }
    }

    /// An address; for IPv6 the network of 64 bits, which is what one customer of a provider has.
    pub(crate) fn address(ip: &str) -> Subject {
        let network = match ip.parse::<std::net::Ipv6Addr>() {
            Ok(address) if address.to_ipv4_mapped().is_none() => {
                format!("{:x?}", address.segments().iter().take(4).collect::<Vec<_>>())
            }
            _ => ip.to_owned(),
        };
        Subject { key: format!("address:{}", short_hash(&network)), free: ADDRESS_FREE }
    }
}

/// Until when this subject has to wait; `None` when it may try now.
pub(crate) async fn blocked_until(
    ask: &impl Ask,
    subject: &Subject,
    now: Time,
) -> store::Result<Option<Time>> {
    ask.first(
        sql!(
            "SELECT blocked_until FROM sign_in_attempt WHERE subject = {} AND blocked_until > {}",
            &subject.key,
            now
        ),
        |row| row.time("blocked_until"),
    )
    .await
}

/// Takes turns with others who try the same name, for the rest of the transaction.
pub(crate) async fn take_turn(tx: &Tx, subject: &Subject) -> store::Result<()> {
    tx.exec(sql!(
        "INSERT INTO sign_in_attempt (subject, failures, last_failed_at, blocked_until) VALUES ({}, 0, {}, 0) ON CONFLICT (subject) DO UPDATE SET failures = sign_in_attempt.failures",
        &subject.key,
        tx.env().now()
    ))
    .await?;
    Ok(())
}

/// Counts a failure.
pub(crate) async fn failed(tx: &Tx, subject: &Subject) -> store::Result<()> {
    take_turn(tx, subject).await?;
    let now = tx.env().now();
    let recent = now.plus_seconds(-FORGOTTEN_SECONDS);
    let failures = 1 + tx
        .count(sql!(
            "SELECT failures FROM sign_in_attempt WHERE subject = {} AND last_failed_at > {}",
            &subject.key,
            recent
        ))
        .await?;
    tx.exec(sql!(
        "UPDATE sign_in_attempt SET failures = {}, last_failed_at = {}, blocked_until = {} WHERE subject = {}",
        failures,
        now,
        now.plus_seconds(pause_seconds(failures, subject.free)),
        &subject.key
    ))
    .await?;
    Ok(())
}

/// Removes what no longer counts, in a transaction of its own: one that held a row of somebody's attempt
/// while it waits for another could wait in a circle.
pub(crate) async fn tidy(db: &Db) -> store::Result<()> {
    let tx = db.bookkeeping().await?;
    let recent = tx.env().now().plus_seconds(-FORGOTTEN_SECONDS);
    tx.exec(sql!("DELETE FROM sign_in_attempt WHERE last_failed_at < {}", recent)).await?;
    tx.commit().await
}

/// Forgets the failures of a subject that proved itself.
pub(crate) async fn succeeded(tx: &Tx, subject: &Subject) -> store::Result<()> {
    tx.exec(sql!("DELETE FROM sign_in_attempt WHERE subject = {}", &subject.key)).await?;
    Ok(())
}

/// Whether the account has signed in from this address within the last month.
pub(crate) async fn is_familiar(ask: &impl Ask, account: AccountId, ip: &str) -> store::Result<bool> {
    if ip.is_empty() {
        return Ok(false);
    }
    let n = ask
        .count(sql!("SELECT COUNT(*) FROM login_session WHERE account = {} AND ip = {}", account, ip))
        .await?;
    Ok(n > 0)
}

/// The pause after a number of failures: none at first, then 1, 2, 4 … seconds.
fn pause_seconds(failures: i64, free: i64) -> i64 {
    // Past the seventh doubling the longest pause holds anyway.
    match u32::try_from(failures.saturating_sub(free).min(7)) {
        Ok(over @ 1..) => 2_i64.pow(over - 1).min(PAUSE_MAX_SECONDS),
        _ => 0,
    }
}

fn short_hash(words: &str) -> String {
    let hash = kernel::hex(&Sha256::digest(words.as_bytes()));
    hash.chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses: Vec<i64> = (4..14).map(|failures| pause_seconds(failures, NAME_FREE)).collect();
        assert_eq!(pauses, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause_seconds(i64::MAX, NAME_FREE), 60);
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let check = |a: &str, b: &str, same: bool| {
            assert_eq!(Subject::address(a).key == Subject::address(b).key, same, "{a} {b}");
        };
        check("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true);
        check("2001:db8:1:2::1", "2001:db8:1:3::1", false);
        check("10.0.0.1", "10.0.0.2", false);
        check("::ffff:10.0.0.1", "::ffff:10.0.0.2", false);
    }
}
