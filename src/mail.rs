//! Mail by SMTP: one plain text at a time, and in what way a server did not take it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::instance::Mail;

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
    Refused(String),
}

impl Mailer {
    /// A mailer to the operator's server. Nothing is sent yet.
    ///
    /// # Errors
    /// Says which setting can't be used, and how to write it.
    pub fn new(mail: &Mail) -> Result<Mailer, String> {
        let from = mail.from.parse().map_err(|_| {
            format!(
                "EVIDENT_MAIL_FROM is {}, which is no address to send from. Write it like Evident <evident@example.com>.",
                mail.from
            )
        })?;
        let wrong = "EVIDENT_SMTP_URL can't be used. Write it like smtps://name:password@mail.example.com, \
             or smtp://mail.example.com:587?tls=required.";
        let server = mail.server.expose_secret();
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

    /// Asks the server whether it takes mails from us. None is sent.
    ///
    /// # Errors
    /// Whether it may do so later, and why not.
    pub async fn check(&self) -> Result<(), Failure> {
        match tokio::time::timeout(MAIL_WITHIN, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Failure::Later("The mail server did not answer as one.".into())),
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err(Failure::Later(TOO_LONG.into())),
        }
    }

    /// Hands a mail to the server. When this returns, the server has taken it.
    ///
    /// # Errors
    /// Whether it may be taken later, and why it was not.
    pub async fn send(&self, post: &Post) -> Result<(), Failure> {
        let unusable = || Failure::Refused("The address can’t be written to.".into());
        let to: Address = post.to.parse().map_err(|_| unusable())?;
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
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err(Failure::Later(TOO_LONG.into())),
        }
    }
}

const TOO_LONG: &str = "The mail server took too long to answer.";

/// What an error says, without what the server wrote: that may hold an address.
fn told(error: &lettre::transport::smtp::Error) -> Failure {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    if error.is_permanent() && !ABOUT_US.contains(&code.as_str()) {
        Failure::Refused(format!("The mail server refused it ({code})."))
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
