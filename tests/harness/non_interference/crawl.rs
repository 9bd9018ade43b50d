//! A crawler that goes wherever a viewer can go in two worlds at once: every route, every link, every form that reads, every
//! search, and the ids of what they may not know of. Each answer of the one world must be the other's, to the byte.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::LazyLock;

use anyhow::bail;
use chrono::TimeDelta;
use evident::routes::Route;
use evident::server::routes;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use scraper::{ElementRef, Html, Selector};
use uuid::Uuid;

use crate::stage::{Reply, Stage};

/// So many queries of one path are followed in a crawl; over many crawls all are.
const QUERIES: usize = 6;
/// So many other days are asked about in a crawl; over many crawls there is no end to them.
const DAYS: usize = 5;
/// So many addresses are the most of one crawl. None comes near; a page that links to itself without end would.
const ADDRESSES: usize = 2_000;

/// What is known of the left world, as long as it stays as it is.
pub type Left = HashMap<String, Page>;

/// A page of the left world.
pub struct Page {
    reply: Reply,
    links: Vec<String>,
    /// Addresses that take a search at their end.
    searches: Vec<String>,
}

/// A crawl through two worlds.
pub struct Crawl<'c> {
    pub left: &'c Stage,
    pub right: &'c Stage,
    /// The viewer's session.
    pub token: Option<&'c str>,
    /// An address that the viewer was given.
    pub given: &'c str,
    /// A word that stands in the hidden part of a world.
    pub word: &'c str,
    /// Two dossiers that are on the committee's board, to be compared.
    pub shared: [Uuid; 2],
    pub rng: ChaCha12Rng,
}

/// What a crawl saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many answers were compared.
    pub answers: u64,
    /// Where the two worlds differ: the address, and how.
    pub differences: Vec<(String, String)>,
}

/// The routes without an id that answered with a page.
pub fn pages(known: &Left) -> Vec<String> {
    let answered = known.iter().filter(|(address, page)| page.reply.status == 200 && is_route(address));
    let mut pages: Vec<String> = answered.map(|(address, _)| address.clone()).collect();
    pages.sort();
    pages
}

/// Where the ids of a route come from, by what the route begins with.
const IDS: [(&str, &str); 11] = [
    ("/people/", "people"),
    ("/evidence/", "entries"),
    ("/dossiers/", "dossiers"),
    ("/requests/", "requests"),
    ("/corroborations/", "corroborations"),
    ("/assessments/", "assessments"),
    ("/comments/", "comments"),
    ("/opportunities/", "opportunities"),
    ("/development/actions/", "plan_actions"),
    ("/development/conversations/", "path_conversations"),
    ("/milestones/", "milestones"),
];

impl Crawl<'_> {
    /// Goes everywhere.
    pub async fn go(&mut self, known: &mut Left) -> anyhow::Result<Seen> {
        let mut seen = Seen::default();
        let mut queue: VecDeque<String> = self.routes().await?.into();
        queue.push_back(self.given.to_owned());
        queue.extend(self.days());
        let mut met: BTreeSet<String> = queue.iter().cloned().collect();
        let mut queries: BTreeMap<String, usize> = BTreeMap::new();
        while let Some(address) = queue.pop_front() {
            if !known.contains_key(&address) {
                let reply = self.left.get(self.token, &address).await?;
                let (links, searches) = found_in(&address, &reply);
                known.insert(address.clone(), Page { reply, links, searches });
            }
            let page = &known[&address];
            let other = self.right.get(self.token, &address).await?;
            seen.answers += 1;
            if let Some(difference) = difference(&page.reply, &other) {
                seen.differences.push((address.clone(), difference));
            }
            let searches = page.searches.iter().map(|search| format!("{search}{}", self.word));
            let mut links: Vec<String> = page.links.iter().cloned().chain(searches).collect();
            let count = links.len();
            links = links.sample(&mut self.rng, count).cloned().collect();
            for link in links {
                let path = link.split('?').next().unwrap_or_default();
                if met.contains(&link) {
                    continue;
                }
                if link.contains('?') {
                    let followed = queries.entry(path.to_owned()).or_default();
                    if *followed >= QUERIES {
                        continue;
                    }
                    *followed += 1;
                }
                met.insert(link.clone());
                queue.push_back(link);
            }
            if met.len() > ADDRESSES {
                bail!("there is no end to the addresses: {met:?}");
            }
        }
        Ok(seen)
    }

    /// Boards and comparisons of other days, through both lenses: no page links to each of them.
    fn days(&mut self) -> Vec<String> {
        let today = self.left.instance().today();
        let [one, other] = self.shared;
        let mut addresses = Vec::new();
        for _ in 0..DAYS {
            let day = today + TimeDelta::days(self.rng.random_range(-720..360));
            let lens = ["all", "confirmed"].choose(&mut self.rng).expect("two");
            for path in ["/committee", "/committee.json", "/committee.csv", "/dossiers.json"] {
                addresses.push(format!("{path}?as_of={day}&lens={lens}"));
            }
            addresses.push(format!("/compare?dossier={one}&dossier={other}&as_of={day}&lens={lens}"));
        }
        addresses
    }

    /// Every route that reads, with ids of what is there, above all in the right world alone.
    async fn routes(&mut self) -> anyhow::Result<Vec<String>> {
        let mut ids: HashMap<&str, Vec<Uuid>> = HashMap::new();
        for (_, table) in IDS.into_iter().chain([("", "accounts")]) {
            let sql = format!("select id from {table} order by id");
            let left: Vec<(Uuid,)> = self.left.rows(sql.clone()).await?;
            let right: Vec<(Uuid,)> = self.right.rows(sql).await?;
            let hidden: Vec<_> = right.iter().filter(|id| !left.contains(id)).copied().collect();
            let chosen = [right.choose(&mut self.rng), hidden.choose(&mut self.rng)];
            ids.insert(table, chosen.into_iter().flatten().map(|(id,)| *id).collect());
        }
        let mut addresses = Vec::new();
        for Route { method, path, .. } in routes::all().listed() {
            // Who follows a link of single use is told nothing before; there is one in `given`.
            if method != "GET" || path.contains("{token}") {
                continue;
            }
            if !path.contains("{id}") {
                addresses.push((*path).to_owned());
                continue;
            }
            let table = match IDS.iter().find(|(begin, _)| path.starts_with(begin)) {
                Some((_, table)) => table,
                None if path.starts_with("/admin/accounts/") => "accounts",
                None => bail!("say in IDS where the ids of {path} come from"),
            };
            addresses.extend(ids[table].iter().map(|id| path.replace("{id}", &id.to_string())));
        }
        Ok(addresses)
    }
}

/// What two answers differ in.
pub fn difference(left: &Reply, right: &Reply) -> Option<String> {
    if left.status != right.status {
        return Some(format!("{} in the one world, {} in the other", left.status, right.status));
    }
    if left.headers != right.headers {
        return Some(format!("headers {:?} and {:?}", left.headers, right.headers));
    }
    if left.body == right.body {
        return None;
    }
    let same = left.body.bytes().zip(right.body.bytes()).take_while(|(one, other)| one == other).count();
    let around = |body: &str| {
        let bytes = body.as_bytes();
        let around = &bytes[same.saturating_sub(120)..bytes.len().min(same + 120)];
        String::from_utf8_lossy(around).into_owned()
    };
    Some(format!("“{}” and “{}”", around(&left.body), around(&right.body)))
}

/// The addresses of this site that a page leads to, and those that take a search.
fn found_in(address: &str, reply: &Reply) -> (Vec<String>, Vec<String>) {
    let mut links = BTreeSet::new();
    let mut searches = BTreeSet::new();
    if (300..400).contains(&reply.status) {
        links.extend(of_this_site(address, reply.header("location")));
    }
    if !reply.header("content-type").starts_with("text/html") {
        return (links.into_iter().collect(), Vec::new());
    }
    let html = Html::parse_document(&reply.body);
    for link in html.select(&selector("a[href]")) {
        links.extend(of_this_site(address, link.attr("href").unwrap_or_default()));
    }
    for form in html.select(&selector("form:not([method=post])")) {
        let action = form.attr("action").filter(|action| !action.is_empty()).unwrap_or(address);
        let Some(action) = of_this_site(address, action) else { continue };
        let action = action.split('?').next().unwrap_or_default().to_owned();
        for query in queries(form) {
            links.insert(format!("{action}?{query}"));
            // What a page shows by a query, its data addresses show too.
            for ending in [".json", ".csv"] {
                let data = format!("{action}{ending}");
                if is_route(&data) {
                    links.insert(format!("{data}?{query}"));
                }
            }
        }
        for field in form.select(&selector("input[type=search], input[type=text], input:not([type])")) {
            searches.insert(format!("{action}?{}=", field.attr("name").unwrap_or_default()));
        }
    }
    (links.into_iter().collect(), searches.into_iter().collect())
}

fn is_route(path: &str) -> bool {
    static ROUTES: LazyLock<BTreeSet<&'static str>> =
        LazyLock::new(|| routes::all().listed().iter().map(|route| route.path).collect());
    ROUTES.contains(path)
}

/// A form as it stands, and with each other choice in it.
fn queries(form: ElementRef<'_>) -> BTreeSet<String> {
    let mut standing: Vec<(String, String)> = Vec::new();
    let mut choices: Vec<(String, String)> = Vec::new();
    for field in form.select(&selector("input[name]")) {
        let pair = |value: &str| (field.attr("name").unwrap_or_default().to_owned(), value.to_owned());
        let value = pair(field.attr("value").unwrap_or_default());
        match field.attr("type") {
            Some("checkbox" | "radio") if field.attr("checked").is_none() => choices.push(value),
            _ => standing.push(value),
        }
    }
    for field in form.select(&selector("select[name]")) {
        let name = field.attr("name").unwrap_or_default();
        for option in field.select(&selector("option")) {
            let value = (name.to_owned(), option.attr("value").unwrap_or_default().to_owned());
            if option.attr("selected").is_some() { standing.push(value) } else { choices.push(value) }
        }
    }
    let mut queries = BTreeSet::from([encoded(standing.iter())]);
    for choice in &choices {
        // A select has one value; ticks and choices of one name may stand beside each other.
        let others = standing.iter().filter(|(name, _)| *name != choice.0);
        queries.insert(encoded(others.chain([choice])));
    }
    queries
}

fn encoded<'p>(pairs: impl Iterator<Item = &'p (String, String)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// An address of this site without its fragment, as it is asked for; none for others, and none for files that are the same
/// for everybody.
fn of_this_site(from: &str, link: &str) -> Option<String> {
    let here = url::Url::parse("http://127.0.0.1:8080").ok()?.join(from).ok()?;
    let target = here.join(link).ok()?;
    if target.origin() != here.origin() || target.path().starts_with("/static/") {
        return None;
    }
    let query = target.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", target.path()))
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}
