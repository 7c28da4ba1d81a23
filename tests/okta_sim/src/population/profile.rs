//! The profile of a user: login, e-mail, names and all the rest, drawn from (seed, index).
//!
//! Unset attributes are absent, except the six that Okta always sends.

use serde_json::{Map, Value, json};

use super::draw::{Draw, Topic, mix};
use super::names;
use super::spec::OrgSpec;

/// An Okta profile: attribute name to value.
pub(crate) type Profile = Map<String, Value>;

/// Attributes that every profile contains; null when unset.
pub(crate) const ALWAYS_PRESENT: [&str; 6] = [
    "login",
    "email",
    "firstName",
    "lastName",
    "mobilePhone",
    "secondEmail",
];

const DOMAIN: &str = "example.com";
/// Users at this domain have the same local part as the user before them.
const PARTNER_DOMAIN: &str = "partner.example.net";

fn is_namesake(index: u32) -> bool {
    index % 200 == 150
}

/// `user000001@example.com`. One in fifty has capitals; one in 200 has the local part of the user before it, at
/// another domain.
pub(crate) fn login(index: u32) -> String {
    if is_namesake(index) {
        return format!("user{:06}@{PARTNER_DOMAIN}", index - 1);
    }
    match index % 50 {
        7 => format!("User{index:06}@Example.com"),
        _ => format!("user{index:06}@{DOMAIN}"),
    }
}

/// The index of the user that a drawn login belongs to; `text` may also be the part before the `@` alone.
pub(crate) fn index_of_login(text: &str, count: u32) -> Option<u32> {
    let folded = text.to_lowercase();
    let (local, domain) = folded.split_once('@').unwrap_or((&folded, DOMAIN));
    let number: u32 = local.strip_prefix("user")?.parse().ok()?;
    let index = if domain == PARTNER_DOMAIN {
        number.checked_add(1)?
    } else {
        number
    };
    let found = index < count
        && login(index)
            .to_lowercase()
            .starts_with(&format!("{local}@{domain}"));
    found.then_some(index)
}

/// The user whose e-mail address this user has, for most users the user itself. Of eighty users, the 11th and 12th
/// have the address of the 10th, and the 51st has that of the 50th.
pub(crate) fn email_owner(index: u32) -> u32 {
    match index % 80 {
        11 | 51 => index - 1,
        12 => index - 2,
        _ => index,
    }
}

/// Whether another user among `count` has the same e-mail address.
pub(crate) fn shares_email(index: u32, count: u32) -> bool {
    email_owner(index) != index || (matches!(index % 80, 10 | 50) && index + 1 < count)
}

/// Mostly the login; some users have an address of another form, some have it in capitals.
pub(crate) fn email(index: u32) -> String {
    let owner = email_owner(index);
    match owner % 20 {
        3 => format!("first.last{owner}@mail.example.org"),
        13 => format!("U.{owner}+jira@Mail.Example.ORG"),
        5 => login(owner).to_uppercase(),
        _ => login(owner),
    }
}

/// The employee number; some users have none, and some numbers have leading zeros.
pub(crate) fn employee_number(seed: u64, index: u32) -> Option<String> {
    let draw = mix(seed, Topic::Employee as u64, u64::from(index)) % 18;
    match draw {
        0 => None,
        1..3 => Some(format!("{:07}", index + 1_000)),
        _ => Some(format!("E-{index:06}")),
    }
}

/// The manager of a user; the first ten have none.
fn manager(index: u32) -> Option<u32> {
    (index >= 10).then_some(index / 10)
}

/// First and last name; the first name is null for one in 300.
fn names_of(seed: u64, index: u32) -> (Option<&'static str>, &'static str) {
    let mut draw = Draw::new(seed, Topic::Profile, u64::from(index));
    let first = (!draw.one_in(300)).then(|| *draw.pick(names::FIRST_NAMES));
    let last = if draw.one_in(150) {
        *draw.pick(names::HOSTILE_NAMES)
    } else {
        *draw.pick(names::LAST_NAMES)
    };
    (first, last)
}

/// The display name, even if the profile does not contain it.
pub(crate) fn full_name(seed: u64, index: u32) -> String {
    let (first, last) = names_of(seed, index);
    match first {
        Some(first) => format!("{first} {last}"),
        None => last.to_owned(),
    }
}

/// The whole profile of a user before any change.
pub(crate) fn profile(spec: &OrgSpec, index: u32) -> Profile {
    let mut draw = Draw::new(spec.seed, Topic::Extras, u64::from(index));
    let mut profile = Profile::new();
    identity(&mut profile, spec.seed, index, &mut draw);
    employment(&mut profile, spec.seed, index, &mut draw);
    place(&mut profile, index, &mut draw);
    if spec.is_partner(index) {
        profile.insert("partnerCode".into(), json!(format!("P{:03}", draw.below(1_000))));
    } else {
        custom_scalars(&mut profile, index, &mut draw);
        custom_lists_and_texts(&mut profile, index, &mut draw);
    }
    if draw.one_in(60) {
        profile.insert(
            "legacyCostCenter".into(),
            json!({"code": draw.below(99), "tags": [null, "x"]}),
        );
    }
    profile
}

fn identity(profile: &mut Profile, seed: u64, index: u32, draw: &mut Draw) {
    let (first, last) = names_of(seed, index);
    profile.insert("login".into(), json!(login(index)));
    profile.insert("email".into(), json!(email(index)));
    profile.insert("firstName".into(), json!(first));
    profile.insert("lastName".into(), json!(last));
    let mobile = draw
        .one_in(3)
        .then(|| format!("+49 170 {:07}", draw.below(10_000_000)));
    profile.insert("mobilePhone".into(), json!(mobile));
    let second = draw.one_in(10).then(|| format!("home{index}@mail.example"));
    profile.insert("secondEmail".into(), json!(second));
    if !draw.one_in(5) {
        let mut name = full_name(seed, index);
        if draw.one_in(100) {
            name = format!("{} {name}", draw.pick(names::EMOJI));
        }
        profile.insert("displayName".into(), json!(name));
    }
    if draw.one_in(8) {
        profile.insert("nickName".into(), json!(first.unwrap_or("N.")));
    }
    if draw.one_in(12) {
        profile.insert("middleName".into(), json!(draw.pick(names::FIRST_NAMES)));
    }
}

fn employment(profile: &mut Profile, seed: u64, index: u32, draw: &mut Draw) {
    if !draw.one_in(12) {
        profile.insert("department".into(), json!(draw.pick(names::DEPARTMENTS)));
    }
    if !draw.one_in(6) {
        profile.insert("title".into(), json!(draw.pick(names::TITLES)));
    }
    if let Some(number) = employee_number(seed, index) {
        profile.insert("employeeNumber".into(), json!(number));
    }
    if let Some(manager) = manager(index) {
        let number = employee_number(seed, manager).unwrap_or_else(|| login(manager));
        profile.insert("managerId".into(), json!(number));
        profile.insert("manager".into(), json!(full_name(seed, manager)));
    }
    if draw.one_in(2) {
        profile.insert("division".into(), json!(format!("Division {}", draw.below(12))));
        profile.insert("costCenter".into(), json!(format!("{:04}", draw.below(400))));
    }
    if draw.one_in(3) {
        profile.insert("organization".into(), json!("Example GmbH & Co. KG"));
        profile.insert(
            "userType".into(),
            json!(["Employee", "Contractor"][draw.below(2) as usize]),
        );
    }
}

fn place(profile: &mut Profile, index: u32, draw: &mut Draw) {
    if draw.one_in(4) {
        return;
    }
    let [city, state, zip, country, locale, zone] = draw.pick(names::PLACES);
    for (name, value) in [
        ("city", city),
        ("state", state),
        ("zipCode", zip),
        ("countryCode", country),
        ("locale", locale),
        ("timezone", zone),
    ] {
        profile.insert(name.into(), json!(value));
    }
    if draw.one_in(3) {
        profile.insert(
            "streetAddress".into(),
            json!(format!("{index} Main St.\nApt {}", draw.below(40))),
        );
        profile.insert(
            "primaryPhone".into(),
            json!(format!("+1 555 {:04}", draw.below(10_000))),
        );
    }
    if draw.one_in(20) {
        profile.insert(
            "profileUrl".into(),
            json!(format!("https://people.example.com/?id={index}&x=1")),
        );
        profile.insert("preferredLanguage".into(), json!("en"));
    }
}

/// The org's own attributes with a single number or boolean.
fn custom_scalars(profile: &mut Profile, index: u32, draw: &mut Draw) {
    if draw.one_in(2) {
        profile.insert("badgeNumber".into(), json!(1_000 + index));
    }
    if draw.one_in(3) {
        profile.insert("isContractor".into(), json!(draw.one_in(2)));
    }
    if draw.one_in(3) {
        profile.insert(
            "fte".into(),
            json!([0.01, 0.1, 0.5, 1.0, 0.8, -0.25][draw.below(6) as usize]),
        );
    }
    if draw.one_in(25) {
        let counters = [
            json!(9_007_199_254_740_993_i64),
            json!(i64::MAX),
            json!(1e21),
            json!(-1),
        ];
        profile.insert("bigCounter".into(), draw.pick(&counters).clone());
    }
}

/// The org's own attributes with lists of all three types, and with short and long texts.
fn custom_lists_and_texts(profile: &mut Profile, index: u32, draw: &mut Draw) {
    if draw.one_in(4) {
        let skills: Vec<_> = (0..draw.below(4)).map(|_| *draw.pick(names::SKILLS)).collect();
        profile.insert("skills".into(), json!(skills));
    }
    if draw.one_in(6) {
        let codes: Vec<_> = (0..draw.below(4)).map(|_| draw.below(90)).collect();
        profile.insert("siteCodes".into(), json!(codes));
    }
    if draw.one_in(9) {
        profile.insert("ratings".into(), json!([0.1, 2.75, draw.below(9)]));
    }
    if draw.one_in(40) {
        let sentences = 10 + draw.below(30) as usize;
        profile.insert("notes".into(), json!(names::SENTENCE.repeat(sentences)));
    }
    if draw.one_in(5) {
        profile.insert("someSnakeCaseAttr".into(), json!(format!("camel {index}")));
    }
    if draw.one_in(5) {
        profile.insert("some_snake_case_attr".into(), json!(format!("snake {index}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_can_be_turned_back() {
        for index in 0..1_000 {
            assert_eq!(index_of_login(&login(index), 1_000), Some(index));
        }
        assert_eq!(index_of_login("user000003", 1_000), Some(3));
        assert_eq!(index_of_login("user001000@example.com", 1_000), None);
    }

    #[test]
    fn some_addresses_are_shared() {
        assert_eq!(email(11), email(10));
        assert_eq!(email(12), email(10));
        assert!(shares_email(10, 1_000) && shares_email(12, 1_000) && !shares_email(9, 1_000));
    }

    #[test]
    fn the_same_seed_gives_the_same_profile() {
        let spec = OrgSpec::default();
        for index in 0..300 {
            let one = profile(&spec, index);
            assert_eq!(one, profile(&spec.clone(), index));
            assert!(ALWAYS_PRESENT.iter().all(|name| one.contains_key(*name)));
        }
    }
}
