//! The user object exactly as the API returns it, in its three forms.

use serde_json::{Map, Value, json};

use super::view::View;
use crate::population::draw::{Draw, Topic};
use crate::population::status::Status;
use crate::population::timestamps::iso;

/// The form of a user object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A row of a listing.
    Row,
    /// A row without the parts that are slow to make, as the request header `okta-response` requested.
    SlimRow,
    /// One user, requested by id, with all links.
    Single,
}

/// Levels of the deeply nested field that the fault `deep-json` adds.
const DEEP_LEVELS: usize = 100;

/// The object of a user that exists.
pub(crate) fn user_object(view: &View<'_>, index: u32, form: Form) -> Value {
    let mut draw = Draw::new(view.world.spec.seed, Topic::Profile, u64::from(index) | 1 << 41);
    let mut user = Map::new();
    user.insert("id".into(), json!(view.world.spec.user_id(index)));
    user.insert("status".into(), json!(view.status_text(index)));
    insert_dates(&mut user, view, index, &mut draw);
    if !draw.one_in(211) {
        let spec = &view.world.spec;
        let kind = if spec.is_partner(index) {
            spec.partner_type_id()
        } else {
            spec.default_type_id()
        };
        user.insert("type".into(), json!({"id": kind}));
    }
    if draw.one_in(2) {
        user.insert("realmId".into(), json!(view.world.spec.realm_id()));
    }
    user.insert("profile".into(), Value::Object(view.profile(index)));
    let credentials = credentials(view, index, form, &mut draw);
    if form != Form::SlimRow {
        user.insert("credentials".into(), credentials);
    }
    let in_transition = draw.one_in(400) && view.status(index) == Some(Status::Provisioned);
    if in_transition && form != Form::SlimRow {
        user.insert("transitioningToStatus".into(), json!("ACTIVE"));
    }
    if draw.one_in(50) {
        user.insert(
            "onboarding".into(),
            json!({"step": draw.below(9), "done": [true, null]}),
        );
    }
    if !draw.one_in(401) {
        user.insert("_links".into(), links(view, index, form));
    }
    lay_oddities_over(&mut user, view, index);
    if let Some(garbled) = view.world.garbled.get(&index) {
        user.insert("profile".into(), garbled.clone());
    }
    Value::Object(user)
}

fn insert_dates(user: &mut Map<String, Value>, view: &View<'_>, index: u32, draw: &mut Draw) {
    let created = view.created(index);
    let updated = view.updated(index);
    let status = view.status(index);
    let later = |draw: &mut Draw, span: u64| created.saturating_add(draw.below(span) as u32);
    let never_activated = draw.one_in(40) || matches!(status, Some(Status::Staged));
    let activated = (!never_activated).then(|| iso(created + 1));
    let changed = later(draw, 90).min(updated);
    let status_changed = match view.status_changed(index) {
        Some(at) => Some(iso(at)),
        None if status == Some(Status::Staged) => None,
        None => Some(iso(changed)),
    };
    let last_login = draw.one_in(3).then(|| iso(later(draw, 40_000_000)));
    let password_changed = draw.one_in(2).then(|| iso(changed));
    user.insert("created".into(), json!(iso(created)));
    user.insert("activated".into(), json!(activated));
    user.insert("statusChanged".into(), json!(status_changed));
    user.insert("lastLogin".into(), json!(last_login));
    user.insert("lastUpdated".into(), json!(iso(updated)));
    user.insert("passwordChanged".into(), json!(password_changed));
}

fn credentials(view: &View<'_>, index: u32, form: Form, draw: &mut Draw) -> Value {
    let mut credentials = Map::new();
    let provider = match draw.below(10) {
        0 => json!({"type": "ACTIVE_DIRECTORY", "name": "corp.example.com"}),
        1 | 2 => json!({"type": "IMPORT", "name": "IMPORT"}),
        _ => json!({"type": "OKTA", "name": "OKTA"}),
    };
    if draw.one_in(2) {
        credentials.insert("password".into(), json!({}));
    }
    if draw.one_in(5) {
        let question = json!({"question": "What is the food you least liked as a child?"});
        credentials.insert("recovery_question".into(), question);
    }
    if form == Form::Single {
        let email = json!({"value": view.email(index), "status": "VERIFIED", "type": "PRIMARY"});
        credentials.insert("emails".into(), json!([email]));
    }
    credentials.insert("provider".into(), provider);
    Value::Object(credentials)
}

fn links(view: &View<'_>, index: u32, form: Form) -> Value {
    let base = &view.world.base_url;
    let href = format!("{base}/api/v1/users/{}", view.world.spec.user_id(index));
    let mut links = json!({"self": {"href": href}});
    if form == Form::Single {
        let lifecycle = |verb: &str| json!({"href": format!("{href}/lifecycle/{verb}"), "method": "POST"});
        let spec = &view.world.spec;
        links["deactivate"] = lifecycle("deactivate");
        links["suspend"] = lifecycle("suspend");
        links["resetPassword"] = lifecycle("reset_password");
        links["type"] = json!({"href": format!("{base}/api/v1/meta/types/user/{}", spec.default_type_id())});
        links["schema"] = json!({"href": format!("{base}/api/v1/meta/schemas/user/default")});
    }
    links
}

/// The shapes of the faults `odd-users` and `deep-json`. While the faults are active, the true users have them too.
fn lay_oddities_over(user: &mut Map<String, Value>, view: &View<'_>, index: u32) {
    let oddities = view.world.oddities;
    if oddities.deep_json && index % 31 == 3 {
        let deep = (0..DEEP_LEVELS).fold(json!("bottom"), |inner, _| json!([inner]));
        user.insert("tree".into(), deep);
    }
    if !oddities.odd_users {
        return;
    }
    match index % 13 {
        5 => {
            user.remove("_links");
            user.remove("type");
        }
        6 => set_in_profile(user, &["firstName", "lastName", "displayName"], &Value::Null),
        7 => {
            user.insert("futureField".into(), json!({"a": [1, {"b": null}], "c": "…"}));
            set_in_profile(user, &["futureAttribute"], &json!({"nested": {"deeper": [[]]}}));
        }
        8 => {
            user.remove("lastLogin");
            user.remove("activated");
            user.remove("passwordChanged");
        }
        9 if index == 9 => {
            user.insert("profile".into(), json!({}));
        }
        _ => {}
    }
}

fn set_in_profile(user: &mut Map<String, Value>, names: &[&str], value: &Value) {
    if let Some(Value::Object(profile)) = user.get_mut("profile") {
        for name in names {
            profile.insert((*name).to_owned(), value.clone());
        }
    }
}
