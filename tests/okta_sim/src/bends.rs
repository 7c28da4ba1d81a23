//! Lets a test change the org's answers for single paths: refuse requests, or edit bodies before they are sent.
//!
//! An edit runs after the answer was made and holds no lock of the world. So it may also change the org; that looks
//! like a change between two pages.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::api::errors;
use crate::api::reply::{Delivery, Reply};

type Edit = Arc<dyn Fn(&mut Value) + Send + Sync>;
type Rewrite = Arc<dyn Fn(String) -> String + Send + Sync>;

/// How the answers of one path are changed.
#[derive(Clone)]
enum Bend {
    Refused(u16, String),
    Edited(Edit),
    Rewritten(Rewrite),
}

/// The paths whose answers are changed.
#[derive(Default)]
pub(crate) struct Bends(HashMap<String, Bend>);

impl Bends {
    pub(crate) fn refuse(&mut self, path: &str, status: u16, code: &str) {
        self.0
            .insert(path.to_owned(), Bend::Refused(status, code.to_owned()));
    }

    pub(crate) fn edit(&mut self, path: &str, edit: Edit) {
        self.0.insert(path.to_owned(), Bend::Edited(edit));
    }

    pub(crate) fn rewrite(&mut self, path: &str, rewrite: Rewrite) {
        self.0.insert(path.to_owned(), Bend::Rewritten(rewrite));
    }

    pub(crate) fn relent(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// The change to make to an answer of this path. It is made after the lock has been released.
    pub(crate) fn of(&self, path: &str) -> impl FnOnce(Reply) -> Reply + use<> {
        let bend = self.0.get(path).cloned();
        move |reply| match bend {
            None => reply,
            Some(Bend::Refused(status, code)) => errors::okta_error(status, &code, "Refused by a test", &[]),
            Some(Bend::Edited(edit)) => edited(reply, &edit),
            Some(Bend::Rewritten(rewrite)) => rewritten(reply, &rewrite),
        }
    }
}

/// Changes the text of the body, so that it may become something that no JSON library writes.
fn rewritten(mut reply: Reply, rewrite: &Rewrite) -> Reply {
    if matches!(reply.delivery, Delivery::Whole) {
        let body = String::from_utf8_lossy(&reply.body).into_owned();
        reply.body = rewrite(body).into();
    }
    reply
}

fn edited(mut reply: Reply, edit: &Edit) -> Reply {
    let is_whole = matches!(reply.delivery, Delivery::Whole) && (200..300).contains(&reply.status);
    if is_whole && let Ok(mut body) = serde_json::from_slice(&reply.body) {
        edit(&mut body);
        reply.body = body.to_string().into();
    }
    reply
}
