//! The org itself: the well-known document and `/api/v1/org`.

use serde_json::json;

use super::Context;
use super::reply::Reply;
use crate::fault::Fault;
use crate::population::ids;
use crate::population::timeline::ORG_BEGINS;
use crate::population::timestamps::iso;
use crate::world::World;

pub(crate) fn well_known(context: &Context<'_>) -> Reply {
    let spec = &context.world.spec;
    let other = context.strikes.has(Fault::OtherOrgId);
    let id = if other {
        ids::object_id("00o", spec.seed, 98)
    } else {
        spec.org_id()
    };
    let mut body = json!({
        "id": id,
        "pipeline": "idx",
        "_links": {"organization": {"href": context.world.base_url}},
    });
    if let Some(url) = context.alternate_url {
        body["_links"]["alternate"] = json!({"href": url});
    }
    Reply::json(200, &body)
}

pub(crate) fn org(world: &World) -> Reply {
    let body = json!({
        "id": world.spec.org_id(), "subdomain": "example", "companyName": "Example GmbH & Co. KG",
        "status": "ACTIVE", "address1": null, "address2": null, "city": null, "country": null,
        "state": null, "postalCode": null, "phoneNumber": "", "website": "https://example.com",
        "endUserSupportHelpURL": null, "supportPhoneNumber": null, "expiresAt": null,
        "created": iso(ORG_BEGINS), "lastUpdated": iso(ORG_BEGINS + 86_400),
        "settings": {"portal": {"errorRedirectUrl": null, "signOutUrl": null}},
        "_links": {"preferences": {"href": format!("{}/api/v1/org/preferences", world.base_url)}},
    });
    Reply::json(200, &body)
}
