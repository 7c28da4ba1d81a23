//! Entry points of the fuzz targets: header fields from servers and proxies, and the proxy settings.

use std::time::Duration;

use crate::contract::settings::Settings;
use crate::http::proxy::ProxyRules;
use crate::http::rate_limit::RateHeaders;
use crate::http::{Headers, link_header, proxy_login};

pub(crate) fn fields(text: &str) {
    let named = |name: &'static str| -> Headers { text.lines().map(|line| (name, line)).collect() };
    // An error is as good as a result here: only panics count.
    drop(link_header::next(&named("link")));
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let rate = RateHeaders::parse(&fields.collect());
    let longest = Duration::from_secs(60);
    assert!(rate.until_reset(longest).is_none_or(|wait| wait <= longest));
    drop(proxy_login::unsupported(&proxy_login::offered(text)));
}

pub(crate) fn proxy(proxy: &str, direct: &str) {
    let mut settings = Settings::default();
    if settings.set("http.proxy", proxy).is_ok() && settings.set("http.no_proxy", direct).is_ok() {
        drop(ProxyRules::from_settings(&settings));
    }
}
