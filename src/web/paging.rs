//! Long lists, a page at a time.

/// One page of a list whose length is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Which page, from 1; it may lie past the end.
    pub page: usize,
    /// How many rows a page has.
    pub per_page: usize,
    /// How many rows there are.
    pub total: usize,
    /// The address of a page but for its number: `/people?q=a&page=`.
    base: String,
    /// What the links are, for who hears them.
    pub label: &'static str,
}

impl Paging {
    /// A page of a list at a path, with the filters that its links keep.
    pub fn new(path: &str, filters: &[(&str, &str)], page: usize, per_page: usize, total: usize) -> Paging {
        Paging::of_list(("page", "Pages"), path, filters, page, per_page, total)
    }

    /// The same of one of several lists at a path, by the name of its parameter, and what its links are called.
    pub fn of_list(
        (parameter, label): (&str, &'static str),
        path: &str,
        filters: &[(&str, &str)],
        page: usize,
        per_page: usize,
        total: usize,
    ) -> Paging {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in filters.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let base = format!("{path}?{}", query.append_pair(parameter, "").finish());
        Paging { page, per_page, total, base, label }
    }

    /// How many rows stand before this page.
    pub fn skipped(&self) -> usize {
        (self.page - 1).saturating_mul(self.per_page).min(self.total)
    }

    /// The rows of this page.
    pub fn of<'r, T>(&self, rows: &'r [T]) -> &'r [T] {
        let from = self.skipped().min(rows.len());
        &rows[from..rows.len().min(from + self.per_page)]
    }

    /// The number of the page's first and last row, from 1; none on an empty page.
    pub fn span(&self) -> Option<(usize, usize)> {
        let first = self.skipped();
        (first < self.total).then(|| (first + 1, self.total.min(first + self.per_page)))
    }

    /// How many rows there are, in words.
    pub fn count(&self, one: &str, many: &str) -> String {
        super::words::count(self.total as u64, one, many)
    }

    /// The last page that has rows.
    pub fn last(&self) -> usize {
        self.total.div_ceil(self.per_page).max(1)
    }

    /// The pages to link to: the first, the last, and those around this one, in order.
    pub fn links(&self) -> Vec<usize> {
        let near = self.page.saturating_sub(2)..=self.page.saturating_add(2);
        (1..=self.last()).filter(|page| *page == 1 || *page == self.last() || near.contains(page)).collect()
    }

    /// The address of a page.
    pub fn href(&self, page: usize) -> String {
        format!("{}{page}", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::Paging;

    #[test]
    fn a_page_has_its_rows_and_one_past_the_end_has_none() {
        let rows: Vec<usize> = (0..120).collect();
        let paging = |page| Paging::new("/people", &[("q", "a b"), ("x", "")], page, 50, rows.len());
        assert_eq!(paging(3).of(&rows), &rows[100..]);
        assert_eq!(paging(3).span(), Some((101, 120)));
        assert_eq!(paging(3).href(1), "/people?q=a+b&page=1");
        for past in [4, usize::MAX] {
            assert!(paging(past).of(&rows).is_empty());
            assert_eq!(paging(past).span(), None);
        }
    }

    #[test]
    fn links_are_few_however_long_the_list() {
        let paging = Paging::new("/people", &[], 20, 50, 2_000);
        assert_eq!(paging.links(), [1, 18, 19, 20, 21, 22, 40]);
    }
}
