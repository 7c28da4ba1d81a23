// The directory: filter, search, rows page by page, CSV.

import { address, get } from './api.js';
import { announce, busy, byId, el, fill, matchState, nameOf, noticeError, userStatus } from './dom.js';
import { plural, t } from './texts.js';

/** Filters on offer; names are those of the engine's views. A search stays within the filter. */
const VIEWS = ['all', 'matched', 'ambiguous', 'okta_only', 'jira_only', 'deactivated', 'absent'];
const ROWS_A_PAGE = 50;

let view = 'all';
let query = '';
let next = null;
let asked = 0;

export async function show() {
  fill(
    byId('views'),
    VIEWS.map((name) =>
      el('button', { type: 'button', class: 'aui-button', 'aria-pressed': String(name === view), 'data-view': name, onclick: () => choose(name) }, t(`view.${name}`)),
    ),
  );
  await load();
}

function choose(name) {
  view = name;
  for (const button of byId('views').children) {
    button.setAttribute('aria-pressed', String(button.dataset.view === view));
  }
  load();
}

/** The first page anew. An answer that comes after a newer question is dropped. */
async function load() {
  asked += 1;
  const mine = asked;
  byId('csv').href = address('api/directory.csv', { view });
  byId('rows').setAttribute('aria-busy', 'true');
  try {
    const answer = await page('');
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

function page(after) {
  return get('api/directory', { view, q: query, field: query ? byId('field').value : '', after, limit: ROWS_A_PAGE });
}

function append(answer) {
  const body = byId('rows').tBodies[0];
  body.append(...answer.rows.map(row));
  next = answer.next || null;
  const empty = body.rows.length === 0;
  byId('rows').hidden = empty;
  byId('rows-empty').hidden = !empty;
  byId('rows-empty').textContent = t(query ? 'directory.nobody' : 'directory.empty');
  byId('more').hidden = next === null;
  announce(plural(next === null ? 'directory.shown' : 'directory.shown-more', body.rows.length));
}

function row({ okta, jira, state, rule }) {
  return el(
    'tr',
    { 'data-okta-id': okta?.id, 'data-jira-key': jira?.key },
    okta
      ? el('td', {}, el('a', { href: `#/directory/${encodeURIComponent(okta.id)}` }, nameOf(okta)), el('div', { class: 'okp-subtle' }, okta.login || ''))
      : el('td', { class: 'okp-subtle' }, t('directory.no-okta')),
    el('td', {}, okta ? userStatus(okta.status) : ''),
    jira
      ? el('td', {}, jira.displayName || jira.username, el('div', { class: 'okp-subtle' }, jira.username))
      : el('td', { class: 'okp-subtle' }, t('directory.no-jira')),
    el('td', {}, matchState(state), rule ? el('div', { class: 'okp-subtle' }, rule.replace(/\s*=\s*/, ' = ')) : null),
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
