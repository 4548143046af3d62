//! What is found by a path, what is refused as a table, and what is answered beside it.

use super::area::Spelling;
use super::*;
use crate::gate::access::Rule;
use abono_domain::access::Role;
use axum::body::Body;
use http::Method;
use http_body_util::BodyExt;
use tower::ServiceExt;

const fn route(method: Method, template: &'static str, name: &'static str) -> Route<&'static str> {
    Route { method, template, rule: Rule::Anyone, operation: name }
}

static ROUTES: [Route<&str>; 7] = [
    route(Method::GET, "", "list owners"),
    route(Method::GET, "/{owner}/things", "list"),
    route(Method::GET, "/{owner}/things/{id}", "read"),
    route(Method::POST, "/{owner}/things/{id}:cancel", "cancel"),
    route(Method::POST, "/{owner}/things/{id}:revive", "revive"),
    route(Method::POST, "/{owner}/events", "add"),
    route(Method::PUT, "/{owner}/events", "replace"),
];

struct Told;

impl Contract for Told {
    type Operation = &'static str;

    fn customer(&self, _: &Fit<&'static str>) -> Option<CustomerId> {
        None
    }

    async fn answer(&self, admitted: Admitted<&'static str>, _: Request) -> Reply {
        let fit = admitted.fit;
        let form = fit.form.map(|form| format!(" as {form}")).unwrap_or_default();
        Reply::text(200, format!("{} {}{form}", fit.route.operation, fit.parameters.join(" ")))
    }

    fn panicked(&self) -> Reply {
        Reply::text(500, "panicked")
    }

    async fn turn(&self, why: Turned, _: Option<Access>, head: Head<'_>) -> Reply {
        let form = head.form.map(|form| format!(" as {form}")).unwrap_or_default();
        Reply::text(404, format!("{why:?}{form}"))
    }
}

fn surface(bases: &[&str], routes: &'static [Route<&str>]) -> Result<Surface, SurfaceError> {
    Surface::new(bases, routes, None, Told)
}

async fn ask(method: &str, path: &str) -> String {
    let surface = surface(&["/owners", "/v5/owners"], &ROUTES).expect("a surface");
    answer(surface, method, path).await
}

async fn answer(surface: Surface, method: &str, path: &str) -> String {
    let request = Request::builder().method(method).uri(path).body(Body::empty());
    let response = surface.into_router().oneshot(request.expect("a request")).await;
    let response = response.expect("infallible");
    if method == "HEAD" {
        return response.status().as_u16().to_string();
    }
    let body = response.into_body().collect().await.expect("a body");
    String::from_utf8(body.to_bytes().to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn a_request_finds_its_line_by_method_path_and_verb() {
    for (method, path, found) in [
        ("GET", "/owners", "list owners "),
        ("GET", "/owners/7/things", "list 7"),
        ("GET", "/v5/owners/7/things/42", "read 7 42"),
        ("POST", "/owners/7/things/42:cancel", "cancel 7 42"),
        ("POST", "/owners/7/things/42%3Arevive", "revive 7 42"),
        // A parameter may hold a colon where no verb is asked for.
        ("GET", "/owners/7/things/42:cancel", "read 7 42:cancel"),
        ("POST", "/owners/7/things/42", "Method([GET, HEAD])"),
        ("POST", "/owners/7/things/42:cancel:again", "Method([GET, HEAD])"),
        ("POST", "/owners/7/things/42:", "Method([GET, HEAD])"),
        ("DELETE", "/owners/7/things/42", "Method([GET, HEAD])"),
        ("DELETE", "/owners/7/things/42:revive", "Method([GET, HEAD, POST])"),
        ("PURGE", "/owners/7/events", "Method([POST, PUT])"),
        ("HEAD", "/owners/7/events", "404"),
        ("HEAD", "/owners/7/things", "200"),
        ("HEAD", "/owners/7", "404"),
        ("GET", "/owners/", "Missing"),
        ("GET", "/owners/7", "Missing"),
        ("GET", "/owners/7/things/", "Missing"),
        ("GET", "/owners/%ff/things", "Missing"),
    ] {
        assert_eq!(ask(method, path).await, found, "{method} {path}");
    }
}

static LICENCES: [Route<&str>; 4] = [
    route(Method::GET, "", "about"),
    route(Method::PUT, "/company", "add"),
    route(Method::GET, "/company/{id}", "read"),
    route(Method::POST, "/company/{id}/end", "end"),
];
static USAGE: [Route<&str>; 1] = [route(Method::POST, "/usage", "use")];
static NAMED: [Route<&str>; 2] =
    [route(Method::PUT, "/AddProduct", "add"), route(Method::GET, "/Article", "articles")];
static VERBS: [Method; 2] = [Method::GET, Method::POST];

/// Suffixes on one base, none on another, and operations by their names on two more.
fn spelled() -> Surface {
    let areas = [
        Area::new("/licences", &LICENCES).with_suffixes(&["json", "csv"]),
        Area::new("/voss", &USAGE),
        Area::new("/json/reply", &NAMED).in_form("json").with_capitals().also_by(&VERBS),
        Area::new("/csv/reply", &NAMED).in_form("csv").with_capitals().also_by(&VERBS),
    ];
    Surface::of_areas(&areas, None, Told).expect("a surface")
}

#[tokio::test]
async fn a_suffix_names_the_form_of_the_same_line() {
    for (method, path, found) in [
        ("PUT", "/licences/company", "add "),
        ("PUT", "/licences/company.json", "add  as json"),
        ("PUT", "/licences/company.csv?a=b.json", "add  as csv"),
        ("GET", "/licences/company.json", "Method([PUT]) as json"),
        ("PUT", "/licences/company.xml", "Missing"),
        ("PUT", "/licences/company.JSON", "Missing"),
        ("PUT", "/licences/company.json.csv", "Missing as csv"),
        ("PUT", "/licences/companyjson", "Missing"),
        ("PUT", "/licences/company.json/", "Missing"),
        ("GET", "/licences/company/7", "read 7"),
        ("GET", "/licences/company/7.csv", "read 7 as csv"),
        ("GET", "/licences/company/7.csv.json", "read 7.csv as json"),
        ("GET", "/licences/company/7.xml", "read 7.xml"),
        ("DELETE", "/licences/company/7.csv", "Method([GET, HEAD]) as csv"),
        ("POST", "/licences/company/7.csv/end.json", "end 7.csv as json"),
        ("GET", "/licences/none.csv", "Missing as csv"),
        ("GET", "/licences", "about "),
        ("POST", "/voss/usage", "use "),
        ("POST", "/voss/usage.json", "Missing"),
    ] {
        assert_eq!(answer(spelled(), method, path).await, found, "{method} {path}");
    }
}

#[tokio::test]
async fn an_operation_is_found_by_its_name_with_its_own_method_or_another() {
    for (method, path, found) in [
        ("PUT", "/json/reply/AddProduct", "add  as json"),
        ("POST", "/json/reply/AddProduct", "add  as json"),
        ("GET", "/csv/reply/AddProduct", "add  as csv"),
        ("POST", "/csv/reply/Article", "articles  as csv"),
        ("PUT", "/csv/reply/Article", "Method([GET, POST, HEAD]) as csv"),
        ("DELETE", "/json/reply/AddProduct", "Method([PUT, GET, POST]) as json"),
        ("PUT", "/json/reply/addproduct", "Missing as json"),
        ("PUT", "/json/reply/AddProduct.csv", "Missing as json"),
        ("PUT", "/json/reply", "Missing as json"),
        ("PUT", "/xml/reply/AddProduct", r#"{"title":"not found","status":404}"#),
    ] {
        assert_eq!(answer(spelled(), method, path).await, found, "{method} {path}");
    }
}

#[test]
fn each_method_of_a_line_is_an_entry_and_a_suffix_is_none() {
    let entries: Vec<_> =
        spelled().entries().map(|entry| format!("{} {}", entry.method, entry.path)).collect();
    assert_eq!(entries.len(), 4 + 1 + 2 * (3 + 2));
    for entry in ["PUT /licences/company", "POST /csv/reply/AddProduct", "GET /csv/reply/Article"] {
        assert!(entries.iter().any(|it| it == entry), "{entry}");
    }
}

#[test]
fn areas_that_contradict_one_another_are_refused() {
    let refused = |areas: &[Area<'_, &'static str>]| Surface::of_areas(areas, None, Told).err();
    let twice = refused(&[Area::new("/a", &USAGE), Area::new("/a", &LICENCES)]);
    assert_eq!(twice, Some(SurfaceError::Ambiguous("/a".to_owned())));
    let capitals = refused(&[Area::new("/a", &NAMED)]);
    assert_eq!(capitals, Some(SurfaceError::Malformed("/AddProduct".to_owned())));
    static BOTH: [Route<&str>; 2] =
        [route(Method::PUT, "/a", "one"), route(Method::POST, "/a", "other")];
    let also = refused(&[Area::new("/b", &BOTH).also_by(&VERBS)]);
    assert!(matches!(also, Some(SurfaceError::Twice(_))), "{also:?}");
}

#[tokio::test]
async fn what_is_nobodys_is_a_problem_of_its_own() {
    assert_eq!(ask("GET", "/").await, r#"{"title":"not found","status":404}"#);
    assert_eq!(ask("GET", "/ownersx").await, r#"{"title":"not found","status":404}"#);
}

#[test]
fn a_table_that_contradicts_itself_is_refused() {
    static TWICE: [Route<&str>; 2] =
        [route(Method::GET, "/a", "one"), route(Method::GET, "/a", "other")];
    let entry = Entry { path: "/a".to_owned(), method: "GET".to_owned() };
    let twice = SurfaceError::Twice(entry);
    assert_eq!(surface(&[""], &TWICE).err(), Some(twice.clone()));
    assert_eq!(twice.to_string(), "GET /a stands in the table more than once");
    static MALFORMED: [Route<&str>; 1] = [route(Method::GET, "/a//b", "none")];
    assert!(surface(&[""], &MALFORMED).is_err());
    static AMBIGUOUS: [Route<&str>; 2] =
        [route(Method::GET, "/a/{b}", "one"), route(Method::GET, "/a/{c}", "other")];
    let ambiguous = SurfaceError::Ambiguous("/a/{c}".to_owned());
    assert_eq!(surface(&[""], &AMBIGUOUS).err(), Some(ambiguous));
}

#[test]
fn a_line_that_asks_for_a_token_needs_a_gate() {
    static CLOSED: [Route<&str>; 1] = [Route {
        method: Method::GET,
        template: "/a",
        rule: Rule::AnyToken(Role::Viewer),
        operation: "closed",
    }];
    assert_eq!(surface(&[""], &CLOSED).err(), Some(SurfaceError::Ungated("/a".to_owned())));
}

#[test]
fn a_template_is_made_of_words_and_parameters() {
    for template in ["", "/a", "/{a}/b-c", "/a/{b_c}", "/{a}:do-it"] {
        assert_eq!(
            route(Method::GET, template, "").check(true, Spelling::default()),
            Ok(()),
            "{template}"
        );
    }
    for template in ["a", "/", "/a/", "/{a", "/{a}:", "/{}", "/A", "/a b", "/{a}:x/b"] {
        assert!(
            route(Method::GET, template, "").check(true, Spelling::default()).is_err(),
            "{template}"
        );
    }
}

#[test]
fn two_surfaces_may_not_claim_one_path() {
    static ONE: [Route<&str>; 1] = [route(Method::GET, "/a/{b}:one", "one")];
    static OTHER: [Route<&str>; 1] = [route(Method::POST, "/a/{c}:other", "other")];
    let one = || surface(&[""], &ONE).expect("a surface");
    assert!(one().with(surface(&[""], &OTHER).expect("a surface")).is_err());
    assert!(one().with(surface(&["/a"], &ROUTES).expect("a surface")).is_err());
    assert!(surface(&["/a"], &ROUTES).expect("a surface").with(one()).is_err());
    assert!(one().with(surface(&["/ab"], &ROUTES).expect("a surface")).is_ok());
}
