/**
 * Okta profiles for other plugins of Jira and for ScriptRunner. The package has a version of its own, by the rules of
 * semantic versioning: what works with 1.0 works with every 1.x.
 *
 * <p>A plugin names it in its manifest and asks OSGi for the service:
 *
 * <pre>{@code
 * Import-Package: com.mumosystems.oktaprofiles.api;version="[1,2)";resolution:=optional
 * }</pre>
 *
 * <pre>{@code
 * OktaDirectory okta = ComponentAccessor.getOSGiComponentInstanceOfType(OktaDirectory.class);
 * String department = okta.profileOfJiraUser(user.getKey())
 *     .flatMap(profile -> profile.text("department"))
 *     .orElse("unknown");
 * }</pre>
 *
 * <p>Whoever shows something to a person asks as that person, so that an administrator's choice of what may be seen
 * holds there, too:
 *
 * <pre>{@code
 * okta.asSeenBy(viewer.getKey()).profileOfJiraUser(user.getKey());
 * }</pre>
 */
package com.mumosystems.oktaprofiles.api;
