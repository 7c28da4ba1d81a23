//! The management API: turns a request into a reply, without any network. The authorization server has a module of
//! its own.

pub(crate) mod credentials;
pub(crate) mod errors;
pub(crate) mod event_hooks;
mod group_pages;
mod incoming;
mod lies;
pub(crate) mod logs;
mod one_user;
mod org_pages;
mod projection;
pub(crate) mod rate_limit;
pub(crate) mod reply;
mod schemas;
mod selection;
mod users_list;

pub use credentials::Role;
pub use rate_limit::Bucket;

pub(crate) use incoming::{Endpoint, Incoming, OAuthEndpoint};

use crate::fault_plan::Strikes;
use crate::world::World;
use credentials::Visibility;
use reply::Reply;

/// The data that an endpoint needs besides the request.
pub(crate) struct Context<'a> {
    pub(crate) world: &'a World,
    pub(crate) strikes: &'a Strikes,
    pub(crate) visibility: Visibility,
    pub(crate) honours_fields: bool,
    pub(crate) alternate_url: Option<&'a str>,
}

/// Answers a request that has passed all checks.
pub(crate) fn answer(context: &Context<'_>, endpoint: &Endpoint, request: &Incoming) -> Reply {
    if request.method != "GET" {
        return errors::method_not_supported();
    }
    match endpoint {
        Endpoint::WellKnown => org_pages::well_known(context),
        Endpoint::UsersList => users_list::users(context, request),
        Endpoint::Me => one_user::me(context),
        Endpoint::User(id) => one_user::user(context, request, id),
        Endpoint::UserGroups(id) => one_user::groups_of(context, id),
        Endpoint::GroupsList => group_pages::groups(context, request),
        Endpoint::Group(id) => group_pages::group(context, id),
        Endpoint::GroupUsers(id) => group_pages::members(context, request, id),
        Endpoint::UserSchema(id) => schemas::user_schema(context.world, id),
        Endpoint::GroupSchema => schemas::group_schema(context.world),
        Endpoint::UserTypes => schemas::user_types(context.world),
        Endpoint::Org => org_pages::org(context.world),
        Endpoint::Logs => logs::logs(context.world, request),
        Endpoint::OAuth(_)
        | Endpoint::EventHooks
        | Endpoint::EventHook(_)
        | Endpoint::EventHookLifecycle(..)
        | Endpoint::Unknown => errors::no_such_path(),
    }
}
