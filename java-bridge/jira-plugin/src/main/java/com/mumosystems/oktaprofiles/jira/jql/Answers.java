package com.mumosystems.oktaprofiles.jira.jql;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers answers to JQL, because Jira asks the same several times for one search. An answer holds for one state
 * of the directory only: a run, a match by hand or another node's snapshot empties this memory.
 */
final class Answers {
  /** The most users in an answer. Each one becomes a term of the search, and nobody reads a longer list. */
  static final int MOST = 5_000;

  /** How many answers are remembered. The longest ones take some megabytes together. */
  private static final int REMEMBERED = 32;

  // The key is name and value and not a Question, because the JDK remembers the last record class whose equals it
  // made, and with it the plugin's class loader.
  private final Map<List<String>, Answer> remembered =
      new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Answer> eldest) {
          return size() > REMEMBERED;
        }
      };
  private NodeDirectory source;
  private long generation;

  /** A question, in the words of JQL. */
  record Question(String name, String value) {}

  /**
   * The users that were found.
   *
   * @param keys Jira's user keys
   * @param capped whether there are more users than that
   */
  record Answer(List<String> keys, boolean capped) {}

  Answer of(NodeDirectory directory, Question question) {
    // Read before the directory is asked. If the directory changes in between, the answer is dropped too early and
    // never kept too long.
    long now = directory.generation();
    Answer known = known(directory, now, question);
    if (known != null) {
      return known;
    }
    Answer answer = ask(directory, question);
    keep(now, question, answer);
    return answer;
  }

  private synchronized Answer known(NodeDirectory directory, long now, Question question) {
    if (directory != source || now != generation) {
      remembered.clear();
      source = directory;
      generation = now;
    }
    return remembered.get(List.of(question.name(), question.value()));
  }

  private synchronized void keep(long now, Question question, Answer answer) {
    if (now == generation) {
      remembered.put(List.of(question.name(), question.value()), answer);
    }
  }

  private static Answer ask(NodeDirectory directory, Question question) {
    try {
      List<String> keys =
          directory.lookUp(engine -> engine.people().usersWhere(question.name(), question.value(), MOST + 1));
      return new Answer(keys.subList(0, Math.min(MOST, keys.size())), keys.size() > MOST);
    } catch (OktaProfilesException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return new Answer(List.of(), false);
      }
      throw e;
    }
  }
}
