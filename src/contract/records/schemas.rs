//! User types, attributes and titled values.

use super::form::{RecordForm, field};
use crate::contract::columns::Column as C;
use crate::contract::page::{Cell, Page};
use crate::model::{Attribute, TitledValue, UserType};

/// A user type.
pub static USER_TYPE: RecordForm<UserType> = RecordForm {
    java: "UserType",
    about: "A user type of the org. A user has the id of its type.",
    fields: &[
        field("id", C::TypeId, |of| (&of.id).into()),
        field("name", C::UserTypeName, |of| (&of.name).into()),
        field("display_name", C::UserTypeDisplayName, |of| {
            (&of.display_name).into()
        }),
        field("description", C::UserTypeDescription, |of| {
            of.description.as_ref().into()
        }),
        field("is_default", C::UserTypeIsDefault, |of| of.is_default.into()),
        field("schema_id", C::SchemaId, |of| (&of.schema_id).into()),
        field("last_updated", C::SchemaLastUpdated, |of| of.last_updated.into()),
    ],
};

/// An attribute of a type.
pub static ATTRIBUTE: RecordForm<Attribute> = RecordForm {
    java: "Attribute",
    about: "An attribute that profiles of a user type may have.",
    fields: &[
        field("name", C::AttributeName, |of| (&of.name).into()),
        field("title", C::AttributeTitle, |of| (&of.title).into()),
        field("description", C::AttributeDescription, |of| {
            of.description.as_ref().into()
        }),
        field("type", C::AttributeType, |of| (&of.kind).into()),
        field("items_type", C::AttributeItemsType, |of| {
            of.items_type.as_ref().into()
        }),
        field("format", C::AttributeFormat, |of| of.format.as_ref().into()),
        field("custom", C::AttributeIsCustom, |of| of.custom.into()),
        field("required", C::AttributeIsRequired, |of| of.required.into()),
        field("order", C::AttributeOrder, |of| of.order.into()),
        field("enum_values_json", C::AttributeEnum, |of| {
            // Texts and valid JSON can always be written as JSON.
            serde_json::to_string(&of.enum_values).map_or(Cell::from("[]"), Cell::from)
        }),
    ],
};

/// An attribute of one user with its title.
pub static TITLED_VALUE: RecordForm<TitledValue> = RecordForm {
    java: "TitledValue",
    about: "An attribute of one user, with the title that people read.",
    fields: &[
        field("name", C::AttributeName, |of| (&of.name).into()),
        field("title", C::AttributeTitle, |of| (&of.title).into()),
        field("value_json", C::AttributeValue, |of| of.value.get().into()),
    ],
};

/// User types.
pub fn user_types(types: &[UserType]) -> Page {
    USER_TYPE.page(types)
}

/// Attributes of a type.
pub fn attributes(attributes: &[Attribute]) -> Page {
    ATTRIBUTE.page(attributes)
}

/// The attributes of one user with their titles.
pub fn titled_profile(values: &[TitledValue]) -> Page {
    TITLED_VALUE.page(values)
}
