//! Slows down guessing: a growing wait per account name, per address and per network, and never a lockout.
//!
//! Names are counted whether or not there is such an account, so that the answer tells nothing. A browser in which
//! somebody signed in before ([`super::devices`]) has a count of its own for that account, and waits for no other: whoever
//! guesses elsewhere keeps nobody out.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::{Result, Tx};
use crate::instance::Instance;
use crate::web::ClientAddress;

/// Wait of a name at most, in seconds: short, so that nobody can be kept out by somebody else's guessing.
const LONGEST_FOR_NAME: i64 = 30;
const LONGEST_FOR_ADDRESS: i64 = 15 * 60;
/// A site of 48 bits may be a whole company's.
const LONGEST_FOR_SITE: i64 = 60;
/// After this long without a failure, counting starts anew.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The name that somebody signs in with.
    Name,
    /// A browser in which the account of that name was signed in before.
    Device,
    /// An IPv4 address, or the network of 64 bits of an IPv6 one: every household has such a network to guess from.
    Address,
    /// The network of 56 bits of an IPv6 address, which providers give to households as well.
    Network,
    /// The network of 48 bits of an IPv6 address, the most that a site is given.
    Site,
    /// A proxy, of which many may come.
    Proxy,
}

impl Subject {
    fn purpose(self) -> &'static str {
        match self {
            Subject::Name => "sign-in name",
            Subject::Device => "sign-in device",
            Subject::Address => "sign-in address",
            Subject::Network => "sign-in network",
            Subject::Site => "sign-in site",
            Subject::Proxy => "sign-in proxy",
        }
    }

    /// How many tries are looked at before a wait: people mistype, and the more of them the more stand behind it.
    fn free(self) -> i64 {
        match self {
            Subject::Name | Subject::Device | Subject::Address => 5,
            Subject::Network => 10,
            Subject::Site | Subject::Proxy => 50,
        }
    }

    /// The longest wait, in seconds.
    fn longest(self) -> i64 {
        match self {
            Subject::Name | Subject::Device | Subject::Proxy => LONGEST_FOR_NAME,
            Subject::Address | Subject::Network => LONGEST_FOR_ADDRESS,
            Subject::Site => LONGEST_FOR_SITE,
        }
    }

    /// Seconds to wait after this many failures in a row.
    fn wait(self, failures: i64) -> i64 {
        match u32::try_from(failures - self.free()) {
            Ok(beyond @ 0..=20) => (1_i64 << beyond).min(self.longest()),
            Ok(_) => self.longest(),
            Err(_) => 0,
        }
    }
}

/// Something that is counted, under a digest that tells nobody what it is.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    subject: Subject,
    digest: Vec<u8>,
}

impl Counted {
    fn of(instance: &Instance, subject: Subject, value: &str) -> Counted {
        Counted { subject, digest: instance.digest(subject.purpose(), value.as_bytes()) }
    }

    /// A browser that knows the account of a name: all that is counted of tries by it.
    pub(super) fn device(instance: &Instance, device: &str, name: &str) -> Vec<Counted> {
        vec![Counted::of(instance, Subject::Device, &format!("{device} {name}"))]
    }

    /// Any other browser, from an address: the name first, then where it is tried from.
    pub(super) fn stranger(instance: &Instance, name: &str, address: Option<ClientAddress>) -> Vec<Counted> {
        let places = address.map(places).unwrap_or_default();
        let name = std::iter::once((Subject::Name, name.to_owned()));
        name.chain(places).map(|(subject, value)| Counted::of(instance, subject, &value)).collect()
    }
}

/// Where tries from an address are counted.
fn places(address: ClientAddress) -> Vec<(Subject, String)> {
    match address.ip.to_canonical() {
        ip if address.shared => vec![(Subject::Proxy, ip.to_string())],
        IpAddr::V4(ip) => vec![(Subject::Address, ip.to_string())],
        IpAddr::V6(ip) => [(Subject::Address, 64), (Subject::Network, 56), (Subject::Site, 48)]
            .map(|(subject, bits)| {
                let network = u128::from(ip) >> (128 - bits) << (128 - bits);
                (subject, Ipv6Addr::from(network).to_string())
            })
            .to_vec(),
    }
}

/// Seconds until the next try is looked at; 0 when it is now.
pub(super) async fn wait(tx: &mut Tx, counted: &[Counted], now: DateTime<Utc>) -> Result<i64> {
    let mut longest = 0;
    for Counted { subject, digest } in counted {
        let row: Option<(DateTime<Utc>,)> = tx
            .query("select wait_until from sign_in_failures where subject = $1 and wait_until > $2")
            .bind(digest.clone())
            .bind(now)
            .optional()
            .await?;
        let left = row.map_or(0, |(until,)| (until - now).num_seconds() + 1);
        // Such a wait was never given: the clock was set back. The next failure is counted by the clock as it is.
        let left = if left > 2 * subject.longest() { 0 } else { left.min(subject.longest()) };
        longest = longest.max(left);
    }
    Ok(longest)
}

/// Counts a failure.
pub(super) async fn failed(tx: &mut Tx, counted: &[Counted], now: DateTime<Utc>) -> Result<()> {
    for Counted { subject, digest } in counted {
        let (failures,): (i64,) = tx
            .query(
                "insert into sign_in_failures (subject, failures, last_failed_at, wait_until) values ($1, 1, $2, $2) \
                 on conflict (subject) do update set last_failed_at = $2, failures = case \
                 when sign_in_failures.last_failed_at < $3 then 1 else sign_in_failures.failures + 1 end \
                 returning failures",
            )
            .bind(digest.clone())
            .bind(now)
            .bind(now - FORGOTTEN_AFTER)
            .one()
            .await?;
        tx.query("update sign_in_failures set wait_until = $2 where subject = $1")
            .bind(digest.clone())
            .bind(now + TimeDelta::seconds(subject.wait(failures)))
            .run_expecting(1)
            .await?;
    }
    Ok(())
}

/// Forgets the failures of a name or a browser, since its owner has signed in. Where they came from keeps its own.
pub(super) async fn succeeded(tx: &mut Tx, counted: &[Counted]) -> Result<()> {
    let own = counted.iter().filter(|counted| matches!(counted.subject, Subject::Name | Subject::Device));
    for Counted { digest, .. } in own {
        tx.query("delete from sign_in_failures where subject = $1").bind(digest.clone()).run().await?;
    }
    Ok(())
}

/// Forgets failures that count no longer.
pub(super) async fn tidy(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.query("delete from sign_in_failures where last_failed_at < $1")
        .bind(now - FORGOTTEN_AFTER)
        .run()
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::{Subject, places};
    use crate::web::ClientAddress;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let name: Vec<i64> = (0..14).map(|n| Subject::Name.wait(n)).collect();
        assert_eq!(name, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30]);
        assert_eq!(Subject::Address.wait(1_000_000), 900);
        assert_eq!([49, 50, 1_000_000].map(|failures| Subject::Site.wait(failures)), [0, 1, 60]);
    }

    #[test]
    fn tries_are_counted_by_address_and_by_network() {
        let at = |ip: &str, subject: Subject| {
            let found = places(ClientAddress { ip: ip.parse().expect("an address"), shared: false });
            found.into_iter().find(|(other, _)| *other == subject).map(|(_, place)| place)
        };
        assert_eq!(at("192.0.2.7", Subject::Address).as_deref(), Some("192.0.2.7"));
        assert_eq!(at("::ffff:192.0.2.7", Subject::Address).as_deref(), Some("192.0.2.7"));
        assert_eq!(at("192.0.2.7", Subject::Site), None);
        for (subject, same, other) in [
            (Subject::Address, "2001:db8:1:2::9", "2001:db8:1:3::9"),
            (Subject::Network, "2001:db8:1:ff::9", "2001:db8:1:100::9"),
            (Subject::Site, "2001:db8:1:ffff::9", "2001:db8:2::9"),
        ] {
            let here = at("2001:db8:1:2:3:4:5:6", subject);
            assert_eq!((here == at(same, subject), here == at(other, subject)), (true, false), "{subject:?}");
        }
        let proxy = places(ClientAddress { ip: "10.0.0.1".parse().expect("an address"), shared: true });
        assert_eq!(proxy, [(Subject::Proxy, "10.0.0.1".to_owned())]);
    }
}
