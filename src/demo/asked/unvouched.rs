//! Answers by mail and by link for which nobody has vouched yet, for an admin and a CTO to meet.

use super::{Writer, published};
use crate::accounts::sessions;
use crate::db::Result as Stored;
use crate::demo::DemoDossier;
use crate::evidence::Via;
use crate::notices::Kind;

impl Writer<'_> {
    /// Two who have no account and answered, one by a letter's link and one by a link that was handed over: nobody has
    /// vouched for them yet.
    pub(super) async fn unvouched(&mut self, dossier: &DemoDossier) -> Stored<()> {
        let silent: Vec<_> = published(dossier)
            .into_iter()
            .filter_map(|found| Some((self.silent(found.entry)?, found)))
            // The first of these was asked by the link that ran out.
            .skip(1)
            .zip([Via::Mail, Via::Link])
            .collect();
        for ((whom, found), via) in silent {
            let (asked_at, at) = (self.ago(8), self.ago(5));
            let (person, done) = (self.person(whom), Some(at));
            let request =
                self.request(dossier, found.id, person, "happened", None, asked_at, done, true).await?;
            let mailed = format!("{} by mail", self.id(asked_at));
            let name = crate::text::words(&self.company.people[whom].name);
            let address = format!("{}@northwind.example", name.trim().replace(' ', "."));
            self.change
                .tx()
                .query("update requests set mail_token_hash = $2, address = $3 where id = $1")
                .bind(request)
                .bind(sessions::digest(&mailed))
                .bind(address)
                .run_expecting(1)
                .await?;
            let id = self.id(at);
            self.change
                .tx()
                .query(
                    "insert into corroborations (id, entry_id, person_id, position, answer, on_date, account, comment, \
                     revision, request_id, created_at, via) \
                     values ($1, $2, $3, $4, 'confirmed', $5, '', 'That is how it was.', 1, $6, $7, $8)",
                )
                .bind(id)
                .bind(found.id)
                .bind(person)
                .bind(i64::try_from(found.entry.corroborations.len()).unwrap_or_default())
                .bind(at.date_naive())
                .bind(request)
                .bind(at)
                .bind(via)
                .run_expecting(1)
                .await?;
            self.tell(dossier.owner, Kind::Answered, id, Some(whom), format!("/corroborations/{id}")).await?;
        }
        Ok(())
    }
}
