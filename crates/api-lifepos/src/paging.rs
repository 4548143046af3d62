//! The parameters that all lists have, and where a page begins and ends.

use crate::dto::PageDto;
use crate::error::Refused;
use crate::parameters::Parameters;
use abono_http::cursor::Cursor;

pub(crate) const ITEMS_DEFAULT: i64 = 50;
pub(crate) const ITEMS_MAX: i64 = 1_000;

/// Which page of a list is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    /// The list, with its filters: a token of another one is not read.
    list: String,
    /// The page's number, from 1.
    number: i64,
    /// Where the page before it ended.
    pub(crate) after: Option<Cursor>,
    /// How many items at most.
    pub(crate) limit: i64,
    /// Whether all items are counted.
    pub(crate) count: bool,
    /// Whether what is alive is shown. Nothing here is ever archived.
    pub(crate) alive: bool,
}

impl Paging {
    /// The page of the list named `list` that the parameters ask for.
    pub(crate) fn read(parameters: &Parameters, list: String) -> Result<Self, Refused> {
        parameters.none("query")?;
        let alive = match parameters.text("selection")? {
            None | Some("alive_only" | "all") => true,
            Some("archived_only") => false,
            Some(_) => {
                let known = "expected `alive_only`, `archived_only` or `all`";
                return Err(Refused::invalid(format!("selection: {known}")));
            }
        };
        let limit = parameters.count("items_per_page", ITEMS_MAX)?.unwrap_or(ITEMS_DEFAULT);
        let count = parameters.flag("include_items_total")?;
        let token = parameters.text("page_token")?;
        let first = Self { list, number: 1, after: None, limit, count, alive };
        match token {
            None => Ok(first),
            Some(token) => first
                .at(token)
                .ok_or_else(|| Refused::invalid("page_token: not a token of this list")),
        }
    }

    fn at(self, token: &str) -> Option<Self> {
        let (number, cursor) = token.split_once('.')?;
        let number = abono_http::path::int64(number)?;
        let after = Cursor::decode(&self.page(number), cursor)?;
        Some(Self { number, after: Some(after), ..self })
    }

    fn page(&self, number: i64) -> String {
        format!("{} page {number}", self.list)
    }

    /// The page: its items, where the next one begins, and how many items there are in all where
    /// that was asked.
    pub(crate) fn page_of<T>(
        &self,
        items: Vec<T>,
        next: Option<Cursor>,
        total: Option<i64>,
        type_of: &'static str,
    ) -> PageDto<T> {
        let number = self.number.saturating_add(1);
        let token = next.map(|cursor| format!("{number}.{}", cursor.encode(&self.page(number))));
        let pages = |total: i64| total.saturating_add(self.limit - 1) / self.limit.max(1);
        PageDto {
            items,
            next_page_token: token,
            page_number: self.number,
            pages_total: total.map(pages),
            items_per_page: self.limit,
            items_total: total,
            type_of,
        }
    }

    /// The page of a list that shows only what is archived, which is nothing.
    pub(crate) fn empty<T>(&self, type_of: &'static str) -> PageDto<T> {
        self.page_of(Vec::new(), None, self.count.then_some(0), type_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn read(query: &str, list: &str) -> Result<Paging, Refused> {
        let uri = format!("/list?{query}").parse().expect("a URI");
        Paging::read(&Parameters::read(&uri)?, list.to_owned())
    }

    #[test]
    fn a_token_is_of_one_list_and_one_page() {
        let next = Cursor { key: 7, id: Uuid::from_u128(7) };
        let first = read("", "one").expect("a page");
        let token = first.page_of::<()>(vec![], Some(next), None, "List").next_page_token;
        let token = token.expect("a token");
        let second = read(&format!("page_token={token}"), "one").expect("the second page");
        assert_eq!((second.number, second.after), (2, Some(next)));
        assert!(read(&format!("page_token={token}"), "other").is_err());
        for wrong in ["", ".", "2.", "2", &token[2..], &token.replace("2.", "3.")] {
            assert!(read(&format!("page_token={wrong}"), "one").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_counts_only_what_it_was_asked_to_count() {
        let page = read("items_per_page=2&include_items_total=true", "one").expect("a page");
        assert_eq!((page.limit, page.count), (2, true));
        let pages = |total| page.page_of::<()>(vec![], None, total, "List").pages_total;
        assert_eq!((pages(Some(3)), pages(Some(0)), pages(None)), (Some(2), Some(0), None));
    }

    #[test]
    fn what_would_be_silently_wrong_is_refused() {
        for query in ["query=x", "selection=dead", "items_per_page=0"] {
            assert!(read(query, "one").is_err(), "{query}");
        }
        assert!(!read("selection=archived_only", "one").expect("a page").alive);
        assert!(read("selection=all&other=1", "one").expect("a page").alive);
    }
}
