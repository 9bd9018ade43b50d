//! Links that work once, followed by many at the same moment.

use evident::accounts::{Role, actions};
use tokio::task::JoinSet;

use super::{Tally, sign_in};
use crate::support::{Visitor, World};

/// How many follow a link at once.
const RACERS: usize = 10;

pub async fn round(world: &World, round: u64, tally: &mut Tally) {
    let email = format!("raced.{round}@example.com");
    let new = actions::NewAccount {
        name: format!("Raced {round}"),
        known_as: String::new(),
        email: email.clone(),
        roles: vec![Role::Candidate],
    };
    let token = actions::add_account(&world.instance, None, new).await.expect("an account").token;
    let passwords: Vec<String> = (0..RACERS).map(|n| format!("harbour violet kettle sparrow {n}")).collect();
    let forms: Vec<Vec<(&str, &str)>> =
        passwords.iter().map(|password| vec![("password", &**password)]).collect();
    let statuses = raced(world, &format!("/set-password/{token}"), &forms).await;
    let winners: Vec<usize> = (0..RACERS).filter(|n| statuses[*n] == 303).collect();
    let others_are_told = statuses.iter().filter(|status| **status == 404).count() == RACERS - 1;
    tally.check(winners.len() == 1 && others_are_told, || format!("a link for a password gave {statuses:?}"));
    for (n, password) in passwords.iter().enumerate().take(3) {
        let from = [203, 0, 114, u8::try_from(round % 250).unwrap_or(0)];
        let answer = sign_in(&world.anonymous(), from, &[("email", &email), ("password", password)]).await;
        let expected = if winners.contains(&n) { 303 } else { 422 };
        tally.check(answer.status == expected, || {
            format!("password {n} of {winners:?} gave {}", answer.status)
        });
    }

    let owner = world.candidate(&format!("Owner {round}")).await;
    let link = asked(&owner).await;
    let answers = [vec![("answer", "confirmed")], vec![("answer", "declined")]].concat();
    let forms: Vec<Vec<(&str, &str)>> =
        answers.iter().cycle().take(RACERS).map(|answer| vec![*answer]).collect();
    let statuses = raced(world, &link, &forms).await;
    let taken = statuses.iter().filter(|status| **status == 200).count();
    let told = statuses.iter().filter(|status| **status == 404).count();
    tally.check(taken == 1 && told == RACERS - 1, || format!("a link to answer gave {statuses:?}"));
}

/// Sends each form to a link, all at once; the statuses in their order.
async fn raced(world: &World, link: &str, forms: &[Vec<(&str, &str)>]) -> Vec<u16> {
    let mut racers = JoinSet::new();
    for (n, form) in forms.iter().enumerate() {
        let (browser, link) = (world.anonymous(), link.to_owned());
        let form: Vec<(String, String)> =
            form.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        racers.spawn(async move {
            let fields: Vec<(&str, &str)> = form.iter().map(|(a, b)| (&**a, &**b)).collect();
            (n, browser.post(&link, &fields).await.status.as_u16())
        });
    }
    let mut statuses = racers.join_all().await;
    statuses.sort_unstable();
    statuses.into_iter().map(|(_, status)| status).collect()
}

/// An entry about which somebody without an account is asked; the link that they are sent.
async fn asked(owner: &Visitor) -> String {
    let entry = [
        ("intent", "publish"),
        ("title", "Settled who owns identity"),
        ("from_month", "3"),
        ("from_year", "2026"),
        ("capability", "external-presence"),
        ("person", "Pia Lund"),
        ("as", "external"),
        ("organization", "external"),
        ("works_at", ""),
        ("level", ""),
        ("domain", ""),
    ];
    let entry = owner.post("/evidence", &entry).await.expect(303).location().to_owned();
    let fields = [("person", "other"), ("other", "Pia Lund"), ("email", "")];
    let page = owner.post(&format!("{entry}/requests"), &fields).await.expect(200);
    let link = page.texts("[role=status] code").remove(0);
    link.strip_prefix("http://127.0.0.1:8080").expect("an address of this site").to_owned()
}
