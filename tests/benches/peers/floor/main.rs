//! The floor of a full sync: fetches every page over one kept-alive connection, decodes it with serde_json
//! and inserts it with rusqlite, with no checks at all. It cannot resume, notices no change, matches nobody.
//!
//! `floor ORG_URL TOKEN DATABASE`, plain HTTP only; run by tests/benches/compare.sh beside the peers.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use serde_json::value::RawValue;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE users (id TEXT PRIMARY KEY, status TEXT, login TEXT, email TEXT, display_name TEXT, profile TEXT);
    CREATE INDEX users_login ON users (login);
    CREATE INDEX users_email ON users (email);";

fn main() {
    // cargo passes `--bench` as well.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let [org, token, file] = arguments.as_slice() else {
        println!("usage: floor ORG_URL TOKEN DATABASE");
        return;
    };
    let mut database = rusqlite::Connection::open(file).unwrap();
    database.execute_batch(SCHEMA).unwrap();
    // Only so that the client can be made.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let authorization = format!("SSWS {token}");
    let mut next = Some(format!("{org}/api/v1/users?search=status+pr&limit=200"));
    let mut users = 0;
    while let Some(url) = next {
        let (links, body) = runtime.block_on(fetch(&client, &url, &authorization));
        users += insert_page(&mut database, &body);
        let link = links.iter().find(|link| link.contains("rel=\"next\""));
        next = link.map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
    }
    println!("{users}");
}

async fn fetch(client: &reqwest::Client, url: &str, authorization: &str) -> (Vec<String>, Vec<u8>) {
    let request = client.get(url).header("authorization", authorization);
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    let links = answer.headers().get_all("link").iter();
    let links = links.map(|link| link.to_str().unwrap().to_owned()).collect();
    (links, answer.bytes().await.unwrap().to_vec())
}

#[derive(serde::Deserialize)]
struct User<'a> {
    id: &'a str,
    status: &'a str,
    #[serde(borrow)]
    profile: &'a RawValue,
}

#[derive(serde::Deserialize)]
struct Profile {
    login: Option<String>,
    email: Option<String>,
    #[serde(rename = "displayName")]
    display_name: Option<String>,
}

fn insert_page(database: &mut rusqlite::Connection, body: &[u8]) -> usize {
    let users: Vec<User<'_>> = serde_json::from_slice(body).unwrap();
    let transaction = database.transaction().unwrap();
    let mut insert = transaction
        .prepare_cached("INSERT INTO users VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .unwrap();
    for user in &users {
        let profile: Profile = serde_json::from_str(user.profile.get()).unwrap();
        let (login, email, name) = (profile.login, profile.email, profile.display_name);
        insert
            .execute((user.id, user.status, login, email, name, user.profile.get()))
            .unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
    users.len()
}
