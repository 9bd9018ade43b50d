//! Mail by SMTP: one plain text at a time, and in what way a server did not take it.

pub mod address;

use std::error::Error as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::config::addresses;
use crate::instance::Mail;
use crate::text;

/// How long one command to the server may take.
const COMMAND_WITHIN: Duration = Duration::from_secs(10);
/// How long a whole mail may take.
const MAIL_WITHIN: Duration = Duration::from_secs(15);
/// Answers of a server that are about who we are and not about the mail: its operator or ours will mend it.
const ABOUT_US: &[&str] = &["530", "534", "535", "538"];

/// Hands mails to the server that the operator named.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A mail to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Makes its Message-ID, so that a second sending after a kill can be known as the same.
    pub id: Uuid,
    /// The address.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its date.
    pub at: DateTime<Utc>,
}

/// Why a mail was not taken, in words that hold nothing of the mail and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may be taken later.
    Later(String),
    /// It was refused for good.
    Refused {
        /// Why, for admins.
        why: String,
        /// The same for whoever gave the address. It may hold what the server wrote, and that the address.
        told: String,
    },
}

/// The longest that is passed on of what a server wrote, in characters.
const PASSED_ON: usize = 200;

impl Mailer {
    /// A mailer to the operator's server. Nothing is sent yet.
    ///
    /// # Errors
    /// Says which setting can't be used, and how to write it.
    pub fn new(mail: &Mail) -> Result<Mailer, String> {
        let from: Option<Mailbox> = mail.from.parse().ok();
        let from = from.and_then(|from| {
            // A host in letters would ask of every server on the way that it knows them.
            Some(Mailbox::new(from.name, address::sendable(from.email.as_ref())?))
        });
        let from = from.ok_or_else(|| {
            format!(
                "EVIDENT_MAIL_FROM is {}, which is no address to send from. Write it like Evident <evident@example.com>.",
                mail.from
            )
        })?;
        let wrong = "EVIDENT_SMTP_URL can't be used. Write it like smtps://name:password@mail.example.com, \
             or smtp://mail.example.com:587?tls=required.";
        let server = mail.server.expose_secret();
        if addresses::is_unencoded(server) {
            return Err(format!("EVIDENT_SMTP_URL can't be used: {}.", addresses::ENCODED));
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server).map_err(|_| wrong.to_owned())?;
        let url = url::Url::parse(server).map_err(|_| wrong.to_owned())?;
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let open = url.scheme() == "smtp" && !url.query_pairs().any(|(k, v)| k == "tls" && v == "required");
        if url.password().is_some() && open && !loopback {
            return Err(
                "EVIDENT_SMTP_URL holds a password, which is not sent without TLS. Begin it with smtps://, \
                 or end it with ?tls=required."
                    .into(),
            );
        }
        Ok(Mailer { transport: builder.timeout(Some(COMMAND_WITHIN)).build(), from })
    }

    /// Hands a mail to the server. When this returns, the server has taken it.
    ///
    /// # Errors
    /// Whether it may be taken later, and why it was not.
    pub async fn send(&self, post: &Post) -> Result<(), Failure> {
        let unusable = || refused("The address can’t be written to.", "no mail server takes such an address");
        let to = address::sendable(&post.to).ok_or_else(unusable)?;
        let in_ascii = to.user().is_ascii();
        let message = Message::builder()
            .message_id(Some(format!("<{}@{}>", post.id, self.from.email.domain())))
            .date(post.at.into())
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(post.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            // Nobody's absence note is to answer it.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".into(),
            ))
            .body(post.text.clone())
            .map_err(|_| unusable())?;
        match tokio::time::timeout(MAIL_WITHIN, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            // It was not asked: it had said before that it knows no such letters (SMTPUTF8).
            Ok(Err(error)) if error.is_client() && !in_ascii => Err(refused(
                "The mail server takes no address with letters other than a to z before the @.",
                "the mail server here takes no address with letters other than a to z before the @",
            )),
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err(Failure::Later(TOO_LONG.into())),
        }
    }
}

const TOO_LONG: &str = "The mail server took too long to answer.";

fn refused(why: impl Into<String>, told: impl Into<String>) -> Failure {
    Failure::Refused { why: why.into(), told: told.into() }
}

/// What an error says to admins, without what the server wrote: that may hold an address.
fn told(error: &lettre::transport::smtp::Error) -> Failure {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    if error.is_permanent() && !ABOUT_US.contains(&code.as_str()) {
        refused(format!("The mail server refused it ({code})."), said(error, &code))
    } else if error.is_permanent() {
        Failure::Later(format!("The mail server did not accept our name and password ({code})."))
    } else if error.is_transient() {
        Failure::Later(format!("The mail server put it off ({code})."))
    } else if error.is_timeout() {
        Failure::Later(TOO_LONG.into())
    } else if error.is_tls() {
        Failure::Later("No secure connection to the mail server could be made.".into())
    } else {
        Failure::Later("The mail server can’t be reached.".into())
    }
}

/// What the server wrote, on one line and no longer than anybody reads.
fn said(error: &lettre::transport::smtp::Error, code: &str) -> String {
    let wrote = error.source().map(ToString::to_string).unwrap_or_default();
    let wrote = text::one_line(&wrote.replace('\u{FFFD}', "?")).unwrap_or_default();
    let short: String = wrote.chars().take(PASSED_ON).collect();
    let cut = if short.len() < wrote.len() { "…" } else { "" };
    format!("the mail server says “{}{cut}”", format!("{code} {short}").trim())
}
