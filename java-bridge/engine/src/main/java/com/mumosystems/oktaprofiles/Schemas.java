package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativeSchemas;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.List;

/**
 * User types and the attributes of their profiles, as the last syncs read them. Empty until then, and as long
 * as the credential may not read schemas. Safe from any thread, see {@link OktaProfiles#schemas}.
 */
public final class Schemas {
  private final OktaProfiles okta;

  Schemas(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * The user types of the org.
   *
   * @return the types, in Okta's order
   */
  public List<UserType> userTypes() {
    return Reply.read(NativeSchemas.userTypes(okta.id())).map(Schemas::userType);
  }

  /**
   * The attributes that profiles of a type may have.
   *
   * @param typeId {@link OktaUser#typeId}; null, or one that is not known, for the default type
   * @return the attributes, in Okta's order, base attributes first
   */
  public List<Attribute> attributes(String typeId) {
    byte[] type = typeId == null ? null : utf8(typeId);
    return Reply.read(NativeSchemas.attributes(okta.id(), type)).map(Schemas::attribute);
  }

  /**
   * The profile of an Okta user under titles instead of keys, in the order of the schema of its type.
   *
   * @param oktaId Okta's user id; {@link ErrorCode#NOT_FOUND} is thrown if there is none
   * @return its attributes; those that the schema does not have come last
   */
  public List<TitledValue> titledProfile(String oktaId) {
    return Reply.read(NativeSchemas.titledProfile(okta.id(), utf8(oktaId))).map(Schemas::titled);
  }

  private static UserType userType(Page.Row row) {
    return new UserType(
        row.text(Column.TYPE_ID),
        row.text(Column.USER_TYPE_NAME),
        row.text(Column.USER_TYPE_DISPLAY_NAME),
        row.text(Column.USER_TYPE_DESCRIPTION),
        row.truth(Column.USER_TYPE_IS_DEFAULT),
        row.text(Column.SCHEMA_ID),
        row.time(Column.SCHEMA_LAST_UPDATED));
  }

  private static Attribute attribute(Page.Row row) {
    return new Attribute(
        row.text(Column.ATTRIBUTE_NAME),
        row.text(Column.ATTRIBUTE_TITLE),
        row.text(Column.ATTRIBUTE_DESCRIPTION),
        row.text(Column.ATTRIBUTE_TYPE),
        row.text(Column.ATTRIBUTE_ITEMS_TYPE),
        row.text(Column.ATTRIBUTE_FORMAT),
        row.truth(Column.ATTRIBUTE_IS_CUSTOM),
        row.truth(Column.ATTRIBUTE_IS_REQUIRED),
        Math.toIntExact(row.number(Column.ATTRIBUTE_ORDER)),
        row.text(Column.ATTRIBUTE_ENUM));
  }

  static TitledValue titled(Page.Row row) {
    return new TitledValue(
        row.text(Column.ATTRIBUTE_NAME), row.text(Column.ATTRIBUTE_TITLE), row.text(Column.ATTRIBUTE_VALUE));
  }
}
