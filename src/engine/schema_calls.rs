//! User types, their attributes, and profiles under titles instead of keys. No network.

use super::Engine;
use crate::contract::errors::Result;
use crate::directory::profiles::schemas;
use crate::model::{Attribute, TitledValue, UserType};

impl Engine {
    /// The user types of the org, in Okta's order; none until a sync has read them.
    pub fn user_types(&self) -> Result<Vec<UserType>> {
        let _open = self.enter()?;
        self.directory.read(schemas::user_types)
    }

    /// The attributes of a user type, in Okta's order; of the default type if `type_id` is none or not
    /// known. None until a sync has read them.
    pub fn attributes(&self, type_id: Option<&str>) -> Result<Vec<Attribute>> {
        let _open = self.enter()?;
        self.directory.read(|conn| schemas::attributes(conn, type_id))
    }

    /// The profile of an Okta user under the titles of its type, in the order of the schema.
    /// [`crate::contract::errors::ErrorCode::NotFound`] if there is no such user.
    pub fn titled_profile(&self, okta_id: &str) -> Result<Vec<TitledValue>> {
        let _open = self.enter()?;
        self.directory.read(|conn| schemas::titled_profile(conn, okta_id))
    }
}
