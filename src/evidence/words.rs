//! What the values of an entry are called on pages.

use chrono::NaiveDate;

use super::{Audience, Conduct, Content, NamedAnswer, NamedAs, Scope, Setting, Status, Via};
use crate::web::words;

impl Status {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Status::Draft => "Draft",
            Status::Final => "Published",
            Status::Withdrawn => "Withdrawn",
        }
    }
}

impl Scope {
    /// Its name, as the owner says it.
    pub fn title(self) -> &'static str {
        match self {
            Scope::OwnDomain => "My own domain",
            Scope::CrossDomain => "Across domains",
            Scope::Company => "The company",
            Scope::External => "Outside the company",
        }
    }
}

impl Conduct {
    /// Its name, as the owner says it.
    pub fn title(self) -> &'static str {
        match self {
            Conduct::Personally => "By me",
            Conduct::WithPeers => "With peers",
            Conduct::ThroughDirectors => "Through Directors",
        }
    }
}

impl Setting {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Setting::Internal => "Within engineering",
            Setting::Executive => "Among executives",
            Setting::Board => "Before the board",
            Setting::Investor => "Before investors",
            Setting::Customer => "At a customer",
            Setting::Partner => "At a partner",
            Setting::Industry => "In the industry",
        }
    }
}

impl Audience {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Audience::Dossier => "Whoever may read the dossier",
            Audience::Cto => "CTOs alone",
        }
    }
}

impl NamedAs {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            NamedAs::Developed => "Developed",
            NamedAs::Partner => "Partner",
            NamedAs::Peer => "Peer",
            NamedAs::Sponsor => "Sponsor",
            NamedAs::Stakeholder => "Stakeholder",
            NamedAs::External => "External",
        }
    }
}

impl NamedAnswer {
    /// What was said, as whoever said it puts it.
    pub fn own_words(self) -> &'static str {
        match self {
            NamedAnswer::Agreed => "it is right to name me so",
            NamedAnswer::Differs => "my part was different",
            NamedAnswer::Unnamed => "don’t name me",
        }
    }

    /// What they said, in words.
    pub fn title(self) -> &'static str {
        match self {
            NamedAnswer::Agreed => "agreed to be named so",
            NamedAnswer::Differs => "sees their part differently",
            NamedAnswer::Unnamed => "asked not to be named",
        }
    }
}

/// A day, or the month that was given in its place.
pub fn date(date: NaiveDate, is_month: bool) -> String {
    if is_month { words::month(&date) } else { words::day(&date) }
}

/// When an entry happened: `14 Mar 2026`, `Jul – Aug 2026`, `Sep 2026, ongoing`.
pub fn period(content: &Content) -> String {
    let Some(from) = content.from else {
        return "No date yet".into();
    };
    let to = content.to.map(|to| (to, content.to_is_month));
    words::period((from, content.from_is_month), to, content.ongoing)
}

/// How an answer came and whether it stands, as the end of a sentence: `by link, not yet vouched for`. Who vouched for it is
/// said to whoever reads the dossier.
pub fn came(via: Via, vouched_on: Option<NaiveDate>, voucher: Option<&str>) -> String {
    let way = match via {
        Via::Account => return "in their account".into(),
        Via::Mail => "by mail",
        Via::Link => "by link",
    };
    match (vouched_on, voucher) {
        (Some(on), Some(voucher)) => format!("{way}, vouched for on {} by {voucher}", words::day(&on)),
        (Some(on), None) => format!("{way}, vouched for on {}", words::day(&on)),
        (None, _) => format!("{way}, not yet vouched for"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{came, period};
    use crate::evidence::{Content, Via};

    #[test]
    fn an_answer_tells_how_it_came_and_whether_it_stands() {
        let on = "2026-03-04".parse().ok();
        let mina = Some("Mina Sato");
        assert_eq!(came(Via::Link, None, mina), "by link, not yet vouched for");
        assert_eq!(came(Via::Mail, on, mina), "by mail, vouched for on 4 Mar 2026 by Mina Sato");
        assert_eq!(came(Via::Link, on, None), "by link, vouched for on 4 Mar 2026");
        assert_eq!(came(Via::Account, on, mina), "in their account");
    }

    #[test]
    fn periods_read_as_they_were_typed() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let base = Content { from: day("2026-07-01"), from_is_month: true, ..Content::default() };
        assert_eq!(period(&base), "Jul 2026");
        assert_eq!(period(&Content { ongoing: true, ..base.clone() }), "Jul 2026, ongoing");
        let months = Content { to: day("2026-08-31"), to_is_month: true, ..base.clone() };
        assert_eq!(period(&months), "Jul – Aug 2026");
        assert_eq!(period(&Content { to: day("2026-07-31"), to_is_month: true, ..base.clone() }), "Jul 2026");
        assert_eq!(period(&Content { to: day("2026-08-02"), ..base }), "Jul 2026 – 2 Aug 2026");
        let days = Content { from: day("2026-11-06"), to: day("2026-11-09"), ..Content::default() };
        assert_eq!(period(&days), "6 – 9 Nov 2026");
        assert_eq!(period(&Content { from: day("2026-10-30"), ..days.clone() }), "30 Oct – 9 Nov 2026");
        assert_eq!(period(&Content { from: day("2025-11-06"), ..days }), "6 Nov 2025 – 9 Nov 2026");
        assert_eq!(period(&Content::default()), "No date yet");
    }
}
