//! Addresses of mail, in the one form in which they are kept, compared and sent to: in lower case, the host as DNS has it,
//! so `ada@bücher.example` is `ada@xn--bcher-kva.example`, whether a browser or somebody typed it. People are shown the
//! letters. The part before the @ is the receiving server's own affair, and stays in the letters that it has.

use std::net::IpAddr;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use lettre::Address;
use unicode_normalization::UnicodeNormalization;

use crate::text;

const NONE: &str = "Enter an email address, like name@example.com.";
const SEVERAL: &str = "This holds several email addresses. Enter one of them alone.";
const SPACE: &str = "An email address has no space in it. Enter one like name@example.com.";
const QUOTED: &str =
    "An address with quotation marks can’t be written to from here. Enter one like name@example.com.";
const DOT: &str = "This address ends with a dot. Enter it without.";
const NUMBERS: &str =
    "After the @ stands a network address. Enter one with a name there, like name@example.com.";
const HOST: &str =
    "What stands after the @ is no name that a mail server can have. Enter one like name@example.com.";
const NO_DOT: &str = "After the @ something is missing, such as .com. Enter it whole, like name@example.com.";
const LONG: &str = "An email address has at most 254 characters.";
const LONG_NAME: &str = "An email address has at most 64 characters before the @.";

/// A host as DNS has it; none for what can be no host.
pub fn ascii_host(host: &str) -> Option<String> {
    let ascii = Uts46::new().to_ascii(
        host.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    ascii.ok().map(std::borrow::Cow::into_owned)
}

/// The address among what was typed or pasted, such as `Ada Marsh <ada@example.com>`.
fn alone(line: &str) -> Result<&str, &'static str> {
    let line = line.trim_end_matches([',', ';', ' ']);
    let several = line.matches('@').count() > 1;
    let inner = match (line.split_once('<'), line.strip_suffix('>')) {
        (Some((_, rest)), Some(_)) => rest[..rest.len() - 1].trim(),
        _ => line,
    };
    if inner.contains(['<', '>']) {
        return Err(if several { SEVERAL } else { NONE });
    }
    let scheme = inner.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let inner = inner[scheme.map_or(0, str::len)..].trim();
    if inner.starts_with('"') || inner.contains("\"@") {
        Err(QUOTED)
    } else if inner.matches('@').count() > 1 && inner.contains([',', ';', ' ']) {
        Err(SEVERAL)
    } else if inner.contains(char::is_whitespace) {
        Err(if inner.contains('@') { SPACE } else { NONE })
    } else {
        Ok(inner)
    }
}

/// An address as it is kept and compared.
///
/// # Errors
/// Says what is wrong with it, for the person who typed it.
pub fn clean(typed: &str) -> Result<String, &'static str> {
    let line = text::one_line(typed)?.replace('＠', "@");
    let (name, host) = alone(&line)?.split_once('@').ok_or(NONE)?;
    if name.is_empty() || host.is_empty() || host.contains('@') {
        return Err(NONE);
    }
    if host.ends_with(['.', '。', '．', '｡']) {
        return Err(DOT);
    }
    // An address in brackets, and one without.
    let last = host.rsplit('.').next().unwrap_or_default();
    if host.starts_with('[') || host.parse::<IpAddr>().is_ok() || last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NUMBERS);
    }
    let name: String = name.nfc().collect::<String>().to_lowercase().nfc().collect();
    if name.len() > 64 {
        return Err(LONG_NAME);
    }
    if name.len() + 1 + host.len() > if host.is_ascii() { 254 } else { 4 * 254 } {
        return Err(LONG);
    }
    let host = ascii_host(host).ok_or(HOST)?;
    // Programs on one machine write to each other without.
    if !host.contains('.') && host != "localhost" {
        return Err(NO_DOT);
    }
    let address = format!("{name}@{host}");
    if address.len() > 254 {
        Err(LONG)
    } else if sendable(&address).is_none() {
        Err(NONE)
    } else {
        Ok(address)
    }
}

/// How an address that was typed may be kept: as [`clean`] has it, and as it was kept before hosts had one form.
pub fn kept(typed: &str) -> Option<[String; 2]> {
    if let Ok(clean) = clean(typed) {
        let letters = shown(&clean);
        return Some([clean, letters]);
    }
    let typed = typed.trim().to_lowercase();
    let sound = typed.contains('@') && !typed.chars().any(char::is_control);
    sound.then(|| [typed.clone(), typed])
}

/// An address for people to read: the host in its letters.
pub fn shown(address: &str) -> String {
    let Some((name, host)) = address.rsplit_once('@') else { return address.to_owned() };
    let (letters, sound) =
        Uts46::new().to_unicode(host.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    if sound.is_ok() { format!("{name}@{letters}") } else { address.to_owned() }
}

/// An address as mail servers take it; none for what they take in no way.
pub(super) fn sendable(address: &str) -> Option<Address> {
    let (name, host) = address.rsplit_once('@')?;
    Address::new(name, ascii_host(host)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{clean, kept, shown};

    #[test]
    fn one_address_has_one_form() {
        for (typed, form) in [
            (" Ada@Example.COM ", "ada@example.com"),
            ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
            ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
            ("ada@bu\u{308}cher。example", "ada@xn--bcher-kva.example"),
            ("\u{FEFF}ada@example.com\u{200B}", "ada@example.com"),
            ("Ada Marsh <Ada@example.com>", "ada@example.com"),
            ("\"Marsh, Ada\" <ada@example.com>,", "ada@example.com"),
            ("mailto:ada@example.com", "ada@example.com"),
            ("ada＠example.com;", "ada@example.com"),
            ("ada+evident@mail.example.com", "ada+evident@mail.example.com"),
            ("JÖRG@example.com", "jörg@example.com"),
            ("jo\u{308}rg@example.com", "jörg@example.com"),
            ("ada@localhost", "ada@localhost"),
        ] {
            assert_eq!(clean(typed).as_deref(), Ok(form), "{typed}");
            assert_eq!(clean(form).as_deref(), Ok(form));
        }
        assert_eq!(shown("ada@xn--bcher-kva.example"), "ada@bücher.example");
        assert_eq!(shown("ada@xn--a.example"), "ada@xn--a.example", "what stands for no letters stays");
        assert_eq!(
            kept("ada@bücher.example"),
            Some(["ada@xn--bcher-kva.example", "ada@bücher.example"].map(Into::into))
        );
        assert_eq!(
            kept("Ada@intranet"),
            Some(["ada@intranet"; 2].map(Into::into)),
            "kept before it was refused"
        );
        assert_eq!(kept("a\0@b"), Some(["a@b"; 2].map(Into::into)).filter(|_| false));
    }

    #[test]
    fn what_is_unusable_is_said() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}example.com", "abc.".repeat(70));
        for (typed, word) in [
            ("", "like name@"),
            ("ada", "like name@"),
            ("@example.com", "like name@"),
            ("ada@", "like name@"),
            ("a@b@example.com", "like name@"),
            ("a..b@example.com", "like name@"),
            ("<ada@example.com", "like name@"),
            ("a b@example.com", "no space"),
            ("ada@example.com ben@example.com", "several"),
            ("ada@example.com, ben@example.com", "several"),
            ("Ada <ada@example.com>; Ben <ben@example.com>", "several"),
            ("\"a b\"@example.com", "quotation marks"),
            ("ada@example.com.", "ends with a dot"),
            ("ada@[127.0.0.1]", "network address"),
            ("ada@127.0.0.1", "network address"),
            ("ada@127.1", "network address"),
            ("ada@example", "missing"),
            ("ada@exa_mple.com", "no name"),
            ("ada@example..com", "no name"),
            ("ada@-example.com", "no name"),
            (&long, "64"),
            (&longer, "254"),
        ] {
            let said = clean(typed).expect_err(typed);
            assert!(said.contains(word), "{typed}: {said}");
        }
    }
}
