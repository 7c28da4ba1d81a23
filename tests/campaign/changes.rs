//! Random changes of the org: users and groups come, change and go.

use fastrand::Rng;
use okta_sim::Org;
use serde_json::{Map, json};

/// Changes the org so often at random. Few enough are deleted that no guard speaks.
pub fn some(org: &Org, random: &mut Rng, count: usize) {
    for _ in 0..count {
        one(org, random);
    }
}

fn one(org: &Org, random: &mut Rng) {
    let users: Vec<String> = org
        .all_users()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect();
    let groups: Vec<String> = org
        .all_groups()
        .iter()
        .filter(|group| group["type"] != "BUILT_IN")
        .map(|group| group["id"].as_str().unwrap().to_owned())
        .collect();
    let user = &users[random.usize(..users.len())];
    let group = &groups[random.usize(..groups.len())];
    match random.u32(..20) {
        0..=1 => drop(org.create_user(Map::new())),
        2..=6 => {
            let city = format!("City {}", random.u32(..1_000));
            org.update_profile(user, |profile| {
                profile.insert("city".to_owned(), json!(city));
            });
        }
        7 => {
            let login = format!("renamed{}@example.com", random.u32(..1_000_000));
            org.update_profile(user, |profile| {
                profile.insert("login".to_owned(), json!(login));
            });
        }
        8 => {
            let status = ["SUSPENDED", "DEPROVISIONED", "ACTIVE"][random.usize(..3)];
            org.set_status(user, status);
        }
        9 if random.u32(..3) == 0 => drop(org.delete_user(user)),
        10..=13 => drop(org.add_to_group(group, user)),
        14..=16 => {
            let members = org.members_of(group).unwrap();
            if let Some(member) = random.choice(&members) {
                org.remove_from_group(group, member);
            }
        }
        17 => {
            let new = org.create_group(&format!("New {}", random.u32(..1_000)));
            org.add_to_group(&new, user);
        }
        18 => drop(org.rename_group(group, &format!("Renamed {}", random.u32(..1_000)))),
        19 if groups.len() > 5 && random.u32(..4) == 0 => drop(org.delete_group(group)),
        _ => {}
    }
}
