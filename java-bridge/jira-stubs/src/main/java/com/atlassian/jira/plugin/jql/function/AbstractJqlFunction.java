package com.atlassian.jira.plugin.jql.function;

import com.atlassian.jira.JiraDataType;
import com.atlassian.jira.jql.operand.QueryLiteral;
import com.atlassian.jira.jql.query.QueryCreationContext;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.util.MessageSet;
import com.atlassian.query.clause.TerminalClause;
import com.atlassian.query.operand.FunctionOperand;
import java.util.List;

/** The base of JQL functions. */
public abstract class AbstractJqlFunction {
  private JqlFunctionModuleDescriptor descriptor;

  public void init(JqlFunctionModuleDescriptor moduleDescriptor) {
    descriptor = moduleDescriptor;
  }

  public String getFunctionName() {
    return descriptor.getFunctionName();
  }

  public boolean isList() {
    return descriptor.isList();
  }

  public abstract MessageSet validate(ApplicationUser searcher, FunctionOperand operand, TerminalClause clause);

  public abstract List<QueryLiteral> getValues(
      QueryCreationContext context, FunctionOperand operand, TerminalClause clause);

  public abstract int getMinimumNumberOfExpectedArguments();

  public abstract JiraDataType getDataType();
}
