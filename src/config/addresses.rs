//! Addresses in settings: what is unambiguous is taken however it is written, and the rest is told how to be written.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use serde::de::{Deserialize, Deserializer, Error};

/// `EVIDENT_LISTEN`.
pub fn listen<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    socket("EVIDENT_LISTEN or --listen", &String::deserialize(from)?).map_err(D::Error::custom)
}

/// `EVIDENT_METRICS_LISTEN`.
pub fn metrics_listen<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    socket("EVIDENT_METRICS_LISTEN", &String::deserialize(from)?).map(Some).map_err(D::Error::custom)
}

fn socket(setting: &str, text: &str) -> Result<SocketAddr, String> {
    let named = text.trim();
    // Every machine calls itself so, and never means another.
    let local = named.split_once(':').filter(|(host, _)| host.eq_ignore_ascii_case("localhost"));
    let read = match local {
        Some((_, port)) => format!("127.0.0.1:{port}").parse(),
        None => named.parse(),
    };
    read.map_err(|_| {
        format!(
            "{setting} is {text}. Write an IP address of this machine and a port, like 127.0.0.1:8080, or \
             0.0.0.0:8080 for all of its addresses"
        )
    })
}

/// `EVIDENT_TRUSTED_PROXIES`: networks, and single addresses.
pub fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<IpNet>, D::Error> {
    let written = Vec::<String>::deserialize(from)?;
    written.iter().map(|text| network(text)).collect::<Result<_, _>>().map_err(D::Error::custom)
}

fn network(text: &str) -> Result<IpNet, String> {
    let plain = text.trim();
    let single = plain.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().map(IpNet::from);
    plain.parse().or(single).map_err(|_| {
        format!(
            "EVIDENT_TRUSTED_PROXIES has {text}, which is no network. Write each like 10.0.0.0/8 or 10.0.0.7, with \
             commas between"
        )
    })
}

/// `EVIDENT_URL` as browsers write it in what they send: in lower case, an international name in its ASCII form, and
/// without what goes without saying.
///
/// # Errors
/// Says how to write it.
pub fn public(text: &str) -> Result<String, String> {
    let no_address = || {
        let how = match text.trim() {
            text if text.contains(char::is_whitespace) => "It must have no spaces: write",
            text if !text.contains("://") => "It begins with https:// (or, on this machine, http://): write",
            _ => "Write",
        };
        format!("EVIDENT_URL is {text}, which is no address. {how} it like https://evident.example.com.")
    };
    let plain = text.trim();
    // Without a scheme, the name before the port would be taken for one.
    if !plain.contains("://") || plain.contains(char::is_whitespace) {
        return Err(no_address());
    }
    let url = url::Url::parse(plain).map_err(|_| no_address())?;
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(no_address()),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        _ => return Err(format!("EVIDENT_URL is {text}; beyond loopback it must begin with https://.")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("EVIDENT_URL is {text}; it must hold no name or password before the host."));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("EVIDENT_URL is {text}; it must end after the host and port."));
    }
    Ok(url.origin().ascii_serialization())
}

/// How to write a password that would otherwise end an address early, or be read as something else.
pub const ENCODED: &str = "its name or password holds a sign that has a meaning in addresses: write % as %25, / as %2F, \
                           ? as %3F, # as %23, @ as %40, : as %3A and a space as %20 in them";

/// Whether a name or a password stands in an address as it is typed, and not as addresses want it.
pub fn is_unencoded(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let ends = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (first, after) = rest.split_at(ends);
    // What was meant to stand before an @ has ended before it; a query may hold one.
    if after.split('?').next().is_some_and(|path| path.contains('@')) {
        return true;
    }
    let Some((secret, _)) = first.rsplit_once('@') else {
        let no_port = first.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_err());
        return no_port && after.contains('@');
    };
    let digits =
        |part: &str| part.as_bytes().iter().take(2).filter(|byte| byte.is_ascii_hexdigit()).count() == 2;
    secret.contains(char::is_whitespace) || secret.split('%').skip(1).any(|part| !digits(part))
}

#[cfg(test)]
mod tests {
    use super::{is_unencoded, network, public, socket};

    #[test]
    fn a_password_as_it_is_typed_is_found() {
        for typed in ["a/b", "a?b", "a#b", "12/x", "12#x", "50%", "a%b", "100% safe", "a b", "p@/x"] {
            let typed = format!("postgres://evident:{typed}@db.example.com/evident");
            assert!(is_unencoded(&typed), "{typed}");
        }
        for sound in [
            "postgres://evident:a%2Fb%25@db.example.com:5432/evident",
            "postgres://evident:a@b@db.example.com/evident",
            "postgres://db.example.com:5432/evident?user=me@example.com",
            "postgres:///evident?host=/run/postgresql&user=a@b",
            "smtp://mail.example.com:587?tls=required",
            "smtps://me%40example.com:secret@mail.example.com",
        ] {
            assert!(!is_unencoded(sound), "{sound}");
        }
    }

    #[test]
    fn what_is_unambiguous_is_taken_as_it_is_meant() {
        for (written, meant) in [
            ("HTTPS://Evident.Example.COM/", "https://evident.example.com"),
            (" https://evident.example.com ", "https://evident.example.com"),
            ("https://evident.example.com:443", "https://evident.example.com"),
            ("https://evident.example.com:8443/", "https://evident.example.com:8443"),
            ("https://Bücher.example", "https://xn--bcher-kva.example"),
            ("http://LOCALHOST:8080", "http://localhost:8080"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(public(written).as_deref(), Ok(meant), "{written}");
        }
        for (written, meant) in
            [("localhost:8080", "127.0.0.1:8080"), ("LOCALHOST:0", "127.0.0.1:0"), (" [::]:80", "[::]:80")]
        {
            assert_eq!(socket("X", written).map(|at| at.to_string()).as_deref(), Ok(meant), "{written}");
        }
        for (written, meant) in [
            ("10.0.0.7", "10.0.0.7/32"),
            ("::1", "::1/128"),
            ("[fd00::1]", "fd00::1/128"),
            (" 10.0.0.0/8 ", "10.0.0.0/8"),
        ] {
            assert_eq!(network(written).map(|net| net.to_string()).as_deref(), Ok(meant), "{written}");
        }
    }

    #[test]
    fn the_rest_is_told_how_to_be_written() {
        for (written, how) in [
            ("https://evident example.com", "no spaces"),
            ("evident.example.com", "begins with https://"),
            ("localhost:8080", "begins with https://"),
            ("https://", "Write it like"),
            ("http://evident.example.com", "must begin with https://"),
            ("ftp://evident.example.com", "must begin with https://"),
            ("https://me:x@evident.example.com", "no name or password"),
            ("https://evident.example.com/evident", "end after the host"),
        ] {
            let told = public(written).expect_err(written);
            assert!(told.starts_with("EVIDENT_URL is ") && told.contains(how), "{told}");
        }
        for written in
            ["8080", ":8080", "evident.example.com:80", "http://127.0.0.1:80", "127.0.0.1", "localhost"]
        {
            let told = socket("EVIDENT_LISTEN", written).expect_err(written);
            assert!(told.starts_with(&format!("EVIDENT_LISTEN is {written}. Write ")), "{told}");
        }
        for written in ["proxy", "10.0.0.0/33", "10.0.0", "10.0.0.0-10.0.0.9", "*"] {
            assert!(network(written).expect_err(written).contains("Write each like 10.0.0.0/8"));
        }
    }
}
