//! Who a request came from, where proxies stand before the service.
//!
//! Every proxy adds the address of whoever asked it at the end of `X-Forwarded-For`, so only the end of the list can be
//! believed, and only as far as trusted proxies wrote it: the list is read from its end, over proxies that are trusted, to
//! the first address that is none. What stands before that, anybody may have written.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::web::ClientAddress;

/// The address that a request came from, when `peer` is at the other end of the connection.
///
/// Where a trusted proxy wrote something that is no address (`unknown`, for example), the request came from that proxy, as
/// far as anybody can tell.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> ClientAddress {
    let trusted = |ip: IpAddr| proxies.iter().any(|net| net.contains(&ip));
    let mut ip = peer.to_canonical();
    // Several lines are one list.
    let lines = headers.get_all("x-forwarded-for").iter().collect::<Vec<_>>();
    let mut hops = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    while trusted(ip) {
        match hops.next().map(hop) {
            Some(Some(before)) => ip = before,
            Some(None) | None => return ClientAddress { ip, shared: true },
        }
    }
    ClientAddress { ip, shared: false }
}

/// An address as proxies write it: bare, with a port, in brackets, in quotes, with a zone, or an IPv4 one as IPv6.
fn hop(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim().trim_matches('"');
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip().to_canonical());
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let (address, _zone) = bare.split_once('%').unwrap_or((bare, ""));
    address.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};
    use ipnet::IpNet;

    use super::client;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    /// Who is believed to ask, behind proxies in 10.0.0.0/8 and fd00::/8.
    fn behind(peer: &str, lines: &[&str]) -> (String, bool) {
        let proxies = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse::<IpNet>().expect("a network"));
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line.as_bytes()).expect("a value"));
        }
        let found = client(ip(peer), &headers, &proxies);
        (found.ip.to_string(), found.shared)
    }

    #[test]
    fn forwarded_addresses_are_believed_from_trusted_proxies_alone() {
        let lines = ["1.1.1.1, 9.9.9.9, 10.0.0.7"];
        assert_eq!(behind("8.8.8.8", &lines), ("8.8.8.8".into(), false));
        assert_eq!(behind("10.0.0.1", &lines), ("9.9.9.9".into(), false));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(lines[0]));
        assert_eq!(client(ip("10.0.0.1"), &headers, &[]).ip, ip("10.0.0.1"));
    }

    #[test]
    fn an_address_is_read_however_a_proxy_writes_it() {
        for (written, read) in [
            ("203.0.113.5", "203.0.113.5"),
            ("203.0.113.5:4711", "203.0.113.5"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("::ffff:203.0.113.5", "203.0.113.5"),
            ("[::ffff:203.0.113.5]:80", "203.0.113.5"),
            ("fe80::1%eth0", "fe80::1"),
            ("\t203.0.113.5 ", "203.0.113.5"),
        ] {
            assert_eq!(behind("10.0.0.1", &[written]), (read.into(), false), "{written}");
            // A proxy before it, written in the same ways, is passed over.
            assert_eq!(behind("10.0.0.1", &[&format!("{written}, [fd00::2]:443, ::ffff:10.0.0.3")]).0, read);
        }
        // The listener's own peer too may be an IPv4 address as IPv6.
        assert_eq!(behind("::ffff:10.0.0.1", &["203.0.113.5"]).0, "203.0.113.5");
    }

    #[test]
    fn nobody_chooses_their_own_address() {
        for before in
            ["198.51.100.7, x", "198.51.100.7, unknown", "198.51.100.7,", "é, ::1", "10.0.0.9", "[::"]
        {
            let lines = [format!("{before}, 203.0.113.5")];
            assert_eq!(behind("10.0.0.1", &[&lines[0]]), ("203.0.113.5".into(), false), "{before}");
            // In a line of its own it stands before the proxy's line all the same.
            assert_eq!(behind("10.0.0.1", &[before, "203.0.113.5"]).0, "203.0.113.5", "{before}");
            // Nothing that a proxy did not write is believed after what can't be read.
            assert_eq!(behind("10.0.0.1", &[&format!("{before}, unknown")]), ("10.0.0.1".into(), true));
            assert_eq!(behind("10.0.0.1", &[&format!("{before}, x, 10.0.0.7")]), ("10.0.0.7".into(), true));
        }
        assert_eq!(behind("10.0.0.1", &[]), ("10.0.0.1".into(), true));
    }
}
