// Overview: whether all is well, in figures that link to the people behind them, and what to do if not.

import { get } from './api.js';
import { byId, el, fill, message } from './dom.js';
import { connected } from './connection.js';
import { freshness } from './live_state.js';
import { trend } from './trend.js';
import { number, plural, t, tOr, when } from './texts.js';

/** How many people are listed; the directory with the same filter shows all. */
const LISTED = 10;

let asked = 0;

export async function show() {
  asked += 1;
  const mine = asked;
  const [connection, state, settings, orphaned, live] = await Promise.all([
    get('api/connection'),
    get('api/sync'),
    get('api/settings'),
    get('api/directory', { view: 'orphaned', limit: LISTED + 1 }),
    get('api/live'),
  ]);
  // An answer that arrives after a newer request is dropped.
  if (mine !== asked) {
    return;
  }
  fill(byId('overview-state'), health(connection, state));
  fill(byId('overview-live'), liveLine(live));
  fill(byId('overview-figures'), figures(state.statistics));
  fill(byId('chart'), trend(state.runs));
  showOrphaned(orphaned.rows);
  const found = warnings(connection, state, settings);
  fill(byId('overview-warnings'), found.length ? found : el('li', { class: 'okp-empty' }, t('overview.warnings.none')));
}

/** How up to date live keeps the directory between runs, with a link to where it can be repaired. */
function liveLine(live) {
  if (live.source === 'off') {
    return [];
  }
  return [live.problem ? t('overview.live.problem') : freshness(live), ' ', el('a', { href: '#/live' }, t('overview.live.go'))];
}

/** The most important problem; if there is none, that all is well. */
function health(connection, { statistics, running, lastError }) {
  if (!connected(connection)) {
    return message('info', t('overview.connect'), t('overview.connect.text'), step('connection', 'overview.connect.go'));
  }
  if (connection.status.problem) {
    return message('error', t('overview.broken'), tOr(`connect.problem.${connection.status.problem}`, t('connect.problem.other', connection.status.problem)),
      step('connection', 'overview.broken.go'));
  }
  if (running) {
    return message('info', t('overview.running'), '', step('sync', 'overview.running.go'));
  }
  if (!statistics.freshAsOf) {
    return message('info', t('overview.first'), t('overview.first.text'), step('sync', 'overview.first.go'));
  }
  if (lastError && lastError.code !== CANCELLED) {
    return message('warning', t('outcome.failed'), lastError.message, step('sync', 'overview.running.go'));
  }
  return message('success', t('overview.well'), t('overview.well.text', connection.orgUrl.replace('https://', ''), when(statistics.freshAsOf)));
}

/** The code of a run that an administrator cancelled, which is not a failure. */
const CANCELLED = 104;

function step(section, words) {
  return el('p', {}, el('a', { class: 'aui-button', href: `#/${section}` }, t(words)));
}

/** Figures, each with a link to the people that it counts. */
function figures({ oktaUsers, absentUsers, orphanedUsers, byStatus, matches, freshAsOf }) {
  if (!freshAsOf) {
    return [];
  }
  return [
    ['all', oktaUsers],
    ['matched', matches.matched + matches.pinned],
    ['ambiguous', matches.oktaAmbiguous],
    ['okta_only', matches.oktaOnly],
    ['jira_only', matches.jiraOnly],
    ['jira_ambiguous', matches.jiraAmbiguous],
    ['deactivated', byStatus.DEPROVISIONED || 0],
    ['orphaned', orphanedUsers],
    ['absent', absentUsers],
  ].map(([view, count]) =>
    el('li', {}, el('a', { class: 'okp-figure', href: `#/directory?view=${view}` },
      el('strong', {}, number(count)), ' ', el('span', {}, t(`overview.figure.${view}`)))));
}

function showOrphaned(rows) {
  const people = rows.slice(0, LISTED).map(({ okta, jira }) =>
    el('li', {}, el('a', { href: `#/directory/${encodeURIComponent(okta.id)}` }, okta.name), ' ',
      el('span', { class: 'okp-subtle' }, t('overview.orphaned.as', jira.username))));
  if (rows.length > LISTED) {
    people.push(el('li', {}, el('a', { href: '#/directory?view=orphaned' }, t('overview.orphaned.all'))));
  }
  fill(byId('orphaned'), people.length ? people : el('li', { class: 'okp-empty' }, t('overview.orphaned.none')));
}

/** What could be better, each with a link to where it can be changed. */
function warnings({ status }, { runs, statistics, schedule }, settings) {
  const found = [];
  const add = (text, section, words) =>
    found.push(el('li', {}, text, section ? [' ', el('a', { href: `#/${section}` }, t(words))] : null));
  if (status?.signInWarning) {
    add(t('connect.warning.text', when(status.signInEnds)), 'connection', 'overview.broken.go');
  }
  const last = runs.find((run) => run.state === 'complete');
  for (const warning of last?.warnings || []) {
    add(warning);
  }
  const failures = runs.findIndex((run) => run.state === 'complete');
  if (failures >= 3) {
    add(plural('overview.failures', failures), 'sync', 'overview.running.go');
  }
  if (statistics.freshAsOf && statistics.matches.oktaAmbiguous > 0) {
    add(plural('overview.ambiguous', statistics.matches.oktaAmbiguous), 'directory?view=ambiguous', 'overview.ambiguous.go');
  }
  if (statistics.freshAsOf && schedule.minutes === 0) {
    add(t('overview.no-schedule'), 'settings', 'overview.no-schedule.go');
  }
  if (statistics.freshAsOf && !settings.visibleToGroup) {
    add(t('overview.nobody-sees'), 'display', 'overview.nobody-sees.go');
  }
  return found;
}
