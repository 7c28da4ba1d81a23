package com.atlassian.crowd.event.directory;

/** A user directory of Jira was removed, with all its users. */
public class DirectoryDeletedEvent {}
