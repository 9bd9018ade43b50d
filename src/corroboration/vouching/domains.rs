//! Domains of mail addresses: whose they are, as far as a name tells. Pure.
//!
//! An organization's own domain says where somebody works, so that an admin may list it and mailed answers from it are
//! vouched for by that. A public provider's says nothing, and the company's own is where candidates have addresses themselves.

use url::Host;

/// The well-known public mail providers.
const PUBLIC: &str = include_str!("public-mail-providers.txt");
/// Second levels under which countries give out names, as `example.co.uk`.
const SECOND_LEVELS: &[&str] = &["ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"];

/// A domain in the one form in which domains are kept and compared: lower case, internationalised names as in DNS.
///
/// # Errors
/// Says what is wrong with it, for the person who typed it.
pub fn clean(typed: &str) -> Result<String, &'static str> {
    const MESSAGE: &str = "Enter a domain, like northwind.example.";
    let typed = typed.trim().trim_start_matches('@').trim_end_matches('.');
    if typed.contains('@') || typed.contains('/') || typed.contains(':') {
        return Err("Enter the domain alone: what stands after the @ of its addresses.");
    }
    let Ok(Host::Domain(domain)) = Host::parse(typed) else { return Err(MESSAGE) };
    let labels = domain.split('.').count();
    if labels < 2 || domain.split('.').any(str::is_empty) || domain.len() > 253 {
        return Err(MESSAGE);
    }
    if is_suffix(&domain) {
        return Err("Many organizations have names under this one. Enter the domain of one of them.");
    }
    Ok(domain)
}

/// The domain of an address, in the form of [`clean`]; none of an address that has none.
pub fn of_address(address: &str) -> Option<String> {
    let (_, host) = address.rsplit_once('@')?;
    match Host::parse(host.trim_end_matches('.')) {
        Ok(Host::Domain(domain)) => Some(domain),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => None,
    }
}

/// The address without what stands after a plus in its name, and a pattern for `like … escape '!'` of those with it. Mail to
/// either reaches one mailbox as a rule, so for a domain that speaks for a mailbox they are one address. Who vouches for an
/// address does for it exactly as it stands: what is another mailbox at some provider is theirs to vouch for again.
pub fn mailbox(address: &str) -> (String, String) {
    let escaped = |text: &str| text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let (name, host) = address.rsplit_once('@').unwrap_or((address, ""));
    let name = name.split_once('+').map_or(name, |(name, _)| name);
    (format!("{name}@{host}"), format!("{}+%@{}", escaped(name), escaped(host)))
}

/// Whether anybody can have an address there.
pub fn is_public(domain: &str) -> bool {
    let mut listed = PUBLIC.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let registrable = registrable(domain);
    let (name, _) = registrable.split_once('.').unwrap_or((registrable, ""));
    listed.any(|known| match known.strip_suffix(".*") {
        Some(every) => every == name,
        None => is_within(domain, known),
    })
}

/// Whether two domains are one organization's, as far as names tell.
pub fn are_related(one: &str, other: &str) -> bool {
    registrable(one) == registrable(other)
}

/// Whether a domain is another, or under it.
fn is_within(domain: &str, other: &str) -> bool {
    domain == other || domain.strip_suffix(other).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether names are given out under it: `co.uk`.
fn is_suffix(domain: &str) -> bool {
    domain
        .split_once('.')
        .is_some_and(|(second, top)| top.len() == 2 && !top.contains('.') && SECOND_LEVELS.contains(&second))
}

/// The part of a domain that somebody registered: `mail.eu.example.co.uk` is `example.co.uk`'s.
pub fn registrable(domain: &str) -> &str {
    let mut starts: Vec<usize> =
        std::iter::once(0).chain(domain.match_indices('.').map(|(at, _)| at + 1)).collect();
    starts.reverse();
    let second = starts.get(1).copied().unwrap_or(0);
    let start = if is_suffix(&domain[second..]) { starts.get(2).copied() } else { None };
    &domain[start.unwrap_or(second)..]
}

/// Whether the name of where somebody works is recognisably in a domain: `Northwind Traders` in `northwind.example`.
pub fn fits(works_at: &str, domain: &str) -> bool {
    let registrable = registrable(domain);
    let name = registrable.split('.').next().unwrap_or_default().replace('-', "");
    let words = crate::text::words(works_at);
    let joined: String = words.split_whitespace().collect();
    let long = |word: &&str| word.chars().count() >= 4;
    !name.is_empty()
        && (joined == name || words.split_whitespace().filter(long).any(|word| name.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::{are_related, clean, fits, is_public, mailbox, of_address, registrable};

    #[test]
    fn a_domain_has_one_form() {
        assert_eq!(clean(" @Northwind.Example. ").as_deref(), Ok("northwind.example"));
        assert_eq!(clean("Müller.example").as_deref(), Ok("xn--mller-kva.example"));
        assert_eq!(of_address("pia@MÜLLER.example").as_deref(), Some("xn--mller-kva.example"));
        for bad in [
            "",
            "northwind",
            "pia@northwind.example",
            "https://northwind.example",
            "10.0.0.1",
            "a..b",
            "co.uk",
        ] {
            assert!(clean(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn public_providers_are_known_under_every_ending() {
        for public in
            ["gmail.com", "mail.gmail.com", "gmx.de", "gmx.co.uk", "yahoo.co.jp", "proton.me", "qq.com"]
        {
            assert!(is_public(public), "{public}");
        }
        for own in
            ["northwind.example", "notgmail.com", "gmail.com.example.org", "mygmx.de", "live-music.example"]
        {
            assert!(!is_public(own), "{own}");
        }
    }

    #[test]
    fn what_somebody_registered_is_told_from_what_is_under_it() {
        assert_eq!(registrable("mail.eu.example.co.uk"), "example.co.uk");
        assert_eq!(registrable("evident.example.com"), "example.com");
        assert_eq!(registrable("example.com"), "example.com");
        assert!(are_related("evident.intra.example.com", "example.com"));
        assert!(!are_related("one.co.uk", "two.co.uk"));
    }

    #[test]
    fn what_stands_after_a_plus_makes_no_other_mailbox() {
        let of = |name: &str, pattern: &str| (name.to_owned(), pattern.to_owned());
        assert_eq!(mailbox("pia+one@north.example"), of("pia@north.example", "pia+%@north.example"));
        assert_eq!(mailbox("p_a@north.example"), of("p_a@north.example", "p!_a+%@north.example"));
    }

    #[test]
    fn a_name_is_found_in_a_domain() {
        assert!(fits("Northwind Traders", "mail.northwind.example"));
        assert!(fits("T-Mo", "tmo.example"));
        assert!(!fits("Acme", "northwind.example"));
        assert!(!fits("", "northwind.example"));
    }
}
