//! The arguments, as clap sees them.
//!
//! No secret stands in the arguments, where other users of the machine could read it: the API token
//! comes from the environment variable `OKTA_API_TOKEN` or from a file, everything else from files.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use okta_profiles::error::{Error, ErrorCode, Result};
use okta_profiles::export::ExportFormat;
use okta_profiles::model::{SyncMode, View};
use zeroize::Zeroizing;

/// Keeps a directory of Okta user profiles for Jira Data Center.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Arguments {
    /// The directory file (SQLite); made if missing. Must be on a local disk.
    #[arg(long, global = true, value_name = "FILE", default_value = "okta-profiles.db")]
    pub directory: PathBuf,
    /// Changes a setting; may be repeated. docs/reference/settings.md lists all settings.
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub set: Vec<(String, String)>,
    /// Wait up to this many seconds while another process has the directory open.
    #[arg(long, global = true, value_name = "SECONDS")]
    pub wait: Option<u64>,
    /// File with the sealing key of the host: 32 bytes, or 64 hexadecimal digits.
    #[arg(long, global = true, value_name = "FILE")]
    pub sealing_key_file: Option<PathBuf>,
    /// Print reports and errors as JSON on stdout.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// One command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Connect with Okta: sign in with a browser, or as a service app, or with an API token.
    Connect(ConnectArguments),
    /// Show what Okta is asked with, and how long it will do; asks nobody.
    Token,
    /// Renew the access token now.
    Refresh,
    /// Revoke the tokens at Okta and erase the credential.
    Disconnect,
    /// Seal the credential under a new key in the key file beside the directory.
    Rekey,
    /// Check the org, the token and every capability; nothing is changed.
    Validate(ConnectionArguments),
    /// Bring the directory up to date; resumes an unfinished run. Ctrl-C stops cleanly.
    Sync(SyncArguments),
    /// Show what a sync would cost under Okta's present rate limits; sends one or two requests.
    Budget(BudgetArguments),
    /// Show one user, whole profile included.
    Find(FindArguments),
    /// List a view of the directory.
    List(ListArguments),
    /// Write a view of the directory as CSV or JSON lines.
    Export(ExportArguments),
    /// List groups, the members of one, or the groups of a user.
    Groups(GroupsArguments),
    /// Show the user types of the org and the attributes of their profiles.
    Schema(SchemaArguments),
    /// Print the keys of matched Jira users by attribute, group, manager or status.
    Where {
        /// A profile attribute (case matters), or group, manager, status; profile.NAME for such an attribute.
        name: String,
        /// The value; case and outer blanks do not count.
        value: String,
    },
    /// Show the managers of a user, the nearest first, or those who report to it.
    Managers(ManagersArguments),
    /// Show what changed, field by field.
    Changes(ChangesArguments),
    /// Show what is in the directory, how fresh it is, and the last runs.
    Status(StatusArguments),
    /// Match anew by other rules, or preview them; asks nothing of Okta.
    Match(MatchArguments),
    /// Show whom an ambiguous user could be.
    Candidates(CandidatesArguments),
    /// Tie an Okta user to a Jira user by hand.
    Pin {
        /// Okta's user id.
        okta_id: String,
        /// Jira's user key.
        jira_key: String,
    },
    /// Remove the pin of a Jira user.
    Unpin {
        /// Jira's user key.
        jira_key: String,
    },
    /// Write a copy of the directory to a new file.
    Backup {
        /// The file to be made.
        file: PathBuf,
    },
}

/// Arguments of `connect`.
#[derive(Debug, Args)]
pub struct ConnectArguments {
    /// The Okta URL or issuer URI, such as https://example.okta.com.
    #[arg(long, env = "OKTA_ORG_URL", value_name = "URL")]
    pub org_url: String,
    /// The client id of the app.
    #[arg(long, value_name = "ID", required_unless_present = "token_file")]
    pub client_id: Option<String>,
    /// File that holds the client secret; without it the app is a public client.
    #[arg(long, value_name = "FILE", conflicts_with = "service_app")]
    pub client_secret_file: Option<PathBuf>,
    /// Sign in anew with the client secret that is stored: for the org and the client id of the present sign-in.
    #[arg(long, conflicts_with_all = ["client_secret_file", "service_app", "token_file"])]
    pub stored_secret: bool,
    /// The redirect URI as registered with the app; without it http://localhost:PORT/callback. If it is
    /// not on this machine, the answer is pasted.
    #[arg(long, value_name = "URL", conflicts_with = "service_app")]
    pub redirect_uri: Option<String>,
    /// The loopback port on which Okta's answer is awaited.
    #[arg(long, default_value_t = 8765, conflicts_with = "redirect_uri")]
    pub port: u16,
    /// Do not open a browser, only print the address.
    #[arg(long)]
    pub no_browser: bool,
    /// Connect as a service app, with a private key.
    #[arg(long, requires = "key_file")]
    pub service_app: bool,
    /// File with the private key of the service app: PEM, not encrypted.
    #[arg(long, value_name = "FILE", requires = "service_app")]
    pub key_file: Option<PathBuf>,
    /// The id of its public key in Okta; needed if the app has several.
    #[arg(long, value_name = "ID", requires = "service_app")]
    pub key_id: Option<String>,
    /// Bind the tokens to a key (DPoP); an app that demands it gets it in any case.
    #[arg(long)]
    pub dpop: bool,
    /// File that holds an API token, to connect with that.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["client_id", "service_app"])]
    pub token_file: Option<PathBuf>,
}

impl ConnectArguments {
    /// The client id, which clap has demanded.
    pub fn client_id(&self) -> Result<&str> {
        let missing = || Error::about(ErrorCode::InvalidArgument, "--client-id is missing");
        self.client_id.as_deref().ok_or_else(missing)
    }
}

/// How to reach the org; without any of it, the connection that the directory keeps.
#[derive(Debug, Args)]
pub struct ConnectionArguments {
    /// The Okta URL or issuer URI, such as https://example.okta.com.
    #[arg(long, env = "OKTA_ORG_URL", value_name = "URL")]
    pub org_url: Option<String>,
    /// File that holds the API token; without it the token is taken from OKTA_API_TOKEN.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

impl ConnectionArguments {
    /// The token from the file or the environment; none if neither has one.
    pub fn api_token(&self) -> Result<Option<Zeroizing<String>>> {
        let Some(file) = &self.token_file else {
            return Ok(std::env::var("OKTA_API_TOKEN").ok().map(Zeroizing::new));
        };
        let read = std::fs::read_to_string(file).map_err(|error| {
            let what = format!(
                "the token file {} cannot be read ({})",
                file.display(),
                error.kind()
            );
            Error::with_message(ErrorCode::InvalidArgument, what)
        })?;
        Ok(Some(Zeroizing::new(read)))
    }
}

/// Arguments of `sync`.
#[derive(Debug, Args)]
pub struct SyncArguments {
    /// How to reach the org.
    #[command(flatten)]
    pub connection: ConnectionArguments,
    /// auto, full or delta. Only what changed since the last complete run is read, unless something
    /// speaks for a full run; only a full run notices deleted users.
    #[arg(long, default_value = "auto", value_parser = mode)]
    pub mode: SyncMode,
    /// Only tell what the run would do; nothing is changed or recorded.
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run, show up to this many of the changes; they hold personal data.
    #[arg(long, requires = "dry_run", default_value_t = 0, value_name = "NUMBER")]
    pub samples: usize,
    /// CSV file with all Jira users: key,username,email,display_name,active.
    #[arg(long, value_name = "FILE.csv")]
    pub jira_users: Option<PathBuf>,
    /// Accept a file without users where the directory has some; every match ends.
    #[arg(long, requires = "jira_users")]
    pub confirm_empty: bool,
    /// Begin anew even if an unfinished run could be resumed.
    #[arg(long)]
    pub restart: bool,
    /// For this run, mark users absent even if more vanished than the limits allow.
    #[arg(long)]
    pub confirm_absent: bool,
    /// For this run, accept that an attribute became empty for more users than the limits allow.
    #[arg(long)]
    pub confirm_cleared: bool,
}

/// Arguments of `budget`.
#[derive(Debug, Args)]
pub struct BudgetArguments {
    /// How to reach the org.
    #[command(flatten)]
    pub connection: ConnectionArguments,
    /// The mode of the sync: auto, full or delta.
    #[arg(long, default_value = "full", value_parser = mode)]
    pub mode: SyncMode,
}

/// By what `find` looks up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindBy {
    /// Jira's user key.
    JiraKey,
    /// Jira's username.
    Username,
    /// Okta's user id.
    OktaId,
    /// Okta's login.
    Login,
    /// The e-mail address in Okta.
    Email,
}

/// Arguments of `find`.
#[derive(Debug, Args)]
pub struct FindArguments {
    /// What to look for.
    pub value: String,
    /// By what to look; without it every kind is tried in the order of this list.
    #[arg(long, value_enum)]
    pub by: Option<FindBy>,
    /// List the users whose name, login or e-mail begins with the value.
    #[arg(long, conflicts_with = "by")]
    pub prefix: bool,
    /// Only those of this view, with --prefix: matched, okta-only, jira-only, ambiguous, jira-ambiguous, all,
    /// absent or deactivated.
    #[arg(long, default_value = "all", value_parser = view, requires = "prefix")]
    pub view: View,
    /// Show the profile under titles instead of keys, in the order of the schema.
    #[arg(long, conflicts_with = "prefix")]
    pub titles: bool,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// csv or jsonl.
    #[arg(long, value_parser = export_format)]
    pub format: ExportFormat,
    /// matched, okta-only, jira-only, ambiguous, jira-ambiguous, all, absent or deactivated.
    #[arg(long, default_value = "all", value_parser = view)]
    pub view: View,
    /// A new file that only its owner may read; standard output without it.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `groups`.
#[derive(Debug, Args)]
pub struct GroupsArguments {
    /// Only groups of this type, such as OKTA_GROUP.
    #[arg(long = "type", value_name = "TYPE", default_value = "")]
    pub kind: String,
    /// Only groups whose name begins like this.
    #[arg(long, default_value = "")]
    pub prefix: String,
    /// List the members of this group instead.
    #[arg(long, value_name = "GROUP_ID", conflicts_with_all = ["kind", "prefix", "of"])]
    pub members: Option<String>,
    /// List the groups of the user with this Jira key or Okta id instead.
    #[arg(long, value_name = "KEY_OR_ID", conflicts_with_all = ["kind", "prefix"])]
    pub of: Option<String>,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The id of a user type; the default type without it.
    #[arg(long = "type", value_name = "TYPE_ID")]
    pub type_id: Option<String>,
}

/// Arguments of `managers`.
#[derive(Debug, Args)]
pub struct ManagersArguments {
    /// The user: Jira key, Jira username, Okta id, login or e-mail.
    pub user: String,
    /// List those who report to the user instead.
    #[arg(long)]
    pub reports: bool,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// matched, okta-only, jira-only, ambiguous, jira-ambiguous, all, absent or deactivated.
    #[arg(long, default_value = "matched", value_parser = view)]
    pub view: View,
    /// At most this many entries; all without it.
    #[arg(long)]
    pub limit: Option<usize>,
}

/// Arguments of `changes`.
#[derive(Debug, Args)]
pub struct ChangesArguments {
    /// Only what came after this position.
    #[arg(long, default_value_t = 0)]
    pub after: i64,
    /// Only of this Okta user.
    #[arg(long, value_name = "OKTA_ID")]
    pub user: Option<String>,
    /// At most this many entries; all without it.
    #[arg(long)]
    pub limit: Option<usize>,
}

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArguments {
    /// How many of the last runs to show.
    #[arg(long, default_value_t = 5)]
    pub runs: usize,
    /// Also check the file and its rules; reads everything.
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `match`.
#[derive(Debug, Args)]
pub struct MatchArguments {
    /// The rules in order, such as "login=username, email=email"; without it those in force.
    #[arg(long)]
    pub rules: Option<String>,
    /// Only show what the rules would do.
    #[arg(long)]
    pub preview: bool,
}

/// Arguments of `candidates`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct CandidatesArguments {
    /// Of this Okta user.
    #[arg(long, value_name = "ID")]
    pub okta_id: Option<String>,
    /// Of this Jira user.
    #[arg(long, value_name = "KEY")]
    pub jira_key: Option<String>,
}

fn key_and_value(text: &str) -> std::result::Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

fn export_format(name: &str) -> std::result::Result<ExportFormat, String> {
    ExportFormat::from_name(name).ok_or_else(|| "choose csv or jsonl".to_owned())
}

fn mode(name: &str) -> std::result::Result<SyncMode, String> {
    SyncMode::from_name(name).ok_or_else(|| "choose auto, full or delta".to_owned())
}

fn view(name: &str) -> std::result::Result<View, String> {
    View::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = View::ALL.iter().map(|view| view.name()).collect();
        format!("choose one of {}", names.join(", "))
    })
}
