//! A simulated Okta org on the loopback interface: for tests in Rust, C and Java, and for
//! demonstrations.
//!
//! It answers the reading part of Okta's management API as recorded traffic shows it, with up to a million users.
//! It signs users and services in at the org authorization server. A test can make it misbehave in every way that a
//! client must survive. All data come from a seed: the same seed gives the same bytes.
//!
//! # From Rust
//!
//! ```
//! use okta_sim::{Fault, OktaSim, Role};
//!
//! let sim = OktaSim::builder()
//!     .users(500)
//!     .seed(7)
//!     .fault(Fault::HtmlBadGateway)
//!     .fault_period(5)
//!     .start()?;
//! let (url, token) = (sim.url(), sim.token(Role::SuperAdmin));
//! // … let a client read `url` with `Authorization: SSWS {token}`, then compare:
//! assert_eq!(sim.all_users().count(), 500);
//! assert!(sim.requests().is_empty() && sim.attacker_requests().is_empty());
//! # let _ = (url, token);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! [`OktaSim`] runs on threads of its own and stops when it is dropped. It derefs to [`Org`]: the true users
//! ([`Org::all_users`]), changes while a client reads ([`Org::update_profile`], [`Org::at_request`] …), faults
//! ([`Org::set_faults`]) and the request log ([`Org::requests`]). [`jira_users`] makes the users of a Jira that
//! belongs to the org.
//!
//! # Signing in
//!
//! A web app and a service app are registered ([`OAuthApp`]); a test can change both while the org runs
//! ([`Org::change_web_app`]). `/oauth2/v1/authorize` answers the browser at once, or shows a page with two buttons
//! (`#allow`, `#deny`). The token endpoint, revocation, introspection and DPoP behave like Okta's. The request log
//! contains the grant type of each request to the token endpoint, and when the request arrived and was answered. So
//! a test can see that there was only one refresh at a time.
//!
//! # As a program
//!
//! `okta-sim --users 5000 --seed 1 --fault html-502,server-error` prints one line of JSON
//! (`url`, `token`, `tokens` by role, `org_id`, `users`, `attacker_url`, and `oauth` with `client_id`,
//! `client_secret`, `redirect_uris`, `granted_scopes`, `service_client_id`) and serves until its
//! standard input closes. `--help` lists the options, `--list-faults` the faults.
//!
//! These endpoints need no credential, no fault affects them, and they are not in the request log:
//!
//! | Endpoint | Body or answer |
//! |---|---|
//! | `GET /sim/users` | the true users: one `{"id","status","profile"}` on each line |
//! | `GET /sim/requests` | the requests to the org: `[{"method","path_and_query","status","at_ms","arrived_ms","grant_type","had_credential","had_cookie","faults"}]` |
//! | `GET /sim/attacker-requests` | what arrived at the attacker's host, or at the org by the wrong scheme |
//! | `POST /sim/clear-requests` | forgets both |
//! | `GET /sim/faults` | all faults: `[{"name","text","recoverable"}]` |
//! | `POST /sim/faults` | `{"faults":["server-error"],"every":5}` replaces the active faults |
//! | `POST /sim/roles` | `{"token_of":"super_admin","role":"expired"}` gives a token another role |
//! | `GET /sim/oauth` | the two OAuth apps, `sign_ins`, `sign_ins_alive`, `reuses` |
//! | `POST /sim/oauth` | `{"web":{"granted_scopes":[…],"access_token_seconds":2}}` changes an app (`web`, `service`); also `next_authorize_error`, `renew_dpop_nonce`, `expire_access_tokens`, `end_sign_ins` |
//! | `POST /sim/log` | `{"late_every":5,"late_ms":2000,"lose_every":0,"duplicate_every":0,"capacity":1000,"expire_cursors":true}`: how unreliable the System Log is |
//! | `GET /sim/hooks` | what happened to the deliveries: `delivered`, `events`, `lost`, `duplicated`, `retried`, `failed`, `over_cap` |
//! | `POST /sim/hooks` | `{"lose_every":0,"duplicate_every":10,"late_every":5,"late_ms":2000,"daily_cap":400000,"used_up":0}`: how unreliable deliveries are |
//! | `POST /sim/change` | `{"from":0,"steps":50}`: makes this many random changes |
//! | `POST /sim/mutate` | one of `{"update":{"id","profile"}}`, `{"status":{"id","status"}}`, `{"delete":{"id"}}`, `{"create":{"profile"}}`, `{"clear_attribute":"department"}`, `{"delete_range":{"from":0,"to":100}}`, `{"join":{"group","id"}}`, `{"leave":{"group","id"}}`, `{"create_group":{"name"}}`, `{"rename_group":{"group","name"}}`, `{"delete_group":{"group"}}` |
//!
//! # What it reports by itself
//!
//! Every change is written into the System Log (`/api/v1/logs`). Event hooks that are registered and verified also
//! get it, by real HTTP. Both have the bad sides of the real ones: [`LogHabits`], [`HookHabits`].
//! [`Org::change_at_random`] makes one change of any kind.
//!
//! # What it does not do
//!
//! It has no writing part except event hooks, no gzip, no ID tokens, and no custom authorization servers. If Okta's
//! behaviour is not known, it behaves in one of the possible ways. Ranges of ids in `search` are refused. Groups
//! list deactivated members, and `Everyone` counts them. A refresh token that comes again within its grace period
//! gets one more successor. `offline_access` is dropped without an error if the app lacks the Refresh Token grant.
//!
//! # Reading order
//!
//! `population` (who the users are), `world` (their state), `search`, `api` (turns a request into a reply), `oauth`
//! (the authorization server), `fault`, `fault_plan` and `effects`, `respond` (all of it in order), `server`,
//! `sim`.

mod api;
mod bends;
mod control;
mod effects;
mod event_hooks;
mod fault;
mod fault_plan;
mod jira_users;
mod oauth;
mod org;
mod org_groups;
mod org_live;
mod population;
mod request_log;
mod respond;
mod search;
mod server;
mod sim;
mod world;

pub use api::{Bucket, Role};
pub use event_hooks::{HookCounts, HookHabits};
pub use fault::Fault;
pub use jira_users::{JiraUserRow, MatchClass, jira_users, jira_users_csv};
pub use oauth::{OAuthApp, PublicKey, RefreshTokens};
pub use org::Org;
pub use population::OrgSpec;
pub use request_log::RequestRecord;
pub use sim::{Builder, OktaSim};
pub use world::system_log::LogHabits;
