/** A stage for the plugin: its pages and panels in Tomcat, for people and for browser tests. Never shipped. */
package com.mumosystems.oktaprofiles.jira.harness;
