//! Okta's API: what is asked and how answers are read.
