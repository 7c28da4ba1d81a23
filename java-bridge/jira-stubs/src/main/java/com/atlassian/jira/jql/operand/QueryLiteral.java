package com.atlassian.jira.jql.operand;

import com.atlassian.query.operand.Operand;

/** A value that a JQL operand stands for. */
public class QueryLiteral {
  private final Operand source;
  private final String value;

  public QueryLiteral(Operand source, String value) {
    this.source = source;
    this.value = value;
  }

  public Operand getSourceOperand() {
    return source;
  }

  public String getStringValue() {
    return value;
  }
}
