/**
 * Okta user profiles inside the JVM: {@link com.mumosystems.oktaprofiles.OktaProfiles} opens a directory file,
 * connects to an Okta org, validates, synchronizes and looks profiles up. Everything happens in a native
 * library that is part of the jar; this package has no other dependency.
 */
package com.mumosystems.oktaprofiles;
