package com.atlassian.query.clause;

/** A clause with an operand. */
public interface TerminalClause {
  String getName();
}
