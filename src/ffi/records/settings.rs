//! Settings as rows.

use crate::contract::columns::Column as C;
use crate::contract::settings::SettingInForce;
use crate::ffi::page::{Cell, Page};

/// Settings with their values and where these come from.
pub fn settings(settings: &[SettingInForce]) -> Page {
    let mut page = Page::new(&[
        C::Name,
        C::Value,
        C::SettingSource,
        C::SettingDefault,
        C::SettingMeaning,
    ]);
    for setting in settings {
        page.push(vec![
            Cell::text(setting.key),
            Cell::text(&setting.value),
            Cell::text(setting.source.name()),
            Cell::text(setting.default),
            Cell::text(setting.meaning),
        ]);
    }
    page
}
