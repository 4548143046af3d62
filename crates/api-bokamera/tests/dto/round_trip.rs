//! Every shape there and back, in each format that is read.

use crate::any::{
    addition, article, balance_change, ended, product_group, query_base, termination, usage,
    usage_termination,
};
use abono_api_bokamera::format::{Format, FromNode, ToNode, bind, read, write};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use proptest::prelude::*;
use std::fmt::Debug;

/// Writes it, reads it, and wants the same.
fn carries<T: ToNode + FromNode + PartialEq + Debug>(shape: &T) -> Result<(), TestCaseError> {
    let node = shape.to_node();
    prop_assert_eq!(shape.values().len(), T::SHAPE.members.len());
    for format in [Format::Json, Format::Jsv, Format::Xml] {
        let text = write(&node, format);
        let value = format.content_type().parse().expect("a header");
        let headers: HeaderMap = [(CONTENT_TYPE, value)].into_iter().collect();
        let tree = read(&headers, text.as_bytes()).expect(&text);
        let back: T = bind(&[&tree])
            .map_err(|status| TestCaseError::fail(format!("{format:?}: {status:?} in {text}")))?;
        prop_assert_eq!(&back, shape, "{:?}: {}", format, text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn an_added_product_group_comes_back(it in product_group()) {
        carries(&it)?;
    }

    #[test]
    fn a_termination_comes_back(it in termination()) {
        carries(&it)?;
    }

    #[test]
    fn a_balance_change_comes_back(it in balance_change()) {
        carries(&it)?;
    }

    #[test]
    fn the_answer_to_a_termination_comes_back(it in ended()) {
        carries(&it)?;
    }

    #[test]
    fn an_article_comes_back(it in article()) {
        carries(&it)?;
    }

    #[test]
    fn every_request_comes_back(
        addition in addition(),
        usage in usage(),
        termination in usage_termination(),
        query in query_base(),
    ) {
        carries(&addition)?;
        carries(&usage)?;
        carries(&termination)?;
        carries(&query)?;
    }
}
