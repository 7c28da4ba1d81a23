//! The requests so far: one record for each, in the order of the answers.

use std::time::Duration;

use serde_json::{Value, json};

use crate::fault::Fault;

/// One request that the org, or the attacker's host, received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// `GET`, …
    pub method: String,
    /// The target, as it was sent.
    pub path_and_query: String,
    /// The status of the answer; 0 if there was none. An answer that was lost on its way has a status.
    pub status: u16,
    /// The `grant_type` of a request to the token endpoint.
    pub grant_type: Option<String>,
    /// When it arrived, since the start of the simulation.
    pub arrived: Duration,
    /// When it was answered, since the start of the simulation.
    pub at: Duration,
    /// Whether it carried an `Authorization` header.
    pub had_credential: bool,
    /// Whether it carried a `Cookie` header.
    pub had_cookie: bool,
    /// The faults that affected it.
    pub faults: Vec<Fault>,
}

impl RequestRecord {
    pub(crate) fn json(&self) -> Value {
        let faults: Vec<_> = self.faults.iter().map(|fault| fault.name()).collect();
        json!({
            "method": self.method, "path_and_query": self.path_and_query, "status": self.status,
            "grant_type": self.grant_type, "arrived_ms": self.arrived.as_millis() as u64,
            "at_ms": self.at.as_millis() as u64, "had_credential": self.had_credential,
            "had_cookie": self.had_cookie, "faults": faults,
        })
    }
}
