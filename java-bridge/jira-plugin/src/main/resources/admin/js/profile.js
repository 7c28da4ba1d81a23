// One Okta user: attributes with their titles, groups, manager, history, and the match with a Jira user, which an
// administrator may decide here by hand.

import { get, post } from './api.js';
import { byId, busy, el, fill, fillPairs, lozenge, matchState, notice, noticeError, userStatus } from './dom.js';
import { changed } from './connection.js';
import { here } from './directory.js';
import { readTitles, ruleWords } from './rule_words.js';
import { changeItem } from './runs.js';
import { t, when } from './texts.js';

/** How many Jira users are offered. To find others, the user types a longer text. */
const FOUND = 20;

let user = {};
let asked = 0;

export async function show(oktaId) {
  asked += 1;
  const mine = asked;
  const [found, settings] = await Promise.all([get('api/directory/user', { oktaId }), get('api/settings'), readTitles()]);
  const { rows } = found.state.toLowerCase() === 'ambiguous' ? await get('api/directory/candidates', { oktaId }) : { rows: [] };
  // An answer that arrives after a newer request is dropped.
  if (mine !== asked) {
    return;
  }
  user = found;
  byId('back').href = here();
  const okta = user.okta;
  byId('profile-title').textContent = okta.name;
  fill(byId('profile-status'), userStatus(okta.status));
  byId('profile-login').textContent = [okta.login, user.absentSince ? t('profile.absent', when(user.absentSince)) : ''].filter(Boolean).join(' · ');
  fillPairs(byId('profile-attributes'), (user.attributes || []).map((attribute) => [attribute.title || attribute.name, shown(attribute.value)]));
  showGroups(user.groups || [], settings.groups.sync);
  showManager(user.manager, settings.managers.attribute);
  showHistory();
  showMatch(rows);
}

/** Shows what changed in Okta and what was decided here, newest first. */
function showHistory() {
  const changes = (user.history || []).map((change) => [change.at, changeItem(change, false)]);
  const decisions = (user.decisions || []).map((decision) => [decision.at, decided(decision)]);
  const items = [...decisions, ...changes].sort(([one], [other]) => new Date(other) - new Date(one)).map(([, item]) => item);
  fill(byId('profile-history'), items.length ? items : el('li', { class: 'okp-empty' }, t('profile.history.none')));
}

function decided({ made, jiraUser, by, at }) {
  const words = t(made ? 'profile.decided' : 'profile.undecided', jiraUser, by || t('profile.decided.forgotten'));
  return el('li', { class: 'okp-change' }, el('div', { class: 'okp-change-head' }, lozenge(t('match.pinned'), made ? 'success' : ''), ' ', el('span', {}, when(at))), el('p', {}, words));
}

/** A value of any JSON type in one line. */
function shown(value) {
  if (Array.isArray(value)) {
    return value.map(shown).join(', ');
  }
  if (typeof value === 'boolean') {
    return t(value ? 'yes' : 'no');
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

function showGroups(groups, read) {
  const items = groups.map((group) => el('li', {}, group.name));
  fill(byId('profile-groups'), items.length ? items : el('li', { class: 'okp-subtle' }, t(read ? 'profile.groups.none' : 'profile.groups.unread')));
}

/** Shows the manager; if the manager is not in the directory, the value in Okta. */
function showManager(manager, attribute) {
  const okta = manager?.okta;
  const named = (user.attributes || []).find(({ name }) => name === attribute);
  const why = named ? t('profile.manager.unknown', shown(named.value)) : t(attribute ? 'profile.manager.none' : 'profile.manager.unused');
  fill(
    byId('profile-manager'),
    okta
      ? el('a', { href: `#/directory/${encodeURIComponent(okta.id)}` }, okta.name)
      : el('span', { class: 'okp-subtle' }, why),
  );
}

function showMatch(candidates) {
  const { jira, rule, value } = user;
  const state = user.state.toLowerCase();
  const by = rule && state !== 'pinned' ? [t('profile.match.rule', ruleWords(rule), value || ''), el('br', {}), el('code', {}, rule)] : null;
  fill(
    byId('profile-match'),
    el('p', {}, matchState(state), ' ', jira ? el('span', {}, t('profile.match.jira', jira.displayName || jira.username, jira.username)) : t(`profile.match.${state}`)),
    by ? el('p', { class: 'okp-subtle' }, by) : null,
  );
  byId('unpin').hidden = state !== 'pinned';
  byId('pin-search').hidden = state !== 'okta_only' || Boolean(user.absentSince);
  byId('pin-query').value = '';
  showCandidates(candidates);
}

function showCandidates(rows) {
  byId('candidates').hidden = rows.length === 0;
  fill(byId('candidate-list'), rows.map(candidate));
}

/**
 * Searches Jira users without an Okta user by a part of their name, username or e-mail address, because no rule
 * found them.
 */
async function findJiraUsers() {
  const q = byId('pin-query').value.trim();
  if (q === '') {
    byId('pin-query').focus();
    return;
  }
  try {
    const { rows } = await get('api/directory', { view: 'jira_only', q, field: 'anywhere', limit: FOUND });
    showCandidates(rows);
    if (rows.length === 0) {
      notice(t('profile.pin.nobody'), 'warning');
    }
  } catch (error) {
    noticeError(error);
  }
}

function candidate({ jira }, index) {
  const id = `okp-candidate-${index}`;
  return el(
    'div',
    { class: 'radio' },
    el('input', { class: 'radio', type: 'radio', name: 'candidate', id, value: jira.key }),
    el('label', { for: id }, jira.displayName || jira.username, ' ', el('span', { class: 'okp-subtle' }, [jira.username, jira.email].filter(Boolean).join(' · '))),
  );
}

async function act(path, body, text) {
  try {
    await post(path, body);
    await show(user.okta.id);
    byId('profile-title').focus({ preventScroll: true });
    notice(text);
    changed();
  } catch (error) {
    noticeError(error);
  }
}

byId('candidates').addEventListener('submit', (event) => {
  event.preventDefault();
  const chosen = document.querySelector('#okp-candidates input[name=candidate]:checked');
  if (!chosen) {
    document.querySelector('#okp-candidates input[name=candidate]')?.focus();
    notice(t('profile.pin.choose'), 'warning');
    return;
  }
  busy(byId('pin'), () => act('api/directory/pin', { oktaId: user.okta.id, jiraKey: chosen.value }, t('profile.pin.done')));
});
byId('pin-search').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(byId('pin-find'), findJiraUsers);
});
byId('unpin').addEventListener('click', () =>
  busy(byId('unpin'), () => act('api/directory/unpin', { jiraKey: user.jira.key }, t('profile.unpin.done'))));
