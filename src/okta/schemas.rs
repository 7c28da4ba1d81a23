//! Profile schemas, as far as validating a connection needs them: whether they can be read.

use crate::error::Result;
use crate::okta::client::OktaClient;

/// Reads the schema of the default user type.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get("/api/v1/meta/schemas/user/default").await.map(drop)
}
