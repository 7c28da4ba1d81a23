//! HTTP for requests to Okta.
