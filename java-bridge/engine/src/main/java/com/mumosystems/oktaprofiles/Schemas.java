package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.NativeSchemas;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.List;

/**
 * User types and the attributes of their profiles, as the last syncs read them. Empty until then, and while the
 * credential may not read schemas. Safe from any thread, see {@link OktaProfiles#schemas}.
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
    return Reply.read(NativeSchemas.userTypes(okta.id())).map(Decode::userType);
  }

  /**
   * The attributes that profiles of a type may have.
   *
   * @param typeId {@link OktaUser#typeId}; null or an unknown id means the default type
   * @return the attributes, in Okta's order, base attributes first
   */
  public List<Attribute> attributes(String typeId) {
    byte[] type = typeId == null ? null : utf8(typeId);
    return Reply.read(NativeSchemas.attributes(okta.id(), type)).map(Decode::attribute);
  }

  /**
   * The profile of an Okta user with titles instead of keys, in the order of the schema of the user's type.
   *
   * @param oktaId Okta's user id; {@link ErrorCode#NOT_FOUND} is thrown if there is none
   * @return the attributes of the profile; those that the schema does not contain come last
   */
  public List<TitledValue> titledProfile(String oktaId) {
    return Reply.read(NativeSchemas.titledProfile(okta.id(), utf8(oktaId))).map(Decode::titledValue);
  }
}
