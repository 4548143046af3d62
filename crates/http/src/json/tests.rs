//! What bodies are read and refused, and what is said about them.

use super::*;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only read")]
struct Order {
    plan: Object<Plan>,
    quantity: i32,
    note: Option<String>,
    colour: Option<Colour>,
    items: Option<Vec<Object<Item>>>,
    ratio: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
struct Plan {
    guid: CanonicalUuid,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only read")]
struct Item {
    id: u8,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
    Green,
}

const GUID: &str = "0192F0C1-0000-7000-8000-00000000DEAD";

fn strict(text: impl AsRef<[u8]>) -> Result<(), (Kind, String)> {
    check(text.as_ref(), NumberPolicy::IntegersOnly)
        .map(|_| ())
        .map_err(|error| (error.kind, error.path))
}

/// An order with more or other members.
fn order(members: &str) -> Result<Order, JsonError> {
    let text = format!(r#"{{"plan":{{"guid":"{GUID}"}},{members}}}"#);
    parse(text.as_bytes(), NumberPolicy::DecimalsAllowed)
}

fn refusal(members: &str) -> (Kind, String) {
    let error = order(members).expect_err(members);
    (error.kind, error.to_string())
}

fn refused(kind: Kind, path: &str) -> Result<(), (Kind, String)> {
    Err((kind, path.to_owned()))
}

#[test]
fn an_object_with_unknown_members_and_a_byte_order_mark_is_read() {
    let order = order(r#""quantity":1,"__proto__":{"admin":true},"x":[null,true,-1,"é"]"#);
    assert_eq!(order.expect("an order").plan.0.guid.0.to_string(), GUID.to_lowercase());
    assert_eq!(check("\u{feff}{}".as_bytes(), NumberPolicy::IntegersOnly), Ok("{}"));
}

#[test]
fn null_in_an_optional_member_is_absence_and_in_a_required_one_a_wrong_type() {
    assert_eq!(order(r#""quantity":1,"note":null"#).expect("an order").note, None);
    let message = "quantity: expected an integer, found null";
    assert_eq!(refusal(r#""quantity":null"#), (Kind::WrongType, message.to_owned()));
}

#[test]
fn text_that_is_not_utf_8_is_refused() {
    assert_eq!(strict(b"{\"a\":\"\xc3\x28\xff\"}"), refused(Kind::NotUtf8, ""));
    let utf_16: Vec<u8> = "{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(strict(utf_16), refused(Kind::NotJson, ""));
}

#[test]
fn text_that_is_not_json_is_refused_where_it_stops_being_so() {
    for (text, path) in [
        ("", ""),
        ("{", ""),
        ("{}{}", ""),
        ("{} x", ""),
        (r#"{"a":1,}"#, ""),
        (r#"{a:1}"#, ""),
        (r#"{"a":}"#, "a"),
        (r#"{"a":[1,2"#, "a[2]"),
        (r#"{"a":{"b":nul}}"#, "a.b"),
        (r#"{"a":0x10}"#, ""),
        (r#"{"a":01}"#, "a"),
        (r#"{"a":+1}"#, "a"),
        (r#"{"a":NaN}"#, "a"),
        (r#"{"a":"\ud800"}"#, "a"),
        ("{\"a\":\"\n\"}", "a"),
        ("{\"a\":\"\0\"}", "a"),
        (r#"{"a":'b'}"#, "a"),
        ("{\"a\":1}\0", ""),
    ] {
        let (kind, at) = strict(text).expect_err(text);
        assert_eq!(kind, Kind::NotJson, "{text:?}");
        assert_eq!(at, path, "{text:?}");
    }
}

#[test]
fn the_root_is_an_object() {
    for text in ["null", "true", "1", "1.5", "\"a\"", "[]", "[{}]", " [1,2"] {
        assert_eq!(strict(text), refused(Kind::RootNotObject, ""), "{text}");
    }
    assert_eq!(strict("[".repeat(100_000)), refused(Kind::RootNotObject, ""));
}

#[test]
fn depth_is_counted_from_the_root_through_objects_and_arrays() {
    let arrays = |deep: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(deep), "]".repeat(deep));
    let objects = |deep: usize| format!("{}1{}", r#"{"a":"#.repeat(deep), "}".repeat(deep));
    assert_eq!(strict(arrays(31)), Ok(()));
    assert_eq!(strict(objects(32)), Ok(()));
    for text in [arrays(32), arrays(100_000), objects(33), objects(100_000)] {
        assert_eq!(strict(text).expect_err("deep").0, Kind::TooDeep);
    }
}

#[test]
fn a_name_stands_once_in_its_object_however_it_is_escaped() {
    assert_eq!(strict(r#"{"a":{"a":1},"b":{"a":1},"A":1}"#), Ok(()));
    assert_eq!(strict(r#"{"a":1,"a":1}"#), refused(Kind::DuplicateMember, "a"));
    assert_eq!(strict(r#"{"a":1,"\u0061":2}"#), refused(Kind::DuplicateMember, "a"));
    assert_eq!(strict(r#"{"x":[{},{"a":1,"a":2}]}"#), refused(Kind::DuplicateMember, "x[1].a"));
}

#[test]
fn an_object_has_a_bounded_number_of_members() {
    let object = |count: usize| {
        let members: Vec<_> = (0..count).map(|at| format!("\"{at}\":1")).collect();
        format!("{{\"a\":{{{}}}}}", members.join(","))
    };
    assert_eq!(strict(object(1000)), Ok(()));
    assert_eq!(strict(object(1001)), refused(Kind::TooManyMembers, "a"));
}

#[test]
fn nul_is_refused_in_strings_and_names() {
    assert_eq!(strict(r#"{"a":["x","\u0000"]}"#), refused(Kind::Nul, "a[1]"));
    assert_eq!(strict(r#"{"a":{"b\u0000":1}}"#), refused(Kind::Nul, "a"));
    assert_eq!(strict(r#"{"a":"\\u0000"}"#), Ok(()));
}

#[test]
fn a_name_that_the_parser_keeps_for_itself_is_refused() {
    let text = r#"{"a":{"$serde_json::private::RawValue":"{\"b\":1,\"b\":2}"}}"#;
    let path = "a.$serde_json::private::RawValue";
    assert_eq!(strict(text), refused(Kind::ReservedName, path));
}

#[test]
fn integers_are_written_as_integers_of_64_bits() {
    for number in ["0", "-1", "9223372036854775807", "-9223372036854775808"] {
        assert_eq!(strict(format!(r#"{{"a":{number}}}"#)), Ok(()), "{number}");
    }
    for number in [
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "1.0",
        "1e3",
        "-0",
        "-0.0",
        "1e-400",
        "1e400",
        "-1e400",
    ] {
        assert_eq!(strict(format!(r#"{{"a":{number}}}"#)), refused(Kind::Number, "a"), "{number}");
    }
}

#[test]
fn decimals_are_read_where_the_policy_says_so_and_keep_their_digits() {
    let order = order(r#""quantity":1,"ratio":0.10000000000000000000001"#).expect("an order");
    assert_eq!(order.ratio.expect("a ratio").get(), "0.10000000000000000000001");
    assert_eq!(refusal(r#""quantity":1,"ratio":1e400"#).0, Kind::Number);
}

#[test]
fn a_missing_member_is_named_with_its_whole_path() {
    let missing = |text: &str| {
        let error = parse::<Order>(text.as_bytes(), NumberPolicy::IntegersOnly).expect_err(text);
        (error.kind, error.path, error.message)
    };
    let expected =
        |path: &str, message: &str| (Kind::MissingMember, path.to_owned(), message.to_owned());
    assert_eq!(missing("{}"), expected("plan", "missing member `plan`"));
    assert_eq!(missing(r#"{"plan":{}}"#), expected("plan.guid", "missing member `guid`"));
}

#[test]
fn a_wrong_type_is_said_in_the_words_of_json() {
    for (members, message) in [
        (r#""quantity":"5""#, "quantity: expected an integer, found a string"),
        (r#""quantity":true"#, "quantity: expected an integer, found a boolean"),
        (r#""quantity":[1]"#, "quantity: expected an integer, found an array"),
        (r#""quantity":{}"#, "quantity: expected an integer, found an object"),
        (r#""quantity":1.5"#, "quantity: expected an integer, found a decimal number"),
        (r#""quantity":1,"note":5"#, "note: expected a string, found an integer"),
        (r#""quantity":1,"items":{}"#, "items: expected an array, found an object"),
        (r#""quantity":1,"items":[{"id":1},2]"#, "items[1]: expected an object, found an integer"),
        (r#""quantity":1,"items":[[1]]"#, "items[0]: expected an object, found an array"),
        (r#""quantity":1,"colour":5"#, "colour: the value is of another type than expected"),
    ] {
        assert_eq!(refusal(members), (Kind::WrongType, message.to_owned()), "{members}");
    }
}

#[test]
fn a_value_that_is_not_read_is_not_repeated() {
    for (members, message) in [
        (r#""quantity":2147483648"#, "quantity: the integer is out of range"),
        (r#""quantity":1,"items":[{"id":256}]"#, "items[0].id: the integer is out of range"),
        (r#""quantity":1,"colour":"blue""#, "colour: unknown value, expected `red` or `green`"),
    ] {
        assert_eq!(refusal(members), (Kind::InvalidValue, message.to_owned()), "{members}");
    }
}

#[test]
fn an_id_has_one_spelling() {
    for guid in ["not-a-guid", &GUID.replace('-', ""), &format!("{{{GUID}}}"), ""] {
        let text = format!(r#"{{"plan":{{"guid":"{guid}"}},"quantity":1}}"#);
        let error = parse::<Order>(text.as_bytes(), NumberPolicy::IntegersOnly).expect_err(guid);
        assert_eq!((error.kind, &*error.path), (Kind::InvalidValue, "plan.guid"));
        assert_eq!(error.message, "expected a UUID of 32 hexadecimal digits and 4 dashes");
    }
}

#[test]
fn an_object_is_not_read_from_an_array_of_its_members() {
    let text = format!(r#"{{"plan":["{GUID}"],"quantity":1}}"#);
    let error = parse::<Order>(text.as_bytes(), NumberPolicy::IntegersOnly).expect_err("array");
    assert_eq!(error.to_string(), "plan: expected an object, found an array");
}

#[test]
fn no_form_of_refusal_names_a_type_of_ours() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Strict {
        pair: Option<[u8; 2]>,
        either: Option<Either>,
        bare: Option<Bare>,
        letter: Option<char>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only read")]
    enum Either {
        Number(i64),
        Flag(bool),
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Bare {
        one: u8,
        two: u8,
    }

    for (text, kind, message) in [
        (r#"{"other":1}"#, Kind::InvalidValue, "other: unknown member `other`"),
        (r#"{"pair":[1]}"#, Kind::InvalidValue, "pair: the array has another length than expected"),
        (
            r#"{"either":"x"}"#,
            Kind::InvalidValue,
            "either: the value has none of the shapes expected",
        ),
        (r#"{"bare":[1]}"#, Kind::WrongType, "bare: expected an object, found an array"),
        (r#"{"letter":"ab"}"#, Kind::InvalidValue, "letter: expected a character"),
    ] {
        let error = parse::<Strict>(text.as_bytes(), NumberPolicy::IntegersOnly).expect_err(text);
        assert_eq!((error.kind, &*error.to_string()), (kind, message), "{text}");
    }
}

#[test]
fn a_long_name_is_cut_in_the_path() {
    let name = "é".repeat(1000);
    let (_, path) = strict(format!(r#"{{"{name}":1.5}}"#)).expect_err("a decimal");
    assert_eq!(path, "é".repeat(100));
}

/// JSON-like noise: it gets further into the parser than bytes of any value do.
fn noise() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"plan\"",
        "\"guid\"",
        "\"quantity\"",
        "\"",
        "\\u0000",
        "\\ud800",
        "1",
        "-0",
        "1e999",
        "null",
        "true",
        "\u{feff}",
        " ",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse::<Order>(&bytes, NumberPolicy::IntegersOnly);
    }

    #[test]
    fn no_noise_makes_it_panic_or_name_our_types(text in noise()) {
        if let Err(error) = parse::<Order>(text.as_bytes(), NumberPolicy::DecimalsAllowed) {
            let said = error.to_string();
            for word in ["struct", "Order", "Plan", "i32", "serde", "refused"] {
                prop_assert!(!said.contains(word), "{}", said);
            }
        }
    }
}
