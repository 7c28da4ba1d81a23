//! Random work on several nodes, which must be equal in the end.

use super::super::{Fixture, jira, user};
use super::{Shared, dump, node, org};
use crate::directory::runs;
use crate::model::{Lookup, RunId};

fn unfinished(node: &Fixture) -> Option<RunId> {
    node.read(|conn| Ok(runs::unfinished(conn)?.map(|row| row.run)))
}

/// Random work on three nodes; each publishes and follows at random.
#[test]
fn nodes_are_equal_whatever_happened() {
    for seed in 0..6 {
        let mut random = fastrand::Rng::with_seed(seed);
        let shared = Shared::new();
        let nodes = [node(), node(), node()];
        let keys: Vec<_> = (0..12)
            .map(|n| jira(&format!("key{n}"), &format!("user{n}"), ""))
            .collect();
        for step in 0..25i64 {
            let place = random.usize(..3);
            let node = &nodes[place];
            shared.follow(node);
            match random.u8(..6) {
                0 => drop(node.set_jira_users(&keys[random.usize(..4)..random.usize(6..12)])),
                1 if node.find(Lookup::OktaId("00u2")).is_some()
                    && node.find(Lookup::JiraKey("key5")).is_some() =>
                {
                    drop(node.pin("00u2", "key5"));
                }
                2 if unfinished(node).is_none() => drop(node.write_page(&org(random.u32(1..9)), 10 * step)),
                // It may be the run of another node that was killed.
                _ if unfinished(node).is_some() => {
                    drop(node.publish(unfinished(node).expect("a run"), 10 * step))
                }
                _ => {
                    let mut users = org(9);
                    users.retain(|_| random.u8(..4) > 0);
                    for known in &mut users {
                        if random.bool() {
                            *known = user(&known.id, &format!("login{}", random.u8(..4)));
                        }
                    }
                    node.sync(&users, 10 * step + 1);
                }
            }
            if random.u8(..4) > 0 {
                shared.publish(node, "");
            }
        }
        shared.publish(&nodes[0], "");
        shared.follow(&nodes[0]);
        for node in &nodes[1..] {
            shared.follow(node);
            assert_eq!(dump(node), dump(&nodes[0]), "seed {seed}");
        }
    }
}
