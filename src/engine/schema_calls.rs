//! User types, their attributes, and profiles with titles instead of keys. No network.

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

    /// The attributes of a user type, in Okta's order. If `type_id` is none or not known, those of the default
    /// type. Empty until a sync has read them.
    pub fn attributes(&self, type_id: Option<&str>) -> Result<Vec<Attribute>> {
        let _open = self.enter()?;
        self.directory.read(|conn| schemas::attributes(conn, type_id))
    }

    /// The profile of an Okta user with the titles of its user type, in the order of the schema.
    /// [`crate::contract::errors::ErrorCode::NotFound`] if there is no such user.
    pub fn titled_profile(&self, okta_id: &str) -> Result<Vec<TitledValue>> {
        let _open = self.enter()?;
        self.directory.read(|conn| schemas::titled_profile(conn, okta_id))
    }
}
