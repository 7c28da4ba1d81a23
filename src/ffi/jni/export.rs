//! Exports, for Java. None of these calls uses the network.
//!
//! `NativeExport.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{self, bytes, engine, reply};
use crate::contract::columns::Column;
use crate::contract::records;
use crate::ffi::{selectors, wire};
use crate::model::Search;

/// The attributes that have a column each.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeExport_attributes(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    format: jint,
) -> jbyteArray {
    reply(env, |_| {
        let format = selectors::export_format(format)?;
        Ok(records::attribute_names(
            &engine(handle)?.export_attributes(format)?,
        ))
    })
}

/// One page of an export.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeExport_page(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    view: jint,
    format: jint,
    attributes: JByteArray<'_>,
    after: jlong,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let names = bytes(env, &attributes, "the attributes")?;
        let names = wire::read_texts(&names, Column::AttributeName)?;
        let (view, format) = (selectors::view(view)?, selectors::export_format(format)?);
        let limit = selectors::limit(limit)?;
        Ok(records::export_page(
            &engine(handle)?.export_page(view, format, &names, after, limit)?,
        ))
    })
}

/// One page of an exported search.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // What is searched, how it is written, and where it goes on.
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeExport_found(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    view: jint,
    field: jint,
    text: JByteArray<'_>,
    format: jint,
    attributes: JByteArray<'_>,
    after: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let names = bytes(env, &attributes, "the attributes")?;
        let names = wire::read_texts(&names, Column::AttributeName)?;
        let text = reply::text(env, &text, "the text")?;
        let after = reply::text(env, &after, "the cursor")?;
        let search = Search {
            view: selectors::view(view)?,
            field: selectors::search_field(field)?,
            text: &text,
        };
        let (format, limit) = (selectors::export_format(format)?, selectors::limit(limit)?);
        let page = engine(handle)?.export_found(search, format, &names, &after, limit)?;
        Ok(records::found_page(&page))
    })
}
