/** The services of Jira in memory, for tests in OSGi and for the pages in a servlet container. Never shipped. */
package com.mumosystems.oktaprofiles.fakes;
