//! Event hooks, as far as validating a connection needs them: whether they can be read.

use crate::contract::errors::Result;
use crate::okta::client::OktaClient;

/// Lists the hooks; the answer has no pages.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get("/api/v1/eventHooks").await.map(drop)
}
