// The directory: filter, search, rows page by page, CSV.

import { address, get } from './api.js';
import { announce, busy, byId, el, fill, matchState, noticeError, userStatus } from './dom.js';
import { readTitles, ruleWords } from './rule_words.js';
import { number, plural, t } from './texts.js';

/** The filters; their names are those of the engine's views. A search stays within the filter. */
const VIEWS = ['all', 'matched', 'ambiguous', 'okta_only', 'jira_only', 'jira_ambiguous', 'deactivated', 'orphaned', 'absent'];
const ROWS_A_PAGE = 50;
/** The most rows that the server returns at once. */
const MOST_ROWS = 500;

let view = 'all';
let query = '';
let next = null;
let asked = 0;

/** Filter and search are in the address, so a user can send it to somebody, and the Back button works. */
export async function show() {
  const parameters = new URLSearchParams(location.hash.split('?')[1] || '');
  view = VIEWS.includes(parameters.get('view')) ? parameters.get('view') : 'all';
  query = parameters.get('q') || '';
  byId('query').value = query;
  byId('field').value = parameters.get('field') || 'anywhere';
  const rows = Math.min(MOST_ROWS, Number(parameters.get('rows')) || ROWS_A_PAGE);
  await readTitles();
  await Promise.all([showFilters(), load(rows)]);
}

/** The address of the directory with its last filter, search and number of rows. */
export function here() {
  const rows = byId('rows').tBodies[0].rows.length;
  const parameters = { view: view === 'all' ? '' : view, q: query, field: query ? byId('field').value : '', rows: rows > ROWS_A_PAGE ? rows : '' };
  const given = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();
  return `#/directory${given ? `?${given}` : ''}`;
}

async function showFilters() {
  const { statistics } = await get('api/sync');
  const { matches, byStatus } = statistics;
  const counts = {
    all: statistics.oktaUsers,
    matched: matches.matched + matches.pinned,
    ambiguous: matches.oktaAmbiguous,
    okta_only: matches.oktaOnly,
    jira_only: matches.jiraOnly,
    jira_ambiguous: matches.jiraAmbiguous,
    deactivated: byStatus.DEPROVISIONED || 0,
    orphaned: statistics.orphanedUsers,
    absent: statistics.absentUsers,
  };
  fill(
    byId('views'),
    VIEWS.map((name) => {
      const count = counts[name];
      const shown = count === undefined ? null : el('span', { class: 'okp-count', 'aria-hidden': 'true' }, number(count));
      const properties = { type: 'button', class: 'aui-button', 'aria-pressed': String(name === view), 'data-view': name, onclick: () => choose(name) };
      return el('button', { ...properties, title: count === undefined ? null : plural('directory.count', count) }, t(`view.${name}`), shown);
    }),
  );
}

function choose(name) {
  view = name;
  for (const button of byId('views').children) {
    button.setAttribute('aria-pressed', String(button.dataset.view === view));
  }
  load();
}

/** Loads the first page again. An answer that arrives after a newer request is dropped. */
async function load(rows = ROWS_A_PAGE) {
  asked += 1;
  const mine = asked;
  byId('csv').href = address('api/directory.csv', { view, q: query, field: query ? byId('field').value : '' });
  byId('rows').setAttribute('aria-busy', 'true');
  try {
    const answer = await page('', rows);
    if (mine === asked) {
      fill(byId('rows').tBodies[0]);
      append(answer);
    }
  } catch (error) {
    noticeError(error);
  } finally {
    if (mine === asked) {
      byId('rows').removeAttribute('aria-busy');
    }
  }
}

function page(after, limit = ROWS_A_PAGE) {
  return get('api/directory', { view, q: query, field: query ? byId('field').value : '', after, limit });
}

function append(answer) {
  const body = byId('rows').tBodies[0];
  body.append(...answer.rows.map(row));
  next = answer.next || null;
  const empty = body.rows.length === 0;
  byId('rows').hidden = empty;
  byId('rows-empty').hidden = !empty;
  fill(byId('rows-empty'), query ? t(byId('field').value === 'anywhere' ? 'directory.nobody.anywhere' : 'directory.nobody') : nobody());
  byId('more').hidden = next === null;
  history.replaceState(null, '', here());
  showOthers();
  announce(plural(next === null ? 'directory.shown' : 'directory.shown-more', body.rows.length));
}

/**
 * Shows users of Jira without an Okta user that the search finds, because the list of Okta users does not contain
 * them.
 */
async function showOthers() {
  fill(byId('rows-others'));
  if (view !== 'all' || query === '' || next !== null) {
    return;
  }
  const mine = asked;
  const parameters = { view: 'jira_only', q: query, field: byId('field').value };
  const { rows, next: further } = await get('api/directory', { ...parameters, limit: ROWS_A_PAGE }).catch(() => ({ rows: [] }));
  if (mine === asked && rows.length > 0) {
    const words = further ? t('directory.others.many', number(rows.length)) : plural('directory.others', rows.length);
    fill(byId('rows-others'), el('a', { href: `#/directory?${new URLSearchParams(parameters)}` }, words));
  }
}

/** The text for an empty list: an empty filter is good news, and without any filter the directory was never filled. */
function nobody() {
  return view === 'all'
    ? [t('directory.empty'), ' ', el('a', { href: '#/sync' }, t('directory.empty.go'))]
    : t('directory.none');
}

function row({ okta, jira, state, rule, candidates }) {
  return el(
    'tr',
    { 'data-okta-id': okta?.id, 'data-jira-key': jira?.key },
    okta
      ? el('td', {}, el('a', { href: `#/directory/${encodeURIComponent(okta.id)}` }, okta.name), el('div', { class: 'okp-subtle' }, okta.login || ''))
      : el('td', { class: 'okp-subtle' }, candidates ? plural('directory.candidates', candidates) : t('directory.no-okta')),
    el('td', {}, okta ? userStatus(okta.status) : ''),
    jira
      ? el('td', {}, jira.displayName || jira.username, el('div', { class: 'okp-subtle' }, jira.username))
      : el('td', { class: 'okp-subtle' }, candidates ? plural('directory.candidates', candidates) : t('directory.no-jira')),
    el('td', {}, matchState(state), rule && state.toLowerCase() !== 'pinned' ? el('div', { class: 'okp-subtle', title: rule }, ruleWords(rule)) : null),
  );
}

async function more() {
  try {
    const first = byId('rows').tBodies[0].rows.length;
    append(await page(next));
    byId('rows').tBodies[0].rows[first]?.querySelector('a')?.focus();
  } catch (error) {
    noticeError(error);
  }
}

byId('search-form').addEventListener('submit', (event) => {
  event.preventDefault();
  query = byId('query').value.trim();
  load();
});
// The cross inside a search field empties it.
byId('query').addEventListener('search', () => {
  if (byId('query').value === '' && query !== '') {
    query = '';
    load();
  }
});
byId('more').addEventListener('click', () => busy(byId('more'), more));
