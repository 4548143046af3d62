//! The parameter `query`: a JSON object that says what an answer shall include.

use crate::error::{Code, Refused};
use abono_http::json::{self, NumberPolicy};
use axum::extract::Query as Pairs;
use http::Uri;
use serde::Deserialize;

/// What the contract calls a Query.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    filter: Option<Vec<String>>,
    include: Option<Vec<String>>,
}

/// What a request wants included, of what the operation knows by name. Other parameters are left
/// alone.
pub(crate) fn included<I: Copy>(uri: &Uri, known: &[(&str, I)]) -> Result<Vec<I>, Refused> {
    let wrong = |detail: &str| Refused::new(Code::InvalidQuery).because(detail);
    let pairs = Pairs::<Vec<(String, String)>>::try_from_uri(uri);
    let Pairs(pairs) = pairs.map_err(|_| wrong("the query is malformed"))?;
    let mut sent = pairs.iter().filter(|(name, _)| name == "query").map(|(_, value)| value);
    let Some(text) = sent.next() else { return Ok(Vec::new()) };
    if sent.next().is_some() {
        return Err(wrong("query: given more than once"));
    }
    let query: Query = json::parse(text.as_bytes(), NumberPolicy::IntegersOnly)
        .map_err(|error| wrong(&format!("query: {error}")))?;
    if query.filter.is_some_and(|filter| !filter.is_empty()) {
        return Err(wrong("query: filter[0]: unknown value, there is nothing to filter here"));
    }
    let one = |(at, name): (usize, &String)| {
        let found = known.iter().find(|(known, _)| known == name).map(|(_, include)| *include);
        found.ok_or_else(|| {
            let names: Vec<String> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
            let expected = names.join(", ");
            wrong(&format!("query: include[{at}]: unknown value, expected one of {expected}"))
        })
    };
    query.include.unwrap_or_default().iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [(&str, u8); 2] = [("one", 1), ("two", 2)];

    fn read(query: &str) -> Result<Vec<u8>, String> {
        let uri = format!("/products?{query}").parse().expect("a URI");
        included(&uri, &KNOWN).map_err(|refused| {
            assert_eq!(refused.code, Code::InvalidQuery);
            refused.details.join(" ")
        })
    }

    #[test]
    fn what_is_included_stands_in_json_encoded_or_with_raw_braces() {
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(read("other=1&other=2"), Ok(vec![]));
        for query in [
            "query=%7B%22include%22%3A%5B%22one%22%2C%22two%22%5D%7D",
            "query={%22include%22:[%22one%22,%22two%22],%22filter%22:[]}",
            "query={%22filter%22:null,+%22include%22:%20[%22one%22,%22two%22]}&x=1",
            "%71uery={%22include%22:[%22\\u006fne%22,%22two%22]}",
        ] {
            assert_eq!(read(query), Ok(vec![1, 2]), "{query}");
        }
        for query in ["query={}", "query={%22include%22:null}", "query={%22include%22:[]}"] {
            assert_eq!(read(query), Ok(vec![]), "{query}");
        }
    }

    /// The page says so: such a request never comes here.
    #[test]
    fn a_raw_quotation_mark_is_in_no_address() {
        assert!(r#"/products?query={"include":[]}"#.parse::<Uri>().is_err());
    }

    #[test]
    fn anything_else_is_refused_with_its_place() {
        for (query, place) in [
            ("query", "query: not JSON"),
            ("query=", "query: not JSON"),
            ("query=include", "query: not JSON"),
            ("query={include:[one]}", "query: not JSON"),
            ("query=%ff", "query: not JSON"),
            ("query=[%22one%22]", "query: expected an object"),
            ("query=null", "query: expected an object"),
            ("query={}&query={}", "query: given more than once"),
            ("query={%22includes%22:[]}", "query: includes: unknown member"),
            ("query={%22include%22:[],%22include%22:[]}", "query: include: the member"),
            ("query={%22include%22:%22one%22}", "query: include: expected an array"),
            ("query={%22include%22:[1]}", "query: include[0]: expected a string"),
            ("query={%22include%22:[null]}", "query: include[0]: expected a string"),
            ("query={%22include%22:[{%22one%22:null}]}", "query: include[0]: expected a string"),
            ("query={%22include%22:[%22one%22,%22One%22]}", "query: include[1]: unknown value"),
            ("query={%22filter%22:[%22active%22]}", "query: filter[0]: unknown value"),
            ("query={%22filter%22:{}}", "query: filter: expected an array"),
        ] {
            let why = read(query).expect_err(query);
            assert!(why.starts_with(place), "{query}: {why}");
        }
    }
}
