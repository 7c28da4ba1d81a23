//! The faults: everything bad that a test can make the simulated org do.
//!
//! One table gives each fault its name, its place, how often it happens, and a sentence. After a recoverable fault
//! a good client must still end with exactly the org's users. After a terminal fault it must refuse or fail
//! clearly. The faults of the token endpoint are separate, because a client with an API token never meets them.

/// The requests that a fault can affect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Every answer, the well-known document too.
    Everywhere,
    /// The well-known document.
    WellKnown,
    /// Everything under `/api/v1`.
    Api,
    /// The token endpoint.
    Token,
    /// Listings of users and groups.
    Listings,
    /// The users list.
    UsersList,
    /// The users list, when it carries a cursor.
    LaterPages,
    /// The users list, when it carries `search`.
    Searches,
}

/// How often a fault happens, among the requests that it can affect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// Every time.
    Always,
    /// Every n-th time; the retry of the affected request succeeds.
    Periodic,
}

/// Makes the enum and its functions from the table below.
macro_rules! faults {
    (recoverable { $($r:ident, $r_name:literal, $r_place:ident, $r_rhythm:ident, $r_text:literal;)* }
     terminal { $($t:ident, $t_name:literal, $t_place:ident, $t_rhythm:ident, $t_text:literal;)* }
     token { $($o:ident, $o_name:literal, $o_place:ident, $o_rhythm:ident, $o_text:literal;)* }) => {
        /// One way in which the org, or a proxy before it, misbehaves.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $(#[doc = $r_text] $r,)*
            $(#[doc = $t_text] $t,)*
            $(#[doc = $o_text] $o,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Fault] = &[$(Fault::$r,)* $(Fault::$t,)* $(Fault::$o,)*];

            /// Faults after which a client must still end with exactly the org's users.
            pub const RECOVERABLE: &'static [Fault] = &[$(Fault::$r,)*];

            /// Faults of the token endpoint; the periodic ones are recoverable.
            pub const TOKEN: &'static [Fault] = &[$(Fault::$o,)*];

            /// Faults that a client must answer by refusing or failing clearly.
            pub const TERMINAL: &'static [Fault] = &[$(Fault::$t,)*];

            /// The kebab-case name, as the command line and the control endpoint take it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Fault::$r => $r_name,)*
                    $(Fault::$t => $t_name,)*
                    $(Fault::$o => $o_name,)*
                }
            }

            /// One sentence that says what the fault does.
            pub fn describe(self) -> &'static str {
                match self {
                    $(Fault::$r => $r_text,)*
                    $(Fault::$t => $t_text,)*
                    $(Fault::$o => $o_text,)*
                }
            }

            pub(crate) fn place(self) -> Place {
                match self {
                    $(Fault::$r => Place::$r_place,)*
                    $(Fault::$t => Place::$t_place,)*
                    $(Fault::$o => Place::$o_place,)*
                }
            }

            pub(crate) fn rhythm(self) -> Rhythm {
                match self {
                    $(Fault::$r => Rhythm::$r_rhythm,)*
                    $(Fault::$t => Rhythm::$t_rhythm,)*
                    $(Fault::$o => Rhythm::$o_rhythm,)*
                }
            }
        }
    };
}

faults! {
    recoverable {
        FoldedLink, "folded-link", Listings, Always, "`Link` headers are folded into one line, comma separated.";
        NextBeforeSelf, "next-before-self", Listings, Always, "`rel=\"next\"` comes before `rel=\"self\"`.";
        DroppedParametersInNext, "dropped-parameters-in-next", Listings, Always, "The `next` URL carries only the cursor; all other parameters are dropped.";
        EmptyLastPage, "empty-last-page", Listings, Always, "After the last row comes one more page, empty.";
        ShortPages, "short-pages", UsersList, Always, "Pages hold fewer rows than asked for, now and then none, though there is a next page.";
        DuplicateRows, "duplicate-rows", LaterPages, Periodic, "Rows of the previous page appear again.";
        ServerError, "server-error", Api, Periodic, "500 E0000009.";
        TimeoutOnLargeLimit, "timeout-on-large-limit", UsersList, Always, "500 E0000009 whenever more than 100 rows are asked for.";
        HtmlBadGateway, "html-502", Api, Periodic, "502 with a proxy's HTML page.";
        HtmlOk, "html-200", Api, Periodic, "200 with a proxy's HTML page.";
        EmptyOk, "empty-200", Api, Periodic, "200 with an empty body.";
        TruncatedJson, "truncated-json", Api, Periodic, "`Content-Length` promises more than is sent before the connection closes.";
        CutJson, "cut-json", Api, Periodic, "A well-framed answer whose JSON stops in the middle.";
        UnendedBody, "unended-body", Listings, Periodic, "A valid list of half the rows whose end is never sent: HTTP/2 resets the stream without an error, HTTP/1.1 stops before the last chunk.";
        StalledBody, "stalled-body", Api, Periodic, "Half the body, then nothing for a while, then the connection closes.";
        ConnectionReset, "connection-reset", Api, Periodic, "The connection is reset instead of an answer.";
        SlowBody, "slow-body", Api, Periodic, "The body trickles in small pieces, complete in the end.";
        ServiceUnavailable, "service-unavailable", Api, Periodic, "503 E0000010 and 503 E0000100 by turns.";
        SearchUnparsable, "search-unparsable", Searches, Periodic, "409 E0000145 on a search: some users cannot be parsed.";
        InvalidCursor, "invalid-cursor", LaterPages, Periodic, "400 E0000031 `Invalid cursor.` on a valid cursor, once for each listing.";
        LostEnd, "lost-end", LaterPages, Periodic, "A page in the middle is empty and has no `next`.";
        MomentarilyRepeatedCursor, "momentarily-repeated-cursor", LaterPages, Periodic, "`next` carries the cursor of the page itself, once.";
        RateLimit, "rate-limit-429", Api, Periodic, "429 E0000047 with nothing left and a reset one second ahead.";
        Concurrency, "concurrency-429", Api, Periodic, "429 of the concurrency limit: limit 0, remaining 0, a reset a minute ahead.";
        SkewedClock, "skewed-clock", Everywhere, Always, "`Date` and `X-Rate-Limit-Reset` are both five hours ahead of the world.";
        LateClock, "late-clock", Everywhere, Always, "`Date` and `X-Rate-Limit-Reset` are both three hours behind the world.";
        ResetInThePast, "reset-in-the-past", Api, Always, "`X-Rate-Limit-Reset` lies two seconds before `Date`.";
        MissingRateHeaders, "missing-rate-headers", Api, Always, "No rate limit headers, not even on a 429.";
        MissingDateHeader, "missing-date-header", Everywhere, Always, "No `Date` header.";
        DuplicateRateHeaders, "duplicate-rate-headers", Api, Always, "Rate limit headers appear twice, with different numbers.";
        OddUsers, "odd-users", UsersList, Always, "Unknown status, no `_links` or `type`, null names, unknown fields, one empty profile.";
        DeepJson, "deep-json", UsersList, Always, "Some users carry an unknown field nested 100 levels deep.";
        RangeSearchRefused, "range-search-refused", Searches, Always, "A `search` that names `created` is refused: 400 E0000031.";
        UpdatedSearchRefused, "updated-search-refused", Searches, Always, "A `search` that names `lastUpdated` is refused: 400 E0000031.";
        UpdatedFilterRefused, "updated-filter-refused", UsersList, Always, "A `filter` that names `lastUpdated` is refused: 400 E0000053.";
        SortRefused, "sort-refused", Searches, Always, "A `search` with `sortBy` is refused: 400 E0000031.";
        SortIgnored, "sort-ignored", Searches, Always, "`sortBy` is ignored, and the rows of a search come in no order.";
        SortInvalid, "sort-invalid", Searches, Always, "A `search` with `sortBy` is refused: 400 E0000001.";
        StatusPrRefused, "status-pr-refused", Searches, Always, "`search=status pr` is refused: 400 E0000094.";
    }
    terminal {
        ForeignNext, "foreign-next", UsersList, Always, "`next` points to the attacker's host.";
        NextWithOtherScheme, "next-with-other-scheme", UsersList, Always, "`next` has the other scheme: http for https, or https for http.";
        RepeatedCursor, "repeated-cursor", UsersList, Always, "`next` carries the same cursor on every page.";
        EmptyCursor, "empty-cursor", Listings, Always, "`next` carries an empty cursor.";
        NextOfAnotherListing, "next-of-another-listing", Listings, Always, "`next` leads to groups from users, and from the members of a group to those of another.";
        EndlessEmptyPages, "endless-empty-pages", Listings, Always, "Every page is empty and has a `next` with a new cursor.";
        EndlessRepeatedRows, "endless-repeated-rows", Listings, Always, "Every page has one and the same row and a `next` with a new cursor.";
        PartialContent, "partial-206", Listings, Always, "206 with a part of the rows and no `next`.";
        CutListings, "cut-listings", UsersList, Always, "Listings end after their second page, though there is more.";
        EndlessBody, "endless-body", UsersList, Always, "A chunked body of two gigabytes.";
        AnnouncedHugeBody, "announced-huge-body", UsersList, Always, "A body of two gigabytes, announced by its `Content-Length`.";
        Redirect, "redirect", Api, Always, "302 to the attacker's host.";
        AlwaysServerError, "always-500", Api, Always, "500 E0000009 on every request.";
        AlwaysRateLimited, "always-429", Api, Always, "429 E0000047 on every request.";
        RoleLessEmpty, "role-less-empty", UsersList, Always, "200 `[]` on the users list, as for a service app without a role.";
        NotOkta, "not-okta", Everywhere, Always, "The host is not an Okta org: HTML and 404 everywhere.";
        DeactivatedOrg, "deactivated-org", Everywhere, Always, "404 everywhere with the body that deactivated orgs have, which carries no error code.";
        OrganizationServerError, "organization-500", WellKnown, Always, "500 E0000009 instead of the well-known document.";
        OrganizationBadGateway, "organization-502", WellKnown, Always, "502 with a proxy's HTML page instead of the well-known document.";
        OrganizationUnavailable, "organization-503", WellKnown, Always, "503 E0000010 instead of the well-known document.";
        OrganizationRateLimited, "organization-429", WellKnown, Always, "429 instead of the well-known document.";
        OrganizationReset, "organization-reset", WellKnown, Always, "The connection is reset instead of the well-known document.";
        OrganizationStalled, "organization-stalled", WellKnown, Always, "The well-known document is asked for and never comes.";
        OtherOrgId, "other-org-id", WellKnown, Always, "The well-known document contains another org id.";
        WrongJsonShape, "wrong-json-shape", Listings, Always, "Listings are an object instead of an array.";
        StalledForever, "stalled-forever", Api, Always, "Requests to the API are read and never answered.";
    }
    token {
        TokenServerError, "token-server-error", Token, Periodic, "500 `server_error`.";
        TokenUnavailable, "token-unavailable", Token, Periodic, "400 `temporarily_unavailable`, which the client did not cause.";
        TokenRateLimit, "token-429", Token, Periodic, "429 with the error body of the management API, and a reset one second ahead.";
        TokenUserRateLimit, "token-user-429", Token, Periodic, "429 `invalid_grant`: too many for one user; the grant is good.";
        TokenBadGateway, "token-html-502", Token, Periodic, "502 with a proxy's HTML page.";
        TokenReset, "token-reset", Token, Periodic, "The connection is reset before the request is looked at.";
        TokenLostResponse, "token-lost-response", Token, Periodic, "The request is processed, then the connection is reset instead of an answer.";
        TokenAlwaysServerError, "token-always-500", Token, Always, "500 `server_error` on every request.";
        TokenAlwaysRateLimited, "token-always-429", Token, Always, "429 on every request.";
        TokenRedirect, "token-redirect", Token, Always, "307 to the attacker's host, which asks to send the form there.";
        TokenGrantErrorIn500, "token-500-invalid-grant", Token, Periodic, "500 `invalid_grant`: a server in trouble, not the end of a grant.";
        TokenWithoutType, "token-without-type", Token, Always, "Tokens come without a `token_type`.";
        TokenOfOtherType, "token-of-other-type", Token, Always, "Tokens come with a `token_type` that nobody knows.";
        TokenUnbound, "token-unbound", Token, Always, "Tokens are of the type Bearer, whatever proof was sent.";
        TokenNotJson, "token-not-json", Token, Always, "200 with a proxy's HTML page.";
        TokenPartial, "token-206", Token, Always, "206 with a token that belongs to nobody, as a broken cache sends it.";
        TokenChanged, "token-203", Token, Always, "203 with a token that belongs to nobody: something on the way has changed the answer.";
    }
}

impl Fault {
    /// The fault of that name.
    pub fn parse(name: &str) -> Option<Fault> {
        Fault::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// Whether a client must still end with exactly the org's users.
    pub fn is_recoverable(self) -> bool {
        let of_tokens = Fault::TOKEN.contains(&self) && self.rhythm() == Rhythm::Periodic;
        of_tokens || Fault::RECOVERABLE.contains(&self)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_own_name() {
        for &fault in Fault::ALL {
            assert_eq!(Fault::parse(fault.name()), Some(fault));
        }
        assert_eq!(Fault::parse("no-such-fault"), None);
    }
}
