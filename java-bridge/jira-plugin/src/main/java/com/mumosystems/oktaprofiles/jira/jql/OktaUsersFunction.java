package com.mumosystems.oktaprofiles.jira.jql;

import com.atlassian.jira.JiraDataType;
import com.atlassian.jira.JiraDataTypes;
import com.atlassian.jira.jql.operand.QueryLiteral;
import com.atlassian.jira.jql.query.QueryCreationContext;
import com.atlassian.jira.plugin.jql.function.AbstractJqlFunction;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.user.util.UserManager;
import com.atlassian.jira.util.MessageSet;
import com.atlassian.jira.util.MessageSetImpl;
import com.atlassian.query.clause.TerminalClause;
import com.atlassian.query.operand.FunctionOperand;
import com.atlassian.sal.api.message.I18nResolver;
import com.atlassian.sal.api.user.UserKey;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.panel.PanelAccess;
import java.util.List;
import java.util.Objects;

/**
 * {@code reporter in oktaUsers("department", "Sales")}: Jira users by an attribute of their Okta profile, by
 * {@code "group"} or by {@code "manager"}. Runs with every search, so it reads this node's directory only.
 */
public final class OktaUsersFunction extends AbstractJqlFunction {
  private static final int ARGUMENTS = 2;

  /** Made by Jira. */
  public OktaUsersFunction() {}

  @Override
  public MessageSet validate(ApplicationUser searcher, FunctionOperand operand, TerminalClause clause) {
    MessageSet messages = new MessageSetImpl();
    if (operand.getArgs().size() != ARGUMENTS) {
      messages.addErrorMessage(text("okta-profiles.jql.arguments"));
    } else if (!isGranted(searcher)) {
      messages.addErrorMessage(text("okta-profiles.jql.not-allowed"));
    } else {
      try {
        users(operand);
      } catch (OktaProfilesException e) {
        messages.addErrorMessage(e.getMessage());
      }
    }
    return messages;
  }

  @Override
  public List<QueryLiteral> getValues(QueryCreationContext context, FunctionOperand operand, TerminalClause clause) {
    boolean granted = context.isSecurityOverriden() || isGranted(context.getApplicationUser());
    if (operand.getArgs().size() != ARGUMENTS || !granted) {
      return List.of();
    }
    UserManager users = Plugin.current().host().require(UserManager.class);
    try {
      // Jira resolves user literals by name.
      return users(operand).stream()
          .map(users::getUserByKey)
          .filter(Objects::nonNull)
          .map(user -> new QueryLiteral(operand, user.getUsername()))
          .toList();
    } catch (OktaProfilesException e) {
      JiraLog.of(OktaUsersFunction.class)
          .log(System.Logger.Level.WARNING, "A search by Okta profile found nobody: {0}", e.getMessage());
      return List.of();
    }
  }

  private static List<String> users(FunctionOperand operand) {
    List<String> arguments = operand.getArgs();
    try {
      return Plugin.current().directory().use(engine -> engine.people().usersWhere(arguments.get(0), arguments.get(1)));
    } catch (OktaProfilesException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  private static boolean isGranted(ApplicationUser searcher) {
    Plugin plugin = Plugin.current();
    UserKey key = searcher == null ? null : new UserKey(searcher.getKey());
    return PanelAccess.isGranted(
        plugin.host().require(com.atlassian.sal.api.user.UserManager.class), key, plugin.settings().read());
  }

  private static String text(String key) {
    return Plugin.current().host().require(I18nResolver.class).getText(key);
  }

  @Override
  public int getMinimumNumberOfExpectedArguments() {
    return ARGUMENTS;
  }

  @Override
  public JiraDataType getDataType() {
    return JiraDataTypes.USER;
  }
}
