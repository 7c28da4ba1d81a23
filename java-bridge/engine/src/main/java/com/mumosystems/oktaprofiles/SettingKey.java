package com.mumosystems.oktaprofiles;

/** The settings with their defaults. Written from the Rust tables by {@code make header}. */
public enum SettingKey {
  /** Longest wait for a connection, in seconds. */
  HTTP_CONNECT_TIMEOUT_SECONDS("http.connect_timeout_seconds", "10"),
  /** Longest time without new data while an answer is read, in seconds. */
  HTTP_READ_TIMEOUT_SECONDS("http.read_timeout_seconds", "30"),
  /** Longest duration of one request with its answer, in seconds. */
  HTTP_REQUEST_TIMEOUT_SECONDS("http.request_timeout_seconds", "120"),
  /** Largest answer that is read, in bytes after decompression. */
  HTTP_MAX_BODY_BYTES("http.max_body_bytes", "33554432"),
  /** Proxy for requests to Okta, as http://host:port; empty for none, `system` to use HTTPS_PROXY and NO_PROXY of the environment. */
  HTTP_PROXY("http.proxy", ""),
  /** Hosts reached without the proxy, separated by commas, blanks or |; a leading dot or *. means every subdomain, host:443 means one port only. */
  HTTP_NO_PROXY("http.no_proxy", ""),
  /** File with extra CA certificates (PEM) that are trusted as well as those of the system. */
  HTTP_CA_FILE("http.ca_file", ""),
  /** Which internal addresses may be the Okta URL: none (for production servers), loopback (this machine, for tests, where plain http is allowed), or all (private networks too). */
  OKTA_INTERNAL_ADDRESSES("okta.internal_addresses", "loopback"),
  /** Scopes to request, separated by blanks; if empty, the scopes of the switched-on features. */
  OAUTH_SCOPES("oauth.scopes", ""),
  /** Longest wait for an answer of the token endpoint, in seconds; shorter than the grace period of a rotated refresh token. */
  OAUTH_TIMEOUT_SECONDS("oauth.timeout_seconds", "10"),
  /** Longest time from the begin of a sign-in until Okta sends the user back, in seconds. */
  OAUTH_AUTHORIZATION_LIFETIME_SECONDS("oauth.authorization_lifetime_seconds", "900"),
  /** File with a second copy of the encrypted credential, for the nodes of a cluster that share one sign-in; empty for none. */
  CREDENTIALS_MIRROR_FILE("credentials.mirror_file", ""),
  /** How long opening waits for another owner of the directory to close it, in seconds. */
  DIRECTORY_LOCK_WAIT_SECONDS("directory.lock_wait_seconds", "0"),
  /** How many times one request is tried before the run is interrupted. */
  RETRY_MAX_ATTEMPTS("retry.max_attempts", "8"),
  /** First wait before a retry, in milliseconds; it doubles with each attempt. */
  RETRY_BASE_DELAY_MS("retry.base_delay_ms", "500"),
  /** Longest wait before a retry that Okta did not ask for, in seconds. */
  RETRY_MAX_DELAY_SECONDS("retry.max_delay_seconds", "60"),
  /** Longest wait for a rate-limit window, in seconds, even if Okta names a later reset. */
  RATE_LIMIT_MAX_WAIT_SECONDS("rate_limit.max_wait_seconds", "120"),
  /** Share of each rate limit that is left to other clients of the org, in percent. */
  RATE_LIMIT_RESERVE_PERCENT("rate_limit.reserve_percent", "10"),
  /** Number of users on one page; smaller for some time after a time-out of Okta. */
  SYNC_PAGE_SIZE("sync.page_size", "200"),
  /** Greatest number of simultaneous requests for users; smaller while Okta is slow or reports too many requests. */
  SYNC_MAX_IN_FLIGHT("sync.max_in_flight", "16"),
  /** An interrupted run that is older than this, in hours, is dropped, and a new run begins. */
  SYNC_RESUME_MAX_AGE_HOURS("sync.resume_max_age_hours", "24"),
  /** A sync in the mode auto is a full run if the last full run is older than this, in hours; 0 means always. */
  SYNC_FULL_EVERY_HOURS("sync.full_every_hours", "24"),
  /** How far before the last seen change a delta run begins to read, in seconds; it must be longer than the delay of Okta's search index. */
  SYNC_DELTA_OVERLAP_SECONDS("sync.delta_overlap_seconds", "300"),
  /** A run is refused if more than this share of the users disappeared, in percent. */
  SWEEP_MAX_ABSENT_PERCENT("sweep.max_absent_percent", "20"),
  /** A run is refused if more than this number of users disappeared. */
  SWEEP_MAX_ABSENT_USERS("sweep.max_absent_users", "10000"),
  /** A run is refused if one attribute became empty for more than this share of the users that had it, in percent. */
  SWEEP_MAX_CLEARED_PERCENT("sweep.max_cleared_percent", "50"),
  /** A run is refused if one attribute became empty for more than this number of users. */
  SWEEP_MAX_CLEARED_USERS("sweep.max_cleared_users", "20000"),
  /** Up to this number of users may always disappear, lose an attribute or lose their match, whatever the percentages are. */
  SWEEP_ALWAYS_ALLOWED_USERS("sweep.always_allowed_users", "10"),
  /** A hand-over of Jira users is refused if it removes more than this share of the Jira users, or ends more than this share of the matches, in percent. */
  SWEEP_MAX_JIRA_LOSS_PERCENT("sweep.max_jira_loss_percent", "20"),
  /** A hand-over of Jira users is refused if it removes more than this number of Jira users, or ends more than this number of matches. */
  SWEEP_MAX_JIRA_LOSS_USERS("sweep.max_jira_loss_users", "10000"),
  /** Absent users are erased after this many days, at the end of a complete run. */
  SWEEP_PURGE_AFTER_DAYS("sweep.purge_after_days", "30"),
  /** How long changes stay in the change feed, in days. */
  CHANGES_KEEP_DAYS("changes.keep_days", "400"),
  /** How many finished runs the history keeps. */
  RUNS_KEEP("runs.keep", "200"),
  /** Matching rules in order, separated by commas: login=username, email=email, login_local_part=username, attribute:NAME=username|email|key. */
  MATCHING_RULES("matching.rules", "login=username, email=email, login_local_part=username"),
  /** Which Okta users are stored: all, or only users that are or could be tied to a Jira user (matched). */
  RETAIN("retain", "all"),
  /** Profile attributes to store, separated by commas; empty for all. Login, e-mail and the attributes that matching rules and managers need are always stored. */
  ATTRIBUTES_KEEP("attributes.keep", ""),
  /** Profile attributes that are never stored, separated by commas, even if attributes.keep names them. */
  ATTRIBUTES_DROP("attributes.drop", ""),
  /** Profile attributes with an index, separated by commas: users are found by them quickly. A search by another attribute reads the profiles of all matched users. */
  ATTRIBUTES_INDEXED("attributes.indexed", "department"),
  /** Whether groups and their members are read; needs the scope okta.groups.read or a role that may view groups. */
  GROUPS_SYNC("groups.sync", "off"),
  /** Types of the groups that are read, separated by commas; empty for every type. */
  GROUPS_TYPES("groups.types", "OKTA_GROUP, APP_GROUP, BUILT_IN"),
  /** Only groups whose name begins with this text are read; upper and lower case are equal; empty for all. */
  GROUPS_NAME_PREFIX("groups.name_prefix", ""),
  /** Whether listings leave out groups without a member that is tied to a Jira user. */
  GROUPS_ONLY_WITH_MATCHED_MEMBERS("groups.only_with_matched_members", "off"),
  /** After this many hours all groups are listed again, which finds deleted ones; until then only groups that changed are listed. */
  GROUPS_WHOLE_LISTING_AFTER_HOURS("groups.whole_listing_after_hours", "24"),
  /** Where Okta's events come from: nowhere (off); the System Log, which is polled (log); or an event hook, which sends them to an address of this side (hook). */
  LIVE("live", "off"),
  /** With live=log, the time between two polls of the System Log, in seconds; longer if polls would take more than a quarter of its rate limit. */
  LIVE_INTERVAL_SECONDS("live.interval_seconds", "15"),
  /** With live=hook, the name of the header in which Okta sends the secret; it cannot be Authorization, which servers and gateways interpret themselves. */
  LIVE_SECRET_HEADER("live.secret_header", "X-Okta-Profiles-Secret"),
  /** Whether user types and schemas are read, for titles of attributes; needs the scope okta.schemas.read, and okta.userTypes.read for types other than the default one, or a role that may view them. */
  SCHEMAS_SYNC("schemas.sync", "on"),
  /** User types and schemas are read again after this many hours. */
  SCHEMAS_MAX_AGE_HOURS("schemas.max_age_hours", "24"),
  /** Profile attribute that names the manager of a user; empty for none. */
  MANAGERS_ATTRIBUTE("managers.attribute", "managerId"),
  /** What managers.attribute contains: id (Okta's), login or email of the manager, or the name of a profile attribute such as employeeNumber. */
  MANAGERS_REFERS_TO("managers.refers_to", "login");

  private final String key;
  private final String byDefault;

  SettingKey(String key, String byDefault) {
    this.key = key;
    this.byDefault = byDefault;
  }

  /** As {@link OktaProfiles#set} and the command line take it. */
  public String key() {
    return key;
  }

  /** What holds while nothing was set. */
  public String byDefault() {
    return byDefault;
  }
}
