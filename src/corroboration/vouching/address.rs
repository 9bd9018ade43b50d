//! What is known of the addresses that answers came from, for who vouches: whether it speaks for the address being theirs.

use std::collections::HashMap;

use super::store::{self, Waiting};
use super::{domain_store, domains, organizations};
use crate::db::{Result, Tx};
use crate::instance::Instance;
use crate::people::Organization;

/// What is known of some addresses.
pub(super) struct Known {
    /// For each address: how many people it was given for, how many answers came from it, how many accounts sign in with it.
    addresses: HashMap<String, (i64, i64, i64)>,
    /// Domains of the company, and of organizations that an admin listed.
    own: Vec<String>,
    listed: Vec<String>,
}

impl Known {
    /// Loads it for the answers of a page.
    pub(super) async fn load(tx: &mut Tx, instance: &Instance, answers: &[Waiting]) -> Result<Known> {
        let mut all: Vec<String> = answers.iter().filter_map(|answer| answer.address.clone()).collect();
        all.sort_unstable();
        all.dedup();
        let known = store::known_of(tx, &all).await?;
        let mut own = Vec::new();
        for domain in all.iter().filter_map(|address| domains::of_address(address)) {
            if !own.contains(&domain) && organizations::is_own(tx, instance, &domain).await? {
                own.push(domain);
            }
        }
        let listed = domain_store::all(tx).await?.into_iter().map(|listed| listed.domain).collect();
        let addresses = known.into_iter().map(|(address, people, answers, accounts)| {
            let counts = (people, answers, accounts);
            (address, counts)
        });
        Ok(Known { addresses: addresses.collect(), own, listed })
    }

    /// What speaks for and against an answer's address being the person's, a sentence each.
    pub(super) fn sentences(&self, answer: &Waiting) -> Vec<String> {
        let Some(address) = &answer.address else {
            let from = match answer.organization {
                Organization::Internal => "They belong to the company.".to_owned(),
                Organization::External => works_at(answer),
            };
            return vec![
                from,
                "Nothing tells who opened the link. Ask them, by a way that you know.".to_owned(),
            ];
        };
        let mut said = Vec::new();
        if let Some(domain) = domains::of_address(address) {
            said.push(self.organization(answer, &domain));
        }
        let (people, answers, accounts) = self.addresses.get(address).copied().unwrap_or_default();
        said.push(if answers > 1 {
            "Other answers came from it too.".into()
        } else {
            "No other answer came from it.".into()
        });
        if people > 1 {
            said.push("It was given as somebody else’s address as well.".into());
        }
        if accounts > 0 {
            said.push("Somebody signs in to Evident with it.".into());
        }
        said
    }

    fn organization(&self, answer: &Waiting, domain: &str) -> String {
        let own = self.own.iter().any(|own| own == domain);
        if domains::is_public(domain) {
            return format!("Anybody can have an address at {domain}. {}", works_at(answer));
        }
        match (answer.organization, own) {
            (Organization::Internal, true) => format!("{domain} is the company’s, as they are."),
            (Organization::Internal, false) => format!("They belong to the company; {domain} does not."),
            (Organization::External, true) => {
                format!("{domain} is the company’s own, and they are kept as somebody outside it.")
            }
            (Organization::External, false) => {
                let fits = answer.works_at.as_deref().is_some_and(|at| domains::fits(at, domain));
                let fit = if fits { format!("{domain} fits.") } else { format!("{domain} doesn’t tell.") };
                // Of the very domain it would say whose evidence this is not: an answer waits then where the admin who
                // listed it can't vouch, or where several were given its address.
                let under = self
                    .listed
                    .iter()
                    .find(|listed| listed.as_str() != domain && domains::are_related(listed, domain));
                match under {
                    Some(listed) => format!("{} {fit} {listed} is a known organization’s.", works_at(answer)),
                    None => format!("{} {fit}", works_at(answer)),
                }
            }
        }
    }
}

fn works_at(answer: &Waiting) -> String {
    match (&answer.works_at, answer.organization) {
        (Some(at), _) => format!("They are kept as working at {at}."),
        (None, Organization::External) => "Where they work is not kept.".into(),
        (None, Organization::Internal) => "They belong to the company.".into(),
    }
}
