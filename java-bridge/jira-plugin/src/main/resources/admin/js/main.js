// The page as a whole: which section is shown, by the part of the address after #, and the facts in the head.

import { get } from './api.js';
import { byId, clearNotice, el, fillPairs, lozenge, noticeError } from './dom.js';
import { number, t, when } from './texts.js';
import { connected } from './connection.js';
import * as connect from './connect.js';
import * as credentials from './credentials.js';
import * as directory from './directory.js';
import * as display from './display.js';
import * as live from './live.js';
import * as network from './network.js';
import * as overview from './overview.js';
import * as profile from './profile.js';
import * as retention from './retention.js';
import * as rules from './rules.js';
import * as schedule from './schedule.js';
import * as support from './support.js';
import * as sync from './sync.js';

/** What each section loads when it is shown. `tab` is the item that is marked in the navigation. */
const SECTIONS = {
  overview: { tab: 'overview', show: overview.show },
  connection: { tab: 'connection', show: () => Promise.all([credentials.show(), connect.show(), network.show()]) },
  sync: { tab: 'sync', show: sync.show, leave: sync.leave },
  live: { tab: 'live', show: live.show, leave: live.leave },
  settings: { tab: 'settings', show: () => Promise.all([schedule.show(), rules.show(), retention.show()]) },
  directory: { tab: 'directory', show: directory.show },
  profile: { tab: 'directory', show: profile.show },
  display: { tab: 'display', show: display.show },
  support: { tab: 'support', show: support.show },
};

/** How often a section was opened. An answer that belongs to an earlier visit comes too late and is dropped. */
let visits = 0;
let shown;

/** `#/directory/ID` is a profile. Without a section, the overview is shown, or the connection if there is none yet. */
async function route() {
  const [, name, ...rest] = location.hash.split('?')[0].split('/');
  if (name === 'directory' && rest[0]) {
    return ['profile', decodeURIComponent(rest.join('/'))];
  }
  if (Object.hasOwn(SECTIONS, name)) {
    return [name, ''];
  }
  return [connected(await get('api/connection')) ? 'overview' : 'connection', ''];
}

/**
 * Shows a section only after it has loaded. So nobody types into a form whose settings are still being loaded, and
 * nobody saves over settings that could not be read.
 */
async function show() {
  visits += 1;
  const mine = visits;
  SECTIONS[shown]?.leave?.();
  const [name, argument] = await route().catch(() => ['connection', '']);
  if (mine !== visits) {
    return;
  }
  shown = name;
  clearNotice();
  for (const section of document.querySelectorAll('.okp-section')) {
    section.hidden = true;
  }
  byId('loading').hidden = false;
  for (const link of document.querySelectorAll('.okp-tabs a')) {
    const selected = link.hash === `#/${SECTIONS[name].tab}`;
    link.parentElement.classList.toggle('aui-nav-selected', selected);
    if (selected) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  const failure = await SECTIONS[name].show(argument).catch((error) => error);
  if (mine !== visits) {
    return;
  }
  byId('loading').hidden = true;
  if (failure instanceof Error) {
    noticeError(failure, wayOn(failure, SECTIONS[name].tab));
    return;
  }
  byId(name).hidden = false;
  // The focus moves into the opened section, for people who use the keyboard.
  if (mine > 1) {
    byId(`${name}-title`).focus({ preventScroll: true });
  }
}

/** The way out of an error. To try again helps only if something did not answer. */
function wayOn(failure, tab) {
  return failure.passes
    ? el('button', { type: 'button', class: 'aui-button', onclick: show }, t('error.again'))
    : el('a', { class: 'aui-button', href: `#/${tab}` }, t('error.back'));
}

/** The line in the head: which org, how many users, and how up to date. */
async function facts() {
  try {
    const [connection, state] = await Promise.all([get('api/connection'), get('api/sync', { statistics: 'no' })]);
    const finished = state.runs.find((run) => run.state === 'complete' && !run.dryRun);
    fillPairs(byId('facts'), [
      [t('facts.org'), connection.orgUrl ? connection.orgUrl.replace('https://', '') : ''],
      [t('facts.kind'), kind(connection)],
      [t('facts.users'), finished ? number(finished.present) : t('facts.none')],
      [t('facts.fresh'), finished ? when(finished.finished) : t('never')],
    ]);
  } catch {
    // The open section shows the problem; the head stays empty.
    fillPairs(byId('facts'), []);
  }
}

/**
 * The kind of connection, with a link to where it can be repaired while it will soon stop working, or when it has
 * stopped.
 */
function kind(connection) {
  if (!connected(connection)) {
    return lozenge(t('facts.not-connected'), '');
  }
  const name = t(`facts.${connection.kind}`);
  const { problem, signInWarning } = connection.status;
  const word = problem ? t('facts.problem') : signInWarning ? t('facts.sign-in-ends') : '';
  return word ? el('span', {}, name, ' ', el('a', { href: '#/connection' }, lozenge(word, problem ? 'error' : 'moved'))) : name;
}

window.addEventListener('hashchange', show);
document.addEventListener('okp-changed', facts);
await show();
await facts();
