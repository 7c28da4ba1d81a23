//! The users list and its neighbours against the truth.

use okta_sim::OktaSim;
use serde_json::Value;

use crate::client::{encode, get, pages, rows, search, send};

fn sim(users: u32) -> OktaSim {
    OktaSim::builder()
        .users(users)
        .seed(7)
        .start()
        .expect("a running org")
}

#[test]
fn search_to_the_end_equals_the_truth() {
    let sim = sim(1_234);
    let truth: Vec<Value> = sim.all_users().collect();
    assert_eq!(rows(&sim, &search("status pr")), truth);
    assert_eq!(pages(&sim, &search("status pr")).len(), 7);
    assert_eq!(truth.len(), sim.user_count());
}

#[test]
fn the_plain_list_leaves_deactivated_users_out() {
    let sim = sim(1_000);
    let present = |user: &Value| user["status"] != "DEPROVISIONED";
    let truth: Vec<Value> = sim.all_users().filter(present).collect();
    assert!(truth.len() < 950);
    assert_eq!(rows(&sim, "/api/v1/users?limit=77"), truth);
    let filter = encode(r#"status eq "DEPROVISIONED""#);
    let gone = rows(&sim, &format!("/api/v1/users?filter={filter}"));
    assert_eq!(gone.len() + truth.len(), 1_000);
    let first = get(&sim, "/api/v1/users?limit=5").next().expect("a next page");
    assert!(
        first.contains("after=200u") || first.contains("after=000u"),
        "{first}"
    );
}

#[test]
fn slices_of_created_are_disjoint_and_complete() {
    let sim = sim(3_000);
    let bounds = [
        "2018-01-01",
        "2019-06-01",
        "2020-01-01",
        "2020-09-01",
        "2022-01-01",
        "2030-01-01",
    ];
    let mut sliced = Vec::new();
    for pair in bounds.windows(2) {
        let [from, to] = pair else { continue };
        let slice = format!(r#"created ge "{from}T00:00:00.000Z" and created lt "{to}T00:00:00.000Z""#);
        sliced.extend(rows(&sim, &search(&slice)));
    }
    assert_eq!(sliced, sim.all_users().collect::<Vec<_>>());
}

#[test]
fn sorting_finds_the_ends_and_walks_back() {
    let sim = sim(500);
    let truth: Vec<Value> = sim.all_users().collect();
    let path = format!("{}&sortBy=created&sortOrder=desc&limit=90", search("status pr"));
    let back: Vec<Value> = rows(&sim, &path).into_iter().rev().collect();
    assert_eq!(back, truth);
    let path = format!("{}&sortBy=lastUpdated&limit=60", search("status pr"));
    let sorted = rows(&sim, &path);
    assert_eq!(sorted.len(), 500);
    assert!(sorted.is_sorted_by_key(|user| user["lastUpdated"].to_string()));
}

#[test]
fn expressions_find_what_they_say() {
    let sim = sim(1_000);
    let count = |expression: &str| rows(&sim, &search(expression)).len();
    let truth = |keep: &dyn Fn(&Value) -> bool| sim.all_users().filter(|user| keep(user)).count();
    assert_eq!(count(r#"profile.login eq "USER000123@example.com""#), 1);
    assert_eq!(count(r#"profile.login sw "user0001""#), 100);
    assert_eq!(
        count(r#"status eq "ACTIVE""#),
        truth(&|user| user["status"] == "ACTIVE")
    );
    let since = "2025-01-01T00:00:00.000Z";
    let moved = truth(&|user| user["lastUpdated"].as_str() >= Some(since));
    assert_eq!(
        count(&format!(r#"lastUpdated ge "{since}" and status pr"#)),
        moved
    );
    let either = r#"(status eq "STAGED" or status eq "SUSPENDED") and profile.department eq "Sales""#;
    let expected = truth(&|user| {
        (user["status"] == "STAGED" || user["status"] == "SUSPENDED")
            && user["profile"]["department"] == "Sales"
    });
    assert_eq!(count(either), expected);
}

#[test]
fn wrong_queries_are_refused_as_okta_does() {
    let sim = sim(100);
    let refused = |path: &str| {
        let answer = get(&sim, path);
        (
            answer.status,
            answer.error_code(),
            answer.json()["errorCauses"][0]["errorSummary"].clone(),
        )
    };
    let query = "Invalid search query.";
    let unquoted = search("created gt 2024-01-01T00:00:00.000Z");
    assert_eq!(refused(&unquoted), (400, "E0000031".into(), query.into()));
    assert_eq!(
        refused(&search(r#"id gt "00u""#)),
        (400, "E0000031".into(), query.into())
    );
    let cursor = "/api/v1/users?after=nonsense";
    assert_eq!(
        refused(cursor),
        (400, "E0000031".into(), "Invalid cursor.".into())
    );
    let both = format!(
        "{}&filter={}",
        search("status pr"),
        encode(r#"status eq "ACTIVE""#)
    );
    assert_eq!(refused(&both).1, "E0000033");
    assert_eq!(refused("/api/v1/nothing").0, 404);
    assert_eq!(refused("/api/v1/users/00unobody").1, "E0000007");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, two) = (sim(300), sim(300));
    let body = |sim: &OktaSim| {
        let answer = get(sim, "/api/v1/users");
        String::from_utf8(answer.body)
            .expect("text")
            .replace(sim.url(), "")
    };
    assert_eq!(body(&one), body(&two));
    let other = OktaSim::builder()
        .users(300)
        .seed(8)
        .start()
        .expect("a running org");
    assert_ne!(body(&one), body(&other));
}

#[test]
fn the_population_holds_what_clients_must_survive() {
    let sim = sim(20_000);
    let users: Vec<Value> = sim.all_users().collect();
    let any = |test: &dyn Fn(&Value) -> bool| users.iter().any(test);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    assert!(any(&|user| user["status"] == "FUTURE_STATUS"));
    assert!(any(&|user| user.get("_links").is_none()) && any(&|user| user.get("type").is_none()));
    assert!(any(&|user| text(&user["id"]).len() == 21));
    assert!(any(&|user| user["profile"]["firstName"].is_null()));
    assert!(any(
        &|user| user["status"] == "ACTIVE" && user["activated"].is_null()
    ));
    assert!(any(&|user| text(&user["profile"]["displayName"]).contains('🚀')));
    assert!(any(
        &|user| text(&user["profile"]["lastName"]).contains("<script>")
    ));
    assert!(any(
        &|user| user["profile"]["bigCounter"] == 9_007_199_254_740_993_i64
    ));
    assert!(any(&|user| user["profile"]["fte"] == 0.01));
    assert!(any(&|user| user.get("realmId").is_some()) && any(&|user| user.get("realmId").is_none()));
    assert!(any(&|user| text(&user["profile"]["email"]).starts_with("USER")));
    let created: Vec<&Value> = users.iter().map(|user| &user["created"]).collect();
    assert!(created.windows(1_500).any(|some| some[0] == some[1_499]));
    assert_eq!(
        created[199], created[200],
        "a tie across the edge of the first page"
    );
}

#[test]
fn a_million_users_are_no_more_work_than_a_few() {
    let sim = sim(1_000_000);
    assert_eq!(get(&sim, "/api/v1/users").rows().len(), 200);
    let last = format!("{}&sortBy=created&sortOrder=desc&limit=1", search("status pr"));
    let last = &get(&sim, &last).rows()[0];
    let id = sim.spec().user_id(999_990);
    let tail = format!("{}&after={id}", search("status pr"));
    let tail = rows(&sim, &tail);
    assert_eq!((tail.len(), &tail[8]), (9, last));
    let everyone = get(&sim, "/api/v1/groups?expand=stats&limit=1");
    assert_eq!(everyone.json()[0]["_embedded"]["stats"]["usersCount"], 1_000_000);
}

#[test]
fn one_user_is_found_by_id_and_by_login() {
    let sim = sim(300);
    let user = sim.user_json(42).expect("user 42");
    let id = user["id"].as_str().expect("an id");
    let single = get(&sim, &format!("/api/v1/users/{id}"));
    assert!(single.header("etag").is_some());
    assert_eq!(single.json()["profile"], user["profile"]);
    assert!(single.json()["_links"]["schema"].is_object());
    for name in ["user000042%40example.com", "user000042", "USER000042@EXAMPLE.COM"] {
        assert_eq!(get(&sim, &format!("/api/v1/users/{name}")).json()["id"], id);
    }
    assert_eq!(get(&sim, "/api/v1/users/me").status, 200);
}

#[test]
fn rows_shrink_on_request() {
    let sim = sim(50);
    let answer = get(&sim, "/api/v1/users?limit=1&fields=status,profile:(login)");
    let row = &answer.rows()[0];
    assert_eq!(row.as_object().map(|row| row.len()), Some(3));
    assert_eq!(row["profile"].as_object().map(|profile| profile.len()), Some(1));
    let authorization = format!("Authorization: SSWS {}", sim.token(okta_sim::Role::SuperAdmin));
    let slim = "Content-Type: application/json; okta-response=\
                \"omitCredentials,omitCredentialsLinks,omitTransitioningToStatus\"";
    let answer = send(&sim, "GET", "/api/v1/users", &[&authorization, slim], "").expect("an answer");
    assert!(answer.rows().iter().all(|row| row.get("credentials").is_none()));
    let partly = "Content-Type: application/json; okta-response=omitCredentials";
    let answer = send(&sim, "GET", "/api/v1/users", &[&authorization, partly], "").expect("an answer");
    assert!(answer.rows().iter().all(|row| row.get("credentials").is_some()));
}

#[test]
fn groups_and_members_page() {
    let sim = sim(2_500);
    let groups = rows(&sim, "/api/v1/groups?limit=6&expand=stats");
    assert_eq!(groups.len(), 20);
    let next = get(&sim, "/api/v1/groups?limit=6").next();
    assert!(next.is_some_and(|next| next.contains("after=200g")));
    let built_in = rows(
        &sim,
        &format!("/api/v1/groups?search={}", encode(r#"type eq "BUILT_IN""#)),
    );
    assert_eq!(
        (built_in.len(), &built_in[0]["profile"]["name"]),
        (1, &"Everyone".into())
    );
    sim.delete_users(10..30);
    for group in rows(&sim, "/api/v1/groups?expand=stats") {
        let id = group["id"].as_str().expect("an id");
        let members = rows(&sim, &format!("/api/v1/groups/{id}/users?limit=400"));
        assert_eq!(
            group["_embedded"]["stats"]["usersCount"],
            members.len(),
            "{group}"
        );
    }
    assert!(
        groups
            .iter()
            .any(|group| group["profile"]["description"].is_null())
    );
    let of_user = get(&sim, "/api/v1/users/user000042/groups").rows();
    assert_eq!(of_user[0]["type"], "BUILT_IN");
}

#[test]
fn the_org_describes_itself() {
    let sim = sim(10);
    let known = send(&sim, "GET", "/.well-known/okta-organization", &[], "").expect("an answer");
    assert_eq!(known.json()["id"], sim.org_id());
    assert_eq!(known.json()["_links"]["organization"]["href"], sim.url());
    assert!(known.json()["_links"].get("alternate").is_none());
    let custom = OktaSim::builder()
        .users(1)
        .alternate_url("https://id.example.com")
        .start();
    let custom = custom.expect("a running org");
    let known = get(&custom, "/.well-known/okta-organization").json();
    assert_eq!(known["_links"]["alternate"]["href"], "https://id.example.com");
    let types = get(&sim, "/api/v1/meta/types/user").rows();
    for kind in &types {
        let schema = kind["_links"]["schema"]["href"].as_str().expect("a link");
        assert_eq!(get(&sim, schema).json()["name"], "user");
    }
    assert_eq!(types.len(), 2);
    assert_eq!(get(&sim, "/api/v1/org").json()["id"], sim.org_id());
    assert_eq!(get(&sim, "/api/v1/eventHooks").rows().len(), 0);
}
