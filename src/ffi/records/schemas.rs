//! User types, attributes and titled values as rows.

use super::cells::{time, truth};
use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::{Attribute, TitledValue, UserType};

/// User types.
pub fn user_types(types: &[UserType]) -> Page {
    let mut page = Page::new(&[
        C::TypeId,
        C::UserTypeName,
        C::UserTypeDisplayName,
        C::UserTypeDescription,
        C::UserTypeIsDefault,
        C::SchemaId,
        C::SchemaLastUpdated,
    ]);
    for user_type in types {
        page.push(vec![
            Cell::text(&user_type.id),
            Cell::text(&user_type.name),
            Cell::text(&user_type.display_name),
            Cell::optional_text(user_type.description.as_deref()),
            truth(user_type.is_default),
            Cell::text(&user_type.schema_id),
            time(user_type.last_updated),
        ]);
    }
    page
}

/// Attributes of a type.
pub fn attributes(attributes: &[Attribute]) -> Page {
    let mut page = Page::new(&[
        C::AttributeName,
        C::AttributeTitle,
        C::AttributeDescription,
        C::AttributeType,
        C::AttributeItemsType,
        C::AttributeFormat,
        C::AttributeIsCustom,
        C::AttributeIsRequired,
        C::AttributeOrder,
        C::AttributeEnum,
    ]);
    for attribute in attributes {
        // Texts and valid JSON always serialize.
        let values = serde_json::to_string(&attribute.enum_values).unwrap_or_else(|_| "[]".to_owned());
        page.push(vec![
            Cell::text(&attribute.name),
            Cell::text(&attribute.title),
            Cell::optional_text(attribute.description.as_deref()),
            Cell::text(&attribute.kind),
            Cell::optional_text(attribute.items_type.as_deref()),
            Cell::optional_text(attribute.format.as_deref()),
            truth(attribute.custom),
            truth(attribute.required),
            Cell::count(attribute.order),
            Cell::text(&values),
        ]);
    }
    page
}

pub(super) const TITLED: &[C] = &[C::AttributeName, C::AttributeTitle, C::AttributeValue];

/// The attributes of one user under their titles.
pub fn titled_profile(values: &[TitledValue]) -> Page {
    let mut page = Page::new(TITLED);
    values.iter().for_each(|value| page.push(titled_cells(value)));
    page
}

pub(super) fn titled_cells(value: &TitledValue) -> Vec<Cell> {
    vec![
        Cell::text(&value.name),
        Cell::text(&value.title),
        Cell::text(value.value.get()),
    ]
}
