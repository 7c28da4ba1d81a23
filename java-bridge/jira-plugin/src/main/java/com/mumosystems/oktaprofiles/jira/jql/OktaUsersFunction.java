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
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.profile.Visibility;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * {@code reporter in oktaUsers("department", "Sales")}: Jira users by an attribute of their Okta profile, by {@code
 * "status"}, {@code "group"} or {@code "manager"}. {@link Visibility} decides who may search by what, because a
 * search reveals as much about a person as a panel. It runs with every search, so it reads only this node's
 * directory.
 */
public final class OktaUsersFunction extends AbstractJqlFunction {
  private static final int ARGUMENTS = 2;
  private static final Answers ANSWERS = new Answers();

  /** Jira calls this constructor. */
  public OktaUsersFunction() {}

  /** Asks the directory only if everything else is right. The answer is remembered for the search that follows. */
  @Override
  public MessageSet validate(ApplicationUser searcher, FunctionOperand operand, TerminalClause clause) {
    MessageSet messages = new MessageSetImpl();
    Plugin.running().ifPresentOrElse(
        plugin -> validate(plugin, searcher, operand, messages), () -> messages.addErrorMessage(Plugin.STOPPED));
    return messages;
  }

  private static void validate(
      Plugin plugin, ApplicationUser searcher, FunctionOperand operand, MessageSet messages) {
    Visibility visibility = Visibility.now(plugin);
    if (operand.getArgs().size() != ARGUMENTS) {
      messages.addErrorMessage(text(plugin, "okta-profiles.jql.arguments"));
    } else if (!visibility.admits(key(searcher))) {
      messages.addErrorMessage(text(plugin, "okta-profiles.jql.not-allowed"));
    } else if (!visibility.mayAsk(operand.getArgs().get(0))) {
      messages.addErrorMessage(text(plugin, "okta-profiles.jql.not-askable", String.join(", ", visibility.askable())));
    } else {
      warn(plugin, operand, messages);
    }
  }

  private static void warn(Plugin plugin, FunctionOperand operand, MessageSet messages) {
    try {
      if (users(plugin, operand).capped()) {
        messages.addWarningMessage(text(plugin, "okta-profiles.jql.capped", Answers.MOST));
      }
    } catch (OktaProfilesException e) {
      messages.addErrorMessage(text(plugin, "okta-profiles.panel.unavailable"));
    }
  }

  @Override
  public List<QueryLiteral> getValues(QueryCreationContext context, FunctionOperand operand, TerminalClause clause) {
    return Plugin.running().map(plugin -> values(plugin, context, operand)).orElse(List.of());
  }

  private static List<QueryLiteral> values(Plugin plugin, QueryCreationContext context, FunctionOperand operand) {
    if (operand.getArgs().size() != ARGUMENTS || !mayAsk(plugin, context, operand.getArgs().get(0))) {
      return List.of();
    }
    UserManager users = plugin.host().require(UserManager.class);
    try {
      // Jira looks up user literals by name.
      return users(plugin, operand).keys().stream()
          .map(users::getUserByKey)
          .filter(Objects::nonNull)
          .map(user -> new QueryLiteral(operand, user.getUsername()))
          .toList();
    } catch (OktaProfilesException e) {
      JiraLog.of(OktaUsersFunction.class)
          .log(System.Logger.Level.WARNING, "A search by Okta profile failed and finds nobody: {0}", e.getMessage());
      return List.of();
    }
  }

  /** Jira's own searches, which override security, have no user. The list of searchable names holds for them too. */
  private static boolean mayAsk(Plugin plugin, QueryCreationContext context, String name) {
    Visibility visibility = Visibility.now(plugin);
    boolean admitted = context.isSecurityOverriden()
        ? visibility.isOpen()
        : visibility.admits(key(context.getApplicationUser()));
    return admitted && visibility.mayAsk(name);
  }

  private static Answers.Answer users(Plugin plugin, FunctionOperand operand) {
    List<String> arguments = operand.getArgs();
    return ANSWERS.of(plugin.directory(), new Answers.Question(arguments.get(0), arguments.get(1)));
  }

  private static UserKey key(ApplicationUser user) {
    return user == null ? null : new UserKey(user.getKey());
  }

  private static String text(Plugin plugin, String key, Serializable... values) {
    return plugin.host().require(I18nResolver.class).getText(key, values);
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
